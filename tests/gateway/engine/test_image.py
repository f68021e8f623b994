"""The image: a whole snapshot and all changes behind it are the state, to the bit, whatever happens in between."""

from __future__ import annotations

import gc
import tracemalloc
from dataclasses import replace

import numpy as np
import pytest
from effort import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from made_episodes import episode
from met import must_meet
from timeline import ABROAD, AWAY, CAFE, HOME, MINUTE, Timeline, at, county

from firmware_sim.firmware.messages import Alarm
from gateway.engine.image import Image, digests_of
from gateway.engine.late import Waiting
from gateway.engine.notice import About, Ladder, Notice, NoticeRecord
from gateway.engine.records import Command, CommandRecord, OpenSet, Pace
from gateway.engine.snapshot import Snapshot, SnapshotUnusable, restore, snapshot_of
from gateway.engine.snapshot_text import KEYED, keyed_of
from gateway.engine.state import BANKS, Bank, EngineState
from gateway.engine.together import Faint, HeldBack
from gateway.engine.usual import Usual

PLACES = (HOME, AWAY, CAFE, ABROAD, None)
COMMAND = Command("c", "B0001", "locate", "office", 9.0)
ABOUT = About("sos", "critical", "P0001", "B0001", "SFS-01", 1.0)
VALUES = {
    "episodes": lambda key: episode(id=key), "settled": lambda key: episode(id=key), "nights": lambda _: [],
    "acts": str, "commands": lambda _: CommandRecord(COMMAND, 1.0, 2), "unanswered": str,
    "fragments": lambda key: OpenSet(key, 1.0, {1: b"x"}), "joined": lambda _: [1], "closes": lambda _: [1.0],
    "waiting": lambda _: Waiting(1.0, 2.0), "leave": lambda _: [(1.0, 2.0)], "paces": lambda _: Pace(60),
    "faint": lambda _: Faint(2.0, 1.0, ("all",)), "held": lambda key: HeldBack(key, 1.0, 2, {"placed": 1.0}),
    "after": lambda _: 3.0, "usual": lambda _: Usual(7, 2),
    "ladders": lambda key: Ladder(key[:4], "sos", "critical", ABOUT),
    "reminded": lambda _: 1.0,
    "notices": lambda key: NoticeRecord(Notice(key, "alarm", "D01", 1.0, ABOUT)),
    "bound": lambda _: 3.0,
    "entered": lambda _: (3.0, 0.0),
}  # fmt: skip
"""A value of each; what is apart follows from what stands."""

visits = st.lists(
    st.lists(
        st.tuples(
            st.sampled_from([MINUTE, 1800.0, 7200.0, -5400.0, 40_000.0]), st.sampled_from(PLACES),
            st.sampled_from([Alarm(0), Alarm(0), Alarm.SOS, Alarm.REMOVAL]), st.sampled_from(["B0001", "B0002"]),
        ),
        max_size=4,
    ),
    min_size=3, max_size=6,
)  # fmt: skip


def followed(image: Image, state: EngineState) -> None:
    for _ in image.follow(state):
        pass


class Chain:
    """A whole snapshot, and what has changed since."""

    def __init__(self) -> None:
        self.image, self.whole, self.changes = Image(), Snapshot(0, ()), list[Snapshot]()

    def save(self, state: EngineState) -> None:
        followed(self.image, state)
        if self.image.is_other:
            first, *more = self.image.whole()
            self.whole, self.changes = replace(first, changes=tuple(more)), []
        else:
            self.changes.append(self.image.changed())

    def loaded(self) -> EngineState:
        return restore(replace(self.whole, changes=(*self.whole.changes, *self.changes)))


def alike(one: EngineState, other: EngineState) -> None:
    """All that a snapshot has, in the same order, and what stands is the same object as what was said."""
    mine, yours = snapshot_of(one), snapshot_of(other)
    assert one.offset == other.offset
    assert [part.name for part in mine.parts if part not in yours.parts] == []
    assert list(one.marks) == list(other.marks)
    for held in one.found.values():
        for stands in held.values():
            assert one.episodes.get(stands.id, stands) is stands


@must_meet("marks anew", "rows", "put", "gone", "another county")
@settings(max_examples=examples(20))
@given(visits)
def test_whole_and_changes_are_the_state(met, told):
    """After each few reports, late ones and alarms among them, and a close; once the registers are others."""
    timeline, chain, time, newest = Timeline.of(), Chain(), at(0, 20), at(0, 20)
    for number, some in enumerate(told):
        newest = max(newest, timeline.state.now)
        for wait, place, alarm, device in some:
            time = newest + wait
            newest = max(newest, time)
            timeline.report(time, place, device=device, alarm=alarm, received=newest + number)
        timeline.run()
        for alarm in [one.id for one in timeline.state.episodes.values() if one.kind == "sos"][:1]:
            timeline.close(alarm, timeline.state.now + 60.0)
            timeline.run()
        if number == 1:
            new = replace(county().devices["B0002"], device="B0003", identity="13900000003")
            timeline.reconfigure(timeline.state.now + 61.0, devices=county().devices | {"B0003": new}, digest="d2")
            timeline.run()
        chain.save(timeline.state)
        alike(chain.loaded(), timeline.state)
        found = chain.image.difference
        met["marks anew"] += any(-1 in kept for kept, _ in found.marks.values())
        met["rows"] += bool(found.rows)
        met["put"] += bool(found.put)
        met["gone"] += bool(found.gone)
        met["another county"] += chain.image.is_other and number > 0


