"""Looks in the journal change nothing of what the engine says, not even by their time."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from effort import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from timeline import HOME, HOUR, MINUTE, Timeline, alarm_policies, at
from virtual import Told, tell

from gateway.engine.snapshot import snapshot_of
from gateway.engine.state import EngineState
from gateway.journal.controls import Audited
from gateway.journal.entries import NO_ORIGIN, EntryBatch, EntryKind, Gathering, merge

LOOK = Audited("where", "D01", door="cli", person="P0001")


@pytest.fixture(scope="module")
def told(tmp_path_factory) -> Told:
    """Two hours with a breach and a strap that is cut."""
    story = tell(tmp_path_factory.mktemp("county"), "demo", seed=3, days=2, devices=15)
    return story.between(at(1, 10.1), at(1, 11.9))


def with_looks(entries: EntryBatch, places: list[int], ahead: float) -> EntryBatch:
    """A look before each of these entries, received ``ahead`` of the one before it."""
    parts, last = [], 0
    for place in [*sorted(places), len(entries)]:
        parts.append(entries.slice(last, place))
        if place < len(entries):
            look = Gathering()
            look.add(EntryKind.AUDIT, float(entries.received[max(0, place - 1)]) + ahead, NO_ORIGIN, b"never read")
            parts.append(look.batch())
        last = place
    return merge([part for part in parts if len(part)])


def said(bodies: list[bytes]) -> list[tuple]:
    """What does not name an entry by its offset."""
    events = [json.loads(body) for body in bodies]
    data = [one["data"] for one in events]
    return [(one["time"], each["kind"], each["device"], each["onset"]) for one, each in zip(events, data, strict=True)]


@settings(max_examples=examples(3))
@given(st.lists(st.floats(0.0, 0.999), min_size=1, max_size=30), st.sampled_from([0.0, 30.0, 5000.0]))
def test_alarms_are_the_same_with_and_without_them(told, shares, ahead):
    places = [int(share * len(told.entries)) for share in shares]
    looked = replace(told, entries=with_looks(told.entries, places, ahead))
    assert len(looked.entries) == len(told.entries) + len(places)
    before, after = EngineState(), EngineState()
    assert said(looked.bodies(state=after)) == said(told.bodies(state=before))
    assert said(told.bodies())
    assert (after.now, after.offset - before.offset) == (before.now, len(places))
    assert np.array_equal(after.track.records["x"], before.track.records["x"], equal_nan=True)
    assert snapshot_of(after)


def test_one_that_came_while_nobody_listened_makes_nobody_silent():
    """Without the gateway somebody read its files: that time stays the gateway's own."""
    policies = alarm_policies(30 * MINUTE)
    kinds = []
    for looked in (False, True):
        story = Timeline(Timeline.of(alarms=policies).policy)
        story.start(at(0, 12))
        story.stay(HOME, at(0, 12), at(0, 13))
        story.stop(at(0, 13))
        if looked:
            story.control(EntryKind.AUDIT, at(0, 13) + 2 * HOUR, LOOK)
        story.start(at(0, 13) + 3 * HOUR)
        story.tick(at(0, 13) + 3 * HOUR + 10 * MINUTE)
        kinds.append([one["data"]["device"] for one in story.run()])
    # The other one's bracelet was never heard.
    assert kinds == [["B0002"], ["B0002"]]
