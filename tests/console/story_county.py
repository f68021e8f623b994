"""The county of the night shift, written in a moment: two offices, their staff, and whom they look after. All invented.

Places are GCJ-02, longitude first.
"""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pressed_county import County

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

CODE = "shifan-demo"
Place = tuple[float, float]


@dataclass(frozen=True)
class Supervised:
    """A person, where they live, and the last day of their authority."""

    person: str
    level: str
    office: str
    home: Place
    minor: bool = False
    until: str = "2027-01-31"

    @property
    def device(self) -> str:
        return f"B{self.person[1:]}"

    @property
    def phone(self) -> str:
        return f"{13_900_000_000 + int(self.person[1:]):012d}"


PEOPLE = (
    Supervised("P0001", "strict", "SFS-01", (109.4102, 24.3310)),
    Supervised("P0004", "general", "SFS-01", (109.4180, 24.3262)),
    Supervised("P0007", "general", "SFS-01", (109.4052, 24.3391)),
    Supervised("P0009", "lenient", "SFS-01", (109.4305, 24.3402), until="2026-11-30"),
    Supervised("P0011", "general", "SFS-01", (109.3905, 24.3205)),
    Supervised("P0012", "general", "SFS-01", (109.4235, 24.3156)),
    Supervised("P0020", "general", "SFS-01", (109.4411, 24.3187), minor=True),
    *(Supervised(f"P{n:04d}", "general", "SFS-02", (109.4700 + 0.003 * (n - 30), 24.3350)) for n in range(30, 39)),
)
BY_ID = {one.person: one for one in PEOPLE}
ELSEWHERE: Place = (109.4330, 24.3105)
"""Where P0001 spends nights, about 3.2 km south-east of home."""
ON_LEAVE: Place = (109.4521, 24.3012)
"""Where P0011 is, on leave."""
CAFE: Place = (109.4235, 24.3152)
"""Barred to P0012, who lives beside it."""
FLAT: Place = (109.4235, 24.3154)
"""Where P0012's fixes fall, around the side of the house that the cafe is on: on the border of what is barred."""
ROAD: Place = (109.5000, 24.3600)
"""Where P0033 is on the way to when the office's network fails."""
OFFICES = {"SFS-01": "城中司法所", "SFS-02": "河东司法所"}
STAFF = (
    ("D01", "duty", ""), ("D02", "duty", ""), ("S01", "office", "SFS-01"), ("S02", "office", "SFS-02"),
    ("L01", "leader", ""), ("A01", "auditor", ""),
)  # fmt: skip
MAIN = """\
county: {{code: {code}, timezone: Asia/Shanghai, language: zh, bounds: zones/county.geojson, datum: gcj02}}
listeners: [{{name: 腕带, protocol: jt808, profile: g10ls, tcp: "127.0.0.1:{port}"}}]
storage: {{directory: data, keep_days: 180}}
upstreams: [{{name: 市平台, file: alarms.jsonl}}]
people: people.csv
devices: devices.csv
assignments: assignments.csv
zones:
  - {{id: county, name: 示范县, datum: gcj02, file: zones/county.geojson}}
  - {{id: cafes, name: 网吧, datum: gcj02, file: zones/cafes.geojson}}
  - {{id: mother-P0011, name: 母亲家, datum: gcj02, longitude: 109.4521, latitude: 24.3012, radius_m: 150}}
rules:
  - {{id: stay-in-county, people: all, basis: 县级管理规定2026-3, stay_inside: county}}
  - {{id: no-cafes, people: [P0012], basis: 禁止令2026-90, keep_out: cafes}}
  - id: nights-at-home
    people: [P0001, P0004, P0007, P0011, P0012, P0020]
    basis: 禁止令2026-88
    curfew: {{zone: home, from: "22:00", until: "08:00", days: daily, grace: 15min}}
    repeated_place: {{nights: 3, of: 5}}
leave:
  - {{person: P0011, zone: mother-P0011, from: "2026-11-22 18:00", until: "2026-11-29 20:00", approved_by: 司法所乙}}
alarms:
  strap_cut: {{severity: critical, notify: [duty], escalate_after: 15min, to: [leader]}}
  curfew_late: {{severity: serious, notify: [duty], escalate_after: 15min, to: [leader]}}
  comms_lost: {{severity: serious, notify: [duty], after: 20min, escalate_after: 30min, to: [leader]}}
duty:
  - {{name: duty, from: "18:00", until: "08:00", staff: [D01, D02]}}
  - {{name: leader, staff: [L01]}}
staff:
"""
COUNTY = [[109.3, 24.22], [109.44, 24.19], [109.6, 24.23], [109.63, 24.36], [109.55, 24.47], [109.4, 24.49],
          [109.29, 24.4], [109.3, 24.22]]  # fmt: skip
