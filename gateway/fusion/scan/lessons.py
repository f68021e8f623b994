"""From reports at known places to what others may learn of them, and how each device hears."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from gateway.fusion.scan.constants import A_WEARER, PLACE
from gateway.fusion.scan.device import loudness, told_step
from gateway.fusion.scan.learnt import learn, shareable
from gateway.fusion.scan.points import settled
from gateway.fusion.scan.shapes import Learnt, Scans

if TYPE_CHECKING:
    from gateway.fusion.scan.shapes import Flags, Floats, Integers


class Lessons(NamedTuple):
    """Reports at known places, n rows in any order.

    Attributes:
        x, y: metres.
        sigma: of those, metres per axis.
        time: UTC epoch seconds.
        device, wearer: int64, numbers of theirs.
        cells: what was heard; its ``advance`` in the device's own steps.
        points: access points that were heard.
    """

    x: Floats
    y: Floats
    sigma: Floats
    time: Floats
    device: Integers
    wearer: Integers
    cells: Scans
    points: Scans

    def rows(self, which: Flags | Integers) -> Lessons:
        """Some of them."""
        x, y, sigma, time, device, wearer = self[:6]
        return Lessons(
            x[which], y[which], sigma[which], time[which], device[which], wearer[which], self.cells.rows(which),
            self.points.rows(which),
        )  # fmt: skip

    def ordered(self) -> Lessons:
        """By device, then by time."""
        return self.rows(np.lexsort((self.time, self.device)))


class Taught(NamedTuple):
    """What reports have taught.

    Attributes:
        learnt: of cells, what others may know.
        points: of access points that stay where they are, the same.
        device: (d,) int64, devices of which something is known.
        step_m: (d,) metres of their step of timing advance; NaN where nothing tells.
        louder_db: (d,) by how much they hear cells louder than usual.
        reports: how many taught.
    """

    learnt: Learnt
    points: Learnt
    device: Integers
    step_m: Floats
    louder_db: Floats
    reports: int


def thinned(lessons: Lessons) -> Lessons:
    """Of each wearer and place A_WEARER reports at most, evenly over those there are, in their order."""
    square = np.floor(np.column_stack([lessons.x, lessons.y]) / PLACE).astype(np.int64)
    groups = np.column_stack([lessons.wearer, square])
    _, group, count = np.unique(groups, axis=0, return_inverse=True, return_counts=True)
    group = group.ravel()
    order = np.argsort(group, kind="stable")
    rank = np.empty(len(group), np.int64)
    rank[order] = np.arange(len(group)) - (np.cumsum(count) - count)[group[order]]
    return lessons.rows((rank + 1) * A_WEARER // count[group] > rank * A_WEARER // count[group])


def teach(lessons: Lessons) -> Taught:
    """What reports teach, in whatever order they stand."""
    lessons = thinned(lessons.ordered())
    x, y, wearer = lessons.x, lessons.y, lessons.wearer
    devices, of = np.unique(lessons.device, return_inverse=True)
    steps, of = np.empty(len(devices)), of.ravel()
    for each, rows in enumerate(_rows(of, len(devices))):
        steps[each] = _step(lessons.rows(rows))
    cells = Scans(lessons.cells.cell, lessons.cells.level, lessons.cells.advance * steps[of][:, None])
    louder = _louder(x, y, cells, of, len(devices))
    cells = Scans(cells.cell, cells.level - louder[of][:, None], cells.advance)
    learnt, points = _shared(x, y, cells, wearer), settled(_shared(x, y, lessons.points, wearer))
    return Taught(learnt, points, devices, steps, louder, len(x))


def _rows(of: Integers, devices: int) -> list[Integers]:
    """Rows of each device, in order."""
    return np.split(np.argsort(of, kind="stable"), np.cumsum(np.bincount(of, minlength=devices)))[:devices]


def _step(mine: Lessons) -> float:
    """One device's step, of what it says of its serving cells: the first ones."""
    return told_step(mine.x, mine.y, mine.sigma, mine.cells.cell[:, 0], mine.cells.advance[:, 0])


def _louder(x: Floats, y: Floats, cells: Scans, of: Integers, devices: int) -> Floats:
    """By how much each device hears louder than all of them together teach."""
    every = learn(x, y, cells)
    rows = _rows(of, devices)
    return np.array([loudness(x[mine], y[mine], cells.rows(mine), every) for mine in rows], np.float64)


def _shared(x: Floats, y: Floats, scans: Scans, wearer: Integers) -> Learnt:
    rows, left = shareable(x, y, scans, wearer)
    return learn(x[rows], y[rows], left)
