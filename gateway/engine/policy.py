"""A configuration compiled to columns: who wears what, what the law allows, which watches hang on whom.

Compiled outside ``step`` (it buffers zones) and handed in by the digest that the journal's configuration entry names.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from fencing.days import Days
from fencing.intervals import KeyedIntervals
from fencing.plane import LocalPlane
from fencing.zones import ZoneTable
from gateway.engine.drawn import draw
from gateway.engine.grants import Grants
from gateway.engine.groups import Groups
from gateway.engine.habits import Charging, Counted, Habit, Still, chargings_of, habits_of, stills_of
from gateway.engine.leave_places import entered_leave, lifted_spans, place_rules
from gateway.engine.pairs import Pairs
from gateway.engine.parts import Parts
from gateway.engine.registered import Registered
from gateway.engine.sharing import counting, grouped
from gateway.engine.speakers import Speakers
from gateway.engine.watching import (
    BARRED,
    Curfews,
    Watches,
    curfew_rows,
    idle_of,
    joined,
    near_of,
    watches_of,
    worn_of,
)
from gateway.kinds import LEVELS
from gateway.settings.model import REGION_M

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from gateway.engine.drawn import Drawn
    from gateway.engine.leave_places import PlaceRule
    from gateway.engine.parts import Part
    from gateway.settings.model import Appointment, Authority, AuthorityKind, Configuration, Rule

Name = TypeVar("Name")

AT_HOME = 2.0
"""How many times the usual silence may last that began at home, where the county says nothing else."""
SETTLED = 60.0
"""Seconds after the last fix arrived: more of the same upload may follow, and is judged before a wearing ends."""


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
    counted_of: KeyedIntervals
    """As ``assigned``, without wearings that are over for good (``sharing``): no report is decided as theirs."""
    fitted: KeyedIntervals
    """By device; the value is the row of ``fitted_at``: one a hand-over, be it to the same person again."""
    fitted_at: NDArray[np.float64]
    """By row of the registers' wearings: of one that goes on where another one of the wearer ends, when that began."""
    given: NDArray[np.int64]
    """Devices that are given to somebody, at ``given_at`` (UTC epoch seconds) each; not where the wearer goes on."""
    given_at: NDArray[np.float64]
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
    parts: Mapping[str, Part] = field(compare=False, repr=False)
    """What it is made of, for the policy that follows it."""
    anew: tuple[str, ...] = field(compare=False, repr=False)
    """Names of the parts that were made; all others are those of the policy before."""
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


