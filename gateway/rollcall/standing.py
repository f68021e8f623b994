"""Who may be asked at a time, and what keeps the others from it: columns over everybody."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gateway.rollcall.reasons import CODE, Reason

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gateway.rollcall.roster import Roster, Spans


@dataclass(frozen=True, slots=True)
class Standing:
    """A row a person of a roster.

    Attributes:
        wearing: int64 (p,), of the device that is asked (a bracelet before a phone, what is lawful before what is
            not); -1: nothing is worn. ``device``: its seat, -1 as well.
        phone: bool (p,): that device is one.
        why: int64 (p,), what keeps somebody from being asked (:data:`CODE`); -1: nothing does.
        since: float64 (p,), since when, UTC epoch seconds; NaN: not known, or nothing does.
    """

    wearing: NDArray[np.int64]
    device: NDArray[np.int64]
    phone: NDArray[np.bool_]
    why: NDArray[np.int64]
    since: NDArray[np.float64]


def standing_of(roster: Roster, now: float) -> Standing:
    """How everybody stands at a time (UTC epoch seconds)."""
    policy, count = roster.policy, len(roster.people)
    wearing, device, lawful = _worn(roster, now)
    why, since = np.full(count, -1, np.int64), np.full(count, np.nan)
    put = _Put(why, since)
    put.all(device < 0, Reason.NO_DEVICE)
    put.held(roster.leave, now)
    put.held(roster.removal, now)
    covered = np.zeros(count, np.bool_)
    covered[roster.covered.person[roster.covered.at(now)]] = True
    put.all(covered & (device >= 0) & ~lawful, Reason.OTHER_BASIS)
    _uncovered(put, roster.covered, ~covered, now)
    phone = np.append(policy.phone, False)[device]
    return Standing(wearing, device, phone, why, since)


@dataclass(frozen=True, slots=True)
class _Put:
    """Writes reasons, the later over the earlier."""

    why: NDArray[np.int64]
    since: NDArray[np.float64]

    def all(self, rows: NDArray[np.bool_], reason: Reason) -> None:
        self.why[rows], self.since[rows] = CODE[reason], np.nan

    def held(self, spans: Spans, now: float) -> None:
        rows = spans.at(now)
        self.why[spans.person[rows]], self.since[spans.person[rows]] = spans.code[rows], spans.start[rows]


def _worn(roster: Roster, now: float) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_]]:
    """Of each person the wearing and the device that is asked, and whether an authority of its kind covers it."""
    policy, count = roster.policy, len(roster.people)
    seats = np.flatnonzero(~roster.away)
    worn = policy.wearing_at(seats, np.full(len(seats), now))
    seats, worn = seats[worn >= 0], worn[worn >= 0]
    may = policy.lawful(worn, np.full(len(worn), now))
    order = np.argsort(2 * may + ~policy.phone[seats], kind="stable")
    person = policy.wearing_person[worn[order]]
    wearing, device, lawful = np.full(count, -1, np.int64), np.full(count, -1, np.int64), np.zeros(count, np.bool_)
    # Of several rows of one person the last is kept: the best.
    wearing[person], device[person], lawful[person] = worn[order], seats[order], may[order]
    return wearing, device, lawful


def _uncovered(put: _Put, covered: Spans, rows: NDArray[np.bool_], now: float) -> None:
    """Of people whom no authority covers: whether there was one, or will be, or neither; and when it ended."""
    count = len(rows)
    ended, begins = np.full(count, -np.inf), np.zeros(count, np.bool_)
    over = covered.until <= now
    np.maximum.at(ended, covered.person[over], covered.until[over])
    begins[covered.person[covered.start > now]] = True
    put.all(rows, Reason.NONE)
    put.all(rows & begins, Reason.NOT_BEGUN)
    was = rows & np.isfinite(ended)
    put.all(was, Reason.ENDED)
    put.since[was] = ended[was]
