"""What reports with a good place teach of the cells they heard: where, how often, how loud, how far by advance.

Places are squares of the plane, each at the mean of its reports. They lend each other their counts, since a report may
belong next door. What is published to others is learnt of what several wearers share (:func:`shareable`), so that no
table leads back to one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gateway.fusion.scan.constants import (
    ADVANCE_SPREAD,
    AT_ONCE,
    LEVEL_PSEUDO,
    LEVEL_SPREAD,
    PLACE,
    PLACES_A_CELL,
    SMOOTH,
    WEARERS,
)  # fmt: skip
from gateway.fusion.scan.shapes import Learnt, Scans
from gateway.fusion.scan.sums import ranges, summed

if TYPE_CHECKING:
    from gateway.fusion.scan.shapes import Flags, Floats, Integers


def learn(x: Floats, y: Floats, scans: Scans) -> Learnt:
    """A version of what reports at known places teach; those without a place (NaN) are left out.

    Args:
        x: (n,) metres, where each scan was made.
        y: as ``x``.
        scans: what was heard there.
    """
    placed = np.isfinite(x) & np.isfinite(y)
    x, y, scans = x[placed], y[placed], scans.rows(placed)
    place, px, py = _places(x, y)
    cells = np.unique(scans.cell[scans.cell >= 0])
    lender, borrower, share = _neighbours(px, py)
    visits = np.bincount(borrower, share * np.bincount(place, minlength=len(px))[lender], len(px)).astype(np.float64)
    heard = _lent(*_heard(scans, cells, place, len(px)), lender, borrower, share)
    return _version(px, py, visits, cells, *heard)


def shareable(x: Floats, y: Floats, scans: Scans, wearer: Integers) -> tuple[Flags, Scans]:
    """Rows that others may learn from, and those rows without the cells that they may not.

    WEARERS reported from each place that is left, and WEARERS of these rows heard each cell that is left.
    """
    common = np.isfinite(x) & np.isfinite(y)
    place, _, _ = _places(x[common], y[common])
    common[common] = _wearers(place, wearer[common]) >= WEARERS
    scans = scans.rows(common)
    row, slot = np.nonzero(scans.cell >= 0)
    _, cell = np.unique(scans.cell[row, slot], return_inverse=True)
    few = _wearers(cell, wearer[common][row]) < WEARERS
    kept = scans.cell.copy()
    kept[row[few], slot[few]] = -1
    return common, Scans(kept, scans.level, scans.advance)


def _wearers(what: Integers, wearer: Integers) -> Integers:
    """For each row, how many different wearers the number in ``what`` has."""
    pairs = np.unique(np.column_stack([what, wearer]), axis=0)
    count: Integers = np.bincount(pairs[:, 0])[what]
    return count


def _places(x: Floats, y: Floats) -> tuple[Integers, Floats, Floats]:
    """Index of each report's place, and the mean of the reports there."""
    squares = np.floor(np.column_stack([x, y]) / PLACE).astype(np.int64)
    _, place, count = np.unique(squares, axis=0, return_inverse=True, return_counts=True)
    place = place.ravel()
    return place, np.bincount(place, x) / count, np.bincount(place, y) / count


def _heard(scans: Scans, cells: Integers, place: Integers, places: int) -> tuple[Integers, Floats]:
    """Pairs (cell * places + place) that were heard, and the moments of each (n, 7); AT_ONCE reports at a time."""
    pair, sums = np.empty(0, np.int64), np.empty((0, 7))
    for first in range(0, len(place), AT_ONCE):
        part = scans.rows(slice(first, first + AT_ONCE))
        row, slot = np.nonzero(part.cell >= 0)
        cell = np.searchsorted(cells, part.cell[row, slot])
        level, advance = _moments(part.level[row, slot]), _moments(part.advance[row, slot])
        pairs = np.concatenate([pair, cell * places + place[first + row]])
        pair, sums = summed(pairs, np.concatenate([sums, np.column_stack([np.ones(len(row)), level, advance])]))
    return pair, sums


