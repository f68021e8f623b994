"""What a legal basis allows to be asked: of people without one for a bracelet no curfew, barred or small zone.

A phone located by its carrier tells whether it is in a wide region, out of reach or off, and nothing closer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gateway.settings.geography import inner_radius_m
from gateway.settings.model import REGION_M, Circle

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
        lacking = [person for person in rule.people if person in people and person not in worn]
        keys = _close(rule, zones) if lacking else []
        if keys:
            names = ", ".join(lacking[:_NAMED]) + (" ..." if len(lacking) > _NAMED else "")
            findings.add(entry.place(keys[0]), "bracelet_needed", rule=rule.id, key=", ".join(keys), people=names)


def _close(rule: Rule, zones: Mapping[str, ZoneDefinition]) -> list[str]:
    """The restrictions of a rule that only a bracelet can show."""
    region = zones.get(rule.stay_inside)
    small = region is not None and max(map(_radius_m, region.places), default=REGION_M) + region.buffer_m < REGION_M
    asked = {
        "stay_inside": small,
        "keep_out": bool(rule.keep_out),
        "curfew": rule.curfew is not None,
        "repeated_place": rule.repeated_place is not None,
        "not_together": rule.not_together is not None,
        "keep_away": rule.keep_away is not None,
    }
    return [key for key, close in asked.items() if close]


def _radius_m(place: Circle | Area) -> float:
    return place.radius_m if isinstance(place, Circle) else inner_radius_m(place.geometry)
