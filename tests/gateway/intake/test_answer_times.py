"""The histogram of how long answers take: each frame once, in the bin of its bound, blocks frame by frame."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
from effort import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from intake_door import NOW, Door
from timeline import HOME, record

from firmware_sim.firmware.messages import Message
from gateway.intake.answer_times import BOUNDS, NAMES, AnswerTimes
from gateway.intake.block import Block
from gateway.intake.lanes import Item, Strand


def block(since, frames):
    """A block of which nothing but its rows matters."""
    none = np.zeros(frames, np.int64)
    return Block(since, SimpleNamespace(), [], [], np.empty(0), none, none, none, none, b"")


@settings(max_examples=examples(100))
@given(st.lists(st.tuples(st.sampled_from([*BOUNDS, 0.0, 0.007, 31.0, 1e6]), st.integers(0, 5)), max_size=30))
def test_each_frame_is_counted_once_where_its_bound_says(waits):
    now, times = 2e6, AnswerTimes()
    answers = [Item(Strand(), now - wait) if not frames else block(now - wait, frames) for wait, frames in waits]
    times.note(answers[:10], now)
    times.note(answers[10:], now)
    each = [now - one.since for one in answers for _ in range(1 if isinstance(one, Item) else len(one))]
    figures = times.figures()
    assert figures["up_to"] == {
        name: sum(wait <= bound for wait in each) for name, bound in zip(NAMES, (*BOUNDS, np.inf), strict=True)
    }
    assert figures["sum"] == round(sum(each), 3)


def test_an_answer_that_leaves_late_stands_in_the_figures_and_one_that_nobody_gets_does_not():
    door = Door()
    visit = door.visit()
    door.send(visit, Message.LOCATION, record(NOW, HOME))
    door.clock.time += 0.3
    door.intake.release(door.intake.next_batch())
    door.intake.when_durable(lambda: None)
    door.intake.release(door.intake.next_batch())
    up_to = door.intake.figures()["answer_seconds"]["up_to"]
    assert len(visit.channel.heard) == 1
    assert (up_to["0.25"], up_to["0.5"], up_to["+Inf"]) == (0, 1, 1)
