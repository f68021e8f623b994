"""Access points that are heard inside buildings: those within reach, the strongest first.

Level by the log-distance law with exponent 2.8 (ITU-R P.1238, office and residential at 2.4 GHz).
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
REACH = 45.0
"""Metres through walls."""
AT_1_M, FADING = -40.0, 3.0
"""dBm, and dB of coming and going."""
NONE = -1
INDOORS = np.array([NUMBER[scene] for scene in (Scene.INDOOR, Scene.WINDOW, Scene.BASEMENT)], np.uint8)


@dataclass(frozen=True, slots=True)
class Air:
    """All access points of a county: metres, and addresses as 48-bit numbers."""

    x: NDArray[np.float64]
    y: NDArray[np.float64]
    bssid: NDArray[np.int64]

    @classmethod
    def of(cls, points: Sequence[AccessPoint]) -> Air:
        """From their list."""
        return cls(
            np.array([point.x for point in points]), np.array([point.y for point in points]),
            np.array([int(point.bssid.replace(":", ""), 16) for point in points], np.int64),
        )  # fmt: skip

    def heard(
        self, draw: np.random.Generator, scene: NDArray[np.uint8], x: NDArray[np.float64], y: NDArray[np.float64]
    ) -> tuple[NDArray[np.int32], NDArray[np.int16]]:
        """Numbers of access points, (n, HEARD), ``NONE`` where there are fewer, and levels in dBm."""
        number, level = np.full((len(x), HEARD), NONE, np.int32), np.zeros((len(x), HEARD), np.int16)
        rows = np.flatnonzero(np.isin(scene, INDOORS))
        if not len(rows):
            return number, level
        decimetres = np.column_stack([x[rows], y[rows]]).round(1)
        places, of = np.unique(decimetres, axis=0, return_inverse=True)
        nearest, usual = self._at(places)
        number[rows] = nearest[of]
        fading = np.round(FADING * draw.standard_normal((len(rows), HEARD)))
        level[rows] = np.clip(usual[of] + fading, -100, -20)
        return number, level

    def _at(self, places: NDArray[np.float64]) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
        """The nearest access points of each place and their usual levels in whole dB."""
        number = np.full((len(places), HEARD), NONE, np.int32)
        level = np.zeros((len(places), HEARD))
        for row, (x, y) in enumerate(places.tolist()):
            away = np.sqrt((self.x - x) ** 2 + (self.y - y) ** 2)
            near = np.flatnonzero(away <= REACH)
            near = near[np.argsort(away[near], kind="stable")][:HEARD]
            number[row, : len(near)] = near
            level[row, : len(near)] = np.round(AT_1_M - 28.0 * np.log10(np.maximum(away[near], 1.0)))
        return number, level