def _moments(value: Floats) -> Floats:
    """(n, 3): count, sum and sum of squares of each value; zeros for what is no number."""
    known = np.isfinite(value)
    number = np.where(known, value, 0.0)
    return np.column_stack([known, number, number * number])


def _neighbours(x: Floats, y: Floats) -> tuple[Integers, Integers, Floats]:
    """Lender, borrower and share of all places within three SMOOTH of each other, by lender; each lends itself all."""
    order = np.argsort(x, kind="stable")
    first = np.searchsorted(x[order], x - 3.0 * SMOOTH)
    until = np.searchsorted(x[order], x + 3.0 * SMOOTH, side="right")
    lender = np.repeat(np.arange(len(x)), until - first)
    borrower = order[ranges(first, until)]
    away = (x[lender] - x[borrower]) ** 2 + (y[lender] - y[borrower]) ** 2
    near = away <= (3.0 * SMOOTH) ** 2
    return lender[near], borrower[near], np.exp(-0.5 * away[near] / SMOOTH**2)


def _lent(pair: Integers, sums: Floats, lender: Integers, borrower: Integers, share: Floats) -> tuple[Integers, Floats]:
    """Sums of each pair (cell * places + place) after the places have lent each other theirs, some cells at a time."""
    places = lender[-1] + 1 if len(lender) else 1
    cell = pair // places
    cuts = np.unique(np.searchsorted(cell, cell[::AT_ONCE]))[1:]
    parts = zip(np.split(pair, cuts), np.split(sums, cuts), strict=True)
    pairs, totals = zip(*(_lent_by(part, places, lender, borrower, share) for part in parts), strict=True)
    return np.concatenate(pairs), np.concatenate(totals)


def _lent_by(
    part: tuple[Integers, Floats], places: int, lender: Integers, borrower: Integers, share: Floats
) -> tuple[Integers, Floats]:  # fmt: skip
    pair, sums = part
    first = np.searchsorted(lender, pair % places)
    until = np.searchsorted(lender, pair % places, side="right")
    source, link = np.repeat(np.arange(len(pair)), until - first), ranges(first, until)
    return summed(pair[source] // places * places + borrower[link], sums[source] * share[link, None])


def _version(px: Floats, py: Floats, visits: Floats, cells: Integers, pair: Integers, sums: Floats) -> Learnt:
    """A version from sums by pair: for each cell the places where it was heard most."""
    cell, place = np.divmod(pair, max(len(px), 1))
    total = np.bincount(cell, sums[:, 0])
    middle_x, middle_y = (np.bincount(cell, sums[:, 0] * value[place]) / total for value in (px, py))
    order = np.lexsort((-sums[:, 0], cell))
    keep = np.sort(order[np.arange(len(pair)) - np.searchsorted(cell, cell) < PLACES_A_CELL])
    first = np.searchsorted(cell[keep], np.arange(len(cells) + 1)).astype(np.int32)
    floats = (value.astype(np.float32) for value in (px, py, visits, middle_x, middle_y, *_entries(sums[keep])))
    x, y, visits32, cell_x, cell_y, *entries = floats
    return Learnt(x, y, visits32, cells, cell_x, cell_y, first, place[keep].astype(np.int32), *entries)


def _entries(sums: Floats) -> tuple[Floats, ...]:
    """Hits, levels and advances of entries, in the order of :class:`Learnt`."""
    level, variance = _mean(sums[:, 1:4])
    variance = (sums[:, 1] * variance + LEVEL_PSEUDO * LEVEL_SPREAD**2) / (sums[:, 1] + LEVEL_PSEUDO)
    advance, scatter = _mean(sums[:, 4:7])
    return sums[:, 0], level, variance, advance, scatter + ADVANCE_SPREAD**2, sums[:, 4]


def _mean(sums: Floats) -> tuple[Floats, Floats]:
    """Mean and variance from count, sum and sum of squares; zero where there is none."""
    count = np.maximum(sums[:, 0], 1e-9)
    mean = sums[:, 1] / count
    return mean, np.maximum(sums[:, 2] / count - mean * mean, 0.0)
