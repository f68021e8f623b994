"""Orders apart from answers, in virtual time."""

from __future__ import annotations

import heapq
from itertools import pairwise

from hypothesis import example, given
from hypothesis import strategies as st
from met import must_meet

from gateway.listeners.pacing import APART, MOST_TURNS, PATIENCE, Pacer

TINY = 1e-9


class Bench:
    """A pacer, its clock, and what it wrote when."""

    def __init__(self) -> None:
        self.now = 100.0
        self.wrote: list[tuple[float, bytes]] = []
        self.timers: list[list] = []
        self.pacer = Pacer(self.write, self.write, lambda: self.now, self.later)

    def write(self, data):
        self.wrote.append((self.now, data))

    def later(self, seconds, call):
        timer = [self.now + seconds, len(self.timers), call]
        heapq.heappush(self.timers, timer)
        return Cancelled(timer)

    def run_to(self, moment):
        while self.timers and self.timers[0][0] <= moment:
            due, _, call = heapq.heappop(self.timers)
            self.now = max(self.now, due)
            if call is not None:
                call()
        self.now = moment

    def texts(self):
        return [data for _, data in self.wrote]


class Cancelled:
    def __init__(self, timer) -> None:
        self.timer = timer

    def cancel(self):
        self.timer[2] = None


def test_segments_go_one_a_write_and_apart():
    bench = Bench()
    assert bench.pacer.send([b"1", b"2", b"3"])
    assert bench.wrote == []  # an answer may just have gone out
    bench.run_to(101.0)
    assert bench.texts() == [b"1", b"2", b"3"]
    assert all(later - sooner >= APART - TINY for (sooner, _), (later, _) in pairwise(bench.wrote))
    assert bench.pacer.is_idle


def test_an_answer_goes_before_a_waiting_segment_and_keeps_it_apart():
    bench = Bench()
    bench.pacer.send([b"order"])
    bench.now += APART / 2
    bench.pacer.answer(b"answer")
    bench.run_to(101.0)
    assert bench.wrote == [(100.0 + APART / 2, b"answer"), (bench.wrote[1][0], b"order")]
    assert bench.wrote[1][0] >= bench.wrote[0][0] + APART - TINY


def test_an_answer_just_after_a_segment_waits_for_its_pause():
    bench = Bench()
    bench.pacer.send([b"order"])
    bench.run_to(100.0 + APART + 0.001)
    bench.pacer.answer(b"a")
    bench.pacer.answer(b"b")
    assert bench.texts() == [b"order"]
    bench.run_to(101.0)
    assert bench.texts() == [b"order", b"a", b"b"]
    assert bench.wrote[1][0] - bench.wrote[0][0] >= APART - TINY


def test_answers_without_a_pause_cannot_keep_an_order_back_for_ever():
    bench = Bench()
    bench.pacer.send([b"order"])
    while bench.now < 103.0:
        bench.pacer.answer(b"a")
        bench.run_to(bench.now + APART / 4)
    (at,) = [moment for moment, data in bench.wrote if data == b"order"]
    assert at <= 100.0 + PATIENCE + 3 * APART
    assert all(abs(moment - at) >= APART - TINY for moment, data in bench.wrote if data != b"order")


def test_what_finds_no_room_is_said():
    bench = Bench()
    assert all(bench.pacer.send([b"x"]) for _ in range(MOST_TURNS))
    assert not bench.pacer.send([b"x"])


def test_a_segment_is_asked_for_when_it_may_be_written_and_the_end_when_it_has_been():
    bench = Bench()
    asked = []

    def segments():
        for text in (b"1", b"2"):
            asked.append(bench.now)
            yield text
        asked.append(bench.now)

    bench.pacer.send(segments())
    bench.run_to(110.0)
    assert asked[:2] == [moment for moment, _ in bench.wrote]
    assert asked[2] >= asked[1] + APART - TINY


def test_what_is_not_wanted_any_more_costs_no_pause():
    bench = Bench()
    bench.run_to(101.0)
    for texts in ([], [], [b"order"]):
        bench.pacer.send(texts)
    bench.run_to(101.0)
    assert bench.wrote == [(101.0, b"order")]


def test_nothing_is_written_after_the_end():
    bench = Bench()
    bench.pacer.send([b"1", b"2"])
    bench.run_to(100.0 + APART)
    bench.pacer.close()
    bench.run_to(110.0)
    assert bench.texts() == [b"1"]


@must_meet("an order behind an answer", "an answer behind an order", "two orders at once")
@given(st.lists(st.tuples(st.booleans(), st.floats(0.0, 0.2)), max_size=60))
@example([(True, 0.0), (True, 0.0), (False, 0.0), (True, 0.0)])
def test_every_segment_stands_alone_and_nothing_is_lost_or_reordered(met, steps):
    bench = Bench()
    said, owed = [], []
    for index, (is_order, pause) in enumerate(steps):
        text = b"%s%d" % (b"s" if is_order else b"a", index)
        if is_order:
            bench.pacer.send([text])
            said.append(text)
        else:
            bench.pacer.answer(text)
            owed.append(text)
        bench.run_to(bench.now + pause)
    for (earlier, pause), (later, _) in pairwise(steps):
        met["an order behind an answer"] += later and not earlier
        met["an answer behind an order"] += earlier and not later
        met["two orders at once"] += earlier and later and pause == 0.0
    bench.run_to(bench.now + 60.0)
    assert [text for text in bench.texts() if text[:1] == b"s"] == said
    assert [text for text in bench.texts() if text[:1] == b"a"] == owed
    for (sooner, first), (later, second) in pairwise(bench.wrote):
        assert later - sooner >= APART - TINY or (first[:1] == b"a" and second[:1] == b"a")
