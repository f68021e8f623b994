"""Seats: what holds of connections, a row each, so that a whole turn touches no object but the sockets'.

A connection that is *settled* (:func:`gateway.intake.turns.settled`) has all in its row that reading its next plain
frames takes. A row goes to another connection once its own has ended.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from gateway.journal.entries import NO_ORIGIN

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gateway.intake.turns import Settled
    from gateway.journal.entries import Origin
    from protocols.turns import Turning

NOBODY = 0
"""The row of whoever has none; nothing is ever settled there."""
UNSEEN, RESTLESS = -2, -1
"""Instead of the number of a family: it has not been looked at since its session read something; it is not settled."""
_FIRST = 64

GRANT = np.dtype([("start", "<f8"), ("until", "<f8"), ("ahead", "<f8")])
"""Since when and until when somebody wears the device lawfully, and how far its clock is ahead; seconds."""


class Seats:
    """Rows of connections.

    Attributes:
        family: int64 (n,), number in ``families``; or ``UNSEEN``, ``RESTLESS``.
        grant: ``GRANT`` (n,).
        clock: int64 (n,), row of its device's clock (:class:`gateway.intake.device_clock.Clocks`).
        is_held: bool (n, 2), whether memory has what its frames show of facts, and of the clock.
        is_waiting: bool (n,), whether something of it may be due by time alone: of its session, a login, its end.
        heard: float64 (n,), when something was read of it last, and ``paid`` when all that it has sent would be paid
            for (:class:`gateway.listeners.rate.Rate`); monotonic seconds.
        frames: int64 (n,), how many were read of it in turns.
        origins: of its frames; ``facts``: the family's own part of what decoding needs to know.
        families: those that read turns, and ``records`` the ``seat_record`` of each connection by family.
    """

    def __init__(self) -> None:
        self.family = np.full(_FIRST, UNSEEN, np.int64)
        self.grant = np.zeros(_FIRST, GRANT)
        self.clock = np.zeros(_FIRST, np.int64)
        self.is_held = np.zeros((_FIRST, 2), np.bool_)
        self.is_waiting = np.ones(_FIRST, np.bool_)
        self.heard, self.paid = np.zeros(_FIRST), np.zeros(_FIRST)
        self.frames = np.zeros(_FIRST, np.int64)
        self.origins: list[Origin] = [NO_ORIGIN] * _FIRST
        self.facts = [""] * _FIRST
        self.families: list[Turning] = []
        self.records: list[NDArray[np.void]] = []
        self.family[NOBODY] = RESTLESS
        self._free = list(range(_FIRST - 1, NOBODY, -1))

    def take(self, now: float) -> int:
        """A row for a connection that begins; monotonic seconds."""
        if not self._free:
            self._grow()
        row = self._free.pop()
        self.family[row], self.heard[row], self.paid[row], self.frames[row] = UNSEEN, now, 0.0, 0
        self.is_waiting[row] = True
        return row

    def drop(self, row: int) -> None:
        """A connection has ended."""
        if row != NOBODY:
            self.unsettle(row)
            self.origins[row] = NO_ORIGIN
            self._free.append(row)

    def unsettle(self, row: int) -> None:
        """Its session has read something, or what is known of it has changed: it is looked at again."""
        if row != NOBODY:
            self.family[row] = UNSEEN

    def settle(self, row: int, found: Settled | None, family: Turning | None) -> None:
        """It was looked at: what was found, and who reads it."""
        if found is None or family is None:
            self.family[row] = RESTLESS
            return
        number = self._number(family)
        self.records[number][row] = np.frombuffer(found.record, family.seat_record)[0]
        self.grant[row], self.clock[row], self.is_held[row] = found.grant, found.clock.row, False
        self.origins[row], self.facts[row], self.family[row] = found.origin, found.facts, number

    def _number(self, family: Turning) -> int:
        if family not in self.families:
            self.families.append(family)
            self.records.append(np.zeros(len(self.family), family.seat_record))
        return self.families.index(family)

    def _grow(self) -> None:
        """Twice as many, so that one more does not copy all of them."""
        size = len(self.family)
        for name in ("family", "grant", "clock", "is_held", "is_waiting", "heard", "paid", "frames"):
            setattr(self, name, _doubled(getattr(self, name)))
        self.records = [_doubled(each) for each in self.records]
        self.origins += [NO_ORIGIN] * size
        self.facts += [""] * size
        self._free = list(range(2 * size - 1, size - 1, -1))


def _doubled(column: NDArray[Any]) -> NDArray[Any]:
    return np.concatenate([column, np.zeros_like(column)])
