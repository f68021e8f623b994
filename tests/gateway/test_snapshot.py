"""Snapshots: the state survives, whatever is in it; an unknown schema is not guessed at."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from timeline import ABROAD, AWAY, CAFE, HOME, Timeline, at

from firmware_sim.firmware.messages import Alarm
from gateway.engine.state import BANKS, EngineState
from gateway.snapshot import Snapshot, restore, take

PLACES = (HOME, AWAY, CAFE, ABROAD, None)
visits = st.lists(
    st.tuples(st.floats(1.0, 7200.0), st.sampled_from(PLACES), st.sampled_from([Alarm(0), Alarm.SOS, Alarm.REMOVAL])),
    max_size=25,
)


def alike(one: EngineState, other: EngineState) -> None:
    for name in BANKS:
        assert one.banks[name].keys == other.banks[name].keys
        for column in BANKS[name]:
            mine, yours = one.banks[name][column], other.banks[name][column]
            assert (mine.dtype, mine.shape, mine.tobytes()) == (yours.dtype, yours.shape, yours.tobytes()), column
    for name in ("offset", "now", "listening", "listening_since", "digest", "open", "nights", "acts", "counts"):
        assert getattr(one, name) == getattr(other, name), name
    assert list(one.episodes.items()) == list(other.episodes.items())


@settings(max_examples=15)
@given(visits)
def test_a_state_survives_its_snapshot_and_continues_the_same(told):
    timeline, time = Timeline.of(), at(0, 20)
    for wait, place, alarm in told:
        time += wait
        timeline.report(time, place, alarm=alarm)
    timeline.run()
    restored = restore(take(timeline.state))
    assert restored is not None
    alike(restored, timeline.state)
    twin = Timeline(timeline.policy, restored)
    for each in (timeline, twin):
        each.serial = 7
        each.stay(ABROAD, time + 60.0, time + 600.0, 60.0)
    assert timeline.run() == twin.run()
    alike(twin.state, timeline.state)


def test_a_fresh_state_survives():
    restored = restore(take(EngineState()))
    assert restored is not None
    alike(restored, EngineState())


def test_a_snapshot_is_a_copy():
    told = Timeline.of()
    told.report(at(0, 13))
    told.run()
    snapshot = take(told.state)
    told.state.device["battery"][:] = 1
    restored = restore(snapshot)
    assert restored is not None
    assert restored.device["battery"][0] == 80
    restored.device["battery"][0] = 2


def spoiled(how: str) -> Snapshot:
    told = Timeline.of()
    told.run()
    snapshot = take(told.state)
    if how == "a column is missing":
        return replace(snapshot, parts=tuple(part for part in snapshot.parts if part.name != "track/x"))
    if how == "nothing but arrays":
        return replace(snapshot, parts=snapshot.parts[:-1])
    rest = msgspec.json.decode(snapshot.parts[-1].data)
    other = replace(snapshot.parts[-1], data=msgspec.json.encode(rest | {"format": 999}))
    return replace(snapshot, parts=(*snapshot.parts[:-1], other))


@pytest.mark.parametrize("how", ["a column is missing", "nothing but arrays", "another format"])
def test_another_schema_is_rebuilt_from_the_journal_instead(how):
    assert restore(spoiled(how)) is None


def test_parts_are_arrays_and_one_text():
    parts = {part.name: part for part in take(EngineState()).parts}
    assert parts.pop("rest").dtype == "json"
    assert set(parts) == {f"{bank}/{column}" for bank, columns in BANKS.items() for column in columns}
    for part in parts.values():
        assert np.dtype(part.dtype).kind in "fiub"
