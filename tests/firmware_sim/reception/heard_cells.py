"""What walks and drives say of cells, in metres, dB and shares: the same measures of made-up and of real ones."""

import math
from collections import defaultdict
from dataclasses import dataclass
from itertools import combinations

import numpy as np

HERE = 15.0
"""Metres within which two places are one."""
ACCURATE = 30.0
"""Metres to which a place is known if it is to prove anything."""


@dataclass
class Track:
    """Of the cells that served at the places of a walk: metres, names, dBm, timing advance, metres of a step and of
    the places' accuracy.
    """

    places: np.ndarray
    cells: np.ndarray
    level: np.ndarray
    advance: np.ndarray
    step: float
    accuracy: np.ndarray

    @property
    def ring(self):
        """Metres to the tower, as the advance says."""
        return (self.advance + 0.5) * self.step


@dataclass
class Scan:
    """All cells heard at once that a table has, the serving one first: dBm, metres to where it has them, ``range``."""

    level: np.ndarray
    away: np.ndarray
    range: np.ndarray


def distances(tracks):
    """Metres from each point to the middle of where the other tracks heard its cell."""
    found = []
    for left_out, track in enumerate(tracks):
        heard = defaultdict(list)
        for number, other in enumerate(tracks):
            if number != left_out:
                for place, cell in zip(other.places, other.cells.tolist(), strict=True):
                    heard[cell].append(place)
        mine = zip(track.places, track.cells.tolist(), strict=True)
        found += [math.dist(place, np.mean(heard[cell], axis=0)) for place, cell in mine if cell in heard]
    return found


def pairs(tracks):
    """Of two measurements of one cell on two tracks: metres apart, dB apart."""
    found = []
    for one, other in combinations(tracks, 2):
        first, second = np.nonzero(one.cells[:, None] == other.cells)
        apart = np.hypot(*(one.places[first] - other.places[second]).T)
        found.append(np.column_stack([apart, one.level[first] - other.level[second]]))
    return np.concatenate(found)


def scatter(tracks, least, most):
    """Standard deviation in dB of one cell's level between two tracks, at places so far apart."""
    apart, off = np.concatenate([pairs(quarter) for quarter in tracks]).T
    return math.sqrt((off[(apart >= least) & (apart < most)] ** 2).mean() / 2.0)


def same_at_one_place(tracks):
    """Share of the places that another track had, too, where the same cell served."""
    found = []
    for quarter in tracks:
        for one, other in combinations(quarter, 2):
            apart = np.hypot(*(one.places[:, None] - other.places).T).T
            nearest = apart.argmin(axis=1)
            here = np.flatnonzero(apart.min(axis=1) < HERE)
            found.append(one.cells[here] == other.cells[nearest[here]])
    return np.concatenate(found).mean()


def impossible(tracks, step):
    """Share of pairs of a device's places within one cell that are farther apart than both circles about its tower."""
    places, names, advance, accuracy = (
        np.concatenate([getattr(track, name) for track in tracks])
        for name in ("places", "cells", "advance", "accuracy")
    )
    found = []
    for cell in np.unique(names):
        rows = np.flatnonzero((names == cell) & (accuracy < ACCURATE))
        one, other = (rows[side] for side in np.triu_indices(len(rows), 1))
        apart = np.hypot(*(places[one] - places[other]).T) - accuracy[one] - accuracy[other]
        found.append(apart > (advance[one] + advance[other] + 2.0) * step)
    return np.concatenate(found).mean()


def slope(scans):
    """dB a decade of the distance to where the table has a cell, the scatter about it, the share explained."""
    away = np.log10(np.maximum(np.concatenate([scan.away for scan in scans]), 30.0))
    level = np.concatenate([scan.level for scan in scans])
    line = np.polyfit(away, level, 1)
    return -line[0], np.std(level - np.polyval(line, away)), np.corrcoef(away, level)[0, 1] ** 2


def strongest_is_nearest(scans):
    return np.mean([scan.away.argmin() == scan.level.argmax() for scan in scans if len(scan.level) > 1])


def serving_is_not_strongest(scans):
    return np.mean([scan.level[0] < scan.level.max() for scan in scans if len(scan.level) > 1])
