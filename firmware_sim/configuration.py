"""A county as the gateway's configuration: what its officer would have written, in files."""

from __future__ import annotations

import csv
import json
import math
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from firmware_sim import agreed
from firmware_sim.agreed import NOTHING, Agreed
from firmware_sim.clock import LOCAL_OFFSET
from firmware_sim.sensors import HOME_RADIUS
from firmware_sim.world import CAFE_BUFFER, to_degrees

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from firmware_sim.schedule import Leave, Schedule, Story, Wearing
    from firmware_sim.world import Cafe, Place

BARRED_M, BUFFER_M = 500.0, 500.0
"""Metres around whoever is protected, and beyond them."""
CHARGE_BY, CHARGE_LEAST = "23:45", 80
"""By when everybody charges, an hour's quarter after most have, and to how many percent."""
AUTHORITY_DAYS = 89
"""Length of each authority, the last day included: below the law's three months whatever the months."""

SILENCE_AFTER = {"demo": "4h"}
USUAL_SILENCE = "1h"
"""Silence before comms_lost, by story: on a clock of 7,000 times an hour is less than a hiccup of the machine."""


CODE = "sim"
CARRIER = "mobile"
_CARRIERS = (
    "carriers:",
    f'  - {{name: {CARRIER}, url: "http://127.0.0.1:9210/LocationQueryService", credential: {CARRIER},',
    "     datum: wgs84, per_minute: 1000, per_day: 1000000}",
)
ACT_KEY = "made-up-act-key-of-32-bytes-or-more"


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the county does not know of itself.

    Attributes:
        port: of the listener.
        storage: a directory.
        mqtt: the platform's broker; empty: there is none.
        code: the county's.
        nats: server of the city's streams, which its alarms and its journal go to; empty: they do not.
        domain: JetStream domain of the streams.
        partitions: streams that its journal is split into.
    """

    port: int
    storage: str
    mqtt: str
    code: str = CODE
    nats: str = ""
    domain: str = "city"
    partitions: int = 1


@dataclass(frozen=True, slots=True)
class Ruled:
    """A county as its officer knows it.

    Attributes:
        epoch, until: UTC epoch seconds that authorities must cover.
        homes: home of each person, in the order of the table. ``home_radius``: metres.
        devices: rows of the table, device, protocol, identity, profile.
        wearings: who wears which device when.
        border, cafes: outlines in metres, closed; the cafes' with names.
        curfew, barred, everyone: people of the three rules.
        leaves: approved absence.
        silence: how long silence must last to be an alarm, empty for the usual time.
        listeners, upstreams: lines of the configuration. ``storage``: a directory.
        closer: seconds between closer reports and between usual ones; (0, 0): nobody is asked for them.
        phones: device, owner and number of those that a carrier locates.
        company: people who are not to meet.
        protected: id and device of whoever is protected. ``kept_away``: who is to keep away, BARRED_M and BUFFER_M.
        ladder: lines of the configuration: who is told of which alarm; none: nobody is.
        code: the county's. ``forward``: lines of the configuration: its journal's way to the city.
        charging: who has agreed to charge to CHARGE_LEAST percent by CHARGE_BY each day.
        agreed: what is asked of some beside that.
    """

    epoch: float
    until: float
    homes: Sequence[tuple[str, Place]]
    home_radius: float
    devices: Sequence[tuple[str, str, str, str]]
    wearings: Sequence[tuple[str, Wearing]]
    border: Sequence[tuple[float, float]]
    cafes: Sequence[tuple[str, Sequence[tuple[float, float]]]]
    curfew: Sequence[str]
    barred: Sequence[str]
    everyone: Sequence[str]
    leaves: Sequence[Leave]
    silence: str
    listeners: Sequence[str]
    upstreams: Sequence[str]
    storage: str
    closer: tuple[int, int] = (0, 0)
    phones: Sequence[tuple[str, str, str]] = ()
    company: Sequence[str] = ()
    protected: Sequence[tuple[str, str]] = ()
    kept_away: Sequence[str] = ()
    charging: Sequence[str] = ()
    agreed: Agreed = NOTHING
    ladder: Sequence[str] = ()
    code: str = CODE
    forward: Sequence[str] = ()


def write(story: Story, directory: Path, surroundings: Surroundings) -> None:
    """Write gateway.yaml, credentials.yaml, the tables, rules/ and zones/ into a directory, made if need be."""
    write_ruled(_ruled(story, surroundings), directory)


def _ruled(story: Story, surroundings: Surroundings) -> Ruled:
    border = story.world.border
    return Ruled(
        story.epoch, story.epoch, story.homes, HOME_RADIUS,
        [(schedule.device, "jt808", schedule.identity.phone, "g10ls") for schedule in story.schedules],
        [(schedule.device, wearing) for schedule in story.schedules for wearing in schedule.wearings],
        [*border, border[0]], [(cafe.place.name, _corners(cafe)) for cafe in story.world.cafes],
        _wearers(schedule for schedule in story.schedules if schedule.curfew),
        _wearers(schedule for schedule in story.schedules if schedule.keep_out), _wearers(story.schedules),
        story.leaves, SILENCE_AFTER.get(story.name, USUAL_SILENCE),
        [f'{{name: 腕带, protocol: jt808, profile: g10ls, tcp: "127.0.0.1:{surroundings.port}"}}'],
        upstreams(surroundings),
        surroundings.storage, code=surroundings.code, forward=forwarded(surroundings),
    )  # fmt: skip


def upstreams(surroundings: Surroundings) -> list[str]:
    """The platforms, each as a line of the configuration; none where it has neither broker nor streams."""
    found = []
    if surroundings.mqtt:
        found.append(f"{{name: 市平台, mqtt: {_quoted(surroundings.mqtt)}, credential: city, accept_acts: true}}")
    if surroundings.nats:
        found.append(f"{{name: 市级流, {_streams(surroundings)}, accept_acts: true}}")
    return found


def forwarded(surroundings: Surroundings) -> list[str]:
    """The journal's way into the city's streams, as lines of the configuration."""
    if not surroundings.nats:
        return []
    basis = f"basis: 示汇聚2026-1, partitions: {surroundings.partitions}"
    return [f"forward: {{{_streams(surroundings)}, {basis}}}"]


def _streams(surroundings: Surroundings) -> str:
    return f"nats: {_quoted(surroundings.nats)}, domain: {surroundings.domain}, credential: city"


def write_ruled(county: Ruled, directory: Path) -> None:
    """As ``write``, of any county."""
    for folder in (directory, directory / "rules", directory / "zones"):
        folder.mkdir(parents=True, exist_ok=True)
    texts = {
        "gateway.yaml": _gateway(county),
        "credentials.yaml": f"city: {{username: bracelet, password: made-up, act_key: {ACT_KEY}}}\n"
        + (f"{CARRIER}: {{username: county, password: made-up}}\n" if county.phones else ""),
        "rules/county.yaml": _rules(county),
        "zones/county.geojson": _collection([("示范县", county.border)]),
        "zones/cafes.geojson": _collection(county.cafes),
    }
    for name, text in texts.items():
        (directory / name).write_text(text, encoding="utf-8")
    _table(directory / "people.csv", _PEOPLE, _people(county))
    _table(directory / "devices.csv", *_devices(county))
    _table(directory / "assignments.csv", _ASSIGNMENTS, _assignments(county))


_PEOPLE = ("person", "level", "office", "minor", "home_longitude", "home_latitude", "home_datum", "home_radius_m")
_DEVICES = ("device", "protocol", "identity", "profile")
_ASSIGNMENTS = ("device", "person", "from", "until")


def _devices(county: Ruled) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """The table's head and rows; phones need a column more."""
    if not county.phones:
        return _DEVICES, list(county.devices)
    bracelets: list[tuple[str, ...]] = [(*row, "") for row in county.devices]
    return (*_DEVICES, "carrier"), bracelets + [(key, "mlp", number, "", CARRIER) for key, _, number in county.phones]


