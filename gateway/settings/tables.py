"""People, devices and who wears what: the tables officers keep."""

from __future__ import annotations

from ipaddress import ip_network
from math import inf
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import shapely

from gateway.settings.calendar import after, epoch, midnight
from gateway.settings.cells import read_csv
from gateway.settings.documents import Document, Path
from gateway.settings.geography import LEAST_RADIUS_M, converted, in_county, on_earth, plainly_on_earth, within
from gateway.settings.model import Assignment, Device, Home, Person
from gateway.settings.zones import note_outside
from protocols.registry import FAMILIES
from protocols.session import Acquainted, Zoned

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from zoneinfo import ZoneInfo

    from pydantic import BaseModel
    from shapely import Geometry

    from gateway.settings.entries import Entry, Model
    from gateway.settings.faults import Findings, Place
    from gateway.settings.known import Known
    from gateway.settings.model import Network
    from gateway.settings.raw import AssignmentRow, DeviceRow, PersonRow
    from gateway.settings.sources import Sources


class Table(NamedTuple):
    """Where the rows of a table are."""

    document: Document
    path: Path


_FAULTY_HOME = Home(0.0, 0.0, 0.0)
"""Stands for a home that has a fault of its own, so that rules do not ask for one as well; it is never used."""
MOST_DIGITS = 20
"""Of an identity: what the longest wire format holds (JT/T 808-2019)."""
_HOME = ("home_longitude", "home_latitude", "home_datum", "home_radius_m")


def table(main: Document, key: str, model: type[BaseModel], sources: Sources, findings: Findings) -> Table:
    """The table ``key`` of the main file: its rows inline, or from the CSV file it names."""
    name = main.at((key,))
    if not isinstance(name, str):
        if name is None and not main.broken:
            findings.add(main.place((key,)), "empty" if (key,) in main.values else "missing", key=key)
        return Table(main, (key,))
    text = sources.text(name, main.place((key,)), findings)
    if text is None:
        return Table(Document(name), ())

    def read(shown: str, text: str, findings: Findings) -> Document:
        return read_csv(shown, text, *columns_of(model), findings)

    if sources.readings is not None:
        return Table(sources.readings.document(key, sources.shown(name), text, findings, read), ())
    return Table(read(sources.shown(name), text, findings), ())


