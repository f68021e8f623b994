"""Whose report it is at device time, and whether the law lets us look at it."""

from __future__ import annotations

import numpy as np
import pytest
from timeline import (
    CAFE,
    FOREVER,
    HOME,
    HOUR,
    MINUTE,
    Timeline,
    at,
    authority,
    brief,
    clock,
    of_wearers,
    raised,
    record,
)

from firmware_sim.firmware.messages import Alarm
from gateway.settings.model import Assignment, AuthorityKind

PASSES = at(0, 16)
HANDED_OVER = (Assignment("B0001", "P0001", at(-30, 0), PASSES), Assignment("B0001", "P0002", PASSES, FOREVER))
BARRED_BOTH = {"people": ("P0001", "P0002")}


def handed_over(**changes: object) -> Timeline:
    return Timeline.of(assignments=HANDED_OVER, **changes)


def track(told: Timeline, person: str) -> float:
    """Device time of a wearer's newest taken fix; NaN where there is none."""
    row = told.policy.wearings.index(("B0001", person))
    return float(told.state.track["time"][row])


def stored_at_the_cafe() -> list[bytes]:
    """Two hours of the first wearer's fixes, at a barred cafe, up to the hand-over."""
    return [record(float(time), CAFE) for time in np.arange(PASSES - 2 * HOUR, PASSES, 10 * MINUTE)]


@pytest.mark.parametrize(
    "authorities",
    [(), (authority("P0001", until=at(0, 13)),), (authority("P0001", start=at(0, 18)),)],
    ids=["none", "ended", "not yet"],
)
def test_reports_outside_authority_leave_no_track_and_no_alarm(authorities):
    told = Timeline.of(authorities=authorities)
    told.stay(CAFE, at(0, 14), at(0, 15))
    told.report(at(0, 15), CAFE, alarm=Alarm.REMOVAL | Alarm.SOS, battery=5)
    assert of_wearers(told.run()) == []
    assert np.isnan(told.state.track["x"]).all()
    assert np.isnan(told.state.watch["seen"]).all()
    assert told.counts["report_without_authority"] == 7


def test_an_authority_for_phone_checks_lends_nothing_to_a_bracelet():
    other = authority("P0001")
    checks = type(other)("P0001", AuthorityKind.PHONE_CHECK, None, "", "", 0.0, other.start, other.until)
    told = Timeline.of(authorities=(checks,))
    told.stay(CAFE, at(0, 14), at(0, 15))
    assert told.run() == []
    assert np.isnan(told.state.track["x"]).all()


def test_authority_is_judged_at_device_time():
    told = Timeline.of(authorities=(authority("P0001", until=at(0, 15)),))
    told.stored(at(0, 20), [record(at(0, 14) + 600.0 * index, CAFE) for index in range(12)])
    (alarm,) = raised(of_wearers(told.run()))
    assert alarm["kind"] == "exclusion_enter"
    assert track(told, "P0001") == at(0, 15) - 600.0
    assert told.counts["report_without_authority"] == 6


def test_an_extension_that_touches_leaves_no_gap():
    told = Timeline.of(authorities=(authority("P0001", until=at(0, 14)), authority("P0001", start=at(0, 14))))
    told.stay(HOME, at(0, 13), at(0, 15))
    told.run()
    assert "report_without_authority" not in told.counts


def test_two_hours_of_stored_fixes_of_the_first_wearer_land_on_nobody_else():
    told = handed_over(rules=_barred_for_both())
    told.report(PASSES - 2 * HOUR - 60.0, HOME)
    told.stay((-4000.0, 0.0), PASSES + 60.0, PASSES + 1800.0)
    told.stored(PASSES + 1800.0, stored_at_the_cafe())
    told.stay((-4000.0, 0.0), PASSES + 1860.0, PASSES + 2 * HOUR)
    (alarm,) = raised(told.run())
    assert (alarm["kind"], alarm["person"], alarm["retrospective"]) == ("exclusion_enter", "P0001", True)
    assert track(told, "P0001") < PASSES <= track(told, "P0002")


def test_in_the_reverse_order_too():
    told = handed_over(rules=_barred_for_both())
    told.stored(PASSES + 1800.0, stored_at_the_cafe())
    told.stay((-4000.0, 0.0), PASSES + 1860.0, PASSES + 2 * HOUR)
    assert [(alarm["kind"], alarm["person"]) for alarm in raised(told.run())] == [("exclusion_enter", "P0001")]


