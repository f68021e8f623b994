"""What is drawn of a configuration: zones in metres, buffered, and how large they are. It costs more than the rest."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import shapely

from fencing.plane import LocalPlane
from fencing.zones import CirclePlace, GeometryPlace, ZoneShape, ZoneTable
from gateway.columns import Columns
from gateway.engine.shapes import zone_shapes
from gateway.settings.model import Area

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gateway.engine.policy import Policy
    from gateway.settings.model import Configuration


class Drawn(NamedTuple):
    """Zones in the metres of the county's plane, as :func:`gateway.engine.shapes.zone_shapes` has them.

    Attributes:
        region_m: float64 (z,), radius of the largest circle in each, metres.
        rules_digest: of zones, rules and homes.
    """

    shapes: tuple[ZoneShape, ...]
    region_m: NDArray[np.float64]
    rules_digest: str


_COLUMNS: Final = Columns((Drawn, ZoneShape, CirclePlace, GeometryPlace))


def draw(configuration: Configuration, plane: LocalPlane | None = None) -> Drawn:
    """Draw a checked configuration.

    Raises:
        fencing.errors.GeometryFault: a zone's shape is unusable.
    """
    shapes = zone_shapes(configuration, plane or LocalPlane(*configuration.county.centre))
    return Drawn(tuple(shapes), ZoneTable.build(shapes).inner_radius_m(), _digest_of_rules(configuration))


def draw_packed(configuration: Configuration) -> bytes:
    """What is drawn of a checked configuration, as bytes.

    Raises:
        fencing.errors.GeometryFault: a zone's shape is unusable.
    """
    return _COLUMNS.packed(draw(configuration))


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
