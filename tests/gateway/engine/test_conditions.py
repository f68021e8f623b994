"""What the device says of itself: latched straps, SOS, battery with hysteresis, repeated and late reports."""

from __future__ import annotations

from dataclasses import replace

import pytest
from timeline import (
    FOREVER,
    HOME,
    QUIET,
    Timeline,
    at,
    authority,
    brief,
    clock,
    county,
    of_wearers,
    person,
    raised,
    record,
)

from firmware_sim.firmware.messages import Alarm
from gateway.engine.conditions import FLAG_KINDS
from gateway.engine.state import FLAGS
from gateway.settings.model import Assignment

CUT = Alarm.REMOVAL
HANDED_ON = (
    Assignment("B0001", "P0001", at(-30, 0), at(0, 13)),
    Assignment("B0001", "P0002", at(0, 13), FOREVER),
)


def story(*said: tuple[float, Alarm]) -> Timeline:
    """Reports at local hours of day 0 with what the bracelet says in each."""
    told = Timeline.of()
    for hour, alarm in said:
        told.report(at(0, hour), alarm=alarm)
    return told


def test_a_cut_strap_is_raised_at_once_with_place_and_battery():
    (event,) = story((13.0, QUIET), (13.1, CUT)).run()
    alarm = event["data"]
    assert (alarm["kind"], alarm["severity"], alarm["latched"]) == ("strap_cut", "critical", True)
    assert clock(alarm["onset"]) == at(0, 13.1)
    assert alarm["position"]["coordinates"] == pytest.approx([109.41, 24.33], abs=1e-4)
    assert alarm["facts"]["battery_percent"] == 80
    assert (clock(alarm["facts"]["placed"]), alarm["facts"]["home_m"]) == (at(0, 13.1), -80)
    assert "最后位置：家中或家附近" in alarm["text"]["zh"]


def test_a_strap_that_says_healed_ends_nothing():
    told = story((13.0, CUT), (13.1, QUIET), (13.2, QUIET))
    assert brief(told.run()) == [("raised", "strap_cut")]
    (episode,) = told.state.episodes.values()
    assert episode.is_ongoing


def test_a_strap_cut_again_while_its_alarm_stands_is_the_same_alarm():
    assert brief(story((13.0, CUT), (13.1, QUIET), (13.2, CUT)).run()) == [("raised", "strap_cut")]


def test_a_person_closes_it_with_a_note():
    told = story((13.0, CUT))
    (alarm,) = raised(told.run())
    told.close(alarm["alarm"], at(0, 14), "technical", "clasp replaced")
    (event,) = told.run()
    assert event["type"] == "bracelet.alarm.closed"
    assert event["data"]["outcome"] == "technical"
    assert event["data"]["notes"] == [{"at": "2026-11-02T06:00:00Z", "by": "officer 7", "text": "clasp replaced"}]
    assert told.state.episodes == {}


def test_a_strap_still_open_after_the_close_is_raised_again_only_when_cut_again():
    told = story((13.0, CUT))
    (alarm,) = raised(told.run())
    told.close(alarm["alarm"], at(0, 14))
    for hour in (14.1, 14.2):
        told.report(at(0, hour), alarm=CUT)
    assert brief(told.run()) == [("closed", "strap_cut")]
    told.report(at(0, 14.3))
    assert told.run() == []
    told.report(at(0, 14.4), alarm=CUT)
    (again,) = raised(told.run())
    assert again["alarm"] != alarm["alarm"]


def test_nothing_latched_comes_of_one_damaged_frame():
    told = Timeline.of()
    told.report(at(0, 13))
    told.damaged(at(0, 13.1), CUT | Alarm.SOS)
    told.report(at(0, 13.2))
    assert told.run() == []
    assert told.state.counts["flag_of_damaged_frame"] == 1


def test_what_two_damaged_frames_say_running_is_believed():
    told = Timeline.of()
    told.damaged(at(0, 13), CUT)
    told.damaged(at(0, 13.1), CUT | Alarm.SOS)
    assert brief(told.run()) == [("raised", "strap_cut")]


