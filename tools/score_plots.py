"""Plots of a score: ``bracelet-sim score --json score.json``, then ``python -m tools.score_plots score.json FOLDER``."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib import pyplot as plt

from tools.pictures import kept

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from matplotlib.figure import Figure

    Score = dict[str, Any]

NARROW = 1e-4
"""The finest distance from 1 that the axes of probability tell apart."""
PROBABILITIES = (0.0, 0.5, 0.9, 0.99, 0.999, 1.0)
MINUTES = (0.5, 1, 2, 4, 8, 16, 32, 64, 128, 256)
FOUND, RADII = "share of breaches found", "share of places that the radius holds"


def bars(title: str, names: Sequence[str], groups: dict[str, list[float | None]], most: float | None = None) -> Figure:
    """A group of bars under each label, one a name; None is no bar."""
    figure, axis = plt.subplots(figsize=(8.0, 1.2 + (0.16 * len(names) + 0.12) * max(len(groups), 1)))
    at, height = np.arange(len(groups), dtype=float), 0.8 / max(len(names), 1)
    for number, name in enumerate(names):
        values = [group[number] for group in groups.values()]
        drawn = axis.barh(at + height * number, [value or 0.0 for value in values], height * 0.9, label=name)
        axis.bar_label(drawn, ["–" if value is None else f"{value:.3g}" for value in values], padding=3, fontsize=7)
    axis.set(yticks=at + 0.4 - height / 2.0, yticklabels=list(groups), xlabel=title)
    axis.set_xlim(0.0, most if most is not None else axis.get_xlim()[1] * 1.08)
    axis.invert_yaxis()
    axis.legend(loc="lower right", fontsize=8)
    return figure


def names_of(score: Score) -> list[str]:
    """Its columns: the gateway, and the baselines."""
    return [column["name"] for column in score["columns"]]


def alarms(score: Score) -> Figure:
    """All alarms per device-month and by kind, the commonest first."""
    columns = score["columns"]
    rates = [{"all": column["notices"], **column["notices_by_kind"]} for column in columns]
    most: dict[str, float] = {}
    for kind, rate in ((kind, rate) for column in rates for kind, rate in column.items()):
        most[kind] = max(most.get(kind, 0.0), rate["per_device_month"])
    kinds = sorted(most, key=lambda kind: (kind != "all", -most[kind], kind))
    groups = {
        kind: [column[kind]["per_device_month"] if kind in column else None for column in rates] for kind in kinds
    }
    return bars("alarms per device-month", names_of(score), groups)


def false_alarms(score: Score) -> Figure:
    """False zone alarms per device-month, by kind."""
    kinds = score["columns"][0]["false_zones_by_kind"]
    groups = {
        kind: [column["false_zones_by_kind"][kind]["per_device_month"] for column in score["columns"]] for kind in kinds
    }
    return bars("false zone alarms per device-month", names_of(score), groups)


def found(score: Score) -> Figure:
    """Share of breaches found by true depth and signal; tiers without a breach are left out."""
    tiers = [column["breaches"]["tiers"] for column in score["columns"]]
    groups = {
        _tier(tier): [each[at]["found"]["found"] / each[at]["found"]["happened"] for each in tiers]
        for at, tier in enumerate(tiers[0])
        if tier["found"]["happened"]
    }
    return bars(FOUND, names_of(score), groups, 1.1)


def _tier(tier: dict[str, Any]) -> str:
    depth = "and more" if tier["below_m"] is None else f"to {tier['below_m']:.0f}"
    return f"{tier['least_m']:.0f} {depth} m deep, {'usable' if tier['usable'] else 'little'} signal"


def latency(score: Score) -> Figure:
    """Share of those found that were told within a time of their onset; what was decided at once lies on the left."""
    figure, axis = plt.subplots(figsize=(8.0, 3.6))
    for column in score["columns"]:
        quantiles = np.array(column["latency"]["all"]["quantiles_s"]) / 60.0
        axis.plot(np.maximum(quantiles, MINUTES[0]), np.linspace(0.0, 1.0, len(quantiles)), label=column["name"])
    axis.set(xscale="log", xticks=MINUTES, xticklabels=[f"{minutes:g}" for minutes in MINUTES], ylim=(0.0, 1.0))
    axis.set(xlabel="minutes after the onset", ylabel="share of those found")
    axis.minorticks_off()
    axis.grid(alpha=0.3)
    axis.legend(fontsize=8)
    return figure


def calibration(score: Score) -> Figure:
    """A dot a bin, the larger the more alarms; above the dashed line more was true than stated."""
    figure, axis = plt.subplots(figsize=(5.0, 5.0))
    for column in score["columns"]:
        bins = [one for one in column["calibration"]["bins"] if one["alarms"]]
        size = [20.0 * (1.0 + np.log10(one["alarms"])) for one in bins]
        stated, true = ([_nines(one[name] or 0.0) for one in bins] for name in ("stated", "true"))
        axis.scatter(stated, true, size, label=column["name"])
    ticks = [_nines(probability) for probability in PROBABILITIES]
    axis.plot(ticks[::5], ticks[::5], "--", color="grey", linewidth=1.0)
    labels = [f"{probability:g}" for probability in PROBABILITIES]
    axis.set(xticks=ticks, yticks=ticks, xticklabels=labels, yticklabels=labels, xlabel="stated", ylabel="true")
    axis.grid(alpha=0.3)
    axis.legend(fontsize=8)
    return figure


def _nines(probability: float) -> float:
    """Place on an axis on which 0.9, 0.99 and 0.999 are equally far apart."""
    return float(-np.log10(max(1.0 - probability, NARROW)))


def coverage(score: Score) -> Figure:
    """How often both radii hold the truth, by scene."""
    track = score["track"] or {"scenes": {}, "all_scenes": {"rows": 0}}
    scenes = {**track["scenes"], "all": track["all_scenes"]}
    groups = {name: [one["covered67"], one["covered95"]] for name, one in scenes.items() if one["rows"]}
    return bars(RADII, ["67 % radius", "95 % radius"], groups, 1.1)


PLOTS: dict[str, Callable[[Score], Figure]] = {
    "alarms": alarms, "false_alarms": false_alarms, "found": found, "latency": latency, "calibration": calibration,
    "coverage": coverage,
}  # fmt: skip
"""By the names of their files; what is drawn of the same score is the same to the byte."""


def draw(score: Score, folder: Path) -> list[Path]:
    """Write all plots of a score."""
    folder.mkdir(parents=True, exist_ok=True)
    return [kept(plot(score), folder / f"{name}.png") for name, plot in PLOTS.items()]


def main() -> int:
    """Draw what a file of figures says."""
    parser = argparse.ArgumentParser(prog="python -m tools.score_plots", description=__doc__)
    parser.add_argument("score", type=Path, help="what bracelet-sim score --json wrote")
    parser.add_argument("folder", type=Path, help="where the pictures go")
    wanted = parser.parse_args()
    for path in draw(json.loads(wanted.score.read_text("utf-8")), wanted.folder):
        print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
