"""The county's cell towers and who hears them where.

LTE: each tower has three sectors, each a cell of its own; what is heard is the received power of each cell, with
shadowing that is fixed in space, so that the same street hears the same cells. Levels follow the log-distance law with
exponent 3.5 (3GPP TR 36.942, section 4.5, urban slope) and shadowing of 8 dB.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from firmware_sim.county.plan import Plan

SPACING = {"city": 620.0, "town": 800.0, "open": 2600.0}
"""Metres between neighbouring towers."""
SECTORS = 3
HEARD = 6
"""Cells of a place that can be heard."""
PIXEL = 100.0
"""Metres of the map's grid: shadowing is alike within it."""
SHADOWING = 8.0
AT_100_M = -62.0
"""RSRP in dBm at 100 m of a cell's main direction."""
ADVANCE = 78.07
"""Metres of a timing-advance step of LTE: 16 Ts, one way (3GPP TS 36.213, section 4.2.3)."""
MULTIPATH = 100.0
"""Metres by which the path is longer than the distance, on average."""
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

    def timing_advance(
        self, cell: NDArray[np.int32], x: NDArray[np.float64], y: NDArray[np.float64]
    ) -> NDArray[np.int64]:
        """Timing-advance index of a cell as measured at a point."""
        tower = cell // SECTORS
        away = np.sqrt((x - self.x[tower]) ** 2 + (y - self.y[tower]) ** 2) + MULTIPATH
        return (away // ADVANCE).astype(np.int64)


def build_towers(seed: int, plan: Plan) -> TowerMap:
    """Towers for a plan, and the map of what is heard."""
    draw = np.random.default_rng([seed, 102])
    x, y = _places(draw, plan)
    west, south, east, north = shapely.box(*plan.border.bounds).buffer(AROUND, join_style="mitre").bounds
    columns, rows = math.ceil((east - west) / PIXEL), math.ceil((north - south) / PIXEL)
    bearing = draw.integers(0, 120, len(x))
    cells, levels = [], []
    for row in range(rows):
        east_of = west + (np.arange(columns) + 0.5) * PIXEL
        north_of = np.full(columns, south + (row + 0.5) * PIXEL)
        cell, level = _heard(draw, (x, y), bearing, east_of, north_of)
        cells.append(cell)
        levels.append(level)
    return TowerMap(x, y, west, south, columns, np.concatenate(cells), np.concatenate(levels))


def _places(draw: np.random.Generator, plan: Plan) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """A jittered grid in each town, and a wide one over the country (8 km beyond the border too)."""
    west, south, east, north = plan.border.bounds
    found: list[NDArray[np.float64]] = []
    for index, town in enumerate(plan.towns):
        spacing = SPACING["town" if index else "city"]
        points = _grid(draw, (town.x - town.radius, town.y - town.radius), 2 * town.radius, 2 * town.radius, spacing)
        near = (points[:, 0] - town.x) ** 2 + (points[:, 1] - town.y) ** 2 <= (town.radius + spacing / 2) ** 2
        found.append(points[near])
    country = _grid(draw, (west - 8e3, south - 8e3), east - west + 16e3, north - south + 16e3, SPACING["open"])
    for town in plan.towns:
        country = country[(country[:, 0] - town.x) ** 2 + (country[:, 1] - town.y) ** 2 > (town.radius + 500.0) ** 2]
    points = np.concatenate([*found, country])
    return points[:, 0], points[:, 1]


def _grid(
    draw: np.random.Generator, corner: tuple[float, float], width: float, height: float, spacing: float
) -> NDArray[np.float64]:
    across, up = max(1, round(width / spacing)), max(1, round(height / spacing))
    column, row = np.meshgrid(np.arange(across), np.arange(up))
    jitter = draw.uniform(-0.3, 0.3, (2, across * up))
    x = corner[0] + (column.ravel() + 0.5 + jitter[0]) * width / across
    y = corner[1] + (row.ravel() + 0.5 + jitter[1]) * height / up
    return np.round(np.column_stack([x, y]), 1)


def _heard(
    draw: np.random.Generator, towers: tuple[NDArray[np.float64], NDArray[np.float64]], bearing: NDArray[np.int64],
    x: NDArray[np.float64], y: NDArray[np.float64],
) -> tuple[NDArray[np.int32], NDArray[np.int16]]:  # fmt: skip
    """The strongest cells of a row of pixels; levels in whole dB: no last bit of a logarithm decides."""
    east, north = x[:, None] - towers[0], y[:, None] - towers[1]
    away = np.maximum(np.sqrt(east * east + north * north), 30.0)
    degrees = np.degrees(np.arctan2(east, north)) % 360.0
    cells = np.empty((len(x), len(towers[0]), SECTORS))
    for sector in range(SECTORS):
        off = np.abs((degrees - bearing - 120.0 * sector + 180.0) % 360.0 - 180.0)
        cells[:, :, sector] = -np.minimum(12.0 * (off / 65.0) ** 2, 20.0)
    cells += (AT_100_M - 35.0 * np.log10(away / 100.0))[:, :, None]
    cells += draw.normal(0.0, SHADOWING, (len(x), len(towers[0])))[:, :, None]
    level = np.round(cells.reshape(len(x), -1)).astype(np.int16)
    strongest = np.argsort(-level, axis=1, kind="stable")[:, :HEARD]
    return strongest.astype(np.int32), np.take_along_axis(level, strongest, 1)
