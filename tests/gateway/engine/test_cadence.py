"""A verdict does not depend on how often a device speaks: thinned copies of one track say the same."""

from __future__ import annotations

import numpy as np
import pytest
from timeline import CAFE, Circle, Timeline, ZoneDefinition, at, brief, clock, degrees, zones

from gateway.engine.weigh import STEADY
from protocols.report import Source

RADIUS = 300.0
SIGMA = 12.0
"""Metres that the engine gives a fix without a stated accuracy."""
CADENCES = [1.0, 5.0, 9.0, 9.9, 10.0, 30.0, 60.0, 300.0]
WALK = 1.4
NOON = at(0, 12.5)


def county() -> dict[str, ZoneDefinition]:
    """A barred circle of 300 m."""
    circle = Circle("cafe 3", *degrees(CAFE), RADIUS)
    return zones() | {"cafes": ZoneDefinition("cafes", "cafes", (circle,))}


def drift(count: int, seed: int) -> np.ndarray:
    """A Gauss-Markov error of half the stated size, correlated over 90 s, each second; metres, (count, 2)."""
    chance, kept = np.random.default_rng(seed), np.exp(-1.0 / 90.0)
    error = SIGMA / 2.0 * chance.normal(size=(count, 2))
    for index in range(1, count):
        error[index] = kept * error[index - 1] + np.sqrt(1.0 - kept * kept) * error[index]
    return error


def visit(depth: float, stay: float) -> tuple[np.ndarray, float, float]:
    """Depth in the circle each second of a walk in, a stay and a walk out; seconds at which the boundary is crossed."""
    steps = int((RADIUS + depth) / WALK)
    way = np.linspace(-RADIUS, depth, steps)
    parts = [np.full(1200, -RADIUS), way, np.full(int(stay), depth), way[::-1], np.full(1200, -RADIUS)]
    return np.concatenate(parts), 1200.0 + RADIUS / WALK, 1200.0 + steps + stay + depth / WALK


def told(depths: np.ndarray, every: float, seed: int, *, speeds: bool = True) -> list[dict]:
    """Events of the track, of which a fix each ``every`` seconds is sent, with or without its speed."""
    picked = np.unique(np.arange(0.0, len(depths), every).astype(int))
    error, speed = drift(len(depths), seed), 3.6 * np.abs(np.gradient(depths))
    place = np.array([CAFE[0] - RADIUS, CAFE[1]]) + np.stack([depths, np.zeros(len(depths))], 1) + error
    rows = [(NOON + float(index), tuple(place[index]), Source.GNSS) for index in picked]
    return Timeline.of(at(0, 12), zones=county()).fixes(rows, speed_kmh=speed[picked] if speeds else np.nan)


STAYS = [(3.0 * SIGMA, 1), (5.0 * SIGMA, 2), (20.0 * SIGMA, 3)]
CASES = [(1.0, *STAYS[0], speeds) for speeds in (True, False)] + [
    (every, *stay, speeds) for every in CADENCES[1:] for stay in STAYS for speeds in (True, False)
]


@pytest.mark.parametrize(("every", "depth", "seed", "speeds"), CASES)
def test_each_stay_is_found_once_and_dated_alike_at_each_cadence(every, depth, seed, speeds):
    depths, entered, left = visit(depth, max(600.0, 4.0 * every))
    events = told(depths, every, seed, speeds=speeds)
    assert brief(events) == [("raised", "exclusion_enter"), ("cleared", "exclusion_enter")]
    assert abs(clock(events[0]["data"]["onset"]) - NOON - entered) <= every + 60.0
    assert abs(clock(events[1]["data"]["ended"]) - NOON - left) <= every + 60.0


@pytest.mark.parametrize("every", CADENCES)
def test_passing_by_raises_nothing_at_any_cadence(every):
    assert told(visit(-3.0 * SIGMA, 1200.0)[0], every, 4) == []


@pytest.mark.parametrize("every", [1.0, 5.0, 9.0, 9.9])
def test_who_stands_in_the_middle_is_found_within_minutes_by_a_device_that_speaks_all_the_time(every):
    rows = [(NOON + every * index, CAFE, Source.GNSS) for index in range(int(900.0 / every))]
    (event,) = Timeline.of(at(0, 12), zones=county()).fixes(rows)
    assert event["data"]["kind"] == "exclusion_enter"
    assert clock(event["data"]["decided"]) - NOON <= 120.0


@pytest.mark.parametrize("every", [1.0, 5.0, 300.0])
def test_a_night_at_a_friends_is_found_and_dated_alike(every):
    """Curfew verdicts rest on the same runs: 400 m away until 23:30, home again."""
    start, come = at(0, 22.4), at(0, 23.5)
    rows = [(time, (400.0, 0.0), Source.GNSS) for time in np.arange(start, come, every).tolist()]
    rows += [(time, (0.0, 0.0), Source.GNSS) for time in np.arange(come, come + 1800.0, every).tolist()]
    events = Timeline.of(at(0, 12)).fixes(rows, speed_kmh=0.0)
    assert brief(events) == [("raised", "curfew_late"), ("cleared", "curfew_late")]
    assert abs(clock(events[1]["data"]["ended"]) - come) <= every + 60.0


def test_an_end_is_said_only_once_it_has_lasted_longer_than_an_error():
    left = NOON + 120.0
    rows = [(NOON + 10.0 * step, CAFE if step < 12 else (CAFE[0] + 1000.0, 0.0), Source.GNSS) for step in range(60)]
    speeds = np.where(np.arange(60) < 12, 0.0, 20.0)
    events = Timeline.of(at(0, 12)).fixes(rows, speed_kmh=speeds)
    assert brief(events) == [("raised", "exclusion_enter"), ("cleared", "exclusion_enter")]
    assert clock(events[1]["data"]["ended"]) <= left + 10.0
    assert clock(events[1]["time"]) - clock(events[1]["data"]["ended"]) >= STEADY
