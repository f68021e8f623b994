"""Cells of made-up walks against those measured in two cities, in metres, dB and shares."""

import csv

import numpy as np
import pytest
from heard_cells import (
    Scan,
    Track,
    distances,
    impossible,
    same_at_one_place,
    scatter,
    serving_is_not_strongest,
    slope,
    strongest_is_nearest,
)  # fmt: skip

from firmware_sim.county.levels import SECTORS
from firmware_sim.county.plan import build_plan
from firmware_sim.county.survey import survey
from firmware_sim.county.towers import build_towers
from firmware_sim.reception import cells

WALKS, POINTS, PACE, SWAY = 14, 125, 33.0, 4.0
"""As in Ottawa: one way of some 125 measurements through a quarter, walked 14 times."""
AROUND = 520.0
SEEDS, DRIVES = range(1, 7), 4


def way(draw, middle):
    """Along the streets of a quarter, a point every 33 m."""
    place, along, points = np.array(middle), np.array((1.0, 0.0)), []
    for _ in range(POINTS):
        place = place + PACE * along
        points.append(place)
        if draw.uniform() < 0.3:
            along = np.array(((1.0, 0.0), (-1.0, 0.0), (0.0, 1.0), (0.0, -1.0))[draw.integers(4)])
        along = np.where(np.abs(place - middle) > AROUND, -np.sign(place - middle), along)
    return np.array(points)


def walk(draw, towers, points, step):
    """A walk through a county: what is heard, (n, HEARD), which of it serves, and the track of that."""
    x, y = points.T
    cell, level = cells.hear(towers, draw, x, y)
    load = cells.loads(draw, 1, towers)[0]
    serves = cells.serving(cell, level + load[cell], np.array([len(points)]))
    at = (np.arange(len(points)), serves)
    advance = cells.timing_advance(towers, cell[at], x, y, np.full(len(x), step))
    track = Track(points, cell[at], level[at], advance, step, np.zeros(len(x)))
    return cell, level, serves, track


def walks(seed):
    """The tracks of a city."""
    towers, draw = build_towers(seed, build_plan(seed, 0)), np.random.default_rng(seed + 5)
    points = way(draw, draw.uniform(-900.0, 900.0, 2))
    for number in range(WALKS):
        swayed = points + draw.normal(0.0, SWAY, points.shape)
        yield towers, *walk(draw, towers, swayed, cells.ADVANCE_STEPS[number % 3])


@pytest.fixture(scope="module")
def walked():
    return [list(walks(seed)) for seed in SEEDS]


@pytest.fixture(scope="module")
def ours(walked):
    return [[track for *_, track in quarter] for quarter in walked]


@pytest.fixture(scope="module")
def our_scans():
    """Drives through the towns of counties, and the tables of their cells."""
    found = []
    for seed in SEEDS:
        plan = build_plan(seed, 3)
        towers, draw = build_towers(seed, plan), np.random.default_rng(seed + 7)
        table = survey(seed, towers)
        for town in (town for town in plan.towns for _ in range(DRIVES)):
            points = way(draw, np.array((town.x, town.y)) + draw.uniform(-town.radius, town.radius, 2) * 0.7)
            cell, level, serves, _ = walk(draw, towers, points, cells.ADVANCE_STEPS[0])
            found += scans(table, points, cell, level, serves)
    return found


def scans(table, points, cell, level, serves):
    """What is heard at some points, as far as a table has it; nothing where it has not the serving cell."""
    row = dict(zip(table.cell.tolist(), range(len(table.cell)), strict=True))
    for place, heard, strength, first in zip(points, cell.tolist(), level, serves.tolist(), strict=True):
        order = [first, *(other for other in range(len(heard)) if other != first)]
        known = [one for one in order if heard[one] in row]
        if known[:1] == [first]:
            at = np.array([row[heard[one]] for one in known])
            away = np.hypot(table.x[at] - place[0], table.y[at] - place[1])
            yield Scan(strength[known].astype(float), away, table.range[at])


@pytest.fixture(scope="module")
def ottawa(shared):
    """The real tracks, in metres."""
    folder = shared / "data" / "cells_ottawa"
    if not folder.is_dir():
        pytest.skip(f"NOT COMPARED with real cells: {folder} is absent")
    tracks = []
    for path in sorted(folder.glob("*.csv")):
        with path.open(newline="") as file:
            rows = [row for row in csv.DictReader(file) if row["ta"]]
        places = np.array([(float(row["lon"]) * 78_150.0, float(row["lat"]) * 111_132.0) for row in rows])
        names = ["-".join(row[name] for name in ("mcc", "mnc", "lac", "cellid")) for row in rows]
        level, advance = (np.array([float(row[name]) for row in rows]) for name in ("signal", "ta"))
        accuracy = np.array([float(row["rating"]) for row in rows])
        tracks.append(Track(places, np.array(names), level, advance, cells.ADVANCE_STEPS[1], accuracy))
    return tracks


