"""GNSS errors of many receivers at once: slow multipath that grows and fades, a fast part, outages, stated sigma.

Per axis the error is A * (slow + fast): both first-order Gauss-Markov (Gelb 1974, section 3.8), A the exponential of a
slow one, so that tails are heavier than normal. Slow multipath lives long at rest and some seconds under way, where
the reflecting walls change. Scales and times of ``CANYON`` under way are fitted to centimetre truth of a street canyon
(tests/firmware_sim/reception). Elementwise arithmetic and rounded tables only: the same seed, the same bits anywhere.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from firmware_sim.people.track import SCENES
from firmware_sim.world import Scene

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Surroundings:
    """How a scene treats GNSS.

    Attributes:
        sigma: of the error an axis, metres, where the amplitude is 1.
        rest, way: correlation time of the slow part at rest and under way, seconds.
        fix, outage: mean seconds of a stretch with and without fixes; ``outage`` 0: never without.
        satellites: usual number used.
        stated: the accuracy the receiver states, metres.
    """

    sigma: float
    rest: float
    way: float
    fix: float
    outage: float
    satellites: int
    stated: float


SURROUNDINGS: dict[Scene, Surroundings] = {
    Scene.OPEN: Surroundings(2.5, 240.0, 60.0, 1e9, 0.0, 14, 2.5),
    Scene.STREET: Surroundings(7.0, 240.0, 25.0, 1e9, 0.0, 10, 3.5),
    Scene.CANYON: Surroundings(20.0, 400.0, 20.0, 1800.0, 30.0, 8, 6.8),
    Scene.WINDOW: Surroundings(10.0, 500.0, 60.0, 3600.0, 300.0, 7, 5.5),
    Scene.INDOOR: Surroundings(16.0, 700.0, 60.0, 1800.0, 900.0, 5, 9.0),
    Scene.BASEMENT: Surroundings(24.0, 600.0, 60.0, 240.0, 3000.0, 4, 14.0),
    Scene.TRAIN: Surroundings(12.0, 120.0, 20.0, 900.0, 120.0, 6, 7.0),
}
FAST_SHARE = 0.16
"""Of the variance of an error."""
FAST_TIME = 0.8
SWELL, SWELL_TIME = 0.35, 90.0
"""Standard deviation of the logarithm of A, and its correlation time in seconds."""
COLD_AFTER, COLD_FACTOR = 1800.0, 2.5
"""A receiver without fixes for so long starts cold: its first error is so much larger."""
STEP = 0.1
"""Seconds: the grain of the tables of decay."""
LONGEST = 3600.0
"""Seconds after which nothing of an error is left."""
_GRAINS = 64


def _decay(time: float) -> NDArray[np.float64]:
    """exp(-k STEP / time) for k = 0, 1, ...; rounded, so that no library's last bit matters."""
    kept: NDArray[np.float64] = np.round(np.exp(-np.arange(round(LONGEST / STEP) + 1) * STEP / time), 9)
    return kept


_SWELLS: NDArray[np.float64] = np.exp(np.arange(-4.0 * _GRAINS, 4.0 * _GRAINS + 1.0) / _GRAINS).round(9)


