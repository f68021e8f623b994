"""GNSS that comes and goes, with cells or WiFi between: the track beside the last fix and the last scan."""

from __future__ import annotations

import numpy as np
import pytest

from protocols.report import Source
from tools.accuracy.mixtures import ERRORS, PACES, Mixture, errors

MIXTURES = [Mixture(scene, error) for scene in PACES for error in ERRORS]
WIFI = [Mixture(scene, 25.0, Source.WIFI) for scene in PACES]
NO_SPEED = [Mixture(scene, 250.0, is_speed_told=False) for scene in PACES]
SEEDS = (11, 12, 13)


def found(mixture):
    """Errors of some seeds together."""
    several = [errors(mixture, 30, seed) for seed in SEEDS]
    return {name: np.concatenate([getattr(one, name) for one in several]) for name in ("fix", "scan", "track", "r67", "r95")}


def percentile(values, percent):
    return float(np.percentile(values, percent))


@pytest.mark.parametrize("mixture", [*MIXTURES, *WIFI], ids=str)
def test_a_track_is_no_worse_than_the_better_of_fix_and_scan_and_its_radius_is_honest(mixture):
    one = found(mixture)
    for percent in (50, 95):
        better = min(percentile(one["fix"], percent), percentile(one["scan"], percent))
        print(mixture, percent, percentile(one["track"], percent) / better)
    print((one["track"] <= one["r67"]).mean(), (one["track"] <= one["r95"]).mean(), np.median(one["r95"]) / np.median(one["track"]))
