"""Silence: after 20 minutes of listening without a frame, minus our own downtime, with a grace after a start."""

from __future__ import annotations

import pytest
from timeline import (
    ABROAD,
    DAY,
    FOREVER,
    HOME,
    HOUR,
    MINUTE,
    Timeline,
    alarm_policies,
    at,
    authority,
    brief,
    clock,
    county,
    of_wearers,
    raised,
)

from gateway.engine.policy import compile_policy
from gateway.engine.silence import next_due
from gateway.settings.model import Assignment

DUE = 20 * MINUTE
BEGIN = at(0, 13) - 6 * MINUTE


def watched(**changes: object) -> Timeline:
    """B0001 alone is worn, and watched for silence from six minutes to one on."""
    usual = {"assignments": (Assignment("B0001", "P0001", at(-30, 0), float("inf")),), "alarms": alarm_policies(DUE)}
    return Timeline.of(BEGIN, **(usual | changes))


def test_raised_at_the_due_time_exactly_and_cleared_by_the_next_frame():
    told = watched()
    told.report(at(0, 13))
    told.tick(at(0, 13) + DUE - 0.001)
    assert told.run() == []
    told.tick(at(0, 13) + DUE)
    told.heartbeat(at(0, 15))
    events = told.run()
    assert brief(events) == [("raised", "comms_lost"), ("cleared", "comms_lost")]
    assert clock(events[0]["time"]) == at(0, 13) + DUE
    assert clock(events[0]["data"]["onset"]) == at(0, 13)
    assert events[0]["data"]["facts"]["battery_percent"] == 80
    assert clock(events[1]["data"]["ended"]) == at(0, 15)


def test_the_timer_fires_at_its_own_time_however_late_the_next_entry_comes():
    told = watched()
    told.report(at(0, 13))
    told.tick(at(0, 18))
    (event,) = told.run()
    assert clock(event["time"]) == at(0, 13) + DUE


def test_any_frame_is_presence():
    told = watched()
    for minute in range(0, 180, 15):
        told.heartbeat(at(0, 13) + minute * MINUTE)
    assert told.run() == []


def test_a_second_silence_is_a_second_alarm():
    told = watched()
    for hour in (13, 15, 17):
        told.report(at(0, hour))
    events = told.run()
    assert brief(events) == [("raised", "comms_lost"), ("cleared", "comms_lost")] * 2
    assert len({event["subject"] for event in events}) == 2


@pytest.mark.parametrize("orderly", [True, False], ids=["stopped", "crashed"])
def test_our_own_downtime_is_not_silence(orderly):
    told = watched()
    told.report(at(0, 13))
    told.tick(at(0, 13) + 10 * MINUTE)
    if orderly:
        told.stop(at(0, 13) + 10 * MINUTE)
    told.start(at(0, 16))
    told.report(at(0, 16) + 9 * MINUTE)
    told.tick(at(0, 16) + 28 * MINUTE)
    assert told.run() == []


def test_our_downtime_is_taken_out_of_a_silence_and_does_not_begin_it_anew():
    told = watched()
    told.report(at(0, 13))
    told.stop(at(0, 13) + 12 * MINUTE)
    told.start(at(0, 16))
    told.tick(at(0, 16) + 8 * MINUTE - 1)
    assert told.run() == []
    told.tick(at(0, 16) + 8 * MINUTE)
    (alarm,) = raised(told.run())
    assert clock(alarm["onset"]) == at(0, 13)


def test_nor_do_many_restarts_but_for_the_time_that_bracelets_need_to_find_us():
    told = watched()
    told.report(at(0, 13))
    for minute in (5, 10, 15, 18):
        told.stop(at(0, 13) + minute * MINUTE)
        told.start(at(0, 13) + minute * MINUTE + 30)
    told.tick(at(0, 13) + 18 * MINUTE + 30 + 299)
    assert told.run() == []
    told.tick(at(0, 13) + 18 * MINUTE + 30 + 300)
    assert brief(told.run()) == [("raised", "comms_lost")]


def test_a_bracelet_never_heard_of_is_missed_though_we_restart_time_and_again():
    told = watched()
    for minute in range(1, 20, 6):
        told.stop(BEGIN + minute * MINUTE)
        told.start(BEGIN + minute * MINUTE + 60)
    told.tick(BEGIN + DUE + 5 * MINUTE)
    (alarm,) = raised(told.run())
    assert clock(alarm["onset"]) == BEGIN


def test_a_short_limit_still_leaves_bracelets_five_minutes_to_find_us_again():
    told = watched(alarms=alarm_policies(60.0))
    told.tick(BEGIN + 299)
    assert told.run() == []
    told.tick(BEGIN + 300)
    assert brief(told.run()) == [("raised", "comms_lost")]


def test_what_was_silent_before_a_restart_is_not_raised_again_after_it():
    told = watched()
    told.report(at(0, 13))
    told.stop(at(0, 14))
    told.start(at(0, 15))
    told.tick(at(0, 17))
    assert brief(told.run()) == [("raised", "comms_lost")]


def test_without_authority_nobody_is_missed():
    told = watched(authorities=(authority("P0001", until=at(0, 13) + DUE),))
    told.report(at(0, 13))
    told.tick(at(2, 0))
    assert of_wearers(told.run()) == []


