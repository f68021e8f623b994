"""Looked at afterwards, a place at rest is better known than it was then; under way it is what it was."""

from __future__ import annotations

import numpy as np
import pytest

from gateway.engine.fuse import FIX, take_all
from gateway.engine.state import TRACK, fresh
from gateway.fusion.motion import REST_TIME
from gateway.fusion.radius import radii
from gateway.fusion.smooth import _go_back, smoothed
from protocols.report import Source

SIGMA, EVERY, COUNT = 20.0, 60.0, 120


def drifting(rng: np.random.Generator, count: int, every: float) -> np.ndarray:
    """Errors of one axis, metres: a Gauss-Markov process, and a tenth of the variance new with each fix."""
    kept, error = np.exp(-every / REST_TIME), np.empty(count)
    error[0] = rng.normal()
    for index in range(1, count):
        error[index] = kept * error[index - 1] + np.sqrt(1.0 - kept * kept) * rng.normal()
    return SIGMA * (np.sqrt(0.9) * error + np.sqrt(0.1) * rng.normal(size=count))


def told(x: np.ndarray, y: np.ndarray, speed: float = 0.0, sources: int | np.ndarray = Source.GNSS) -> np.ndarray:
    """The track after each fix."""
    fixes, bank = np.zeros(len(x), FIX), fresh(TRACK, 1)
    fixes["time"], fixes["x"], fixes["y"] = EVERY * np.arange(len(x)), x, y
    fixes["variance"], fixes["source"], fixes["speed"] = SIGMA * SIGMA, sources, speed
    after = fresh(TRACK, len(x))
    take_all(bank, fixes, after, np.empty(len(x), np.bool_))
    return after


def test_at_rest_the_first_places_are_as_good_as_the_last_and_radii_hold():
    rng, before, after, within = np.random.default_rng(5), [], [], []
    for _ in range(60):
        tracks = told(drifting(rng, COUNT, EVERY), drifting(rng, COUNT, EVERY))
        whole = smoothed(tracks)
        early = slice(3, COUNT // 2)
        before.append(np.hypot(tracks["x"], tracks["y"])[early])
        after.append(np.hypot(whole["x"], whole["y"])[early])
        within.append(np.hypot(whole["x"], whole["y"]) <= radii(whole)["r95"])
        assert (whole["pxx"] <= tracks["pxx"] + 1e-9).all()
        assert whole[-1:].tobytes() == tracks[-1:].tobytes()
    ratio = np.percentile(after, (50, 95)) / np.percentile(before, (50, 95))
    assert (ratio < 0.85).all(), ratio
    assert np.mean(within) > 0.9


def test_the_smoother_is_that_of_all_states_at_once():
    """Held against the normal equations of all places and errors of one axis, three fixes at rest."""
    rng = np.random.default_rng(9)
    tracks = told(drifting(rng, 8, EVERY), np.zeros(8))
    whole = smoothed(tracks)
    first = int(np.flatnonzero(tracks["idle"] >= 120.0)[0]) - 1
    kept, drift, last = np.exp(-EVERY / REST_TIME), 0.006 * EVERY, SIGMA * np.sqrt(0.9)
    start = tracks[first]
    information = np.zeros((2 * (8 - first), 2 * (8 - first)))
    wanted = np.zeros(2 * (8 - first))
    prior = np.linalg.inv([[start["pxx"], start["pxe"]], [start["pxe"], start["pee"]]])
    information[:2, :2] += prior
    wanted[:2] += prior @ [start["x"], start["ex"]]
    for step in range(1, 8 - first):
        at = 2 * step
        for row, size in ((np.array([-1.0, 0.0, 1.0, 0.0]), drift), (np.array([0.0, -kept, 0.0, 1.0]), 1 - kept**2)):
            information[at - 2 : at + 2, at - 2 : at + 2] += np.outer(row, row) / size
        row, fix = np.array([1.0, last]), told_fix(rng_seed=9, index=first + step)
        information[at : at + 2, at : at + 2] += np.outer(row, row) / (0.1 * SIGMA**2)
        wanted[at : at + 2] += row * fix / (0.1 * SIGMA**2)
    best = np.linalg.solve(information, wanted)
    assert whole["x"][first:] == pytest.approx(best[::2], rel=1e-6, abs=1e-6)
    assert whole["pxx"][first:] == pytest.approx(np.diag(np.linalg.inv(information))[::2], rel=1e-6)


def told_fix(rng_seed: int, index: int) -> float:
    return float(drifting(np.random.default_rng(rng_seed), 8, EVERY)[index])


@pytest.mark.parametrize("speed", [2.0, np.nan])
def test_under_way_or_unsaid_nothing_changes(speed):
    tracks = told(80.0 * np.arange(30.0), np.zeros(30), speed)
    assert smoothed(tracks).tobytes() == tracks.tobytes()


def test_it_does_not_look_across_a_scan_or_a_move():
    rng = np.random.default_rng(2)
    sources = np.where(np.arange(40) == 20, Source.CELL, Source.GNSS)
    tracks = told(drifting(rng, 40, EVERY), drifting(rng, 40, EVERY), sources=sources)
    whole = smoothed(tracks)
    assert whole[19:21].tobytes() == tracks[19:21].tobytes()
    moved = told(np.repeat([0.0, 900.0], 20) + drifting(rng, 40, EVERY) / 10, np.zeros(40))
    assert abs(smoothed(moved)["x"][:20]).max() < 100.0


def test_none_and_one():
    for count in (0, 1):
        tracks = told(np.zeros(count), np.zeros(count))
        assert smoothed(tracks).tobytes() == tracks.tobytes()


def test_compiled_it_is_the_same_to_the_bit():
    rng = np.random.default_rng(3)
    tracks = told(drifting(rng, 50, EVERY), drifting(rng, 50, EVERY))
    copy = tracks.copy()
    _go_back.function(copy.view(np.recarray))
    assert copy.tobytes() == smoothed(tracks).tobytes()
