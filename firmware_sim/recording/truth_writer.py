"""The truth of a scenario as records of JSON: what the scorer reads.

    scenario   name, why, seed, epoch, until, devices, days, baselines, advance_m
    breach     person, device, kind, zone, place, onset, until, heard, depth_m, usable_s, arrived_s, excused
    event      person, device, kind, onset, until
    pair       person, device: is to keep away from somebody protected
    approach   person, device, onset, until, barred, shown: the same as the event, see ``approaches``
    outage     onset, until, devices: a carrier's outage of two bracelets or more, and whose
    repeated   person, device, onset, until, latitude, longitude
    track      device, person, time, latitude, longitude, scene: corners of the bracelet's true track

Times are UTC epoch seconds, places WGS-84 degrees. ``advance_m``: metres of a step of timing advance as each device
counts them. ``place``: the one thing of the zone whose boundary it is.
``usable_s``: seconds of the breach that fixes which came in within ten minutes stand for; ``arrived_s``: with those
that came in later, up to ten minutes before the scenario's end; ``heard``: when the last of those came. A breach is
the person's; ``track`` the bracelet's, which may lie elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from firmware_sim.clock import DAY
from firmware_sim.configuration import CHARGE_BY, CHARGE_LEAST
from firmware_sim.people.track import SCENES
from firmware_sim.recording import approaches, asked, phones
from firmware_sim.recording.baseline import NAMES
from firmware_sim.recording.moments import joined
from firmware_sim.recording.wearing import switched_off
from firmware_sim.schedule import Span
from firmware_sim.world import METRES_PER_DEGREE_EAST, METRES_PER_DEGREE_NORTH, ORIGIN, to_degrees

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from firmware_sim.people.breach import Breach
    from firmware_sim.recording.run import Told
    from firmware_sim.recording.sent import Sent
    from firmware_sim.recording.wearing import Worn

Row = dict[str, object]
TIMELY = 600.0
"""Seconds from a fix to its receipt within which it can still help to find a breach."""
STANDS_FOR = 120.0
"""Seconds that one fix stands for at most."""
SILENCE = "comms_lost"
"""One, however many reasons there are for it at a time."""
NIGHTS, OF = 3, 5
"""So many of so many nights at one place are a repeated place, as the county's rule says."""
LONG_STAY = 2 * 3600.0
CARRIED = 1000.0
"""Metres."""


def records(told: Told, sent: Sent) -> Iterator[Row]:
    """All records: the scenario, outages, breaches, events, repeated places, tracks."""
    scenario, calendar = told.scenario, told.stage.calendar
    yield {
        "record": "scenario", "name": told.name, "why": scenario.why, "seed": scenario.seed, "epoch": calendar.epoch,
        "until": calendar.until, "devices": scenario.devices, "days": scenario.days,
        "baselines": {name: f"baseline-{name}.jsonl" for name in NAMES},
        "advance_m": {each.life.device: each.life.advance_step for each in told.worn},
    }  # fmt: skip
    yield from _outages(told)
    for each, fixes in zip(told.worn, _fixes(told, sent), strict=True):
        for person, breach in each.breaches:
            yield _breach(each, person, breach, fixes)
        yield from _events(each)
        yield from _partings(told, each)
        yield from approaches.records(told, each, sent)
        yield from _charges(told, each)
        for kind, span in asked.truths(told, each):
            yield _event(each, kind, span)
        yield from _repeated(told, each)
    for each in told.worn:
        yield from _track(each)


def _outages(told: Told) -> Iterator[Row]:
    """Stretches in which many have no network for one cause, by the scenario."""
    for outage in told.scenario.network.outages:
        start = told.stage.calendar.at(outage.day, outage.hour)
        until = start + 60.0 * outage.minutes
        dark = [each.life.device for each in told.worn if _has(each, start, until)]
        if len(dark) > 1:
            yield {"record": "outage", "onset": start, "until": until, "devices": dark}


def _has(worn: Worn, start: float, until: float) -> bool:
    return any(span.start <= start and span.until >= until for span in worn.unlinked)


@dataclass(frozen=True, slots=True)
class _Fixes:
    """A bracelet's fixes, by moment: when they came in, and whether that was in time, or early enough to count."""

    moment: NDArray[np.float64]
    received: NDArray[np.float64]
    timely: NDArray[np.bool_]
    arrived: NDArray[np.bool_]

    def within(self, span: Span) -> slice:
        """Those of a span."""
        return slice(*np.searchsorted(self.moment, [span.start, span.until]).tolist())


def _fixes(told: Told, sent: Sent) -> Iterator[_Fixes]:
    """Of each bracelet."""
    rows = np.lexsort((sent.measured.moment, sent.measured.device))
    rows = rows[sent.measured.located[rows]]
    device, moment, received = sent.measured.device[rows], sent.measured.moment[rows], sent.received[rows]
    timely = received - moment <= TIMELY
    arrived = timely | (received <= told.stage.calendar.until - TIMELY)
    edges = np.searchsorted(device, np.arange(len(told.worn) + 1)).tolist()
    for mine in (slice(*pair) for pair in pairwise(edges)):
        yield _Fixes(moment[mine], received[mine], timely[mine], arrived[mine])


def _breach(worn: Worn, person: str, breach: Breach, fixes: _Fixes) -> Row:
    span, mine = breach.span, fixes.within(breach.span)
    moment, arrived = fixes.moment[mine], fixes.arrived[mine] & _with_person(worn, span)
    usable, in_the_end = (_seconds(moment[some], span) for some in (arrived & fixes.timely[mine], arrived))
    return {
        "record": "breach", "person": person, "device": worn.life.device, "kind": breach.kind, "zone": breach.zone,
        "place": breach.place, "onset": span.start, "until": span.until,
        "heard": round(float(fixes.received[mine][arrived].max()), 1) if arrived.any() else None,
        "depth_m": round(breach.depth, 1), "usable_s": usable, "arrived_s": in_the_end,
        "excused": worn.life.excuses(person, span),
    }  # fmt: skip