def test_a_strap_cut_before_the_hand_over_is_the_first_wearers():
    told = handed_over()
    told.report(PASSES + 60.0, HOME)
    told.stored(PASSES + 120.0, [record(PASSES - 60.0, HOME, alarm=Alarm.REMOVAL)])
    (alarm,) = raised(told.run())
    assert (alarm["kind"], alarm["person"]) == ("strap_cut", "P0001")


def test_a_battery_charged_by_the_next_wearer_clears_the_first_ones_alarm():
    told = handed_over()
    told.report(PASSES - 60.0, HOME, battery=9)
    told.report(PASSES + 3600.0, HOME, battery=95)
    assert brief(told.run()) == [("raised", "battery_low"), ("cleared", "battery_low")]


def test_a_report_of_a_bracelet_in_the_drawer_is_nobodys():
    told = Timeline.of(assignments=(Assignment("B0001", "P0001", at(-30, 0), at(0, 13)),))
    told.stay(CAFE, at(0, 14), at(0, 15))
    assert told.run() == []
    assert told.counts["report_unattributed"] == 6


FAULTS = {"year 2000": 946684800.0, "months ago": at(-100, 0), "tomorrow": at(1, 13)}


@pytest.mark.parametrize("time", FAULTS.values(), ids=FAULTS)
def test_a_faulty_clock_keeps_the_condition_but_not_the_place(time):
    told = Timeline.of()
    told.stay(HOME, at(0, 12), at(0, 13))
    told.report(time, CAFE, alarm=Alarm.REMOVAL, received=at(0, 13))
    (alarm,) = raised(told.run())
    assert alarm["kind"] == "strap_cut"
    assert alarm["onset"] == "2026-11-02T05:00:00Z"
    assert alarm["position"]["coordinates"] == pytest.approx([109.41, 24.33], abs=1e-4)
    assert told.counts["clock_fault"] == 1
    assert track(told, "P0001") == at(0, 13) - 600.0


def test_a_clock_a_little_ahead_is_no_fault():
    told = Timeline.of()
    told.report(at(0, 13) + 299.0, HOME, received=at(0, 13))
    told.run()
    assert "clock_fault" not in told.counts


@pytest.mark.parametrize(("hour", "person"), [(15.0, "P0001"), (17.0, "P0002"), (16.0 + 25.0, "P0002")])
def test_with_a_faulty_clock_the_devices_own_word_is_of_whoever_wears_it_at_receipt(hour, person):
    told = handed_over()
    told.report(946684800.0, CAFE, alarm=Alarm.REMOVAL, received=at(0, hour))
    (alarm,) = raised(told.run())
    assert (alarm["kind"], alarm["person"], clock(alarm["onset"])) == ("strap_cut", person, at(0, hour))


@pytest.mark.parametrize(("hour", "attributed"), [(15.0, True), (17.0, False), (16.0 + 25.0, True)])
def test_what_was_stored_with_a_faulty_clock_may_be_of_the_wearer_before_and_is_nobodys(hour, attributed):
    told = handed_over()
    told.stored(at(0, hour), [record(946684800.0, CAFE, alarm=Alarm.REMOVAL)])
    assert brief(told.run()) == ([("raised", "strap_cut")] if attributed else [])
    assert told.counts.get("report_unattributed", 0) == (0 if attributed else 1)


@pytest.mark.parametrize("shown", [3471292800.0, 0.0, at(0, 17)])
@pytest.mark.parametrize("flag", [Alarm.REMOVAL, Alarm.SOS])
def test_a_call_within_hours_of_the_fitting_is_heard_whatever_the_clock_shows(shown, flag):
    told = Timeline.of(assignments=(Assignment("B0001", "P0001", at(0, 12), FOREVER),))
    told.report(shown, HOME, alarm=flag, received=at(0, 13))
    (alarm,) = raised(told.run())
    assert clock(alarm["onset"]) == at(0, 13)
    assert "position" not in alarm or alarm["position"] is None


def _barred_for_both() -> tuple:
    rules = Timeline.of(None).policy.configuration.rules
    return tuple(
        type(rule)(rule.id, ("P0001", "P0002"), rule.basis, keep_out=rule.keep_out) for rule in rules if rule.keep_out
    )
