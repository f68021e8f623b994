"""Places that known access points give, without a GNSS fix: a barred room is found in minutes, its neighbour is not.

Errors are as ``gateway/engine/fuse.py`` reckons with: half of the variance is each scan's own, the other half lasts as
long as the stay.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from timeline import CAFE, Circle, Timeline, ZoneDefinition, _placeholders, at, degrees, zones

from gateway.engine.reports import assemble
from gateway.engine.step import Stepped, run_reports
from protocols.report import Source, blank

MINUTE, STAY, VISITS = 60.0, 40, 20
GNSS = 12.0
"""Metres a fix is off; none states its accuracy."""
INDOORS = 4
"""Satellites of a fix in a basement."""


def visits(radius: float, sigma: float, depth: float | None, seed: int, *, located: bool = False) -> list[float]:
    """Minutes from each onset to its alarm; inf where there is none.

    A report a minute: on foot up to the door by GNSS, then 40 by known access points.

    Args:
        radius: of the barred circle, metres.
        sigma: of the places, metres an axis.
        depth: metres inside of the boundary; None: anywhere in the inner 40 % of the radius.
        seed: of the errors.
        located: the reports inside have fixes of GNSS, too, of the sort that basements let through: 30 m off.
    """
    chance, rows, onsets, time = np.random.default_rng(seed), [], [], at(0, 9)
    for _ in range(VISITS):
        for step in range(STAY):
            way = radius + 84.0 * min(STAY - step, 20)
            rows.append((time, (CAFE[0] - way, GNSS / 3.0 * chance.normal()), Source.GNSS, np.nan))
            time += MINUTE
        onsets.append(time - chance.uniform(0.0, MINUTE))
        angle, out = chance.uniform(0.0, 2.0 * math.pi), 0.4 * radius * math.sqrt(chance.uniform())
        if depth is not None:
            angle, out = 0.0, radius - depth
        lasting = sigma / math.sqrt(2.0) * chance.normal(size=2)
        for _ in range(STAY):
            x, y = lasting + sigma / math.sqrt(2.0) * chance.normal(size=2)
            place = CAFE[0] + out * math.cos(angle) + x, out * math.sin(angle) + y
            rows.append((time, place, Source.GNSS if located else Source.WIFI, sigma))
            time += MINUTE
    decided = _alarms(rows, radius, chance)
    return [
        min((one - onset for one in decided if onset <= one < onset + STAY * MINUTE), default=math.inf) / MINUTE
        for onset in onsets
    ]


def _alarms(
    rows: list[tuple[float, tuple[float, float], Source, float]], radius: float, chance: np.random.Generator
) -> list[float]:  # fmt: skip
    circle = Circle("cafe 3", *degrees(CAFE), radius)
    told = Timeline.of(at(0, 8), zones=zones() | {"cafes": ZoneDefinition("cafes", "cafes", (circle,))})
    told.run()
    batch, every = blank(len(rows)), np.arange(len(rows))
    batch.frame[:], batch.time[:] = every, [time for time, *_ in rows]
    batch.latitude[:], batch.longitude[:] = np.array([degrees(place) for _, place, *_ in rows]).T
    batch.source[:], batch.located[:] = [source for *_, source, _ in rows], True
    heard = np.array([accuracy for *_, accuracy in rows])
    known, inferred = np.isfinite(heard), batch.source == Source.WIFI
    batch.accuracy_m[inferred] = heard[inferred]
    fixed = known & ~inferred
    batch.satellites[fixed] = INDOORS
    reports = assemble(every, batch.time.copy(), np.zeros(len(rows), np.int64), batch)
    reports.inferred[:], reports.heard_sigma[:] = inferred, heard
    reports.heard_latitude[known], reports.heard_longitude[known] = batch.latitude[known], batch.longitude[known]
    off = 30.0 / 111_000.0 * chance.normal(size=(2, len(rows)))
    reports.latitude[fixed] += off[0][fixed]
    reports.longitude[fixed] += off[1][fixed]
    stepped = Stepped()
    run_reports(told.state, _placeholders(batch.time), reports, told.policy, stepped)
    return [
        outcome.decided
        for outcome in stepped.outcomes
        if outcome.change.value == "raised" and outcome.episode.kind == "exclusion_enter"
    ]


@pytest.mark.parametrize(("radius", "sigma"), [(50.0, 10.0), (60.0, 10.0), (50.0, 8.0)])
def test_a_barred_room_is_found_within_three_minutes_in_the_middle_and_six_at_the_long_end(radius, sigma):
    delays = visits(radius, sigma, None, 1) + visits(radius, sigma, None, 2)
    assert max(delays) < math.inf
    assert np.percentile(delays, 50) <= 3.0
    assert np.percentile(delays, 95) <= 6.0


def test_a_fix_that_is_worse_than_what_is_known_of_the_access_points_is_in_nobodys_way():
    delays = visits(50.0, 8.0, None, 1, located=True) + visits(50.0, 8.0, None, 2, located=True)
    assert max(delays) < math.inf
    assert np.percentile(delays, 50) <= 3.0
    assert np.percentile(delays, 95) <= 6.0


@pytest.mark.parametrize(("radius", "sigma"), [(50.0, 10.0), (25.0, 10.0), (50.0, 20.0), (50.0, 40.0)])
def test_who_sits_next_door_is_not_said_to_be_in(radius, sigma):
    assert min(visits(radius, sigma, -sigma, 1) + visits(radius, sigma, -sigma, 2)) == math.inf


@pytest.mark.parametrize(("radius", "sigma"), [(25.0, 30.0), (50.0, 40.0)])
def test_a_place_that_is_hardly_better_than_the_room_is_wide_says_nothing(radius, sigma):
    assert min(visits(radius, sigma, None, 1)) == math.inf
