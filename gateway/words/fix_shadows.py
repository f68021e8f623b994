"""What a comparison of another system's positions with ours has to tell: plain data, without a place."""

from __future__ import annotations

import msgspec

from gateway.words.shadows import Ours, Pair, Refused, Tally, Theirs


class Apart(msgspec.Struct, frozen=True):
    """How far apart both systems had somebody; ``person`` empty: everybody. Metres, of the moments that both have.

    Attributes:
        day: of the county, YYYY-MM-DD.
        theirs: their positions. ``met``: those beside which we have one within NEAR seconds.
        median_m, p95_m: of the distances; None: nothing met.
        beyond: of those met, how many lie farther apart than both radii (95 %) together.
    """

    person: str
    day: str
    theirs: int
    met: int
    median_m: float | None
    p95_m: float | None
    beyond: int


class FixShadow(msgspec.Struct, frozen=True):
    """All of it, since <= t < until.

    Attributes:
        file, document, by, timezone, refused: as of :class:`gateway.words.shadows.Shadow`.
        outside: lines outside of the time; ``unlawful``: of times that no authority covered, or of whom none does now.
        withheld: lines that are not looked at, by why: minor, protected, over.
        by_day, by_person: how far apart, each day; each day of each person.
        by_kind: alarms that would have stood by their positions (``theirs``), and ours, by kind.
        both, only_theirs, only_ours: the same one by one; theirs have no line.
    """

    file: str
    document: str
    by: str
    timezone: str
    since: float
    until: float
    fixes: int
    outside: int
    unlawful: int
    withheld: dict[str, int]
    refused: list[Refused]
    by_day: list[Apart]
    by_person: list[Apart]
    by_kind: list[Tally]
    both: list[Pair]
    only_theirs: list[Theirs]
    only_ours: list[Ours]
