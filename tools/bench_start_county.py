"""A large county for the bench of a start: everybody with a bracelet, an authority and a home, and zones of every drawing.

Of a hundred zones 60 are circles and 39 polygons in YAML, and one has a GeoJSON file of ten places. There is a rule for
every fourth zone or so, beside those for all.
"""

from __future__ import annotations

import json
import math
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

CENTRE = (24.5, 109.5)
DEGREES = 0.9
"""Side of the county."""
A_FILE = 9_000
"""Entries of a YAML file: less than the two mebibytes that are read."""
PLACES = 10
"""Of a GeoJSON file."""
CIRCLES, DRAWN = 60, 99
"""Numbers of a hundred below which a zone is a circle, or else a polygon in YAML."""


def write_county(folder: Path, people: int, zones: int, port: int = 0) -> None:
    """Write the configuration of a county: ``gateway.yaml``, three tables, ``rules/*.yaml`` and ``zones/*.geojson``."""
    for name in ("zones", "rules"):
        (folder / name).mkdir(parents=True)
    today = datetime.now(UTC).date()
    since, until = today - timedelta(days=20), today + timedelta(days=20)
    _tables(folder, people, since.isoformat())
    (folder / "gateway.yaml").write_text(_MAIN.format(port=port), "utf-8")
    _geojson(folder / "zones" / "county.geojson", [("county", _polygon(*CENTRE, 1.1e5, 4, 45.0), None)])
    terms = f"wearer_informed: {since}, from: {since}, until: {until}"
    _yaml(folder, "authorities", (
        f"{{person: P{n:05d}, kind: bracelet, ground: prohibition_order_breach, document: A-{n}, approved_by: head, {terms}}}"
        for n in range(people)
    ))  # fmt: skip
    _yaml(folder, "zones", _zones(folder, zones))
    _yaml(folder, "rules", _rules(people, zones))


def _tables(folder: Path, people: int, since: str) -> None:
    homes = [_spot(n, people) for n in range(people)]
    levels = ("strict", "general", "lenient")
    _table(folder / "people.csv", "person,level,office,minor,home_longitude,home_latitude,home_datum,home_radius_m", (
        f"P{n:05d},{levels[n % 3]},office-{n % 20},no,{east:.6f},{north:.6f},gcj02,100"
        for n, (north, east) in enumerate(homes)
    ))  # fmt: skip
    _table(folder / "devices.csv", "device,protocol,identity,profile", (
        f"B{n:05d},jt808,{13_900_000_000 + n},g10ls" for n in range(people)
    ))  # fmt: skip
    _table(
        folder / "assignments.csv",
        "device,person,from,until",
        (f"B{n:05d},P{n:05d},{since} 00:00," for n in range(people)),
    )


def _spot(number: int, of: int) -> tuple[float, float]:
    """Latitude and longitude of one of so many spots on a grid over the county."""
    side = math.isqrt(max(of - 1, 1)) + 1
    row, column = divmod(number, side)
    south, west = CENTRE[0] - DEGREES / 2, CENTRE[1] - DEGREES / 2
    return south + DEGREES * (row + 0.5) / side, west + DEGREES * (column + 0.5) / side


def _polygon(north: float, east: float, metres: float, corners: int, turned: float = 0.0) -> list[list[float]]:
    scale = metres / 111_320.0
    angles = [math.radians(360.0 * corner / corners + turned) for corner in range(corners)]
    return [
        [
            round(east + scale * math.cos(each) / math.cos(math.radians(north)), 6),
            round(north + scale * math.sin(each), 6),
        ]
        for each in angles
    ]


def _zones(folder: Path, zones: int) -> Iterator[str]:
    yield "{id: county, name: county, datum: gcj02, file: zones/county.geojson}"

    for n in range(zones - 1):
        north, east = _spot(n, zones)
        head = f"id: Z{n:05d}, name: 地点{n:05d}, datum: gcj02"
        if n % 100 < CIRCLES:
            yield f"{{{head}, longitude: {east:.6f}, latitude: {north:.6f}, radius_m: {60 + n % 200}, buffer_m: 30}}"
        elif n % 100 < DRAWN:
            yield f"{{{head}, polygon: {_polygon(north, east, 100.0 + n % 300, 5 + n % 8)}, buffer_m: {n % 2 * 30}}}"
        else:
            name = f"zones/Z{n:05d}.geojson"
            places = [(f"place {n}-{k}", _polygon(north + 0.003 * k, east, 150.0, 30), None) for k in range(PLACES)]
            _geojson(folder / name, places)
            yield f"{{{head}, file: {name}}}"


def _rules(people: int, zones: int) -> Iterator[str]:
    yield "{id: stay, people: all, basis: B-1, stay_inside: county}"
    yield '{id: nights, people: all, basis: B-2, curfew: {zone: home, from: "22:00", until: "08:00", grace: 15min}}'
    for n in range(0, zones - 1, max((zones - 1) // max(people, 1), 1)):
        yield f"{{id: out-{n:05d}, people: [P{n * 7 % people:05d}], basis: B-{n}, keep_out: Z{n:05d}}}"


def _yaml(folder: Path, section: str, entries: Iterable[str]) -> None:
    written = list(entries)
    for number, first in enumerate(range(0, len(written), A_FILE)):
        lines = (f"  - {entry}" for entry in written[first : first + A_FILE])
        (folder / "rules" / f"{section}-{number}.yaml").write_text("\n".join([f"{section}:", *lines]) + "\n", "utf-8")


def _table(path: Path, header: str, rows: Iterable[str]) -> None:
    path.write_text("\n".join([header, *rows]) + "\n", "utf-8")


def _geojson(path: Path, places: Iterable[tuple[str, list, float | None]]) -> None:
    features = []
    for name, drawn, radius in places:
        kind = "Polygon" if radius is None else "Point"
        coordinates = [[*drawn, drawn[0]]] if radius is None else drawn
        properties = {"name": name} | ({} if radius is None else {"radius_m": radius})
        features.append(
            {"type": "Feature", "properties": properties, "geometry": {"type": kind, "coordinates": coordinates}}
        )
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")


_MAIN = """county: {{code: bench, timezone: Asia/Shanghai, language: en, bounds: zones/county.geojson, datum: gcj02}}
listeners:
  - {{name: bracelets, protocol: jt808, profile: g10ls, tcp: "127.0.0.1:{port}"}}
storage: {{directory: data, keep_days: 30}}
upstreams:
  - {{name: file, file: alarms.jsonl}}
people: people.csv
devices: devices.csv
assignments: assignments.csv
include: [rules/*.yaml]
"""
