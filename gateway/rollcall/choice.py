"""Whom a roll call is about: a level, an office, a random share that anybody can draw again by its seed."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

import numpy as np

from gateway.kinds import LEVELS
from gateway.rollcall.selection import ALL

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from gateway.rollcall.roster import Roster
    from gateway.rollcall.selection import Selection


def chosen(roster: Roster, selection: Selection, seed: str, now: float) -> NDArray[np.int64]:
    """Rows of the roster that are meant, ascending: int64 (n,). Nobody whose term is over at ``now`` (UTC epoch).

    Nobody protected either: nobody looks for them. Everybody else is: who cannot be asked is listed, too.
    """
    meant = roster.shown & (roster.term_until > now)
    if selection.level:
        meant &= roster.level == LEVELS.index(selection.level)
    if selection.office:
        meant &= roster.office == roster.offices.get(selection.office, -1)
    rows = np.flatnonzero(meant)
    return rows[np.array(drawn([roster.people[row] for row in rows.tolist()], selection.percent, seed), np.int64)]


def drawn(people: Sequence[str], percent: int, seed: str) -> list[int]:
    """A random share, rounded up, as places in ``people``, ascending.

    Whoever has the smallest SHA-256 of the seed, a line feed and his id. So the same seed draws the same people, each
    of them equally likely, and one more in the register moves one other at most.
    """
    count = -(-len(people) * percent // ALL)
    if count == len(people):
        return list(range(count))
    ranks = [sha256(f"{seed}\n{person}".encode()).digest() for person in people]
    return sorted(sorted(range(len(people)), key=ranks.__getitem__)[:count])


def is_of_all(roster: Roster, selection: Selection, meant: NDArray[np.int64], share: int, now: float) -> bool:
    """Whether it takes a second person: it is about everybody, or a share of the county above ``share``."""
    everybody = int(np.count_nonzero(roster.shown & (roster.term_until > now)))
    is_whole = not selection.level and not selection.office
    return len(meant) == everybody or (is_whole and selection.percent > share)
