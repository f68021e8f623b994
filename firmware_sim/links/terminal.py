"""One bracelet and its line: the shell round the sans-I/O firmware. It connects, comes back, and gives up in time.

It also says how far a clock that waits for the work may go before the platform has done its part (``limit``).
"""

from __future__ import annotations

import asyncio
import math
from typing import TYPE_CHECKING, Protocol

import numpy as np

from firmware_sim.clock import LAG
from firmware_sim.firmware.device import Link
from firmware_sim.firmware.families import make_firmware
from firmware_sim.links.backoff import Backoff
from firmware_sim.network.reach import Reach
from firmware_sim.sensors import Sensors

if TYPE_CHECKING:
    from firmware_sim.clock import Clock
    from firmware_sim.links.line import Line, LineEnd
    from firmware_sim.schedule import Schedule, Story

CONNECT_WALL = 30.0
"""Wall seconds for an attempt to connect."""
OUTAGE = 600.0
"""Simulated seconds that a platform may be away before a clock which waits stands still for it."""
KNOCK_WALL = 0.1
"""Wall seconds between two attempts to connect while that clock stands: no pause of its own would end."""


class Surroundings(Protocol):
    """What a terminal needs of its fleet."""

    story: Story
    clock: Clock

    def now(self) -> float:
        """The simulated moment."""
        ...

    def line_of(self, index: int, end: LineEnd) -> Line:
        """The line of the bracelet at an index."""
        ...

    def reach_of(self, index: int) -> Reach:
        """When that bracelet has a network."""
        ...

    def reschedule(self, terminal: Terminal) -> None:
        """A terminal's next moment may have come nearer."""
        ...


class Terminal:
    """Implements :class:`firmware_sim.links.line.LineEnd`. Moments are simulated UTC epoch seconds.

    Attributes:
        schedule: the bracelet's life.
        bracelet: its firmware.
        line: its way to the platform.
        agreed_due: the moment the fleet has noted for it.
    """

    def __init__(self, fleet: Surroundings, index: int) -> None:
        story = fleet.story
        self.schedule: Schedule = story.schedules[index]
        equipment, patience = self.schedule.equipment, fleet.clock.least_answer
        self.bracelet = make_firmware(
            equipment.family, self.schedule.identity, Sensors(story, index), quirks=equipment.quirks, patience=patience
        )
        self.line = fleet.line_of(index, self)
        self.agreed_due = math.inf
        self._fleet = fleet
        self._reach = Reach((*self.schedule.silent, *fleet.reach_of(index).without))
        self._backoff = Backoff(np.random.default_rng([story.seed, 3, index]))
        self._attempt: asyncio.Task[None] | None = None
        self._next_attempt = story.epoch
        self._away_since = self._knocked = -math.inf
        self._lost = 0
        self._is_up = False
        self._now = -math.inf

    @property
    def is_connected(self) -> bool:
        """Whether the line is up, or being closed."""
        return self._is_up

    def is_covered(self, now: float) -> bool:
        """Whether there is a network."""
        return self._reach.is_covered(now)

    def due(self) -> float:
        """Moment at which ``tick`` has something to do."""
        is_idle = not self._is_up and not self._attempt and self._reach.is_covered(self._now)
        attempt = self._next_attempt if is_idle else math.inf
        return min(self.bracelet.due(), self._reach.next_change(self._now), attempt, self.line.due())

    def limit(self) -> float:
        """Moment beyond which the clock should not go before the platform has let the bracelet in, or answered it.

        ``inf`` where nobody waits: without a network, or while something is on a network that delays or loses.
        """
        if not self._reach.is_covered(self._now):
            return math.inf
        if not self._is_up:
            return self._away_since + OUTAGE
        since = self.bracelet.unanswered_since()
        if since == math.inf:
            self._lost = self.line.lost
        is_on_its_way = self.line.due() < math.inf or self.line.lost > self._lost
        return math.inf if is_on_its_way else since + LAG

    def knock(self, wall: float) -> None:
        """The clock stands: if it is for want of this connection, try again now. ``wall``: monotonic seconds."""
        if self._is_up or self._attempt or wall - self._knocked < KNOCK_WALL:
            return
        self._knocked = wall
        self._attempt = asyncio.get_running_loop().create_task(self._connect())

    def tick(self, now: float) -> None:
        """Do what is due: coverage, connecting, reports."""
        self._now = now
        if self.line.due() <= now:
            self.line.tick(now)
        if not self._reach.is_covered(now):
            self._next_attempt = self._away_since = now
            if self._is_up:
                self.line.abort()
        elif not self._is_up and not self._attempt and self._next_attempt <= now:
            self._attempt = asyncio.get_running_loop().create_task(self._connect())
        self._write(self.bracelet.tick(now))

    def line_up(self) -> None:
        """Log in."""
        self._is_up = True
        self._write(self.bracelet.connected(self._fleet.now()))
        self._fleet.reschedule(self)

    def line_data(self, data: bytes) -> None:
        """Hand the platform's bytes to the firmware and send what it answers."""
        self._write(self.bracelet.receive(data, self._fleet.now()))
        if self.bracelet.link is Link.ONLINE:
            self._backoff.reset()
        self._fleet.reschedule(self)

    def line_down(self) -> None:
        """Come back later."""
        self._is_up = False
        self._away_since = self._fleet.now()
        self.bracelet.disconnected()
        self._wait()

    def leave(self) -> None:
        """Log out and close."""
        self._write(self.bracelet.log_out(self._fleet.now()))
        if self._attempt:
            self._attempt.cancel()
        if self._is_up:
            self.line.close()

    def _write(self, frames: list[bytes]) -> None:
        if not self.line.is_open:
            return  # what was not written counts as unanswered: it goes again after the next login
        self.line.write(frames)
        if self.bracelet.wants_close:
            self.line.close()

    async def _connect(self) -> None:
        try:
            async with asyncio.timeout(CONNECT_WALL):
                await self.line.open()
        except OSError:  # refused, unreachable, timed out: TimeoutError is one of them
            self._wait()
        finally:
            self._attempt = None
            self._fleet.reschedule(self)

    def _wait(self) -> None:
        self._next_attempt = self._fleet.now() + max(self._backoff.next_wait(), self._fleet.clock.least_backoff)
        self._fleet.reschedule(self)
