"""One cause for many who fall silent: one alarm to the operator, and nobody is forgotten."""

from __future__ import annotations

import copy
from dataclasses import replace
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import numpy as np
import pytest
from crowd import LIMIT, Crowd, crowded, dark, device, wearer
from effort import examples
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from met import must_meet
from timeline import AWAY, CAFE, HOME, HOUR, MINUTE, RULES, Timeline, alarm_policies, at, brief, clock, raised, record

from firmware_sim.firmware.messages import Alarm
from gateway.engine.image import Image
from gateway.engine.outage import next_due as left_silent
from gateway.engine.outage_told import LISTED, facts_of, list_one
from gateway.engine.policy import compile_policy
from gateway.engine.snapshot import Snapshot, restore, snapshot_of
from gateway.engine.step import step
from gateway.engine.takeover import adopt
from gateway.engine.timers import next_due
from gateway.engine.together import Faint, Outage
from gateway.engine.usual import LEAST
from gateway.journal.entries import EntryKind, Gathering

if TYPE_CHECKING:
    from gateway.engine.context import Context
    from gateway.engine.state import EngineState

COUNT = 30
DARK, LIGHT = at(1, 20), at(1, 23)
BEGUN_AND_OVER = [("raised", "mass_outage"), ("cleared", "mass_outage")]
GATHERED = range(1, 25)


@pytest.fixture(scope="module")
def day() -> EngineState:
    """What is known of a crowd after a day and eight hours in which nobody fell silent."""
    crowd = Crowd.of(COUNT)
    crowd.hear(at(0, 12), DARK)
    assert crowd.go() == []
    return crowd.told.state


@pytest.fixture
def crowd(day) -> Crowd:
    told = Timeline(compile_policy(Crowd.of(COUNT).told.policy.configuration))
    told.state = copy.deepcopy(day)
    return Crowd(COUNT, told)


def told_of(events: list[dict], *changes: str) -> list[tuple[str, str]]:
    """What was said, but for growth."""
    return [one for one in brief(events) if one[0] != "updated" or "updated" in changes]


def test_who_fall_silent_together_are_one_alarm_and_its_end_is_told_once(crowd):
    crowd.hear(DARK, LIGHT + HOUR, dark(GATHERED, DARK, LIGHT))
    events = crowd.go()
    assert told_of(events) == BEGUN_AND_OVER
    begun, over = events[0]["data"], events[-1]["data"]
    assert (begun["person"], begun["device"], begun["severity"]) == (None, "", "critical")
    assert DARK - 5 * MINUTE <= clock(begun["onset"]) < DARK
    assert clock(begun["decided"]) < DARK + 10 * MINUTE
    assert LIGHT <= clock(over["ended"]) < LIGHT + 5 * MINUTE
    assert over["facts"]["silent"] == len(GATHERED)
    assert crowd.told.counts["silence_of_outage"] == len(GATHERED)
    assert crowd.told.state.outage is None
    assert not crowd.told.state.held


def test_growth_is_told_as_it_doubles_and_ten_minutes_later_and_the_text_says_how_many_and_who(crowd):
    crowd.hear(DARK, DARK + HOUR, dark(GATHERED, DARK, LIGHT))
    begun, doubled, grown = (event["data"] for event in crowd.go())
    assert (doubled["revision"], grown["revision"]) == (2, 3)
    assert doubled["facts"]["silent"] == 2 * begun["facts"]["silent"] == 22
    assert grown["facts"]["silent"] == len(GATHERED) == len(grown["facts"]["people"].split())
    assert [one["facts"]["silent"] for one in (begun, doubled, grown)] == [11, 22, 24]
    assert "24 silent at once since 19:56 (usually 0 at most): P0001 to P0024, mostly office S0" in grown["text"]["en"]
    assert "24台同时失联（平时至多0台）：P0001至P0024，多在S0。" in grown["text"]["zh"]
    assert "不是个人行为；不逐条报警。其间异常：无。" in grown["text"]["zh"]
    assert begun["text"]["zh"].startswith("【紧急·值班员】19:56起")


def test_of_many_the_first_hundred_are_listed_and_all_are_counted():
    outage, context = (
        Outage("a"),
        cast("Context", SimpleNamespace(policy=compile_policy(Crowd.of(120).told.policy.configuration))),
    )
    for n in range(1, 121):
        list_one(context, outage, device(n), Faint(DARK, DARK, ("all",)))
        outage.total += 1
    facts = facts_of(outage)
    assert facts["silent"] == 120
    assert len(str(facts["people"]).split()) == LISTED


