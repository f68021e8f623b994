"""Positions in fragments through ``step``: joined where they are complete, once, whatever the order and the cuts."""

from __future__ import annotations

import struct
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest
from effort import examples
from hypothesis import example, given, settings
from hypothesis import strategies as st
from met import must_meet
from timeline import ABROAD, HOME, PHONES, Timeline, at, brief, raised, record

from firmware_sim.firmware.messages import Alarm, batch_body
from gateway.engine.fragments import MOST_BYTES, MOST_DEVICE_BYTES, MOST_SETS, TIMEOUT
from gateway.engine.snapshot import restore, snapshot_of
from gateway.engine.step import step
from gateway.journal.entries import EntryKind, Gathering, Origin
from protocols.jt808.wire import seal

if TYPE_CHECKING:
    from gateway.engine.state import EngineState
    from gateway.journal.entries import EntryBatch

NOW = at(0, 14)
REPORTS = 30


def parts(body, first=1, *, size=300, message=0x0704, device="B0001", **more):
    """A message in fragments, as journaled."""
    edition_2019, count = more.get("edition_2019"), more.get("count")
    cut = [body[start : start + size] for start in range(0, len(body), size)]
    attributes, version, digits = (0x6000, b"\x01", 20) if edition_2019 else (0x2000, b"", 12)
    address = version + bytes.fromhex(PHONES[device].zfill(digits))
    return [
        seal(
            struct.pack(">HH", message, attributes | len(part)) + address
            + struct.pack(">HHH", (first + index) & 0xFFFF, count or len(cut), index + 1) + part
        )
        for index, part in enumerate(cut)
    ]  # fmt: skip


def stored(start=NOW - 3600, place=HOME, reports=REPORTS, **more):
    return batch_body([record(start + 60 * number, place, **more) for number in range(reports)])


def gather(frames, received=NOW, device="B0001", every=1.0):
    """Fragments as entries, a second apart."""
    gathering = Gathering()
    origin = Origin(device, "bracelets", "peer", "jt808", "g10ls")
    for number, raw in enumerate(frames):
        gathering.add(EntryKind.FRAGMENT, received + every * number, origin, raw)
    return gathering.batch()


class Seen:
    """What comes out of a timeline's engine."""

    def __init__(self, **county):
        self.timeline = Timeline.of(at(0, 12), **county)
        self.timeline.run()
        self.times: list[float] = []

    def take(self, entries: EntryBatch, cuts=()):
        edges = [0, *sorted(cuts), len(entries)]
        for first, until in pairwise(edges):
            if until > first:
                part, at = entries.slice(first, until), self.state.offset
                step(self.state, part, self.timeline.policies, self._look, first=at)
        return self

    def _look(self, context, rows):
        self.times += context.reports.time[rows].tolist()

    @property
    def state(self) -> EngineState:
        return self.timeline.state

    def count(self, reason):
        return self.state.counts.get(reason, 0)


TIMES = [NOW - 3600 + 60 * number for number in range(REPORTS)]


@pytest.mark.parametrize("edition_2019", [False, True])
def test_reports_come_with_the_fragment_that_completes_them(edition_2019):
    seen, frames = Seen(), parts(stored(), edition_2019=edition_2019)
    assert len(frames) > 3
    seen.take(gather(frames[:-1]))
    assert seen.times == []
    seen.take(gather(frames[-1:], NOW + 60))
    assert seen.times == TIMES
    assert not seen.state.fragments.open
    assert seen.state.fragments.held == {}


FRAMES = parts(stored(), 0xFFFE, size=400)


@must_meet("out of order", "repeated", "cut in the middle of the message", "in one run")
@settings(max_examples=examples(25))
@given(
    st.permutations(range(len(FRAMES))), st.lists(st.integers(0, len(FRAMES) - 1), max_size=4),
    st.lists(st.floats(0.0, 1.0), max_size=4),
)  # fmt: skip
@example([*range(len(FRAMES))], [], [])
@example([*reversed(range(len(FRAMES)))], [0], [0.5])
def test_any_order_repeats_and_cuts_come_to_the_same(met, order, repeats, places):
    sequence = [FRAMES[index] for index in (*order, *repeats)]
    cuts = [int(place * len(sequence)) for place in places]
    seen = Seen().take(gather(sequence), cuts)
    met["out of order"] += [*order] != sorted(order)
    met["repeated"] += len(repeats)
    met["cut in the middle of the message" if any(0 < cut < len(FRAMES) for cut in cuts) else "in one run"] += 1
    assert seen.times == TIMES
    assert seen.count("fragment_repeated") == len(repeats)
    assert seen.count("report_repeated") == 0
    assert not seen.state.fragments.open


def test_a_snapshot_in_the_middle_goes_on_the_same():
    frames = parts(stored())
    for cut in range(len(frames) + 1):
        seen = Seen().take(gather(frames[:cut]))
        restored = restore(snapshot_of(seen.state))
        assert restored is not None
        assert restored.fragments == seen.state.fragments
        seen.timeline.state = restored
        assert seen.take(gather([*frames[cut:], frames[0]], NOW + 60)).times == TIMES
        assert seen.count("fragment_repeated") == 1


def test_a_fragment_shows_that_the_device_is_there():
    """A bare row each: silence is not raised while a long message comes."""
    seen = Seen().take(gather(parts(stored())[:2], NOW))
    assert seen.state.device["heard"][0] == NOW + 1


