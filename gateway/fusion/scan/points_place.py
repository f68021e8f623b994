"""Where a report was made, of the access points that it heard: the robust middle of where these stand.

Each report by itself. A survey says where a point stands, and own reports by how loud they heard it where; where both
speak and lie APART, the point has moved and says nothing. Most of a report's points have to agree that they can be
heard at one place: one that lies elsewhere has moved house or sits in a pocket; where no side has most nobody knows.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple, Protocol

import numpy as np

from formulas.formula import Loop, formula
from gateway.fusion.scan.constants import (
    APART,
    BOX,
    FAINT,
    FARTHEST_POINT,
    FIX,
    LONE,
    LOUDER,
    NEAREST,
    ONE_SIDE,
    OUR_FIXES,
    POINT_DECADE,
    POINT_TAIL,
    PRIOR,
    REACH_POINT,
    ROUNDS,
    SPREADS,
    SURROUNDINGS,
    TELLING_APART,
)
from gateway.fusion.scan.points import points_of
from gateway.fusion.scan.standing import find
from gateway.fusion.towers import point_names
from protocols.report import WifiColumns

if TYPE_CHECKING:
    from fencing.plane import LocalPlane
    from gateway.fusion.scan.shapes import Floats, Integers, Learnt
    from gateway.fusion.towers import Towers


class KnownPoints(Protocol):
    """What is known of access points."""

    @property
    def towers(self) -> Towers:
        """Surveyed ones, under :func:`point_names`."""

    @property
    def points(self) -> Learnt:
        """Those that own reports have heard, of at least WEARERS wearers each; in metres of the same plane."""


class PointPlaces(NamedTuple):
    """Where reports were made, a row a report.

    Attributes:
        x, y: metres; NaN where nobody knows.
        sigma: metres per axis; NaN there.
        points: int64, how many access points the place stands on; 0 there.
    """

    x: Floats
    y: Floats
    sigma: Floats
    points: Integers


def points_place(wifi: WifiColumns, reports: int, known: KnownPoints, plane: LocalPlane) -> PointPlaces:
    """Where each report was made, as its access points say; in whatever order they are stated, each by itself.

    Args:
        wifi: by report, as decoded.
        reports: how many there are, with or without access points.
        known: the version in use.
        plane: the county's.
    """
    hears, report = np.unique(wifi.report, return_inverse=True)
    scans = points_of(_loudest_first(WifiColumns(report, wifi.bssid, wifi.rssi_dbm)), len(hears))
    places = _nowhere(len(hears))
    _fill(scans.cell, scans.level, _surveyed(scans.cell, known.towers, plane), known.points, places)
    found = _nowhere(reports)
    for column, of_those in zip(found, places, strict=True):
        column[hears] = of_those
    return found


def _nowhere(reports: int) -> PointPlaces:
    x, y, sigma = np.full((3, reports), np.nan)
    return PointPlaces(x, y, sigma, np.zeros(reports, np.int64))


def _loudest_first(wifi: WifiColumns) -> WifiColumns:
    level = np.where(wifi.rssi_dbm < 0, wifi.rssi_dbm, np.iinfo(np.int16).min)
    order = np.lexsort((wifi.bssid, -level.astype(np.int64), wifi.report))
    return WifiColumns(wifi.report[order], wifi.bssid[order], wifi.rssi_dbm[order])


def _surveyed(key: Integers, towers: Towers, plane: LocalPlane) -> tuple[Floats, Floats, Floats]:
    """Metres where a survey has each slot's point, and how well it knows it; NaN where it has none."""
    found = towers.at(towers.look_up(*point_names(key.ravel())))
    x, y = plane.forward(found.latitude, found.longitude)
    far = ~(x * x + y * y <= SURROUNDINGS * SURROUNDINGS)
    x[far], y[far] = np.nan, np.nan
    square = np.maximum(found.sigma_m.astype(np.float64) ** 2 - REACH_POINT * REACH_POINT, 0.0)
    return x.reshape(key.shape), y.reshape(key.shape), np.sqrt(square).reshape(key.shape)


@Loop
def _fill(
    key: Integers, level: Floats, survey: tuple[Floats, Floats, Floats], learnt: Learnt, found: PointPlaces
) -> None:
    """Fill ``found``, row by row."""
    stands = np.empty((5, key.shape[1]))
    for row in range(len(key)):
        count = stand(key[row], level[row], (survey[0][row], survey[1][row], survey[2][row]), learnt, stands)
        count = agreed(stands, count)
        if count:
            found.x[row], found.y[row], found.sigma[row] = middle(stands, count)
            found.points[row] = count