def test_who_stays_silent_after_its_end_is_missed_once_the_limit_has_passed(crowd):
    lost = dark(GATHERED, DARK, LIGHT) | dark([7], DARK, LIGHT + 9 * HOUR)
    crowd.hear(DARK, LIGHT + 2 * HOUR, lost)
    events = crowd.go()
    assert told_of(events) == [*BEGUN_AND_OVER, ("raised", "comms_lost")]
    ended, missed = (events[-2]["data"], events[-1]["data"])
    assert missed["person"] == wearer(7)
    assert clock(missed["decided"]) == clock(ended["ended"]) + LIMIT
    assert clock(missed["onset"]) < DARK


def test_who_is_missed_after_the_end_comes_back_as_anybody_does(crowd):
    lost = dark(GATHERED, DARK, LIGHT) | dark([7], DARK, LIGHT + 2 * HOUR)
    crowd.hear(DARK, LIGHT + 3 * HOUR, lost)
    assert told_of(crowd.go()) == [*BEGUN_AND_OVER, ("raised", "comms_lost"), ("cleared", "comms_lost")]


def test_who_is_odd_is_told_singly_and_named(crowd):
    crowd.hear(DARK - 5 * MINUTE, DARK, records={7: record(DARK - 300 + 300 * 7 / 31, HOME, battery=9)})
    crowd.hear(DARK, LIGHT + HOUR, dark(GATHERED, DARK, LIGHT))
    events = crowd.go()
    assert [one["person"] for one in raised(events, "comms_lost")] == [wearer(7)]
    outage = [event["data"] for event in events if event["data"]["kind"] == "mass_outage"]
    assert outage[-1]["facts"]["odd"] == f"{wearer(7)}:battery"
    assert f"其间异常：{wearer(7)}（失联前电量低）。" in outage[0]["text"]["zh"]
    assert f"Odd ones among them: {wearer(7)} (battery low before)." in outage[0]["text"]["en"]


def before(kind: str, time: float) -> bytes:
    """What P0007 reports in the last quarter of an hour."""
    if kind == "strap":
        return record(time, HOME, alarm=Alarm.REMOVAL)
    if kind == "barred":
        return record(time, CAFE if time < DARK - 2 * MINUTE else AWAY)
    return record(time, (20.0 * (time - DARK + 15 * MINUTE), 0.0), speed_kmh=72.0)


OWN = {"strap": {"strap_cut"}, "barred": {"exclusion_enter"}, "moving": set()}
"""What else is raised of somebody who is odd."""


@pytest.mark.parametrize("kind", OWN)
def test_what_happened_shortly_before_is_odd(kind):
    cafes = replace(RULES["cafes"], people=(wearer(7),))
    crowd = Crowd.of(COUNT, rules=(cafes,))
    crowd.hear(at(0, 12), DARK - 15 * MINUTE)
    for time in np.arange(DARK - 15 * MINUTE, DARK, 20.0).tolist():
        crowd.say(time, 7, before(kind, time))
    crowd.hear(DARK - 15 * MINUTE, LIGHT, dark(GATHERED, DARK, LIGHT) | {7: (0.0, LIGHT)})
    crowd.told.waiting = in_order(crowd.told.waiting)
    events = crowd.go()
    singly = {} if kind == "moving" else {"comms_lost": [wearer(7)]}
    assert {one["kind"] for one in raised(events)} == {"mass_outage", *singly, *OWN[kind]}
    assert [one["person"] for one in raised(events, "comms_lost")] == singly.get("comms_lost", [])
    last = [event["data"] for event in events if event["data"]["kind"] == "mass_outage"][-1]
    assert last["facts"]["odd"] == f"{wearer(7)}:{kind}"


def in_order(gathering: Gathering) -> Gathering:
    """The same entries by receive time."""
    batch, sorted_ = gathering.batch(), Gathering()
    for index in np.argsort(batch.received, kind="stable").tolist():
        kind, received = EntryKind(int(batch.kind[index])), float(batch.received[index])
        sorted_.add(kind, received, batch.origin_of(index), batch.bytes_of(index))
    return sorted_


@pytest.mark.parametrize("holds", [True, False])
def test_what_another_engine_said_of_an_outage_holds_and_nobody_is_forgotten(crowd, holds):
    crowd.hear(DARK, DARK + 30 * MINUTE, dark(GATHERED, DARK, LIGHT))
    alarm = crowd.go()[0]["data"]["alarm"]
    state, policy = crowd.told.state, crowd.told.policy
    said = [state.episodes[alarm]] if holds else []
    assert adopt(state, policy, said) == (0 if holds else 1)
    assert (state.outage is not None) == holds
    crowd.hear(DARK + 30 * MINUTE, DARK + HOUR, dark(GATHERED, DARK, LIGHT))
    assert len(raised(crowd.go(), "comms_lost")) == (0 if holds else len(GATHERED))


