"""Calibration of the stated probability."""

import pytest
from scored_files import HOUR, alarm, breach, gateway


def test_bins_hold_what_was_stated_against_what_was_true(tmp_path):
    truth = [breach(n * 5 * HOUR, n * 5 * HOUR + HOUR) for n in range(3)]
    right = [alarm(f"r{n}", n * 5 * HOUR + 60, n * 5 * HOUR + 600, probability=0.96) for n in range(3)]
    wrong = alarm("w", 50 * HOUR, 51 * HOUR, probability=0.97)
    calibration = gateway(tmp_path, truth, *right, wrong).calibration
    filled = [one for one in calibration.bins if one.alarms]
    assert [(one.least, one.below, one.alarms) for one in filled] == [(0.95, 0.98, 4)]
    assert filled[0].stated == pytest.approx(0.9625)
    assert filled[0].true == 0.75
    assert calibration.brier == pytest.approx((3 * 0.04**2 + 0.97**2) / 4)


def test_the_condition_may_hold_though_the_alarm_is_false(tmp_path):
    excused = breach(HOUR, 2 * HOUR, excused=True)
    column = gateway(tmp_path, [excused], alarm("a", HOUR + 60, 2 * HOUR, probability=1.0))
    assert column.zones.false == 1
    assert column.calibration.brier == 0.0
    assert column.calibration.bins[-1].alarms == 1


def test_alarms_without_a_probability_are_counted(tmp_path):
    calibration = gateway(tmp_path, [], alarm("a", HOUR, probability=None)).calibration
    assert (calibration.alarms, calibration.unstated, calibration.brier) == (0, 1, None)