def _seconds(fixes: NDArray[np.float64], span: Span) -> float:
    """Seconds of a span that fixes in it stand for."""
    edges = np.append(np.unique(fixes), span.until)
    return round(float(np.minimum(np.diff(edges), STANDS_FOR).sum()), 1)


def _with_person(worn: Worn, span: Span) -> bool:
    """Whether the bracelet was on the person's arm, and said so."""
    apart = [left for _, left in worn.life.left] + [
        span for name in ("spoofed", "shifted") for span in worn.life.stretches.get(name, ())
    ]
    return not any(left.start < span.until and span.start < left.until for left in apart)


def _events(worn: Worn) -> Iterator[Row]:
    life = worn.life
    told = [(happening.kind, happening.span) for happening in life.happenings]
    silences = joined([*worn.unlinked, *(span for kind, span in told if kind == SILENCE)])
    happened = [one for one in told if one[0] != SILENCE] + [(SILENCE, span) for span in silences]
    happened += [("battery_low", span) for span in worn.battery.low()]
    happened += [("power_off", span) for span in switched_off(life)]
    happened += [("restart", Span(span.until, span.until)) for span in switched_off(life)]
    happened += [("motion_no_gnss", span) for span in worn.dark if _is_carried(worn, span)]
    for kind, span in sorted(happened, key=lambda one: (one[1].start, one[0])):
        if worn.moments[0] <= span.start <= worn.moments[-1]:
            yield _event(worn, kind, span)


def _event(worn: Worn, kind: str, span: Span) -> Row:
    until = span.until if np.isfinite(span.until) else None
    return {
        "record": "event", "person": worn.life.person, "device": worn.life.device, "kind": kind, "onset": span.start,
        "until": until,
    }  # fmt: skip


def _partings(told: Told, worn: Worn) -> Iterator[Row]:
    """Phones that lay at home while their owners were elsewhere, of those that a carrier locates."""
    for onset, until in phones.apart(worn) if worn in phones.with_phones(told) else ():
        yield {
            "record": "event", "person": worn.life.person, "device": phones.device_of(worn), "kind": "phone_apart",
            "onset": onset, "until": until,
        }  # fmt: skip


def _charges(told: Told, worn: Worn) -> Iterator[Row]:
    """Days without the charge that was agreed, until there is one.

    Not of the first, of whose eve nothing is reported, nor of the last, of which it is said when all is over.
    """
    hour, minute = map(int, CHARGE_BY.split(":"))
    needs = worn.battery.below(CHARGE_LEAST, CHARGE_LEAST) if told.scenario.people.charging else ()
    charged = [-np.inf, *(need.until for need in needs)]
    for before, need in zip(charged, needs, strict=False):
        for day in range(1, told.stage.calendar.days - 1):
            by = told.stage.calendar.at(day, hour + minute / 60)
            if max(need.start, before + DAY) <= by < need.until:
                yield {
                    "record": "event", "person": worn.life.person, "device": worn.life.device,
                    "kind": "charge_missed", "onset": by, "until": need.until if np.isfinite(need.until) else None,
                }  # fmt: skip


def _is_carried(worn: Worn, span: Span) -> bool:
    """Whether the bracelet truly comes a kilometre away while it is kept from satellites."""
    moments = np.arange(span.start, span.until, 10.0)
    x, y = worn.track.at(moments)
    return bool((np.sqrt((x - x[0]) ** 2 + (y - y[0]) ** 2) >= CARRIED).any())


def _repeated(told: Told, worn: Worn) -> Iterator[Row]:
    """Places, not the home, where a person under curfew truly stayed for hours in enough nights of a few."""
    stays: dict[tuple[float, float], dict[int, Span]] = {}
    for person, breach in worn.breaches:
        long = breach.span.until - breach.span.start >= LONG_STAY
        if breach.kind == "curfew" and person == worn.life.person and long:
            middle = np.array([(breach.span.start + breach.span.until) / 2])
            x, y = (float(axis[0]) for axis in worn.person.at(middle))
            night = int((breach.span.start - told.stage.calendar.at(0, 12.0)) // 86400)
            stays.setdefault((round(x, 1), round(y, 1)), {}).setdefault(night, breach.span)
    for (x, y), spans in stays.items():
        nights = list(spans)
        for last in range(NIGHTS - 1, len(nights)):
            if nights[last] - nights[last - NIGHTS + 1] < OF:
                yield _repeated_row(worn, x, y, spans[nights[last - NIGHTS + 1]].start, spans[nights[-1]].until)
                break


def _repeated_row(worn: Worn, x: float, y: float, onset: float, until: float) -> Row:
    latitude, longitude = to_degrees(x, y)
    return {
        "record": "repeated", "person": worn.life.person, "device": worn.life.device, "onset": onset, "until": until,
        "latitude": round(latitude, 7), "longitude": round(longitude, 7),
    }  # fmt: skip


def _track(worn: Worn) -> Iterator[Row]:
    track, life = worn.track, worn.life
    latitude = np.round(ORIGIN[0] + track.y / METRES_PER_DEGREE_NORTH, 7).tolist()
    longitude = np.round(ORIGIN[1] + track.x / METRES_PER_DEGREE_EAST, 7).tolist()
    for time, north, east, scene in zip(track.time.tolist(), latitude, longitude, track.scene.tolist(), strict=True):
        yield {
            "record": "track", "device": life.device, "person": life.person, "time": time, "latitude": north,
            "longitude": east, "scene": SCENES[scene].value,
        }  # fmt: skip
