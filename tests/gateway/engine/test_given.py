"""A bracelet that is given to somebody begins anew with him: its silence, its strap, its battery, what was heard."""

from __future__ import annotations

import numpy as np
from timeline import FOREVER, HOME, HOUR, MINUTE, Timeline, alarm_policies, at, brief, clock, raised

from firmware_sim.firmware.messages import Alarm
from gateway.engine.given import given_since, levels_of
from gateway.engine.snapshot import restore, snapshot_of
from gateway.settings.model import Assignment

SILENCE = 20 * MINUTE
HANDED_ON = at(0, 14)
FIRST = Assignment("B0001", "P0001", at(-30, 0), FOREVER)
ENDED = Assignment("B0001", "P0001", at(-30, 0), HANDED_ON)
NEXT = Assignment("B0001", "P0002", HANDED_ON, FOREVER)


def worn(*assignments: Assignment) -> Timeline:
    told = Timeline.of(assignments=assignments, alarms=alarm_policies(SILENCE))
    told.stay(HOME, at(0, 12), at(0, 13), MINUTE)
    return told


def test_who_gets_a_silent_bracelet_is_missed_by_himself_and_the_last_wearer_no_more():
    told = worn(ENDED, NEXT)
    told.tick(HANDED_ON + SILENCE - 1.0)
    first = told.run()
    assert brief(first) == [("raised", "comms_lost"), ("cleared", "comms_lost")]
    assert {event["data"]["person"] for event in first} == {"P0001"}
    over = first[1]["data"]
    assert clock(over["ended"]) == clock(over["facts"]["handed_over"]) == HANDED_ON
    told.tick(HANDED_ON + SILENCE)
    (missed,) = told.run()
    assert (missed["data"]["kind"], missed["data"]["person"]) == ("comms_lost", "P0002")
    assert clock(missed["data"]["onset"]) == clock(missed["data"]["facts"]["assigned"]) == HANDED_ON
    assert "battery_percent" not in missed["data"]["facts"]


def test_a_hand_over_that_is_entered_afterwards_counts_from_then_on():
    entered = HANDED_ON + HOUR
    told = worn(FIRST)
    told.stay(HOME, at(0, 13), entered, MINUTE)
    told.reconfigure(entered, assignments=(ENDED, NEXT), alarms=alarm_policies(SILENCE), digest="2")
    told.tick(entered + SILENCE - 1.0)
    assert raised(told.run()) == []
    told.tick(entered + SILENCE)
    (missed,) = raised(told.run())
    assert (missed["person"], clock(missed["onset"])) == ("P0002", entered)
    since = given_since(told.state, told.policy, np.array([0, 0]), np.array([HANDED_ON - 1.0, HANDED_ON]))
    assert since.tolist() == [at(-30, 0), entered]


def test_a_row_that_goes_on_for_the_same_person_or_is_edited_gives_nothing():
    told = worn(ENDED, Assignment("B0001", "P0001", HANDED_ON, FOREVER))
    told.tick(HANDED_ON - 10 * MINUTE)
    assert brief(told.run()) == [("raised", "comms_lost")]
    edited = Assignment("B0001", "P0001", at(-20, 0), FOREVER)
    told.reconfigure(HANDED_ON + HOUR, assignments=(edited,), alarms=alarm_policies(SILENCE), digest="2")
    told.tick(HANDED_ON + 2 * HOUR)
    assert told.run() == []
    assert given_since(told.state, told.policy, np.array([0]), np.array([HANDED_ON])).tolist() == [at(-20, 0)]


def test_a_wearing_that_is_taken_out_by_mistake_and_entered_again_is_known_as_before():
    told = worn(FIRST)
    told.reconfigure(at(0, 13.1), assignments=(), digest="2")
    told.reconfigure(at(0, 13.2), assignments=(FIRST,), digest="3")
    told.run()
    assert given_since(told.state, told.policy, np.array([0]), np.array([HANDED_ON])).tolist() == [at(-30, 0)]


def test_the_next_wearer_has_an_open_strap_of_his_own_and_a_battery_whose_pace_is_not_known():
    told = Timeline.of(assignments=(ENDED, NEXT), alarms=alarm_policies())
    for minute in range(12):
        told.report(HANDED_ON - HOUR + minute * 5 * MINUTE, HOME, alarm=Alarm.REMOVAL, battery=60 - 4 * minute)
    told.report(HANDED_ON + MINUTE, HOME, alarm=Alarm.REMOVAL, battery=14)
    events = {(event["kind"], event["person"]): event for event in raised(told.run())}
    assert events.keys() == {("strap_cut", "P0001"), ("strap_cut", "P0002"), ("battery_low", "P0002")}
    assert "lasts_until" not in events["battery_low", "P0002"]["facts"]
    assert levels_of(told.state, told.policy, 0, HANDED_ON + MINUTE)["full"] == 14


def test_a_state_that_did_not_remember_when_a_bracelet_is_given_finds_out():
    told = worn(ENDED, NEXT)
    told.run()
    told.state = restore(snapshot_of(told.state))
    told.state.device["given"][:] = np.nan
    told.tick(HANDED_ON)
    assert brief(told.run()) == [("raised", "comms_lost"), ("cleared", "comms_lost")]
