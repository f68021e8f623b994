"""A file that says a cell is at two places, and they are far apart: nobody knows which is right, so neither is used."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Final

from gateway.fusion.scan.constants import APART
from gateway.towers.rows import Radio

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

FAR: Final = 35_000.0
"""Metres: what a cell of GSM reaches at the end of its timing advance (TS 45.010). Means of sightings lie nearer."""
FAR_BY_RADIO: Final = {Radio.WIFI: APART}
"""Metres of those that do not reach as far."""
METRES_A_DEGREE: Final = 111_195.0
"""Of latitude, on a sphere of 6,371 km: good to half a per cent, for what is far and what is not."""


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A row of a file, and an earlier one with the same cell."""

    key: tuple[int, ...]
    line: int
    earlier: int
    metres: float


def metres_between(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Along the sphere, between two latitudes and longitudes in degrees."""
    (south, west), (north, east) = (tuple(map(math.radians, each)) for each in (one, other))
    half = math.sin((north - south) / 2) ** 2 + math.cos(south) * math.cos(north) * math.sin((east - west) / 2) ** 2
    return math.degrees(2 * math.asin(min(1.0, math.sqrt(half)))) * METRES_A_DEGREE


def contradictions(rows: Iterable[Sequence[float]]) -> Iterator[Contradiction]:
    """Rows far away from what holds of the rows before them with the same cell.

    Args:
        rows: in order of their cells, then of their lines: the cell's key of five, line, latitude, longitude, updated
            and samples. Of one cell the latest holds, then the one with most samples.
    """
    for key, group in groupby(rows, key=lambda row: tuple(map(int, row[:5]))):
        (line, *place, updated, samples), *others = (row[5:] for row in group)
        far = FAR_BY_RADIO.get(Radio(key[-1]), FAR)
        for there in others:
            metres = metres_between((place[0], place[1]), (there[1], there[2]))
            if metres > far:
                yield Contradiction(key, int(there[0]), int(line), metres)
            if (there[3], there[4]) > (updated, samples):
                line, *place, updated, samples = there
