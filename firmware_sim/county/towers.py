"""The county's cell towers and who hears them where.

LTE: each tower has three sectors, each a cell of its own; what is heard is the received power of each cell.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from firmware_sim.county.levels import HEARD, PIXEL, SECTORS, SMOOTH, WIDE, Levels

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from firmware_sim.county.plan import Plan

SPACING = {"city": 500.0, "town": 700.0, "open": 2600.0}
"""Metres between neighbouring towers."""
REACH = {"city": 500.0, "town": 700.0, "open": 1500.0}
"""Metres up to which their levels fall slowly."""
TILE = 10
"""Pixels of a tile's side."""
AROUND = 6000.0
"""Metres beyond the border's box that the map covers."""
MCC, MNC, FIRST_ENODEB, FIRST_AREA = 460, 0, 0x21000, 9700


@dataclass(frozen=True, slots=True)
class TowerMap:
    """What is heard where.

    Attributes:
        x, y: (towers,) metres.
        west, south: corner of the map's grid; it has ``columns`` pixels a row.
        cell: (pixels, HEARD) int32, the number of the cell (tower * 3 + sector), strongest first.
        level: (pixels, HEARD) int16, dBm.
    """

    x: NDArray[np.float64]
    y: NDArray[np.float64]
    west: float
    south: float
    columns: int
    cell: NDArray[np.int32]
    level: NDArray[np.int16]

    def pixel(self, x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.int64]:
        """Pixel of each point; points off the map take the nearest."""
        rows = len(self.cell) // self.columns
        column = np.clip((x - self.west) // PIXEL, 0, self.columns - 1)
        row = np.clip((y - self.south) // PIXEL, 0, rows - 1)
        return (row * self.columns + column).astype(np.int64)

    def identity(self, cell: NDArray[np.int32]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Tracking area and 28-bit cell identity: eNodeB << 8 | sector."""
        tower, sector = cell // SECTORS, cell % SECTORS
        return FIRST_AREA + tower.astype(np.int64) // 16, (FIRST_ENODEB + tower.astype(np.int64)) << 8 | sector + 1


def build_towers(seed: int, plan: Plan) -> TowerMap:
    """Towers for a plan, and the map of what is heard."""
    draw = np.random.default_rng([seed, 102])
    x, y, reach = _places(draw, plan)
    west, south, east, north = shapely.box(*plan.border.bounds).buffer(AROUND, join_style="mitre").bounds
    columns, rows = math.ceil((east - west) / PIXEL), math.ceil((north - south) / PIXEL)
    wide = WIDE * draw.standard_normal((rows // SMOOTH + 2, columns // SMOOTH + 2, len(x)))
    levels = Levels(draw, x, y, reach, draw.integers(0, 120, len(x)), wide, west, south)
    cell, level = np.empty((rows, columns, HEARD), np.int32), np.empty((rows, columns, HEARD), np.int16)
    for up in range(0, rows, TILE):
        for along in range(0, columns, TILE):
            part = np.s_[up : up + TILE, along : along + TILE]
            cell[part], level[part] = levels.heard(np.arange(rows)[part[0]], np.arange(columns)[part[1]])
    return TowerMap(x, y, west, south, columns, cell.reshape(-1, HEARD), level.reshape(-1, HEARD))


def _places(draw: np.random.Generator, plan: Plan) -> NDArray[np.float64]:
    """A jittered grid in each town, and a wide one over the country (8 km beyond the border too): x, y, reach."""
    west, south, east, north = plan.border.bounds
    found: list[NDArray[np.float64]] = []
    for index, town in enumerate(plan.towns):
        kind = "town" if index else "city"
        points = _grid(draw, (town.x - town.radius, town.y - town.radius), 2 * town.radius, 2 * town.radius, kind)
        most = town.radius + SPACING[kind] / 2
        found.append(points[(points[:, 0] - town.x) ** 2 + (points[:, 1] - town.y) ** 2 <= most**2])
    country = _grid(draw, (west - 8e3, south - 8e3), east - west + 16e3, north - south + 16e3, "open")
    for town in plan.towns:
        country = country[(country[:, 0] - town.x) ** 2 + (country[:, 1] - town.y) ** 2 > (town.radius + 500.0) ** 2]
    return np.concatenate([*found, country]).T


def _grid(
    draw: np.random.Generator, corner: tuple[float, float], width: float, height: float, kind: str
) -> NDArray[np.float64]:
    across, up = (max(1, round(side / SPACING[kind])) for side in (width, height))
    column, row = np.meshgrid(np.arange(across), np.arange(up))
    jitter = draw.uniform(-0.3, 0.3, (2, across * up))
    x = corner[0] + (column.ravel() + 0.5 + jitter[0]) * width / across
    y = corner[1] + (row.ravel() + 0.5 + jitter[1]) * height / up
    return np.column_stack([np.round(x, 1), np.round(y, 1), np.full(len(x), REACH[kind])])
