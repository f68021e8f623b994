"""A county written in a moment: N bracelets, everybody lawful, one area to stay in, one broker."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

ACT_KEY = "made-up-act-key-of-32-bytes-or-more"
CODE = "pressed"


@dataclass(frozen=True)
class County:
    """Where it stands and how it is reached."""

    directory: Path
    port: int
    devices: int

    @property
    def storage(self) -> Path:
        return self.directory / "data"


def device(number: int) -> str:
    return f"B{number:04d}"


def phone(number: int) -> str:
    return f"{13_900_000_000 + number:012d}"


def write_county(directory: Path, port: int, devices: int, mqtt: int | None = None, udp: int | None = None) -> County:
    """Write the configuration.

    Args:
        mqtt: the broker's port; without it alarms go to a file.
        udp: a port for datagrams beside the one for connections.
    """
    today = datetime.now(UTC).date()
    since, until = today - timedelta(days=30), today + timedelta(days=30)
    directory.mkdir(parents=True, exist_ok=True)
    upstream = f'mqtt: "mqtt://127.0.0.1:{mqtt}", credential: city, accept_acts: true' if mqtt else "file: alarms.jsonl"
    ways = {"bracelets": f'tcp: "127.0.0.1:{port}"'} | ({"datagrams": f'udp: "127.0.0.1:{udp}"'} if udp else {})
    listeners = ", ".join(f"{{name: {name}, protocol: jt808, profile: g10ls, {way}}}" for name, way in ways.items())
    lines = [
        f"county: {{code: {CODE}, timezone: Asia/Shanghai, language: en, bounds: county.geojson, datum: wgs84}}",
        f"listeners: [{listeners}]",
        "storage: {directory: data, keep_days: 90}",
        f"upstreams: [{{name: city, {upstream}}}]",
        "zones: [{id: county, name: county, datum: wgs84, file: county.geojson}]",
        "rules: [{id: stay, people: all, basis: order-1, stay_inside: county}]",
        "people:",
        *(
            f"  - {{person: P{n:04d}, level: strict, office: S01, minor: false, home_longitude: 109.42, "
            "home_latitude: 24.33, home_datum: wgs84, home_radius_m: 200}"
            for n in range(devices)
        ),
        "devices:",
        *(
            f'  - {{device: {device(n)}, protocol: jt808, identity: "{phone(n)}", profile: g10ls}}'
            for n in range(devices)
        ),
        "assignments:",
        *(f'  - {{device: {device(n)}, person: P{n:04d}, from: "{since} 00:00"}}' for n in range(devices)),
        "authorities:",
        *(
            f"  - {{person: P{n:04d}, kind: bracelet, ground: prohibition_order_breach, document: order-{n}, "
            f"approved_by: head, wearer_informed: {since}, from: {since}, until: {until}}}"
            for n in range(devices)
        ),
    ]
    (directory / "gateway.yaml").write_text("\n".join(lines) + "\n", "utf-8")
    (directory / "credentials.yaml").write_text(
        f"city: {{username: gateway, password: made-up, act_key: {ACT_KEY}}}\n", "utf-8"
    )
    (directory / "county.geojson").write_text(
        '{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"name": "county"}, "geometry":'
        ' {"type": "Polygon", "coordinates": [[[109, 24], [110, 24], [110, 25], [109, 25], [109, 24]]]}}]}',
        "utf-8",
    )
    return County(directory, port, devices)
