"""What a drawn zone would have said of the past: alarms counted by day and by how officers closed them, of nobody.

It is a count for whoever draws. Who they were of does not belong to it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from zoneinfo import ZoneInfo

    from gateway.engine import Episode
    from gateway.replay.compare import Comparison

    Pair = tuple[Episode | None, Episode | None]


class Tally(msgspec.Struct, frozen=True):
    """So many alarms; of those that officers had closed how many by outcome."""

    alarms: int = 0
    closed: dict[str, int] = {}


class Day(msgspec.Struct, frozen=True):
    """A local day (ISO 8601) on which alarms of the zone began: that would come, and that would not any more."""

    day: str
    comes: Tally
    lost: Tally


class Preview(msgspec.Struct, frozen=True):
    """What came of a draft laid over the rules in force.

    Attributes:
        digest: of the draft. ``configuration``: digest of what it was laid over.
        since, until: UTC epoch seconds of receive time that were judged; both 0: there is no history.
        comes: alarms of the zone that would come. ``fresh``: of them those that do not come as it is now.
        lost: those that come now and would not.
        others: alarms of everything else that would begin or end otherwise, come or not come.
        days: on which any of the zone began, the first one first.
    """

    digest: str
    configuration: str
    since: float = 0.0
    until: float = 0.0
    comes: Tally = Tally()
    fresh: int = 0
    lost: Tally = Tally()
    others: int = 0
    days: list[Day] = []

    @property
    def is_judged(self) -> bool:
        """Whether there was anything to judge."""
        return self.until > self.since


def counted(
    rows: Iterable[Comparison], is_mine: Callable[[str, str], bool], county: ZoneInfo
) -> tuple[Tally, int, Tally, int, list[Day]]:  # fmt: skip
    """``comes``, ``fresh``, ``lost``, ``others`` and ``days`` of a comparison: by the rules in force, and with a draft.

    ``is_mine``: whether an alarm of a zone and a rule is of the draft. How an alarm was closed counts for its
    counterpart, too.
    """
    pairs = [(pair, is_alike) for row in rows for pair, is_alike in _pairs(row)]
    mine = [pair for pair, _ in pairs if is_mine(*_of(pair))]
    others = sum(not is_alike for pair, is_alike in pairs if not is_mine(*_of(pair)))
    fresh = sum(then is None for then, _ in mine)
    return _tally(mine, comes=True), fresh, _tally(mine, comes=False), others, _days(mine, county)


def _pairs(row: Comparison) -> Iterator[tuple[Pair, bool]]:
    """Each with its counterpart; whether both say the same."""
    yield from ((pair, True) for pair in row.alike)
    yield from ((pair, False) for pair in row.moved)
    yield from (((then, None), False) for then in row.then)
    yield from (((None, now), False) for now in row.now)


def _of(pair: Pair) -> tuple[str, str]:
    one = pair[1] or pair[0]
    return ("", "") if one is None else (one.zone, one.rule)


def _tally(pairs: Sequence[Pair], *, comes: bool) -> Tally:
    wanted = [pair for pair in pairs if (pair[1] is not None) is comes]
    outcomes = (next((one.outcome for one in reversed(pair) if one is not None and one.outcome), "") for pair in wanted)
    return Tally(len(wanted), dict(sorted(Counter(filter(None, outcomes)).items())))


def _days(pairs: Sequence[Pair], county: ZoneInfo) -> list[Day]:
    by_day: dict[str, list[Pair]] = defaultdict(list)
    for pair in pairs:
        one = pair[1] or pair[0]
        if one is not None:
            by_day[datetime.fromtimestamp(one.onset, county).date().isoformat()].append(pair)
    return [Day(day, _tally(some, comes=True), _tally(some, comes=False)) for day, some in sorted(by_day.items())]