def test_who_falls_silent_elsewhere_is_told_singly():
    crowd = Crowd.of(60, offices=2)
    crowd.hear(at(0, 12), DARK)
    assert crowd.go() == []
    crowd.hear(DARK, LIGHT, dark(range(2, 61, 2), DARK, LIGHT) | dark([11], DARK + HOUR, LIGHT))
    events = crowd.go()
    assert [one["person"] for one in raised(events)] == [None, wearer(11)]
    assert raised(events)[0]["facts"]["where"] == "office:S0"


def test_another_office_that_goes_dark_meanwhile_widens_it():
    crowd = Crowd.of(60, offices=2)
    crowd.hear(at(0, 12), DARK)
    crowd.go()
    first = dark(range(2, 61, 2), DARK, LIGHT) | dark([8], DARK, LIGHT + 9 * HOUR)
    crowd.hear(DARK, LIGHT + 2 * HOUR, first | dark(range(1, 61, 2), DARK + HOUR, LIGHT + HOUR))
    events = crowd.go()
    assert told_of(events) == [BEGUN_AND_OVER[0], ("raised", "comms_lost"), BEGUN_AND_OVER[1]]
    (missed,) = raised(events, "comms_lost")
    assert missed["person"] == wearer(8)
    assert LIGHT + LIMIT < clock(missed["decided"]) < LIGHT + LIMIT + 5 * MINUTE
    assert events[-1]["data"]["facts"]["where"] == "office:S0 office:S1"
    assert events[-1]["data"]["facts"]["silent"] == 60


@pytest.mark.parametrize("down", [MINUTE, 2 * HOUR])
def test_a_restart_in_the_midst_begins_no_second_one_and_forgets_nobody(crowd, down):
    away = dark(GATHERED, DARK, LIGHT + down) | dark([7], DARK, LIGHT + 9 * HOUR)
    off = DARK + 30 * MINUTE
    crowd.hear(DARK, off, away)
    before = crowd.go()
    crowd.told.state = restore(snapshot_of(crowd.told.state))
    crowd.told.state.history = copy.deepcopy(crowd.told.state.history)
    crowd.told.start(off + down)
    crowd.hear(off + down, LIGHT + down + HOUR, away)
    events = before + crowd.go()
    assert told_of(events) == [*BEGUN_AND_OVER, ("raised", "comms_lost")]
    assert events[-1]["data"]["person"] == wearer(7)


def test_a_restart_while_somebody_is_waited_for_after_the_end_adds_that_time(crowd):
    away = dark(GATHERED, DARK, LIGHT) | dark([7], DARK, LIGHT + 9 * HOUR)
    crowd.hear(DARK, LIGHT + 10 * MINUTE, away)
    (ended,) = [event["data"] for event in crowd.go() if event["type"].endswith("cleared")]
    crowd.told.start(LIGHT + HOUR)
    crowd.hear(LIGHT + HOUR, LIGHT + 2 * HOUR, away)
    (missed,) = raised(crowd.go())
    listened = LIGHT + 10 * MINUTE - clock(ended["ended"])
    assert clock(missed["decided"]) == pytest.approx(LIGHT + HOUR + LIMIT - listened, abs=60.0)


def test_data_that_come_late_say_what_was_meanwhile_and_nobody_is_missed(crowd):
    crowd.hear(DARK, LIGHT, dark(GATHERED, DARK, LIGHT))
    for n in GATHERED:
        for time in np.arange(DARK + n, LIGHT, 300.0).tolist():
            crowd.say(LIGHT + n, n, record(time, HOME))
    crowd.hear(LIGHT + MINUTE, LIGHT + HOUR)
    events = crowd.go()
    assert told_of(events) == BEGUN_AND_OVER
    assert clock(events[-1]["data"]["ended"]) == LIGHT + 12


def test_a_closed_outage_still_holds_back_until_it_is_over(crowd):
    crowd.hear(DARK, DARK + 15 * MINUTE, dark(GATHERED, DARK, LIGHT))
    alarm = crowd.go()[0]["data"]["alarm"]
    crowd.told.close(alarm, DARK + 15 * MINUTE, outcome="technical")
    crowd.hear(DARK + 15 * MINUTE, LIGHT + HOUR, dark(GATHERED, DARK, LIGHT))
    assert brief(crowd.go()) == [("closed", "mass_outage")]


def test_devices_that_a_configuration_takes_away_are_waited_for_by_nobody(crowd):
    crowd.hear(DARK, DARK + HOUR, dark(GATHERED, DARK, LIGHT))
    crowd.go()
    fewer = crowded(COUNT)
    kept = [device(n) for n in range(25, COUNT + 1)]
    fewer["devices"] = {key: one for key, one in fewer["devices"].items() if key in kept}
    fewer["assignments"] = tuple(one for one in fewer["assignments"] if one.device in kept)
    crowd.told.reconfigure(DARK + HOUR, digest="d2", **fewer)
    crowd.told.tick(DARK + HOUR + MINUTE)
    assert brief(crowd.told.run()) == [("cleared", "mass_outage")]
    assert crowd.told.state.faint == crowd.told.state.held == crowd.told.state.after == {}


