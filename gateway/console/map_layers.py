"""What a map shows, as the JSON that ``static/map.js`` draws: places in the datum of the county's maps, words said.

Degrees are longitude, latitude in ``datum``; radii are metres; times are UTC epoch seconds beside words of the county.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np
import shapely

from fencing.datum import from_wgs84
from fencing.plane import LocalPlane
from fencing.zones import CirclePlace
from gateway.console.words.texts import text
from gateway.engine import HOME, zone_shapes

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from fencing.datum import Datum
    from fencing.zones import GeometryPlace
    from gateway.engine import Curve as Evidence
    from gateway.engine import Fix, Past, Registered, Told
    from gateway.engine import Gap as Unknown
    from gateway.settings.model import Configuration
    from gateway.words.alarm_words import Words

DIGITS = 6
"""Decimals of a degree: a tenth of a metre."""
AROUND, MOST_REACH, MOST_PLACES = 500.0, 5000.0, 60
"""Metres about a track within which registered places are drawn, at most so far from its middle, and so many."""
CORNER_M = 2.0
"""Metres by which a drawn border may differ from the true one."""


class Spot(msgspec.Struct, frozen=True, omit_defaults=True):
    """A place with its radius of 95 %. ``kind``: how it is drawn; ``time`` and ``words``: what is read of it."""

    lon: float
    lat: float
    at: float = 0.0
    r: float = 0.0
    source: str = "none"
    kind: str = ""
    time: str = ""
    words: str = ""
    id: str = ""


class Gap(msgspec.Struct, frozen=True, rename={"begin": "from", "end": "to"}):
    """A time without a fix, between two."""

    since: float
    until: float
    begin: Spot
    end: Spot
    time: str
    words: str


class Outline(msgspec.Struct, frozen=True):
    """A zone's place: GeoJSON in the map's datum; a circle is a Point with its radius ``r``.

    ``kind``: ``barred``, ``allowed``, ``duty``, ``home``, ``county``, or ``drawn`` of one that is in force for nobody.
    """

    name: str
    kind: str
    geometry: dict[str, Any]
    r: float = 0.0


class Curve(msgspec.Struct, frozen=True):
    """How probable it was that a rule was not kept, over time; None where that is not known.

    ``times``: the times in words; ``limits``: the thresholds; ``moments``: when something was judged.
    """

    words: str
    at: list[float]
    p: list[float | None]
    times: list[str]
    limits: list[float]
    moments: list[float]


class Stay(msgspec.Struct, frozen=True):
    """A time at rest, in words."""

    since: str
    until: str
    words: str


class Layers(msgspec.Struct, frozen=True):
    """All that one map shows, and what belongs to the same stretch of time.

    ``said``: the line below it; ``bounds``: west, south, east, north of the county.
    """

    datum: str
    bounds: list[float] | None = None
    zones: list[Outline] = []
    homes: list[Spot] = []
    places: list[Spot] = []
    fixes: list[Spot] = []
    track: list[Spot] = []
    gaps: list[Gap] = []
    moment: Spot | None = None
    curves: list[Curve] = []
    stays: list[Stay] = []
    said: str = ""


@dataclass(frozen=True, slots=True)
class Drawing:
    """Draws in the datum of a county's maps, in a visitor's words."""

    configuration: Configuration
    words: Words

    @property
    def maps(self) -> Datum:
        """Datum of the county's maps."""
        return self.configuration.county.maps

    def on_maps(self, latitude: Sequence[float], longitude: Sequence[float]) -> list[tuple[float, float]]:
        """WGS-84 degrees as longitude and latitude on the maps."""
        north, east = from_wgs84(latitude, longitude, self.maps)
        return list(zip(np.round(east, DIGITS).tolist(), np.round(north, DIGITS).tolist(), strict=True))

    def spot(self, latitude: float, longitude: float, radius: float, at: float, words: str) -> Spot:
        """One place."""
        [(lon, lat)] = self.on_maps([latitude], [longitude])
        return Spot(lon, lat, at, round(radius, 1), time=self.words.clock(at, seconds=True), words=words)

    def layers(self, people: Sequence[str], past: Past) -> Layers:
        """People's zones and homes, and a past: what was told, the track, its gaps and the evidence."""
        track = self.track(past.fixes)
        return Layers(
            str(self.maps), self.bounds(), zones=[*self.county(), *self.zones_of(people)],
            homes=self.homes_of(people),
            fixes=self.told(past.told), track=track, gaps=self.gaps(past.gaps, track), curves=self.curves(past.curves),
        )  # fmt: skip

    def told(self, told: Sequence[Told]) -> list[Spot]:
        """Places as the devices told them, with their sources; ``kind``: ``unused`` where the track left one out."""
        pairs = zip(self._spots(told, "map_fix"), told, strict=True)
        return [spot if one.used else self._unused(spot) for spot, one in pairs]

    def _unused(self, spot: Spot) -> Spot:
        words = spot.words + text(self.words.language, "map_unused")
        return msgspec.structs.replace(spot, kind="unused", words=words)

    def track(self, fixes: Sequence[Fix]) -> list[Spot]:
        """Places as they were worked out."""
        return self._spots(fixes, "map_spot")

    def _spots(self, fixes: Sequence[Fix | Told], key: str) -> list[Spot]:
        on_maps = self.on_maps([fix.latitude for fix in fixes], [fix.longitude for fix in fixes])
        said = partial(text, self.words.language)
        sources = {source: said(f"source_{source}") for source in {fix.source for fix in fixes}}
        spots = []
        for (lon, lat), fix in zip(on_maps, fixes, strict=True):
            time, radius = self._clock(fix.time), self.words.distance(fix.radius_m)
            words = said(key, time=time, source=sources[fix.source], radius=radius)
            spots.append(Spot(lon, lat, fix.time, fix.radius_m, fix.source, time=time, words=words))
        return spots

    def _clock(self, at: float) -> str:
        return self.words.clock(at, seconds=True)

    def gaps(self, gaps: Sequence[Unknown], track: Sequence[Spot]) -> list[Gap]:
        """Where a track has no place for long, from the one before to the one after."""
        by_time = {spot.at: spot for spot in track}
        ends = [(one, by_time.get(one.since), by_time.get(one.until)) for one in gaps]
        return [self._gap(one, first, last) for one, first, last in ends if first and last]

    def _gap(self, gap: Unknown, before: Spot, after: Spot) -> Gap:
        lasted, since = self.words.lasted(gap.until - gap.since), self.words.clock(gap.since)
        key = "map_gap_heard" if gap.reports else "map_gap"
        said = text(self.words.language, key, since=since, lasted=lasted, count=gap.reports)
        return Gap(gap.since, gap.until, before, after, before.time, said)

    def curves(self, curves: Sequence[Evidence]) -> list[Curve]:
        """What the evidence said of each rule and zone, fix by fix."""
        return [self._curve(one) for one in curves if one.times]

    def _curve(self, one: Evidence) -> Curve:
        zone = self.words.part(HOME) if one.name == HOME else one.name
        words = text(self.words.language, "curve_of", rule=one.rule, zone=zone)
        moments = [at for at, _ in one.moments]
        times = [self._clock(at) for at in one.times]
        return Curve(words, list(one.times), list(one.breach), times, [one.threshold], moments)

    def bounds(self) -> list[float] | None:
        """The county's, as far as its files say them."""
        county = self.configuration.county.bounds
        return None if county is None else list(shapely.bounds(self._shifted(county)).tolist())

    def county(self) -> list[Outline]:
        """The county's own border, as its files have it."""
        county = self.configuration.county
        return [] if county.bounds is None else [self._outline(county.code, "county", county.bounds)]

    def zones_of(self, people: Iterable[str]) -> list[Outline]:
        """The zones that rules of these people speak of, without homes."""
        kinds = kinds_of(self.configuration, frozenset(people))
        return self._drawn(kinds)

    def zones_among(self, names: Iterable[str]) -> list[Outline]:
        """Zones by their ids, each as what it is to anybody; those of which no rule speaks as places of duty."""
        kinds = kinds_of(self.configuration, frozenset(self.configuration.people))
        return self._drawn({name: kinds.get(name, "duty") for name in names})

    def _drawn(self, kinds: Mapping[str, str]) -> list[Outline]:
        plane = LocalPlane(*self.configuration.county.centre)
        wanted = {name: zone for name, zone in self.configuration.zones.items() if name in kinds}
        shapes = zone_shapes(replace(self.configuration, zones=wanted, people={}), plane)
        return [self._place(place, kinds[shape.id], plane) for shape in shapes for place in shape.places]

    def zone(self, configuration: Configuration, name: str) -> list[Outline]:
        """A zone as it is drawn in a configuration that is not in force."""
        plane = LocalPlane(*configuration.county.centre)
        alone = replace(configuration, zones={name: configuration.zones[name]}, people={})
        return [self._place(place, "drawn", plane) for shape in zone_shapes(alone, plane) for place in shape.places]

    def homes_of(self, people: Iterable[str]) -> list[Spot]:
        """The homes of people, as far as they have one."""
        known = self.configuration.people
        homes = [(person, home) for person in people if (home := known[person].home) is not None]
        on_maps = self.on_maps([home.latitude for _, home in homes], [home.longitude for _, home in homes])
        return [
            Spot(lon, lat, r=home.radius_m, kind="home", words=text(self.words.language, "map_home", person=person))
            for (lon, lat), (person, home) in zip(on_maps, homes, strict=True)
        ]

    def registered(self, known: Registered, fixes: Sequence[Fix]) -> list[Spot]:
        """Registered places about a track, the nearest to its middle: what a map without streets is read by."""
        if not fixes:
            return []
        x, y = known.plane.forward([fix.latitude for fix in fixes], [fix.longitude for fix in fixes])
        reach = min(float(np.hypot(np.ptp(x), np.ptp(y))) / 2.0 + AROUND, MOST_REACH)
        east, north = float(x.min() + x.max()) / 2.0, float(y.min() + y.max()) / 2.0
        near = known.index.within(east, north, reach, fixes[-1].time)[:MOST_PLACES]
        table = known.index.table
        west, south, east, north = table.bounds[:, [int(table.first[one.zone]) + one.place for one in near]]
        latitude, longitude = known.plane.inverse((west + east) / 2.0, (south + north) / 2.0)
        names = [table.place_name(one.zone, one.place) for one in near]
        on_maps = self.on_maps(latitude.tolist(), longitude.tolist())
        return [Spot(*spot, kind="registered", words=name) for spot, name in zip(on_maps, names, strict=True)]

    def _place(self, place: CirclePlace | GeometryPlace, kind: str, plane: LocalPlane) -> Outline:
        if isinstance(place, CirclePlace):
            latitude, longitude = plane.inverse([place.x], [place.y])
            [centre] = self.on_maps(latitude.tolist(), longitude.tolist())
            return Outline(self._named(place.name, kind), kind, {"type": "Point", "coordinates": centre}, place.radius)
        simple = shapely.simplify(place.geometry, CORNER_M)
        return self._outline(place.name, kind, shapely.transform(simple, lambda metres: _degrees(metres, plane)))

    def _outline(self, name: str, kind: str, geometry: shapely.Geometry) -> Outline:
        return Outline(self._named(name, kind), kind, shapely.geometry.mapping(self._shifted(geometry)))

    def _named(self, name: str, kind: str) -> str:
        return name if kind == "county" else f"{name} · {text(self.words.language, f'map_{kind}')}"

    def _shifted(self, geometry: shapely.Geometry) -> shapely.Geometry:
        """A geometry of WGS-84 degrees, longitude first, on the maps."""

        def shift(degrees: NDArray[np.float64]) -> NDArray[np.float64]:
            north, east = from_wgs84(degrees[:, 1], degrees[:, 0], self.maps)
            return np.column_stack([np.round(east, DIGITS), np.round(north, DIGITS)])

        return shapely.transform(geometry, shift)


def _degrees(metres: NDArray[np.float64], plane: LocalPlane) -> NDArray[np.float64]:
    latitude, longitude = plane.inverse(metres[:, 0], metres[:, 1])
    return np.column_stack([longitude, latitude])


def kinds_of(configuration: Configuration, people: frozenset[str]) -> dict[str, str]:
    """What each zone is to these people: a place of duty gives way to an area, that to a barred one."""
    rules = [rule for rule in configuration.rules if not people.isdisjoint(rule.people)]
    kinds = {rule.curfew.zone: "duty" for rule in rules if rule.curfew and rule.curfew.zone != HOME}
    kinds |= {rule.stay_inside: "allowed" for rule in rules if rule.stay_inside}
    kinds |= {rule.keep_out: "barred" for rule in rules if rule.keep_out}
    return {zone: kind for zone, kind in kinds.items() if any(map(configuration.zones[zone].is_for, people))}
