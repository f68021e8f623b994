"""What is mild at first is told when it is worth it: the wearer of a battery's end, staff of what has lasted."""

from __future__ import annotations

import pytest
from test_ladder import DUTY, NIGHT, NOTICES, Told, county
from timeline import HOME, HOUR, MINUTE, alarm_policies, at
from timeline import county as wearings

from gateway.engine.notice import WEARER
from gateway.engine.roster import tell_at
from gateway.settings.alarm_policy import AlarmPolicy

LOW = AlarmPolicy("warning", (WEARER,), 2 * HOUR, ("second",))
CRITICAL = AlarmPolicy("serious", (), 10 * MINUTE, ("second",))
SILENT = AlarmPolicy("serious", ("second",), after_seconds=20 * MINUTE, at_home_seconds=HOUR)
ZONE = "Asia/Shanghai"


def drains(begin: float, hours: float, until: int, critical: AlarmPolicy = CRITICAL) -> Told:
    """From full, evenly, to be empty after so many hours; a report each tenth of an hour."""
    told = county(begin - HOUR, battery_low=LOW, battery_critical=critical)
    for tenth in range(round(10 * hours)):
        percent = round(100 * (1 - tenth / 10 / hours))
        if percent >= until:
            told.report(begin + tenth * 360.0, HOME, battery=percent)
    told.run()
    return told


def test_the_wearer_is_told_an_hour_before_the_end_and_staff_half_an_hour_before_it():
    told = drains(at(0, 6), 10.0, 12)
    assert told.told() == []
    told.tick(at(0, 16))
    told.run()
    (wearer, first), (staff, second) = told.told()
    assert (wearer, staff) == (WEARER, "D04")
    assert first == pytest.approx(at(0, 15), abs=6 * MINUTE)
    assert second == pytest.approx(at(0, 15.5), abs=6 * MINUTE)


def test_who_charges_in_time_is_not_told():
    told = drains(at(0, 6), 10.0, 12)
    told.report(at(0, 14.9), HOME, battery=70)
    told.tick(at(0, 20))
    told.run()
    assert told.told() == []


@pytest.mark.parametrize("critical", [CRITICAL, AlarmPolicy("serious", (WEARER,), 10 * MINUTE, ("second",))])
@pytest.mark.parametrize("until", [5, 12])
def test_who_has_plugged_it_in_is_not_told_though_it_is_low_still(until, critical):
    told = drains(at(0, 6), 40.0, until, critical)
    plugged = at(0, 6) + (1 - (until - 2) / 100) * 40 * HOUR
    told.report(plugged, HOME, battery=until + 8)
    told.tick(plugged + 1.9 * HOUR)
    told.run()
    assert told.told() == []


def test_a_charge_that_comes_to_nothing_is_told_all_the_same():
    told = drains(at(0, 6), 10.0, 12)
    told.report(at(0, 14.9), HOME, battery=19)
    told.tick(at(0, 17))
    told.run()
    (wearer, first), (staff, second) = told.told()
    assert (wearer, staff) == (WEARER, "D04")
    assert first == second == at(0, 16.9)


def test_a_reminder_outlasts_the_step_to_nearly_flat():
    told = drains(at(0, 12), 24.0, 5)
    kinds = [one["data"]["kind"] for one in told.events]
    assert kinds == ["battery_low", "battery_critical"]
    told.tick(at(1, 11.4))
    told.run()
    ((to, owed),) = told.told()
    assert to == WEARER
    assert owed == pytest.approx(at(1, 11), abs=15 * MINUTE)


@pytest.mark.parametrize(
    ("to", "now", "useful", "told"),
    [
        (WEARER, at(0, 12), at(0, 15), at(0, 15)),
        (WEARER, at(0, 12), at(0, 11), at(0, 12)),
        (WEARER, at(0, 12), at(1, 2), at(0, 21.5)),
        (WEARER, at(0, 21.8), at(1, 2), at(0, 21.8)),
        (WEARER, at(0, 23), at(1, 2), at(1, 7)),
        ("staff", at(0, 12), at(1, 2), at(1, 7)),
    ],
)
def test_what_falls_into_the_night_the_wearer_hears_before_it(to, now, useful, told):
    assert tell_at("battery_low", "warning", to, now, ZONE, useful) == told


def test_a_kind_of_which_nobody_is_told_by_itself_goes_by_the_ladder_of_what_it_was():
    mild = AlarmPolicy("info", (WEARER,), 2 * HOUR, ("second",))
    told = county(at(0, 11), battery_low=mild, battery_critical=AlarmPolicy("serious"))
    for tenth in range(228):
        told.report(at(0, 12) + tenth * 360.0, HOME, battery=round(100 * (1 - tenth / 240)))
    told.tick(at(1, 11.8))
    told.run()
    (wearer, first), (staff, second) = told.told()
    assert (wearer, staff) == (WEARER, "D04")
    assert first == pytest.approx(at(1, 11), abs=15 * MINUTE)
    assert second == pytest.approx(at(1, 11.5), abs=15 * MINUTE)


def test_a_silence_at_home_is_told_where_it_lasts():
    alarms = alarm_policies() | {"comms_lost": SILENT}
    told = Told.of(NIGHT - MINUTE, notices=NOTICES, duty=DUTY, alarms=alarms, assignments=wearings().assignments[:1])
    for minute in range(6):
        told.report(NIGHT + minute * MINUTE, HOME)
    heard = NIGHT + 5 * MINUTE
    told.tick(heard + HOUR - 1.0)
    told.run()
    assert told.told() == []
    told.tick(heard + HOUR)
    told.run()
    assert told.told() == [("D04", heard + HOUR)]