def test_what_has_not_changed_is_not_said():
    told, chain = Timeline.of(), Chain()
    for device in ("B0001", "B0002"):
        told.stay(HOME, at(0, 13), at(0, 20), device=device)
    told.run()
    chain.save(told.state)
    told.report(told.state.now + 60.0, device="B0002")
    told.run()
    chain.save(told.state)
    found = chain.image.difference
    assert {name: at.tolist() for name, (at, _) in found.rows.items() if name in {"track", "device", "levels"}} == {
        "track": [1], "device": [1], "levels": [1],
    }  # fmt: skip
    assert not found.put
    assert not found.gone
    assert not found.order
    assert set(found.marks) <= {"B0002"}
    chain.save(told.state)
    assert not chain.image.difference.rows
    assert not chain.image.difference.marks
    alike(chain.loaded(), told.state)


def test_the_image_is_no_part_of_the_state():
    """What happens to the state after it was looked at changes nothing of what is written then."""
    told, image = Timeline.of(), Image()
    told.report(at(0, 13), alarm=Alarm.SOS)
    told.run()
    followed(image, told.state)
    before = restore(snapshot_of(told.state))
    told.close(next(iter(told.state.episodes)), at(0, 14))
    told.report(at(0, 15), ABROAD)
    told.run()
    first, *more = image.whole()
    alike(restore(replace(first, changes=tuple(more))), before)


@pytest.mark.parametrize("name", VALUES)
def test_keys_keep_their_order(name):
    """Gone, changed, new, and gone and back: what is loaded has them in the order that the state has."""
    chain, state = Chain(), EngineState()
    held = keyed_of(state)[name]
    value = VALUES[name]
    for keys in (["b", "a"], ["b", "a", "c"], ["a", "c"], ["a", "c", "b"], ["c", "a"], []):
        held.clear()
        held |= {key: value(key) for key in keys}
        chain.save(state)
        assert list(keyed_of(chain.loaded())[name]) == keys


@pytest.mark.parametrize(
    ("spoil", "word"),
    [
        (lambda part: replace(part, data=b"{}"), "cannot be read"),
        (lambda part: replace(part, data=part.data.replace(b'"format":1', b'"format":999')), "999"),
        (lambda part: replace(part, data=part.data.replace(b'"groups":{"B0001":[', b'"groups":{"B0001":[7,')), "marks"),
    ],
    ids=["no text", "newer", "marks that are not there"],
)
def test_a_change_that_cannot_be_one_is_refused_in_words(spoil, word):
    told, chain = Timeline.of(), Chain()
    told.report(at(0, 13))
    told.run()
    for _ in range(2):
        chain.save(told.state)
        told.report(told.state.now + 7200.0)
        told.run()
    (change,) = chain.changes
    parts = [spoil(part) if part.name == "change" else part for part in change.parts]
    chain.changes = [replace(change, parts=tuple(parts))]
    with pytest.raises(SnapshotUnusable, match=word):
        chain.loaded()


def test_a_row_that_is_not_there_is_refused():
    told, chain = Timeline.of(), Chain()
    for hour in (13, 14):
        told.report(at(0, hour))
        told.run()
        chain.save(told.state)
    (change,) = chain.changes
    parts = [replace(part, data=b"\xff\0\0\0") if part.name == "at/track" else part for part in change.parts]
    chain.changes = [replace(change, parts=tuple(parts))]
    with pytest.raises(SnapshotUnusable, match="at/track"):
        chain.loaded()


def test_each_of_what_grows_has_a_value_here():
    assert set(VALUES) == {*KEYED} - {"apart"}


@pytest.mark.parametrize("size", [1, 7, 8, 9, 300])
def test_no_two_records_that_differ_have_one_digest(size):
    """Of any one bit, of two words by turns, of floats whose low bits are all 0: what a state's records look like."""
    chance = np.random.default_rng(size)
    record = chance.integers(0, 256, size, np.uint8)
    others = np.repeat(record[np.newaxis], 8 * size, axis=0)
    others[np.arange(8 * size), np.arange(8 * size) // 8] ^= (1 << np.arange(8 * size) % 8).astype(np.uint8)
    found = digests_of(np.concatenate([record[np.newaxis], others]))
    assert len(np.unique(found[:, 0])) == len(np.unique(found[:, 1])) == 8 * size + 1
    assert (digests_of(record[np.newaxis]) == found[0]).all()


def test_numbers_that_trade_places_have_other_digests():
    few = np.array([0.0, 1.0, 2.0, 60.0, 1_795_939_200.0])
    rows = np.stack(np.meshgrid(few, few, few, few), axis=-1).reshape(-1, 4)
    assert len(np.unique(digests_of(np.ascontiguousarray(rows).view(np.uint8)), axis=0)) == len(rows)


def test_what_was_copied_is_let_go_of_once_it_is_saved():
    """Beside a thousand wearers' records stands no second copy of them, but while all of them are to be saved."""
    state, image = EngineState(), Image()
    state.banks["device"] = Bank(BANKS["device"], tuple(f"B{number:04d}" for number in range(1000)))
    size = state.device.records.nbytes
    gc.collect()
    tracemalloc.start()
    try:
        for time, is_whole in ((at(0, 13), True), (at(0, 14), False), (at(0, 15), True)):
            state.device["heard"][:] = time
            for _ in image.follow(state, whole=time == at(0, 15)):
                pass
            assert image.is_whole is is_whole
            assert tracemalloc.get_traced_memory()[0] > size
            image.note_saved("it")
            assert tracemalloc.get_traced_memory()[0] < size / 4
    finally:
        tracemalloc.stop()