def _table(path: Path, head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(head)
        table.writerows(rows)


def _people(county: Ruled) -> Iterable[list[str]]:
    for number, (person, home) in enumerate(county.homes):
        latitude, longitude = to_degrees(home.x, home.y)
        place = [f"{longitude:.6f}", f"{latitude:.6f}", "wgs84", f"{county.home_radius:.0f}"]
        yield [person, "strict", f"S{number % 4 + 1:02d}", "no", *place]


def _assignments(county: Ruled) -> Iterable[list[str]]:
    for device, wearing in county.wearings:
        until = _local(wearing.span.until) if math.isfinite(wearing.span.until) else ""
        yield [device, wearing.person, _local(wearing.span.start), until]
    starts = {wearing.person: wearing.span.start for _, wearing in county.wearings}
    for device, person, _ in county.phones:
        yield [device, person, _local(starts[person]), ""]


def _gateway(county: Ruled) -> str:
    lines = [
        f"county: {{{_named(county.code)}, bounds: zones/county.geojson, datum: wgs84}}",
        "listeners:",
        *(f"  - {listener}" for listener in county.listeners),
        f"storage: {{directory: {_quoted(county.storage)}, keep_days: 180}}",
        *(["upstreams:", *(f"  - {upstream}" for upstream in county.upstreams)] if county.upstreams else []),
        *county.forward,
        *_closer(*county.closer),
        *(_CARRIERS if county.phones else []),
        "people: people.csv",
        "devices: devices.csv",
        "assignments: assignments.csv",
        "include: [rules/*.yaml]",
        "zones:",
        "  - {id: county, name: 示范县, datum: wgs84, file: zones/county.geojson}",
        f"  - {{id: cafes, name: 网吧, datum: wgs84, file: zones/cafes.geojson, buffer_m: {CAFE_BUFFER:.0f}}}",
        *agreed.zones(county.agreed),
        *([f"alarms: {{comms_lost: {{after: {county.silence}}}}}"] if county.silence else []),
        "authorities:",
        *_authorities(county),
        *_leaves(county),
        *_protected(county),
        *agreed.sections(county.agreed),
        *county.ladder,
    ]
    return "\n".join(lines) + "\n"


def _named(code: str) -> str:
    return f"code: {_quoted(code)}, timezone: Asia/Shanghai, language: zh"


def _closer(every: int, usual: int) -> list[str]:
    return [f"commands: {{closer: {{usual: {usual}s, every: {every}s}}}}"] if every else []


def _authorities(county: Ruled) -> Iterable[str]:
    """One a person, and an extension for each further three months."""
    first, days = _local_date(county.epoch), county.agreed.authority_days - 1
    ended: set[str] = set()
    while True:
        last = first + timedelta(days=AUTHORITY_DAYS if days < 0 else days)
        for number, person in ((at, person) for at, (person, _) in enumerate(county.homes) if person not in ended):
            yield (
                f"  - {{person: {person}, kind: bracelet, ground: prohibition_order_breach,"
                f" document: 示矫定2026-{number + 1}, approved_by: 县级负责人甲,"
                f" wearer_informed: {first}, from: {first}, until: {last}}}"
            )
        for _, person, _ in county.phones:
            yield (
                f"  - {{person: {person}, kind: phone_check, document: 示核查2026-1, approved_by: 县级负责人甲,"
                f" wearer_informed: {first}, from: {first}, until: {last}}}"
            )
        first, days, ended = last + timedelta(days=1), -1, {*county.agreed.ended}
        if first > _local_date(county.until):
            return


def _leaves(county: Ruled) -> list[str]:
    rows = [
        f'  - {{person: {leave.person}, from: "{_local(leave.span.start)}", until: "{_local(leave.span.until)}",'
        " approved_by: 司法所乙}"
        for leave in county.leaves
    ]
    return ["leave:", *rows] if rows else []


def _protected(county: Ruled) -> list[str]:
    days = f"from: {_local_date(county.epoch)}, until: {_local_date(county.until + 30 * 86_400.0)}"
    rows = [
        f"  - {{id: {person}, office: SFS-01, device: {device}, consent: 同意书2026-5, {days}}}"
        for person, device in county.protected
    ]
    return ["protected:", *rows] if rows else []


def _rules(county: Ruled) -> str:
    near = [f"near: {county.agreed.near_m}"] if county.agreed.near_m else []
    stay = _rule("stay-in-county", "县级管理规定2026-3", county.everyone, "stay_inside: county", *near)
    lines = ["rules:", *stay]
    if county.barred:
        lines += _rule("no-cafes", "禁止令2026-88", county.barred, "keep_out: cafes")
    if county.curfew:
        nights = 'curfew: {zone: home, from: "22:00", until: "08:00", days: daily, grace: 15min}'
        lines += _rule("nights-at-home", "禁止令2026-89", county.curfew, nights, "repeated_place: {nights: 3, of: 5}")
    if county.company:
        lines += _rule("no-company", "禁止令2026-90", county.company, "not_together: {within: 100, lasting: 15min}")
    if county.charging:
        duty = f'charge: {{by: "{CHARGE_BY}", least: {CHARGE_LEAST}}}'
        lines += _rule("charging", "充电约定2026-2", county.charging, duty)
    for each in agreed.rules(county.agreed):
        lines += _rule(*each)
    for person, _ in county.protected if county.kept_away else ():
        away = f"keep_away: {{protected: {person}, within: {BARRED_M:.0f}, buffer: {BUFFER_M:.0f}}}"
        lines += _rule("keep-away", "人身安全保护令2026-7", county.kept_away, away)
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
