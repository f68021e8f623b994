"""How large a zone is, and how far from its edge people live, in the metres of the county's plane."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import shapely

from fencing.drawing import areas
from fencing.plane import LocalPlane
from gateway.drafts.draft import HOME
from gateway.settings.model import Area

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gateway.drafts.draft import Draft
    from gateway.settings.model import Configuration, Rule, ZoneDefinition

ROUND = 64
"""Segments of a quarter of a circle: its area is true to 1e-4."""


class Size(NamedTuple):
    """Square metres, and metres around it, its buffer included; ``places``: of how many it is made."""

    area_m2: float
    around_m: float
    places: int


class Edge(NamedTuple):
    """Whose home lies how many metres from a zone's edge; ``inside``: within it."""

    person: str
    metres: float
    inside: bool


def size_of(configuration: Configuration, zone: str) -> Size:
    """Of a zone that there is."""
    drawn = _drawn(configuration, configuration.zones[zone])
    return Size(float(drawn.area), float(drawn.length), len(configuration.zones[zone].places))


def edges(configuration: Configuration, zone: str, people: Iterable[str]) -> list[Edge]:
    """Of those people whom rules bind to a zone and who have a home: the nearest to its edge first.

    A protected person's home is nobody's to see: there is none of theirs here.
    """
    bound, drawn = concerned(configuration, zone), _drawn(configuration, configuration.zones[zone])
    plane, found = LocalPlane(*configuration.county.centre), []
    for name in bound.intersection(people):
        person = configuration.people[name]
        if person.home is None or person.protected:
            continue
        x, y = plane.forward([person.home.latitude], [person.home.longitude])
        home = shapely.Point(float(x[0]), float(y[0]))
        found.append(Edge(name, float(drawn.boundary.distance(home)), bool(drawn.covers(home))))
    return sorted(found, key=lambda one: (one.metres, one.person))


def concerned(configuration: Configuration, zone: str) -> frozenset[str]:
    """Whom rules bind to a zone."""
    drawn = configuration.zones[zone]
    return frozenset(person for rule in rules_of(configuration, zone) for person in rule.people if drawn.is_for(person))


def bound_by(configuration: Configuration, draft: Draft) -> frozenset[str]:
    """Whom a draft concerns in a configuration: of its zone, or of HOME those of its rule."""
    if draft.form != HOME:
        return concerned(configuration, draft.zone) if draft.zone in configuration.zones else frozenset()
    return frozenset(person for rule in configuration.rules if draft.is_of("", rule.id) for person in rule.people)


def rules_of(configuration: Configuration, zone: str) -> list[Rule]:
    """The rules that speak of a zone, as they are written."""
    return [rule for rule in configuration.rules if zone in _zones(rule)]


def _zones(rule: Rule) -> tuple[str, ...]:
    return rule.stay_inside, rule.keep_out, "" if rule.curfew is None else rule.curfew.zone


def _drawn(configuration: Configuration, zone: ZoneDefinition) -> shapely.Geometry:
    """All places of a zone as one shape of the county's plane."""
    plane, shapes = LocalPlane(*configuration.county.centre), []
    for place in zone.places:
        if isinstance(place, Area):
            shapes += [each.geometry for each in areas([place.name], [place.geometry], [zone.buffer_m], plane)]
        else:
            x, y = plane.forward([place.latitude], [place.longitude])
            radius = place.radius_m + zone.buffer_m
            shapes.append(shapely.Point(float(x[0]), float(y[0])).buffer(radius, quad_segs=ROUND))
    return shapely.union_all(shapes)
