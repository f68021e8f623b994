"""Made-up streets full of access points: who hears which how loud, through walls; and what a survey has of them."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from fencing.plane import LocalPlane
from gateway.fusion.scan.constants import PLACE, REACH_POINT, SLOTS
from gateway.fusion.scan.learnt import learn
from gateway.fusion.scan.shapes import Scans
from gateway.fusion.towers import Places, Towers, area_of, empty, point_names, table_of
from protocols.report import WifiColumns

PLANE = LocalPlane(24.33, 109.41)
FIRST, APART = 0x0000_5E00_0000, 0x1000
"""BSSIDs of the first point, and from each to the next."""
SIDE = 300.0
WALLS, DEAF, HEARD = 12.0, -90.0, 0.9
"""A wall each so many metres; dBm below which nothing is heard; chance that what could be heard is."""


def wifi(*rows):
    """Access points of ``(report, bssid, dBm)``."""
    report, bssid, level = zip(*rows, strict=True) if rows else ((), (), ())
    return WifiColumns(np.array(report, np.int64), np.array(bssid, np.uint64), np.array(level, np.int16))


def survey(*rows):
    """What a survey of ``(bssid, x, y, metres of accuracy)`` makes known."""
    bssid = np.array([row[0] for row in rows], np.int64)
    x, y, accuracy = (np.array([row[column] for row in rows], np.float64) for column in (1, 2, 3))
    latitude, longitude = PLANE.inverse(x, y)
    sigma, samples = np.hypot(accuracy, REACH_POINT).astype(np.float32), np.zeros(len(rows), np.int32)
    mcc, mnc, area, cell = point_names(bssid)
    table = table_of(area_of(mcc, mnc, area), cell, Places(latitude, longitude, sigma, samples))
    return known(Towers(table, empty()))


def known(towers=None, points=None):
    """What is known; nothing of what is left out."""
    nobody = learn(np.empty(0), np.empty(0), Scans(*np.empty((3, 0, SLOTS))))
    return SimpleNamespace(towers=towers or Towers(empty(), empty()), points=points or nobody)


class Street:
    """One seed's points and listeners: in a cafe, along a street, or all over a block."""

    def __init__(self, seed, listeners=40):
        self.rng = rng = np.random.default_rng(seed)
        self.kind = rng.choice(["cafe", "street", "block"])
        count = rng.poisson(SIDE * SIDE * 10.0 ** rng.uniform(0.3, 1.3) / 1e4)
        points = rng.uniform(-SIDE / 2, SIDE / 2, (count, 2))
        if self.kind == "cafe":
            points = np.vstack([rng.uniform(-8.0, 8.0, (rng.integers(1, 4), 2)), points])
        if self.kind == "street":
            side = np.where(points[:, 1] < 0.0, -1.0, 1.0)
            beside = side * rng.uniform(7.0, 17.0, count)
            points[:, 1] = np.where(abs(points[:, 1]) < 7.0, beside, points[:, 1])
        self.points, self.at = points, self.places(listeners, inside=True)
        self.bssid = FIRST + APART * np.arange(len(points), dtype=np.int64)
        self._falls, self._scatter, self._wall = rng.uniform(25.0, 35.0), rng.uniform(7.0, 10.0), rng.uniform(3.0, 6.0)
        self._sends = rng.uniform(-45.0, -37.0) + rng.normal(0.0, 3.0, len(points))

    def places(self, count, *, inside=False):
        """Where somebody is; of a cafe ``inside``, else on the street before it."""
        x, y = self.rng.uniform(-100.0, 100.0, (2, count))
        if self.kind == "cafe":
            return self.rng.uniform(-9.0, 9.0, (count, 2)) if inside else np.column_stack([x, -16.0 + 0.06 * y])
        return np.column_stack([x, 0.06 * y if self.kind == "street" else y])

    def levels(self, at):
        """dBm of every point at places, NaN where it is not heard."""
        away = np.hypot(at[:, None, 0] - self.points[:, 0], at[:, None, 1] - self.points[:, 1])
        walls = np.minimum(self.rng.poisson(away / WALLS), 6) * self._wall
        scatter = self.rng.normal(0.0, self._scatter, away.shape)
        level = np.round(self._sends - self._falls * np.log10(np.maximum(away, 1.0)) - walls + scatter)
        return np.where((level > DEAF) & (self.rng.random(away.shape) < HEARD), level, np.nan)

    def heard(self):
        """What the listeners hear."""
        level = self.levels(self.at)
        report, point = np.nonzero(np.isfinite(level))
        return wifi(*zip(report, self.bssid[point], level[report, point], strict=True))

    def surveyed(self, moved=0.0):
        """A survey of some of the points, some of which have moved house since; errors are as stated."""
        accuracy = self.rng.uniform(4.0, 15.0, len(self.points))
        stated = self.points + self.rng.normal(size=self.points.shape) * accuracy[:, None]
        away = self.rng.random(len(stated)) < moved
        stated[away] += self.rng.uniform(-5000.0, 5000.0, (int(away.sum()), 2))
        rows = zip(self.bssid, *stated.T, accuracy, strict=True)
        share = self.rng.uniform(0.3, 1.0)
        return survey(*(row for row in rows if self.rng.random() < share))

    def learnt(self, reports=400):
        """What as many reports from outside have taught."""
        at = self.places(reports)
        level = np.pad(self.levels(at), ((0, 0), (0, SLOTS)), constant_values=np.nan)
        loudest = np.argsort(-level, axis=1, kind="stable")[:, :SLOTS]
        level = np.take_along_axis(level, loudest, 1)
        bssid = np.append(self.bssid, np.full(SLOTS, -1))[loudest]
        scans = Scans(np.where(np.isnan(level), -1, bssid), level, np.full(level.shape, np.nan))
        squares = np.unique(np.floor(at / PLACE), axis=0, return_inverse=True)[1].ravel()
        echoes = self.rng.normal(0.0, 12.0, (squares.max() + 1, 2))
        x, y = (at + echoes[squares] + self.rng.normal(0.0, 10.0, at.shape)).T
        return known(points=learn(x, y, scans))
