"""In which list each one of a roll call stands, why and since when: columns over all of them, no loop by person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from fencing.verdict import Verdict
from gateway.engine import Presence, WatchKind
from gateway.rollcall.reasons import CODE, ENDS, LIST_OF, OF_END, REASONS, Listed, Reason
from gateway.rollcall.standing import standing_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gateway.engine import EngineState
    from gateway.rollcall.call import Going
    from gateway.rollcall.roster import Roster
    from gateway.rollcall.standing import Standing

EARLY: Final = 60.0
"""Seconds before a roll call at which a place is one of it: clocks of devices differ so much from ours."""
_BY_END: Final = np.array([CODE[OF_END[end]] for end in ENDS])
ODD: Final = (Reason.BARRED, Reason.OUTSIDE, Reason.NOT_HOME, Reason.STRAP, Reason.UNSURE)
"""What is odd about a place, the gravest first."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known of each person of a roll call: columns of one length n.

    Attributes:
        begun: when they were asked, UTC epoch seconds, of all.
        why, since: what keeps somebody from being asked now, as :class:`~gateway.rollcall.standing.Standing` has it.
        left, left_since: why somebody was not asked then, as :class:`~gateway.rollcall.call.Going` has it.
        end: int64, how the order ended (:data:`ENDS`), -1: not yet; ``ended``: float64, when.
        placed: float64, UTC epoch seconds of device time of the last place; NaN: there is none.
        odd: bool (5, n), a row each of :data:`ODD`.
        zone: int64, the zone that is about; -1: none.
    """

    begun: float
    why: NDArray[np.int64]
    since: NDArray[np.float64]
    left: NDArray[np.int64]
    left_since: NDArray[np.float64]
    end: NDArray[np.int64]
    ended: NDArray[np.float64]
    placed: NDArray[np.float64]
    odd: NDArray[np.bool_]
    zone: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Lists:
    """In which lists they stand: columns of one length n.

    Attributes:
        why: int64, the reason (:data:`CODE`), which has its list (:data:`LIST_OF`).
        since: float64, UTC epoch seconds, NaN: not known. Of a place since when it is known; of an order when it
            ended, and of one that has not when it was given; else since when the reason holds.
        placed: as in :class:`Seen`; NaN of whom nothing may be said.
        zone: the zone that the reason is about; -1: none.
    """

    why: NDArray[np.int64]
    since: NDArray[np.float64]
    placed: NDArray[np.float64]
    zone: NDArray[np.int64]

    def counts(self) -> dict[Listed, int]:
        """How many stand in each list."""
        found = dict.fromkeys(Listed, 0)
        for reason, count in zip(REASONS, np.bincount(self.why, minlength=len(REASONS)).tolist(), strict=True):
            found[LIST_OF[reason]] += count
        return found


def lists_of(going: Going, roster: Roster, state: EngineState, now: float) -> Lists:
    """The lists of a roll call at a time (UTC epoch seconds)."""
    return judged(seen_of(going, roster, state, now))


def seen_of(going: Going, roster: Roster, state: EngineState, now: float) -> Seen:
    """What is known of its people; of one who is registered no more that nothing covers him."""
    standing = standing_of(roster, now)
    odd, zone = odd_of(state, roster, standing, now)
    rows = np.array([roster.row.get(one.person, -1) for one in going.call.people], np.int64)
    return Seen(
        going.call.begun,
        np.append(standing.why, CODE[Reason.NONE])[rows], np.append(standing.since, np.nan)[rows],
        going.left, going.since, going.end, going.ended,
        np.append(placed_of(state, standing), np.nan)[rows],
        np.column_stack((odd, np.zeros(len(ODD), np.bool_)))[:, rows], np.append(zone, -1)[rows],
    )  # fmt: skip


def judged(seen: Seen) -> Lists:
    """Where each of them stands."""
    kept, left, over = seen.why >= 0, seen.left >= 0, seen.end >= 0
    fresh = ~kept & (seen.placed >= seen.begun - EARLY)
    plain = [np.full(len(kept), CODE[reason], np.int64) for reason in (*ODD, Reason.WITHIN)]
    why = np.select(
        [kept, *(fresh & row for row in seen.odd), fresh, left, over],
        [seen.why, *plain, seen.left, _BY_END[seen.end]], CODE[Reason.WAITING],
    )  # fmt: skip
    since = np.select([kept, fresh, left, over], [seen.since, seen.placed, seen.left_since, seen.ended], seen.begun)
    is_about = fresh & np.isin(why, [CODE[reason] for reason in ODD if reason is not Reason.STRAP])
    return Lists(why, since, np.where(kept, np.nan, seen.placed), np.where(is_about, seen.zone, -1))


def odd_of(
    state: EngineState, roster: Roster, standing: Standing, now: float
) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:  # fmt: skip
    """What is odd about where everybody was last: bool (5, p), and the zone that it is about, int64 (p,), -1: none."""
    policy, count = roster.policy, len(roster.people)
    watches, person = policy.watches, policy.watches.person
    every = np.arange(len(person))
    # A bracelet is held against all but regions, a phone against these alone.
    mine = (watches.kind == WatchKind.REGION) == standing.phone[person]
    holds = mine & (policy.idle.lookup(every, np.full(len(every), now)) < 0)
    verdict, duty = state.watch["verdict"], state.presence
    asks = watches.kind == WatchKind.BE_THERE
    runs = holds & asks & (duty["since"] <= now) & (now < duty["until"])
    plain = holds & ~asks
    barred = watches.kind == WatchKind.KEEP_OUT
    found = np.zeros((len(ODD), count), np.bool_)
    zone = np.full(count, -1, np.int64)
    cases = {
        Reason.UNSURE: (plain & (verdict == Verdict.UNKNOWN)) | (runs & (duty["state"] == Presence.UNKNOWN)),
        Reason.NOT_HOME: runs & (duty["state"] == Presence.NOT_HOME),
        Reason.OUTSIDE: plain & ~barred & (verdict == Verdict.OUT),
        Reason.BARRED: plain & barred & (verdict == Verdict.OUT),
    }
    for reason, rows in cases.items():
        found[ODD.index(reason), person[rows]] = True
        zone[person[rows]] = watches.zone[rows]
    strap = np.append(~np.isnan(state.device["strap_from"]), False)
    found[ODD.index(Reason.STRAP)] = strap[standing.device]
    return found, zone


def placed_of(state: EngineState, standing: Standing) -> NDArray[np.float64]:
    """When everybody's device that is asked was placed last, float64 (p,); NaN: never, or there is none."""
    return np.append(state.track["time"], np.nan)[standing.wearing]
