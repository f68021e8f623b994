"""People who are protected, with their consent as basis: located, judged by no rule, and shown to nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gateway.settings.calendar import after, midnight
from gateway.settings.model import Assignment, Authority, Person
from gateway.settings.tables import note_duplicates

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from zoneinfo import ZoneInfo

    from gateway.settings.entries import Entry
    from gateway.settings.faults import Findings
    from gateway.settings.known import Known
    from gateway.settings.model import Device
    from gateway.settings.raw_meetings import ProtectedEntry

LEVEL = "strict"
"""By whose deadlines it is missed when such a device is silent or placed no more."""


def people(entries: Sequence[Entry[ProtectedEntry]]) -> dict[str, Person]:
    """Each as a person of whom nothing is asked."""
    return {
        each.value.id: Person(each.value.id, LEVEL, each.value.office, minor=False, home=None, protected=True)
        for each in entries
    }


def check(
    entries: Sequence[Entry[ProtectedEntry]], supervised: Mapping[str, Person], worn: Sequence[Assignment],
    known: Known, zone: ZoneInfo, findings: Findings,
) -> None:  # fmt: skip
    """Ids of their own, devices that nobody else has then, and days in order."""
    note_duplicates(((each.value.id, each.place("id")) for each in entries), findings)
    for entry, mine in zip(entries, assignments(entries, zone), strict=True):
        if mine.person in supervised:
            findings.add(entry.place("id"), "protected_supervised", value=mine.person)
        if mine.until <= mine.start:
            findings.add(entry.place("until"), "period_reversed")
        known.check("unknown_device", mine.device, entry.place("device"), findings)
        others = [*worn, *(each for each in assignments(entries, zone) if each.person != mine.person)]
        if any(one.device == mine.device and one.start < mine.until and mine.start < one.until for one in others):
            findings.add(entry.place("device"), "protected_device", device=mine.device)


def assignments(entries: Sequence[Entry[ProtectedEntry]], zone: ZoneInfo) -> list[Assignment]:
    """Who has which device when, in the order of the entries."""
    return [Assignment(each.value.device, each.value.id, *_days(each.value, zone)) for each in entries]


def consents(
    entries: Sequence[Entry[ProtectedEntry]], devices: Mapping[str, Device], zone: ZoneInfo
) -> list[Authority]:
    """The consent as what allows that person's device to be located."""
    found = []
    for each in entries:
        start, until = _days(each.value, zone)
        device = devices.get(each.value.device)
        if device is not None:
            found.append(Authority(each.value.id, device.basis, None, each.value.consent, "", start, start, until))
    return found


def _days(entry: ProtectedEntry, zone: ZoneInfo) -> tuple[float, float]:
    return midnight(entry.start, zone), midnight(after(entry.until), zone)
