"""What comes out does not depend on how the log was cut, to the byte; a snapshot at any cut continues the same."""

from __future__ import annotations

import json

import numpy as np
import pytest
import virtual
from effort import examples
from hypothesis import example, given, settings
from hypothesis import strategies as st
from met import counted, must_meet
from timeline import at
from virtual import Told, tell

from gateway.engine.passes import rounds
from gateway.engine.snapshot import restore, snapshot_of
from gateway.engine.state import EngineState


@pytest.fixture(scope="module")
def told(tmp_path_factory) -> Told:
    """Fifteen hours of the demo with fifteen bracelets: a traveller, a strap, a battery, a late return."""
    story = tell(tmp_path_factory.mktemp("county"), "demo", seed=3, days=2, devices=15)
    return story.between(at(1, 9.5), at(2, 0.5))


@pytest.fixture(scope="module")
def whole(told) -> list[bytes]:
    """Its events, stepped in one batch."""
    return told.bodies()


def test_the_stretch_is_worth_cutting(told, whole):
    assert len(told.entries) > 3000
    kinds = {json.loads(body)["data"]["kind"] for body in whole}
    assert kinds >= {"inclusion_exit", "strap_cut", "battery_low", "curfew_late"}


def test_batches_of_one(told, monkeypatch):
    busy = told.between(at(1, 10.1), at(1, 11.9))
    calls = counted(monkeypatch, virtual, "step")
    whole = busy.bodies()
    assert calls["step"] == 1
    assert {json.loads(body)["data"]["kind"] for body in whole} >= {"inclusion_exit", "strap_cut"}
    assert busy.bodies(list(range(1, len(busy.entries)))) == whole
    assert calls["step"] == 1 + len(busy.entries)


@must_meet("cut", "an empty piece", "cut between two reports of a device")
@settings(max_examples=examples(5))
@given(cuts=st.lists(st.floats(0.0, 1.0), min_size=1, max_size=40))
@example(cuts=[0.0, 0.3, 0.3, 0.5, 0.7, 1.0])
def test_random_cuts(told, whole, met, cuts):
    places = sorted(int(cut * len(told.entries)) for cut in cuts)
    assert told.bodies(places) == whole
    met["cut"] += len(set(places) - {0, len(told.entries)})
    met["an empty piece"] += len(set(places)) < len(places) or places[0] == 0
    device = [told.entries.origin_of(row).device for row in range(len(told.entries))]
    met["cut between two reports of a device"] += any(
        (set(device[:place]) & set(device[place:])) - {""} for place in places
    )


@must_meet("events before and behind")
@settings(max_examples=examples(3))
@given(cut=st.floats(0.0, 1.0))
@example(cut=0.5)
def test_a_snapshot_at_a_cut_continues_byte_for_byte(told, whole, met, cut):
    place = int(cut * len(told.entries))
    state = EngineState()
    before = told.part(0, place).bodies(state=state)
    restored = restore(snapshot_of(state))
    assert restored is not None
    assert restored.offset == place
    behind = told.part(place, len(told.entries)).bodies(state=restored)
    assert before + behind == whole
    met["events before and behind"] += bool(before and behind)


@must_meet("no row", "one round", "several rounds")
@given(st.lists(st.integers(0, 5), max_size=60))
@example([])
@example([1, 0])
@example([0, 1, 0, 0])
def test_rounds_take_every_row_once_in_order_and_a_group_once_a_round(met, groups):
    group = np.array(groups, np.int64)
    taken = list(rounds(group))
    assert sorted(int(row) for rows in taken for row in rows) == list(range(len(groups)))
    for rows in taken:
        assert (np.diff(rows) > 0).all()
        assert len(set(group[rows])) == len(rows)
    for one in set(groups):
        mine = [int(row) for rows in taken for row in rows if group[row] == one]
        assert mine == sorted(mine)
    met["several rounds" if len(taken) > 1 else "one round" if taken else "no row"] += 1


def test_receive_time_of_the_story_never_decreases(told):
    assert (np.diff(told.entries.received) >= 0).all()
    assert told.entries.received[0] == at(1, 9.5)
