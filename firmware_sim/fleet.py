"""The fleet on real links: every bracelet its own line, all in one process and one loop."""

from __future__ import annotations

import asyncio
import contextlib
import heapq
import time
from functools import partial
from typing import TYPE_CHECKING

from firmware_sim.firmware.families import FAMILIES
from firmware_sim.links import LINES, Address, SerialLine
from firmware_sim.links.terminal import Terminal
from firmware_sim.network import BadLine, Reach

if TYPE_CHECKING:
    from collections.abc import Mapping

    from firmware_sim.clock import ScaledClock
    from firmware_sim.firmware.device import Firmware
    from firmware_sim.links import Line, LineEnd
    from firmware_sim.network import Network
    from firmware_sim.schedule import Story

__all__ = ["Address", "Fleet", "Terminal", "statistics"]
DRAIN_WALL = 15.0
"""Wall seconds in which what is stored must be acknowledged after the end."""
SHORTEST_SLEEP, LONGEST_SLEEP = 0.002, 0.05
CLOSING_TURNS = 40
"""Long sleeps in which the lines must be closed after it."""


class Fleet:
    """All bracelets of a story against one platform, on a shared scaled clock.

    Args:
        story: who wears what.
        address: where the platform listens.
        clock: how fast the time goes.
        others: where it listens for a (protocol, link) that has an address of its own.
        network: what is between; None: nothing.
    """

    def __init__(
        self,
        story: Story,
        address: Address,
        clock: ScaledClock,
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

    def now(self) -> float:
        """The simulated moment."""
        return self.clock.at(time.time())

    def line_of(self, index: int, end: LineEnd) -> Line:
        """The line of the bracelet at an index, through the bad network if there is one."""
        schedule = self.story.schedules[index]
        family, link = FAMILIES[schedule.equipment.family], schedule.equipment.link
        address = self._others.get((family.protocol, link), self.address)
        make = partial(LINES[link], schedule.device, address)
        if self._network is None:
            return make(end)
        return BadLine(end, make, self._network, index, self.clock, self.now)

    def reach_of(self, index: int) -> Reach:
        """When that bracelet has a network, as far as the network decides."""
        device = self.story.schedules[index].device
        return Reach(()) if self._network is None else self._network.reach(index, device)

    def serial_paths(self) -> dict[str, str]:
        """The terminal to open for each bracelet on a serial line, by device."""
        lines = [_real(terminal.line) for terminal in self.terminals]
        return {line.device: line.path for line in lines if isinstance(line, SerialLine)}

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
        return any(len(each.bracelet.store) and each.is_covered(now) for each in self.terminals)

    async def _turn(self) -> None:
        """Tick every terminal that is due, then rest until the next one is."""
        now = self.now()
        while self._agenda and self._agenda[0][0] <= now:
            due, index = heapq.heappop(self._agenda)
            terminal = self.terminals[index]
            if due == terminal.agreed_due:
                terminal.agreed_due = float("inf")
                terminal.tick(now)
                self.reschedule(terminal)
        ahead = self.clock.wall_seconds(self._agenda[0][0] - self.now()) if self._agenda else LONGEST_SLEEP
        await asyncio.sleep(min(max(ahead, SHORTEST_SLEEP), LONGEST_SLEEP))

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
