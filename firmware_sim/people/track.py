"""A true track as columns: corners in time, straight and even ways between them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from firmware_sim.world import Scene

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from firmware_sim.movement import Vertex

SCENES: tuple[Scene, ...] = tuple(Scene)
"""A scene's number is its place here."""
CHANGE = 1.0
"""Seconds in which a bracelet comes from one hand into another."""
NUMBER = {scene: number for number, scene in enumerate(SCENES)}


@dataclass(frozen=True, slots=True)
class Track:
    """Where somebody, or something, truly is.

    Attributes:
        time: float64 (n,), UTC epoch seconds, increasing.
        x, y: float64 (n,), metres of the plane.
        scene: uint8 (n,), number in ``SCENES`` of the stretch that begins here.
    """

    time: NDArray[np.float64]
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    scene: NDArray[np.uint8]

    @classmethod
    def of(cls, corners: Sequence[Vertex]) -> Track:
        """From corners in time order."""
        time, x, y = np.array([(corner.time, corner.x, corner.y) for corner in corners]).T
        return cls(time, x, y, np.array([NUMBER[corner.scene] for corner in corners], np.uint8))

    def at(self, moments: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """True place at each moment; before the first and after the last corner as there."""
        return np.interp(moments, self.time, self.x), np.interp(moments, self.time, self.y)

    def leg(self, moments: NDArray[np.float64]) -> NDArray[np.int64]:
        """Index of the corner at or before each moment."""
        return np.maximum(np.searchsorted(self.time, moments, side="right") - 1, 0)

    def speed(self) -> NDArray[np.float64]:
        """Metres per second on the leg that begins at each corner; 0 after the last."""
        away = np.sqrt(np.diff(self.x) ** 2 + np.diff(self.y) ** 2)
        return np.append(away / np.diff(self.time), 0.0)

    def replaced(self, other: Track, start: float, until: float) -> Track:
        """This track, but ``other`` from ``start`` until ``until``; each change takes a second."""
        first, last = start - CHANGE, until - CHANGE
        before, after = self.time < first, self.time > until
        during = (other.time > start) & (other.time < last)
        pieces = [
            _part(self, before), _corner(self, first), _corner(other, start), _part(other, during),
            _corner(other, last), _corner(self, until), _part(self, after),
        ]  # fmt: skip
        return Track(
            np.concatenate([piece.time for piece in pieces]), np.concatenate([piece.x for piece in pieces]),
            np.concatenate([piece.y for piece in pieces]), np.concatenate([piece.scene for piece in pieces]),
        )  # fmt: skip


def _part(track: Track, chosen: NDArray[np.bool_]) -> Track:
    return Track(track.time[chosen], track.x[chosen], track.y[chosen], track.scene[chosen])


def _corner(track: Track, moment: float) -> Track:
    at = np.array([moment])
    return Track(at, *track.at(at), track.scene[track.leg(at)])
