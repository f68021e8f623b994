"""Statement of a track: what was received of a person in a time, stays, gaps, radii, how sure, on which basis."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np

from fencing.plane import LocalPlane
from gateway.engine import HOME
from gateway.printed.sheet import Picture
from gateway.replay.stays import stays_of
from gateway.words import printed_words as said
from gateway.words import statement_words as words
from gateway.words.coordinates import on_maps
from gateway.words.evidence_words import PRESENCE
from gateway.words.track_formats import SOURCES, Track
from gateway.words.track_page import WORDS, drawing

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gateway.engine import Fix, Past, Registered, Told
    from gateway.printed.sheet import Facts, Making, Part, Sheet, Table
    from gateway.replay.stays import Stay
    from gateway.settings.model import Configuration, Home
    from gateway.store.presence import Stretch
    from gateway.text import Text

LEAST_GAP = 900.0
"""Seconds from which on a time without a place is told: as between two places of a track."""
SIGNS = ("line", "radius", "start", "end", "home", "allowed", "barred")
"""What a map's signs are called in ``track_page.WORDS``."""


@dataclass(frozen=True, slots=True)
class Stated:
    """What a statement is made of.

    Attributes:
        person: whose.
        since, until: the time, UTC epoch seconds, since <= t < until.
        past: of that time; its fixes in order.
        presence: whether he was where he had to be.
        registered: places that officers have registered.
        configuration: in force.
    """

    person: str
    since: float
    until: float
    past: Past
    presence: Sequence[Stretch]
    registered: Registered
    configuration: Configuration


def track_statement(one: Stated, making: Making) -> Sheet:
    """The document."""
    parts: list[Part] = [_window(one, making), *_map(one, making), _days(one, making), _stays(one, making)]
    parts += [_gaps(one, making), _presence(one, making), _authorities(one, making), _rules(one, making)]
    return making.sheet(words.STATEMENT, one.person, words.LEAD, parts, [said.MADE_BY, said.CHECKED_BY])


def _window(one: Stated, making: Making) -> Facts:
    fixes, told = one.past.fixes, one.past.told
    found = [(words.REPORTS, _told(told, making)), *_fixes(fixes, making)]
    nothing = [(words.REPORTS, making.say(words.NOTHING))]
    return making.facts(words.WINDOW, [
        (said.PERSON, one.person), (said.OFFICE, one.configuration.people[one.person].office),
        (said.SINCE, making.stamp(one.since)), (said.UNTIL, making.stamp(one.until)),
        (words.DEVICES, _worn(one, making)), *(found if fixes or told else nothing),
        (words.CUT, making.say(words.CUT) if one.past.cut else ""),
        (words.DATUM, on_maps(*making.county.centre, making.county.maps).datum),
        (words.SURE, making.say(words.SURE_IS)),
    ])  # fmt: skip


def _worn(one: Stated, making: Making) -> str:
    worn = [
        each for each in one.configuration.assignments
        if each.person == one.person and each.start < one.until and each.until > one.since
    ]  # fmt: skip
    return "；".join(
        making.say(words.WORN, device=each.device, since=making.stamp(each.start), until=_end(each.until, making))
        for each in worn
    )


def _end(time: float, making: Making) -> str:
    return making.stamp(time) if math.isfinite(time) else making.say(said.OPEN_END)


def _told(told: Sequence[Told], making: Making) -> str:
    counts = Counter(one.source for one in told)
    sources = ", ".join(f"{making.say(SOURCES[name])} {counts[name]}" for name in sorted(counts))
    return making.say(words.REPORTS_ARE, told=len(told), used=sum(one.used for one in told), sources=sources or "-")


def _fixes(fixes: Sequence[Fix], making: Making) -> Iterator[tuple[Text, str]]:
    if not fixes:
        return
    radii, far = np.array([fix.radius_m for fix in fixes]), making.words.distance
    first, last = making.stamp(fixes[0].time), making.stamp(fixes[-1].time)
    yield words.FIXES, making.say(words.FIXES_ARE, count=len(fixes), first=first, last=last)
    wide = {"median": np.median(radii), "wide": np.quantile(radii, 0.95), "most": radii.max()}
    yield words.RADII, making.say(words.RADII_ARE, **{name: far(float(value)) for name, value in wide.items()})


def _map(one: Stated, making: Making) -> Iterator[Picture]:
    if one.past.fixes:
        county, language = making.county, making.language
        track = Track(one.person, one.past.fixes, county.maps, making.zone, language)
        svg = drawing(track, one.configuration, LocalPlane(*county.centre))
        yield Picture(making.say(words.MAP), svg, [(name, WORDS[name].of(language)) for name in SIGNS])


