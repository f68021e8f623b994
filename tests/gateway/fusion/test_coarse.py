"""Scans in a track, one by one: what they move, what they do not, and what is left of them when GNSS tells again."""

from __future__ import annotations

import math

import numpy as np
import pytest

from gateway.engine.fuse import FIX, take_all
from gateway.engine.state import TRACK, fresh
from gateway.fusion.gone import SHARED
from gateway.fusion.radius import radii
from protocols.report import Source

GNSS, CELL, WIFI, PHONE = Source.GNSS, Source.CELL, Source.WIFI, Source.PHONE
SIGMA = {GNSS: 5.0, CELL: 250.0, WIFI: 25.0, PHONE: 250.0}
MINUTE = 60.0


class Track:
    """One wearer's track, fed minute by minute."""

    def __init__(self, speed=0.0):
        self.bank, self.time, self.speed, self.taken = fresh(TRACK, 1), 0.0, speed, []

    def tell(self, source, x, y=0.0, *, times=1, after=MINUTE, **told):
        """``told``: sigma and speed where they are not the usual ones."""
        sigma, speed = told.get("sigma", SIGMA[source]), told.get("speed", self.speed)
        for _ in range(times):
            self.time += after
            fix = np.zeros(1, FIX)
            fix[0] = (0, self.time, x, y, sigma**2, source, speed)
            took = np.empty(1, np.bool_)
            take_all(self.bank, fix, self.bank.copy(), took)
            self.taken.append(bool(took[0]))
        return self

    @property
    def off(self):
        """Metres from where it all began."""
        return math.hypot(self["x"], self["y"])

    @property
    def r95(self):
        return float(radii(self.bank)["r95"][0])

    def __getitem__(self, name):
        return float(self.bank[name][0])


def home():
    return Track().tell(GNSS, 0.0, times=15)


def walker(x=0.0):
    return Track(speed=1.4).tell(GNSS, x - 168.0).tell(GNSS, x - 84.0).tell(GNSS, x)


@pytest.mark.parametrize("begun", [home, walker])
def test_a_wrong_mast_moves_nobody_whom_gnss_saw_a_minute_ago(begun):
    track = begun()
    track.tell(CELL, 5000.0)
    assert track.taken[-1] is False
    assert track.off < 1.0
    assert track.tell(CELL, 100.0).taken[-1]
    assert track.off < 120.0


def test_a_second_scan_at_the_same_far_place_is_believed_of_who_walks():
    track = walker().tell(CELL, 5000.0).tell(CELL, 5100.0)
    assert track.taken[-2:] == [False, True]
    assert track.off > 4000.0 or track.r95 > 4000.0


def test_two_at_different_far_places_are_not():
    assert walker().tell(CELL, 6000.0).tell(CELL, -6000.0).taken[-2:] == [False, False]


def test_of_who_is_long_at_home_two_wrong_scans_make_the_place_unsure_and_right_ones_sure_again():
    track = home().tell(CELL, 50.0, times=3)
    sure = track.r95
    track.tell(CELL, 5000.0, times=2)
    assert track.off < 300.0
    assert track.r95 > 4000.0
    track.tell(CELL, 50.0, times=8)
    assert track.off < 5.0
    assert track.r95 < 2.0 * sure + 10.0


def test_a_scan_that_says_little_leaves_the_place_that_gnss_told():
    track = home()
    before = track.r95
    track.tell(CELL, 200.0, 150.0, times=5)
    assert track.off < 5.0
    assert track.r95 < 3.0 * before


def test_who_leaves_home_without_gnss_is_followed_by_the_scans_and_the_radius_holds_on_the_way():
    track = home().tell(CELL, 60.0, times=3)
    for minute in range(1, 31):
        track.tell(CELL, 60.0 + 84.0 * minute)
    assert track["stays"] < 0.05
    assert abs(track["x"] - 84.0 * 30.0) < track.r95 < 4.0 * SIGMA[CELL]


def test_gnss_takes_the_track_over_at_once_and_goes_on_where_it_left_off():
    track = home()
    place, idle = track["pxx"], track["idle"]
    track.tell(CELL, 150.0, times=5)
    track.tell(GNSS, 0.0)
    assert (track["source"], track["idle"]) == (GNSS, idle + MINUTE)
    assert track.off < 1.0
    assert track["pxx"] <= place + 5.0
    gone = walker().tell(CELL, 2000.0, times=10).tell(GNSS, 700.0)
    assert (gone["x"], gone.taken[-1]) == (700.0, True)


def test_a_false_gnss_fix_leaves_what_the_scans_said():
    track = walker().tell(CELL, 100.0, times=5)
    before = track["x"], track["y"], track["pxx"], track["time"]
    track.tell(GNSS, 80_000.0)
    assert track.taken[-1] is False
    assert (track["x"], track["y"], track["pxx"]) == pytest.approx(before[:3], rel=0.5)
    assert (track["time"], track["source"]) == (before[3], CELL)


def test_a_speed_of_0_that_comes_with_a_scan_is_no_rest():
    track = walker()
    track.tell(CELL, 0.0, times=30, speed=0.0)
    assert (track["idle"], track["went"]) == (0.0, 1.4)


@pytest.mark.parametrize("source", [CELL, WIFI, PHONE])
def test_scans_alone_average_no_further_than_what_they_share(source):
    track = Track(speed=math.nan)
    seen = [float(radii(track.tell(source, 0.0).bank)["sigma"][0]) for _ in range(600)]
    assert seen[0] == pytest.approx(SIGMA[source])
    assert math.sqrt(SHARED) * SIGMA[source] <= min(seen) < SIGMA[source]


def test_the_error_of_scans_is_learnt_beside_gnss():
    track = walker()
    for minute in range(1, 20):
        track.tell(CELL, 84.0 * minute + 300.0, 300.0, after=30.0).tell(GNSS, 84.0 * minute, after=30.0)
    for minute in range(20, 23):
        track.tell(CELL, 84.0 * minute + 300.0, 300.0)
    assert math.hypot(track["x"] - 84.0 * 22, track["y"]) < 150.0


def test_a_car_is_followed_however_slow_the_track_had_been():
    track = walker().tell(CELL, 0.0)
    for minute in range(1, 9):
        track.tell(CELL, 900.0 * minute)
    assert all(track.taken[-4:])
    assert abs(track["x"] - 7200.0) < 400.0
    assert track["pace"] > 5.0


def test_what_comes_by_turns_of_cells_and_wifi_stays_as_sure_as_the_wifi_alone():
    mixed, alone = walker(), walker()
    for _ in range(30):
        mixed.tell(CELL, 200.0, after=30.0).tell(WIFI, 0.0, after=30.0)
        alone.tell(WIFI, 0.0)
    assert mixed.off < 30.0
    assert 0.7 * alone.r95 < mixed.r95 < 1.5 * alone.r95


@pytest.mark.parametrize("sigma", [1e-3, 1.0, 1e5])
@pytest.mark.parametrize("after", [0.0, 1e-3, 1e6])
def test_equal_times_and_sizes_beyond_reason_leave_numbers(sigma, after):
    track = walker()
    for number in range(50):
        track.tell(CELL if number % 7 else GNSS, 10.0 * number, after=after, sigma=sigma)
        assert np.isfinite([track["x"], track["y"], track["pxx"], track.r95]).all()
        assert 0.0 <= track["stays"] <= 1.0
        assert track["pxx"] > 0.0
