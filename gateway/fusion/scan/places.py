"""Where reports were made by what they heard, each by itself: so its place is the same whenever it comes."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from fencing.plane import LocalPlane
from formulas.formula import Loop
from gateway.fusion.radius import NORMAL95
from gateway.fusion.scan.belief import follow, nothing
from gateway.fusion.scan.candidates import candidates
from gateway.fusion.scan.heard import scans_of
from gateway.fusion.scan.points_place import points_place
from gateway.fusion.scan.position import position
from gateway.fusion.scan.shapes import Scans, Sites
from gateway.fusion.scan.standing import middle, stand
from protocols.report import Source, no_wifi

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gateway.fusion.scan.known import Known
    from gateway.fusion.scan.shapes import Flags, Floats, Integers, Learnt
    from protocols.report import CellColumns, WifiColumns


class Heard(NamedTuple):
    """Places of n reports by what they heard; NaN and Source.NONE where that gives none.

    Attributes:
        x, y: metres of the county's plane, float64 (n,).
        sigma: metres per axis, float64 (n,); the error's 95 % circle divided by NORMAL95.
        source: uint8 (n,), :class:`protocols.report.Source`.
    """

    x: Floats
    y: Floats
    sigma: Floats
    source: NDArray[np.uint8]


def nowhere(reports: int) -> Heard:
    """No places of so many reports."""
    x, y, sigma = np.full((3, reports), np.nan)
    return Heard(x, y, sigma, np.full(reports, Source.NONE, np.uint8))


def places_of(
    cells: CellColumns, wifi: WifiColumns, wanted: Flags, ears: tuple[Floats, Floats], known: Known, plane: LocalPlane
) -> Heard:  # fmt: skip
    """Places of reports: by the access points where these are known, else by the cells.

    Args:
        cells: what they heard, by report.
        wifi: as ``cells``.
        wanted: bool (n,), whose place has to be as good as can be; that of the others is the middle of where their
            cells stand: enough to doubt a fix that is a kilometre off, at a tenth of the time.
        ears: of each report's device, as ``Known.heard_by`` has them; float64 (n,) each.
        known: the version to look in.
        plane: the county's.
    """
    found = nowhere(len(wanted))
    if len(wifi.report):
        points = points_place(wifi, len(wanted), known, plane)
        _fill(found, np.arange(len(wanted)), Source.WIFI, points.x, points.y, points.sigma)
    if len(cells.report):
        _place_by_cells(found, cells, wanted, ears, known, plane)
    return found


def _place_by_cells(
    found: Heard, cells: CellColumns, wanted: Flags, ears: tuple[Floats, Floats], known: Known, plane: LocalPlane
) -> None:  # fmt: skip
    """Of those that have no place yet."""
    steps, louder = ears
    scans, sites = scans_of(cells, len(wanted), steps, known.towers, plane)
    scans.level[:] -= louder[:, None]
    hears = (scans.cell >= 0).any(axis=1) & (found.source == Source.NONE)
    for rows, place in ((hears & wanted, _best), (hears & ~wanted, _middles)):
        _fill(found, np.flatnonzero(rows), Source.CELL, *place(scans, sites, known.learnt, rows))


def _fill(found: Heard, rows: Integers, source: Source, x: Floats, y: Floats, sigma: Floats) -> None:
    found.x[rows], found.y[rows], found.sigma[rows] = x, y, sigma
    found.source[rows[np.isfinite(sigma)]] = source


def _best(scans: Scans, sites: Sites, learnt: Learnt, rows: Flags) -> tuple[Floats, Floats, Floats]:
    scans, sites = scans.rows(rows), sites.rows(rows)
    still = np.zeros(len(scans.cell))
    place = position(follow(nothing(len(still)), candidates(scans, sites, learnt), still), still)
    return place.x, place.y, place.r95 / NORMAL95


def _middles(scans: Scans, sites: Sites, learnt: Learnt, rows: Flags) -> tuple[Floats, Floats, Floats]:
    found = np.empty((3, np.count_nonzero(rows)))
    _stand_all(scans.rows(rows), sites.rows(rows), learnt, found)
    x, y, sigma = found
    return x, y, sigma


@Loop
def _stand_all(scans: Scans, sites: Sites, learnt: Learnt, found: Floats) -> None:
    """Fill ``found``, (3, n): x, y and their standard deviation, row by row."""
    slots = scans.cell.shape[1]
    at, towers = np.empty(slots, np.int64), np.empty((3, slots))
    for row in range(len(scans.cell)):
        site = sites.x[row], sites.y[row]
        _, told = stand(scans.cell[row], scans.level[row], site, learnt, at, towers)
        found[0, row], found[1, row], found[2, row] = middle(towers, told)


def prepare(known: Known) -> None:
    """Compile what is needed, or load what was compiled."""
    none = np.empty((0, 1))
    scans, sites = Scans(np.empty((0, 1), np.int64), none, none), Sites(none, none)
    every = np.zeros(0, np.bool_)
    _best(scans, sites, known.learnt, every)
    _middles(scans, sites, known.learnt, every)
    points_place(no_wifi(), 0, known, LocalPlane(0.0, 0.0))
