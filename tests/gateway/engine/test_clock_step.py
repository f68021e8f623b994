"""A step of the wall clock: what had elapsed before it stays elapsed, and nobody is missed because of it."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest
from effort import named
from hypothesis import example, given
from hypothesis import strategies as st
from met import must_meet
from timeline import DAY, HOME, HOUR, MINUTE, PHONES, Timeline, alarm_policies, at, brief, clock, county, raised

from gateway.engine.controls import rebase
from gateway.engine.policy import compile_policy
from gateway.engine.records import OpenSet
from gateway.engine.silence import next_due
from gateway.engine.snapshot import restore, snapshot_of
from gateway.engine.state import EngineState
from gateway.engine.step import step
from gateway.journal.controls import ClockStep
from gateway.journal.entries import EntryKind
from gateway.settings.model import Assignment, Device
from gateway.upstream.cloudevents import event_of

if TYPE_CHECKING:
    from gateway.journal.entries import EntryBatch

LIMIT = 20 * MINUTE
BEGIN = at(0, 13) - 6 * MINUTE
NOON = at(0, 13)
AN_HOUR = [HOUR, -HOUR, 5 * DAY, -5 * DAY]
WORN = (Assignment("B0001", "P0001", at(-30, 0), math.inf),)


def watched(**changes: object) -> Timeline:
    return Timeline.of(BEGIN, **({"assignments": WORN, "alarms": alarm_policies(LIMIT)} | changes))


@pytest.mark.parametrize("shift", AN_HOUR)
def test_nobody_is_missed_because_the_clock_was_set(shift):
    told = watched()
    told.heartbeat(NOON)
    told.set_clock(NOON + 10, NOON + 10 + shift)
    for minute in range(0, 60, 5):
        told.heartbeat(NOON + shift + 20 + minute * MINUTE)
    assert told.run() == []


@pytest.mark.parametrize("shift", AN_HOUR)
def test_a_device_silent_before_and_after_is_told_after_as_long_as_it_really_was(shift):
    told = watched()
    told.heartbeat(NOON)
    told.set_clock(NOON + 15 * MINUTE, NOON + 15 * MINUTE + shift)
    told.tick(NOON + shift + LIMIT - 0.01)
    assert told.run() == []
    assert next_due(told.state, told.policy) == NOON + shift + LIMIT
    told.tick(NOON + shift + 21 * MINUTE)
    (event,) = told.run()
    assert brief([event]) == [("raised", "comms_lost")]
    assert clock(event["time"]) == NOON + shift + LIMIT
    assert clock(event["data"]["onset"]) == NOON + shift


def test_a_timer_due_before_the_step_fires_before_it():
    told = watched()
    told.heartbeat(NOON)
    told.set_clock(NOON + LIMIT + 1, NOON + LIMIT + 1 - HOUR)
    (event,) = told.run()
    assert clock(event["time"]) == NOON + LIMIT
    assert told.state.now == NOON + LIMIT + 1 - HOUR


def test_silence_since_the_start_goes_on_over_a_step():
    told = watched()
    told.set_clock(BEGIN + 15 * MINUTE, BEGIN + 15 * MINUTE + HOUR)
    told.tick(BEGIN + HOUR + 19 * MINUTE)
    assert told.run() == []
    told.tick(BEGIN + HOUR + LIMIT)
    assert brief(told.run()) == [("raised", "comms_lost")]


@pytest.mark.parametrize("shift", [2 * HOUR, HOUR / 2, -HOUR])
def test_a_device_that_is_worn_from_a_later_hour_on_is_missed_from_then_on_or_from_now(shift):
    """Its wearing begins at 14:00, a time of the calendar; a step from 13:30 to 15:30 begins it at 15:30."""
    told = watched(assignments=(Assignment("B0001", "P0001", at(0, 14), math.inf),))
    told.tick(at(0, 13.4))
    told.run()
    told.set_clock(at(0, 13.5), at(0, 13.5) + shift)
    told.tick(at(0, 17))
    (event,) = told.run()
    assert clock(event["time"]) == max(at(0, 14), at(0, 13.5) + shift) + LIMIT


def test_a_step_before_the_first_configuration_is_taken():
    told = Timeline(compile_policy(county(assignments=WORN, alarms=alarm_policies(LIMIT))))
    told.set_clock(BEGIN + DAY, BEGIN)
    told.start(BEGIN)
    told.tick(BEGIN + LIMIT)
    assert brief(told.run()) == [("raised", "comms_lost")]
    assert told.counts == {}


def test_everything_that_is_a_receive_time_moves_and_what_is_unknown_stays_unknown():
    phone = Device("F0001", "mlp", "13800000001", "", carrier="mobile")
    told = watched(devices={key: Device(key, "jt808", one.lstrip("0"), "g10ls") for key, one in PHONES.items()}
                   | {"F0001": phone})  # fmt: skip
    told.run()
    state, seats = told.state, told.policy.device_index
    state.device["heard"][[seats["B0001"], seats["F0001"]]] = NOON
    state.device["absent_from"][seats["F0001"]] = NOON
    state.watch["arrived"][0] = NOON
    state.watch["seen"][0] = NOON
    state.fragments.open["one"] = OpenSet("B0001", NOON)
    rebase(state, told.policy, ClockStep(NOON + 1, NOON + 1 - HOUR))
    heard = state.device["heard"]
    assert (heard[seats["B0001"]], heard[seats["F0001"]]) == (NOON - HOUR, NOON)
    assert np.isnan(heard[seats["B0002"]])
    assert state.device["absent_from"][seats["F0001"]] == NOON - HOUR
    assert np.isnan(state.device["absent_from"][seats["B0001"]])
    assert (state.watch["arrived"][0], state.watch["seen"][0]) == (NOON - HOUR, NOON)
    assert np.isnan(state.watch["arrived"][1:]).all()
    assert state.fragments.open["one"].touched == NOON - HOUR
    assert state.listening_since == BEGIN - HOUR
    rebase(fresh := EngineState(), None, ClockStep(NOON, NOON - HOUR))
    assert fresh.listening_since == -math.inf


def bodies(entries: EntryBatch, told: Timeline, cuts: list[int], state: EngineState | None = None) -> list[bytes]:
    state, said = state or EngineState(), []
    for first, until in pairwise([0, *cuts, len(entries)]):
        outcomes = step(state, entries.slice(first, until), told.policies, first=state.offset).outcomes
        said += [event_of(outcome, "demo", "Asia/Shanghai").body for outcome in outcomes]
    return said


def stepped_log() -> tuple[EntryBatch, Timeline]:
    """Two devices over a day on which the clock is set four times; both fall silent, one is handed over."""
    told = watched(assignments=(Assignment("B0001", "P0001", at(-30, 0), at(0, 15)),
                                Assignment("B0001", "P0002", at(0, 15), math.inf)))  # fmt: skip
    now, shifts = BEGIN, iter([HOUR, -3 * HOUR, 10.0, 2 * HOUR])
    for minute in range(600):
        now += MINUTE
        if minute % 120 == 70 and (shift := next(shifts, None)):
            told.set_clock(now, now + shift)
            now += shift
        if minute % 100 < 70:
            told.report(now - 5.0, HOME if minute % 3 else (3000.0, 0.0), received=now)
        if minute % 140 > 100:
            told.heartbeat(now, "B0002")
        told.tick(now)
    return told.waiting.batch(), told


@pytest.fixture(scope="module")
def log() -> tuple[EntryBatch, Timeline, list[bytes]]:
    entries, told = stepped_log()
    return entries, told, bodies(entries, told, [])


def test_the_log_is_worth_cutting(log):
    entries, _, whole = log
    assert np.count_nonzero(entries.kind == EntryKind.CLOCK) == 4
    assert (np.diff(entries.received) < -HOUR).any()
    assert len(whole) > 10
    assert raised([json.loads(body) for body in whole], "comms_lost")


def test_steps_do_not_make_it_matter_where_the_log_was_cut(log):
    entries, told, whole = log
    assert bodies(entries, told, list(range(1, len(entries)))) == whole


@must_meet("cut", "a step behind the snapshot", "a step before it")
@named(3)
@given(cuts=st.lists(st.floats(0.0, 1.0), min_size=1, max_size=30), snapshot=st.floats(0.0, 1.0))
@example(cuts=[0.2, 0.5], snapshot=0.5)
def test_random_cuts_and_a_snapshot_over_steps(log, met, cuts, snapshot):
    entries, told, whole = log
    assert bodies(entries, told, sorted(int(cut * len(entries)) for cut in cuts)) == whole
    place, state = int(snapshot * len(entries)), EngineState()
    before = bodies(entries.slice(0, place), told, [], state)
    again = restore(snapshot_of(state))
    assert again is not None
    assert before + bodies(entries.slice(place, len(entries)), told, [], replace(again, history=state.history)) == whole
    met["cut"] += any(0.0 < cut < 1.0 for cut in cuts)
    met["a step before it"] += bool((entries.kind[:place] == EntryKind.CLOCK).any())
    met["a step behind the snapshot"] += bool((entries.kind[place:] == EntryKind.CLOCK).any())
