"""Access points as bracelets hear them: loud ones near, through walls, some missed; and the survey of public ones."""

from __future__ import annotations

import csv

import numpy as np
import pytest

from firmware_sim.county import wifi
from firmware_sim.county.buildings import Use, build_stock
from firmware_sim.county.plan import build_plan
from firmware_sim.county.wifi import AccessPoint, access_points
from firmware_sim.people.track import NUMBER
from firmware_sim.reception.wifi import FAINTEST, HEARD, MISSED, NONE, REACH, Air
from firmware_sim.world import METRES_PER_DEGREE_EAST, METRES_PER_DEGREE_NORTH, ORIGIN, Scene
from gateway.fusion.scan.points import points_of
from gateway.towers.importing import Watch, import_files
from protocols.report import WifiColumns

SEED, EPOCH = 3, 1_793_500_000.0
STOCK = build_stock(SEED, build_plan(SEED, 4), 60)
POINTS = access_points(SEED, STOCK)
AIR = Air.of(SEED, POINTS)


def heard(x, y, scene=Scene.INDOOR, air=AIR):
    count = len(x)
    return air.heard(np.random.default_rng(1), np.full(count, NUMBER[scene], np.uint8), np.array(x), np.array(y))


def around(point, away, count=2000):
    angle = np.linspace(0.0, 2.0 * np.pi, count)
    return point.x + away * np.cos(angle), point.y + away * np.sin(angle)


def lonely():
    """A county of one access point."""
    point = AccessPoint("00:00:5e:00:53:01", 50.0, 50.0, public=True)
    return point, Air.of(SEED, [point])


def test_every_building_and_home_has_one_to_three_of_its_own():
    assert len({point.bssid for point in POINTS}) == len(POINTS)
    homes = [point for point in POINTS if not point.public]
    assert 60 <= len(homes) <= 180
    made_up = np.mean([point.made_up for point in POINTS])
    assert made_up == pytest.approx(wifi.MADE_UP, abs=0.05)


def test_the_gateway_takes_their_names_but_for_those_that_are_made_up():
    bssid = AIR.bssid.astype(np.uint64)
    count = len(bssid)
    told = points_of(WifiColumns(np.arange(count), bssid, np.full(count, -50, np.int16)), count)
    assert (told.cell[:, 0] < 0).tolist() == [point.made_up for point in POINTS]


def test_the_nearer_the_louder_with_a_scatter_as_in_houses():
    point, air = lonely()
    levels = {}
    for away in (2.0, 8.0, 30.0):
        number, level = heard(*around(point, away), air=air)
        levels[away] = level[number[:, 0] == 0, 0]
    assert np.median(levels[2.0]) > np.median(levels[8.0]) + 10.0 > np.median(levels[30.0]) + 15.0
    assert 4.0 < np.std(levels[8.0]) < 11.0
    assert (heard(*around(point, REACH + 1.0), air=air)[0] == NONE).all()


def test_some_scans_miss_what_is_loud():
    point, air = lonely()
    number, _ = heard(*around(point, 2.0), air=air)
    assert (number[:, 0] == NONE).mean() == pytest.approx(MISSED, abs=0.03)


def test_the_loudest_stand_first_and_nothing_behind_the_last():
    at = np.array([(home.x, home.y) for home in STOCK.homes]).repeat(50, axis=0)
    number, level = heard(at[:, 0], at[:, 1])
    assert number.shape == (len(at), HEARD)
    assert (np.diff((number == NONE).astype(int), axis=1) >= 0).all()
    assert (level[number != NONE] >= FAINTEST).all()
    assert (level[number == NONE] == 0).all()
    assert (number[:, 0] != NONE).mean() > 0.8


def test_who_stands_outside_hears_less_and_who_sits_in_a_train_nothing():
    cafe = STOCK.by_use[Use.CAFE][0].place
    x, y = around(cafe, 12.0)
    inside, outside, train = (heard(x, y, scene)[0] != NONE for scene in (Scene.INDOOR, Scene.STREET, Scene.TRAIN))
    assert inside.sum() > outside.sum() > 0
    assert not train.any()


def test_a_place_alone_hears_what_it_hears_among_others():
    x, y = around(STOCK.by_use[Use.OFFICE][0].place, 10.0, 200)
    number, _ = AIR._usual(x, y, np.zeros(200))
    alone = [AIR._usual(x[[row]], y[[row]], np.zeros(1))[0][0].tolist() for row in range(200)]
    assert number.tolist() == alone


def table():
    names, *rows = wifi.rows(SEED, POINTS, EPOCH)
    return [dict(zip(names, row, strict=True)) for row in rows]


def test_no_home_is_surveyed_and_most_public_points_are_where_they_stand():
    by_name = {point.bssid: point for point in POINTS}
    rows = table()
    surveyed = [by_name[row["bssid"]] for row in rows]
    assert all(point.public and not point.made_up for point in surveyed)
    could = sum(point.public and not point.made_up for point in POINTS)
    assert len(rows) / could == pytest.approx(1.0 - wifi.MISSING, abs=0.1)
    off = [
        np.hypot(
            (row["lon"] - ORIGIN[1]) * METRES_PER_DEGREE_EAST - point.x,
            (row["lat"] - ORIGIN[0]) * METRES_PER_DEGREE_NORTH - point.y,
        )
        for row, point in zip(rows, surveyed, strict=True)
    ]
    assert np.median(off) < 20.0
    assert 0.0 < np.mean(np.array(off) > 100.0) < 0.1


def test_the_gateway_imports_every_row_of_the_survey(tmp_path):
    path, broken, ends = tmp_path / "wifi.csv", [], []
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(wifi.rows(SEED, POINTS, EPOCH))
    watch = Watch(lambda *_: None, lambda *_: None, lambda *said: broken.append(said), lambda *said: ends.append(said))
    import_files(tmp_path / "storage", [path], (), watch, EPOCH)
    assert broken == []
    assert [counts.new for _, counts, _ in ends] == [len(table())]


def test_the_same_seed_gives_the_same_air_and_the_same_table():
    x, y = around(STOCK.by_use[Use.CAFE][0].place, 10.0)
    one, other = heard(x, y), heard(x, y, air=Air.of(SEED, access_points(SEED, STOCK)))
    assert all((mine == theirs).all() for mine, theirs in zip(one, other, strict=True))
    assert table() == table()
