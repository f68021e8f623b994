"""Made-up subscribers around a town: most near their homes, some far away, some off for hours."""

from __future__ import annotations

import math
import random

from firmware_sim.carrier.subscriber import SHAPES, Subscriber

FIRST_NUMBER = 8613800000001
_DEGREE_M = 111_000.0
_TOWN_M, _FAR_M = 3000.0, 60_000.0
_HOUR, _DAYS = 3600.0, 7
_FAR_SHARE, _OFF_SHARE = 0.02, 0.05


def population(count: int, centre: tuple[float, float], start: float, seed: int = 1) -> dict[str, Subscriber]:
    """So many subscribers by number, from 8613800000001 on; the same seed gives the same ones.

    Args:
        count: how many.
        centre: latitude and longitude, degrees.
        start: UTC epoch seconds; the made-up week begins here.
        seed: of everything.
    """
    chance = random.Random(seed)  # noqa: S311 - a made-up town, no secret
    made = (_subscriber(FIRST_NUMBER + index, index, centre, start, chance) for index in range(count))
    return {one.number: one for one in made}


def _subscriber(
    number: int, index: int, centre: tuple[float, float], start: float, chance: random.Random
) -> Subscriber:
    home = _near(centre, _TOWN_M, chance)
    track = [(start, *home)]
    absent = []
    for day in range(_DAYS):
        morning = start + (24 * day + 8) * _HOUR
        away = _near(centre, _FAR_M if chance.random() < _FAR_SHARE else _TOWN_M, chance)
        track += [(morning, *away), (morning + 9 * _HOUR, *home)]
        if chance.random() < _OFF_SHARE:
            absent.append((morning, morning + chance.uniform(1.0, 10.0) * _HOUR))
    radius = chance.choice((46.0, 240.0, 570.0, 1500.0))
    return Subscriber(str(number), tuple(track), radius, SHAPES[index % len(SHAPES)], tuple(absent))


def _near(centre: tuple[float, float], metres: float, chance: random.Random) -> tuple[float, float]:
    distance, bearing = metres * math.sqrt(chance.random()), chance.uniform(0.0, 2.0 * math.pi)
    north, east = distance * math.cos(bearing) / _DEGREE_M, distance * math.sin(bearing) / _DEGREE_M
    return centre[0] + north, centre[1] + east / math.cos(math.radians(centre[0]))
