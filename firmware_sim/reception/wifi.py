"""Access points that are heard: the loudest, through walls, some of them missed.

Level by the log-distance law with exponent 2.8 (ITU-R P.1238, office and residential at 2.4 GHz), walls, and a scatter
of 8 dB that belongs to the spot; whole dB, so that the same seed gives the same bits anywhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from firmware_sim.people.track import NUMBER
from firmware_sim.world import Scene

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from firmware_sim.county.wifi import AccessPoint

HEARD = 3
REACH = 80.0
"""Metres beyond which nothing is heard."""
AT_1_M, FADING = -40.0, 3.0
"""dBm, and dB of coming and going."""
WALL, APART, MOST_WALLS = 4.0, 12.0, 5
"""dB of a wall, metres from each to the next, and walls that count at most."""
OUTSIDE = 6.0
"""dB of the wall of the house, for whoever stands before it."""
SCATTER, SPOT, TABLE = 8.0, 8.0, 4096
"""dB of what belongs to a spot, metres of its side, and how many such there are, each drawn once."""
FAINTEST, MISSED = -92.0, 0.15
"""dBm below which nothing is heard; share of what could be heard that a scan misses."""
TILE = 100.0
"""Metres of a square whose spots are looked at together."""
NONE = -1
INDOORS = np.array([NUMBER[scene] for scene in (Scene.INDOOR, Scene.WINDOW, Scene.BASEMENT)], np.uint8)
DEAF = np.array([NUMBER[Scene.TRAIN]], np.uint8)
_HASH = np.array([73_856_093, 19_349_663, 83_492_791], np.int64)
"""Of east, north and point: the usual hash of a grid."""


@dataclass(frozen=True, slots=True)
class Air:
    """All access points of a county: metres, addresses as 48-bit numbers, and the scatter of spots in whole dB."""

    seed: int
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    bssid: NDArray[np.int64]
    scatter: NDArray[np.float64]

    @classmethod
    def of(cls, seed: int, points: Sequence[AccessPoint]) -> Air:
        """From their list."""
        scatter = np.round(SCATTER * np.random.default_rng([seed, 106]).standard_normal(TABLE))
        return cls(
            seed, np.array([point.x for point in points]), np.array([point.y for point in points]),
            np.array([int(point.bssid.replace(":", ""), 16) for point in points], np.int64), scatter,
        )  # fmt: skip

    def heard(
        self, draw: np.random.Generator, scene: NDArray[np.uint8], x: NDArray[np.float64], y: NDArray[np.float64]
    ) -> tuple[NDArray[np.int32], NDArray[np.int16]]:
        """Numbers of access points, (n, HEARD), ``NONE`` behind the last, and levels in dBm, the usually loudest first.

        Of ``draw`` as much is taken as there is indoors; what else comes and goes is drawn apart.
        """
        inside = np.isin(scene, INDOORS)
        fading, apart = np.empty((len(x), HEARD)), np.random.default_rng([self.seed, 163])
        fading[inside] = draw.standard_normal((int(inside.sum()), HEARD))
        fading[~inside] = apart.standard_normal((int((~inside).sum()), HEARD))
        number, usual = self._usual(x, y, np.where(inside, 0.0, OUTSIDE))
        level = usual + np.round(FADING * fading)
        is_lost = (level < FAINTEST) | (apart.uniform(size=level.shape) < MISSED) | np.isin(scene, DEAF)[:, None]
        number[is_lost] = NONE
        order = np.argsort(number == NONE, axis=1, kind="stable")
        number, level = np.take_along_axis(number, order, 1), np.take_along_axis(level, order, 1)
        return number, np.where(number == NONE, 0, np.minimum(level, -20)).astype(np.int16)

    def _usual(
        self, x: NDArray[np.float64], y: NDArray[np.float64], loss: NDArray[np.float64]
    ) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
        """The loudest access points of each place, and their usual levels in whole dB; -inf of ``NONE``."""
        number, level = np.full((len(x), HEARD), NONE, np.int32), np.full((len(x), HEARD), -np.inf)
        tiles, of = np.unique(np.floor(np.column_stack([x, y]) / TILE), axis=0, return_inverse=True)
        order = np.argsort(of.ravel(), kind="stable")
        for (east, north), rows in zip(tiles * TILE, np.split(order, np.bincount(of.ravel()).cumsum()), strict=False):
            near = np.flatnonzero(
                (abs(self.x - east - TILE / 2) <= REACH + TILE / 2)
                & (abs(self.y - north - TILE / 2) <= REACH + TILE / 2)
            )
            if len(near):
                told = self._level(near, x[rows], y[rows]) - loss[rows, None]
                loudest = np.argsort(-told, axis=1, kind="stable")[:, :HEARD]
                number[rows, : loudest.shape[1]] = near[loudest]
                level[rows, : loudest.shape[1]] = np.take_along_axis(told, loudest, 1)
        number[level < FAINTEST - 10.0 * FADING] = NONE
        return number, level

    def _level(
        self, near: NDArray[np.int64], x: NDArray[np.float64], y: NDArray[np.float64]
    ) -> NDArray[np.float64]:  # fmt: skip
        """Whole dBm of points at places, without what comes and goes."""
        away = np.sqrt((x[:, None] - self.x[near]) ** 2 + (y[:, None] - self.y[near]) ** 2)
        spot = np.floor(np.column_stack([x, y]) / SPOT).astype(np.int64) * _HASH[:2]
        of_spot = self.scatter[((spot[:, :1] ^ spot[:, 1:]) ^ near * _HASH[2]) % TABLE]
        walls = WALL * np.minimum(away // APART, MOST_WALLS)
        level = np.round(AT_1_M - 28.0 * np.log10(np.maximum(away, 1.0))) - walls + of_spot
        return np.where(away <= REACH, level, -np.inf)
