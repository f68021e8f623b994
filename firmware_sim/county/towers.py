"""The county's cell towers and who hears them where.

LTE: each tower has three sectors, each a cell of its own; what is heard is the received power of each cell, with
shadowing that is fixed and smooth in space, so that the same street hears the same cells. Levels follow the
log-distance law with exponent 3.5 (3GPP TR 36.942, section 4.5, urban slope). Spacing and shadowing are fitted to
serving cells measured in a city (tests/firmware_sim/reception).
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

SPACING = {"city": 480.0, "town": 700.0, "open": 2600.0}
"""Metres between neighbouring towers."""
SECTORS = 3
HEARD = 6
"""Cells of a place that can be heard."""
PIXEL = 100.0
"""Metres of the map's grid."""
SHADOWING, SMOOTH = 6.0, 4
"""dB of shadowing at points so many pixels apart; in between it is interpolated."""
AT_100_M = -62.0
"""RSRP in dBm at 100 m of a cell's main direction."""
ADVANCE = 78.07
"""Metres of a timing-advance step of LTE: 16 Ts, one way (3GPP TS 36.213, section 4.2.3)."""
MULTIPATH = 30.0
"""Metres by which the path is longer than the distance, on average."""
TILE, NEAR = 10, 30
"""Pixels of a tile's side, and towers that can be heard in it: those nearest to its middle."""
NEAREST = 30.0
"""Metres: closer nobody comes to an antenna."""
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
    shadow = SHADOWING * draw.standard_normal((rows // SMOOTH + 2, columns // SMOOTH + 2, len(x)))
    air = _Air(x, y, draw.integers(0, 120, len(x)), shadow, west, south)
    cell, level = np.empty((rows, columns, HEARD), np.int32), np.empty((rows, columns, HEARD), np.int16)
    for up in range(0, rows, TILE):
        for along in range(0, columns, TILE):
            part = np.s_[up : up + TILE, along : along + TILE]
            cell[part], level[part] = air.heard(np.arange(rows)[part[0]], np.arange(columns)[part[1]])
    return TowerMap(x, y, west, south, columns, cell.reshape(-1, HEARD), level.reshape(-1, HEARD))


@dataclass(frozen=True, slots=True)
class _Air:
    """Between towers and pixels: ``bearing`` of first sectors, ``shadow`` (rows, columns, towers) of coarse points."""

    x: NDArray[np.float64]
    y: NDArray[np.float64]
    bearing: NDArray[np.int64]
    shadow: NDArray[np.float64]
    west: float
    south: float

    def heard(self, rows: NDArray[np.int64], columns: NDArray[np.int64]) -> tuple[NDArray[np.int32], NDArray[np.int16]]:
        """The strongest cells of a tile's pixels, (rows, columns, HEARD); levels in whole dB: no last bit decides."""
        x, y = self.west + (columns + 0.5) * PIXEL, self.south + (rows + 0.5) * PIXEL
        middle = (self.x - x[len(x) // 2]) ** 2 + (self.y - y[len(y) // 2]) ** 2
        near = np.sort(np.argsort(middle, kind="stable")[:NEAR])
        east, north = x[None, :, None] - self.x[near], y[:, None, None] - self.y[near]
        away = np.maximum(np.sqrt(east * east + north * north), NEAREST)
        level = AT_100_M - 35.0 * np.log10(away / 100.0) + self._shadows(rows, columns, near)
        degrees = np.degrees(np.arctan2(east, north)) - self.bearing[near]
        off = np.abs((degrees[..., None] - 120.0 * np.arange(SECTORS) + 180.0) % 360.0 - 180.0)
        cells = level[..., None] - np.minimum(12.0 * (off / 65.0) ** 2, 20.0)
        rounded = np.round(cells.reshape(len(rows), len(columns), -1)).astype(np.int16)
        strongest = np.argsort(-rounded, axis=2, kind="stable")[:, :, :HEARD]
        cell = near[strongest // SECTORS] * SECTORS + strongest % SECTORS
        return cell.astype(np.int32), np.take_along_axis(rounded, strongest, 2)

    def _shadows(
        self, rows: NDArray[np.int64], columns: NDArray[np.int64], near: NDArray[np.int64]
    ) -> NDArray[np.float64]:
        """Shadowing of some towers at a tile's pixels, interpolated both ways: (rows, columns, towers)."""
        up, along = rows // SMOOTH, columns // SMOOTH
        coarse = self.shadow[up[0] : up[-1] + 2, along[0] : along[-1] + 2][
            :, :, near
        ]  # of the whole map: ten times slower
        up, along = up - up[0], along - along[0]
        share = (rows % SMOOTH / SMOOTH)[:, None, None]
        lines = coarse[up] * (1.0 - share) + coarse[up + 1] * share
        part = (columns % SMOOTH / SMOOTH)[:, None]
        mixed: NDArray[np.float64] = lines[:, along] * (1.0 - part) + lines[:, along + 1] * part
        return mixed


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
