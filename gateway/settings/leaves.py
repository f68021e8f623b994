"""Approved leave, bracelets that are taken off with leave, and appointments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gateway.settings.absences import Leave, Removal
from gateway.settings.calendar import epoch
from gateway.settings.meetings import Appointment

if TYPE_CHECKING:
    from collections.abc import Sequence
    from zoneinfo import ZoneInfo

    from gateway.settings.entries import Entry
    from gateway.settings.faults import Findings
    from gateway.settings.known import Known
    from gateway.settings.raw import LeaveEntry, RemovalEntry
    from gateway.settings.raw_meetings import AppointmentEntry


def leave(entries: Sequence[Entry[LeaveEntry]], known: Known, zone: ZoneInfo, findings: Findings) -> tuple[Leave, ...]:
    """All leave, by person and start."""
    found = []
    for entry in entries:
        value = entry.value
        _check(entry, known, findings)
        if value.zone is not None:
            known.check("unknown_zone", value.zone, entry.place("zone"), findings)
        if value.returned is not None and value.returned <= value.start:
            findings.add(entry.place("returned"), "returned_early")
        returned = None if value.returned is None else epoch(value.returned, zone)
        start, until = epoch(value.start, zone), epoch(value.until, zone)
        found.append(Leave(value.person, value.zone or "", start, until, value.approved_by, returned))
    return tuple(sorted(found, key=lambda each: (each.person, each.start, each.until)))


def removals(
    entries: Sequence[Entry[RemovalEntry]], known: Known, zone: ZoneInfo, findings: Findings
) -> tuple[Removal, ...]:
    """All removals, by person and start; they may touch and overlap."""
    for entry in entries:
        _check(entry, known, findings)
    values = [entry.value for entry in entries]
    found = [
        Removal(each.person, each.reason, epoch(each.start, zone), epoch(each.until, zone), each.approved_by)
        for each in values
    ]
    return tuple(sorted(found, key=lambda each: (each.person, each.start, each.until)))


def appointments(
    entries: Sequence[Entry[AppointmentEntry]], known: Known, zone: ZoneInfo, findings: Findings
) -> tuple[Appointment, ...]:
    """All appointments, by person and start; each is written once."""
    found = set()
    for entry in entries:
        value = entry.value
        _check(entry, known, findings)
        known.check("unknown_zone", value.zone, entry.place("zone"), findings)
        hours = epoch(value.start, zone), epoch(value.until, zone)
        found.add(Appointment(value.person, value.zone, *hours, value.document, value.grace))
    return tuple(sorted(found, key=lambda each: (each.person, each.start, each.until, each.zone, each.document)))


def _check(
    entry: Entry[LeaveEntry] | Entry[RemovalEntry] | Entry[AppointmentEntry], known: Known, findings: Findings
) -> None:
    value = entry.value
    known.check("unknown_person", value.person, entry.place("person"), findings)
    if value.until <= value.start:
        findings.add(entry.place("until"), "period_reversed")