def compile_policy(
    configuration: Configuration, drawn: Drawn | None = None, before: Policy | None = None
) -> Policy:  # fmt: skip
    """Compile a checked configuration.

    Args:
        configuration: made of the same objects as that of ``before`` wherever both say the same, or what does not
            depend on what changed is compiled anew as well.
        drawn: what :func:`gateway.engine.drawn.draw` makes of it, if it is at hand.
        before: the policy of another configuration, of which the parts are taken that would come out the same.

    Raises:
        fencing.errors.GeometryFault: a zone's shape is unusable (``check`` would have said so).
    """
    parts = Parts(configuration, {} if before is None else before.parts)
    of, read = parts.of, parts.read
    devices = read("devices", lambda now: tuple(sorted(now.devices)))
    people = read("people", lambda now: tuple(sorted(now.people)))
    wearings = read("wearings", lambda now: tuple(sorted({(a.device, a.person) for a in now.assignments})))
    device_index, person_index = of("device_index", _numbered, devices), of("person_index", _numbered, people)
    wearing_index = of("wearing_index", _numbered, wearings)
    plane = read("plane", lambda now: LocalPlane(*now.county.centre))
    shapes, region_m, rules_digest, table = drawn or draw(configuration, plane)
    table = table or ZoneTable.build(shapes)
    zone_ids = of("zone_ids", lambda shapes: tuple(shape.id for shape in shapes), table.shapes)
    places = read("places", place_rules)
    rules = read("rules", _rules, places)
    watches = read(
        "watches", watches_of, rules, person_index, of("zone_index", _numbered, zone_ids),
        of("wide", lambda metres: metres >= REGION_M, region_m),
    )  # fmt: skip
    curfews, pairs = read("curfews", curfew_rows, watches, rules), read("pairs", Pairs.build, wearings)
    curfew_key = of("curfew_key", lambda curfews: curfews.key, curfews)
    habits, stills = read("habits", habits_of), read("stills", stills_of, wearings)
    chargings, grants = read("chargings", chargings_of), read("grants", Grants.build)
    worn, lawful = read("spells", worn_of, watches), read("lawful", _lawful, wearings)
    deadlines = read("deadlines", _deadlines, wearings)
    sharing = read("sharing", _sharing)
    group = of("group", grouped, devices, sharing)
    return Policy(
        configuration=configuration, devices=devices, device_index=device_index, people=people, wearings=wearings,
        wearing_person=of("wearing_person", _wearers, wearings, person_index),
        phone=read("phone", _phones, devices), hidden=read("hidden", _protected, wearings), group=group,
        **read("assigned", _assigned, device_index, wearing_index),
        counted_of=read("counted_of", _counted_of, device_index, wearing_index),
        worn=of("worn", lambda worn: KeyedIntervals.build((*spell, row) for row, spell in enumerate(worn)), worn),
        worn_ends=of("worn_ends", lambda worn: np.array([until for *_, until in worn], np.float64), worn),
        authorised=of("authorised", joined, lawful),
        authority_starts=of("authority_starts", _authority_starts, wearings, lawful),
        on_leave=read("on_leave", _on_leave, watches), places=places, idle=read("idle", idle_of, watches, rules),
        removed=read("removed", _removed, person_index),
        plane=plane, zones=table, zone_ids=zone_ids,
        watches=watches, near=of("near", near_of, watches, rules), curfews=curfews, rules=rules,
        **_limits(configuration, deadlines), region_m=region_m, deadlines=deadlines,
        grants=grants, pairs=pairs, appointments=configuration.appointments,
        habits=habits, days=read("days", lambda now: Days(now.county.timezone)), stills=stills,
        chargings=chargings, counted=of("counted", Counted.build, wearings, habits, stills, chargings),
        registered=read("registered", _registered, plane, table, region_m),
        rules_digest=rules_digest,
        groups=read(
            "groups", _grouped, group, devices, wearings, sharing, of("watched", _watched, watches, curfew_key)
        ),
        seats={
            "device": devices, "levels": devices, "track": (track := of("track_seats", _seats, wearings)),
            "watch": (watch := of("watch_seats", lambda watches: _seats(watches.key), watches)),
            "curfew": of("curfew_seats", _seats, curfew_key), "presence": watch, "trust": track,
            "grant": of("grant_seats", _grant_seats, grants),
            "pair": tuple("/".join(key) for key in pairs.key), "met": pairs.people,
            "habit": tuple(f"{one.person}/{one.rule}" for one in habits),
            "still": tuple(f"{one.device}/{one.person}/{one.rule}" for one in stills),
            "charging": tuple(f"{one.person}/{one.rule}" for one in chargings),
            "appointment": tuple(
                f"{one.person}/{one.zone}/{one.start:.0f}/{one.until:.0f}/{one.document}"
                for one in configuration.appointments
            ),
        },
        ties=of("ties", lambda devices: np.array([_number(device) for device in devices], np.uint64), devices),
        speakers=Speakers(device_index), parts=parts.made, anew=tuple(parts.anew),
    )  # fmt: skip


def _numbered(names: Sequence[Name]) -> dict[Name, int]:
    return {name: index for index, name in enumerate(names)}


def _rules(configuration: Configuration, places: Mapping[str, PlaceRule]) -> dict[str, Rule]:
    return {rule.id: rule for rule in configuration.rules} | {key: each.rule for key, each in places.items()}


def _wearers(wearings: tuple[tuple[str, str], ...], person_index: Mapping[str, int]) -> NDArray[np.int64]:
    return np.array([person_index[person] for _, person in wearings], np.int64)


def _phones(configuration: Configuration, devices: tuple[str, ...]) -> NDArray[np.bool_]:
    return np.array([configuration.devices[device].is_phone for device in devices], np.bool_)


def _protected(configuration: Configuration, wearings: tuple[tuple[str, str], ...]) -> NDArray[np.bool_]:
    return np.array([configuration.people[person].protected for _, person in wearings], np.bool_)


def _assigned(
    configuration: Configuration, device_index: Mapping[str, int], wearing_index: Mapping[tuple[str, str], int]
) -> dict[str, Any]:
    """Columns of a policy about who is assigned what."""
    rows = [
        (device_index[a.device], a.start, a.until, wearing_index[a.device, a.person]) for a in configuration.assignments
    ]
    fitted_at = _fitted_at(rows)
    given = [(device, start) for (device, start, *_), fitted in zip(rows, fitted_at, strict=True) if fitted == start]
    return {
        "assigned": KeyedIntervals.build(rows),
        "fitted": KeyedIntervals.build((*each[:3], row) for row, each in enumerate(rows)),
        "fitted_at": np.array(fitted_at, np.float64),
        "given": np.array([device for device, _ in given], np.int64),
        "given_at": np.array([start for _, start in given], np.float64),
        "assignment_starts": _starts(len(device_index), ((device, start) for device, start, *_ in rows)),
    }


def _counted_of(
    configuration: Configuration, device_index: Mapping[str, int], wearing_index: Mapping[tuple[str, str], int]
) -> KeyedIntervals:
    return KeyedIntervals.build(
        (device_index[a.device], a.start, a.until, wearing_index[a.device, a.person]) for a in counting(configuration)
    )


