"""What is drawn of a configuration: zones in metres, buffered, and how large they are. It costs more than the rest."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import shapely

from fencing.plane import LocalPlane
from fencing.zones import CirclePlace, GeometryPlace, ZoneShape, ZoneTable
from gateway.columns import Columns
from gateway.engine.shapes import home_of, zone_shapes
from gateway.settings.model import Area

if TYPE_CHECKING:
    from collections.abc import Collection

    from numpy.typing import NDArray

    from gateway.engine.policy import Policy
    from gateway.settings.model import Configuration, ZoneDefinition


class Drawn(NamedTuple):
    """Zones in the metres of the county's plane, as :func:`gateway.engine.shapes.zone_shapes` has them.

    Attributes:
        region_m: float64 (z,), radius of the largest circle in each, metres.
        rules_digest: of zones, rules and homes.
        table: of the shapes, if it is at hand.
    """

    shapes: tuple[ZoneShape, ...]
    region_m: NDArray[np.float64]
    rules_digest: str
    table: ZoneTable | None = None


_COLUMNS: Final = Columns((Drawn, ZoneShape, CirclePlace, GeometryPlace))


def draw(configuration: Configuration, plane: LocalPlane | None = None) -> Drawn:
    """Draw a checked configuration.

    Raises:
        fencing.errors.GeometryFault: a zone's shape is unusable.
    """
    shapes = zone_shapes(configuration, plane or LocalPlane(*configuration.county.centre))
    table = ZoneTable.build(shapes)
    return Drawn(tuple(shapes), table.inner_radius_m(), _digest_of_rules(configuration), table)


def draw_packed(configuration: Configuration, zones: Collection[str], homes: Collection[str]) -> bytes:
    """These zones of a checked configuration, and homes of these people, drawn, as bytes; the digest is of them all.

    Raises:
        fencing.errors.GeometryFault: a zone's shape is unusable.
    """
    wanted = replace(
        configuration,
        zones={key: configuration.zones[key] for key in zones},
        people={key: configuration.people[key] for key in homes},
    )
    return _COLUMNS.packed(draw(wanted)._replace(rules_digest=_digest_of_rules(configuration), table=None))


def undrawn(before: Configuration, after: Configuration) -> tuple[list[str], list[str]]:
    """Zones and people of the latter whose zone or home is drawn otherwise than for the former."""
    if before.county.centre != after.county.centre:
        return list(after.zones), list(after.people)
    zones = [
        key for key, zone in after.zones.items()
        if (then := before.zones.get(key)) is not zone and (then is None or _drawing(then) != _drawing(zone))
    ]  # fmt: skip
    homes = [
        key for key, one in after.people.items()
        if (had := before.people.get(key)) is not one and (had is None or had.home != one.home)
    ]  # fmt: skip
    return zones, homes


def _drawing(zone: ZoneDefinition) -> tuple[object, ...]:
    return zone.name, zone.places, zone.buffer_m


def redrawn(before: Policy, more: Drawn, after: Configuration) -> Drawn:
    """What is drawn of a configuration: ``more``, which is what :func:`undrawn` named, and the rest as before."""
    shapes, region = before.zones.shapes, before.region_m.tolist()
    homes = (home_of(key) for key in sorted(after.people) if after.people[key].home is not None)
    names = [*sorted(after.zones), *homes]
    if not more.shapes and names == [one.id for one in shapes]:
        return Drawn(shapes, before.region_m, more.rules_digest, before.zones)
    known = {one.id: (one, metres) for one, metres in zip(shapes, region, strict=True)}
    known |= {one.id: (one, metres) for one, metres in zip(more.shapes, more.region_m.tolist(), strict=True)}
    chosen = [known[name] for name in names]
    return Drawn(
        tuple(one for one, _ in chosen), np.array([metres for _, metres in chosen], np.float64), more.rules_digest
    )


def as_before(before: Policy, after: Configuration) -> Drawn | None:
    """What is drawn of a configuration that is judged by the same zones, rules and homes; None: it is by others."""
    then, nothing = before.configuration, Drawn((), np.empty(0), before.rules_digest)
    judged = (
        getattr(then, name) == getattr(after, name) for name in ("county", "zones", "rules", "alarms", "calendar")
    )
    if not all(judged) or undrawn(then, after) != ([], []) or then.people.keys() != after.people.keys():
        return None
    return redrawn(before, nothing, after)


def pack_drawn(policy: Policy) -> bytes:
    """What was drawn for a policy, as bytes."""
    return _COLUMNS.packed(Drawn(policy.zones.shapes, policy.region_m, policy.rules_digest))


def unpack_drawn(data: bytes) -> Drawn:
    """The same again.

    Raises:
        ValueError: it is not what was packed.
    """
    drawn = _COLUMNS.unpacked(data)
    if not isinstance(drawn, Drawn):
        raise ValueError("nothing that was drawn")  # noqa: TRY004  of data, not of types
    return drawn


def _digest_of_rules(configuration: Configuration) -> str:
    """What a place is judged by: the same text for the same zones, rules, homes, severities and calendar."""
    ordered = sorted(configuration.zones.values(), key=lambda zone: zone.id)
    areas = [place.geometry for zone in ordered for place in zone.places if isinstance(place, Area)]
    told = iter(shapely.to_wkb(np.array(areas, np.object_), hex=True).tolist())
    zones = [
        (zone.id, zone.name, zone.buffer_m, zone.category, zone.start, zone.until, zone.people, [
            (place.name, next(told)) if isinstance(place, Area) else place for place in zone.places
        ])
        for zone in ordered
    ]  # fmt: skip
    rules = configuration.rules
    homes = sorted((key, person.home) for key, person in configuration.people.items() if person.home is not None)
    calendar = configuration.calendar if any(each.curfew and each.curfew.by_calendar for each in rules) else None
    said = repr((configuration.county, zones, rules, homes, sorted(configuration.alarms.items()), calendar))
    return sha256(said.encode()).hexdigest()
