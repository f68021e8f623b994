"""Ways between places: along the street grid on foot, by bus between towns, by train along the railway."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING

from firmware_sim.county.buildings import scene_outdoors
from firmware_sim.movement import Vertex
from firmware_sim.world import Scene

if TYPE_CHECKING:
    from collections.abc import Sequence

    from firmware_sim.county.plan import Plan
    from firmware_sim.movement import Visit
    from firmware_sim.world import Place

FOOT, BUS, CAR, TRAIN = 1.3, 7.0, 13.0, 20.0
"""Metres per second."""
WALKABLE = 1500.0
"""Metres up to which a way is walked."""
SHORTEST = 60.0
"""Seconds of the shortest way: down the stairs and out."""
NEAR_RAIL = 900.0
"""Metres from a station within which the train is taken."""
PIECE = 400.0
"""Metres after which the surroundings of a way are looked at anew."""


def way(plan: Plan, start: Place, end: Place, pace: float = 0.0) -> list[tuple[float, float, float, Scene]]:
    """Corners after the start, end included: whole seconds since departure, x, y, scene of the stretch to come.

    ``pace``: metres per second along streets and roads; 0: on foot, by bus or by train, as far as it is.
    """
    points = (not pace and _by_rail(plan, start, end)) or _by_street(plan, start, end)
    length = sum(math.dist(a[:2], b[:2]) for a, b in pairwise(points))
    pace = pace or (FOOT if length <= WALKABLE else BUS)
    moment, found = 0.0, []
    for (ax, ay, rail), (bx, by, _) in pairwise(points):
        stretch = math.sqrt((bx - ax) ** 2 + (by - ay) ** 2)
        parts = math.ceil(stretch / PIECE)
        for part in range(1, parts + 1):
            moment = math.ceil(moment + stretch / parts / (TRAIN if rail else pace))
            x, y = ax + (bx - ax) * part / parts, ay + (by - ay) * part / parts
            found.append((float(moment), x, y, Scene.TRAIN if rail else scene_outdoors(plan, x, y)))
    if moment >= SHORTEST:
        return found
    return [*found[:-1], (SHORTEST, end.x, end.y, end.scene)]


def seconds(plan: Plan, start: Place, end: Place, pace: float = 0.0) -> float:
    """How long a way takes."""
    return way(plan, start, end, pace)[-1][0]


def corners(plan: Plan, visits: Sequence[Visit], start: float) -> list[Vertex]:
    """Visits, in time order, as the corners of a true track.

    Raises:
        ValueError: a visit ends before its place could be reached.
    """
    arrival, found = start, []
    for visit, following in zip(visits, [*visits[1:], None], strict=True):
        if visit.until <= arrival:
            raise ValueError(f"{visit.place.name}: left at {visit.until:.0f}, but only reached at {arrival:.0f}")
        found.append(Vertex(arrival, visit.place.x, visit.place.y, visit.place.scene))
        if following is None:
            break
        outdoors = scene_outdoors(plan, visit.place.x, visit.place.y)
        found.append(Vertex(visit.until, visit.place.x, visit.place.y, outdoors))
        taken = way(plan, visit.place, following.place, visit.pace)
        found += [Vertex(visit.until + at, x, y, scene) for at, x, y, scene in taken[:-1]]
        arrival = visit.until + taken[-1][0]
    return found


def _by_street(plan: Plan, start: Place, end: Place) -> list[tuple[float, float, bool]]:
    """Along the grid's two directions within a town; else straight, as the road goes."""
    town = plan.town_at(start.x, start.y)
    first, last = (start.x, start.y, False), (end.x, end.y, False)
    if town is None or town is not plan.town_at(end.x, end.y):
        return [first, last]
    (along, _), (_, across) = town.to_grid(end.x, end.y), town.to_grid(start.x, start.y)
    return [first, (*town.from_grid(along, across), False), last]


def _by_rail(plan: Plan, start: Place, end: Place) -> list[tuple[float, float, bool]]:
    """By train where both ends are near a stop of the railway, else nothing."""
    stops = [tuple(stop) for stop in plan.railway.tolist()]
    away = [[math.dist(stop, (place.x, place.y)) for stop in stops] for place in (start, end)]
    near = [each.index(min(each)) for each in away]
    if max(map(min, away)) > NEAR_RAIL or near[0] == near[1]:
        return []
    step = 1 if near[1] > near[0] else -1
    on_train = [(*stops[n], n != near[1]) for n in range(near[0], near[1] + step, step)]
    return [(start.x, start.y, False), *on_train, (end.x, end.y, False)]
