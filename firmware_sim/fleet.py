"""The fleet on real links: every bracelet its own line, all in one process and one loop."""

from __future__ import annotations

import asyncio
import contextlib
import heapq
import math
import time
from functools import partial
from typing import TYPE_CHECKING

from firmware_sim.clock import Attention
from firmware_sim.firmware.families import FAMILIES
from firmware_sim.links import LINES, Address, SerialLine
from firmware_sim.links.terminal import Terminal
from firmware_sim.network import BadLine, Reach

if TYPE_CHECKING:
    from collections.abc import Mapping

    from firmware_sim.clock import Clock
    from firmware_sim.firmware.device import Firmware
    from firmware_sim.links import Line, LineEnd
    from firmware_sim.network import Network
    from firmware_sim.schedule import Story

__all__ = ["Address", "Fleet", "Terminal", "statistics"]
DRAIN_WALL = 15.0
"""Wall seconds in which what is stored must be acknowledged after the end, while this process is let run."""
LONGEST_SLEEP = 0.05
CLOSING_TURNS = 40
"""Long sleeps in which the lines must be closed after it."""


class Fleet:
    """All bracelets of a story against one platform, on a clock that the platform shares.

    Args:
        story: who wears what.
        address: where the platform listens.
        clock: how the time goes.
        others: where it listens for a (protocol, link) that has an address of its own.
        network: what is between; None: nothing.
    """

    def __init__(
        self,
        story: Story,
        address: Address,
        clock: Clock,
        *,
        others: Mapping[tuple[str, str], Address] | None = None,
        network: Network | None = None,
    ) -> None:
        self.story = story
        self.address = address
        self.clock = clock
        self._others = others or {}
        self._network = network
        self.terminals = [Terminal(self, index) for index in range(len(story.schedules))]
        self._agenda: list[tuple[float, int]] = []
        self._index = {terminal: index for index, terminal in enumerate(self.terminals)}
        self._limits: dict[Terminal, float] = {}
        """How far those who wait for the platform let the clock go."""
        self._news = asyncio.Event()

    def now(self) -> float:
        """The simulated moment."""
        return self.clock.now()

    def line_of(self, index: int, end: LineEnd) -> Line:
        """The line of the bracelet at an index, through the bad network if there is one."""
        schedule = self.story.schedules[index]
        family, link = FAMILIES[schedule.equipment.family], schedule.equipment.link
        address = self._others.get((family.protocol, link), self.address)
        make = partial(LINES[link], schedule.device, address)
        if self._network is None:
            return make(end)
        return BadLine(end, make, self._network, index, self.now, lambda: self.reschedule(self.terminals[index]))

    def reach_of(self, index: int) -> Reach:
        """When that bracelet has a network, as far as the network decides."""
        device = self.story.schedules[index].device
        return Reach(()) if self._network is None else self._network.reach(index, device)

    def serial_paths(self) -> dict[str, str]:
        """The terminal to open for each bracelet on a serial line, by device."""
        lines = [_real(terminal.line) for terminal in self.terminals]
        return {line.device: line.path for line in lines if isinstance(line, SerialLine)}

    def reschedule(self, terminal: Terminal) -> None:
        """Note that a terminal's next moment may have come nearer, and how far it lets the clock go."""
        due, limit = terminal.due(), terminal.limit()
        if limit < math.inf:
            self._limits[terminal] = limit
        else:
            self._limits.pop(terminal, None)
        self._news.set()
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
            await self._turn(self.story.until)
        for terminal in self.terminals:
            terminal.tick(min(self.now(), self.story.until))
            terminal.bracelet.retire()
            terminal.tick(min(self.now(), self.story.until))  # what waited for a live report waits for none now
        await self._drain()
        self.clock.tell_over()
        if not stop.is_set():
            await self._linger(stop, time.monotonic() + linger)
        await self._close()

    async def _drain(self) -> None:
        """Let what is stored be acknowledged; those that cannot be reached within the time keep it."""
        attention, spent = Attention(), 0.0
        while self._deliverable() and spent < DRAIN_WALL:
            await self._turn()
            spent += attention.since_last(time.monotonic())

    async def _linger(self, stop: asyncio.Event, until: float) -> None:
        """A clock that waits stands still meanwhile: nothing more is to happen."""
        while time.monotonic() < until and not stop.is_set():
            await self._turn(self.now())

    def _deliverable(self) -> bool:
        """Whether a bracelet with coverage still holds reports."""
        now = self.now()
        return any(len(each.bracelet.store) and each.is_covered(now) for each in self.terminals)

    async def _turn(self, most: float = math.inf) -> None:
        """Tick every terminal that is due, rest until the next one is, and let the clock go on, to ``most`` at most."""
        now = self.now()
        while self._agenda and self._agenda[0][0] <= now:
            due, index = heapq.heappop(self._agenda)
            terminal = self.terminals[index]
            if due == terminal.agreed_due:
                terminal.agreed_due = float("inf")
                terminal.tick(now)
                self.reschedule(terminal)
        due = self._agenda[0][0] if self._agenda else math.inf
        await self._rest(self.clock.pause(due, min(most, self._limit())))
        wall = time.monotonic()
        if self.clock.move(wall, min(due, most), self._limit()):
            for terminal in [one for one, limit in self._limits.items() if limit <= self.now()]:
                terminal.knock(wall)

    def _limit(self) -> float:
        """How far the work that the platform has still to do lets the clock go."""
        return min(self._limits.values(), default=math.inf)

    async def _rest(self, seconds: float) -> None:
        """So many wall seconds at most, or until something comes from outside; others have their turn in any case."""
        self._news.clear()
        await asyncio.sleep(0)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(min(seconds, LONGEST_SLEEP)):
                await self._news.wait()

    async def _close(self) -> None:
        for terminal in self.terminals:
            terminal.leave()
        for _ in range(CLOSING_TURNS):
            await asyncio.sleep(LONGEST_SLEEP)
            if not any(terminal.is_connected for terminal in self.terminals):
                break
        for terminal in self.terminals:
            terminal.line.release()


def _real(line: Line) -> Line:
    return line.inner if isinstance(line, BadLine) else line


def statistics(fleet: Fleet) -> dict[str, object]:
    """What the bracelets count: per device and in total, all in reports except ``connects`` and ``refused``."""
    devices = {terminal.schedule.device: _counts(terminal.bracelet) for terminal in fleet.terminals}
    names = ("made", "sent", "acknowledged", "stored", "overflowed", "lost", "connects", "refused")
    totals = {name: sum(counts[name] for counts in devices.values()) for name in names}
    return {"story": fleet.story.name, "seed": fleet.story.seed, "totals": totals, "devices": devices}


def _counts(bracelet: Firmware) -> dict[str, int]:
    return {
        "made": bracelet.store.made,
        "sent": bracelet.sent,
        "acknowledged": bracelet.acknowledged,
        "stored": len(bracelet.store),
        "overflowed": bracelet.store.overflowed,
        "lost": bracelet.store.lost,
        "connects": bracelet.connects,
        "refused": bracelet.refused,
    }