def test_an_alarm_in_fragments_is_raised_once():
    timeline = Timeline.of(at(0, 12))
    body = stored(NOW - 600, reports=9, alarm=Alarm.REMOVAL)
    frames = parts(body, size=200)
    for raw in [*frames, *frames]:
        timeline.waiting.add(EntryKind.FRAGMENT, NOW, Origin("B0001", "bracelets", "peer", "jt808", "g10ls"), raw)
    events = timeline.run()
    assert brief(events).count(("raised", "strap_cut")) == 1
    assert len(raised(events, "strap_cut")) == 1


def test_each_report_is_judged_by_its_own_time():
    """B0001's wearer is under authority from 30 days before: what is older belongs to nobody."""
    old = [record(at(-40, 0) + 60 * number, ABROAD) for number in range(5)]
    new = [record(NOW - 300 + 60 * number, HOME) for number in range(5)]
    seen = Seen().take(gather(parts(batch_body([*old, *new]))))
    assert seen.times == [NOW - 300 + 60 * number for number in range(5)]
    assert seen.count("report_unattributed") + seen.count("report_without_authority") == 5


def test_what_gets_nothing_new_is_dropped_by_receive_time():
    seen, frames = Seen(), parts(stored())
    seen.take(gather(frames[:2], NOW))
    seen.take(gather([frames[0]], NOW + TIMEOUT))
    assert seen.count("fragment_timeout") == 0
    seen.timeline.tick(NOW + 2 * TIMEOUT)
    seen.timeline.run()
    assert seen.count("fragment_timeout") == 2
    seen.take(gather(frames[2:], NOW + 2 * TIMEOUT + 1))
    assert seen.times == []


@pytest.mark.parametrize("cuts", [(), (1,), (2,), (1, 2)])
def test_the_time_of_one_device_does_not_end_the_others_earlier_in_a_batch(cuts):
    frames, gathering = parts(stored(), size=600), Gathering()
    origin = Origin("B0001", "bracelets", "peer", "jt808", "g10ls")
    other = Origin("B0002", "bracelets", "peer", "jt808", "g10ls")
    gathering.add(EntryKind.FRAGMENT, NOW, origin, frames[0])
    gathering.add(EntryKind.FRAGMENT, NOW + TIMEOUT - 1, origin, frames[1])
    gathering.add(EntryKind.FRAGMENT, NOW + TIMEOUT + 100, other, parts(stored(), device="B0002")[0])
    for raw in frames[2:]:
        gathering.add(EntryKind.FRAGMENT, NOW + TIMEOUT + 101, origin, raw)
    assert Seen().take(gathering.batch(), cuts).times == TIMES


def test_two_devices_do_not_mix():
    first, second = parts(stored()), parts(stored(NOW - 1800), device="B0002")
    gathering = Gathering()
    for one, other in zip(first, second, strict=True):
        gathering.add(EntryKind.FRAGMENT, NOW, Origin("B0001", "bracelets", "peer", "jt808", "g10ls"), one)
        gathering.add(EntryKind.FRAGMENT, NOW, Origin("B0002", "bracelets", "peer", "jt808", "g10ls"), other)
    seen = Seen().take(gathering.batch())
    assert sorted(seen.times) == sorted([*TIMES, *(NOW - 1800 + 60 * number for number in range(REPORTS))])


def test_the_same_numbers_with_other_bytes_are_a_new_message():
    old, new = parts(stored(NOW - 7200)), parts(stored())
    seen = Seen().take(gather([*old[:2], *new]))
    assert seen.times == TIMES
    assert seen.count("fragment_replaced") == 2


def test_a_device_that_began_again_after_a_whole_message_is_heard_again():
    seen = Seen().take(gather([*parts(stored(NOW - 7200)), *parts(stored())]))
    assert seen.times == [NOW - 7200 + 60 * number for number in range(REPORTS)] + TIMES


def test_a_total_that_changes_completes_nothing():
    frames = parts(stored())
    lying = parts(stored(), count=len(frames) + 1)
    seen = Seen().take(gather([frames[0], *lying[1:]]))
    assert seen.times == []
    assert len(seen.state.fragments.open) == 2


@pytest.mark.parametrize(
    "body", [b"", b"\0", b"\xff\xff\x01" + bytes(900), b"\0\x01\x01\xff\xff" + bytes(900), bytes(700)]
)
@pytest.mark.parametrize("message", [0x0200, 0x0201, 0x0704, 0x0801, 0x0900, 0x0210])
def test_a_whole_that_holds_no_report_is_a_sign_of_life_and_no_more(message, body):
    seen = Seen().take(gather(parts(body + b"end", size=max(1, len(body) // 2), message=message)))
    assert all(np.isfinite(seen.times))
    assert not seen.state.fragments.open


def test_a_device_keeps_no_more_than_its_share():
    seen = Seen()
    seen.take(gather([parts(stored(), 100 * number)[0] for number in range(3 * MOST_SETS)]))
    assert len(seen.state.fragments.open) == MOST_SETS
    assert seen.count("fragment_crowded") == 2 * MOST_SETS
    big = parts(bytes(1000) * 1500, size=1000, message=0x0801)
    seen.take(gather(big[:-1], NOW + 100, every=0.01))
    assert sum(seen.state.fragments.held.values()) <= MOST_DEVICE_BYTES < MOST_BYTES


def test_fragments_of_a_device_that_is_not_configured_any_more_are_left_out():
    seen = Seen().take(gather(parts(stored()), device="B0009"))
    assert not seen.state.fragments.open
    assert seen.times == []
