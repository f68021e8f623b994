"""The buildings of a county: houses, offices, shops, internet cafes, schools, each with a receiver's surroundings."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

import numpy as np

from firmware_sim.county.plan import BLOCK, CENTRE_RADIUS
from firmware_sim.world import Cafe, Place, Scene

if TYPE_CHECKING:
    from firmware_sim.county.plan import Plan, Town


class Use(Enum):
    """What a building is for."""

    HOUSE = "house"
    OFFICE = "office"
    SHOP = "shop"
    CAFE = "internet cafe"
    SCHOOL = "school"
    GARAGE = "garage"


@dataclass(frozen=True, slots=True)
class Building:
    """A rectangle of 2 ``half_x`` by 2 ``half_y`` metres along the axes of the plane."""

    use: Use
    place: Place
    half_x: float
    half_y: float

    def as_cafe(self) -> Cafe:
        """The building as a place to be barred from."""
        return Cafe(self.place, self.half_x, self.half_y)


SCENES: dict[Use, tuple[Scene, ...]] = {
    Use.HOUSE: (Scene.INDOOR, Scene.INDOOR, Scene.WINDOW),
    Use.OFFICE: (Scene.INDOOR, Scene.WINDOW),
    Use.SHOP: (Scene.WINDOW,),
    Use.CAFE: (Scene.INDOOR, Scene.BASEMENT, Scene.WINDOW),
    Use.SCHOOL: (Scene.WINDOW,),
    Use.GARAGE: (Scene.BASEMENT,),
}
"""Where in such a building people stay, one drawn for each."""
HALF_SIZES: dict[Use, tuple[float, float]] = {
    Use.HOUSE: (6.0, 12.0), Use.OFFICE: (12.0, 30.0), Use.SHOP: (8.0, 20.0), Use.CAFE: (9.0, 18.0),
    Use.SCHOOL: (25.0, 45.0), Use.GARAGE: (15.0, 30.0),
}  # fmt: skip
"""Metres, least and greatest half side."""
PER_TOWN: dict[Use, int] = {Use.OFFICE: 6, Use.SHOP: 6, Use.CAFE: 1, Use.SCHOOL: 1, Use.GARAGE: 1}
CITY_FACTOR = 6
"""The city has so many times a town's."""
CLEAR = 250.0
"""Metres that drawn homes keep from internet cafes; who lives beside one is a scenario's choice."""


@dataclass(frozen=True, slots=True)
class Stock:
    """The buildings by use, and the homes by number of the person."""

    by_use: dict[Use, tuple[Building, ...]]
    homes: tuple[Place, ...]

    @property
    def cafes(self) -> tuple[Cafe, ...]:
        """The internet cafes, as the rules know them."""
        return tuple(building.as_cafe() for building in self.by_use[Use.CAFE])


def build_stock(seed: int, plan: Plan, people: int) -> Stock:
    """Buildings for a plan, and a home for each of ``people``."""
    draw = np.random.default_rng([seed, 101])
    by_use: dict[Use, tuple[Building, ...]] = {}
    for use, count in PER_TOWN.items():
        made = [
            _building(draw, use, town, f"{use.value} {number + 1}")
            for town in plan.towns
            for number in range(count * CITY_FACTOR if town is plan.towns[0] else count)
        ]
        by_use[use] = tuple(made)
    cafes = tuple(building.as_cafe() for building in by_use[Use.CAFE])
    return Stock(by_use, tuple(_home(draw, plan, cafes, number) for number in range(people)))


def scene_outdoors(plan: Plan, x: float, y: float) -> Scene:
    """What surrounds somebody in the street, or in the fields, at a point."""
    city = plan.towns[0]
    if city.distance(x, y) <= CENTRE_RADIUS:
        return Scene.CANYON
    return Scene.STREET if plan.town_at(x, y) else Scene.OPEN


def _building(draw: np.random.Generator, use: Use, town: Town, name: str) -> Building:
    x, y = _in_block(draw, town)
    low, high = HALF_SIZES[use]
    scene = SCENES[use][int(draw.integers(len(SCENES[use])))]
    half_x, half_y = (float(round(half, 1)) for half in draw.uniform(low, high, 2))
    return Building(use, Place(f"{town.name} {name}", x, y, scene), half_x, half_y)


def _in_block(draw: np.random.Generator, town: Town) -> tuple[float, float]:
    """A point within a block of the town's grid, off its streets."""
    while True:
        along, across = (float(value) for value in draw.uniform(-town.radius, town.radius, 2))
        if along * along + across * across <= town.radius * town.radius:
            break
    shift = draw.uniform(0.25, 0.75, 2)
    cell = (np.floor(along / BLOCK[0]) + shift[0]) * BLOCK[0], (np.floor(across / BLOCK[1]) + shift[1]) * BLOCK[1]
    x, y = town.from_grid(float(cell[0]), float(cell[1]))
    return round(x, 1), round(y, 1)


def _home(draw: np.random.Generator, plan: Plan, cafes: tuple[Cafe, ...], number: int) -> Place:
    """Two of three live in the city."""
    while True:
        towns = plan.towns
        town = towns[0] if draw.uniform() < 2 / 3 or len(towns) == 1 else towns[int(draw.integers(1, len(towns)))]
        x, y = _in_block(draw, town)
        scene = SCENES[Use.HOUSE][int(draw.integers(len(SCENES[Use.HOUSE])))]
        if not any(cafe.covers(x, y, CLEAR) for cafe in cafes):
            return Place(f"home-{number + 1}", x, y, scene)
