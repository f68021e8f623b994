"""What a roll call would do now: who is asked by which device, and why the others are not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gateway.rollcall.choice import chosen
from gateway.rollcall.limits import within_quota
from gateway.rollcall.lists import placed_of
from gateway.rollcall.reasons import CODE, Reason
from gateway.rollcall.standing import standing_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from numpy.typing import NDArray

    from gateway.engine import EngineState
    from gateway.rollcall.roster import Roster
    from gateway.rollcall.selection import Selection


@dataclass(frozen=True, slots=True)
class Plan:
    """Columns of one length n, a row a person who is meant, by id.

    Attributes:
        rows: int64, of the roster. ``device``: int64, the seat of what is asked; -1: nothing is worn.
        left: int64, why he is not asked (:data:`CODE`); -1: he is. ``since``: float64, since when; NaN: not known.
    """

    rows: NDArray[np.int64]
    device: NDArray[np.int64]
    left: NDArray[np.int64]
    since: NDArray[np.float64]


def planned(  # noqa: PLR0913, PLR0917  what there is, whom it is about, and its limits
    roster: Roster, state: EngineState, selection: Selection, seed: str, now: float, often: Collection[str],
    room: Mapping[str, int],
) -> Plan:  # fmt: skip
    """The plan of a roll call at a time (UTC epoch seconds).

    Args:
        roster: everybody.
        state: the engine's, to be read.
        selection: whom it is about.
        seed: by what a random share of them is drawn.
        now: that time.
        often: people who have been asked as often as may be today.
        room: by carrier how many phones it still locates.
    """
    standing, rows = standing_of(roster, now), chosen(roster, selection, seed, now)
    device, left, since = standing.device[rows], standing.why[rows], standing.since[rows]
    may = left < 0
    left[may & np.isin(rows, [roster.row[one] for one in often if one in roster.row])] = CODE[Reason.OFTEN]
    asked = np.flatnonzero(left < 0)
    carrier = roster.carrier[device[asked]]
    numbered = {index: room.get(name, 0) for index, name in enumerate(roster.carriers)}
    fits = within_quota(carrier, placed_of(state, standing)[rows[asked]], numbered)
    left[asked[~fits]] = CODE[Reason.QUOTA]
    return Plan(rows, device, left, np.where(may & (left >= 0), now, since))
