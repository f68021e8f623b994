"""What reports teach others: of three wearers, none of them outweighing the rest, each device set right first."""

from __future__ import annotations

import numpy as np
import pytest
from scans import heard_at, same

from gateway.fusion.scan.constants import A_WEARER, PLACE, SLOTS, STEPS, WEARERS
from gateway.fusion.scan.device import told_step
from gateway.fusion.scan.lessons import Lessons, teach, thinned
from gateway.fusion.scan.shapes import Scans

HOME, SHOP, BUS = 0x0000_5E00_5301, 0x0000_5E00_5401, 0x0000_5E00_5501
CELL = 7


def scans(rows):
    """One slot a report: ``(name, level, advance)``."""
    none = np.full((len(rows), SLOTS), np.nan)
    found = Scans(np.full(none.shape, -1), none, none.copy())
    for number, row in enumerate(rows):
        if row is not None:
            found.cell[number, 0], found.level[number, 0], found.advance[number, 0] = (*row, np.nan)[:3]
    return found


def lessons(*reports):
    """Reports ``(wearer, x, cell or None, access point or None)``; each wearer has a device of his own."""
    wearer = np.array([report[0] for report in reports], np.int64)
    x = np.array([report[1] for report in reports], np.float64)
    cells = scans([report[2] and (report[2], -80.0) for report in reports])
    points = scans([report[3] and (report[3], -60.0) for report in reports])
    time = np.arange(len(x), dtype=np.float64)
    return Lessons(x, np.full(len(x), 10.0), np.full(len(x), 8.0), time, wearer + 100, wearer, cells, points)


def test_a_home_that_fewer_than_three_heard_is_in_no_version():
    own = [(1, 10.0, CELL, HOME)] * 50 + [(2, 12.0, CELL, HOME)] * 2
    shop = [(wearer, 1010.0, CELL, SHOP) for wearer in (1, 2, 3)]
    taught = teach(lessons(*own, *shop))
    assert taught.points.cell.tolist() == [SHOP]
    assert taught.points.x.tolist() == [1010.0]
    assert taught.learnt.cell.tolist() == [CELL]
    assert taught.learnt.x.tolist() == [1010.0]
    with_third = teach(lessons(*own, *shop, (3, 11.0, CELL, HOME)))
    assert with_third.points.cell.tolist() == [HOME, SHOP]
    assert WEARERS == 3


def test_where_one_wearer_lives_and_others_pass_the_place_is_not_his():
    own = [(1, 1.0, None, HOME)] * 500
    passing = [(wearer, 40.0, None, HOME) for wearer in (2, 3) for _ in range(A_WEARER)]
    taught = teach(lessons(*own, *passing))
    assert taught.points.x.tolist() == pytest.approx([(1.0 + 40.0 + 40.0) / 3.0])
    assert taught.reports == 3 * A_WEARER


def test_what_is_left_of_a_wearers_reports_is_spread_over_them():
    x = np.linspace(0.0, PLACE - 1.0, 57)
    left = thinned(lessons(*[(1, each, CELL, None) for each in x], (1, 70.0, CELL, None), (2, 3.0, CELL, None)))
    mine = left.x[(left.wearer == 1) & (left.x < PLACE)]
    assert len(mine) == A_WEARER
    assert np.diff(mine).max() < 2.1 * PLACE / A_WEARER
    assert sorted(left.x[len(mine) :].tolist()) == [3.0, 70.0]


def test_what_moves_about_teaches_nothing():
    places = [(wearer, x, None, BUS) for wearer in (1, 2, 3) for x in (10.0, 1010.0, 2010.0)]
    assert teach(lessons(*places)).points.cell.tolist() == []


def test_no_reports_teach_nothing():
    taught = teach(lessons())
    assert (len(taught.learnt.cell), len(taught.points.cell), len(taught.device), taught.reports) == (0, 0, 0, 0)


def fleet(steps, louder, reports=400):
    """Devices all over two kilometres, each with its step and its loudness."""
    rng = np.random.default_rng(4)
    cx, cy = rng.uniform(-1000.0, 1000.0, (2, 12))
    count = reports * len(steps)
    x, y = rng.uniform(-1000.0, 1000.0, (2, count))
    device = np.repeat(np.arange(len(steps)), reports)
    heard = heard_at(x, y, cx, cy, rng)
    away = np.hypot(x[:, None] - cx[heard.cell], y[:, None] - cy[heard.cell])
    told = np.floor(away / np.array(steps)[device][:, None])
    level = heard.level + np.array(louder)[device][:, None]
    none = scans([None] * count)
    sigma, time, cells = np.full(count, 5.0), np.arange(count) * 10.0, Scans(heard.cell, level, told)
    return Lessons(x, y, sigma, time, device, device, cells, none)


def test_each_devices_step_and_loudness_are_learnt_and_taken_off():
    steps, louder = (STEPS[0], STEPS[1], STEPS[1], STEPS[2]), (0.0, 8.0, -8.0, 0.0)
    taught = teach(fleet(steps, louder))
    assert taught.device.tolist() == [0, 1, 2, 3]
    assert taught.step_m.tolist() == list(steps)
    assert taught.louder_db.tolist() == pytest.approx(louder, abs=2.0)
    alike = teach(fleet(steps, (0.0,) * 4))
    assert np.median(taught.learnt.level_variance) < 1.3 * np.median(alike.learnt.level_variance)
    assert taught.learnt.advance.max() == pytest.approx(alike.learnt.advance.max(), rel=0.05)


def test_a_device_that_stays_near_its_cells_shows_no_step():
    rng = np.random.default_rng(1)
    x, y = rng.uniform(-20.0, 20.0, (2, 200))
    assert np.isnan(told_step(x, y, np.full(200, 8.0), np.zeros(200, np.int64), np.zeros(200)))
    assert np.isnan(told_step(*np.empty((3, 0)), np.empty(0, np.int64), np.empty(0)))


def test_the_same_reports_give_the_same_version_in_whatever_order_they_stand():
    reports = fleet((STEPS[1],) * 3, (0.0,) * 3, 50)
    one, other = teach(reports), teach(reports.rows(np.random.default_rng(1).permutation(150)))
    assert same(one.learnt, other.learnt)
    assert same(one.points, other.points)
