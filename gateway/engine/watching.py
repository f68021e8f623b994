"""Watches compiled to columns: what rules ask of whom and of which zone, when that holds, and nights at home."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

import numpy as np

from fencing.dates import CalendarDays, Dates, Weekdays, WorkCalendar
from fencing.intervals import KeyedIntervals, union
from fencing.recurrence import Recurrence
from fencing.schedule import Schedule, Window
from gateway.engine.shapes import HOME, home_of
from gateway.settings.model import DaySet

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from numpy.typing import NDArray

    from gateway.settings.model import Configuration, CurfewRule, HourRule, Rule

EVER = 0.0
"""UTC epoch seconds before which no report is."""


class WatchKind(IntEnum):
    """What a watch asks of a zone."""

    STAY_INSIDE = 1
    KEEP_OUT = 2
    BE_THERE = 3
    """Presence for a curfew: raises nothing by itself."""
    REGION = 4
    """To stay inside, as far as a phone located by its carrier can tell."""


BARRED = frozenset({WatchKind.KEEP_OUT})
"""Kinds that no leave lifts."""


@dataclass(frozen=True, slots=True)
class Watches:
    """One row a (person, rule, zone): columns of shape (w,), sorted by person; ``first``/``count`` (p,) by person."""

    key: tuple[tuple[str, str, str], ...]
    """Person, rule, zone: names a row across configurations."""
    person: NDArray[np.int64]
    zone: NDArray[np.int64]
    kind: NDArray[np.uint8]
    first: NDArray[np.int64]
    count: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Curfews:
    """One row a (person, rule with a curfew).

    ``watch`` int64 (c,) is its presence watch, ``by_watch`` int64 (w,) the inverse, -1 for other watches.
    """

    key: tuple[tuple[str, str], ...]
    rule: tuple[Rule, ...]
    watch: NDArray[np.int64]
    by_watch: NDArray[np.int64]
    schedules: tuple[Schedule, ...]
    schedule: NDArray[np.int64]
    """Which of them, by row."""
    grace: NDArray[np.float64]


def watches_of(
    configuration: Configuration,
    rules: Mapping[str, Rule],
    person_index: dict[str, int],
    zone_index: dict[str, int],
    wide: NDArray[np.bool_],
) -> Watches:
    """Of everybody, by rule and zone; ``wide``: bool by zone, whether a phone's carrier can tell who is in it."""
    phoned = {a.person for a in configuration.assignments if configuration.devices[a.device].is_phone}
    rows = sorted(
        (person_index[person], rule.id, int(kind), zone)
        for rule in rules.values()
        for person in rule.people
        for zone, kind in _rows_of(rule, person)
        if zone in zone_index
        and (zone not in configuration.zones or configuration.zones[zone].is_for(person))
        and person in person_index
        and (kind is not WatchKind.REGION or (person in phoned and wide[zone_index[zone]]))
    )
    people = np.array([row[0] for row in rows], np.int64)
    names, zones = sorted(person_index, key=person_index.__getitem__), {zone: zone for zone in zone_index}
    asked: dict[str, str] = {}
    count = np.bincount(people, minlength=len(person_index)).astype(np.int64)
    return Watches(
        # Whoever has the same rule has the same text of it, and a zone has one: these are three rows a person.
        key=tuple(
            (names[person], asked.setdefault(text := f"{rule}/{kind}", text), zones[zone])
            for person, rule, kind, zone in rows
        ),
        person=people,
        zone=np.array([zone_index[row[3]] for row in rows], np.int64),
        kind=np.array([row[2] for row in rows], np.uint8),
        first=np.cumsum(count) - count,
        count=count,
    )


def _rows_of(rule: Rule, person: str) -> Iterator[tuple[str, WatchKind]]:
    """Zones a rule watches for a person."""
    if rule.stay_inside:
        yield _zone_of(rule.stay_inside, person), WatchKind.REGION
    if rule.stay_inside:
        yield _zone_of(rule.stay_inside, person), WatchKind.STAY_INSIDE
    if rule.keep_out:
        yield _zone_of(rule.keep_out, person), WatchKind.KEEP_OUT
    if rule.curfew is not None:
        yield _zone_of(rule.curfew.zone, person), WatchKind.BE_THERE


def _zone_of(zone: str, person: str) -> str:
    return home_of(person) if zone == HOME else zone


