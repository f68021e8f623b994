"""How a battery has aged and when it is charged, out of its reports."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import numpy as np
import pytest
from timeline import DAY, HOUR, at

from gateway.control.battery_wear import BEFORE, LATELY, Wear, replace_by, wear_of

ZONE = ZoneInfo("Asia/Shanghai")
NOW = at(40, 12)
LONG_WORN = at(0, 0)


def reports(days, hours, *, begins=20.0):
    """A charge a day at ``begins`` o'clock to full, and every 30 minutes what is left of ``hours``."""
    steps = np.arange(0, 23.5, 0.5)
    levels = np.maximum(0, 100 - np.floor(steps * 100 / hours)).astype(np.int16)
    times = np.concatenate([at(day, begins) + steps * HOUR for day in days])
    return np.tile(levels, len(days)), times


def wear(*parts, fitted=LONG_WORN, now=NOW):
    levels, times = (np.concatenate(one) for one in zip(*parts, strict=True))
    return wear_of(levels, times, fitted, now, ZONE)


AGED = (reports(range(2, 15), 60.0), reports(range(30, 40), 30.0))


def test_it_is_held_against_a_month_ago_and_the_hour_of_its_charging_is_found():
    found = wear(*AGED)
    assert (found.hours, found.before) == (pytest.approx(30, abs=1), pytest.approx(60, abs=2))
    assert (found.has_aged, found.every, found.minute) == (True, 24.0, 20 * 60)


def test_by_when_it_will_not_last_from_charge_to_charge():
    found = wear(*AGED)
    fallen = (found.before - found.hours) / (sum(BEFORE) / 2 - LATELY / 2)
    assert replace_by(found, NOW) == pytest.approx(NOW + (found.hours - 24) / fallen)
    assert replace_by(Wear(20.0, 40.0, 24.0), NOW) == NOW + 3 * DAY
    assert replace_by(Wear(60.0, 80.0, 24.0), NOW) is None


def test_one_that_lasts_as_ever_is_not_replaced():
    found = wear(reports(range(2, 15), 60.0), reports(range(30, 40), 59.0))
    assert (found.has_aged, replace_by(found, NOW)) == (False, None)


def test_of_too_little_nothing_is_said():
    assert wear(reports(range(38, 40), 30.0)) == Wear()
    assert wear_of(np.empty(0, np.int16), np.empty(0), 0.0, NOW, ZONE) == Wear()
    silent = np.full(5, -1, np.int16), np.arange(5.0)
    assert wear_of(*silent, 0.0, NOW, ZONE) == Wear()
    lately = wear(reports(range(30, 40), 30.0))
    assert (lately.before, lately.has_aged, replace_by(lately, NOW)) == (None, None, None)


def test_habits_are_of_this_wearer_alone():
    found = wear(*AGED, fitted=at(38, 12))
    assert (found.has_aged, found.every, found.minute) == (True, None, None)


def test_an_hour_that_wanders_all_over_the_day_is_no_habit():
    hours = (0, 6, 12, 18, 0, 6)
    parts = [reports([day], 30.0, begins=hour) for day, hour in zip(range(30, 40, 2), hours, strict=False)]
    assert wear(*parts).minute is None


def test_around_midnight_the_hour_is_midnight():
    parts = [reports([day], 30.0, begins=begins) for day, begins in ((31, 23.5), (33, 0.5), (35, 23.5), (37, 0.5))]
    # Three charges end a discharge: at 00:30, 23:30 and 00:30.
    assert wear(*parts).minute == 10
