"""A configuration compiled to columns: who wears what, what the law allows, which watches hang on whom.

Compiled outside ``step`` (it buffers zones) and handed in by the digest that the journal's configuration entry names.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from enum import IntEnum
from hashlib import sha256
from typing import TYPE_CHECKING

import numpy as np

from fencing.dates import CalendarDays, Dates, Weekdays, WorkCalendar
from fencing.days import Days
from fencing.intervals import KeyedIntervals, union
from fencing.plane import LocalPlane
from fencing.recurrence import Recurrence
from fencing.schedule import Schedule, Window
from fencing.zones import ZoneTable
from gateway.engine.drawn import draw
from gateway.engine.grants import Grants
from gateway.engine.groups import Groups
from gateway.engine.habits import Charging, Counted, Habit, Still, chargings_of, habits_of, stills_of
from gateway.engine.leave_places import entered_leave, lifted_spans, place_rules
from gateway.engine.pairs import Pairs
from gateway.engine.registered import Registered
from gateway.engine.shapes import HOME, home_of
from gateway.engine.speakers import Speakers
from gateway.kinds import LEVELS
from gateway.settings.model import REGION_M, DaySet

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from numpy.typing import NDArray

    from gateway.engine.drawn import Drawn
    from gateway.engine.leave_places import PlaceRule
    from gateway.settings.model import Appointment, Authority, AuthorityKind, Configuration, CurfewRule, HourRule, Rule


AT_HOME = 2.0
"""How many times the usual silence may last that began at home, where the county says nothing else."""
SETTLED = 60.0
"""Seconds after the last fix arrived: more of the same upload may follow, and is judged before a wearing ends."""


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


@dataclass(frozen=True, slots=True)
class Policy:
    """What the engine needs of a configuration."""

    configuration: Configuration
    devices: tuple[str, ...]
    device_index: dict[str, int]
    people: tuple[str, ...]
    wearings: tuple[tuple[str, str], ...]
    """Distinct (device, person) pairs: each has a track of its own, so that a bracelet handed over starts afresh."""
    wearing_person: NDArray[np.int64]
    hidden: NDArray[np.bool_]
    """By wearing: of somebody protected, whose place is shown to nobody."""
    phone: NDArray[np.bool_]
    """By device: located by its carrier, on a basis of its own."""
    group: NDArray[np.int64]
    """By device: devices that share a wearer are processed one report a round."""
    assigned: KeyedIntervals
    fitted: KeyedIntervals
    """By device; the value is the row of ``fitted_at``: one a hand-over, be it to the same person again."""
    fitted_at: NDArray[np.float64]
    assignment_starts: tuple[NDArray[np.float64], ...]
    """By device, sorted."""
    worn: KeyedIntervals
    """By watch: when its wearer wears a device that it looks at; the value is the row of ``worn_ends``."""
    worn_ends: NDArray[np.float64]
    authorised: KeyedIntervals
    """By wearing: the authorities of its wearer that are of its device's kind."""
    authority_starts: tuple[NDArray[np.float64], ...]
    """By wearing, sorted."""
    on_leave: KeyedIntervals
    """By watch: when leave lifts it, as it is entered (``lifted`` says how it counts)."""
    places: dict[str, PlaceRule]
    """The rules of leaves that name a zone, by id."""
    idle: KeyedIntervals
    """By watch: when its rule does not hold."""
    removed: KeyedIntervals
    """By person: removals with leave."""
    plane: LocalPlane
    zones: ZoneTable
    zone_ids: tuple[str, ...]
    watches: Watches
    near: NDArray[np.float64]
    """By watch: metres before its boundary that are near; 0: its rule says nothing of it."""
    curfews: Curfews
    rules: dict[str, Rule]
    silence_after: float
    silence_at_home: float
    """Seconds of a silence that began at home with nothing odd, from which on staff are told of it."""
    faint_after: float
    """Seconds of silence from which on a common cause is looked for: half of it."""
    phone_off_after: float
    unseen_after: float
    """Seconds for which a bracelet may move without satellites."""
    deadlines: dict[str, NDArray[np.float64]]
    """By kind that has one a level: float64 (w,), seconds by wearing."""
    shortest: float
    """Seconds: the least of all deadlines."""
    soonest: float
    """Seconds in which nothing that begins now can be due."""
    region_m: NDArray[np.float64]
    """By zone: radius of the largest circle in it, metres."""
    registered: Registered
    grants: Grants
    pairs: Pairs
    appointments: tuple[Appointment, ...]
    habits: tuple[Habit, ...]
    days: Days
    stills: tuple[Still, ...]
    chargings: tuple[Charging, ...]
    counted: Counted
    rules_digest: str
    """Of zones, rules and homes: what decides a place, whoever wears what."""
    groups: Groups
    seats: Mapping[str, tuple[str, ...]]
    """Keys of the rows of each bank of the state."""
    ties: NDArray[np.uint64]
    """By device: a number of its key, so that what two devices of a group say at one time has an order."""
    speakers: Speakers = field(compare=False, repr=False)
    """Origins of entries, as they are met."""
    blends: dict[str, Policy] = field(default_factory=dict, compare=False, repr=False)
    """Of other rules with these wearings, by the digest of those rules: compiled when the past asks for them."""

    def wearing_at(self, device: NDArray[np.int64], time: NDArray[np.float64]) -> NDArray[np.int64]:
        """Index of the wearing of each device at a time; -1 nobody. int64 (n,)."""
        return self.assigned.lookup(device, time)

    def fitted_since(self, device: NDArray[np.int64], time: NDArray[np.float64]) -> NDArray[np.float64]:
        """When the wearing of each device at a time began, float64 (n,); NaN where nobody wears it."""
        return np.append(self.fitted_at, np.nan)[self.fitted.lookup(device, time)]

    def worn_until(self, watch: NDArray[np.int64], time: NDArray[np.float64]) -> NDArray[np.float64]:
        """When the wearing behind each watch at a time ends, float64 (n,); the time itself where there is none."""
        row = self.worn.lookup(watch, time)
        return np.where(row >= 0, np.append(self.worn_ends, np.nan)[row], time)

    def lawful(self, wearing: NDArray[np.int64], time: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Whether an authority of the device's kind covers the wearer at a time. bool (n,); nobody never is."""
        if not len(self.wearings):
            return np.zeros(len(wearing), np.bool_)
        return (wearing >= 0) & (self.authorised.lookup(np.maximum(wearing, 0), time) >= 0)


def compile_policy(configuration: Configuration, drawn: Drawn | None = None) -> Policy:
    """Compile a checked configuration; ``drawn``: what :func:`gateway.engine.drawn.draw` makes of it, if it is at hand.

    Raises:
        fencing.errors.GeometryFault: a zone's shape is unusable (``check`` would have said so).
    """
    devices = tuple(sorted(configuration.devices))
    people = tuple(sorted(configuration.people))
    device_index = {key: index for index, key in enumerate(devices)}
    person_index = {key: index for index, key in enumerate(people)}
    wearings = tuple(sorted({(a.device, a.person) for a in configuration.assignments}))
    wearing_index = {pair: index for index, pair in enumerate(wearings)}
    latitude, longitude = configuration.county.centre
    plane = LocalPlane(latitude, longitude)
    shapes, region_m, rules_digest, table = drawn or draw(configuration, plane)
    zone_index = {shape.id: index for index, shape in enumerate(shapes)}
    places = place_rules(configuration)
    rules = {rule.id: rule for rule in configuration.rules} | {key: each.rule for key, each in places.items()}
    table = table or ZoneTable.build(shapes)
    group = _groups(devices, wearings)
    watches = _watches(configuration, rules.values(), person_index, zone_index, region_m)
    curfews, pairs = _curfews(configuration, watches, rules), Pairs.build(configuration, wearings)
    habits, stills = habits_of(configuration), stills_of(configuration, wearings)
    chargings = chargings_of(configuration)
    worn, grants = _worn(configuration, watches), Grants.build(configuration)
    deadlines = _deadlines(configuration, wearings)
    shortest = min((float(each.min()) for each in deadlines.values() if len(each)), default=math.inf)
    after = configuration.alarms["comms_lost"].after_seconds
    silence_after = 1200.0 if after is None else after
    at_home = configuration.alarms["comms_lost"].at_home_seconds
    off_after = configuration.alarms["phone_off"].after_seconds
    unseen_after = configuration.alarms["motion_no_gnss"].after_seconds
    lawful = tuple(row for row in _lawful(configuration, wearings) if row[1] < row[2])
    return Policy(
        configuration=configuration, devices=devices, device_index=device_index, people=people, wearings=wearings,
        wearing_person=np.array([person_index[person] for _, person in wearings], np.int64),
        phone=np.array([configuration.devices[device].is_phone for device in devices], np.bool_),
        hidden=np.array([configuration.people[person].protected for _, person in wearings], np.bool_),
        group=group,
        assigned=KeyedIntervals.build(
            (device_index[a.device], a.start, a.until, wearing_index[a.device, a.person])
            for a in configuration.assignments
        ),
        fitted=KeyedIntervals.build(
            (device_index[a.device], a.start, a.until, row) for row, a in enumerate(configuration.assignments)
        ),
        fitted_at=np.array([a.start for a in configuration.assignments], np.float64),
        assignment_starts=_starts(len(devices), ((device_index[a.device], a.start) for a in configuration.assignments)),
        worn=KeyedIntervals.build((*spell, row) for row, spell in enumerate(worn)),
        worn_ends=np.array([until for *_, until in worn], np.float64),
        authorised=joined(lawful),
        authority_starts=_starts(len(wearings), ((wearing, start) for wearing, start, _ in lawful)),
        on_leave=joined(lifted_spans(watches.key, entered_leave(configuration), {}, BARRED)), places=places,
        idle=joined(_idle(configuration, watches, rules)),
        removed=joined((person_index[each.person], each.start, each.until) for each in configuration.removals),
        plane=plane, zones=table, zone_ids=tuple(shape.id for shape in shapes),
        watches=watches, near=_near(watches, rules), curfews=curfews, rules=rules,
        silence_after=silence_after, silence_at_home=AT_HOME * silence_after if at_home is None else at_home,
        faint_after=silence_after / 2.0,
        phone_off_after=10800.0 if off_after is None else off_after,
        unseen_after=1200.0 if unseen_after is None else unseen_after,
        region_m=region_m, deadlines=deadlines,
        shortest=shortest, soonest=min(shortest, SETTLED, silence_after / 2.0),
        grants=grants, pairs=pairs, appointments=configuration.appointments,
        habits=habits, days=Days(configuration.county.timezone), stills=stills,
        chargings=chargings, counted=Counted.build(wearings, habits, stills, chargings),
        registered=Registered.build(plane, table, region_m, configuration),
        rules_digest=rules_digest,
        groups=Groups.build(group, devices, wearings, {
            "watch": [person for person, _, _ in watches.key], "curfew": [person for person, _ in curfews.key],
            "presence": [person for person, _, _ in watches.key],
        }, [(each.device, each.until) for each in configuration.assignments]),
        seats={
            "device": devices, "levels": devices, "track": tuple("/".join(wearing) for wearing in wearings),
            "watch": tuple("/".join(key) for key in watches.key), "curfew": tuple("/".join(key) for key in curfews.key),
            "presence": tuple("/".join(key) for key in watches.key),
            "trust": tuple("/".join(wearing) for wearing in wearings),
            "grant": tuple(f"{person}/{kind}/{until:.0f}" for person, kind, until in grants.key),
            "pair": tuple("/".join(key) for key in pairs.key), "met": pairs.people,
            "habit": tuple(f"{one.person}/{one.rule}" for one in habits),
            "still": tuple(f"{one.device}/{one.person}/{one.rule}" for one in stills),
            "charging": tuple(f"{one.person}/{one.rule}" for one in chargings),
            "appointment": tuple(
                f"{one.person}/{one.zone}/{one.start:.0f}/{one.until:.0f}/{one.document}"
                for one in configuration.appointments
            ),
        },
        ties=np.array([_number(device) for device in devices], np.uint64), speakers=Speakers(device_index),
    )  # fmt: skip


def _lawful(
    configuration: Configuration, wearings: tuple[tuple[str, str], ...]
) -> Iterator[tuple[int, float, float]]:  # fmt: skip
    """(wearing, start, until) of each authority of a wearer that is of the device's kind; none beyond the term."""
    of: dict[tuple[str, AuthorityKind], list[Authority]] = {}
    for authority in configuration.authorities:
        of.setdefault((authority.person, authority.kind), []).append(authority)
    for index, (device, person) in enumerate(wearings):
        for authority in of.get((person, configuration.devices[device].basis), ()):
            yield index, authority.start, min(authority.until, configuration.people[person].term_until)


def _deadlines(configuration: Configuration, wearings: tuple[tuple[str, str], ...]) -> dict[str, NDArray[np.float64]]:
    level = [LEVELS.index(configuration.people[person].level) for _, person in wearings]
    return {
        kind: np.array([policy.by_level[index] for index in level], np.float64)
        for kind, policy in configuration.alarms.items()
        if policy.by_level is not None
    }


def _starts(count: int, rows: Iterable[tuple[int, float]]) -> tuple[NDArray[np.float64], ...]:
    starts: list[list[float]] = [[] for _ in range(count)]
    for key, start in rows:
        starts[key].append(start)
    return tuple(np.array(sorted(row), np.float64) for row in starts)


def joined(rows: Iterable[tuple[int, float, float]]) -> KeyedIntervals:
    """The union of intervals (key, start, until) as a table."""
    return KeyedIntervals.build((key, start, until, 1) for key, start, until in union(rows))


def _worn(configuration: Configuration, watches: Watches) -> list[tuple[int, float, float]]:
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


def _idle(
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


def _groups(devices: tuple[str, ...], wearings: tuple[tuple[str, str], ...]) -> NDArray[np.int64]:
    """Connected components of devices over shared wearers, numbered by their first device."""
    parent = {name: name for name in devices}

    def root(name: str) -> str:
        while parent[name] != name:
            name = parent[name]
        return name

    first_of_person: dict[str, str] = {}
    for device, person in wearings:
        ends = sorted((root(device), root(first_of_person.setdefault(person, device))))
        parent[ends[1]] = ends[0]
    index = {name: position for position, name in enumerate(devices)}
    return np.array([index[root(name)] for name in devices], np.int64)


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


def _near(watches: Watches, rules: dict[str, Rule]) -> NDArray[np.float64]:
    bounded = (watches.kind == WatchKind.STAY_INSIDE) | (watches.kind == WatchKind.KEEP_OUT)
    metres = np.array([rules[rule_kind.rsplit("/", 1)[0]].near_m for _, rule_kind, _ in watches.key], np.float64)
    return np.where(bounded, metres, 0.0)


def _zone_of(zone: str, person: str) -> str:
    return home_of(person) if zone == HOME else zone


def _watches(
    configuration: Configuration,
    rules: Collection[Rule],
    person_index: dict[str, int],
    zone_index: dict[str, int],
    region_m: NDArray[np.float64],
) -> Watches:
    phoned = {a.person for a in configuration.assignments if configuration.devices[a.device].is_phone}
    rows = sorted(
        (person_index[person], rule.id, int(kind), zone)
        for rule in rules
        for person in rule.people
        for zone, kind in _rows_of(rule, person)
        if zone in zone_index
        and (zone not in configuration.zones or configuration.zones[zone].is_for(person))
        and person in person_index
        and (kind is not WatchKind.REGION or (person in phoned and region_m[zone_index[zone]] >= REGION_M))
    )
    people = np.array([row[0] for row in rows], np.int64)
    names = sorted(person_index, key=person_index.__getitem__)
    count = np.bincount(people, minlength=len(person_index)).astype(np.int64)
    return Watches(
        key=tuple((names[person], f"{rule}/{kind}", zone) for person, rule, kind, zone in rows),
        person=people,
        zone=np.array([zone_index[row[3]] for row in rows], np.int64),
        kind=np.array([row[2] for row in rows], np.uint8),
        first=np.cumsum(count) - count,
        count=count,
    )


def _curfews(configuration: Configuration, watches: Watches, rules: dict[str, Rule]) -> Curfews:
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


def _number(device: str) -> int:
    return int.from_bytes(sha256(device.encode()).digest()[:8], "big")


def next_start(starts: NDArray[np.float64], after: float) -> float:
    """First of the sorted starts later than ``after``; inf when there is none."""
    index = int(np.searchsorted(starts, after, side="right"))
    return float(starts[index]) if index < len(starts) else math.inf
