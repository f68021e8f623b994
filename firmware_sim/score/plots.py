"""The plots of a score."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from firmware_sim.score import svg, wording
from firmware_sim.score.charts import Axis, Bar, Group, Series, bars, lines

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from firmware_sim.score.figures import Bin, Rate, Tier
    from firmware_sim.score.result import Column, Score, Track

    Rates = Callable[[Column], Rate | None]

SHARES = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
MINUTES = (1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0)
PROBABILITIES = (0.0, 0.5, 0.9, 0.99, 0.999, 1.0)
NARROW = 1e-4
"""The finest distance from 1 that the axes of probability tell apart."""


def plots(score: Score) -> Mapping[str, str]:
    """The plots of a page by their titles."""
    kinds = {kind: _false(kind) for kind in score.columns[0].false_zones_by_kind}
    pictures = {
        "Breaches found, by true depth and signal": _found(score),
        "False zone alarms per device-month, by kind": _rates("False alarms per device-month", score, kinds),
        "Breaches told within a time of their onset": _latency(score),
        "Stated probability of zone alarms, and how often it was so": _calibration(score),
    }
    if score.track is not None:
        pictures["How often the stated radii hold the truth, by scene"] = _coverage(score.track)
    return pictures


def as_picture(score: Score) -> str:
    """One SVG that stands alone: alarms per device-month by kind, the gateway beside the baselines."""
    most: dict[str, float] = {}
    for column in score.columns:
        for kind, rate in column.notices_by_kind.items():
            most[kind] = max(most.get(kind, 0.0), rate.per_device_month)
    kinds = sorted(most, key=lambda kind: (-most[kind], kind))
    rates: dict[str, Rates] = {"all": lambda column: column.notices} | {kind: _notices(kind) for kind in kinds}
    return _rates("Alarms per device-month", score, rates, svg.STYLE)


def _names(score: Score) -> list[str]:
    return [column.name for column in score.columns]


def _notices(kind: str) -> Rates:
    return lambda column: column.notices_by_kind.get(kind)


def _false(kind: str) -> Rates:
    return lambda column: column.false_zones_by_kind[kind]


def _rates(label: str, score: Score, rates: Mapping[str, Rates], style: str = "") -> str:
    groups = [
        Group(name, tuple(_rate_bar(series, of(column)) for series, column in enumerate(score.columns)))
        for name, of in rates.items()
    ]
    most = max((one.value or 0.0 for group in groups for one in group.bars), default=0.0)
    return bars(label, _names(score), groups, most, style)


def _rate_bar(series: int, rate: Rate | None) -> Bar:
    return Bar(series, None if rate is None else rate.per_device_month, wording.plain_rate(rate))


def _found(score: Score) -> str:
    """Share found by tier; tiers without a breach are left out."""
    tiers = [column.breaches.tiers for column in score.columns]
    groups = [
        Group(wording.tier(tier), tuple(_found_bar(series, each[position]) for series, each in enumerate(tiers)))
        for position, tier in enumerate(tiers[0])
        if tier.found.happened
    ]
    return bars("Share of breaches found", _names(score), groups, 1.0)


def _found_bar(series: int, tier: Tier) -> Bar:
    return Bar(series, tier.found.found / tier.found.happened, wording.found(tier.found))


def _latency(score: Score) -> str:
    """Cumulative curves over minutes on a logarithmic axis; what was decided at once lies on its left end."""
    series = [_latency_curve(number, column) for number, column in enumerate(score.columns)]
    ticks = tuple(math.log2(minute) for minute in MINUTES)
    across = Axis("minutes after onset", -1.0, 8.0, ticks, lambda tick: f"{2.0**tick:g}")
    up = Axis("share of those found", 0.0, 1.0, SHARES, wording.share)
    return lines("Latency", _names(score), (across, up), series)


def _latency_curve(number: int, column: Column) -> Series:
    quantiles = column.latency["all"].quantiles_s
    points = ((math.log2(max(seconds, 1.0) / 60.0), percent / 100.0) for percent, seconds in enumerate(quantiles))
    return Series(number, tuple(points))


def _calibration(score: Score) -> str:
    """A dot a bin, the larger the more alarms; above the dashed line more was true than stated."""
    series = [
        Series(number, tuple(map(_calibration_point, bins)), tuple(_size(one.alarms) for one in bins))
        for number, column in enumerate(score.columns)
        for bins in [[one for one in column.calibration.bins if one.alarms]]
    ]
    ticks = tuple(map(_nines, PROBABILITIES))
    axes = (Axis("stated", 0.0, ticks[-1], ticks, _probability), Axis("true", 0.0, ticks[-1], ticks, _probability))
    return lines("Calibration", _names(score), axes, series, even=True)


def _calibration_point(one: Bin) -> tuple[float, float]:
    return _nines(one.stated or 0.0), _nines(one.true or 0.0)


def _nines(probability: float) -> float:
    """Place on an axis on which 0.9, 0.99 and 0.999 are equally far apart."""
    return -math.log10(max(1.0 - probability, NARROW))


def _probability(nines: float) -> str:
    return f"{1.0 - 10.0**-nines:.3g}"


def _size(alarms: int) -> float:
    return 2.0 + math.log10(alarms) * 2.0


def _coverage(track: Track) -> str:
    """Both radii by scene, the aims being 67 and 95 %."""
    scenes = {**track.scenes, "all": track.all_scenes}
    groups = [
        Group(name, tuple(Bar(n, one, wording.share(one)) for n, one in enumerate((scene.covered67, scene.covered95))))
        for name, scene in scenes.items()
        if scene.rows
    ]
    return bars("Radii that hold the truth", ["67 % radius", "95 % radius"], groups, 1.0)
