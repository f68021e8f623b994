"""What a scan says where nobody has been: a robust middle of where its cells stand, and how far that may be off."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gateway.fusion.scan.constants import CHANCE, DECADE, FARTHEST, REACH, ROUNDS, SITE, TAILS, UNKNOWN_BELOW
from gateway.fusion.scan.sums import added, found

if TYPE_CHECKING:
    from gateway.fusion.scan.shapes import Flags, Floats, Integers, Learnt, Scans, Sites


@dataclass(frozen=True, slots=True)
class Standing:
    """Where each slot's cell stands, NaN where unknown, and how far from there it may be heard.

    Attributes:
        x, y, scale: (n, slots) metres.
        told: (n,) whether the database knows any cell of the scan; else all is from own reports.
    """

    x: Floats
    y: Floats
    scale: Floats
    told: Flags


def standing(scans: Scans, sites: Sites, learnt: Learnt) -> Standing:
    """Where the cells stand; the weaker one is beside the scan's strongest, the farther it may be."""
    told = np.isfinite(sites.x) & np.isfinite(sites.y) & (scans.cell >= 0)
    x, y = np.where(told, sites.x, np.nan), np.where(told, sites.y, np.nan)
    at, there = found(learnt.cell, scans.cell)
    there &= ~told
    x[there], y[there] = learnt.cell_x[at[there]], learnt.cell_y[at[there]]
    return Standing(x, y, _scale(scans), np.logical_or.reduce(told, axis=1))


def _scale(scans: Scans) -> Floats:
    known = np.isfinite(scans.level) & (scans.cell >= 0)
    level = np.where(known, scans.level, -np.inf)
    strongest = np.where(known.any(axis=1), level.max(axis=1, initial=-np.inf), 0.0)[:, None]
    below = np.where(known, strongest - np.where(known, level, 0.0), UNKNOWN_BELOW)
    scale: Floats = np.minimum(REACH * 10.0 ** (below / DECADE), FARTHEST)
    return scale


def prior(x: Floats, y: Floats, at: tuple[Floats, Floats, Floats]) -> Floats:
    """Logarithm of the database's chance to hear cells at places; everywhere the same for cells that stand nowhere.

    Args:
        x: metres, the places.
        y: as ``x``.
        at: x, y and scale of the cells, as in :class:`Standing`.
    """
    away = (x - at[0]) ** 2 + (y - at[1]) ** 2
    kernel = -0.5 * (TAILS + 2.0) * np.log1p(away / (TAILS * at[2] * at[2]))
    chance: Floats = np.log(CHANCE) + np.nan_to_num(kernel)
    return chance


def centre(towers: Standing) -> tuple[Floats, Floats, Floats]:
    """Robust centre of where a scan's cells stand, and its standard deviation; (n,), NaN where none is known."""
    known = ~np.isnan(towers.x)
    tx, ty, trust = np.where(known, towers.x, 0.0), np.where(known, towers.y, 0.0), known / towers.scale**2
    x, y = _median(towers.x, known / towers.scale), _median(towers.y, known / towers.scale)
    total = np.ones(len(x))
    for _ in range(ROUNDS):
        away = (tx - x[:, None]) ** 2 + (ty - y[:, None]) ** 2
        pull = trust * (TAILS + 2.0) / (TAILS + away / towers.scale**2)
        total = np.maximum(added(pull), 1e-30)
        x, y = added(pull * tx) / total, added(pull * ty) / total
    some = np.where(known.any(axis=1), 1.0, np.nan)
    return x * some, y * some, some * np.sqrt((TAILS + 2.0) / (TAILS * total) + SITE**2)


def _median(value: Floats, weight: Floats) -> Floats:
    """Weighted median of each row; slots of weight 0 are left out, rows without any give 0."""
    if not value.shape[1]:
        return np.zeros(len(value))
    order: Integers = np.argsort(np.where(weight > 0.0, value, np.inf), axis=1, kind="stable")
    running = np.cumsum(np.take_along_axis(weight, order, 1), axis=1)
    middle = np.argmax(running >= 0.5 * running[:, -1:], axis=1)[:, None]
    return np.nan_to_num(np.take_along_axis(value, np.take_along_axis(order, middle, 1), 1)[:, 0])
