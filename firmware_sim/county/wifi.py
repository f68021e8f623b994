"""Access points: one to three in every building and home, with addresses of a maker that makes none.

``wifi.csv`` is the survey that somebody made who walked through offices, shops, schools and internet cafes: with
errors, some missing, few elsewhere by now. No home is in it, and no address that is made up.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from firmware_sim.world import METRES_PER_DEGREE_EAST, METRES_PER_DEGREE_NORTH, ORIGIN

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from firmware_sim.county.buildings import Stock

MOST = 3
MAKER = 0x0000_5E
"""The first half of an address: the registry's own, under which nothing is sold."""
STEP = 0x9E_3779
"""Odd: its multiples are all numbers of 24 bits, in no order."""
LOCAL, MADE_UP = 0x02 << 40, 0.1
"""The bit of an address that no maker owns (IEEE 802-2014, section 8.2.2), and the share of points that have it."""
COLUMNS = ("bssid", "lat", "lon", "accuracy_m", "updated")
MISSING, MOVED = 0.1, 0.02
"""Shares of the public points that nobody has entered, and that have gone elsewhere since."""
ACCURACY = (4.0, 15.0)
"""Metres per axis."""


@dataclass(frozen=True, slots=True)
class AccessPoint:
    """An address, where it stands in metres, and whether it is nobody's home's."""

    bssid: str
    x: float
    y: float
    public: bool

    @property
    def made_up(self) -> bool:
        """Whether the address is no maker's."""
        return bool(int(self.bssid[:2], 16) << 40 & LOCAL)


def access_points(seed: int, stock: Stock) -> list[AccessPoint]:
    """All of a county: in its buildings and homes."""
    draw = np.random.default_rng([seed, 103])
    buildings = [(building.place, True) for group in stock.by_use.values() for building in group]
    found: list[AccessPoint] = []
    for place, public in [*buildings, *((home, False) for home in stock.homes)]:
        for _ in range(int(draw.integers(1, MOST + 1))):
            east, north = draw.uniform(-8.0, 8.0, 2)
            number = MAKER << 24 | (len(found) + 1) * STEP & 0xFF_FFFF
            bssid = _written(number | LOCAL if draw.uniform() < MADE_UP else number)
            found.append(AccessPoint(bssid, round(place.x + float(east), 1), round(place.y + float(north), 1), public))
    return found


def _written(number: int) -> str:
    return number.to_bytes(6).hex(":")


def rows(seed: int, points: Sequence[AccessPoint], epoch: float) -> Iterator[tuple[object, ...]]:
    """The survey's rows, the names of its columns first; it was made on the day before ``epoch``."""
    yield COLUMNS
    draw = np.random.default_rng([seed, 105])
    public = [point for point in points if point.public and not point.made_up]
    at = np.array([(point.x, point.y) for point in public]).reshape(-1, 2)
    moved = draw.uniform(size=len(at)) < MOVED
    at = np.where(moved[:, None], draw.permutation(at), at)
    accuracy = np.round(draw.uniform(*ACCURACY, len(at)))
    off = accuracy[:, None] * np.round(draw.standard_normal(at.shape), 3)
    latitude = np.round(ORIGIN[0] + (at[:, 1] + off[:, 1]) / METRES_PER_DEGREE_NORTH, 6).tolist()
    longitude = np.round(ORIGIN[1] + (at[:, 0] + off[:, 0]) / METRES_PER_DEGREE_EAST, 6).tolist()
    entered = draw.uniform(size=len(at)) >= MISSING
    for number in np.flatnonzero(entered).tolist():
        named = public[number].bssid, latitude[number], longitude[number]
        yield (*named, int(accuracy[number]), int(epoch) - 86_400)