def test_a_sound_frame_raises_what_a_damaged_one_said_before():
    told = Timeline.of()
    told.damaged(at(0, 13), CUT)
    told.report(at(0, 13.1), alarm=CUT)
    (alarm,) = raised(told.run())
    assert clock(alarm["onset"]) == at(0, 13.1)


def test_a_damaged_frame_does_not_end_what_stands():
    told = Timeline.of()
    told.report(at(0, 13), alarm=CUT)
    told.damaged(at(0, 13.1), QUIET)
    told.report(at(0, 13.2), alarm=CUT)
    assert brief(told.run()) == [("raised", "strap_cut")]


def test_sos_is_an_edge():
    told = story((13.0, QUIET), (13.1, Alarm.SOS), (13.2, Alarm.SOS), (13.3, QUIET))
    assert brief(told.run()) == [("raised", "sos")]


def test_a_second_call_for_help_is_told_though_it_is_the_same_alarm():
    told = story((13.0, Alarm.SOS), (13.1, QUIET), (13.2, Alarm.SOS))
    events = told.run()
    assert brief(events) == [("raised", "sos"), ("updated", "sos")]
    assert events[1]["data"]["facts"]["times"] == 2
    assert events[1]["data"]["facts"]["again"] == "2026-11-02T05:12:00Z"
    assert "2 times in all" in events[1]["data"]["text"]["en"]
    assert events[0]["data"]["alarm"] == events[1]["data"]["alarm"]


def test_two_conditions_in_one_report_are_two_alarms():
    assert sorted(brief(story((13.0, CUT | Alarm.SOS)).run())) == [("raised", "sos"), ("raised", "strap_cut")]


def test_an_unlocated_report_raises_without_a_place():
    told = Timeline.of()
    told.report(at(0, 13), None, alarm=CUT)
    (alarm,) = raised(told.run())
    assert alarm["position"] is None


def test_battery_low_is_cleared_with_hysteresis():
    told = Timeline.of()
    for minute, percent in enumerate((16, 15, 14, 16, 24, 15, 24, 25, 24, 16)):
        told.report(at(0, 13) + 60.0 * minute, battery=percent)
    events = told.run()
    assert brief(events) == [("raised", "battery_low"), ("cleared", "battery_low")]
    assert clock(events[0]["data"]["onset"]) == at(0, 13) + 60.0
    assert events[0]["data"]["facts"] == {"battery_percent": 15}
    assert clock(events[1]["data"]["ended"]) == at(0, 13) + 7 * 60.0


def test_the_devices_own_word_counts_even_at_a_good_percentage():
    told = Timeline.of()
    told.report(at(0, 13), battery=60, alarm=Alarm.BATTERY_LOW)
    told.report(at(0, 13.1), battery=60)
    assert brief(told.run()) == [("raised", "battery_low"), ("cleared", "battery_low")]


def test_the_same_report_in_another_frame_raises_nothing_twice():
    told = Timeline.of()
    told.report(at(0, 13), alarm=CUT)
    (alarm,) = raised(told.run())
    told.close(alarm["alarm"], at(0, 13.1))
    told.report(at(0, 13.2))
    told.report(at(0, 13), alarm=CUT, received=at(0, 13.3))
    told.stored(at(0, 13.4), [record(at(0, 13), HOME, alarm=CUT)])
    assert brief(told.run()) == [("closed", "strap_cut")]
    assert told.counts["report_repeated"] == 2


def test_the_same_frame_again_raises_nothing_twice():
    told = Timeline.of()
    told.report(at(0, 13), alarm=CUT)
    told.waiting.add(told.waiting.kinds[-1], at(0, 13.1), told.waiting.origins[-1], told.waiting.payloads[-1])
    assert brief(told.run()) == [("raised", "strap_cut")]


def test_a_late_report_of_an_earlier_strap_event_raises_once_in_retrospect():
    told = story((13.0, QUIET), (15.0, QUIET))
    told.stored(at(0, 15.1), [record(at(0, 14), HOME, alarm=CUT), record(at(0, 14.1), HOME)])
    told.stored(at(0, 15.2), [record(at(0, 14.02), HOME, alarm=CUT)])
    (event,) = told.run()
    assert brief([event]) == [("raised", "strap_cut")]
    assert event["data"]["retrospective"] is True
    assert clock(event["data"]["onset"]) == at(0, 14)


