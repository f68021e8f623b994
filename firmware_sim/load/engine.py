"""The load on real sockets: the connections are opened over the ramp, then one loop sends whatever is due."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

from firmware_sim.load import machine
from firmware_sim.load.connection import Line
from firmware_sim.load.frames import body_at, stamp_of, template_of
from firmware_sim.load.homes import home_of
from firmware_sim.load.options import phone_of
from firmware_sim.load.plan import OpenLoop, Plan
from firmware_sim.load.result import Result, failures, spread
from firmware_sim.load.tally import Tally
from firmware_sim.load.terminal import Phase, Terminal
from firmware_sim.world import to_degrees

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from firmware_sim.load.options import Options

CONNECTORS = 64
"""Connections that are being opened at once at most."""
SHORTEST_SLEEP = 0.001
"""Seconds; the loop's timers are no finer."""
POLL = 0.05
"""Seconds between looks whether all logins or answers are there."""
_UNDECIDED = (Phase.REGISTERING, Phase.AUTHENTICATING)


class Load:
    """One load's terminals, their connections and its plan.

    Raises:
        LoadFault: the host is not this machine, or it has not enough ports.
    """

    def __init__(self, options: Options) -> None:
        self._options = options
        self._address = machine.loopback(options.host)
        self._sources = machine.sources(self._address, options.connections)
        self._tally = Tally()
        self._terminals = [_terminal(options, number, self._tally) for number in range(options.connections)]
        self._lines = [Line(terminal) for terminal in self._terminals]
        self._logged_in = 0
        self._plan = Plan(0.0, options.rate, 0)
        self._cpu_share = 0.0

    async def work(self) -> None:
        """All of it, from the first connection to the last answer."""
        await self._connect_all()
        await self._until(lambda: not any(each.phase in _UNDECIDED for each in self._terminals))
        await self._send_all()
        await self._until(lambda: not self._tally.unanswered)

    def close(self) -> None:
        """Close what is open."""
        for line in self._lines:
            line.close()

    def result(self, *, stopped: bool) -> Result:
        """The figures so far; with ``stopped`` only what was planned until now counts as planned."""
        plan, tally, now = self._plan, self._tally, time.perf_counter()
        seconds = max(min(now, plan.until), tally.last_answer) - plan.start
        return Result(
            connections=self._options.connections,
            logged_in=self._logged_in,
            failures=failures(self._terminals),
            seconds=seconds,
            planned=plan.due(now) if stopped else plan.count,
            sent=tally.sent,
            late=tally.late,
            acknowledged=tally.latency.count,
            refused=tally.refused,
            lost=tally.unanswered,
            unexpected=tally.unexpected,
            throughput=tally.latency.count / seconds if seconds else 0.0,
            latency_ms=spread(tally.latency),
            lag_ms=spread(tally.lag),
            cpu_share=self._cpu_share,
            stopped=stopped,
        )

    async def _connect_all(self) -> None:
        """A few tasks take the numbers in turn, each at its moment of the ramp."""
        began, numbers = time.perf_counter(), iter(range(len(self._lines)))
        async with asyncio.TaskGroup() as group:
            for _ in range(min(CONNECTORS, len(self._lines))):
                group.create_task(self._connect(numbers, began))

    async def _connect(self, numbers: Iterator[int], began: float) -> None:
        for number in numbers:
            moment = began + self._options.ramp * number / len(self._lines)
            await asyncio.sleep(max(moment - time.perf_counter(), 0.0))
            source = self._sources[number % len(self._sources)]
            await self._lines[number].open(self._address, self._options.port, source)

    async def _send_all(self) -> None:
        """Send over the connections that are logged in; without any there is nothing to plan."""
        online = [number for number, each in enumerate(self._terminals) if each.phase is Phase.ONLINE]
        self._logged_in = len(online)
        count = max(round(self._options.rate * self._options.seconds), 1) if online else 0
        self._plan = Plan(time.perf_counter(), self._options.rate, count)
        open_loop = OpenLoop(self._plan, [self._terminals[number] for number in online], self._tally)
        used = time.process_time()
        try:
            await _drive(open_loop, [self._lines[number] for number in online])
        finally:
            self._cpu_share = (time.process_time() - used) / max(time.perf_counter() - self._plan.start, SHORTEST_SLEEP)

    async def _until(self, holds: Callable[[], bool]) -> None:
        """Wait until something holds, but no longer than the options' patience."""
        until = time.perf_counter() + self._options.patience
        while time.perf_counter() < until:
            if holds():
                return
            await asyncio.sleep(POLL)


def _terminal(options: Options, number: int, tally: Tally) -> Terminal:
    phone, edition, home = phone_of(options.first, number), options.edition(number), home_of(number)
    template = template_of(phone, edition, body_at(*to_degrees(home.x, home.y)))
    return Terminal(phone, edition, template, tally)


async def _drive(open_loop: OpenLoop, lines: list[Line]) -> None:
    """Write each frame when it is due, until the last."""
    while (moment := open_loop.next_moment) is not None:
        await asyncio.sleep(max(moment - time.perf_counter(), SHORTEST_SLEEP))
        for which, frame in open_loop.send_due(time.perf_counter(), stamp_of(int(time.time()))):
            lines[which].write(frame)
