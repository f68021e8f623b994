"""Another system's alarms held against ours over the same days: which are the same, and how many there are of each.

Two alarms are the same where both are of one person (or device, where nobody is known), ours is of a kind that theirs
stands for, and they last at times not more than ``within`` seconds apart; of several the nearest in their beginning,
one of ours for each of theirs. What is left over and lasts while a pair does is a repetition. What was retracted was
not said.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from gateway.kinds import TRIALS
from gateway.words.shadows import Closed, Ours, Outage, Pair, Tally, Theirs, share

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from zoneinfo import ZoneInfo

    from gateway.engine import Episode

WITHIN: Final = 1800.0
"""Seconds by which alarms that are the same may lie apart, unless told otherwise."""
LISTED: Final = 20
"""Alarms of theirs in one common outage that are listed."""
SILENT: Final = frozenset({"comms_lost", "battery_dead", "shielding", "location_lost", "power_off"})
"""Kinds that a common outage brings."""
GROUPS: Final = ("both", "again", "only_ours")


@dataclass(slots=True)
class Matched:
    """What is the same, and what is left over on each side."""

    both: list[Pair] = field(default_factory=list)
    theirs_again: list[Theirs] = field(default_factory=list)
    ours_again: list[Ours] = field(default_factory=list)
    only_theirs: list[Theirs] = field(default_factory=list)
    only_ours: list[Ours] = field(default_factory=list)

    def during(self, since: float, until: float) -> Matched:
        """What begins since <= t < until; of a pair either."""

        def is_in(time: float) -> bool:
            return since <= time < until

        return Matched(
            [one for one in self.both if is_in(one.theirs.since) or is_in(one.ours.onset)],
            [one for one in self.theirs_again if is_in(one.since)],
            [one for one in self.ours_again if is_in(one.onset)],
            [one for one in self.only_theirs if is_in(one.since)],
            [one for one in self.only_ours if is_in(one.onset)],
        )

    @property
    def theirs(self) -> int:
        """All of theirs."""
        return len(self.both) + len(self.theirs_again) + len(self.only_theirs)

    @property
    def ours(self) -> list[Ours]:
        """All of ours."""
        return [*(one.ours for one in self.both), *self.ours_again, *self.only_ours]


def ours_of(episodes: Iterable[Episode]) -> list[Ours]:
    """What was said of all that is anybody's alarm and was not taken back; oldest first."""
    said = [one for one in episodes if not one.retracted and one.kind not in TRIALS]
    return [told_of(one) for one in sorted(said, key=lambda one: (one.onset, one.id))]


def told_of(one: Episode) -> Ours:
    """What is compared of an alarm: nothing of a place."""
    until = one.closed if one.ended is None else one.ended
    return Ours(one.id, one.person, one.device, one.kind, one.severity, one.onset, one.decided, until, one.outcome)


def matched(theirs: Sequence[Theirs], ours: Sequence[Ours], within: float = WITHIN) -> Matched:
    """Hold two accounts against each other."""
    near = list(_near(theirs, ours, within))
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for _, mine, other in sorted(near):
        if mine not in pairs and other not in taken:
            pairs[mine] = other
            taken.add(other)
    theirs_again = {mine for _, mine, other in near if mine not in pairs and other in taken}
    ours_again = {other for _, mine, other in near if other not in taken and mine in pairs}
    found = Matched([Pair(theirs[mine], ours[other]) for mine, other in sorted(pairs.items())])
    for index, one in enumerate(theirs):
        if index not in pairs:
            (found.theirs_again if index in theirs_again else found.only_theirs).append(one)
    for index, each in enumerate(ours):
        if index not in taken:
            (found.ours_again if index in ours_again else found.only_ours).append(each)
    return found


def _near(theirs: Sequence[Theirs], ours: Sequence[Ours], within: float) -> Iterator[tuple[float, int, int]]:
    """Seconds between the beginnings of two that may be the same, and their indices."""
    whose: dict[str, list[int]] = defaultdict(list)
    for index, one in enumerate(ours):
        whose[one.person or one.device].append(index)
    for mine, each in enumerate(theirs):
        for other in whose.get(each.person or each.device, ()):
            if ours[other].kind in each.kinds and meet(each, ours[other], within):
                yield abs(ours[other].onset - each.since), mine, other


def meet(theirs: Theirs, ours: Ours, within: float) -> bool:
    """Whether two last at times not more than ``within`` seconds apart; what has no end with them is a moment."""
    last = theirs.since if theirs.until is None else theirs.until
    return ours.onset <= last + within and theirs.since <= (math.inf if ours.until is None else ours.until) + within


def capped(
    theirs: Sequence[Theirs], outages: Iterable[Ours], within: float, most: int = LISTED
) -> tuple[list[Theirs], list[Outage]]:
    """What of theirs is to be listed and looked up, and how much of each common outage that leaves out.

    Another system raises one alarm a bracelet where many are silent at once: of one outage ``most`` are listed, the
    first to begin. What began during several counts with the first of them.
    """
    left, found, cut = list(theirs), list[Outage](), set[int]()
    for outage in sorted(outages, key=lambda one: (one.onset, one.alarm)):
        until = math.inf if outage.until is None else outage.until
        mine = [one for one in left if outage.onset - within <= one.since <= until + within and SILENT & {*one.kinds}]
        left = [one for one in left if one not in mine]
        if len(mine) > most:
            cut |= {id(one) for one in sorted(mine, key=lambda one: one.since)[most:]}
            found.append(Outage(outage.alarm, outage.onset, outage.until, len(mine), most))
    return [one for one in theirs if id(one) not in cut], found


def by_kind(one: Matched) -> list[Tally]:
    """By our kind: of what only they have, the likeliest."""
    return _tallied(one, lambda each: each.kinds[0], lambda each: each.kind)


def by_person(one: Matched) -> list[Tally]:
    """By person's id, in its order; what is nobody's by device, and what is neither's as ``-``."""
    return _tallied(one, lambda each: each.person or each.device, lambda each: each.person or each.device or "-")


def by_day(one: Matched, zone: ZoneInfo) -> list[Tally]:
    """By day of the county on which it begins (of pairs: ours), YYYY-MM-DD."""

    def day(time: float) -> str:
        return f"{datetime.fromtimestamp(time, UTC).astimezone(zone):%Y-%m-%d}"

    return _tallied(one, lambda each: day(each.since), lambda each: day(each.onset))


def _tallied(one: Matched, theirs: Callable[[Theirs], str], ours: Callable[[Ours], str]) -> list[Tally]:
    found: dict[str, Tally] = {}
    counted = {
        "both": [ours(each.ours) for each in one.both], "theirs_again": map(theirs, one.theirs_again),
        "ours_again": map(ours, one.ours_again), "only_theirs": map(theirs, one.only_theirs),
        "only_ours": map(ours, one.only_ours),
    }  # fmt: skip
    for what, names in counted.items():
        for name in names:
            tally = found.setdefault(name, Tally(name))
            setattr(tally, what, getattr(tally, what) + 1)
    return [found[name] for name in sorted(found)]


def closed(one: Matched) -> list[Closed]:
    """How officers closed ours, by what theirs has of it; shares are of those that were closed."""
    groups = dict(zip(GROUPS, ([each.ours for each in one.both], one.ours_again, one.only_ours), strict=True))
    return [_closed(group, held) for group, held in groups.items()]


def _closed(group: str, held: Sequence[Ours]) -> Closed:
    said = [each.outcome for each in held if each.outcome]
    return Closed(
        group, len(held) - len(said), {outcome: share(said.count(outcome), len(said)) for outcome in sorted({*said})}
    )