def test_a_late_report_of_an_event_already_told_raises_nothing():
    told = story((14.0, CUT), (15.0, CUT))
    told.stored(at(0, 15.1), [record(at(0, 13.95), HOME, alarm=CUT)])
    assert brief(told.run()) == [("raised", "strap_cut")]


@pytest.mark.parametrize("late", [13.05, 13.45, 13.6])
def test_a_late_report_of_an_event_that_was_closed_raises_nothing(late):
    told = story((13.0, CUT), (13.5, CUT), (13.7, QUIET))
    (alarm,) = raised(told.run())
    told.close(alarm["alarm"], at(0, 14))
    told.report(at(0, 14.1))
    told.stored(at(0, 14.2), [record(at(0, late), HOME, alarm=CUT)])
    assert brief(told.run()) == [("closed", "strap_cut")]


def test_a_late_report_of_another_event_than_the_closed_one_is_raised():
    told = story((13.0, CUT), (13.1, QUIET))
    (alarm,) = raised(told.run())
    told.close(alarm["alarm"], at(0, 14))
    told.report(at(0, 16))
    told.stored(at(0, 16.1), [record(at(0, 15), HOME, alarm=CUT)])
    assert brief(told.run()) == [("closed", "strap_cut"), ("raised", "strap_cut")]


def test_there_is_a_seat_for_each_condition():
    assert len(FLAG_KINDS) == FLAGS


def test_a_late_report_does_not_change_what_the_device_says_now():
    told = story((14.0, QUIET))
    told.stored(at(0, 14.1), [record(at(0, 13), HOME, battery=10)])
    told.report(at(0, 14.2), battery=70)
    (low,) = raised(told.run())
    assert (low["kind"], low["retrospective"], clock(low["onset"])) == ("battery_low", True, at(0, 13))
    assert brief(told.events)[-1] == ("cleared", "battery_low")
    assert int(told.state.levels["battery"][0]) == 70


def test_without_authority_a_cut_strap_raises_nothing():
    told = Timeline.of(authorities=(authority("P0001", until=at(0, 13)),))
    told.report(at(0, 13.5), alarm=CUT)
    assert of_wearers(told.run()) == []
    assert told.counts["report_without_authority"] == 1


ACTS = [
    ({"do": "close", "outcome": "guilty", "note": "x"}, "outcome_missing guilty"),
    ({"do": "close", "outcome": "false", "note": ""}, "note_missing"),
    ({"do": "close", "outcome": "false", "note": " \t "}, "note_missing"),
    ({"do": "close", "outcome": "false", "note": "x" * 4001}, "note_long 4001"),
    ({"do": "note"}, "note_missing"),
    ({"do": "burn", "note": "x"}, "act_unknown burn"),
]


@pytest.mark.parametrize(("act", "refusal"), ACTS, ids=range(len(ACTS)))
def test_an_act_that_cannot_be_done_is_refused_in_words_and_changes_nothing(act, refusal):
    told = story((13.0, CUT))
    (alarm,) = raised(told.run())
    told.act(at(0, 14), alarm=alarm["alarm"], name="a1", **act)
    assert told.run() == []
    assert told.acts["a1"] == refusal
    assert told.counts["act_refused"] == 1
    assert told.state.episodes[alarm["alarm"]].is_ongoing
    assert told.state.episodes[alarm["alarm"]].notes == []


def test_an_act_on_an_unknown_alarm_is_refused():
    told = Timeline.of()
    told.act(at(0, 13), "acknowledge", "no such alarm", "a1")
    assert told.run() == []
    assert told.acts["a1"] == "alarm_gone no such alarm"


def test_a_repeated_act_is_done_once():
    told = story((13.0, CUT))
    (alarm,) = raised(told.run())
    for hour in (14, 15):
        told.act(at(0, hour), "acknowledge", alarm["alarm"], "a1", note="calling")
    (event,) = told.run()
    assert told.acts == {"a1": "repeated"}
    assert event["type"] == "bracelet.alarm.acknowledged"
    assert (event["data"]["acknowledged"], event["data"]["acknowledged_by"]) == ("2026-11-02T06:00:00Z", "officer 7")
    assert len(event["data"]["notes"]) == 1