@dataclass(slots=True)
class Bank:
    """Receivers 0 to n-1, asked together at moments that grow for each. ``scale``: a factor on all errors.

    The same generator and the same questions give the same answers.
    """

    draw: np.random.Generator
    count: int
    scale: float = 1.0
    outages: float = 1.0
    _slow: NDArray[np.float64] = field(init=False)
    _fast: NDArray[np.float64] = field(init=False)
    _swell: NDArray[np.float64] = field(init=False)
    _blind: NDArray[np.bool_] = field(init=False)
    _dark: NDArray[np.float64] = field(init=False)

    def __post_init__(self) -> None:
        self._slow, self._fast = (self.draw.standard_normal((2, self.count)) for _ in range(2))
        self._swell = self.draw.standard_normal(self.count)
        self._blind = np.zeros(self.count, np.bool_)
        self._dark = np.zeros(self.count)

    def observe(self, elapsed: NDArray[np.float64], scene: NDArray[np.uint8], under_way: NDArray[np.bool_]) -> Observed:
        """What each receiver measures ``elapsed`` seconds after its last question. Arrays (n,)."""
        grain = np.minimum(np.round(elapsed / STEP), round(LONGEST / STEP)).astype(np.int64)
        self._slow = self._drift(self._slow, _SLOW[under_way.astype(np.int64), scene, grain])
        self._fast = self._drift(self._fast, _FAST[grain])
        self._swell = self._drift(self._swell, _SWELL_DECAY[grain])
        self._flip(scene, grain)
        cold = ~self._blind & (self._dark > COLD_AFTER)
        self._dark = np.where(self._blind, self._dark + elapsed, 0.0)
        size: NDArray[np.float64] = self.scale * _SIGMA[scene] * self._amplitude() * np.where(cold, COLD_FACTOR, 1.0)
        error = size * (_SLOW_PART * self._slow + _FAST_PART * self._fast)
        stated = _STATED[scene] * (1.0 + 0.1 * np.clip(self.draw.standard_normal(self.count), -3.0, 3.0))
        satellites = np.maximum(_SATELLITES[scene] + self.draw.integers(-1, 2, self.count), 3)
        return Observed(error[0], error[1], ~self._blind, stated, satellites)

    def _amplitude(self) -> NDArray[np.float64]:
        """A, from a table."""
        place = np.clip(np.round(SWELL * self._swell * _GRAINS) + _SWELLS.size // 2, 0, _SWELLS.size - 1)
        amplitude: NDArray[np.float64] = _SWELLS[place.astype(np.int64)]
        return amplitude

    def _drift(self, value: NDArray[np.float64], kept: NDArray[np.float64]) -> NDArray[np.float64]:
        """One step of a process of variance 1."""
        return kept * value + np.sqrt(1.0 - kept * kept) * self.draw.standard_normal(value.shape)

    def _flip(self, scene: NDArray[np.uint8], grain: NDArray[np.int64]) -> None:
        """A two-state process with the scene's mean lengths, at its exact transition probabilities."""
        share = self.outages * _DARK_SHARE[scene]
        share = share / (1.0 - _DARK_SHARE[scene] + share)
        blind = share + (self._blind - share) * _FLIP[scene, grain]
        self._blind = self.draw.uniform(size=self.count) < blind


@dataclass(frozen=True, slots=True)
class Observed:
    """Errors east and north in metres, whether there is a fix, the stated accuracy in metres, satellites used."""

    east: NDArray[np.float64]
    north: NDArray[np.float64]
    located: NDArray[np.bool_]
    stated: NDArray[np.float64]
    satellites: NDArray[np.int64]

    def put(self, rows: NDArray[np.int64], other: Observed, taken: NDArray[np.int64]) -> None:
        """Write the rows ``taken`` of another into ``rows`` of this."""
        for name in Observed.__slots__:
            getattr(self, name)[rows] = getattr(other, name)[taken]


def nothing_observed(count: int) -> Observed:
    """Rows to be written: no fix anywhere."""
    zeros = [np.zeros(count) for _ in range(3)]
    return Observed(zeros[0], zeros[1], np.zeros(count, np.bool_), zeros[2], np.zeros(count, np.int64))


_ROWS = [SURROUNDINGS[scene] for scene in SCENES]
_SIGMA = np.array([row.sigma for row in _ROWS])
_STATED = np.array([row.stated for row in _ROWS])
_SATELLITES = np.array([row.satellites for row in _ROWS])
_DARK_SHARE = np.array([row.outage / (row.fix + row.outage) for row in _ROWS])
_SLOW = np.array([[_decay(row.rest) for row in _ROWS], [_decay(row.way) for row in _ROWS]])
_FAST, _SWELL_DECAY = _decay(FAST_TIME), _decay(SWELL_TIME)
_FLIP = np.array([
    _decay(row.fix * row.outage / (row.fix + row.outage)) if row.outage else np.zeros_like(_FAST) for row in _ROWS
])  # fmt: skip
_SLOW_PART, _FAST_PART = math.sqrt(1.0 - FAST_SHARE), math.sqrt(FAST_SHARE)