@formula
def stand(
    key: Integers, level: Floats, survey: tuple[Floats, Floats, Floats], learnt: Learnt, stands: Floats
) -> int:  # fmt: skip
    """Fill ``stands``, a column a known point; returns how many there are.

    Rows: x, y, metres per axis from there to the listener, box, variance that it shares with others. Of names that one
    box has for several networks the loudest known one counts.
    """
    count = 0
    for slot in range(len(key)):
        box = float(key[slot] // BOX)
        if key[slot] < 0 or np.any(stands[3, :count] == box):
            continue
        x, y, sigma = learnt_at(find(learnt.cell, key[slot]), learnt)
        common = OUR_FIXES * OUR_FIXES
        if not math.isnan(survey[0][slot]):
            if distance(survey[0][slot] - x, survey[1][slot] - y) > APART:
                continue
            x, y, sigma, common = survey[0][slot], survey[1][slot], survey[2][slot], 0.0
        if not math.isnan(x):
            stands[0, count], stands[1, count], stands[3, count], stands[4, count] = x, y, box, common
            stands[2, count] = distance(sigma, reach(level[slot]))
            count += 1
    return count


@formula
def distance(east: float, north: float) -> float:
    """Length of a vector; the same to the bit in Python and compiled."""
    return math.sqrt(east * east + north * north)


@formula
def reach(level: float) -> float:
    """Metres per axis from a point to whoever hears it at a level; of an unknown one REACH_POINT."""
    if math.isnan(level):
        return REACH_POINT
    farther = float(10.0 ** ((FAINT - level) / POINT_DECADE))
    return min(max(REACH_POINT * farther, NEAREST), FARTHEST_POINT)


@formula
def learnt_at(at: int, learnt: Learnt) -> tuple[float, float, float]:
    """Where a learnt point stands, and metres per axis of that: the middle of where it is heard, by how loud; else NaN.

    Args:
        at: its row of ``learnt``; -1: it is unknown.
        learnt: what own reports have taught.
    """
    if at < 0:
        return math.nan, math.nan, math.nan
    heard, total, squares, east, north, loudness = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    for entry in range(learnt.first[at], learnt.first[at + 1]):
        hits, level, place = float(learnt.hits[entry]), float(learnt.level[entry]), learnt.place[entry]
        # 0 stands for reports that state no level.
        level = level if level < 0.0 else FAINT
        weight = hits * float(10.0 ** ((level - FAINT) / LOUDER))
        heard, total, squares, loudness = (
            heard + hits,
            total + weight,
            squares + weight * weight,
            loudness + weight * level,
        )
        east, north = east + weight * np.float64(learnt.x[place]), north + weight * np.float64(learnt.y[place])
    away = reach(loudness / total)
    spread = away * away * squares / (total * total)
    return east / total, north / total, math.sqrt(spread + FIX * FIX / max(heard, 1.0))


@formula
def agreed(stands: Floats, count: int) -> int:
    """Keep those that can be heard at one place, if they are more than half; returns how many."""
    best, most = -1, 0
    for one in range(count):
        near = 0
        for other in range(count):
            apart = distance(stands[0, one] - stands[0, other], stands[1, one] - stands[1, other])
            near += apart <= TELLING_APART * (stands[2, one] + stands[2, other])
        if near > most:
            best, most = one, near
    if 2 * most <= count:
        return 0
    kept, x, y, sigma = 0, stands[0, best], stands[1, best], stands[2, best]
    for one in range(count):
        if distance(stands[0, one] - x, stands[1, one] - y) <= TELLING_APART * (stands[2, one] + sigma):
            for row in range(len(stands)):
                stands[row, kept] = stands[row, one]
            kept += 1
    return kept


@formula
def middle(stands: Floats, count: int) -> tuple[float, float, float]:
    """Robust centre and its standard deviation per axis: by what the points promise, and by how far they spread."""
    x, y, total, misfit, spread, common = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    for turn in range(ROUNDS):
        weight, east, north, misfit, spread, common = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
        for one in range(count):
            square = stands[2, one] * stands[2, one]
            east_of, north_of = stands[0, one] - x, stands[1, one] - y
            away = float(east_of * east_of + north_of * north_of) if turn else 0.0
            pull = (POINT_TAIL + 2.0) / (POINT_TAIL * square + away)
            weight, east, north = weight + pull, east + pull * stands[0, one], north + pull * stands[1, one]
            misfit, spread, common = misfit + away / square, spread + pull * away, common + pull * stands[4, one]
        x, y, total, spread, common = east / weight, north / weight, weight, spread / weight, common / weight
    factor = (PRIOR + misfit) / (PRIOR + 2.0 * (count - 1))
    square = factor / total + ONE_SIDE * ONE_SIDE + SPREADS * spread + common
    return x, y, (LONE if count == 1 else 1.0) * math.sqrt(square)
