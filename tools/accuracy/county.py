"""The smallest county that judges nobody and follows everybody: one bracelet a track."""

from __future__ import annotations

import csv
import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from fencing.plane import LocalPlane

HALF = 20_000.0
"""Metres from the county's middle to its sides."""


def write(folder: Path, bracelets: int, plane: LocalPlane, start: float) -> None:
    """Write its files; positioning is allowed for the week around ``start`` (UTC epoch seconds)."""
    (folder / "rules").mkdir(parents=True)
    (folder / "zones").mkdir()
    day = datetime.fromtimestamp(start, UTC).date()
    since, until = day - timedelta(days=3), day + timedelta(days=3)
    (folder / "gateway.yaml").write_text(
        "county: {code: accuracy, timezone: UTC, language: en, bounds: zones/county.geojson, datum: wgs84, maps: wgs84}\n"
        "devices: devices.csv\npeople: people.csv\nassignments: assignments.csv\ninclude: [rules/*.yaml]\n"
        'listeners: [{name: none, protocol: jt808, profile: g10ls, tcp: "127.0.0.1:7611"}]\n'
        "storage: {directory: data, keep_days: 180}\n", "utf-8",
    )  # fmt: skip
    latitude, longitude = plane.inverse([-HALF, -HALF, HALF, HALF, -HALF], [-HALF, HALF, HALF, -HALF, -HALF])
    ring = [[float(east), float(north)] for east, north in zip(longitude, latitude, strict=True)]
    outline = {
        "type": "Feature",
        "properties": {"name": "county"},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }
    (folder / "zones/county.geojson").write_text(
        json.dumps({"type": "FeatureCollection", "features": [outline]}), "utf-8"
    )
    numbers = range(bracelets)
    _table(folder / "devices.csv", ["device", "protocol", "identity", "profile"],
           [(f"B{n:04d}", "jt808", f"{13900000000 + n:012d}", "g10ls") for n in numbers])  # fmt: skip
    _table(folder / "people.csv", ["person", "level", "office", "minor", "home_longitude", "home_latitude", "home_datum", "home_radius_m"],
           [(f"P{n:04d}", "general", "SFS-01", "false", "", "", "", "") for n in numbers])  # fmt: skip
    _table(folder / "assignments.csv", ["device", "person", "from", "until"],
           [(f"B{n:04d}", f"P{n:04d}", f"{since} 00:00", "") for n in numbers])  # fmt: skip
    allowed = "".join(
        f"  - {{person: P{n:04d}, kind: bracelet, ground: refused_to_report, document: made-up-{n}, approved_by: made up,"
        f" wearer_informed: {since}, from: {since}, until: {until}}}\n"
        for n in numbers
    )
    (folder / "rules/rules.yaml").write_text(f"authorities:\n{allowed}", "utf-8")


def _table(path: Path, head: list[str], rows: list[tuple]) -> None:
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([head, *rows])