def test_a_note_is_an_update_and_the_first_acknowledgement_stays():
    told = story((13.0, CUT))
    (alarm,) = raised(told.run())
    told.act(at(0, 14), "acknowledge", alarm["alarm"])
    told.act(at(0, 15), "note", alarm["alarm"], note="nobody at home")
    told.act(at(0, 16), "acknowledge", alarm["alarm"])
    events = told.run()
    assert [change for change, _ in brief(events)] == ["acknowledged", "updated", "acknowledged"]
    assert [event["data"]["revision"] for event in events] == [2, 3, 4]
    assert events[-1]["data"]["acknowledged"] == "2026-11-02T06:00:00Z"


LOW = Alarm.BATTERY_LOW
"""Bit 15 of a g10ls: taken back as soon as it has been answered."""


def test_a_low_battery_bit_that_the_answer_clears_ends_nothing_by_its_absence():
    told = Timeline.of()
    for minute, (battery, alarm) in enumerate(((255, LOW), (255, LOW), (255, QUIET), (255, QUIET), (80, QUIET))):
        told.report(at(0, 13) + 60.0 * minute, battery=battery, alarm=alarm)
    events = told.run()
    assert brief(events) == [("raised", "battery_low"), ("cleared", "battery_low")]
    assert clock(events[1]["data"]["ended"]) == at(0, 13) + 4 * 60.0


def test_a_low_battery_that_a_person_closed_is_raised_by_the_bit_again():
    told = Timeline.of()
    told.report(at(0, 13), battery=255, alarm=LOW)
    (alarm,) = raised(told.run())
    told.close(alarm["alarm"], at(0, 13.2))
    told.report(at(0, 13.5), battery=255)
    told.report(at(0, 14), battery=255, alarm=LOW)
    assert raised(told.run(), "battery_low")


def test_a_heartbeat_with_a_battery_tells_of_the_battery_alone():
    told = Timeline.of()
    told.profile = "bsj"
    told.report(at(0, 13), battery=255, alarm=Alarm.SOS)
    told.frame(0x0002, bytes.fromhex("0a1f00"), at(0, 13.1))
    told.report(at(0, 13) + 420.0, battery=255, alarm=Alarm.SOS)
    events = told.run()
    assert brief(events) == [("raised", "sos"), ("raised", "battery_low")]
    assert events[1]["data"]["facts"] == {"battery_percent": 10}
    assert told.counts.get("clock_fault", 0) == 0
    assert told.counts.get("report_late", 0) == 0


def test_a_strap_open_in_the_drawer_and_still_open_when_worn_is_raised():
    told = Timeline.of(assignments=(Assignment("B0001", "P0001", at(0, 13), FOREVER),))
    for hour in (12.1, 12.6, 13.1, 13.2):
        told.report(at(0, hour), alarm=CUT)
    (alarm,) = raised(told.run())
    assert clock(alarm["onset"]) == at(0, 13.1)


def test_a_strap_still_open_when_handed_on_is_raised_of_the_next_wearer():
    told = Timeline.of(assignments=HANDED_ON)
    for hour in (12.1, 12.6, 13.1, 13.2):
        told.report(at(0, hour), alarm=CUT)
    assert [(alarm["person"], clock(alarm["onset"])) for alarm in raised(told.run())] == [
        ("P0001", at(0, 12.1)), ("P0002", at(0, 13.1)),
    ]  # fmt: skip


def test_and_of_the_same_wearer_fitted_again():
    again = Assignment("B0001", "P0001", at(0, 14), FOREVER)
    told = Timeline.of(assignments=(HANDED_ON[0], again))
    for hour in (12.1, 12.6, 13.1, 14.1, 14.2):
        told.report(at(0, hour), alarm=CUT)
        for alarm in raised(told.run()):
            told.close(alarm["alarm"], at(0, hour) + 60.0)
    assert [clock(alarm["onset"]) for alarm in raised(told.events)] == [at(0, 12.1), at(0, 14.1)]