CAFES = {"网吧1号": CAFE, "网吧2号": (109.4411, 24.3287), "网吧4号": (109.4334, 24.3107)}


def write_story(directory: Path, port: int, more: str = "") -> County:
    """Write the configuration, and beside it whose names and numbers the console alone reads.

    Args:
        port: where bracelets report.
        more: further lines of the main file.
    """
    (directory / "zones").mkdir(parents=True)
    staff = [
        f"  - {{number: {number}, roles: [{role}]" + (f", office: {office}}}" if office else "}")
        for number, role, office in STAFF
    ]
    texts = {
        "gateway.yaml": MAIN.format(code=CODE, port=port) + "\n".join((*staff, _authorities(), more)) + "\n",
        "people.csv": _people(),
        "devices.csv": _table(
            "device,protocol,identity,profile", ((p.device, "jt808", p.phone, "g10ls") for p in PEOPLE)
        ),
        "assignments.csv": _table(
            "device,person,from,until", ((p.device, p.person, "2026-11-01 09:00", "") for p in PEOPLE)
        ),
        "zones/county.geojson": _collection([_feature("示范县", {}, "Polygon", [COUNTY])]),
        "zones/cafes.geojson": _collection(
            [_feature(name, {"radius_m": 20}, "Point", at) for name, at in CAFES.items()]
        ),
    }
    for name, text in texts.items():
        (directory / name).write_text(text, "utf-8")
    for name, text in _contacts().items():
        (directory / name).touch(0o600)
        (directory / name).write_text(text, "utf-8")
    return County(directory, port, len(PEOPLE))


def number_of(person: str) -> str:
    """A telephone number that nobody has."""
    return f"000-{int(person[1:]):08d}"


def _contacts() -> dict[str, str]:
    """Names that are none, and numbers that nobody has."""
    people = ((p.person, f"某{p.person[1:]}", number_of(p.person), "", "") for p in PEOPLE)
    offices = (f"- {{code: {code}, name: {name}, phone: 000-0000}}\n" for code, name in OFFICES.items())
    return {
        "contacts.csv": _table("person,name,phone,kin_phone,care", people),
        "staff.csv": _table("number,name,phone", ((number, f"员{number}", "") for number, *_ in STAFF)),
        "offices.yaml": "".join(offices),
    }


def _authorities() -> str:
    lines = (
        f"  - {{person: {p.person}, kind: bracelet, ground: prohibition_order_breach, "
        f"document: 示矫定2026-{p.person[1:]}, approved_by: 县级负责人甲, wearer_informed: 2026-11-01, "
        f"from: 2026-11-01, until: {p.until}}}"
        for p in PEOPLE
    )
    return "\n".join(("authorities:", *lines))


def _people() -> str:
    rows = ((p.person, p.level, p.office, str(p.minor).lower(), *p.home, "gcj02", 80) for p in PEOPLE)
    return _table("person,level,office,minor,home_longitude,home_latitude,home_datum,home_radius_m", rows)


def _table(heading: str, rows: Iterable[Iterable[object]]) -> str:
    out = io.StringIO()
    csv.writer(out).writerows((heading.split(","), *rows))
    return out.getvalue()


def _feature(name: str, more: dict[str, object], kind: str, coordinates: object) -> dict[str, object]:
    return {
        "type": "Feature", "properties": {"name": name, **more}, "geometry": {"type": kind, "coordinates": coordinates}
    }  # fmt: skip


def _collection(features: list[dict[str, object]]) -> str:
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)
