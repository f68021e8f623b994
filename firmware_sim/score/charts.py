"""Two kinds of charts: bars in groups, and lines or dots over two axes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from firmware_sim.score import svg

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

WIDTH = 760.0
LABELS = 230.0
VALUES = 130.0
BAR = 14.0
GAP = 10.0
TOP = 34.0
PLOT_HEIGHT = 260.0
AXIS = 60.0
"""Pixels: the picture, the space left of and right of bars, a bar, between groups, above, a plot, left of its axis."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its series, its length in units of the chart (None: no bar), and what stands beside it."""

    series: int
    value: float | None
    text: str


@dataclass(frozen=True, slots=True)
class Group:
    """Bars under one label."""

    label: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Axis:
    """What an axis shows: its range, its ticks and how one is written."""

    label: str
    least: float
    most: float
    ticks: tuple[float, ...]
    text: Callable[[float], str] = "{:g}".format

    def share(self, value: float) -> float:
        """How far along the axis a value lies, 0 to 1; what is beyond an end lies on it."""
        span = self.most - self.least
        return min(max((value - self.least) / span, 0.0), 1.0) if span > 0.0 else 0.0


@dataclass(frozen=True, slots=True)
class Series:
    """Points of one series; ``sizes``: radius of a dot at each of them, in pixels."""

    series: int
    points: tuple[tuple[float, float], ...]
    sizes: tuple[float, ...] = ()


def bars(label: str, names: Sequence[str], groups: Sequence[Group], most: float, style: str = "") -> str:
    """A bar chart under its label, ``names`` being those of the series; a bar of ``most`` fills the width."""
    scale = (WIDTH - LABELS - VALUES) / most if most > 0.0 else 0.0
    parts, top = [svg.words(4.0, 17.0, label), *legend(names)], TOP
    for group in groups:
        height = BAR * len(group.bars)
        parts.append(svg.words(LABELS - 8.0, top + height / 2.0 + 4.0, group.label, "end"))
        for position, one in enumerate(group.bars):
            parts += _bar(one, top + BAR * position, scale)
        top += height + GAP
    parts.append(svg.line((LABELS, TOP - 4.0), (LABELS, top - GAP + 4.0)))
    return svg.picture(WIDTH, top, label, parts, style)


def _bar(one: Bar, top: float, scale: float) -> list[str]:
    width = (one.value or 0.0) * scale
    beside = svg.words(LABELS + width + 5.0, top + BAR - 3.0, one.text, kind="faint")
    return [svg.bar(LABELS, top + 1.0, width, BAR - 2.0, svg.colour(one.series)), beside]


def legend(names: Sequence[str]) -> list[str]:
    """The names of the series in their colours, along the top."""
    parts = []
    for position, name in enumerate(names):
        left = LABELS + 150.0 * position
        parts += [svg.bar(left, 8.0, 10.0, 10.0, svg.colour(position)), svg.words(left + 15.0, 17.0, name)]
    return parts


def lines(
    label: str, names: Sequence[str], axes: tuple[Axis, Axis], series: Sequence[Series], *, even: bool = False
) -> str:
    """A chart over two axes (across, up): dots where a series has sizes, else a curve.

    ``even``: a dashed line from corner to corner, where both axes say the same.
    """
    across, up = axes
    parts = [*legend(names), *_frame(across, up)]
    if even:
        parts.append(svg.line(_spot(axes, across.least, up.least), _spot(axes, across.most, up.most), "dashed"))
    for one in series:
        spots = [_spot(axes, x, y) for x, y in one.points]
        dots = zip(spots, one.sizes, strict=False)
        parts += [svg.dot(*spot, size, svg.colour(one.series)) for spot, size in dots]
        parts += [] if one.sizes else [svg.curve(spots, svg.colour(one.series))]
    return svg.picture(WIDTH, TOP + PLOT_HEIGHT + 44.0, label, parts)


def _spot(axes: tuple[Axis, Axis], x: float, y: float) -> tuple[float, float]:
    """Pixels of a point."""
    across, up = axes
    return AXIS + across.share(x) * (WIDTH - AXIS - 20.0), TOP + (1.0 - up.share(y)) * PLOT_HEIGHT


def _frame(across: Axis, up: Axis) -> list[str]:
    axes, floor = (across, up), TOP + PLOT_HEIGHT
    parts = [svg.words(WIDTH - 20.0, floor + 36.0, across.label, "end"), svg.words(4.0, TOP - 14.0, up.label)]
    for tick in across.ticks:
        x, _ = _spot(axes, tick, up.least)
        parts += [svg.line((x, TOP), (x, floor)), svg.words(x, floor + 16.0, across.text(tick), "middle", "faint")]
    for tick in up.ticks:
        _, y = _spot(axes, across.least, tick)
        edges = ((AXIS, y), (WIDTH - 20.0, y))
        parts += [svg.line(*edges), svg.words(AXIS - 6.0, y + 4.0, up.text(tick), "end", "faint")]
    return parts
