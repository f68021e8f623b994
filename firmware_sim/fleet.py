"""The fleet on real sockets: every bracelet its own TCP connection, all in one process and one loop."""

from __future__ import annotations

import asyncio
import contextlib
import heapq
import math
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from firmware_sim.firmware.bracelet import Bracelet, Link, Timing
from firmware_sim.sensors import Sensors
from firmware_sim.story import covered, next_cover_change

if TYPE_CHECKING:
    from firmware_sim.clock import ScaledClock
    from firmware_sim.schedule import Schedule, Story

FIRST_BACKOFF, LONGEST_BACKOFF = 5.0, 300.0
"""Simulated seconds between attempts to connect; doubled each time, jittered to 50-100 %."""
LEAST_BACKOFF_WALL = 0.02
LEAST_ANSWER_WALL = 2.0
"""Wall seconds the platform has for an answer however fast the clock runs: the network is not sped up with it."""
CONNECT_WALL = 5.0
DRAIN_WALL = 15.0
"""Wall seconds in which what is stored must be acknowledged after the end."""
SHORTEST_SLEEP, LONGEST_SLEEP = 0.002, 0.05


@dataclass(frozen=True, slots=True)
class Address:
    """The platform's TCP port."""

    host: str
    port: int


class Terminal(asyncio.Protocol):
    """One bracelet and its connection: the shell round the sans-I/O firmware."""

    def __init__(self, fleet: Fleet, index: int) -> None:
        story = fleet.story
        self.schedule: Schedule = story.schedules[index]
        patience = max(Timing().answer_timeout, LEAST_ANSWER_WALL * fleet.clock.speed)
        self.bracelet = Bracelet(self.schedule.identity, Sensors(story, index), Timing(answer_timeout=patience))
        self.agreed_due = math.inf
        self._fleet = fleet
        self._draw = np.random.default_rng([story.seed, 3, index])
        self._transport: asyncio.Transport | None = None
        self._attempt: asyncio.Task[None] | None = None
        self._next_attempt = story.epoch
        self._backoff = FIRST_BACKOFF
        self._now = -math.inf

    def due(self) -> float:
        """Simulated moment at which ``tick`` has something to do."""
        attempt = math.inf if self._transport or self._attempt else self._next_attempt
        if not covered(self.schedule, self._now):
            attempt = math.inf
        return min(self.bracelet.due(), next_cover_change(self.schedule, self._now), attempt)

    def tick(self, now: float) -> None:
        """Do what is due: coverage, connecting, reports."""
        self._now = now
        if not covered(self.schedule, now):
            self._next_attempt = now
            if self._transport:
                self._transport.abort()
        elif not self._transport and not self._attempt and self._next_attempt <= now:
            self._attempt = asyncio.get_running_loop().create_task(self._connect())
        self._write(self.bracelet.tick(now))

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Log in."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101  a TCP connection has no other transport
        self._transport = transport
        self._write(self.bracelet.connected(self._fleet.now()))
        self._fleet.reschedule(self)

    def data_received(self, data: bytes) -> None:
        """Hand the platform's bytes to the firmware and send what it answers."""
        self._write(self.bracelet.receive(data, self._fleet.now()))
        if self.bracelet.link is Link.ONLINE:
            self._backoff = FIRST_BACKOFF
        self._fleet.reschedule(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """Come back later."""
        del exc
        self._transport = None
        self.bracelet.disconnected()
        self._wait()

    def leave(self) -> None:
        """Log out and close."""
        self._write(self.bracelet.log_out(self._fleet.now()))
        if self._attempt:
            self._attempt.cancel()
        if self._transport:
            self._transport.close()

    def _write(self, frames: list[bytes]) -> None:
        if not self._transport or self._transport.is_closing():
            return  # what was not written counts as unanswered: it goes again after the next login
        self._transport.write(b"".join(frames))
        if self.bracelet.wants_close:
            self._transport.close()

    async def _connect(self) -> None:
        loop, address = asyncio.get_running_loop(), self._fleet.address
        try:
            async with asyncio.timeout(CONNECT_WALL):
                await loop.create_connection(lambda: self, address.host, address.port)
        except OSError:  # refused, unreachable, timed out: TimeoutError is one of them
            self._wait()
        finally:
            self._attempt = None
            self._fleet.reschedule(self)

    def _wait(self) -> None:
        least = LEAST_BACKOFF_WALL * self._fleet.clock.speed
        self._next_attempt = self._fleet.now() + max(self._backoff * float(self._draw.uniform(0.5, 1.0)), least)
        self._backoff = min(self._backoff * 2.0, LONGEST_BACKOFF)
        self._fleet.reschedule(self)


class Fleet:
    """All bracelets of a story against one platform, on a shared scaled clock."""

    def __init__(self, story: Story, address: Address, clock: ScaledClock) -> None:
        self.story = story
        self.address = address
        self.clock = clock
        self.terminals = [Terminal(self, index) for index in range(len(story.schedules))]
        self._agenda: list[tuple[float, int]] = []
        self._index = {terminal: index for index, terminal in enumerate(self.terminals)}

    def now(self) -> float:
        """The simulated moment."""
        return self.clock.at(time.time())

    def reschedule(self, terminal: Terminal) -> None:
        """Note that a terminal's next moment may have come nearer."""
        due = terminal.due()
        if due < terminal.agreed_due:
            terminal.agreed_due = due
            heapq.heappush(self._agenda, (due, self._index[terminal]))

    @property
    def stored(self) -> int:
        """Reports not yet acknowledged."""
        return sum(len(terminal.bracelet.store) for terminal in self.terminals)

    async def run(self, stop: asyncio.Event, linger: float = 0.0) -> None:
        """Live through the story until its end or ``stop``; then deliver what is stored, log out and close.

        After a story's end the bracelets stay connected for ``linger`` wall seconds, with heartbeats alone.
        """
        for terminal in self.terminals:
            self.reschedule(terminal)
        while self.now() < self.story.until and not stop.is_set():
            await self._turn()
        for terminal in self.terminals:
            terminal.tick(min(self.now(), self.story.until))
            terminal.bracelet.retire()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(DRAIN_WALL):
                while self._deliverable():
                    await self._turn()
        if not stop.is_set():
            await self._linger(stop, time.monotonic() + linger)
        await self._close()

    async def _linger(self, stop: asyncio.Event, until: float) -> None:
        while time.monotonic() < until and not stop.is_set():
            await self._turn()

    def _deliverable(self) -> bool:
        """Whether a bracelet with coverage still holds reports."""
        now = self.now()
        return any(len(each.bracelet.store) and covered(each.schedule, now) for each in self.terminals)

    async def _turn(self) -> None:
        """Tick every terminal that is due, then rest until the next one is."""
        now = self.now()
        while self._agenda and self._agenda[0][0] <= now:
            due, index = heapq.heappop(self._agenda)
            terminal = self.terminals[index]
            if due == terminal.agreed_due:
                terminal.agreed_due = math.inf
                terminal.tick(now)
                self.reschedule(terminal)
        ahead = self.clock.wall_seconds(self._agenda[0][0] - self.now()) if self._agenda else LONGEST_SLEEP
        await asyncio.sleep(min(max(ahead, SHORTEST_SLEEP), LONGEST_SLEEP))

    async def _close(self) -> None:
        for terminal in self.terminals:
            terminal.leave()
        await asyncio.sleep(LONGEST_SLEEP)


def statistics(fleet: Fleet) -> dict[str, object]:
    """What the bracelets count: per device and in total, all in reports except ``connects`` and ``refused``."""
    devices = {terminal.schedule.device: _counts(terminal.bracelet) for terminal in fleet.terminals}
    names = ("made", "sent", "acknowledged", "stored", "overflowed", "connects", "refused")
    totals = {name: sum(counts[name] for counts in devices.values()) for name in names}
    return {"story": fleet.story.name, "seed": fleet.story.seed, "totals": totals, "devices": devices}


def _counts(bracelet: Bracelet) -> dict[str, int]:
    return {
        "made": bracelet.store.made,
        "sent": bracelet.sent,
        "acknowledged": bracelet.acknowledged,
        "stored": len(bracelet.store),
        "overflowed": bracelet.store.overflowed,
        "connects": bracelet.connects,
        "refused": bracelet.refused,
    }
