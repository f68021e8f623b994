"""Access points as scans: names that are none, and those that move about."""

from __future__ import annotations

import numpy as np
import pytest
from scans import same, scans, sites, town

from gateway.fusion.scan.belief import heard, nothing
from gateway.fusion.scan.constants import SLOTS
from gateway.fusion.scan.learnt import learn
from gateway.fusion.scan.points import points_of, settled
from gateway.fusion.scan.position import position
from protocols.report import WifiColumns

HOME, SHOP, BUS = 0x0000_5E00_5301, 0x0000_5E00_5302, 0x0000_5E00_5303


def columns(*rows):
    """Access points of ``(report, bssid, dBm)``."""
    report, bssid, level = zip(*rows, strict=True) if rows else ((), (), ())
    return WifiColumns(np.array(report, np.int64), np.array(bssid, np.uint64), np.array(level, np.int16))


def test_a_report_keeps_its_access_points_in_their_order_each_once():
    found = points_of(columns((1, SHOP, -70), (0, HOME, -50), (0, HOME, -90), (0, BUS, 0), (0, SHOP, 7)), 3)
    assert found.cell[:, :3].tolist() == [[HOME, BUS, SHOP], [SHOP, -1, -1], [-1, -1, -1]]
    assert found.level[0, :3].tolist() == pytest.approx([-50.0, np.nan, np.nan], nan_ok=True)
    assert np.isnan(found.advance).all()


@pytest.mark.parametrize("bssid", [0, 0xFFFF_FFFF_FFFF, 0x0100_5E00_0001, 0x0200_0000_0001, 0xDA12_3456_789A])
def test_names_for_many_names_that_are_made_up_and_none_are_left_out(bssid):
    assert (points_of(columns((0, bssid, -50)), 1).cell == -1).all()


def test_of_a_report_with_a_thousand_the_first_are_looked_at():
    found = points_of(columns(*[(0, HOME + number, -50) for number in range(1000)]), 1)
    assert found.cell.tolist() == [list(range(HOME, HOME + SLOTS))]


def test_no_access_points_are_scans_that_say_nothing():
    assert (points_of(columns(), 2).cell == -1).all()


def of(*where):
    """A version of reports ``(x, point, how often)``."""
    x = np.repeat([place for place, _, _ in where], [often for _, _, often in where])
    return learn(x, np.zeros(len(x)), scans(*[[(point, -60.0)] for _, point, often in where for _ in range(often)]))


def test_what_is_heard_at_two_far_places_is_forgotten_and_the_others_stay_as_they_were():
    moving = settled(of((25.0, HOME, 20), (25.0, BUS, 10), (925.0, BUS, 10), (1925.0, SHOP, 20)))
    assert moving.cell.tolist() == [HOME, SHOP]
    without = of((25.0, HOME, 20), (1925.0, SHOP, 20))
    for name in ("cell", "first", "hits", "level", "cell_x"):
        assert getattr(moving, name).tolist() == getattr(without, name).tolist()


def test_one_wrong_fix_in_thirty_does_not_make_a_point_move():
    assert settled(of((25.0, HOME, 30), (2025.0, HOME, 1))).cell.tolist() == [HOME]
    assert settled(of((25.0, HOME, 30), (2025.0, HOME, 8))).cell.tolist() == []


def test_a_version_in_which_all_stay_is_left_as_it_is():
    near = of((25.0, HOME, 5), (125.0, HOME, 5), (225.0, SHOP, 3))
    assert same(settled(near), near)
    nobody = learn(np.empty(0), np.empty(0), scans())
    assert same(settled(nobody), nobody)


def test_a_version_of_some_places_what_is_left():
    version = settled(of((25.0, HOME, 20), (25.0, BUS, 20), (1925.0, BUS, 20), (1925.0, SHOP, 20)))
    scan = scans([(BUS, -60.0), (SHOP, -60.0)])
    belief = nothing(1)
    for _ in range(5):
        belief = heard(belief, scan, sites(scan), np.array([30.0]), version)
    assert position(belief, np.zeros(1)).x[0] == pytest.approx(1925.0, abs=60.0)


def test_cells_of_a_town_spread_too_wide_to_be_points():
    version, _ = town(2, reports=500)
    assert len(settled(version).cell) < len(version.cell)
