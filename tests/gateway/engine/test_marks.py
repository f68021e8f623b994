"""Marks: how many are kept, and what they hold."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st
from met import must_meet
from timeline import ABROAD, FOREVER, HOME, MINUTE, Timeline, at, brief

from gateway.engine import marks
from gateway.engine.groups import Lifted
from gateway.engine.late import LATEST
from gateway.engine.marks import GRID, HOUR, Mark, apart_at, before, next_mark, thinned
from gateway.settings.model import Assignment

MOST = 12
"""Of a group, the base besides."""
STEPS = st.lists(st.sampled_from([60.0, 900.0, 3600.0, 7200.0, 40_000.0, 100_000.0, 700_000.0]), max_size=200)


def kept_of(steps: list[float]) -> list[tuple[float, list[Mark]]]:
    """The marks after each report, as ``remember`` keeps them: order, marks."""
    due, order, held, all_ = -np.inf, at(0, 0) + 1800.0, [], []
    for step in steps:
        order += step
        if order >= due:
            label = float(marks._coarsest(np.array([due]), np.array([order]))[0])
            held = thinned([*held, Mark(label, Lifted())])
            due = next_mark(order)
        all_.append((order, held))
    return all_


@must_meet("a base", "all steps", "nothing for days")
@given(STEPS)
@example([3600.0] * 24 * 9)
@example([900.0, 700_000.0, 60.0])
def test_few_are_kept_and_the_past_is_reached_from_close_by(met, steps):
    for order, held in kept_of(steps):
        times = [mark.time for mark in held]
        assert times == sorted(set(times))
        assert len(held) <= MOST + 1
        assert held[0].time <= max(order - LATEST, at(0, 0)) or held[0].time == -np.inf
        met["nothing for days"] += len(held) == 1 and len(steps) > 1
        met["a base"] += np.isfinite(held[0].time)
        apart = {b - a for a, b in pairwise(times[1:])}
        met["all steps"] += {step for _, step in GRID} <= apart


def test_of_a_report_an_hour_for_nine_days_no_late_one_waits_longer_than_the_grid_says():
    order, held = kept_of([HOUR] * 24 * 9)[-1]
    for age in np.arange(HOUR, LATEST - HOUR, HOUR).tolist():
        mark = before(held, order - age)
        assert mark is not None
        newest = held[-1].time
        assert order - age - mark.time <= float(apart_at(np.array([newest - mark.time - 1.0]))[0]) + HOUR


def test_the_latest_that_precedes_a_report():
    held = [Mark(time, Lifted()) for time in (-np.inf, 7200.0, 10_800.0)]
    assert [before(held, order).time for order in (0.0, 7199.0, 7200.0, 10_799.0, 20_000.0)] == [
        -np.inf, -np.inf, 7200.0, 7200.0, 10_800.0
    ]  # fmt: skip
    assert before(held[1:], 7199.0) is None


def told_of(until: float) -> Timeline:
    """P0002 wears B0002 until then, and from an hour later again."""
    return Timeline.of(
        at(0, 12), assignments=(Assignment("B0001", "P0001", at(-30, 0), FOREVER),
        Assignment("B0002", "P0002", at(-30, 0), until), Assignment("B0002", "P0002", until + HOUR, FOREVER)),
    )  # fmt: skip


def test_a_mark_holds_what_was_before_its_first_report_and_nothing_later():
    told = Timeline.of(at(0, 12))
    told.stay(HOME, at(0, 12.5), at(0, 13), 5 * MINUTE)
    told.stay(ABROAD, at(0, 13), at(0, 15), 5 * MINUTE)
    told.run()
    held = {mark.time: mark.lifted for mark in told.state.marks["B0001"]}
    assert set(held) == {-np.inf, at(0, 13), at(0, 14)}
    assert np.isnan(held[-np.inf].rows["track"][1]["time"]).all()
    assert held[at(0, 13)].rows["track"][1]["time"].max() == at(0, 13) - 5 * MINUTE
    assert (held[at(0, 13)].found, [one.kind for one in held[at(0, 14)].found]) == ((), ["inclusion_exit"])


def test_what_a_timer_ends_between_two_reports_is_in_no_mark_of_before():
    """The mark that the next report makes is of the very time of the end: nothing of before it is asked for again."""
    told = told_of(at(0, 20))
    told.stay(HOME, at(0, 18), at(0, 19), 5 * MINUTE, device="B0002")
    told.stay(ABROAD, at(0, 19), at(0, 19.75), 5 * MINUTE, device="B0002")
    told.tick(at(0, 20.5))
    told.report(at(0, 21.5), HOME, device="B0002")
    told.report(at(0, 21.25), HOME, device="B0002", received=at(0, 21.6))
    told.tick(at(0, 22))
    assert brief(told.run()) == [("raised", "inclusion_exit"), ("cleared", "inclusion_exit")]
    assert told.counts["report_decided_again"] > 0
