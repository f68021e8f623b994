"""What the receiver makes of the truth: a GNSS error that drifts, outages, satellites, and the cells around."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from firmware_sim.world import Scene

if TYPE_CHECKING:
    import numpy as np

    from firmware_sim.movement import Where


@dataclass(frozen=True, slots=True)
class Reception:
    """How a scene treats GNSS.

    Attributes:
        sigma: standard deviation of the error per axis, metres.
        tau: correlation time of the error, seconds (first-order Gauss-Markov).
        satellites: usual number used.
        fix, outage: mean length in seconds of a stretch with and without a fix; ``outage`` 0: never without.
    """

    sigma: float
    tau: float
    satellites: int
    fix: float = math.inf
    outage: float = 0.0


RECEPTION = {
    Scene.OPEN: Reception(3.0, 90.0, 12),
    Scene.STREET: Reception(8.0, 90.0, 8),
    Scene.CANYON: Reception(35.0, 240.0, 6),
    Scene.WINDOW: Reception(12.0, 120.0, 6, fix=2400.0, outage=240.0),
    Scene.INDOOR: Reception(20.0, 150.0, 5, fix=1500.0, outage=600.0),
    Scene.BASEMENT: Reception(25.0, 180.0, 4, fix=900.0, outage=1200.0),
    Scene.TRAIN: Reception(15.0, 60.0, 6, fix=900.0, outage=120.0),
}
"""Scales by scene: domain notes on accuracy (canyon reflections, indoor fixes) brought to a per-axis sigma."""


@dataclass(frozen=True, slots=True)
class Fix:
    """A position as the receiver believes it: metres of the plane, km/h, degrees, satellites used."""

    x: float
    y: float
    speed_kmh: float
    course: float
    satellites: int


@dataclass(frozen=True, slots=True)
class Cell:
    """A tower heard: LTE cell identity and a raw level."""

    mcc: int
    mnc: int
    lac: int
    cid: int
    level: int


class GnssReceiver:
    """One bracelet's receiver. Asked at growing moments it gives the same answers for the same generator."""

    def __init__(self, draw: np.random.Generator) -> None:
        self._draw = draw
        self._moment = -math.inf
        self._scene: Scene | None = None
        self._error = (0.0, 0.0)
        self._blind = False
        self._flip = math.inf

    def observe(self, moment: float, where: Where) -> Fix | None:
        """What is measured at a moment; None without a fix."""
        reception = RECEPTION[where.scene]
        if where.scene is not self._scene:
            self._enter(moment, where.scene, reception)
        self._drift(moment, reception)
        while self._flip <= moment:
            self._blind = not self._blind
            self._flip += self._draw.exponential(reception.outage if self._blind else reception.fix)
        if self._blind:
            return None
        return self._fix(where, reception)

    def _enter(self, moment: float, scene: Scene, reception: Reception) -> None:
        """A new scene: its outages begin anew, the error goes over from the old one's."""
        self._scene = scene
        self._blind = False
        self._flip = moment + self._draw.exponential(reception.fix) if reception.outage else math.inf

    def _drift(self, moment: float, reception: Reception) -> None:
        """Exact discretisation of a first-order Gauss-Markov process over the time gone by."""
        kept = math.exp(-(moment - self._moment) / reception.tau)
        fresh = reception.sigma * math.sqrt(1.0 - kept * kept)
        east, north = self._error
        self._error = (
            kept * east + fresh * self._draw.standard_normal(),
            kept * north + fresh * self._draw.standard_normal(),
        )
        self._moment = moment

    def _fix(self, where: Where, reception: Reception) -> Fix:
        jitter = abs(self._draw.standard_normal())
        satellites = reception.satellites + int(self._draw.integers(-1, 2))
        speed = where.speed * 3.6 * (1.0 + 0.03 * jitter) if where.speed else 0.5 * jitter
        return Fix(where.x + self._error[0], where.y + self._error[1], speed, where.course, satellites)


TOWER_SPACING = 900.0


def cells_at(where: Where) -> tuple[Cell, ...]:
    """The towers of a regular made-up grid around a place: the nearest first, then its eastern neighbour."""
    column, row = round(where.x / TOWER_SPACING), round(where.y / TOWER_SPACING)
    away = math.hypot(where.x - column * TOWER_SPACING, where.y - row * TOWER_SPACING)
    serving = _tower(column, row, max(10, 60 - int(away / 15.0)))
    return serving, _tower(column + 1, row, max(5, 45 - int(away / 15.0)))


def _tower(column: int, row: int, level: int) -> Cell:
    return Cell(460, 0, 9700 + (row + 64) // 8, 0x0100_0000 + (column + 512) * 1024 + row + 512, level)
