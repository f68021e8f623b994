"""What stands of a wearer when the wearing ends: no longer observed, so it ends then, and says why."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from timeline import (
    ABROAD,
    AWAY,
    CAFE,
    FOREVER,
    HOME,
    HOUR,
    MINUTE,
    RULES,
    Timeline,
    at,
    brief,
    clock,
    raised,
    record,
)  # fmt: skip

from gateway.engine.hand_over import next_due
from gateway.engine.snapshot import restore, snapshot_of
from gateway.engine.state import EngineState
from gateway.settings.model import Assignment

PASSES = at(0, 16)
FIRST = Assignment("B0001", "P0001", at(-30, 0), PASSES)
HANDED_OVER = (FIRST, Assignment("B0001", "P0002", PASSES, FOREVER))
ZONES = [(CAFE, "exclusion_enter"), (ABROAD, "inclusion_exit")]


def until_the_hand_over(place: tuple[float, float], assignments: tuple[Assignment, ...] = HANDED_OVER) -> Timeline:
    told = Timeline.of(assignments=assignments)
    told.stay(HOME, at(0, 13), at(0, 14), 60.0)
    told.stay(place, at(0, 14.5), PASSES, 60.0)
    return told


@pytest.mark.parametrize(("place", "kind"), ZONES)
@pytest.mark.parametrize("next_wearer", [True, False])
def test_what_stood_of_the_first_wearer_ends_at_the_hand_over_and_says_so(place, kind, next_wearer):
    told = until_the_hand_over(place, HANDED_OVER if next_wearer else (FIRST,))
    told.stay((-4000.0, 0.0), PASSES + 120.0, PASSES + 1800.0)
    events = told.run()
    assert brief(events) == [("raised", kind), ("cleared", kind)]
    ended = events[1]["data"]
    assert clock(ended["ended"]) == clock(ended["facts"]["handed_over"]) == PASSES
    assert ended["person"] == "P0001"
    assert "不再观测" in ended["text"]["zh"]
    assert "已恢复" not in ended["text"]["zh"]
    assert "NO LONGER OBSERVED" in ended["text"]["en"]
    assert "handed over" in ended["text"]["en"]


def test_it_needs_no_report_and_the_daemon_knows_when_to_look():
    told = until_the_hand_over(CAFE)
    told.run()
    assert next_due(told.state, told.policy) == PASSES
    told.tick(PASSES)
    assert brief(told.run()) == [("cleared", "exclusion_enter")]
    assert next_due(told.state, told.policy) == FOREVER


def test_before_the_configuration_is_applied_there_is_nothing_to_look_for():
    told = Timeline.of(assignments=HANDED_OVER)
    assert next_due(told.state, told.policy) == FOREVER


def test_another_bracelet_without_a_gap_goes_on_observing():
    told = until_the_hand_over(CAFE, (FIRST, Assignment("B0002", "P0001", PASSES, FOREVER)))
    told.stay(CAFE, PASSES, PASSES + 600.0, 60.0, device="B0002")
    told.stay(HOME, PASSES + 1200.0, PASSES + 2400.0, 60.0, device="B0002")
    events = told.run()
    assert brief(events) == [("raised", "exclusion_enter"), ("cleared", "exclusion_enter")]
    assert clock(events[1]["data"]["ended"]) == PASSES + 1200.0  # the first fix at home
    assert "handed_over" not in events[1]["data"]["facts"]


def test_a_later_wearing_begins_afresh():
    told = until_the_hand_over(CAFE, (FIRST, Assignment("B0001", "P0001", at(0, 20), FOREVER)))
    told.report(at(0, 20), CAFE)
    assert brief(told.run()) == [("raised", "exclusion_enter"), ("cleared", "exclusion_enter")]
    told.stay(CAFE, at(0, 20) + 60.0, at(0, 20.5), 60.0)
    (again,) = raised(told.run())
    assert clock(again["onset"]) >= at(0, 20)


def test_what_late_data_raises_of_the_first_wearer_ends_too():
    told = Timeline.of(assignments=HANDED_OVER)
    told.report(PASSES - 2 * HOUR, HOME)
    told.report(PASSES + 60.0, HOME)
    records = [record(float(time), CAFE) for time in np.arange(PASSES - 1.5 * HOUR, PASSES, 10 * MINUTE)]
    told.stored(PASSES + 1800.0, records)
    told.stay(HOME, PASSES + 1860.0, PASSES + 3600.0)
    events = told.run()
    assert brief(events) == [("raised", "exclusion_enter"), ("cleared", "exclusion_enter")]
    assert events[0]["data"]["retrospective"] is True
    assert clock(events[1]["data"]["ended"]) == PASSES


@pytest.mark.parametrize("place", [CAFE, AWAY])
def test_a_memory_that_empties_slowly_raises_nothing_twice(place):
    gone = at(1, 1)
    told = Timeline.of(assignments=(replace(FIRST, until=gone), Assignment("B0001", "P0002", gone, FOREVER)))
    told.stay(place, at(0, 21), at(0, 23), 60.0)
    records = [record(float(time), place) for time in np.arange(at(0, 23), gone, 5 * MINUTE)]
    for index in range(0, len(records), 4):
        told.stored(gone + 1800.0 + 100.0 * index, records[index : index + 4])
    told.stay(HOME, gone + 7200.0, gone + 3 * HOUR)
    events = told.run()
    assert sorted(Counter(kind for _, kind in brief(events)).values()) in ([2], [2, 2])
    assert len({event["subject"] for event in events}) * 2 == len(events)


def test_a_hand_over_entered_afterwards_ends_it_when_it_is_known():
    told = until_the_hand_over(CAFE, (replace(FIRST, until=FOREVER),))
    told.reconfigure(PASSES + 1200.0, assignments=HANDED_OVER, digest="d2")
    told.tick(PASSES + 1201.0)
    events = told.run()
    assert brief(told.events) == [("raised", "exclusion_enter"), ("cleared", "exclusion_enter")]
    assert clock(events[0]["data"]["ended"]) == PASSES
    assert clock(events[0]["time"]) == PASSES + 1200.0


def test_a_late_return_ends_at_the_hand_over_and_is_no_whole_absence():
    gone = at(0, 24)
    told = Timeline.of(assignments=(replace(FIRST, until=gone), Assignment("B0001", "P0002", gone, FOREVER)))
    told.stay(AWAY, at(0, 20), gone)
    told.stay(HOME, gone + 600.0, at(1, 9), 600.0)
    events = told.run()
    assert brief(events) == [("raised", "curfew_late"), ("cleared", "curfew_late")]
    assert clock(events[1]["data"]["ended"]) == gone
    assert events[1]["data"]["facts"]["out_seconds"] > HOUR


def test_a_night_that_was_over_before_the_hand_over_is_the_whole_absence_it_was():
    gone = at(1, 9)
    told = Timeline.of(assignments=(replace(FIRST, until=gone),))
    told.stay(AWAY, at(0, 20), at(1, 7.9))
    told.tick(gone)
    assert brief(told.run()) == [("raised", "curfew_late"), ("updated", "curfew_absent")]


@pytest.mark.parametrize(("place", "kind"), [*ZONES, (AWAY, "curfew_late")])
def test_cuts_and_snapshots_change_nothing(place, kind):
    gone = at(0, 23.5)
    rules = tuple(RULES.values())
    told = Timeline.of(
        assignments=(replace(FIRST, until=gone), Assignment("B0001", "P0002", gone, FOREVER)), rules=rules
    )
    told.stay(place, at(0, 21.5), gone, 120.0)
    told.stay(HOME, gone, gone + 600.0, 60.0)
    entries = told.waiting.batch()
    whole = _pieces(told, entries, [len(entries)])
    assert ("cleared", kind) in brief(whole)
    assert _pieces(told, entries, list(range(1, len(entries) + 1))) == whole
    assert _pieces(told, entries, [len(entries) // 2, len(entries)]) == whole


def _pieces(told: Timeline, entries, ends: list[int]) -> list[dict]:
    """Events of the entries in pieces, the state going through a snapshot between them."""
    told.state, events, first = EngineState(), [], 0
    for end in ends:
        told.waiting = _Waiting(entries.slice(first, end))
        events += told.run()
        state = restore(snapshot_of(told.state))
        assert state is not None
        told.state, first = state, end
    return events


class _Waiting:
    """A batch where a timeline looks for what waits."""

    def __init__(self, batch):
        self._batch = batch

    def batch(self):
        return self._batch


def test_what_stands_of_a_wearer_whose_bracelet_is_no_longer_entered_ends_too():
    told = until_the_hand_over(CAFE, (replace(FIRST, until=FOREVER),))
    other = Assignment("B0002", "P0002", at(-30, 0), FOREVER)
    told.reconfigure(PASSES + 1200.0, assignments=(other,), digest="d2")
    told.report(PASSES + 1300.0, HOME, device="B0002")
    told.tick(PASSES + 1400.0)
    told.run()
    assert brief(told.events) == [("raised", "exclusion_enter"), ("cleared", "exclusion_enter")]
