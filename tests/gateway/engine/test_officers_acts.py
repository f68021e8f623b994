"""What officers do about an alarm: whose it is, whom they tried, what was agreed; and what cannot be done."""

from __future__ import annotations

import pytest
from timeline import HOME, MINUTE, Timeline, at, brief, raised

from firmware_sim.firmware.messages import Alarm
from gateway.engine.acts import ACTS, CODES, FARTHEST, MOST_LINES
from gateway.journal.controls import CAUSES, DOINGS, OF_CLOSED
from gateway.settings.alarm_policy import Duty
from gateway.settings.model import Role, Staff
from gateway.words import act_phrases
from gateway.words.act_phrases import EXPECTS, LINES, REFUSALS, RESULTS, VERIFIED, WHOM, refusal

NOON = at(0, 13)
STAFF = {"D01": Staff("D01", "d01", frozenset({Role.DUTY})), "S01": Staff("S01", "", frozenset(), "SFS-02")}
DUTY = (Duty("night", ("D09",)),)


def cut(**changes: object) -> tuple[Timeline, str]:
    """An alarm of a strap at noon, and its identity."""
    told = Timeline.of(**({"staff": STAFF, "duty": DUTY} | changes))
    told.report(NOON, HOME, alarm=Alarm.REMOVAL)
    (alarm,) = raised(told.run())
    return told, alarm["alarm"]


def test_the_first_to_acknowledge_has_it_until_somebody_takes_it_over():
    told, alarm = cut()
    for minute, (do, by) in enumerate(
        [("acknowledge", "D01"), ("acknowledge", "D02"), ("take_over", "D02"), ("acknowledge", "D01")]
    ):
        told.act(NOON + minute * MINUTE, do, alarm, by=by)
    events = [event["data"] for event in told.run()]
    assert [data["owner"] for data in events] == ["D01", "D01", "D02", "D02"]
    assert {(data["acknowledged"], data["acknowledged_by"]) for data in events} == {(events[0]["acknowledged"], "D01")}


def test_who_takes_over_what_nobody_had_has_acknowledged_it():
    told, alarm = cut()
    told.act(NOON + 60.0, "take_over", alarm, by="D01")
    (event,) = told.run()
    assert (event["data"]["owner"], event["data"]["acknowledged_by"]) == ("D01", "D01")
    assert event["type"] == "bracelet.alarm.updated"


def test_every_act_leaves_its_line_with_what_belongs_to_it():
    told, alarm = cut()
    told.act(NOON + 1, "attempt", alarm, whom="wearer", result="reached", note="says 20 minutes", outcome="false")
    told.act(NOON + 2, "follow_up", alarm, at=NOON + 3600.0, expects="home")
    told.act(NOON + 3, "assign", alarm, to="S01")
    told.act(NOON + 4, "arrived", alarm)
    told.act(NOON + 5, "close", alarm, outcome="confirmed", verified_by="visit", note="cut")
    data = told.run()[-1]["data"]
    known = {"at", "by", "revision"}
    assert [{key: each for key, each in one.items() if key not in known} for one in data["acts"]] == [
        {"do": "attempt", "whom": "wearer", "result": "reached", "note": "says 20 minutes"},
        {"do": "follow_up", "due": "2026-11-02T06:00:00Z", "expects": "home"},
        {"do": "assign", "to": "S01"},
        {"do": "arrived"},
        {"do": "close", "outcome": "confirmed", "verified_by": "visit", "note": "cut"},
    ]  # fmt: skip
    assert [one["revision"] for one in data["acts"]] == [2, 3, 4, 5, 6]
    assert (data["assigned"], data["verified_by"], data["outcome"]) == ("S01", "visit", "confirmed")
    assert [note["text"] for note in data["notes"]] == ["says 20 minutes", "cut"]


REFUSED = [
    ({"do": "attempt", "result": "reached"}, "whom_missing"),
    ({"do": "attempt", "whom": "neighbour", "result": "reached"}, "whom_missing neighbour"),
    ({"do": "attempt", "whom": "wearer"}, "result_missing"),
    ({"do": "follow_up", "expects": "home"}, "due_past"),
    ({"do": "follow_up", "expects": "home", "at": NOON + MINUTE}, "due_past"),
    ({"do": "follow_up", "expects": "home", "at": -1e300}, "due_past"),
    ({"do": "follow_up", "expects": "home", "at": 1e300}, "due_far"),
    ({"do": "follow_up", "expects": "home", "at": NOON + MINUTE + FARTHEST + 1}, "due_far"),
    ({"do": "follow_up", "at": NOON + 3600.0}, "expects_missing"),
    ({"do": "follow_up", "at": NOON + 3600.0, "expects": "good"}, "expects_missing good"),
    ({"do": "assign"}, "to_unknown"),
    ({"do": "assign", "to": "D77"}, "to_unknown D77"),
    ({"do": "close", "outcome": "confirmed", "note": "x"}, "verified_by_missing"),
    ({"do": "close", "outcome": "confirmed", "note": "x", "verified_by": "track"}, "verified_by_missing track"),
    ({"do": "close", "outcome": "false", "note": "x", "verified_by": "track"}, "verified_by_missing track"),
    ({"do": "arrived", "note": "x" * 4001}, "note_long 4001"),
]


