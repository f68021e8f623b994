"""What one scan says: a few places where it may have been made, and how likely.

The chance of hearing cell c at level L at place x is taken as

    P(c, L | x) = (hits_c(x) N(L; mean_c(x), variance_c(x)) + PSEUDO prior_c(L | x)) / (visits(x) + PSEUDO)

``hits`` and ``visits`` count own reports around x, ``prior`` is a heavy-tailed kernel around where the cell stands
(:mod:`standing`). Where nobody has been only the database speaks, where many have been only they do; PSEUDO reports say
when. An access point is a cell like any other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gateway.fusion.scan.constants import (
    ADVANCE_SPREAD,
    CANDIDATES,
    FAMILIAR,
    GRID_X,
    GRID_Y,
    MENTIONED,
    PLACE,
    PSEUDO,
    STEP,
    TOGETHER,
    TRODDEN,
    UNKNOWN_BELOW,
    UNTOLD,
)  # fmt: skip
from gateway.fusion.scan.shapes import Candidates
from gateway.fusion.scan.sightings import sightings
from gateway.fusion.scan.standing import centre, prior, standing
from gateway.fusion.scan.sums import added, summed

if TYPE_CHECKING:
    from gateway.fusion.scan.shapes import Flags, Floats, Integers, Learnt, Scans, Singles, Sites
    from gateway.fusion.scan.sightings import Sightings
    from gateway.fusion.scan.standing import Standing

_SHAPE = -0.5 * (GRID_X**2 + GRID_Y**2)
"""Logarithm of the share of each point around the database's answer beside the middle's."""
_FLAT = 0.5 * np.log(2.0 * np.pi * ADVANCE_SPREAD**2)
"""Makes an advance that fits exactly count as 1: an advance tells places apart, it does not make a cell likelier."""


def candidates(scans: Scans, sites: Sites, learnt: Learnt) -> Candidates:
    """Where each scan alone may have been made, and how likely; no place at all where all of its cells are unknown."""
    towers = standing(scans, sites, learnt)
    place, gain = _explaining(scans, towers, learnt)
    there = np.isfinite(gain)
    x, y, visits = (_taken(values, place, there) for values in (learnt.x, learnt.y, learnt.visits))
    score = _score(scans, towers, (x, y), visits) + gain * _worth(scans)
    middle_x, middle_y, spread = centre(towers)
    near = _around(scans, towers, (middle_x, middle_y), spread)
    x, y, score = (np.hstack(pair) for pair in zip(near, (x, y, score), strict=True))
    told = np.where(towers.told, 0.0, np.nan)
    return Candidates(x, y, score, middle_x + told, middle_y + told)


def _around(
    scans: Scans, towers: Standing, at: tuple[Floats, Floats], spread: Floats
) -> tuple[Floats, Floats, Floats]:  # fmt: skip
    """Points (x, y, score) around each scan's answer from where its cells stand: unvisited ground; -inf for none."""
    x, y, wide = (np.nan_to_num(each)[:, None] for each in (*at, spread))
    area = TRODDEN * (STEP * spread[:, None] / PLACE) ** 2
    score = _score(scans, towers, (x, y), np.zeros(area.shape)) + np.log(area) + _SHAPE
    return x + wide * GRID_X, y + wide * GRID_Y, np.where(np.isnan(score), -np.inf, score)


def _explaining(scans: Scans, towers: Standing, learnt: Learnt) -> tuple[Integers, Floats]:
    """The CANDIDATES learnt places that explain each scan best, and their gains over the database; -inf fills up."""
    seen = sightings(scans, learnt)
    places = max(len(learnt.x), 1)
    key, gain = summed(seen.scan * places + learnt.place[seen.entry], _gain(seen, scans, towers, learnt)[:, None])
    scan, place = np.divmod(key, places)
    rough = gain[:, 0] - (scans.cell >= 0).sum(axis=1)[scan] * np.log(learnt.visits[place] + PSEUDO)
    order = np.lexsort((-rough, scan))
    rank = np.arange(len(order)) - np.searchsorted(scan, scan)
    best = rank < CANDIDATES
    index, gains = np.zeros((len(scans.cell), CANDIDATES), np.int64), np.full((len(scans.cell), CANDIDATES), -np.inf)
    index[scan[best], rank[best]], gains[scan[best], rank[best]] = place[order[best]], gain[order[best], 0]
    return index, gains


def _taken(values: Singles, index: Integers, there: Flags) -> Floats:
    """The values at an index, 0 where nothing is there."""
    taken = np.zeros(index.shape)
    taken[there] = values[index[there]]
    return taken


def _gain(seen: Sightings, scans: Scans, towers: Standing, learnt: Learnt) -> Floats:
    """log(1 + hits * likelihood / (PSEUDO * prior)): what own reports add to the database's word."""
    at, entry = (seen.scan, seen.slot), seen.entry
    place = learnt.place[entry]
    px, py = learnt.x[place].astype(np.float64), learnt.y[place].astype(np.float64)
    chance = prior(px, py, (towers.x[at], towers.y[at], towers.scale[at]))
    level = _normal(scans.level[at], learnt.level[entry], learnt.level_variance[entry])
    level = np.where(np.isnan(level), np.log(1.0 / UNKNOWN_BELOW), level)
    advance = _normal(scans.advance[at], learnt.advance[entry], learnt.advance_variance[entry])
    advance = np.where(np.isnan(advance) | (learnt.advances[entry] < MENTIONED), UNTOLD, advance + _FLAT)
    gain: Floats = np.log1p(np.exp(np.log(learnt.hits[entry] / PSEUDO) + level + advance - chance))
    return gain


def _normal(value: Floats, mean: Singles, variance: Singles) -> Floats:
    """Logarithm of the normal density; NaN of what is no number."""
    value = np.where(np.isfinite(value), value, np.nan)
    density: Floats = -0.5 * ((value - mean) ** 2 / variance + np.log(2.0 * np.pi * variance))
    return density


def _score(scans: Scans, towers: Standing, at: tuple[Floats, Floats], visits: Floats) -> Floats:
    """Logarithm of what the database and the visits make of each candidate."""
    used = (scans.cell >= 0)[:, None]
    chance = prior(at[0][:, :, None], at[1][:, :, None], (towers.x[:, None], towers.y[:, None], towers.scale[:, None]))
    visited = np.log(visits / PSEUDO + 1.0)
    likelihood = added(np.where(used, chance, 0.0)) - used.sum(axis=2) * visited
    score: Floats = _worth(scans) * likelihood + FAMILIAR * visited
    return score


def _worth(scans: Scans) -> Floats:
    """(n, 1): the share of a cell's word that counts; TOGETHER cells are worth all of theirs."""
    worth: Floats = TOGETHER / np.maximum((scans.cell >= 0).sum(axis=1, keepdims=True), TOGETHER)
    return worth
