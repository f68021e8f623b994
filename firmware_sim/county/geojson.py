"""A county as GeoJSON, to be looked at in any map program. WGS-84, longitude first; nothing in it is a real place."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import shapely

from firmware_sim.county.towers import build_towers
from firmware_sim.county.wifi import access_points
from firmware_sim.world import to_degrees

if TYPE_CHECKING:
    from collections.abc import Iterator

    from firmware_sim.people.stage import Stage

Feature = dict[str, Any]
_CIRCLE = 24


def features(stage: Stage, seed: int) -> str:
    """The county as the text of a FeatureCollection; every feature has a ``layer``."""
    found = [*_plan(stage), *_buildings(stage), *_radio(stage, seed)]
    return json.dumps({"type": "FeatureCollection", "features": found}, ensure_ascii=False) + "\n"


def _plan(stage: Stage) -> Iterator[Feature]:
    plan = stage.plan
    yield _feature("border", plan.border)
    for name, part in plan.districts:
        yield _feature("district", part, name=name)
    for town in plan.towns:
        yield _feature("town", shapely.Point(town.x, town.y).buffer(town.radius, _CIRCLE), name=town.name)
    yield _feature("river", shapely.LineString(plan.river))
    yield _feature("railway", shapely.LineString(plan.railway))


def _buildings(stage: Stage) -> Iterator[Feature]:
    for use, buildings in stage.stock.by_use.items():
        for building in buildings:
            outline = building.as_cafe().outline()
            yield _feature(use.value, outline, name=building.place.name, scene=building.place.scene.value)
    for home in stage.stock.homes:
        yield _feature("home", shapely.Point(home.x, home.y), name=home.name, scene=home.scene.value)


def _radio(stage: Stage, seed: int) -> Iterator[Feature]:
    towers = build_towers(seed, stage.plan)
    for x, y in zip(towers.x.tolist(), towers.y.tolist(), strict=True):
        yield _feature("tower", shapely.Point(x, y))
    for point in access_points(seed, stage.stock):
        yield _feature("wifi", shapely.Point(point.x, point.y), bssid=point.bssid)


def _feature(layer: str, shape: shapely.Geometry, **properties: str) -> Feature:
    placed = shapely.transform(shape, lambda points: [_degrees(x, y) for x, y in points.tolist()])
    geometry = json.loads(shapely.to_geojson(placed))
    return {"type": "Feature", "properties": {"layer": layer, **properties}, "geometry": geometry}


def _degrees(x: float, y: float) -> list[float]:
    latitude, longitude = to_degrees(x, y)
    return [round(longitude, 7), round(latitude, 7)]
