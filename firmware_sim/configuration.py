"""A story's county as the gateway's configuration: what its officer would have written, in files."""

from __future__ import annotations

import csv
import json
import math
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from firmware_sim.clock import LOCAL_OFFSET
from firmware_sim.sensors import HOME_RADIUS
from firmware_sim.world import CAFE_BUFFER, to_degrees

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from firmware_sim.schedule import Schedule, Story
    from firmware_sim.world import Cafe

AUTHORITY_DAYS = 89
"""Length of each authority, the last day included: below the law's three months whatever the months."""

SILENCE_AFTER = {"demo": "4h"}
USUAL_SILENCE = "1h"
"""Silence before comms_lost, by story: on a clock of 7,000 times an hour is less than a hiccup of the machine."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the county does not know of itself: listener port, storage directory, the platform's broker."""

    port: int
    storage: str
    mqtt: str


def write(story: Story, directory: Path, surroundings: Surroundings) -> None:
    """Write gateway.yaml, credentials.yaml, the tables, rules/ and zones/ into a directory, made if need be."""
    for folder in (directory, directory / "rules", directory / "zones"):
        folder.mkdir(parents=True, exist_ok=True)
    texts = {
        "gateway.yaml": _gateway(story, surroundings),
        "credentials.yaml": "city: {username: bracelet, password: made-up, act_key: made-up-act-key}\n",
        "rules/county.yaml": _rules(story),
        "zones/county.geojson": _collection([("示范县", [*story.world.border, story.world.border[0]])]),
        "zones/cafes.geojson": _collection((cafe.place.name, _corners(cafe)) for cafe in story.world.cafes),
    }
    for name, text in texts.items():
        (directory / name).write_text(text, encoding="utf-8")
    _table(directory / "people.csv", _PEOPLE, _people(story))
    _table(
        directory / "devices.csv", _DEVICES, ([s.device, "jt808", s.identity.phone, "g10ls"] for s in story.schedules)
    )
    _table(directory / "assignments.csv", _ASSIGNMENTS, _assignments(story))


_PEOPLE = ("person", "level", "office", "minor", "home_longitude", "home_latitude", "home_datum", "home_radius_m")
_DEVICES = ("device", "protocol", "identity", "profile")
_ASSIGNMENTS = ("device", "person", "from", "until")


def _table(path: Path, head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(head)
        table.writerows(rows)


def _people(story: Story) -> Iterable[list[str]]:
    for number, (person, home) in enumerate(story.homes):
        latitude, longitude = to_degrees(home.x, home.y)
        office = f"S{number % 4 + 1:02d}"
        yield [person, "strict", office, "no", f"{longitude:.6f}", f"{latitude:.6f}", "wgs84", f"{HOME_RADIUS:.0f}"]


def _assignments(story: Story) -> Iterable[list[str]]:
    for schedule in story.schedules:
        for wearing in schedule.wearings:
            until = _local(wearing.span.until) if math.isfinite(wearing.span.until) else ""
            yield [schedule.device, wearing.person, _local(wearing.span.start), until]


def _gateway(story: Story, surroundings: Surroundings) -> str:
    first = _local_date(story.epoch)
    last = first + timedelta(days=AUTHORITY_DAYS)
    lines = [
        "county: {code: sim, timezone: Asia/Shanghai, language: zh, bounds: zones/county.geojson, datum: wgs84}",
        "listeners:",
        f'  - {{name: 腕带, protocol: jt808, profile: g10ls, tcp: "127.0.0.1:{surroundings.port}"}}',
        f"storage: {{directory: {_quoted(surroundings.storage)}, keep_days: 180}}",
        "upstreams:",
        f"  - {{name: 市平台, mqtt: {_quoted(surroundings.mqtt)}, credential: city, accept_acts: true}}",
        "people: people.csv",
        "devices: devices.csv",
        "assignments: assignments.csv",
        "include: [rules/*.yaml]",
        "zones:",
        "  - {id: county, name: 示范县, datum: wgs84, file: zones/county.geojson}",
        f"  - {{id: cafes, name: 网吧, datum: wgs84, file: zones/cafes.geojson, buffer_m: {CAFE_BUFFER:.0f}}}",
        f"alarms: {{comms_lost: {{after: {SILENCE_AFTER.get(story.name, USUAL_SILENCE)}}}}}",
        "authorities:",
        *(_authority(person, number, first, last) for number, (person, _) in enumerate(story.homes)),
        *_leaves(story),
    ]
    return "\n".join(lines) + "\n"


def _authority(person: str, number: int, first: date, last: date) -> str:
    return (
        f"  - {{person: {person}, kind: bracelet, ground: prohibition_order_breach, document: 示矫定2026-{number + 1},"
        f" approved_by: 县级负责人甲, wearer_informed: {first}, from: {first}, until: {last}}}"
    )


def _leaves(story: Story) -> list[str]:
    rows = [
        f'  - {{person: {leave.person}, from: "{_local(leave.span.start)}", until: "{_local(leave.span.until)}",'
        " approved_by: 司法所乙}"
        for leave in story.leaves
    ]
    return ["leave:", *rows] if rows else []


def _rules(story: Story) -> str:
    curfew = _wearers(schedule for schedule in story.schedules if schedule.curfew)
    barred = _wearers(schedule for schedule in story.schedules if schedule.keep_out)
    lines = ["rules:", *_rule("stay-in-county", "县级管理规定2026-3", _wearers(story.schedules), "stay_inside: county")]
    if barred:
        lines += _rule("no-cafes", "禁止令2026-88", barred, "keep_out: cafes")
    if curfew:
        nights = 'curfew: {zone: home, from: "22:00", until: "08:00", days: daily, grace: 15min}'
        lines += _rule("nights-at-home", "禁止令2026-89", curfew, nights, "repeated_place: {nights: 3, of: 5}")
    return "\n".join(lines) + "\n"


def _rule(name: str, basis: str, people: Sequence[str], *restrictions: str) -> list[str]:
    head = [f"  - id: {name}", f"    people: [{', '.join(people)}]", f"    basis: {basis}"]
    return [*head, *(f"    {restriction}" for restriction in restrictions)]


def _wearers(schedules: Iterable[Schedule]) -> list[str]:
    return [wearing.person for schedule in schedules for wearing in schedule.wearings]


def _corners(cafe: Cafe) -> list[tuple[float, float]]:
    signs = ((-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1))
    return [(cafe.place.x + a * cafe.half_x, cafe.place.y + b * cafe.half_y) for a, b in signs]


def _collection(rings: Iterable[tuple[str, Sequence[tuple[float, float]]]]) -> str:
    features = [
        {
            "type": "Feature",
            "properties": {"name": name},
            "geometry": {"type": "Polygon", "coordinates": [[_position(x, y) for x, y in ring]]},
        }
        for name, ring in rings
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False, indent=1) + "\n"


def _position(x: float, y: float) -> list[float]:
    latitude, longitude = to_degrees(x, y)
    return [round(longitude, 7), round(latitude, 7)]


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _local(moment: float) -> str:
    return datetime.fromtimestamp(moment + LOCAL_OFFSET, UTC).strftime("%Y-%m-%d %H:%M")


def _local_date(moment: float) -> date:
    return datetime.fromtimestamp(moment + LOCAL_OFFSET, UTC).date()
