"""What an older engine said is adopted: the episodes, and the levels that open and end them."""

from __future__ import annotations

import copy

import numpy as np
import pytest
from timeline import CAFE, HOME, MINUTE, Timeline, alarm_policies, at, brief

from firmware_sim.firmware.messages import Alarm
from gateway.engine import EngineState, Episode, adopt
from gateway.engine.curfew import Phase
from gateway.engine.snapshot import restore, snapshot_of
from gateway.engine.takeover import LEVELS
from gateway.kinds import KINDS, NOT_RAISED, TRIALS
from protocols.report import Flag


@pytest.fixture(scope="module")
def told() -> Timeline:
    """P0001 is in the barred cafe, late for the night, and has called for help; B0002 is silent."""
    one = Timeline.of(at(0, 20), alarms=alarm_policies(30 * MINUTE))
    one.stay(HOME, at(0, 20), at(0, 20.5), device="B0002")
    one.stay(HOME, at(0, 20), at(0, 20.5))
    one.stay(CAFE, at(0, 20.5), at(0, 23), 300.0)
    one.report(at(0, 23), CAFE, alarm=Alarm.SOS, battery=9)
    one.run()
    assert {episode.kind for episode in one.state.episodes.values()} == {
        "exclusion_enter", "curfew_late", "sos", "battery_low", "comms_lost",
    }  # fmt: skip
    return one


@pytest.fixture
def state(told) -> EngineState:
    return restore(snapshot_of(told.state))


def said(told: Timeline) -> list[Episode]:
    return copy.deepcopy(list(told.state.episodes.values()))


def columns(state: EngineState) -> dict[str, bytes]:
    return {part.name: part.data for part in snapshot_of(state).parts}


def test_every_kind_that_is_raised_has_its_level():
    assert set(LEVELS) == set(KINDS) - NOT_RAISED - TRIALS


def test_where_nothing_differs_nothing_changes(told, state):
    before = columns(state)
    assert adopt(state, told.policy, said(told)) == 0
    assert columns(state) == before


def test_what_was_not_said_was_not_raised(told, state):
    assert adopt(state, told.policy, []) == 5
    assert state.episodes == state.open == {}
    assert not state.watch["raised"].any()
    assert not state.device["silent"].any()
    assert not state.levels["low"].any()
    assert not (state.levels["held"] & np.uint64(Flag.SOS)).any()
    assert (state.curfew["phase"] == Phase.WELL).all()


def test_what_was_not_said_is_said_of_the_next_rows_that_show_it(told, state):
    adopt(state, told.policy, [])
    one = Timeline(told.policy, state)
    one.report(at(0, 23) + 5 * MINUTE, CAFE, alarm=Alarm.SOS, battery=9)
    one.tick(at(0, 23) + 6 * MINUTE)
    assert {kind for change, kind in brief(one.run()) if change == "raised"} == {
        "exclusion_enter", "curfew_late", "sos", "battery_low", "comms_lost",
    }  # fmt: skip


def test_what_was_said_stands_though_this_engine_saw_none_of_it(told):
    one = Timeline.of(at(0, 20), alarms=alarm_policies(30 * MINUTE))
    for time in np.arange(at(0, 20), at(0, 23), 600.0):
        for device in ("B0001", "B0002"):
            one.report(float(time), HOME, device=device)
    assert brief(one.run()) == []
    assert adopt(one.state, one.policy, said(told)) == 5
    assert len(one.state.open) + sum(map(len, one.state.found.values())) == 5
    assert one.state.watch["raised"].sum() == 1
    assert one.state.device["silent"].sum() == one.state.levels["low"].sum() == 1
    assert one.state.device["silent_at"][one.policy.device_index["B0002"]] == at(0, 21) - 10 * MINUTE
    assert (one.state.curfew["phase"] == Phase.LATE).sum() == 1


def test_and_ends_with_the_rows_that_show_its_end(told, state):
    adopt(state, told.policy, said(told))
    one = Timeline(told.policy, state)
    one.report(at(0, 23) + 5 * MINUTE, HOME, device="B0002")
    one.stay(HOME, at(0, 23) + 5 * MINUTE, at(0, 23) + 25 * MINUTE, 120.0)
    assert sorted(brief(one.run())) == [
        ("cleared", kind) for kind in ("battery_low", "comms_lost", "curfew_late", "exclusion_enter")
    ]


def test_devices_that_are_no_longer_configured_are_passed_over(told, state):
    strangers = said(told)
    for index, episode in enumerate(strangers):
        episode.id, episode.device, episode.person = f"{index:032x}", "B0009", "P0009"
    assert adopt(state, told.policy, strangers) == 10
    assert not state.device["silent"].any()
