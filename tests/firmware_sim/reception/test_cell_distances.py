"""Serving cells of made-up walks against those measured in a city: how far a cell's middle is from who hears it."""

import csv
import math
from collections import defaultdict

import numpy as np
import pytest

from firmware_sim.county.plan import build_plan
from firmware_sim.county.towers import SECTORS, build_towers

WALKS, POINTS, PACE, FADING = 14, 125, 33.0, 2.0
"""As in the sample: 14 tracks of some 125 measurements in a quarter of a kilometre or two."""
AROUND = 520.0


def walk(draw, middle):
    """A walk along the streets of a quarter, a point every 33 m."""
    place, way, points = np.array(middle), np.array((1.0, 0.0)), []
    for _ in range(POINTS):
        place = place + PACE * way
        points.append(place)
        if draw.uniform() < 0.3:
            way = np.array(((1.0, 0.0), (-1.0, 0.0), (0.0, 1.0), (0.0, -1.0))[draw.integers(4)])
        way = np.where(np.abs(place - middle) > AROUND, -np.sign(place - middle), way)
    return np.array(points)


def walks(seed):
    """(points, serving cell, timing advance) of every walk in a county's city."""
    towers, draw = build_towers(seed, build_plan(seed, 4)), np.random.default_rng(seed + 5)
    quarter = draw.uniform(-900.0, 900.0, 2)
    for _ in range(WALKS):
        x, y = walk(draw, quarter + draw.normal(0.0, 300.0, 2)).T
        pixel = towers.pixel(x, y)
        level = towers.level[pixel] + np.round(FADING * draw.standard_normal((POINTS, 6)))
        cell = np.take_along_axis(towers.cell[pixel], np.argmax(level, 1)[:, None], 1)[:, 0]
        yield np.column_stack([x, y]), cell, towers.timing_advance(cell, x, y)


def distances(tracks):
    """Metres from each point to the middle of where the other tracks heard its cell."""
    found = []
    for left_out, (points, cells, _) in enumerate(tracks):
        heard = defaultdict(list)
        for number, (others, theirs, _) in enumerate(tracks):
            if number != left_out:
                for place, cell in zip(others, theirs, strict=True):
                    heard[cell].append(place)
        found += [
            math.dist(place, np.mean(heard[cell], axis=0))
            for place, cell in zip(points, cells, strict=True)
            if cell in heard
        ]
    return found


@pytest.fixture(scope="module")
def ottawa(shared):
    """The real tracks, in metres."""
    folder = shared / "data" / "cells_ottawa"
    if not folder.is_dir():
        pytest.skip(f"NOT COMPARED with real cells: {folder} is absent")
    tracks = []
    for path in sorted(folder.glob("*.csv")):
        with path.open(newline="") as file:
            rows = list(csv.DictReader(file))
        places = np.array([(float(row["lon"]) * 78_000.0, float(row["lat"]) * 111_132.0) for row in rows])
        cells = [(row["mcc"], row["mnc"], row["lac"], row["cellid"]) for row in rows]
        tracks.append((places, cells, [int(row["ta"]) for row in rows if row["ta"]]))
    return tracks


@pytest.fixture(scope="module")
def ours():
    return [list(walks(seed)) for seed in range(1, 6)]


@pytest.mark.parametrize("share", [50, 75, 90])
def test_cells_are_as_far_off_as_in_the_city(ours, ottawa, share):
    made_up = np.percentile(np.concatenate([distances(tracks) for tracks in ours]), share)
    assert made_up == pytest.approx(np.percentile(distances(ottawa), share), rel=0.2)


def test_timing_advances_are_small_as_in_the_city(ours, ottawa):
    made_up = np.concatenate([advance for tracks in ours for _, _, advance in tracks])
    real = np.concatenate([advance for _, _, advance in ottawa])
    assert abs(np.median(made_up) - np.median(real)) <= 1
    assert np.percentile(made_up, 90) <= 3 * np.percentile(real, 90)


def test_a_cell_is_an_enodeb_and_a_sector():
    towers = build_towers(1, build_plan(1, 0))
    _, identity = towers.identity(np.array([0, 1, SECTORS], np.int32))
    assert (identity >> 8).tolist() == [0x21000, 0x21000, 0x21001]
    assert (identity & 0xFF).tolist() == [1, 2, 1]
