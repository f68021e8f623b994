"""A county for the benchmark: everybody lawful, everybody with a curfew, an area to stay in and cafes to keep out of."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

CENTRE = (24.33, 109.42)
CAFES = 200
A_FILE = 5_000
"""Authorities in one file: none may have more than 2 MiB."""
FIRST = 13_900_000_000
"""Terminal phone of device 0."""
PROFILES = {"jt808": "g10ls", "gt06": "concox"}


def HOME(device: int) -> tuple[float, float]:  # noqa: N802  a constant of each device
    """Latitude and longitude of a device's home, on a grid of some 60 m."""
    return CENTRE[0] + 0.0006 * (device // 40), CENTRE[1] + 0.0006 * (device % 40)


def identity_of(device: int) -> str:
    """Terminal phone."""
    return f"{FIRST + device:012d}"


def number_of(identity: str) -> int:
    """Which device a terminal phone is of."""
    return int(identity) - FIRST


def write_county(  # noqa: PLR0913  what a county may be
    folder: Path, devices: int, port: int, *, protocol: str = "jt808", udp: int = 0, broker: int = 0, limits: str = ""
) -> None:  # fmt: skip
    """Write the configuration of a county with so many bracelets.

    Args:
        folder: an empty directory.
        devices: how many.
        port: for connections.
        protocol: what they speak.
        udp: a port for datagrams beside it; 0: none.
        broker: the port of a broker that alarms go to; 0: they go to a file.
        limits: keys of the listeners, ``key: value`` each, a comma before each.
    """
    today = datetime.now(UTC).date()
    since, until = today - timedelta(days=20), today + timedelta(days=20)
    numbers = range(devices)
    (folder / "zones").mkdir()
    (folder / "rules").mkdir()
    _table(folder / "people.csv", "person,level,office,minor,home_longitude,home_latitude,home_datum,home_radius_m", (
        f"P{n:05d},strict,office-1,no,{HOME(n)[1]:.6f},{HOME(n)[0]:.6f},wgs84,100" for n in numbers
    ))  # fmt: skip
    _table(folder / "devices.csv", "device,protocol,identity,profile", (
        f"B{n:05d},{protocol},{identity_of(n)},{PROFILES[protocol]}" for n in numbers
    ))  # fmt: skip
    _table(
        folder / "assignments.csv", "device,person,from,until", (f"B{n:05d},P{n:05d},{since} 00:00," for n in numbers)
    )
    ring = [[109.0, 24.0], [110.0, 24.0], [110.0, 26.0], [109.0, 26.0], [109.0, 24.0]]
    _zone(folder / "zones" / "county.geojson", [_feature("county", {"type": "Polygon", "coordinates": [ring]})])
    cafes = [
        _feature(
            f"cafe {n}", {"type": "Point", "coordinates": [109.2 + 0.002 * (n % 20), 24.6 + 0.002 * (n // 20)]}, 40
        )
        for n in range(CAFES)
    ]
    _zone(folder / "zones" / "cafes.geojson", cafes)
    ways = {"bracelets": f'tcp: "127.0.0.1:{port}"'} | ({"datagrams": f'udp: "127.0.0.1:{udp}"'} if udp else {})
    listeners = "\n".join(
        f"  - {{name: {name}, protocol: {protocol}, profile: {PROFILES[protocol]}, {way}{limits}}}"
        for name, way in ways.items()
    )
    upstream = f'{{name: city, mqtt: "mqtt://127.0.0.1:{broker}"}}' if broker else "{name: file, file: alarms.jsonl}"
    (folder / "gateway.yaml").write_text(
        f"""county: {{code: bench, timezone: Asia/Shanghai, language: en, bounds: zones/county.geojson, datum: wgs84}}
listeners:
{listeners}
storage: {{directory: data, keep_days: 30}}
upstreams:
  - {upstream}
people: people.csv
devices: devices.csv
assignments: assignments.csv
include: [rules/*.yaml]
""", "utf-8")  # fmt: skip
    for part in range(0, devices, A_FILE):
        authorities = "\n".join(
            f"  - {{person: P{n:05d}, kind: bracelet, ground: prohibition_order_breach, document: doc-{n}, "
            f"approved_by: head, wearer_informed: {since}, from: {since}, until: {until}}}"
            for n in numbers[part : part + A_FILE]
        )
        (folder / "rules" / f"authorities-{part}.yaml").write_text(f"authorities:\n{authorities}\n", "utf-8")
    (folder / "rules" / "all.yaml").write_text(
        """zones:
  - {id: county, name: county, datum: wgs84, file: zones/county.geojson}
  - {id: cafes, name: cafes, datum: wgs84, file: zones/cafes.geojson, buffer_m: 30}
rules:
  - {id: stay, people: all, basis: rule-1, stay_inside: county}
  - {id: out, people: all, basis: rule-2, keep_out: cafes}
  - id: nights
    people: all
    basis: rule-3
    curfew: {zone: home, from: "22:00", until: "08:00", days: daily, grace: 15min}
""", "utf-8")  # fmt: skip


def _table(path: Path, header: str, rows: object) -> None:
    path.write_text("\n".join([header, *rows]) + "\n", "utf-8")  # type: ignore[misc]


def _feature(name: str, geometry: dict, radius: float | None = None) -> dict:
    properties = {"name": name} | ({"radius_m": radius} if radius else {})
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def _zone(path: Path, features: list[dict]) -> None:
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")
