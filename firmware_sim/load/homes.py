"""Where the terminals are: each at a home of its own, on a grid."""

from __future__ import annotations

from firmware_sim.world import Place, Scene

_COLUMNS = 200
_SPACING = 60.0
"""Metres between homes."""


def home_of(number: int) -> Place:
    """Home of the wearer of that number, from 0; it goes on northwards, row by row, from the county's origin."""
    return Place(f"H{number:05d}", _SPACING * (number % _COLUMNS), _SPACING * (number // _COLUMNS), Scene.OPEN)
