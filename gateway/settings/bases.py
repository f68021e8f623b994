"""What a legal basis allows to be asked: of people without one for a bracelet no curfew, barred or small zone.

A phone located by its carrier tells whether it is in a wide region, out of reach or off, and nothing closer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gateway.settings.geography import inner_radius_m
from gateway.settings.model import REGION_M, BasisKind, Circle

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gateway.settings.entries import Entry
    from gateway.settings.faults import Findings
    from gateway.settings.known import Known
    from gateway.settings.model import Area, Person, Rule, ZoneDefinition
    from gateway.settings.raw import RuleEntry

_NAMED = 5
"""People named in one fault at most."""


def check_bases(
    entries: Sequence[Entry[RuleEntry]],
    rules: Sequence[Rule],
    people: Mapping[str, Person],
    zones: Mapping[str, ZoneDefinition],
    known: Known,
    findings: Findings,
) -> None:
    """Note each restriction that binds somebody who may not wear a bracelet; ``rules`` are those of ``entries``."""
    worn = known.ids["bracelet"]
    if worn is None:
        return
    for entry, rule in zip(entries, rules, strict=True):
        asked = _close(rule, zones)
        lacking = [
            person for person in rule.people if person in people and person not in worn and _keys(asked, person, zones)
        ]
        if lacking:
            keys = sorted({key for person in lacking for key in _keys(asked, person, zones)}, key=list(asked).index)
            names = ", ".join(lacking[:_NAMED]) + (" ..." if len(lacking) > _NAMED else "")
            findings.add(entry.place(keys[0]), "bracelet_needed", rule=rule.id, key=", ".join(keys), people=names)


def note_office_rules(entries: Sequence[Entry[RuleEntry]], rules: Sequence[Rule], findings: Findings) -> None:
    """Note what restricts more than an area and rests on a rule of the office alone; ``rules`` are of ``entries``."""
    for entry, rule in zip(entries, rules, strict=True):
        keys = list(_restricting(rule))
        if rule.basis_kind is BasisKind.OFFICE_RULE and keys:
            findings.warn(entry.place("basis_kind"), "office_rule_alone", rule=rule.id, key=", ".join(keys))


def _keys(asked: Mapping[str, str], person: str, zones: Mapping[str, ZoneDefinition]) -> list[str]:
    """Those of a rule's close restrictions that bind somebody: a zone may be for others alone."""
    return [key for key, zone in asked.items() if zone not in zones or zones[zone].is_for(person)]


def _restricting(rule: Rule) -> dict[str, str]:
    """What a rule asks that only a court, a statute or an approval should, each with its zone; empty: about none."""
    asked = {
        "keep_out": rule.keep_out or None,
        "curfew": None if rule.curfew is None else rule.curfew.zone,
        "repeated_place": None if rule.repeated_place is None else "",
        "nights_out": None if rule.nights_out is None else "",
        "no_motion": "" if rule.no_motion_s else None,
    }
    return {key: zone for key, zone in asked.items() if zone is not None}


def _close(rule: Rule, zones: Mapping[str, ZoneDefinition]) -> dict[str, str]:
    """The restrictions of a rule that only a bracelet can show, each with its zone; empty: it is about none."""
    region = zones.get(rule.stay_inside)
    small = region is not None and max(map(_radius_m, region.places), default=REGION_M) + region.buffer_m < REGION_M
    company = {
        "not_together": None if rule.not_together is None else "",
        "keep_away": None if rule.keep_away is None else "",
    }
    asked = {"stay_inside": rule.stay_inside if small else None, **_restricting(rule), **company}
    return {key: zone for key, zone in asked.items() if zone is not None}


def _radius_m(place: Circle | Area) -> float:
    return place.radius_m if isinstance(place, Circle) else inner_radius_m(place.geometry)
