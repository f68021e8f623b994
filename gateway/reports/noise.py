"""How much the desk gets at a time, and from what: for the leader, who can have rules and devices mended.

Figures of ISA-18.2 (IEC 62682) for alarms; sources are kinds and rules, never persons.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from gateway.reports.period import DAY
from gateway.reports.shares import Share

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from gateway.reports.cases import Case
    from gateway.reports.period import Period

SLOT: Final = 600.0
"""Seconds in which the desk's load is counted."""
FLOOD: Final = 10
"""Alarms of ten minutes beyond which an operator cannot look into each (ISA-18.2)."""
WORST: Final = 10
STALE: Final = DAY
"""Seconds after which an alarm that nobody has closed says nothing any more."""
CHATTER, CHATTER_WITHIN = 3, 3600.0
"""So many alarms of one kind and device in such a time flicker. ISA-18.2 has three in a minute; a bracelet is heard of
once in minutes."""


@dataclass(frozen=True, slots=True)
class Source:
    """What alarms come of: kind, rule, and the name of its zone; ``alarms``: how many."""

    kind: str
    rule: str
    zone: str
    alarms: int


@dataclass(frozen=True, slots=True)
class Noise:
    """Of a period up to now.

    Attributes:
        operator_day: alarms a day for each at the desk; None: no time has passed.
        ten_minutes: alarms in ten minutes for each, on average; ``peak``: the most for all.
        floods: stretches of ten minutes with more than can be looked into.
        worst: the sources of most alarms, ten at most.
        stale: alarms that were open for more than a day, by kind; ``chattering``: those that flickered, likewise.
    """

    operator_day: float | None
    ten_minutes: float | None
    peak: int
    floods: Share
    worst: tuple[Source, ...]
    stale: tuple[tuple[str, int], ...]
    chattering: tuple[tuple[str, int], ...]


def noise(cases: Iterable[Case], period: Period, now: float, operators: int) -> Noise:
    """Of the alarms of a period; ``operators``: at the desk at a time."""
    mine, days = list(cases), period.days(now)
    slots = Counter(int((one.episode.decided - period.start) // SLOT) for one in mine)
    elapsed = int(days * DAY // SLOT)
    return Noise(
        len(mine) / days / operators if days else None, len(mine) / (days * DAY / SLOT) / operators if days else None,
        max(slots.values(), default=0),
        Share(sum(count > FLOOD * operators for count in slots.values()), elapsed),
        tuple(_worst(mine)),
        _by_kind(one for one in mine if _is_stale(one, now)), _by_kind(_chattering(mine)),
    )  # fmt: skip


def _worst(cases: Iterable[Case]) -> Iterator[Source]:
    found = Counter((one.episode.kind, one.episode.rule, one.episode.zone_name) for one in cases)
    for source, count in sorted(found.items(), key=lambda each: (-each[1], each[0]))[:WORST]:
        yield Source(*source, count)


def _is_stale(one: Case, now: float) -> bool:
    lasted = one.closed_after if one.closed_after is not None else now - one.episode.decided
    return one.asks and lasted > STALE


def _chattering(cases: Iterable[Case]) -> Iterator[Case]:
    """Those that are one of so many within the time."""
    runs: dict[tuple[str, str], list[Case]] = {}
    for one in cases:
        runs.setdefault((one.episode.kind, one.episode.device), []).append(one)
    for run in runs.values():
        marked = {
            at + step
            for at in range(len(run) - CHATTER + 1)
            if run[at + CHATTER - 1].episode.decided - run[at].episode.decided <= CHATTER_WITHIN
            for step in range(CHATTER)
        }
        yield from (run[at] for at in sorted(marked))


def _by_kind(cases: Iterable[Case]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(Counter(one.episode.kind for one in cases).items()))