def test_a_battery_low_at_the_hand_over_is_said_of_the_next_wearer():
    told = Timeline.of(assignments=HANDED_ON)
    for hour in (12.1, 12.6, 13.1, 13.2):
        told.report(at(0, hour), battery=10)
    assert [alarm["person"] for alarm in raised(told.run())] == ["P0001", "P0002"]


def test_an_edge_while_nobody_may_look_is_no_edge_afterwards_unless_it_still_stands():
    renewed = (authority("P0001", at(-30, 0), at(0, 13)), authority("P0001", at(0, 14), at(9, 0)))
    told = Timeline.of(authorities=renewed)
    for hour, alarm in ((12.1, CUT), (13.2, QUIET), (14.1, CUT)):
        told.report(at(0, hour), alarm=alarm)
        for said in raised(of_wearers(told.run())):
            told.close(said["alarm"], at(0, hour) + 60.0)
    assert [clock(alarm["onset"]) for alarm in raised(of_wearers(told.events))] == [at(0, 12.1), at(0, 14.1)]


@pytest.mark.parametrize("between", ["a sound frame", "a damaged one"])
def test_what_damaged_frames_say_is_believed_only_where_nothing_else_was_said_between(between):
    told = Timeline.of()
    told.damaged(at(0, 13), CUT)
    if between == "a sound frame":
        told.report(at(0, 13.1))
    else:
        told.damaged(at(0, 13.1), QUIET)
    told.damaged(at(0, 13.2), CUT)
    assert told.run() == []
    assert told.counts["flag_of_damaged_frame"] == 2


@pytest.mark.parametrize("number", [1, 100, 128])
def test_a_bracelet_that_sends_its_memory_again_is_recognised_by_the_last_hundred_reports(number):
    """Twelve a frame; whoever lost the answers to a night of reports says all of them once more."""
    told = Timeline.of()
    night = [record(at(0, 1) + 60.0 * minute, HOME) for minute in range(number)]
    for hour in (13.0, 13.1):
        told.stored(at(0, hour), night)
    assert told.run() == []
    assert told.counts["report_repeated"] == number
    assert told.counts.get("report_late", 0) == 0


def test_a_late_report_of_a_call_before_the_last_one_is_no_third_call():
    told = story((13.0, Alarm.SOS), (13.1, QUIET), (13.6, Alarm.SOS), (13.7, QUIET))
    assert brief(told.run()) == [("raised", "sos"), ("updated", "sos")]
    told.stored(at(0, 14), [record(at(0, 13.05), HOME, alarm=Alarm.SOS)])
    assert told.run() == []
    (episode,) = told.state.episodes.values()
    assert episode.facts["times"] == 2


def test_a_late_report_of_a_call_between_the_two_is_one():
    told = story((13.0, Alarm.SOS), (13.1, QUIET), (14.6, Alarm.SOS), (14.7, QUIET))
    told.run()
    told.close(next(iter(told.state.episodes)), at(0, 14.8))
    told.run()
    told.stored(at(0, 15), [record(at(0, 13.8), HOME, alarm=Alarm.SOS)])
    assert brief(told.run()) == [("raised", "sos")]


def test_a_heartbeat_between_two_reports_of_one_call_says_nothing_of_it():
    told = story((13.0, Alarm.SOS))
    told.heartbeat(at(0, 13.05))
    told.report(at(0, 13.1), alarm=Alarm.SOS)
    assert brief(told.run()) == [("raised", "sos")]


@pytest.mark.parametrize(
    ("care", "zh", "en"),
    [
        ((), "请立即回电", "Call back now"),
        (("H2", "female_officer"), "照护代码：H2、需女工作人员。请立即回电", "Care: H2, female officer. Call back now"),
    ],
)
def test_who_answers_a_call_for_help_is_told_the_wearers_care_codes(care, zh, en):
    told = Timeline.of(people={"P0001": replace(person("P0001", HOME), care=care)}, rules=(),
                       assignments=county().assignments[:1], authorities=(authority("P0001"),))  # fmt: skip
    told.report(at(0, 13), HOME, alarm=Alarm.SOS)
    (one,) = raised(told.run())
    assert one["facts"].get("care", "") == " ".join(care)
    assert zh in one["text"]["zh"]
    assert en in one["text"]["en"]
    assert ("照护" in one["text"]["zh"]) == bool(care)
