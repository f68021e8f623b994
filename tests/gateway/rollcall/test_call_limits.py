"""What limits a roll call: quiet hours, the day, phones that a carrier still locates."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import numpy as np
import pytest
from timeline import MIDNIGHT, at

from gateway.rollcall.limits import day_of, is_quiet, within_quota

SHANGHAI = ZoneInfo("Asia/Shanghai")
NIGHT, NOON = (22 * 60, 7 * 60), (12 * 60, 14 * 60)


@pytest.mark.parametrize(
    ("quiet", "hour", "is_so"),
    [
        (NIGHT, 21.99, False),
        (NIGHT, 22.0, True),
        (NIGHT, 23.9, True),
        (NIGHT, 24.5, True),
        (NIGHT, 6.99, True),
        (NIGHT, 7.0, False),
        (NOON, 11.9, False),
        (NOON, 12.0, True),
        (NOON, 14.0, False),
        ((0, 0), 0.0, False),
        ((600, 600), 10.0, False),
    ],
)
def test_quiet_hours_may_go_over_midnight_and_end_before_their_end(quiet, hour, is_so):
    assert is_quiet(quiet, at(0, hour), SHANGHAI) is is_so


def test_the_day_is_the_countys_also_where_its_clock_is_set():
    assert day_of(at(0, 0), SHANGHAI) == MIDNIGHT
    assert day_of(at(0, 23.99), SHANGHAI) == MIDNIGHT
    assert day_of(at(1, 0), SHANGHAI) == MIDNIGHT + 86_400
    berlin = ZoneInfo("Europe/Berlin")
    long_day = 1_792_879_200.0  # 2026-10-25 00:00 there; 25 hours
    assert day_of(long_day + 24.5 * 3600, berlin) == long_day
    assert day_of(long_day + 25 * 3600, berlin) == long_day + 25 * 3600


def test_the_phones_whose_place_is_oldest_are_asked_as_far_as_their_carrier_goes():
    carrier = np.array([-1, 0, 0, 0, 1, 1])
    placed = np.array([np.nan, 30.0, 10.0, np.nan, 5.0, 6.0])
    may = within_quota(carrier, placed, {0: 2, 1: 1})
    assert may.tolist() == [True, False, True, True, True, False]
    assert within_quota(carrier, placed, {0: 0, 1: 9}).tolist() == [True, False, False, False, True, True]