@pytest.mark.parametrize(("act", "why"), REFUSED, ids=range(len(REFUSED)))
def test_what_cannot_be_done_is_refused_and_changes_nothing(act, why):
    told, alarm = cut()
    before = str(told.state.episodes[alarm])
    told.act(NOON + MINUTE, alarm=alarm, name="a1", **act)
    assert told.run() == []
    assert told.acts["a1"].strip() == why
    assert str(told.state.episodes[alarm]) == before
    said = refusal(told.acts["a1"])
    assert said.zh
    assert said.en
    assert "{" not in said.zh + said.en


def test_an_alarm_takes_so_many_acts_and_its_close():
    told, alarm = cut()
    for number in range(MOST_LINES + 1):
        told.act(NOON + number, "note", alarm, f"n{number}", note="again")
    assert len(told.run()) == MOST_LINES
    assert told.acts[f"n{MOST_LINES}"] == f"acts_many {MOST_LINES}"
    told.close(alarm, NOON + 2 * MOST_LINES)
    assert brief(told.run()) == [("closed", "strap_cut")]


def test_what_was_refused_is_refused_when_it_is_said_again_and_what_was_done_is_repeated():
    told, alarm = cut()
    for name, act in (("a1", {"do": "note"}), ("a2", {"do": "note", "note": "x"})):
        results = []
        for minute in (1, 2):
            told.act(NOON + minute * MINUTE, alarm=alarm, name=name, **act)
            told.run()
            results.append(told.acts[name])
        assert results == (["note_missing", "note_missing"] if name == "a1" else ["done", "repeated"])


@pytest.mark.parametrize("to", ["D01", "S01", "D09", "SFS-01", "SFS-02"])
def test_an_alarm_goes_to_staff_to_the_roster_or_to_an_office(to):
    told, alarm = cut()
    told.act(NOON + 1, "assign", alarm, to=to)
    assert told.run()[0]["data"]["assigned"] == to


@pytest.mark.parametrize("do", [do for do in DOINGS if do not in OF_CLOSED])
def test_nothing_is_done_about_a_closed_alarm(do):
    told, alarm = cut()
    told.close(alarm, NOON + 1)
    told.run()
    told.act(NOON + 2, do, alarm, "a1", whom="wearer", result="reached", at=NOON + 60, expects="home", to="D01",
             outcome="false", note="x")  # fmt: skip
    assert told.run() == []
    assert told.acts["a1"] == f"alarm_gone {alarm}"


def test_every_word_of_an_act_has_its_text():
    assert set(LINES) == set(ACTS) == set(DOINGS)
    assert CODES["attempt"] == {"whom": tuple(WHOM), "result": tuple(RESULTS)}
    assert CODES["follow_up"] == {"expects": tuple(EXPECTS)}
    assert CODES["close"]["verified_by"] == ("", *VERIFIED)
    assert CODES["cause"] == {"cause": tuple(act_phrases.CAUSES)} == {"cause": CAUSES}
    words = {why.split()[0] for _, why in REFUSED} | {
        "alarm_gone",
        "alarm_past",
        "disputed_leader",
        "cause_missing",
        "cause_leader",
        "cause_outcome",
        "alarm_open",
        "act_unknown",
        "outcome_missing",
    }
    assert words | {"note_missing", "not_processed", "acts_many"} == set(REFUSALS)


def test_an_update_by_an_act_is_told_apart_from_one_by_data():
    told, alarm = cut()
    told.act(NOON + 1, "attempt", alarm, whom="family", result="no_answer")
    told.act(NOON + 1, "note", alarm, name="n1", note="asked the neighbour")
    (tried, noted) = told.run()
    assert brief([tried, noted]) == [("updated", "strap_cut")] * 2
    assert "联系家属：未接" in tried["data"]["text"]["zh"]
    assert "tried the family: no answer" in tried["data"]["text"]["en"]
    assert "备注（officer 7）：asked the neighbour" in noted["data"]["text"]["zh"]
    assert "联系家属" not in noted["data"]["text"]["zh"]
