"""One roll call: what is told of it for ever, and how its orders stand, as columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import msgspec
import numpy as np

from gateway.engine import ROLL_CALL
from gateway.rollcall.reasons import CODE, ENDS, Reason
from gateway.rollcall.selection import Selection

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from gateway.engine import CommandRecord


class Called(msgspec.Struct, frozen=True):
    """One person whom a roll call is about.

    Attributes:
        person, office: as registered then. ``device``: of the order; empty: none was given.
        order: id of the order that was given; empty: none was.
        left: why none was (:class:`~gateway.rollcall.reasons.Reason`); empty: one was.
        since: since when that keeps, UTC epoch seconds; None: not known, or nothing does.
    """

    person: str
    office: str
    device: str = ""
    order: str = ""
    left: str = ""
    since: float | None = None


class RollCall(msgspec.Struct, frozen=True):
    """A roll call as it was begun; times in UTC epoch seconds.

    Attributes:
        id: that of its sheet, 12 hexadecimal digits.
        selection, seed: whom it is about, and by what a random share of them was drawn.
        purpose: what for.
        by, account: who asked for it. ``confirmed_by``: the second person; empty: none was needed.
        begun: when the orders were given; 0: not yet.
        people: in the order of their ids.
    """

    id: str
    selection: Selection
    seed: str
    purpose: str
    by: str
    account: str
    begun: float = 0.0
    confirmed_by: str = ""
    people: tuple[Called, ...] = ()

    @property
    def origin(self) -> str:
        """The reason that its orders name."""
        return ROLL_CALL + self.id

    def asked(self) -> frozenset[str]:
        """Whom orders were given for."""
        return frozenset(one.person for one in self.people if one.device)


@dataclass(slots=True)
class Going:
    """How the orders of a roll call stand: columns, a row a person of ``call.people``.

    Attributes:
        end: int64 (n,), a place in :data:`ENDS`; -1: it has not ended, or none was given.
        ended: float64 (n,), when, UTC epoch seconds.
        left: int64 (n,), why none was given (:data:`CODE`); -1: one was. ``since``: float64 (n,), since when.
        office: the office of each.
    """

    call: RollCall
    end: NDArray[np.int64]
    ended: NDArray[np.float64]
    left: NDArray[np.int64]
    since: NDArray[np.float64]
    office: tuple[str, ...]
    _row: dict[str, int]

    @classmethod
    def of(cls, call: RollCall, records: Iterable[CommandRecord] = ()) -> Self:
        """Of one that was begun, with what is known of its orders."""
        count = len(call.people)
        going = cls(
            call, np.full(count, -1, np.int64), np.full(count, np.nan),
            np.array([CODE[Reason(one.left)] if one.left else -1 for one in call.people], np.int64),
            np.array([np.nan if one.since is None else one.since for one in call.people], np.float64),
            tuple(one.office for one in call.people),
            {one.order: row for row, one in enumerate(call.people) if one.order},
        )  # fmt: skip
        going.note(records)
        return going

    def note(self, records: Iterable[CommandRecord]) -> None:
        """Orders as they stand on disk; those of others are passed over."""
        for record in records:
            row = self._row.get(record.command.id)
            if row is not None and record.end is not None and record.ended is not None:
                self.end[row], self.ended[row] = ENDS.index(record.end), record.ended

    @property
    def orders(self) -> int:
        """How many were given."""
        return len(self._row)

    @property
    def owed(self) -> int:
        """How many have not ended."""
        return int(np.count_nonzero((self.left < 0) & (self.end < 0)))

    @property
    def finished(self) -> float:
        """When the last of them ended, UTC epoch seconds; NaN while some have not, or where none was given."""
        return float("nan") if self.owed or not self._row else float(np.nanmax(self.ended))
