"""What is drawn in a zone of the files, as shapes: in exactly one way, with what belongs to that."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import shapely

from gateway.settings.geojson import Shape, read_geojson

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from shapely import Geometry

    from gateway.settings.documents import Path
    from gateway.settings.entries import Entry
    from gateway.settings.faults import Findings
    from gateway.settings.raw import ZoneEntry
    from gateway.settings.sources import Sources

    Ring = Sequence[Sequence[float]]

WAYS: Final[Mapping[str, tuple[str, ...]]] = {
    "file": ("radius_m", "width_m"),
    "polygon": ("holes",),
    "parts": (),
    "line": ("width_m",),
    "longitude": ("latitude", "radius_m"),
}
"""The key by which a zone is drawn, and which others go with it."""
_WITH: Final = ("latitude", "radius_m", "width_m", "holes")


def shapes(zone: Entry[ZoneEntry], sources: Sources, findings: Findings) -> list[Shape]:
    """What is drawn in one zone; on a fault that leaves nothing to go on with, nothing."""
    entry = zone.value
    used = [way for way in WAYS if getattr(entry, way) is not None]
    circle = entry.longitude is not None and entry.latitude is not None and entry.radius_m is not None
    if len(used) != 1 or (used == ["longitude"] and not circle):
        findings.add(zone.place("id"), "zone_shape", value=entry.id)
        return []
    for key in _WITH:
        if getattr(entry, key) is not None and key not in WAYS[used[0]]:
            findings.add(zone.place(key), "zone_key_useless", key=key, way=used[0])
    if entry.file is not None:
        text = sources.text(entry.file, zone.place("file"), findings)
        return [] if text is None else read_geojson(sources.shown(entry.file), text, findings)
    return [_INLINE[used[0]](zone)]


def _polygon(zone: Entry[ZoneEntry]) -> Shape:
    outline, holes = zone.value.polygon or [], zone.value.holes or []
    rings = [(("polygon",), outline), *((("holes", at), hole) for at, hole in enumerate(holes))]
    return _shape(zone, shapely.Polygon(outline, holes), rings)


def _parts(zone: Entry[ZoneEntry]) -> Shape:
    parts = zone.value.parts or []
    rings: list[tuple[Path, Ring]] = []
    for at, part in enumerate(parts):
        rings.append((("parts", at, "outline"), part.outline))
        rings += [(("parts", at, "holes", number), hole) for number, hole in enumerate(part.holes)]
    return _shape(zone, shapely.MultiPolygon([(part.outline, part.holes) for part in parts]), rings)


def _line(zone: Entry[ZoneEntry]) -> Shape:
    line = zone.value.line or []
    return _shape(zone, shapely.LineString(line), [(("line",), line)])


def _circle(zone: Entry[ZoneEntry]) -> Shape:
    point = shapely.Point(zone.value.longitude, zone.value.latitude)
    place = zone.place("longitude")
    return Shape(1, place, zone.value.name, point, zone.value.radius_m, lambda _: place)


_INLINE: Final[Mapping[str, Callable[[Entry[ZoneEntry]], Shape]]] = {
    "polygon": _polygon, "parts": _parts, "line": _line, "longitude": _circle,
}  # fmt: skip


def _shape(zone: Entry[ZoneEntry], geometry: Geometry, rings: Sequence[tuple[Path, Ring]]) -> Shape:
    corners = list(_corners(rings, is_closed=geometry.geom_type != "LineString"))
    place = zone.place(rings[0][0][0])
    return Shape(
        1, place, zone.value.name, geometry, None, lambda index: zone.place(*corners[index]), zone.value.width_m
    )


def _corners(rings: Sequence[tuple[Path, Ring]], *, is_closed: bool) -> Iterator[Path]:
    """Where each corner is written, in shapely's flat order; what closes a ring stands where the ring begins."""
    for path, ring in rings:
        yield from ((*path, index) for index in range(len(ring)))
        if is_closed and list(ring[0]) != list(ring[-1]):
            yield (*path, 0)
