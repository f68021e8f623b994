"""A row of the table: errors, how often radii hold them, and how far chance may have moved each figure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

DRAWS, SEED = 400, 11
"""Draws of the block bootstrap (Künsch 1989), the same ones each time."""


@dataclass(frozen=True, slots=True)
class Row:
    """What one way of placing does on one set.

    Attributes:
        name: set and thinning.
        way: who places.
        error: (n,) metres.
        block: (n,) of what is drawn together, since errors of neighbours are alike.
        r67, r95: (n,) metres; empty where none are stated.
        refused: rows that were given no place.
    """

    name: str
    way: str
    error: np.ndarray
    block: np.ndarray
    r67: np.ndarray
    r95: np.ndarray
    refused: int = 0

    def percentile(self, percent: float) -> float:
        """Metres that so many of a hundred errors stay below."""
        return float(np.percentile(self.error, percent))

    def covered(self, radius: str) -> float:
        """Share of errors within ``r67`` or ``r95``."""
        return float((self.error <= getattr(self, radius)).mean())

    @property
    def wide(self) -> float:
        """Median r95 in medians of the error."""
        return float(np.median(self.r95) / np.median(self.error))


def row(name: str, way: str, error: np.ndarray, block: np.ndarray, radii: tuple = ((), ()), refused: int = 0) -> Row:
    """A row of columns; without radii where none are stated."""
    return Row(name, way, np.asarray(error), np.asarray(block), *(np.asarray(each) for each in radii), refused)


def interval(values: np.ndarray, block: np.ndarray, figure) -> tuple[float, float]:
    """What 95 of 100 draws of blocks give for a figure of the values."""
    rng = np.random.default_rng(SEED)
    order = np.argsort(block, kind="stable")
    parts = np.split(values[order], np.flatnonzero(np.diff(block[order])) + 1)
    draws = rng.integers(0, len(parts), (DRAWS, len(parts)))
    least, most = np.percentile([figure(np.concatenate([parts[at] for at in draw])) for draw in draws], [2.5, 97.5])
    return float(least), float(most)


HEADS = ("set", "placed by", "places", "p50 m", "p90 m", "p95 m", "r67 holds", "r95 holds", "median r95 / p50")


def cells(one: Row) -> tuple[str, ...]:
    """A row as it is printed."""
    percentiles = (_metres(one, percent) for percent in (50, 90, 95))
    covered = ("–",) * 3 if not len(one.r95) else (_share(one, "r67"), _share(one, "r95"), f"{one.wide:.1f}")
    count = f"{len(one.error)}" + (f" ({one.refused} not placed)" if one.refused else "")
    return (one.name, one.way, count, *percentiles, *covered)


def _metres(one: Row, percent: float) -> str:
    least, most = interval(one.error, one.block, lambda values: np.percentile(values, percent))
    return f"{one.percentile(percent):.1f} [{least:.0f}-{most:.0f}]"


def _share(one: Row, radius: str) -> str:
    inside = (one.error <= getattr(one, radius)).astype(float)
    least, most = interval(inside, one.block, np.mean)
    return f"{100 * one.covered(radius):.0f} % [{100 * least:.0f}-{100 * most:.0f}]"


def table(rows: list[Row]) -> str:
    """The table in Markdown."""
    lines = [HEADS, ("---",) * len(HEADS), *map(cells, rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