def test_a_bracelet_that_nobody_wears_is_not_missed():
    told = watched(assignments=())
    told.heartbeat(at(0, 13))
    told.tick(at(1, 13))
    assert told.run() == []
    assert next_due(told.state, told.policy) == float("inf")


def test_an_assignment_that_begins_later_is_watched_from_then_on():
    told = watched(assignments=(Assignment("B0001", "P0001", at(2, 9), float("inf")),))
    told.tick(at(2, 9) + DUE - 1)
    assert told.run() == []
    told.tick(at(2, 9) + DUE)
    (event,) = told.run()
    assert clock(event["time"]) == at(2, 9) + DUE


def test_a_bracelet_never_heard_of_is_missed_after_the_start():
    told = watched()
    told.tick(at(0, 14))
    (alarm,) = raised(told.run(), "comms_lost")
    assert clock(alarm["onset"]) == BEGIN
    assert alarm["position"] is None
    assert clock(alarm["facts"]["assigned"]) == at(-30, 0)
    assert "自10-03 00:00发放以来从未上报" in alarm["text"]["zh"]
    assert "20:00" not in alarm["text"]["en"], "the gateway's start is no contact"


def test_what_spoke_before_it_was_worn_has_not_reported_since():
    worn = (Assignment("B0001", "P0001", at(0, 13), FOREVER),)
    told = watched(assignments=worn)
    told.heartbeat(at(0, 12.5))
    told.tick(at(0, 14))
    (alarm,) = raised(told.run(), "comms_lost")
    assert clock(alarm["facts"]["assigned"]) == at(0, 13)
    assert "has not reported since it was assigned 13:00" in alarm["text"]["en"]


def test_who_was_outside_when_contact_was_lost_is_said_to_have_been():
    told = watched()
    told.stay(ABROAD, at(0, 13), at(0, 14), 60.0)
    told.tick(at(0, 15))
    (alarm,) = raised(told.run(), "comms_lost")
    assert alarm["facts"]["outside"] == "the county"
    assert 'Before: probably outside "the county", about 13.9 km east of home' in alarm["text"]["en"]
    assert alarm["position"]["radius95_m"] > 0


def test_the_last_known_place_is_told():
    told = watched()
    told.stay(HOME, at(0, 13), at(0, 14))
    told.tick(at(0, 15))
    (alarm,) = raised(told.run(), "comms_lost")
    assert alarm["position"]["coordinates"] == pytest.approx([109.41, 24.33], abs=1e-4)


def test_timers_of_several_devices_fire_by_due_time_then_name():
    told = Timeline.of(BEGIN, alarms=alarm_policies(DUE))
    told.heartbeat(at(0, 13) - 1, device="B0002")
    told.heartbeat(at(0, 13), device="B0001")
    told.tick(at(0, 13) + DUE)
    told.heartbeat(at(0, 15), device="B0002")
    told.heartbeat(at(0, 15), device="B0001")
    told.tick(at(0, 15) + DUE)
    devices = [alarm["device"] for alarm in raised(told.run())]
    assert devices == ["B0002", "B0001", "B0001", "B0002"]


def test_next_due_is_when_the_daemon_has_to_tick():
    told = watched(devices={"B0001": county().devices["B0001"]})
    told.report(at(0, 13))
    told.run()
    assert next_due(told.state, told.policy) == at(0, 13) + DUE
    told.stop(at(0, 13) + HOUR / 10)
    told.run()
    assert next_due(told.state, told.policy) == float("inf")


def test_a_new_configuration_watches_whom_the_last_one_did_not():
    told = watched(assignments=())
    told.tick(at(1, 9))
    assert told.run() == []
    told.reconfigure(at(1, 10), alarms=alarm_policies(DUE), assignments=county().assignments[:1], digest="d2")
    told.tick(at(1, 10) + DUE - 1)
    assert told.run() == []
    told.tick(at(1, 10) + DUE)
    assert brief(told.run()) == [("raised", "comms_lost")]


def test_our_downtime_does_not_put_off_an_assignment_to_come():
    told = watched(assignments=(Assignment("B0001", "P0001", at(2, 9), float("inf")),))
    told.stop(at(0, 18))
    told.start(at(1, 18))
    told.tick(at(2, 9) + DUE)
    (event,) = told.run()
    assert clock(event["time"]) == at(2, 9) + DUE


def test_a_county_without_devices_has_no_timer():
    policy = compile_policy(county(devices={}, assignments=()))
    told = Timeline(policy)
    told.start(at(0, 12))
    told.tick(at(0, 12) + DAY)
    assert told.run() == []
    assert next_due(told.state, policy) == float("inf")


def test_what_the_silence_of_one_bracelet_quotes_of_the_other_does_not_hang_on_how_the_log_was_cut():
    both = tuple(Assignment(device, "P0001", at(-30, 0), FOREVER) for device in ("B0001", "B0002"))
    said = []
    for often in (False, True):
        told = watched(assignments=both, alarms=alarm_policies(HOUR))
        told.report(at(0, 13), HOME, device="B0002")
        for minute in range(0, 180, 5):
            told.report(at(0, 13) + minute * MINUTE, HOME if minute < 90 else ABROAD)
            if often:
                told.run()
        told.run()
        said.append(told.events)
    assert said[0] == said[1]
    assert raised(said[0], "comms_lost")[-1]["device"] == "B0002"
