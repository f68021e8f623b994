"""Made-up scans, sites and towns of places, for the tests beside."""

from __future__ import annotations

import numpy as np

from gateway.fusion.scan.learnt import learn
from gateway.fusion.scan.shapes import Scans, Sites


def scans(*rows, slots=4):
    """Scans of rows of ``(cell, level, advance)``; what is left out of one is unknown."""
    cell = np.full((len(rows), slots), -1)
    level, advance = np.full((2, len(rows), slots), np.nan)
    for number, row in enumerate(rows):
        for slot, one in enumerate(row):
            cell[number, slot], level[number, slot], advance[number, slot] = (*one, np.nan, np.nan)[:3]
    return Scans(cell, level, advance)


def sites(heard, **where):
    """Where a database has cells, by ``c7=(x, y)``."""
    x, y = np.full((2, *heard.cell.shape), np.nan)
    for name, (east, north) in where.items():
        x[heard.cell == int(name[1:])], y[heard.cell == int(name[1:])] = east, north
    return Sites(x, y)


def town(seed, reports=4000, cells=12):
    """Reports all over two kilometres, which hear the cells that stand there: a version, and where those are."""
    rng = np.random.default_rng(seed)
    cx, cy = rng.uniform(-1000.0, 1000.0, (2, cells))
    x, y = rng.uniform(-1000.0, 1000.0, (2, reports))
    return learn(x, y, heard_at(x, y, cx, cy, rng)), (cx, cy)


def heard_at(x, y, cx, cy, rng, slots=8):
    """What is heard at places: the loudest cells, 35 dB a decade."""
    away = np.hypot(x[:, None] - cx, y[:, None] - cy)
    level = -60.0 - 35.0 * np.log10(np.maximum(away, 10.0) / 100.0) + rng.normal(0.0, 4.0, away.shape)
    loudest = np.argsort(-level, axis=1)[:, :slots]
    taken = np.take_along_axis(level, loudest, 1)
    steps = np.round(np.take_along_axis(away, loudest, 1) / 78.07)
    return Scans(np.where(taken > -110.0, loudest, -1), taken, steps * 78.07)


def same(one, other):
    """Whether two structs of columns are equal to the byte."""
    return all(mine.tobytes() == theirs.tobytes() for mine, theirs in zip(one, other, strict=True))
