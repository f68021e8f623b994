"""When and for whom zones are, and whether that fits the rules and the leave that name them."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from gateway.settings.calendar import after, day_before, epoch, midnight

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from zoneinfo import ZoneInfo

    from gateway.settings.documents import Path
    from gateway.settings.entries import Entry
    from gateway.settings.faults import Findings
    from gateway.settings.known import Known
    from gateway.settings.model import Person, Rule, ZoneDefinition
    from gateway.settings.raw import LeaveEntry, RuleEntry, ZoneEntry
    from gateway.settings.values import PeopleChoice


_NO_TERMS: Final = (None, None, None, None)


def chosen(
    entry: Entry[Any], choice: PeopleChoice, people: Mapping[str, Person], known: Known, findings: Findings
) -> tuple[str, ...]:
    """Whom the ``people`` of an entry name: ids, sorted; those that nobody has are noted."""
    if choice.ids is None:
        return tuple(sorted(key for key, each in people.items() if choice.level in (None, each.level)))
    for index, person in enumerate(choice.ids):
        if not known.has("unknown_person", person):
            known.check("unknown_person", person, entry.place("people", index), findings)
    return tuple(sorted(set(choice.ids)))


def in_force(
    entries: Sequence[Entry[ZoneEntry]],
    drawn: Mapping[str, ZoneDefinition],
    people: Mapping[str, Person],
    known: Known,
    county: ZoneInfo,
    findings: Findings,
) -> dict[str, ZoneDefinition]:
    """Zones by id, with what kind they are, when and for whom; ``drawn``: as drawn."""
    found = dict(drawn)
    for entry in entries:
        value = entry.value
        if (value.start, value.until, value.people, value.category) == _NO_TERMS:
            continue
        start, until = _period(entry, county, findings)
        whom = None if value.people is None else chosen(entry, value.people, people, known, findings)
        found[value.id] = replace(
            drawn[value.id], category=value.category or "", start=start, until=until, people=whom
        )  # fmt: skip
    return found


def _period(entry: Entry[ZoneEntry], county: ZoneInfo, findings: Findings) -> tuple[float, float]:
    """Since when and until when a zone holds, UTC epoch seconds."""
    value = entry.value
    start = -math.inf if value.start is None else midnight(value.start, county)
    until = math.inf if value.until is None else midnight(after(value.until), county)
    if until <= start:
        findings.add(entry.place("until"), "period_reversed")
    return start, until


def check_rules(
    entries: Sequence[Entry[RuleEntry]],
    rules: Sequence[Rule],
    zones: Mapping[str, ZoneDefinition],
    county: ZoneInfo,
    findings: Findings,
) -> None:
    """Note rules that ask for a zone on no day of its own, or of whom it is not for; ``rules``: of ``entries``."""
    for entry, rule in zip(entries, rules, strict=True):
        for path, name in _named(rule):
            if name in zones:
                _check_rule(entry, rule, path, zones[name], county, findings)


def _named(rule: Rule) -> Iterator[tuple[Path, str]]:
    """Zones that a rule names, each with where it does."""
    yield ("stay_inside",), rule.stay_inside
    yield ("keep_out",), rule.keep_out
    if rule.curfew is not None:
        yield ("curfew", "zone"), rule.curfew.zone


def _check_rule(
    entry: Entry[RuleEntry], rule: Rule, path: Path, zone: ZoneDefinition, county: ZoneInfo, findings: Findings
) -> None:
    start, until = rule.period(zone)
    if start >= until and rule.start < rule.until and zone.start < zone.until:
        findings.add(entry.place(*path), "zone_never", zone=zone.id, **_days(zone, county))
    for index, person in enumerate(entry.value.people.ids or ()):
        if not zone.is_for(person):
            findings.add(entry.place("people", index), "zone_not_theirs", zone=zone.id, person=person)
    if entry.value.people.ids is None and rule.people and not any(map(zone.is_for, rule.people)):
        findings.add(entry.place(*path), "zone_of_nobody", zone=zone.id, rule=rule.id)


def check_leave(
    entries: Sequence[Entry[LeaveEntry]], zones: Mapping[str, ZoneDefinition], county: ZoneInfo, findings: Findings
) -> None:
    """Note leave into a zone that does not hold all the while, or is not for whoever is on leave."""
    for entry in entries:
        value, zone = entry.value, zones.get(entry.value.zone or "")
        if zone is None:
            continue
        if not (zone.start <= epoch(value.start, county) and epoch(value.until, county) <= zone.until):
            findings.add(entry.place("zone"), "leave_zone_closed", zone=zone.id, **_days(zone, county))
        if not zone.is_for(value.person):
            findings.add(entry.place("zone"), "zone_not_theirs", zone=zone.id, person=value.person)


def _days(zone: ZoneDefinition, county: ZoneInfo) -> dict[str, str]:
    """The first and the last day of a zone, as an officer wrote them."""
    first = "…" if math.isinf(zone.start) else day_before(zone.start + 86_400.0, county).isoformat()
    last = "…" if math.isinf(zone.until) else day_before(zone.until, county).isoformat()
    return {"first": first, "last": last}
