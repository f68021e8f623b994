"""Until when a battery lasts by its own pace since the last charge."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.engine.pace import Discharge, discharges, flat_between, full_hours, lasts_until, spend
from gateway.engine.state import LEVELS, Bank, fresh

HOUR = 3600.0


def told(*levels: tuple[float, int]):
    """A bracelet's record after levels: hours, percent."""
    of = fresh(LEVELS, 1).view(np.recarray)[0]
    for hours, percent in levels:
        spend(of, percent, hours * HOUR)
    return of


def test_an_even_discharge_goes_on_as_it_went():
    assert lasts_until(told((0, 100), (5, 90), (10, 80), (40, 20))) == 50 * HOUR


def test_each_discharge_that_a_charging_ended_says_how_long_a_full_charge_lasted():
    levels = [100, 100, 90, 80, 70, 60, 90, 100, 100, 95, 100, 88, 76]
    found = discharges(np.array(levels, np.int16), np.arange(len(levels)) * HOUR)
    # Full until the first hour, 40 percent in four; what is spent between two reports on the charger tells nothing.
    assert found == [Discharge(6 * HOUR, 10.0)]
    assert full_hours(told((0, 100), (1, 90), (5, 80))) == 25.0
    assert discharges(np.empty(0, np.int16), np.empty(0)) == []


def test_what_was_charged_since_begins_anew():
    of = told((0, 90), (10, 40), (10.5, 60), (11, 80), (12, 81), (14, 70), (16, 60))
    assert (of.full, of.full_at, of.least) == (81, 12 * HOUR, 60)
    assert lasts_until(of) == round((16 + 60 * 4 / 21) * HOUR)


def test_at_full_the_pace_counts_from_the_last_full_report():
    assert told((0, 100), (1, 100), (2, 100), (6, 80)).full_at == 2 * HOUR


def test_a_level_that_wavers_is_no_charge():
    of = told((0, 100), (10, 60), (10.1, 62), (10.2, 59))
    assert (of.full_at, of.least) == (0.0, 59)


def test_a_device_that_tells_sixths_is_at_the_upper_edge_of_a_step():
    """Full for 36 hours: at 30 hours it has fallen to the last sixth, of which all is still there."""
    levels = [(hours, math.floor(6 * (1 - hours / 36)) * 100 // 6) for hours in np.arange(0.0, 30.1, 0.1)]
    assert lasts_until(told(*levels)) == pytest.approx(36 * HOUR, abs=1.5 * HOUR)


@pytest.mark.parametrize(
    "levels",
    [[], [(0, 100)], [(0, 100), (5, 85)], [(0, 100), (0.5, 60)], [(0, 15), (9, 15)], [(0, 100), (24, 12)]],
)
def test_of_too_little_nothing_is_said(levels):
    """The last: one fall over a day's silence may be a step, of which nobody knows when it began."""
    assert math.isnan(lasts_until(told(*levels)))


@given(st.lists(st.tuples(st.integers(1, 5), st.integers(0, 100)), max_size=60))
def test_the_end_is_never_before_the_least_was_told(steps):
    levels = list(
        zip(np.cumsum([hours for hours, _ in steps]).tolist(), [percent for _, percent in steps], strict=True)
    )
    of = told(*levels)
    end = lasts_until(of)
    assert math.isnan(end) or end >= of.least_at
    assert of.least <= of.full


def test_devices_that_will_be_flat_within_a_time_are_found_by_key():
    bank = Bank(LEVELS, ("charged", "flat soon", "flat late", "unknown"))
    for row, per_hour in enumerate((0, 10, 2)):
        for hour in range(11):
            spend(bank.open(row), 100 - per_hour * hour if hour < 10 else max(100 - per_hour * hour, 5), hour * HOUR)
    ends = flat_between(bank, 10 * HOUR, 20 * HOUR)
    assert list(ends) == ["flat soon"]
    assert flat_between(bank, ends["flat soon"], 60 * HOUR).keys() == {"flat late"}