def worn_of(configuration: Configuration, watches: Watches) -> list[tuple[int, float, float]]:
    """(watch, start, until) of wearing a device that the watch looks at: a phone for a region, else a bracelet."""
    spells: dict[tuple[str, bool], list[tuple[float, float]]] = {}
    for each in configuration.assignments:
        phone = configuration.devices[each.device].is_phone
        spells.setdefault((each.person, phone), []).append((each.start, each.until))
    of_phones = (watches.kind == WatchKind.REGION).tolist()
    return union(
        (watch, *spell)
        for watch, (key, of_phone) in enumerate(zip(watches.key, of_phones, strict=True))
        for spell in spells.get((key[0], of_phone), ())
    )


def idle_of(configuration: Configuration, watches: Watches, rules: Mapping[str, Rule]) -> KeyedIntervals:
    """By watch, when its rule does not hold; ``rules``: by id."""
    return joined(_idle_spans(configuration, watches, rules))


def _idle_spans(
    configuration: Configuration, watches: Watches, rules: Mapping[str, Rule]
) -> Iterator[tuple[int, float, float]]:
    """(watch, start, until): before rule and zone begin, and from when either ends, at the latest with the term."""
    for watch, (person, rule_kind, zone) in enumerate(watches.key):
        start, until = rules[rule_kind.rsplit("/", 1)[0]].period(configuration.zones.get(zone))
        until = min(until, configuration.people[person].term_until)
        if start > EVER:
            yield watch, EVER, start
        if until < math.inf:
            yield watch, until, math.inf


def joined(rows: Iterable[tuple[int, float, float]]) -> KeyedIntervals:
    """The union of intervals (key, start, until) as a table."""
    return KeyedIntervals.build((key, start, until, 1) for key, start, until in union(rows))


def near_of(watches: Watches, rules: dict[str, Rule]) -> NDArray[np.float64]:
    """Metres before its boundary that are near, float64 (w,); 0: the rule says nothing of it."""
    bounded = (watches.kind == WatchKind.STAY_INSIDE) | (watches.kind == WatchKind.KEEP_OUT)
    metres = np.array([rules[rule_kind.rsplit("/", 1)[0]].near_m for _, rule_kind, _ in watches.key], np.float64)
    return np.where(bounded, metres, 0.0)


def curfew_rows(configuration: Configuration, watches: Watches, rules: dict[str, Rule]) -> Curfews:
    """One row a watch that is the presence for a curfew; ``rules``: by id."""
    timezone = configuration.county.timezone
    present = np.flatnonzero(watches.kind == WatchKind.BE_THERE).tolist()
    rows = [(watch, rules[watches.key[watch][1].rsplit("/", 1)[0]]) for watch in present]
    distinct: dict[tuple[HourRule, ...], int] = {}
    curfew_of = [_curfew(rule) for _, rule in rows]
    schedule = [distinct.setdefault(curfew.hours, len(distinct)) for curfew in curfew_of]
    by_watch = np.full(len(watches.key), -1, np.int64)
    by_watch[[watch for watch, _ in rows]] = np.arange(len(rows))
    return Curfews(
        key=tuple((watches.key[watch][0], rule.id) for watch, rule in rows),
        rule=tuple(rule for _, rule in rows),
        watch=np.array([watch for watch, _ in rows], np.int64),
        by_watch=by_watch,
        schedules=tuple(_schedule(hours, configuration.calendar, timezone) for hours in distinct),
        schedule=np.array(schedule, np.int64),
        grace=np.array([curfew.grace_seconds for curfew in curfew_of], np.float64),
    )


def _schedule(hours: tuple[HourRule, ...], calendar: WorkCalendar, timezone: str) -> Schedule:
    windows = (Window(each.start_minute, each.until_minute, _dates(each, calendar, timezone)) for each in hours)
    return Schedule(tuple(windows), timezone)


def _dates(hours: HourRule, calendar: WorkCalendar, timezone: str) -> Dates:
    if isinstance(hours.days, DaySet):
        return CalendarDays(calendar, are_off=hours.days is DaySet.WEEKEND)
    return Recurrence(hours.days, timezone) if isinstance(hours.days, str) else Weekdays(hours.days)


def _curfew(rule: Rule) -> CurfewRule:
    if rule.curfew is None:
        raise ValueError(f"rule {rule.id} has no curfew")
    return rule.curfew
