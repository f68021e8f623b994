"""Marks: how many are kept, and what they hold."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from effort import examples
from hypothesis import example, given, settings
from hypothesis import strategies as st
from met import must_meet
from timeline import ABROAD, AWAY, CAFE, FOREVER, HOME, MINUTE, RULES, Timeline, at, brief, degrees, nights, zones

from gateway.engine.groups import Lifted
from gateway.engine.history import KEPT
from gateway.engine.late import LATEST
from gateway.engine.marks import DAY, GRID, HOUR, Mark, apart_at, before
from gateway.engine.snapshot import restore, snapshot_of
from gateway.settings.model import Assignment, Circle, ZoneDefinition

MOST = 12
"""Of a group, the base besides."""
STEPS = st.lists(st.sampled_from([0.25, 1.0, 3.0, 13.0, 30.0, 60.0, 150.0, 400.0]), min_size=1, max_size=60)
"""Hours between two reports."""


def reported(steps: list[float]) -> tuple[list[float], list[Mark]]:
    """Orders of reports that come so far apart, and the marks after the last."""
    told = Timeline.of(at(0, 12))
    times = (at(0, 12.5) + HOUR * np.cumsum(steps)).tolist()
    for time in times:
        told.report(time, HOME)
    told.run()
    return times, told.state.marks["B0001"]


@must_meet("a base", "all steps", "a silence", "long ago")
@settings(max_examples=examples(60))
@given(STEPS)
@example([1.0] * 24 * 9)
@example([1.0] * 10 + [144.0, 1.0, 150.0, 1.0])
@example([1.0, 400.0, 1.0])
def test_few_are_kept_and_all_that_may_be_decided_anew_is_in_reach_of_one(met, steps):
    orders, held = reported(steps)
    times, newest = [mark.time for mark in held], orders[-1]
    assert times == sorted(set(times))
    assert len(held) <= MOST + 1
    for late in np.arange(newest - LATEST + HOUR, newest, HOUR).tolist():
        mark = before(held, late)
        assert mark is not None
        since = min(order for order in orders if order >= mark.time)
        assert since >= newest - KEPT
        met["long ago"] += mark.time < newest - KEPT
    apart = {later - sooner for sooner, later in pairwise(times[1:])}
    met["a base"] += np.isfinite(times[0])
    met["all steps"] += {step for _, step in GRID} <= apart
    met["a silence"] += any(step > DAY for step in apart)


def test_of_a_report_an_hour_for_nine_days_no_late_one_goes_further_back_than_the_grid_says():
    orders, held = reported([1.0] * 24 * 9)
    for age in np.arange(HOUR, LATEST - HOUR, HOUR).tolist():
        mark = before(held, orders[-1] - age)
        assert mark is not None
        assert orders[-1] - age - mark.time <= float(apart_at(np.array([held[-1].time - mark.time - 1.0]))[0]) + HOUR


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


COMES = at(0, 22.6)
WIDE = ZoneDefinition("cafes", "cafes", (Circle("cafe 3", *degrees(CAFE), 900.0),))
LATER_RULES = {
    "a wider zone": {"zones": {**zones(), "cafes": WIDE}},
    "other hours": {"rules": (RULES["stay"], RULES["cafes"], replace(RULES["nights"], curfew=nights(20 * 60)))},
    "one rule less": {"rules": (RULES["stay"], RULES["nights"])},
    "one rule more": {"rules": (*RULES.values(), replace(RULES["cafes"], id="again", basis="order 4"))},
}
OF_BEFORE, OF_AFTER = (at(0, 22.05), COMES - MINUTE), (COMES + MINUTE, at(0, 22.9))
LATE = {
    "of before it": [OF_BEFORE],
    "of after it": [OF_AFTER],
    "of both": [OF_BEFORE, OF_AFTER],
    "across it": [(COMES - 10 * MINUTE, COMES + 10 * MINUTE)],
}


def around_a_configuration(later: dict[str, object], late: list[tuple[float, float]]) -> list[tuple]:
    """What stands of a night that a configuration comes in the middle of; reports of some stretches come late."""
    told = Timeline.of(at(0, 12))
    told.stay(HOME, at(0, 20), at(0, 21), 5 * MINUTE)
    places = (ABROAD, (CAFE[0] + 500.0, 0.0), AWAY, CAFE)
    rows = [(at(0, 21) + step * 2 * MINUTE, places[step // 13 % 4]) for step in range(80)]
    held = [row for row in rows if any(begin <= row[0] < until for begin, until in late)]
    assert bool(held) == bool(late)
    for time, place in [row for row in rows if row not in held and row[0] < COMES]:
        told.report(time, place)
    told.reconfigure(COMES, **later, digest="d2")
    for time, place in [row for row in rows if row not in held and row[0] >= COMES]:
        told.report(time, place)
    for time, place in held:
        told.report(time, place, received=at(1, 0))
    told.tick(at(1, 1))
    told.run()
    assert (told.counts.get("report_decided_again", 0) > 0) == bool(late)
    kept = [one for one in (*told.state.episodes.values(), *told.state.settled.values()) if not one.retracted]
    return sorted((one.kind, one.rule, one.zone, one.onset, one.ended or FOREVER) for one in kept)


@pytest.mark.parametrize("late", LATE.values(), ids=LATE)
@pytest.mark.parametrize("later", LATER_RULES.values(), ids=LATER_RULES)
def test_what_is_late_around_a_configuration_comes_out_as_in_order(later, late):
    wanted = around_a_configuration(later, [])
    assert len(wanted) >= 3
    assert around_a_configuration(later, late) == wanted


def test_of_whom_a_configuration_takes_something_away_a_mark_is_made_and_of_nobody_else():
    told = Timeline.of(at(0, 12))
    told.stay(CAFE, at(0, 15), at(0, 15.9), 3 * MINUTE)
    told.stay(HOME, at(0, 15), at(0, 15.9), 3 * MINUTE, device="B0002")
    told.reconfigure(at(0, 16.4), rules=LATER_RULES["one rule less"]["rules"], digest="d2")
    told.run()
    (_, mark), (_,) = (told.state.marks[device] for device in ("B0001", "B0002"))
    assert [one.kind for one in mark.lifted.found] == ["exclusion_enter"]
    assert at(0, 15.9) < mark.time <= at(0, 16.4) < told.state.device["mark"][0]


def test_marks_are_packed_once_the_next_one_is_made_and_hold_what_they_held():
    """As out of a snapshot, whose marks lie in its columns; a snapshot made meanwhile tells marks apart by identity."""
    told = Timeline.of(at(0, 12))
    told.stay(HOME, at(0, 12.5), at(0, 15), 5 * MINUTE)
    told.run()
    told.state = restore(snapshot_of(told.state))
    first, *_ = held = told.state.marks["B0001"]
    before_it = {bank: (keys, records.tobytes()) for bank, (keys, records) in first.rows.items()}
    assert first.rows["track"][1].base is not None
    told.stay(HOME, at(0, 15), at(0, 16.5), 5 * MINUTE)
    told.run()
    now = told.state.marks["B0001"]
    assert now[0] is first
    assert len(now) > len(held)
    assert {bank: (keys, records.tobytes()) for bank, (keys, records) in first.rows.items()} == before_it
    assert len({id(mark.keys) for mark in now}) == 1
    for mark in now:
        assert len(mark._records) < 700 < sum(records.nbytes for _, records in mark.rows.values())
        assert all(records.flags.writeable for _, records in mark.rows.values())


def test_a_snapshot_of_many_marks_is_the_same_as_of_few_at_a_time(monkeypatch):
    told = Timeline.of(at(0, 12))
    told.stay(HOME, at(0, 12.5), at(0, 16), 5 * MINUTE)
    told.run()
    at_once = snapshot_of(told.state).parts
    monkeypatch.setattr("gateway.engine.snapshot.UNPACKED", 2)
    assert len(told.state.marks["B0001"]) > 2
    assert snapshot_of(told.state).parts == at_once