@pytest.fixture(scope="module")
def doha(shared):
    """What was heard of each of two networks on the real drives, and where OpenCelliD has it."""
    folder = shared / "data" / "cells_doha"
    if not folder.is_dir():
        pytest.skip(f"NOT COMPARED with real cells: {folder} is absent")
    with (folder / "cells.csv").open(newline="") as file:
        table = {"-".join(row[name] for name in ("mcc", "net", "area", "cell")): row for row in csv.DictReader(file)}
    scans = []
    for path in sorted(folder.glob("trace*.csv")):
        with path.open(newline="") as file:
            for row in csv.DictReader(file):
                place = (float(row["longitude"]) * 100_600.0, float(row["latitude"]) * 110_750.0)
                scans += list(_networks(row["cells"], place, table))
    return scans


def _networks(heard, place, table):
    named = [one.split("@") for one in heard.split(";") if "@" in one]
    for network in sorted({name.split("-")[1] for name, _ in named}):
        mine = [(float(dbm), table[name]) for name, dbm in named if name.split("-")[1] == network]
        at = np.array([(float(row["lon"]) * 100_600.0, float(row["lat"]) * 110_750.0) for _, row in mine])
        reach = np.array([float(row["range"]) for _, row in mine])
        yield Scan(np.array([dbm for dbm, _ in mine]), np.hypot(*(at - place).T), reach)


@pytest.mark.parametrize("share", [50, 75, 90])
def test_cells_are_as_far_off_as_in_the_city(ours, ottawa, share):
    made_up = np.percentile(np.concatenate([distances(tracks) for tracks in ours]), share)
    assert made_up == pytest.approx(np.percentile(distances(ottawa), share), rel=0.2)


@pytest.mark.parametrize("share", [50, 90])
def test_towers_are_as_far_as_the_timing_advance_of_the_city_says(walked, ours, ottawa, share):
    """In metres of each device's own step; and so are the true distances, of which a ring is known to half a step."""
    real = np.percentile(np.concatenate([track.ring for track in ottawa]), share)
    assert np.percentile(np.concatenate([t.ring for tracks in ours for t in tracks]), share) == pytest.approx(
        real, rel=0.2
    )
    true = []
    for quarter in walked:
        for towers, *_, track in quarter:
            tower = track.cells // SECTORS
            true.append(np.hypot(track.places[:, 0] - towers.x[tower], track.places[:, 1] - towers.y[tower]))
    assert np.percentile(np.concatenate(true), share) == pytest.approx(real, rel=0.2)


def test_a_step_of_the_standard_is_impossible_for_devices_that_count_in_longer_ones(ours, ottawa):
    standard, double, _ = cells.ADVANCE_STEPS
    assert impossible(ottawa, standard) > 0.001
    assert impossible(ottawa, double) == 0.0
    for number, step in enumerate(cells.ADVANCE_STEPS):
        devices = [tracks[number::3] for tracks in ours]
        assert max(impossible(tracks, step) for tracks in devices) == 0.0
        seen = np.mean([impossible(tracks, standard) for tracks in devices])
        assert (seen > 0.001) == (step > standard)


@pytest.mark.parametrize(("least", "most"), [(0.0, 10.0), (20.0, 40.0), (80.0, 160.0)])
def test_a_level_differs_between_walks_as_in_the_city(ours, ottawa, least, most):
    """Shadowing is correlated in space: less beside each other than a street farther."""
    assert scatter(ours, least, most) == pytest.approx(scatter([ottawa], least, most), abs=1.5)


def test_levels_are_as_weak_as_in_the_city(ours, ottawa):
    made_up, real = (np.concatenate([t.level for t in some]) for some in ([t for q in ours for t in q], ottawa))
    assert np.percentile(made_up, [10, 50, 90]) == pytest.approx(np.percentile(real, [10, 50, 90]), abs=4.0)


def test_the_same_place_has_the_same_serving_cell_as_seldom(ours, ottawa):
    assert same_at_one_place(ours) == pytest.approx(same_at_one_place([ottawa]), abs=0.15)


def test_the_strongest_is_the_nearest_as_seldom(our_scans, doha):
    assert strongest_is_nearest(our_scans) == pytest.approx(strongest_is_nearest(doha), abs=0.15)


def test_the_serving_cell_is_not_the_strongest_as_often(our_scans, doha):
    assert serving_is_not_strongest(our_scans) == pytest.approx(serving_is_not_strongest(doha), abs=0.1)


def test_distance_explains_as_little_of_a_level(our_scans, doha):
    """To where a table has the cells."""
    (ours, scattered, explained), (theirs, their_scatter, _) = slope(our_scans), slope(doha)
    assert ours == pytest.approx(theirs, abs=4.0)
    assert scattered == pytest.approx(their_scatter, abs=2.5)
    assert explained < 0.3


def test_the_range_of_a_table_is_no_radius(our_scans, doha):
    made_up, real = (
        np.mean(np.concatenate([scan.away <= scan.range for scan in scans])) for scans in (our_scans, doha)
    )
    assert made_up == pytest.approx(real, abs=0.15)


@pytest.mark.parametrize("share", [50, 90])
def test_a_table_has_cells_as_far_from_who_hears_them(our_scans, doha, share):
    """That city is another one than the one that the distances of towers are fitted to."""
    made_up, real = (np.percentile(np.concatenate([scan.away for scan in scans]), share) for scans in (our_scans, doha))
    assert made_up == pytest.approx(real, rel=0.35)
