"""How strongly each cell is received at each pixel of a county's map.

A level falls by little as far as the antennas of its tower are tilted to, and fast beyond: two slopes, as ITU-R P.1411
has them for streets. Shadowing has a part that stays for some hundred metres and one of each pixel; both are fixed in
space, so that the same street hears the same cells. Constants are fitted to cells measured in two cities
(tests/firmware_sim/reception).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

SECTORS = 3
HEARD = 6
"""Cells of a place that can be heard."""
PIXEL = 100.0
"""Metres of the map's grid."""
DECADE, BEYOND = 15.0, 80.0
"""dB that a level loses from each distance to the tenfold, and the same beyond its reach."""
WIDE, SMOOTH = 7.0, 4
"""dB of shadowing at points so many pixels apart; in between it is interpolated."""
CLOSE = 6.0
"""dB of shadowing of a pixel alone."""
AT_100_M = -86.0
"""RSRP in dBm at 100 m of a cell's main direction."""
BEAM, SIDE = 65.0, 20.0
"""Degrees at which a sector is 12 dB down, squared law, and dB at most (3GPP TR 36.942, section 4.2.1)."""
NEAR = 30
"""Towers that can be heard in a tile: those nearest to its middle."""
NEAREST = 30.0
"""Metres: closer nobody comes to an antenna."""


@dataclass(frozen=True, slots=True)
class Levels:
    """Between towers and pixels.

    Attributes:
        draw: of what each pixel has for itself.
        x, y: (towers,) metres; ``reach``: metres up to which their levels fall slowly.
        bearing: (towers,) degrees of their first sectors.
        wide: (rows, columns, towers) shadowing of coarse points, dB.
        west, south: metres, corner of the map's grid.
    """

    draw: np.random.Generator
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    reach: NDArray[np.float64]
    bearing: NDArray[np.int64]
    wide: NDArray[np.float64]
    west: float
    south: float

    def heard(self, rows: NDArray[np.int64], columns: NDArray[np.int64]) -> tuple[NDArray[np.int32], NDArray[np.int16]]:
        """The strongest cells of a tile's pixels, (rows, columns, HEARD); levels in whole dB: no last bit decides."""
        x, y = self.west + (columns + 0.5) * PIXEL, self.south + (rows + 0.5) * PIXEL
        middle = (self.x - x[len(x) // 2]) ** 2 + (self.y - y[len(y) // 2]) ** 2
        near = np.sort(np.argsort(middle, kind="stable")[:NEAR])
        east, north = x[None, :, None] - self.x[near], y[:, None, None] - self.y[near]
        level = AT_100_M - _loss(np.sqrt(east * east + north * north), self.reach[near])
        level += self._shadows(rows, columns, near)
        degrees = np.degrees(np.arctan2(east, north)) - self.bearing[near]
        off = degrees[..., None] - 120.0 * np.arange(SECTORS)
        off -= 360.0 * np.rint(off / 360.0)  # a remainder takes several times as long
        cells = level[..., None] - np.minimum(12.0 * (off / BEAM) ** 2, SIDE)
        rounded = np.round(cells.reshape(len(rows), len(columns), -1)).astype(np.int16)
        strongest = np.argsort(-rounded, axis=2, kind="stable")[:, :, :HEARD]
        cell = near[strongest // SECTORS] * SECTORS + strongest % SECTORS
        return cell.astype(np.int32), np.take_along_axis(rounded, strongest, 2)

    def _shadows(
        self, rows: NDArray[np.int64], columns: NDArray[np.int64], near: NDArray[np.int64]
    ) -> NDArray[np.float64]:
        """Shadowing of some towers at a tile's pixels, (rows, columns, towers); the wide part is interpolated."""
        up, along = rows // SMOOTH, columns // SMOOTH
        part = self.wide[up[0] : up[-1] + 2, along[0] : along[-1] + 2]
        coarse = part[:, :, near]  # of the whole map: ten times slower
        up, along = up - up[0], along - along[0]
        share = (rows % SMOOTH / SMOOTH)[:, None, None]
        lines = coarse[up] * (1.0 - share) + coarse[up + 1] * share
        of = (columns % SMOOTH / SMOOTH)[:, None]
        mixed: NDArray[np.float64] = lines[:, along] * (1.0 - of) + lines[:, along + 1] * of
        return mixed + CLOSE * self.draw.standard_normal(mixed.shape)


def _loss(away: NDArray[np.float64], reach: NDArray[np.float64]) -> NDArray[np.float64]:
    """What is lost beyond 100 m, dB, by distance in metres."""
    away = np.maximum(away, NEAREST)
    loss: NDArray[np.float64] = DECADE * np.log10(np.minimum(away, reach) / 100.0)
    return loss + BEYOND * np.log10(np.maximum(away / reach, 1.0))
