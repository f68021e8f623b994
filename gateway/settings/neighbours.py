"""Homes beside a barred zone: fixes at home may fall into it, which is no fault of the county's and worth a note."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fencing import drawing
from fencing.index import PlaceIndex
from fencing.plane import LocalPlane
from fencing.zones import ZoneShape, ZoneTable
from gateway.settings.model import NEAR_HOME, Circle

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fencing.zones import CirclePlace, GeometryPlace
    from gateway.settings.entries import Entry
    from gateway.settings.faults import Findings
    from gateway.settings.model import Area, Configuration, Rule
    from gateway.settings.raw import RuleEntry

_NAMED = 5
"""People named in one note at most."""


def note_near_homes(entries: Sequence[Entry[RuleEntry]], configuration: Configuration, findings: Findings) -> None:
    """Note each rule that bars people from a zone beside their own homes; the rules are those of ``entries``."""
    barred = sorted({rule.keep_out for rule in configuration.rules} & configuration.zones.keys())
    plane = LocalPlane(*configuration.county.centre)
    table = ZoneTable.build([_shape(configuration, zone, plane) for zone in barred])
    index = PlaceIndex.build(table, range(len(barred)))
    beside = {person: _beside(configuration, person, plane, index, barred) for person in configuration.people}
    for entry, rule in zip(entries, configuration.rules, strict=True):
        near = _of_rule(rule, beside, configuration)
        if near:
            names = ", ".join(f"{person} ({metres} m)" for metres, person in near[:_NAMED])
            more = " ..." if len(near) > _NAMED else ""
            findings.warn(
                entry.place("keep_out"), "home_near", zone=rule.keep_out, people=names + more, most=round(NEAR_HOME)
            )


def _of_rule(
    rule: Rule, beside: Mapping[str, Mapping[str, int]], configuration: Configuration
) -> list[tuple[int, str]]:  # fmt: skip
    """Metres and people of a rule who live beside the zone it bars them from, the nearest first."""
    near = [person for person in rule.people if rule.keep_out in beside[person]]
    return sorted(
        (beside[person][rule.keep_out], person) for person in near if configuration.zones[rule.keep_out].is_for(person)
    )


def _beside(
    configuration: Configuration, person: str, plane: LocalPlane, index: PlaceIndex, barred: Sequence[str]
) -> dict[str, int]:
    """Barred zones near a home, with the metres between; 0: the home lies in it."""
    home = configuration.people[person].home
    if home is None:
        return {}
    x, y = plane.forward(home.latitude, home.longitude)
    found = index.within(float(x), float(y), NEAR_HOME)
    return {barred[near.zone]: round(near.distance_m) for near in reversed(found)}


def _shape(configuration: Configuration, zone: str, plane: LocalPlane) -> ZoneShape:
    drawn = configuration.zones[zone]
    return ZoneShape(zone, drawn.name, tuple(_place(place, drawn.buffer_m, plane) for place in drawn.places))


def _place(place: Circle | Area, buffer_m: float, plane: LocalPlane) -> CirclePlace | GeometryPlace:
    if isinstance(place, Circle):
        return drawing.circle(place.name, place.latitude, place.longitude, place.radius_m + buffer_m, plane)
    return drawing.area(place.name, place.geometry, buffer_m, plane)
