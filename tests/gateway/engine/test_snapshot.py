"""Snapshots: the state survives, whatever is in it; an unknown schema is not guessed at."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import numpy as np
import pytest
from effort import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from met import must_meet
from timeline import ABROAD, AWAY, CAFE, HOME, Timeline, at

from firmware_sim.firmware.messages import Alarm
from gateway.engine.groups import PLACED
from gateway.engine.snapshot import Snapshot, SnapshotUnusable, restore, snapshot_of
from gateway.engine.state import BANKS, EngineState

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


@must_meet("says something", "reports")
@settings(max_examples=examples(15))
@given(visits)
def test_a_state_survives_its_snapshot_and_continues_the_same(met, told):
    timeline, time = Timeline.of(), at(0, 20)
    for wait, place, alarm in told:
        time += wait
        timeline.report(time, place, alarm=alarm)
    timeline.run()
    restored = restore(snapshot_of(timeline.state))
    alike(restored, timeline.state)
    twin = Timeline(timeline.policy, restored)
    for each in (timeline, twin):
        each.serial = 7
        each.stay(ABROAD, time + 60.0, time + 600.0, 60.0)
    said = timeline.run()
    assert said == twin.run()
    met["says something"] += bool(said)
    met["reports"] += len(told)
    alike(twin.state, timeline.state)


def test_a_fresh_state_survives():
    restored = restore(snapshot_of(EngineState()))
    alike(restored, EngineState())


def test_a_snapshot_is_a_copy():
    told = Timeline.of()
    told.report(at(0, 13))
    told.run()
    snapshot = snapshot_of(told.state)
    told.state.levels["battery"][:] = 1
    restored = restore(snapshot)
    assert restored.levels["battery"][0] == 80
    restored.levels["battery"][0] = 2


def without(snapshot: Snapshot, *names: str) -> Snapshot:
    return replace(snapshot, parts=tuple(part for part in snapshot.parts if part.name not in names))


def with_part(snapshot: Snapshot, name: str, **changes: object) -> Snapshot:
    parts = [replace(part, **changes) if part.name == name else part for part in snapshot.parts]  # type: ignore[arg-type]
    return replace(snapshot, parts=tuple(parts))


def told_snapshot() -> Snapshot:
    told = Timeline.of()
    told.report(at(0, 13))
    told.run()
    return snapshot_of(told.state)


def test_a_column_that_an_older_version_did_not_know_gets_its_initial_value():
    whole = restore(told_snapshot())
    older = restore(without(told_snapshot(), "levels/unsure", "track/strain"))
    assert older.levels["unsure"].tolist() == [0] * len(older.levels.keys)
    assert older.track["strain"].tolist() == [1.0] * len(older.track.keys)
    alike(older, whole)


def test_a_column_and_a_text_that_this_version_does_not_know_are_left_out():
    snapshot = told_snapshot()
    column = replace(snapshot.parts[0], name="track/of_tomorrow")
    rest = msgspec.json.decode(snapshot.parts[-1].data) | {"of_tomorrow": 1}
    added = with_part(snapshot, "rest", data=msgspec.json.encode(rest))
    alike(restore(replace(added, parts=(column, *added.parts))), restore(snapshot))


def spoiled(how: str) -> Snapshot:
    snapshot = told_snapshot()
    rest = msgspec.json.decode(snapshot.parts[-1].data)
    newer = msgspec.json.encode(rest | {"format": 999})
    return {
        "no text": without(snapshot, "rest"),
        "a newer format": with_part(snapshot, "rest", data=newer),
        "a damaged text": with_part(snapshot, "rest", data=newer[:-9]),
        "another type": with_part(snapshot, "device/heard", dtype="<f4"),
        "another shape": with_part(snapshot, "device/heard", shape=(2, 64)),
        "fewer bytes": with_part(snapshot, "device/heard", data=b"\0" * 8),
    }[how]


@pytest.mark.parametrize(
    ("how", "word"),
    [
        ("no text", "missing"), ("a newer format", "999"), ("a damaged text", "cannot be read"),
        ("another type", "device/heard"), ("another shape", "device/heard"), ("fewer bytes", "device/heard"),
    ],
)  # fmt: skip
def test_what_cannot_be_the_state_is_refused_in_words(how, word):
    with pytest.raises(SnapshotUnusable, match=word):
        restore(spoiled(how))


def test_parts_are_arrays_and_one_text():
    parts = {part.name: part for part in snapshot_of(EngineState()).parts}
    assert parts.pop("rest").dtype == "json"
    marks = {f"marks/{bank}/{column}" for bank in PLACED for column in BANKS[bank]}
    assert set(parts) == {f"{bank}/{column}" for bank, columns in BANKS.items() for column in columns} | marks
    for part in parts.values():
        assert np.dtype(part.dtype).kind in "fiub"
