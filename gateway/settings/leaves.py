"""Approved leave, bracelets that are taken off with leave, and appointments."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from gateway.settings.absences import TRAVEL, Leave, Removal
from gateway.settings.calendar import epoch
from gateway.settings.meetings import Appointment

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from zoneinfo import ZoneInfo

    from gateway.settings.entries import Entry
    from gateway.settings.faults import Findings
    from gateway.settings.known import Known
    from gateway.settings.model import Rule
    from gateway.settings.raw import LeaveEntry, RemovalEntry
    from gateway.settings.raw_meetings import AppointmentEntry


def leave(
    entries: Sequence[Entry[LeaveEntry]], rules: Sequence[Rule], known: Known, zone: ZoneInfo, findings: Findings
) -> tuple[Leave, ...]:  # fmt: skip
    """All leave, by person and start; ``rules`` are what it may lift."""
    found = []
    for entry in entries:
        value = entry.value
        _check(entry, known, findings)
        if value.zone is not None:
            known.check("unknown_zone", value.zone, entry.place("zone"), findings)
        if value.travel is not None and value.zone is None:
            findings.add(entry.place("travel"), "travel_nowhere")
        _check_excuses(entry, {rule.id: rule for rule in rules}, known, findings)
        if value.returned is not None and value.returned <= value.start:
            findings.add(entry.place("returned"), "returned_early")
        returned = None if value.returned is None else epoch(value.returned, zone)
        start, until = epoch(value.start, zone), epoch(value.until, zone)
        excuses, travel = tuple(sorted(value.excuses or ())), TRAVEL if value.travel is None else value.travel
        place = value.zone or ""
        found.append(Leave(value.person, place, start, until, value.approved_by, returned, excuses, travel))
    _note_overlaps(entries, findings)
    return tuple(sorted(found, key=lambda each: (each.person, each.start, each.until)))


def _check_excuses(
    entry: Entry[LeaveEntry], rules: Mapping[str, Rule], known: Known, findings: Findings
) -> None:  # fmt: skip
    """What it lifts is a rule that binds the person, and asks more than to keep out of somewhere."""
    for index, name in enumerate(entry.value.excuses or ()):
        place = entry.place("excuses", index)
        if not known.check("unknown_rule", name, place, findings) or name not in rules:
            continue
        rule, person = rules[name], entry.value.person
        if person not in rule.people:
            findings.add(place, "excuses_other", value=name, person=person)
        elif not rule.stay_inside and rule.curfew is None:
            findings.add(place, "excuses_barred", value=name)


def _note_overlaps(entries: Sequence[Entry[LeaveEntry]], findings: Findings) -> None:
    """Nobody can be in two zones: of leaves that overlap the place of both is judged."""
    placed = [entry for entry in entries if entry.value.zone is not None]
    ordered = sorted(placed, key=lambda each: (each.value.person, each.value.start))
    for one, two in pairwise(ordered):
        here, there = one.value, two.value
        ends = here.returned or here.until
        if here.person == there.person and here.zone != there.zone and there.start < ends:
            findings.warn(two.place("zone"), "leave_overlap", person=here.person, other=one.place())


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
