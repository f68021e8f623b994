"""The county's bounds and the zones: shapes as drawn become places in WGS-84."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from fencing.drawing import corridors
from gateway.settings.drawings import shapes
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
from gateway.settings.geojson import read_geojson
from gateway.settings.model import Area, Circle, ZoneDefinition
from gateway.settings.sources import text_digest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from shapely import Geometry

    from gateway.settings.entries import Entry
    from gateway.settings.faults import Findings, Place
    from gateway.settings.geojson import Shape
    from gateway.settings.raw import CountyEntry, ZoneEntry
    from gateway.settings.sources import Sources

_POLYGONS = ("Polygon", "MultiPolygon")
_LINES = ("LineString", "MultiLineString")


def county_bounds(county: Entry[CountyEntry], sources: Sources, findings: Findings) -> Geometry | None:
    """The county's area in WGS-84, or None with the fault noted."""
    name, datum = county.value.bounds, county.value.datum
    text = sources.text(name, county.place("bounds"), findings)
    if text is None:
        return None
    before = len(findings)
    drawn = read_geojson(sources.shown(name), text, findings)
    sound = [_sound(shape, datum, findings) for shape in drawn]
    if not drawn or not all(sound) or len(findings) > before:
        return None
    if any(shape.geometry.geom_type not in _POLYGONS for shape in drawn):
        findings.add(drawn[0].place, "bounds_polygon")
        return None
    return shapely.union_all(converted([shape.geometry for shape in drawn], datum))


def _sound(shape: Shape, datum: str, findings: Findings) -> bool:
    return on_earth(shape.geometry, datum, shape.corner, findings) and uncrossed(
        shape.geometry, shape.number, shape.corner, findings
    )


def zone_definitions(
    zones: Sequence[Entry[ZoneEntry]], bounds: Geometry | None, sources: Sources, findings: Findings
) -> dict[str, ZoneDefinition]:
    """All zones by id, their places in WGS-84; every doubtful shape is noted."""
    kept = {id(zone): found for zone in zones if (found := _kept(zone, sources)) is not None}
    drawn = [
        _Drawing(zone, shape, bounds)
        for zone in zones if id(zone) not in kept for shape in shapes(zone, sources, findings)
    ]  # fmt: skip
    sound = [one for one, well in zip(drawn, _are_sound(drawn), strict=True) if well or one.is_sound(findings)]
    places: dict[int, list[Circle | Area]] = {}
    for one, place in zip(sound, _places(sound, bounds, findings), strict=True):
        places.setdefault(id(one.zone), []).append(place)
    return {
        zone.value.id: ZoneDefinition(
            zone.value.id, zone.value.name, kept.get(id(zone)) or tuple(places.get(id(zone), ())), zone.value.buffer_m
        )
        for zone in zones
    }  # fmt: skip


def _kept(zone: Entry[ZoneEntry], sources: Sources) -> tuple[Circle | Area, ...] | None:
    """The places of a zone that were drawn and judged before; None: they have to be."""
    piece = zone.document.kept
    if piece is None:
        return None
    at, text = int(zone.path[-1]), "" if zone.value.file is None else sources.at_hand(zone.value.file)
    is_so = text is not None and (zone.value.file is None or text_digest(text) == piece.cited[at])
    return piece.places[at] if is_so else None


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
    lines = [at for at, one in enumerate(drawn) if one.is_line]
    # Of a line without a width, which is a fault, something has to stand there all the same.
    moved[lines] = corridors(moved[lines].tolist(), [2.0 * (drawn[at].stated_m or LEAST_RADIUS_M) for at in lines])
    inside = within(moved, bounds)
    wide = np.array([one.zone.value.buffer_m for one in drawn]) + least_inner_m(moved) >= LEAST_RADIUS_M
    return [
        one.place(geometry, findings, is_inside=bool(inside[at]), is_wide=bool(wide[at]))
        for at, (one, geometry) in enumerate(zip(drawn, moved.tolist(), strict=True))
    ]


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

    @property
    def is_line(self) -> bool:
        """Whether it is to become a corridor."""
        return self.shape.geometry.geom_type in _LINES

    @property
    def stated_m(self) -> float | None:
        """Metres on all sides of a point or a line, as the shape or else its zone says; None: it is not said."""
        if self.is_line:
            width = self.shape.width_m or self.zone.value.width_m
            return None if width is None else 0.5 * width
        return self.shape.radius_m or self.zone.value.radius_m

    def place(self, geometry: Geometry, findings: Findings, *, is_inside: bool, is_wide: bool) -> Circle | Area:
        """The place at ``geometry`` (WGS-84). What is plainly within the county or wide enough is not asked again."""
        if not is_inside:
            self._check_county(geometry, findings)
        kind, stated = self.shape.geometry.geom_type, self.stated_m
        if kind in _POLYGONS:
            if not is_wide:
                self._check_size(inner_radius_m(geometry), findings)
        elif stated is None:
            findings.add(self.shape.place, "line_width" if self.is_line else "point_radius", number=self.shape.number)
        else:
            self._check_size(stated, findings)
        if kind == "Point":
            return Circle(self.name, float(geometry.y), float(geometry.x), stated or 0.0)
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