def test_a_bracelet_off_with_leave_or_never_heard_is_no_part_of_it():
    crowd = Crowd.of(12)
    crowd.told.tick(at(0, 14))
    events = crowd.go()
    assert {one["kind"] for one in raised(events)} == {"comms_lost"}
    assert len(raised(events)) == 12
    assert not crowd.told.state.faint


def test_the_daemon_is_asked_again_when_somebody_falls_silent_and_when_he_is_told(crowd):
    state, policy = crowd.told.state, crowd.told.policy
    assert DARK < next_due(state, policy) < DARK + LIMIT
    crowd.hear(DARK, LIGHT + 10 * MINUTE, dark(GATHERED, DARK, LIGHT) | dark([7], DARK, LIGHT + 9 * HOUR))
    crowd.go()
    assert state.after[device(7)] == left_silent(state, policy) >= next_due(state, policy)


def cut(crowd: Crowd, size: int, *, saved: bool = False) -> list:
    """Outcomes of what waits, in pieces; ``saved``: each from the snapshots of the one before."""
    entries, policies = crowd.told.waiting.batch(), lambda _: crowd.told.policy
    state, said, image, whole = copy.deepcopy(crowd.told.state), [], Image(), None
    for first in range(0, len(entries), size):
        said += step(state, entries.slice(first, first + size), policies, first=state.offset).outcomes
        if saved:
            history = state.history
            list(image.follow(state))
            changed = image.changed() if whole is not None else None
            whole = (
                snapshot_of(state)
                if changed is None
                else Snapshot(whole.offset, whole.parts, (*whole.changes, changed))
            )
            state = restore(whole)
            state.history = history
    return said


def many(crowd: Crowd) -> Crowd:
    """An outage with a low battery, somebody who stays away, and one whom it does not concern."""
    crowd.hear(DARK - 5 * MINUTE, DARK, records={7: record(DARK - 300 + 300 * 7 / 31, HOME, battery=9)})
    away = dark(GATHERED, DARK, LIGHT) | dark([9], DARK, LIGHT + 2 * HOUR) | dark([28], DARK - HOUR, DARK + HOUR)
    crowd.hear(DARK, LIGHT + 3 * HOUR, away)
    return crowd


def plain(outcomes: list) -> list:
    return [(one.change, one.episode, one.order) for one in outcomes]


@pytest.mark.parametrize("size", [97, 500])
def test_cuts_change_nothing(crowd, size):
    many(crowd)
    whole = plain(cut(crowd, 10**9))
    assert {one.kind for _, one, _ in whole} >= {"mass_outage", "comms_lost"}
    assert plain(cut(crowd, size)) == whole


def test_snapshots_and_their_changes_change_nothing(crowd):
    many(crowd)
    assert plain(cut(crowd, 150, saved=True)) == plain(cut(crowd, 10**9))


@must_meet("silences", "several at once")
@settings(max_examples=examples(15), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    silences=st.dictionaries(
        st.integers(1, COUNT), st.tuples(st.floats(0.0, 3.0), st.floats(0.1, 1.5)), max_size=COUNT // 2
    ),
)
def test_silences_without_a_common_cause_raise_none(day, met, silences):
    told = Timeline(compile_policy(Crowd.of(COUNT).told.policy.configuration))
    told.state = copy.deepcopy(day)
    alone = Crowd(COUNT, told)
    away = {n: (DARK + start * HOUR, DARK + (start + hours) * HOUR) for n, (start, hours) in silences.items()}
    begun = [(since - DARK) // 300.0 for since, _ in away.values()]
    assume(all(begun.count(slot) + begun.count(slot + 1) + begun.count(slot + 2) < LEAST for slot in set(begun)))
    alone.hear(DARK, LIGHT + 2 * HOUR, away)
    events = alone.go()
    assert {kind for _, kind in brief(events)} <= {"comms_lost"}
    missed = {n for n, (since, until) in away.items() if until - since > LIMIT}
    assert {wearer(n) for n in missed} <= {one["person"] for one in raised(events)}
    met["silences"] += len(away)
    met["several at once"] += len(begun) > len(set(begun))


def test_nobody_is_gathered_where_nobody_is_watched_for_silence():
    usual = crowded(COUNT) | {"alarms": alarm_policies()}
    told = Timeline.of(at(0, 12), **usual)
    quiet = Crowd(COUNT, told)
    quiet.hear(at(0, 12), at(0, 13))
    told.tick(at(1, 12))
    assert quiet.go() == []
