"""The bracelet's memory of reports that the platform has not acknowledged, and the order in which they go out."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

import numpy as np

from firmware_sim.firmware.uploads import POLICIES, Upload

if TYPE_CHECKING:
    from collections.abc import Iterable

BATCH = 15
"""Reports in one 0704, as far as they fit into one frame."""
FRAME_ROOM = 1023 - 3
"""Bytes for the records of a 0704: the longest body without its count and kind."""
RECORD_HEAD = 2
"""Bytes of a record's length."""


class ReportStore:
    """Bounded, in the order of making. Full, it loses the oldest report and counts it in ``overflowed``.

    The bound is that of the flash. A live report waits for its answer in RAM, and goes into flash when the link is
    gone: so what is stored is not lost to what is made while it is sent.

    A report's number counts from 1 over the bracelet's life. ``lost`` counts what never reached its flash.
    """

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._bodies: dict[int, bytes] = {}
        self._live: set[int] = set()
        self.made = 0
        self.overflowed = 0
        self.lost = 0

    def __len__(self) -> int:
        return len(self._bodies)

    def __contains__(self, number: int) -> bool:
        return number in self._bodies

    def __getitem__(self, number: int) -> bytes:
        return self._bodies[number]

    def numbers(self) -> list[int]:
        """Numbers of what is stored, oldest first."""
        return list(self._bodies)

    def is_live(self, number: int) -> bool:
        """Whether a report was made on the link that stands."""
        return number in self._live

    def live(self) -> list[int]:
        """Numbers of what was made on the link that stands and is not acknowledged."""
        return sorted(self._live)

    def add(self, body: bytes, *, live: bool = False) -> int:
        """Store a report, or keep a live one until it is acknowledged; returns its number."""
        self.made += 1
        self._bodies[self.made] = body
        if live:
            self._live.add(self.made)
        self._bound()
        return self.made

    def store_live(self) -> None:
        """The link is gone: what was live is stored."""
        self._live.clear()
        self._bound()

    def forget(self, numbers: Iterable[int]) -> int:
        """Remove acknowledged reports; returns how many were still there."""
        numbers = set(numbers)
        self._live -= numbers
        return sum(self._bodies.pop(number, None) is not None for number in numbers)

    def _bound(self) -> None:
        """What is live is newer than all that is stored."""
        while len(self._bodies) - len(self._live) > self._capacity:
            del self._bodies[next(iter(self._bodies))]
            self.overflowed += 1

    def lose(self, numbers: Iterable[int]) -> None:
        """Reports that were in RAM when the bracelet restarted."""
        self.lost += self.forget(numbers)


class SendQueue:
    """What is still to be sent on this connection: the backlog of before its login, and live reports.

    Args:
        store: where the reports are.
        batch: how many of the backlog go out at a time.
        upload: in which order.
        seed: of what is drawn.
    """

    def __init__(
        self, store: ReportStore, batch: int = BATCH, upload: Upload = Upload.BACKLOG_FIRST, seed: Iterable[int] = ()
    ) -> None:
        self.batch = batch
        self._policy = POLICIES[upload]
        self._draw = np.random.default_rng([*seed])
        self._store = store
        self._backlog: deque[int] = deque()
        self._live: deque[int] = deque()
        self._is_held = False

    def __len__(self) -> int:
        return len(self._live) + (0 if self._is_held else len(self._backlog))

    @property
    def overtakes(self) -> bool:
        """Whether what is next does not wait for the backlog that is under way."""
        return self._policy.is_live_first and bool(self._live)

    def restart(self) -> None:
        """A login succeeded: everything stored is to be sent, and counts as backlog."""
        stored = np.array(self._store.numbers(), np.int64)
        self._backlog = deque(self._policy.order(stored, self._draw).tolist())
        self._live.clear()
        self._is_held = self._policy.is_live_first

    def clear(self) -> None:
        """The connection is gone."""
        self._backlog.clear()
        self._live.clear()

    def append(self, number: int) -> None:
        """A live report. The backlog may follow it."""
        self._live.append(number)
        self.release()

    def release(self) -> None:
        """The backlog waits for no live report: one is there, or none will be made."""
        self._is_held = False

    def pop(self) -> tuple[int, ...]:
        """Numbers of the next live report, or of the next batch of backlog; those lost meanwhile are passed over."""
        if self._live and (self._policy.is_live_first or not self._backlog):
            number = self._live.popleft()
            return (number,) if number in self._store else ()
        room = FRAME_ROOM
        taken: list[int] = []
        while self._backlog and len(taken) < self.batch:
            if self._backlog[0] in self._store:
                room -= RECORD_HEAD + len(self._store[self._backlog[0]])
                if room < 0 and taken:
                    break
                taken.append(self._backlog[0])
            self._backlog.popleft()
        return tuple(taken)
