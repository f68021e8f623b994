"""The county's bounds and the zones: shapes as drawn become places in WGS-84."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from gateway.settings.geography import (
    LEAST_RADIUS_M,
    converted,
    in_county,
    inner_radius_m,
    least_inner_m,
    on_earth,
    plainly_on_earth,
    uncrossed,
    within,
)
from gateway.settings.geojson import Shape, read_geojson
from gateway.settings.model import Area, Circle, ZoneDefinition

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from shapely import Geometry

    from gateway.settings.entries import Entry
    from gateway.settings.faults import Findings, Place
    from gateway.settings.raw import CountyEntry, ZoneEntry
    from gateway.settings.sources import Sources

_POLYGONS = ("Polygon", "MultiPolygon")


def county_bounds(county: Entry[CountyEntry], sources: Sources, findings: Findings) -> Geometry | None:
    """The county's area in WGS-84, or None with the fault noted."""
    name, datum = county.value.bounds, county.value.datum
    text = sources.text(name, county.place("bounds"), findings)
    if text is None:
        return None
    before = len(findings)
    shapes = read_geojson(sources.shown(name), text, findings)
    sound = [_sound(shape, datum, findings) for shape in shapes]
    if not shapes or not all(sound) or len(findings) > before:
        return None
    if any(shape.geometry.geom_type not in _POLYGONS for shape in shapes):
        findings.add(shapes[0].place, "bounds_polygon")
        return None
    return shapely.union_all(converted([shape.geometry for shape in shapes], datum))


def _sound(shape: Shape, datum: str, findings: Findings) -> bool:
    return on_earth(shape.geometry, datum, shape.corner, findings) and uncrossed(
        shape.geometry, shape.number, shape.place, findings
    )


def zone_definitions(
    zones: Sequence[Entry[ZoneEntry]], bounds: Geometry | None, sources: Sources, findings: Findings
) -> dict[str, ZoneDefinition]:
    """All zones by id, their places in WGS-84; every doubtful shape is noted."""
    drawn = [_Drawing(zone, shape, bounds) for zone in zones for shape in _shapes(zone, sources, findings)]
    sound = [one for one, well in zip(drawn, _are_sound(drawn), strict=True) if well or one.is_sound(findings)]
    places: dict[int, list[Circle | Area]] = {}
    for one, place in zip(sound, _places(sound, bounds, findings), strict=True):
        places.setdefault(id(one.zone), []).append(place)
    return {
        zone.value.id: ZoneDefinition(
            zone.value.id, zone.value.name, tuple(places.get(id(zone), ())), zone.value.buffer_m
        )
        for zone in zones
    }  # fmt: skip


def _are_sound(drawn: Sequence[_Drawing]) -> NDArray[np.bool_]:
    """Of each whether it is well beyond doubt, asked of all at once; bool (n,)."""
    geometries = np.array([one.shape.geometry for one in drawn], np.object_)
    on_land = plainly_on_earth(geometries, [one.zone.value.datum for one in drawn])
    well: NDArray[np.bool_] = on_land & shapely.is_valid(geometries)
    return well


def _places(drawn: Sequence[_Drawing], bounds: Geometry | None, findings: Findings) -> list[Circle | Area]:
    """Sound shapes as places, in their order; each datum is left behind for all of its shapes at once."""
    moved = np.array([one.shape.geometry for one in drawn], np.object_)
    datums = np.array([one.zone.value.datum for one in drawn])
    for datum in np.unique(datums).tolist():
        rows = np.flatnonzero(datums == datum)
        moved[rows] = converted(moved[rows].tolist(), datum)
    inside = within(moved, bounds)
    wide = np.array([one.zone.value.buffer_m for one in drawn]) + least_inner_m(moved) >= LEAST_RADIUS_M
    return [
        one.place(geometry, findings, is_inside=bool(inside[at]), is_wide=bool(wide[at]))
        for at, (one, geometry) in enumerate(zip(drawn, moved.tolist(), strict=True))
    ]


def _shapes(zone: Entry[ZoneEntry], sources: Sources, findings: Findings) -> list[Shape]:
    """What is drawn in one zone; on a fault that leaves nothing to go on with, nothing."""
    entry, ways = zone.value, ("file", "polygon", "longitude")
    used = [way for way in ways if getattr(entry, way) is not None]
    circle = entry.longitude is not None and entry.latitude is not None and entry.radius_m is not None
    if len(used) != 1 or ("longitude" in used) != circle:
        findings.add(zone.place("id"), "zone_shape", value=entry.id)
        return []
    return _drawn(zone, used[0], sources, findings)


def _drawn(zone: Entry[ZoneEntry], way: str, sources: Sources, findings: Findings) -> list[Shape]:
    entry, place = zone.value, zone.place(way)
    if entry.file is not None:
        text = sources.text(entry.file, place, findings)
        return [] if text is None else read_geojson(sources.shown(entry.file), text, findings)
    if entry.polygon is not None:
        outline = shapely.Polygon(entry.polygon)
        return [Shape(1, place, entry.name, outline, None, lambda index: zone.place("polygon", index))]
    point = shapely.Point(entry.longitude, entry.latitude)
    return [Shape(1, place, entry.name, point, entry.radius_m, lambda _: place)]


@dataclass(frozen=True, slots=True)
class _Drawing:
    """One shape of a zone on its way to a place."""

    zone: Entry[ZoneEntry]
    shape: Shape
    bounds: Geometry | None

    @property
    def name(self) -> str:
        return self.shape.name or self.zone.value.name

    def is_sound(self, findings: Findings) -> bool:
        """Whether its axes and outline are; what is wrong is noted."""
        return _sound(self.shape, self.zone.value.datum, findings)

    def place(self, geometry: Geometry, findings: Findings, *, is_inside: bool, is_wide: bool) -> Circle | Area:
        """The place at ``geometry`` (WGS-84). What is plainly within the county or wide enough is not asked again."""
        if not is_inside:
            self._check_county(geometry, findings)
        if self.shape.geometry.geom_type == "Point":
            radius = self.shape.radius_m or self.zone.value.radius_m
            if radius is None:
                findings.add(self.shape.place, "point_radius", number=self.shape.number)
            else:
                self._check_size(radius, findings)
            return Circle(self.name, float(geometry.y), float(geometry.x), radius or 0.0)
        if not is_wide:
            self._check_size(inner_radius_m(geometry), findings)
        return Area(self.name, geometry)

    def _check_county(self, geometry: Geometry, findings: Findings) -> None:
        fault = "" if self.zone.value.outside_county else in_county(geometry, self.bounds)
        if fault:
            place = self.shape.corner(0) if fault == "axes_swapped" else self.shape.place
            note_outside(fault, self.name, self.shape.geometry, place, findings)

    def _check_size(self, radius_m: float, findings: Findings) -> None:
        inner = radius_m + self.zone.value.buffer_m
        if inner < LEAST_RADIUS_M:
            findings.add(
                self.shape.place, "zone_small", name=self.name, inner=round(inner, 1), least=int(LEAST_RADIUS_M)
            )


def note_outside(key: str, name: str, written: Geometry, place: Place, findings: Findings) -> None:
    """Note a shape that lies outside the county, with a point of it as it was written."""
    point = shapely.point_on_surface(written)
    longitude, latitude = round(float(point.x), 6), round(float(point.y), 6)
    findings.add(place, key, name=name, longitude=longitude, latitude=latitude)