def columns_of(model: type[BaseModel]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Columns of a table, and those of them its header must have."""
    columns = [(info.alias or name, info.is_required()) for name, info in model.model_fields.items()]
    return tuple(name for name, _ in columns), tuple(name for name, required in columns if required)


def note_duplicates(named: Iterable[tuple[str, Place]], findings: Findings) -> None:
    """Note every id that was used before, with the place of its first use."""
    first: dict[str, Place] = {}
    for value, place in named:
        other = first.setdefault(value, place)
        if other is not place:
            findings.add(place, "duplicate_id", value=value, other=other)


def people(
    rows: Sequence[Entry[PersonRow]], bounds: Geometry | None, zone: ZoneInfo, findings: Findings
) -> dict[str, Person]:  # fmt: skip
    """Persons by id, their homes in WGS-84."""
    note_duplicates(((row.value.person, row.place("person")) for row in rows), findings)
    found: dict[str, Person] = {}
    for row, home in zip(rows, _homes(rows, bounds, findings), strict=True):
        entry = row.value
        until = inf if entry.term_until is None else midnight(after(entry.term_until), zone)
        care = tuple((entry.care or "").split())
        person = Person(entry.person, entry.level, entry.office, entry.minor, home, until, care)
        found.setdefault(entry.person, person)
    return found


def _homes(
    rows: Sequence[Entry[PersonRow]], bounds: Geometry | None, findings: Findings
) -> list[Home | None]:  # fmt: skip
    """The home of each row, in WGS-84; each datum is left behind for all homes of it at once."""
    homes: list[Home | None] = [None] * len(rows)
    written: dict[str, dict[int, Geometry]] = {}
    for at, row in enumerate(rows):
        entry = row.value
        absent = [column for column in _HOME if getattr(entry, column) is None]
        if absent or entry.home_datum is None:
            homes[at] = _half(row, absent, findings)
            continue
        written.setdefault(entry.home_datum, {})[at] = shapely.Point(entry.home_longitude, entry.home_latitude)
    for datum, points in written.items():
        plain = plainly_on_earth(np.array([*points.values()], np.object_), [datum] * len(points)).tolist()
        for at in [at for at, is_well in zip(points, plain, strict=True) if not is_well]:
            place = rows[at].place("home_longitude")
            if not on_earth(points[at], datum, lambda _, place=place: place, findings):  # type: ignore[misc]
                homes[at] = _FAULTY_HOME
                del points[at]
    for datum, points in written.items():
        moved = converted(list(points.values()), datum)
        inside = within(np.array(moved, np.object_), bounds).tolist()
        for (at, point), place, is_inside in zip(points.items(), moved, inside, strict=True):
            homes[at] = _home(rows[at], point, place, None if is_inside else bounds, findings)
    return homes


def _half(row: Entry[PersonRow], absent: Sequence[str], findings: Findings) -> Home | None:
    """None without a home; a home that lacks something is noted."""
    if len(absent) == len(_HOME):
        return None
    findings.add(row.place("person"), "home_incomplete", missing=", ".join(absent))
    return _FAULTY_HOME


def _home(
    row: Entry[PersonRow], written: Geometry, point: Geometry, bounds: Geometry | None, findings: Findings
) -> Home:  # fmt: skip
    """The home at ``point`` (WGS-84); ``bounds`` None: it lies within them."""
    entry = row.value
    radius_m = entry.home_radius_m or 0.0
    fault = in_county(point, bounds)
    if fault:
        key = "home_outside" if fault == "outside_county" else fault
        note_outside(key, entry.person, written, row.place("home_longitude"), findings)
    if radius_m < LEAST_RADIUS_M:
        place = row.place("home_radius_m")
        findings.add(place, "zone_small", name=f"{entry.person} home", inner=radius_m, least=int(LEAST_RADIUS_M))
    return Home(float(point.y), float(point.x), radius_m)


def devices(
    rows: Sequence[Entry[DeviceRow]], profiles: Mapping[str, Sequence[str]], findings: Findings
) -> dict[str, Device]:
    """Devices by key, their identities normalised: digits without leading zeros."""
    note_duplicates(((row.value.device, row.place("device")) for row in rows), findings)
    first: dict[tuple[str, str], Place] = {}
    found: dict[str, Device] = {}
    for row in rows:
        entry, place = row.value, row.place("identity")
        profile = known_profile(row, entry.protocol, entry.profile, profiles, findings)
        identity = _identity(entry.identity, place, findings)
        other = first.setdefault((entry.protocol, identity), place) if identity else place
        if other is not place:
            findings.add(place, "duplicate_identity", protocol=entry.protocol, value=identity, other=other)
        # Without one of its own a device has that of the listener it comes in by.
        own = profile if entry.profile else ""
        networks = _networks(entry.network or "", row.place("network"), findings)
        found[entry.device] = Device(
            entry.device,
            entry.protocol,
            identity,
            own,
            entry.auth_code or "",
            is_bound=_bound(row, findings),
            networks=networks,
            zone_seconds=_zone(row, findings),
            put_away=entry.put_away is not None,
        )
    return found


def note_worn(
    rows: Sequence[Entry[DeviceRow]], worn: Sequence[Entry[AssignmentRow]], findings: Findings
) -> None:  # fmt: skip
    """What lies in the cupboard is worn by nobody from then on."""
    away = {row.value.device: (row, since) for row in rows if (since := row.value.put_away) is not None}
    for each in worn:
        row, since = away.get(each.value.device, (None, None))
        if row is not None and since is not None and (each.value.until is None or each.value.until > since):
            findings.add(row.place("put_away"), "put_away_worn", other=each.place("device"))


def _bound(row: Entry[DeviceRow], findings: Findings) -> bool:
    """Whether its registration is closed; only a wire on which devices register has one."""
    is_bound = row.value.registration == "closed"
    if is_bound and not isinstance(FAMILIES.get(row.value.protocol), Acquainted):
        findings.add(row.place("registration"), "registration_useless", value=row.value.protocol)
    return is_bound


def _zone(row: Entry[DeviceRow], findings: Findings) -> float | None:
    """Seconds ahead of UTC that a device's clock shows by its own line; None: as its model's, or found out."""
    entry, key = row.value, "time" if row.value.time is not None else "zone_hours"
    if (entry.time == "fixed") != (entry.zone_hours is not None):
        findings.add(row.place(key), "zone_half")
    elif entry.time is not None and not isinstance(FAMILIES.get(entry.protocol), Zoned):
        findings.add(row.place(key), "zone_useless", value=entry.protocol)
    if entry.time == "utc":
        return 0.0
    return None if entry.zone_hours is None else entry.zone_hours * 3600.0


def _networks(written: str, place: Place, findings: Findings) -> tuple[Network, ...]:
    found = (network_of(word, place, findings, "network_form") for word in written.split())
    return tuple(each for each in found if each is not None)


def network_of(word: str, place: Place, findings: Findings, fault: str) -> Network | None:
    """A network in CIDR notation, or one address; None: it is neither, which is noted as ``fault``."""
    try:
        return ip_network(word)
    except ValueError:
        findings.add(place, fault, value=word)
        return None


def _identity(written: str, place: Place, findings: Findings) -> str:
    if not (written.isascii() and written.isdigit()):
        findings.add(place, "identity_digits", value=written)
        return ""
    digits = written.lstrip("0")
    if not digits:
        findings.add(place, "identity_zero")
    elif len(digits) > MOST_DIGITS:
        findings.add(place, "identity_long", count=len(digits), most=MOST_DIGITS)
    return digits


def known_profile(
    entry: Entry[Model],
    protocol: str,
    profile: str | None,
    profiles: Mapping[str, Sequence[str]],
    findings: Findings,
) -> str:
    """The profile asked for, or the protocol's first; names that do not exist are noted."""
    known = profiles.get(protocol)
    if known is None:
        findings.add(entry.place("protocol"), "protocol_unknown", value=protocol, allowed=", ".join(profiles))
        return profile or ""
    if profile is not None and profile not in known:
        place = entry.place("profile")
        findings.add(place, "profile_unknown", protocol=protocol, value=profile, allowed=", ".join(known))
    return profile or known[0]


def assignments(
    rows: Sequence[Entry[AssignmentRow]],
    devices: Mapping[str, Device],
    known: Known,
    zone: ZoneInfo,
    findings: Findings,
) -> tuple[Assignment, ...]:
    """Assignments by start; unknown names and overlaps are noted. A person may have a bracelet and a phone at once."""
    found = [(row, _assignment(row, zone)) for row in rows]
    for row, assignment in found:
        known.check("unknown_device", assignment.device, row.place("device"), findings)
        known.check("unknown_person", assignment.person, row.place("person"), findings)
        if assignment.until <= assignment.start:
            findings.add(row.place("until"), "period_reversed")
    _note_overlaps(found, devices, findings)
    return tuple(sorted((assignment for _, assignment in found), key=lambda each: (each.start, each.device)))


def _assignment(row: Entry[AssignmentRow], zone: ZoneInfo) -> Assignment:
    entry = row.value
    until = float("inf") if entry.until is None else epoch(entry.until, zone)
    return Assignment(entry.device, entry.person, epoch(entry.start, zone), until)


def _note_overlaps(
    found: Sequence[tuple[Entry[AssignmentRow], Assignment]], devices: Mapping[str, Device], findings: Findings
) -> None:
    """In order of start, each row against the one before it that lasts longest: device by device, then by person."""
    ordered = sorted((pair for pair in found if pair[1].until > pair[1].start), key=lambda pair: pair[1].start)
    for side in ("device", "person"):
        latest: dict[tuple[str, bool], tuple[Entry[AssignmentRow], Assignment]] = {}
        for row, assignment in ordered:
            who: str = getattr(assignment, side)
            device = devices.get(assignment.device)
            key = (who, device is not None and device.is_phone)
            before = latest.get(key)
            if before is not None and assignment.start < before[1].until:
                _note_overlap(row, before[0], side, who, findings)
            if before is None or assignment.until > before[1].until:
                latest[key] = (row, assignment)


def _note_overlap(
    row: Entry[AssignmentRow], before: Entry[AssignmentRow], side: str, who: str, findings: Findings
) -> None:
    """At the later line, naming the other."""
    first, second = sorted((before, row), key=lambda each: each.path)
    findings.add(second.place(side), f"assignment_{side}", value=who, other=first.place(side))
