"""GeoJSON texts as shapes, each with its number and place in the file; structure only, no geography."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from shapely.geometry import shape

from gateway.settings.coordinates import coordinate_flaw, planar
from gateway.settings.faults import Place
from gateway.settings.values import MOST_METRES, visible

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from shapely import Geometry

    from gateway.settings.faults import Findings

_SHAPES = ("Polygon", "MultiPolygon", "LineString", "MultiLineString", "Point")
_BLANK_OR_COMMA = re.compile(r"[\s,]*")
_COORDINATES = re.compile(r'"coordinates"\s*:')
_CORNER = re.compile(r"\[\s*(?=[^\s\[])")
_MOST_SHOWN = 60
_UNREADABLE = object()


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a feature stands in its file: from the character ``start``, which is on ``line``, up to ``end``."""

    file: str
    text: str
    line: int
    start: int
    end: int

    def place(self) -> Place:
        """Where the feature begins."""
        return self._at(self.start)

    def corner(self, index: int) -> Place:
        """Where the corner of that index (from 0, over all rings) is written; the feature's start if it is not."""
        coordinates = _COORDINATES.search(self.text, self.start, self.end)
        if coordinates is None:
            return self.place()
        corners = islice(_CORNER.finditer(self.text, coordinates.end(), self.end), index, None)
        return next((self._at(corner.start()) for corner in corners), self.place())

    def _at(self, offset: int) -> Place:
        line = self.line + self.text.count("\n", self.start, offset)
        return Place(self.file, line, offset - self.text.rfind("\n", 0, offset))


@dataclass(frozen=True, slots=True)
class Shape:
    """One feature: its number from 1, name, geometry (longitude, latitude as written), radius or width.

    ``corner`` gives the place of a corner by its index in shapely's flat order.
    """

    number: int
    place: Place
    name: str
    geometry: Geometry
    radius_m: float | None
    corner: Callable[[int], Place]
    width_m: float | None = None


def read_geojson(file: str, text: str, findings: Findings) -> list[Shape]:
    """The polygons, lines and points of a GeoJSON text (RFC 7946); everything that is none is noted."""
    data = _parsed(file, text, findings)
    features = None if data is _UNREADABLE else _features(file, data, findings)
    if features is None:
        return []
    if not features:
        findings.add(Place(file), "geojson_empty")
    origins, whole = _origins(file, text), Origin(file, text, 1, 0, len(text))
    found: list[Shape] = []
    for index, feature in enumerate(features):
        origin = origins[index] if index < len(origins) else whole
        read = _shape(index + 1, origin, feature, findings)
        if read is not None:
            found.append(read)
    return found


def _parsed(file: str, text: str, findings: Findings) -> object:
    try:
        return json.loads(text)
    except json.JSONDecodeError as fault:
        findings.add(Place(file, fault.lineno, fault.colno), "json_syntax", cause=fault.msg)
    except ValueError:
        findings.add(Place(file), "json_syntax", cause="a number is too long")
    except RecursionError:
        findings.add(Place(file), "json_syntax", cause="nested too deep")
    return _UNREADABLE


def _features(file: str, data: object, findings: Findings) -> list[Any] | None:
    if not isinstance(data, dict) or "type" not in data:
        findings.add(Place(file), "geojson_type")
        return None
    kind = data["type"]
    if kind == "FeatureCollection":
        if isinstance(data.get("features"), list):
            return list(data["features"])
        findings.add(Place(file), "geojson_features")
        return None
    if kind == "Feature":
        return [data]
    if kind in _SHAPES:
        return [{"type": "Feature", "geometry": data}]
    findings.add(Place(file), "geojson_kind", value=str(kind)[:_MOST_SHOWN])
    return None


def _shape(number: int, origin: Origin, feature: object, findings: Findings) -> Shape | None:
    geometry = feature.get("geometry") if isinstance(feature, dict) else None
    if not isinstance(feature, dict) or not isinstance(geometry, dict):
        findings.add(origin.place(), "geojson_geometry", number=number)
        return None
    kind = geometry.get("type")
    if kind not in _SHAPES:
        findings.add(origin.place(), "geojson_kind", value=str(kind)[:_MOST_SHOWN])
        return None
    flaw = coordinate_flaw(kind, geometry.get("coordinates"))
    if flaw is not None:
        findings.add(origin.corner(flaw.corner), flaw.key, number=number, value=str(flaw.value)[:_MOST_SHOWN])
        return None
    properties = feature.get("properties")
    properties = properties if isinstance(properties, dict) else {}
    radius, width = (_metres(number, origin, properties, key, findings) for key in ("radius_m", "width_m"))
    name = str(properties.get("name") or "")
    if visible(name) != name:
        findings.add(origin.place(), "unseen", value=name[:_MOST_SHOWN])
    outline = shape({"type": kind, "coordinates": planar(geometry["coordinates"])})
    return Shape(number, origin.place(), name, outline, radius, origin.corner, width)


def _metres(
    number: int, origin: Origin, properties: Mapping[str, object], key: str, findings: Findings
) -> float | None:
    """A radius or width; a doubtful one is noted, and stands as the largest so that none is asked for as well."""
    written = properties.get(key)
    if written is None:
        return None
    if isinstance(written, (int, float)) and not isinstance(written, bool) and 0 < written <= MOST_METRES:
        return float(written)
    most, shown = int(MOST_METRES), str(written)[:_MOST_SHOWN]
    findings.add(origin.place(), "geojson_metres", number=number, key=key, value=shown, most=most)
    return MOST_METRES


def _origins(file: str, text: str) -> list[Origin]:
    """Where each feature of a collection stands: the decoder is run over the array, feature by feature."""
    found = re.search(r'"features"\s*:\s*\[', text)
    if found is None:
        return []
    decoder, line, counted, offset = json.JSONDecoder(), 1, 0, found.end()
    origins: list[Origin] = []
    while True:
        start = _blank_end(text, offset)
        if start >= len(text) or text[start] == "]":
            return origins
        try:
            offset = decoder.raw_decode(text, start)[1]
        except ValueError:
            return origins
        line, counted = line + text.count("\n", counted, start), start
        origins.append(Origin(file, text, line, start, offset))


def _blank_end(text: str, offset: int) -> int:
    found = _BLANK_OR_COMMA.match(text, offset)
    return found.end() if found else offset
