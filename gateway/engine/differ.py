"""What was said against what is found: which alarms of the past stand, which are taken back, which are new.

Pure: two lists of episodes of one group, and out comes who is whom. Alarms of one slot (person, rule, zone, family) are
matched by longest overlap, and a gap of NEAR between them still counts; ties by onset.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from gateway.engine.episode import Episode, Stage
from gateway.engine.families import FAMILIES, LATCHED

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


NEAR: Final = 600.0
"""Seconds between two alarms of one slot within which they may be one."""
SAME_PLACE: Final = 0.005
"""Degrees of latitude and longitude beyond which two repeated places are two: some 500 metres."""


@dataclass(slots=True)
class Matched:
    """What becomes of the alarms of the past.

    Attributes:
        pairs: (said, found) that are one.
        gone: (said, the one it is part of now or None) that nothing is found of.
        judged: (said, whether anything is found of it) that persons have closed, and that are no pair.
        covered: (found, said) that persons have closed already, as part of another.
        new: found, and never said.
    """

    pairs: list[tuple[Episode, Episode]] = field(default_factory=list)
    gone: list[tuple[Episode, Episode | None]] = field(default_factory=list)
    judged: list[tuple[Episode, bool]] = field(default_factory=list)
    covered: list[tuple[Episode, Episode]] = field(default_factory=list)
    new: list[Episode] = field(default_factory=list)


def match(said: Iterable[Episode], found: Iterable[Episode], now: float) -> Matched:
    """Hold two accounts against each other.

    Args:
        said: as they were last said, those taken back as well; in the order in which they were first said.
        found: by the passes.
        now: UTC epoch seconds; what has not ended lasts until then.
    """
    matched, slots = Matched(), defaultdict[tuple[str, ...], tuple[list[Episode], list[Episode]]](lambda: ([], []))
    for side, episodes in enumerate((said, found)):
        for one in episodes:
            slots[_slot(one)][side].append(one)
    for slot in sorted(slots):
        _match(matched, *slots[slot], now)
    return matched


def _slot(one: Episode) -> tuple[str, ...]:
    zone = "" if one.kind == "repeated_place" else one.zone
    return (one.person or one.device, one.rule, zone, FAMILIES[one.kind])


def _match(matched: Matched, said: list[Episode], found: list[Episode], now: float) -> None:
    """One slot: pairs by overlap first; what is left of either side is a part of another, or none."""
    touching = [
        (-gap, one.onset, other.onset, i, j)
        for i, one in enumerate(said)
        for j, other in enumerate(found)
        if (gap := _overlap(one, other, now)) >= -NEAR
    ]
    partner: dict[int, int] = {}
    for *_, i, j in sorted(touching):
        if i not in partner.values() and j not in partner:
            partner[j] = i
    for j in [j for j, i in partner.items() if _is_closed(said, said[i], found[j], now)]:
        del partner[j]
    for j, i in list(partner.items()):
        partner[j] = _survivor(said, i, sorted(one for *_, one, other in touching if other == j), partner)
    _account(matched, said, found, partner, {(i, j) for *_, i, j in touching})


def _is_closed(said: Sequence[Episode], one: Episode, found: Episode, now: float) -> bool:
    """Whether one that was taken back would come back as a part of what a person has closed since."""
    if one.stage is not Stage.RETRACTED:
        return False
    return any(each.stage is Stage.CLOSED and _overlap(each, found, now) > 0.0 for each in said)


def _survivor(said: Sequence[Episode], mine: int, touched: Sequence[int], partner: dict[int, int]) -> int:
    """Of the alarms that one found one is about: the first said lives, before one that is taken back or closed.

    Of the device's own word none is part of another: each was raised because nobody had heard it.
    """
    if said[mine].kind in LATCHED:
        return mine
    free = [i for i in touched if i == mine or i not in partner.values()]
    standing = [i for i in free if said[i].stage in {Stage.ONGOING, Stage.OVER}]
    return standing[0] if standing else mine


def _account(
    matched: Matched, said: Sequence[Episode], found: Sequence[Episode], partner: dict[int, int],
    touching: set[tuple[int, int]],
) -> None:  # fmt: skip
    of_said = {i: j for j, i in partner.items()}
    for i, one in enumerate(said):
        parts = [j for j in range(len(found)) if (i, j) in touching]
        if i in of_said:
            matched.pairs.append((one, found[of_said[i]]))
        elif one.stage is Stage.CLOSED:
            matched.judged.append((one, bool(parts)))
        elif one.stage is not Stage.RETRACTED:
            into = next((said[partner[j]] for j in parts if j in partner), None)
            matched.gone.append((one, into))
    for j, other in enumerate(found):
        if j not in partner:
            closed = next((one for i, one in enumerate(said) if (i, j) in touching and one.stage is Stage.CLOSED), None)
            if closed is None:
                matched.new.append(other)
            else:
                matched.covered.append((other, closed))


def _overlap(one: Episode, other: Episode, now: float) -> float:
    """Seconds both last; below 0 the gap between them; -inf for two places far apart."""
    if one.kind == "repeated_place" and _apart(one, other):
        return -math.inf
    ends = [max(each.onset, now if each.ended is None else each.ended) for each in (one, other)]
    return min(ends) - max(one.onset, other.onset)


def _apart(one: Episode, other: Episode) -> bool:
    sides = ((one.latitude, other.latitude), (one.longitude, other.longitude))
    return any(a is not None and b is not None and abs(a - b) > SAME_PLACE for a, b in sides)