def _days(one: Stated, making: Making) -> Table:
    told = sorted(one.past.told, key=lambda each: each.time)
    rows = [_day(day, list(each), making) for day, each in groupby(told, lambda each: making.words.day(each.time))]
    heads = [words.DAY, words.TOLD, words.FIRST, words.LAST, words.MEDIAN]
    return making.table(words.DAYS, heads, rows)


def _day(day: str, told: Sequence[Told], making: Making) -> list[str]:
    median = float(np.median([one.radius_m for one in told]))
    return [
        day, str(len(told)), making.stamp(told[0].time), making.stamp(told[-1].time), making.words.distance(median)
    ]  # fmt: skip


def _stays(one: Stated, making: Making) -> Table:
    home = one.configuration.people[one.person].home
    rows = [_stay(each, home, making) for each in stays_of(one.past.fixes, one.registered)]
    return making.table(words.STAYS, [said.SINCE, said.UNTIL, said.LASTED, words.WHERE, words.RADIUS], rows)


def _stay(stay: Stay, home: Home | None, making: Making) -> list[str]:
    return [
        making.stamp(stay.since), making.stamp(stay.until), making.words.lasted(stay.until - stay.since),
        _where(stay, home, making), making.words.distance(stay.radius_m),
    ]  # fmt: skip


def _where(stay: Stay, home: Home | None, making: Making) -> str:
    """At home, or the place on the county's maps, how far from home, and what is registered there."""
    place = on_maps(stay.latitude, stay.longitude, making.county.maps)
    told = making.say(words.PLACE, longitude=place.longitude, latitude=place.latitude)
    if home is not None:
        x, y = LocalPlane(home.latitude, home.longitude).forward(stay.latitude, stay.longitude)
        away = float(np.hypot(x, y))
        if away <= home.radius_m + stay.radius_m:
            return making.say(words.AT_HOME)
        way = making.words.way(float(np.degrees(np.arctan2(x, y))) % 360.0)
        told = making.say(words.AWAY, place=told, distance=making.words.distance(away), way=way)
    names = ("、" if making.language == "zh" else ", ").join(stay.places)
    return making.say(words.REGISTERED, place=told, names=names) if names else told


def _gaps(one: Stated, making: Making) -> Table:
    rows = [
        [making.stamp(since), making.stamp(until), making.words.lasted(until - since), reports]
        for since, until, reports in _without(one)
    ]
    heads = [said.SINCE, said.UNTIL, said.LASTED, words.REPORTED]
    return making.table(words.GAPS, heads, rows, words.GAP_NOTE)


def _without(one: Stated) -> Iterator[tuple[float, float, str]]:
    """Times without a place, also before the first and after the last; reports are counted between two places."""
    first, last = (one.past.fixes[0].time, one.past.fixes[-1].time) if one.past.fixes else (one.until, one.until)
    if first - one.since > LEAST_GAP:
        yield one.since, first, "-"
    for gap in one.past.gaps:
        yield gap.since, gap.until, str(gap.reports)
    if one.until - last > LEAST_GAP:
        yield last, one.until, "-"


def _presence(one: Stated, making: Making) -> Table:
    rows = [
        [
            making.stamp(each.since), making.stamp(each.until), making.words.lasted(each.until - each.since), each.rule,
            _zone(each.zone, one, making), making.say(PRESENCE[each.state]),
        ]
        for each in one.presence
    ]  # fmt: skip
    heads = [said.SINCE, said.UNTIL, said.LASTED, said.RULE, words.DUE, words.JUDGED]
    return making.table(words.PRESENCE, heads, rows, words.PRESENCE_NOTE)


def _zone(zone: str, one: Stated, making: Making) -> str:
    if zone.split(":", 1)[0] == HOME:
        return making.words.part(HOME)
    return one.configuration.zones[zone].name if zone in one.configuration.zones else zone


def _authorities(one: Stated, making: Making) -> Table:
    rows = [
        [making.say(said.AUTHORITY_KINDS[each.kind]), each.document, each.approved_by, making.stamp(each.start),
         _end(each.until, making)]
        for each in one.configuration.authorities
        if each.person == one.person and each.start < one.until and each.until > one.since
    ]  # fmt: skip
    heads = [said.KIND, said.DOCUMENT, said.APPROVED, said.SINCE, said.UNTIL]
    return making.table(words.AUTHORITIES, heads, rows)


def _rules(one: Stated, making: Making) -> Table:
    rows = [
        [each.id, each.basis, "" if each.basis_kind is None else making.say(said.BASIS_KINDS[each.basis_kind])]
        for each in one.configuration.rules
        if one.person in each.people and each.start < one.until and each.until > one.since
    ]
    return making.table(words.RULES, [said.RULE, said.BASIS, words.BASIS_KIND], rows)