def _sharing(configuration: Configuration) -> tuple[tuple[str, str], ...]:
    """(device, person) of each wearing of which reports may still count."""
    return tuple(sorted({(a.device, a.person) for a in counting(configuration)}))


def _fitted_at(rows: Sequence[tuple[int, float, float, int]]) -> list[float]:
    """Of (device, start, until, wearing) when it was fitted: where the wearer goes on, with the row before."""
    began: dict[tuple[int, int, float], float] = {}
    for device, start, until, wearing in sorted(rows):
        began[device, wearing, until] = began.get((device, wearing, start), start)
    return [began[device, wearing, until] for device, _, until, wearing in rows]


def _authority_starts(
    wearings: tuple[tuple[str, str], ...], lawful: Iterable[tuple[int, float, float]]
) -> tuple[NDArray[np.float64], ...]:
    return _starts(len(wearings), ((wearing, start) for wearing, start, _ in lawful))


def _on_leave(configuration: Configuration, watches: Watches) -> KeyedIntervals:
    return joined(lifted_spans(watches.key, entered_leave(configuration), {}, BARRED))


def _removed(configuration: Configuration, person_index: Mapping[str, int]) -> KeyedIntervals:
    return joined((person_index[each.person], each.start, each.until) for each in configuration.removals)


def _limits(configuration: Configuration, deadlines: Mapping[str, NDArray[np.float64]]) -> dict[str, Any]:
    """Figures of a policy, in seconds: as the county says, or as they usually are."""
    alarms = configuration.alarms
    shortest = min((float(each.min()) for each in deadlines.values() if len(each)), default=math.inf)
    silence, at_home = alarms["comms_lost"].after_seconds, alarms["comms_lost"].at_home_seconds
    off_after, unseen_after = alarms["phone_off"].after_seconds, alarms["motion_no_gnss"].after_seconds
    silence = 1200.0 if silence is None else silence
    return {
        "silence_after": silence, "silence_at_home": AT_HOME * silence if at_home is None else at_home,
        "faint_after": silence / 2.0, "phone_off_after": 10800.0 if off_after is None else off_after,
        "unseen_after": 1200.0 if unseen_after is None else unseen_after,
        "shortest": shortest, "soonest": min(shortest, SETTLED, silence / 2.0),
    }  # fmt: skip


def _registered(
    configuration: Configuration, plane: LocalPlane, table: ZoneTable, region_m: NDArray[np.float64]
) -> Registered:
    return Registered.build(plane, table, region_m, configuration)


def _watched(watches: Watches, curfew_key: tuple[tuple[str, str], ...]) -> dict[str, list[str]]:
    """By bank the person of each row."""
    watching = [person for person, _, _ in watches.key]
    return {"watch": watching, "curfew": [person for person, _ in curfew_key], "presence": watching}


def _grouped(
    configuration: Configuration, group: NDArray[np.int64], devices: tuple[str, ...],
    wearings: tuple[tuple[str, str], ...], sharing: tuple[tuple[str, str], ...], watched: Mapping[str, Sequence[str]],
) -> Groups:  # fmt: skip
    ends = [(each.device, each.until) for each in configuration.assignments]
    return Groups.build(group, devices, wearings, sharing, watched, ends)


def _seats(keys: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple("/".join(key) for key in keys)


def _grant_seats(grants: Grants) -> tuple[str, ...]:
    return tuple(f"{person}/{kind}/{until:.0f}" for person, kind, until in grants.key)


def _lawful(
    configuration: Configuration, wearings: tuple[tuple[str, str], ...]
) -> tuple[tuple[int, float, float], ...]:  # fmt: skip
    """(wearing, start, until) of each authority of a wearer that is of the device's kind; none beyond the term."""
    of: dict[tuple[str, AuthorityKind], list[Authority]] = {}
    found: list[tuple[int, float, float]] = []
    for authority in configuration.authorities:
        of.setdefault((authority.person, authority.kind), []).append(authority)
    for index, (device, person) in enumerate(wearings):
        for authority in of.get((person, configuration.devices[device].basis), ()):
            span = authority.start, min(authority.until, configuration.people[person].term_until)
            if span[0] < span[1]:
                found.append((index, *span))
    return tuple(found)


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
    # Most begin on one of a few days, and an array is fifteen times as large as its one number.
    distinct = {each: np.array(each, np.float64) for each in {tuple(sorted(row)) for row in starts}}
    return tuple(distinct[tuple(sorted(row))] for row in starts)


def _number(device: str) -> int:
    return int.from_bytes(sha256(device.encode()).digest()[:8], "big")


def next_start(starts: NDArray[np.float64], after: float) -> float:
    """First of the sorted starts later than ``after``; inf when there is none."""
    index = int(np.searchsorted(starts, after, side="right"))
    return float(starts[index]) if index < len(starts) else math.inf
