"""What is said of presence does not depend on how the log was cut, nor on a snapshot at a cut; a past without news."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import msgspec
import numpy as np
import pytest
from deliveries import Told, deliver, life, live_first, repeated
from intervals import table
from timeline import AWAY, FOREVER, HOME, HOUR, MINUTE, RULES, Timeline, alarm_policies, at, record

from gateway.engine.night import STALE
from gateway.engine.snapshot import Snapshot, restore, snapshot_of
from gateway.engine.state import EngineState
from gateway.engine.step import step
from gateway.journal.entries import merge
from gateway.settings.model import Assignment

if TYPE_CHECKING:
    from gateway.engine.presence import Interval

SILENCE = 1200.0
NIGHT = ("P0001", "curfew", "home:P0001")


@pytest.fixture(scope="module")
def told() -> Told:
    """A day of two wearers, told live first, with repetitions; who is silent is missed."""
    one = life(1, days=1)
    one.changes["alarms"] = alarm_policies(SILENCE)
    one.later["alarms"] = alarm_policies(SILENCE)
    return deliver(one, repeated(live_first(one, 1), 1))


def cut(told: Timeline, size: int, *, snapshots: bool = False) -> list[Interval]:
    """All that is said of presence of the same log, cut anew."""
    state, said, entries = EngineState(), [], merge(told.stepped)
    for first in range(0, len(entries), size):
        said += step(state, entries.slice(first, first + size), told.policies, first=first).presence
        if snapshots:
            history, state = state.history, restore(snapshot_of(state))
            state.history = history
    return said


@pytest.mark.parametrize(
    ("size", "snapshots"), [pytest.param(1, False, marks=pytest.mark.torture), (7, True), (512, False), (10**9, False)]
)
def test_however_the_log_is_cut_the_same_is_said(told, size, snapshots):
    assert len(told.timeline.presence) > 150
    assert told.timeline.counts["report_decided_again"] > 500
    assert cut(told.timeline, size, snapshots=snapshots) == told.timeline.presence


def test_a_snapshot_after_any_entry_goes_on_the_same(told):
    entries = merge(told.timeline.stepped).slice(0, 300)
    short = Timeline(told.timeline.policy, shelf=told.timeline.shelf, stepped=[entries])
    whole = cut(short, len(entries))
    assert len(whole) > 30
    assert cut(short, 1, snapshots=True) == whole


def test_a_past_that_is_decided_anew_and_comes_out_the_same_says_nothing():
    one = Timeline.of()
    one.stay(HOME, at(0, 20), at(0, 23), MINUTE)
    one.run()
    said = len(one.presence)
    one.stored(at(0, 23), [record(at(0, 22) + 30.0 + MINUTE * index, HOME) for index in range(12)])
    one.tick(at(0, 23.1))
    one.run()
    assert one.counts["report_decided_again"] > 12
    assert len(one.presence) == said
    one.stored(at(0, 23.1), [record(at(0, 22.5) + 30.0 + MINUTE * index, AWAY) for index in range(12)])
    one.tick(at(0, 23.2))
    one.run()
    assert len(one.presence) > said


def test_who_is_missed_stays_so_when_another_s_past_is_decided_anew():
    """The two wearers have had the same bracelet, and what is late is the other's."""
    worn = (
        Assignment("B0001", "P0001", at(-30, 0), FOREVER), Assignment("B0002", "P0001", at(-30, 0), at(-20, 0)),
        Assignment("B0002", "P0002", at(-20, 0), FOREVER),
    )  # fmt: skip
    told = Timeline.of(assignments=worn, alarms=alarm_policies(SILENCE))
    told.stay(HOME, at(0, 20), at(0, 22.5), MINUTE)
    told.stay((-4000.0, 0.0), at(0, 20), at(0, 23), MINUTE, device="B0002")
    told.tick(at(0, 23))
    told.run()
    lapsed = table(told.presence)[NIGHT]
    assert [state for _, _, state in lapsed][-2:] == ["HOME", "UNKNOWN"]
    told.stored(at(0, 23.5), [record(at(0, 22.6) + MINUTE * index, HOME) for index in range(9)], device="B0002")
    told.tick(at(0, 23.9))
    told.run()
    assert told.counts["report_decided_again"] > 9
    assert table(told.presence)[NIGHT] == lapsed


def test_where_a_wearing_ended_stays_so_when_its_rule_is_gone_and_what_came_after_is_decided_anew():
    ends, gone = at(1, 2), at(1, 5)
    worn = Assignment("B0001", "P0001", at(-30, 0), ends), Assignment("B0001", "P0002", ends, FOREVER)
    told = Timeline.of(assignments=worn)
    told.stay(HOME, at(0, 20), at(1, 0), MINUTE)
    told.stay((-4000.0, 0.0), ends + MINUTE, gone, MINUTE)
    told.reconfigure(gone, assignments=worn, rules=(RULES["stay"],), digest="d2")
    told.tick(gone + 1.0)
    told.run()
    held = table(told.presence)[NIGHT]
    assert [state for _, _, state in held] == ["HOME", "UNKNOWN"]
    told.stored(gone + 2.0, [record(at(1, 4) + 30.0 + MINUTE * index, HOME) for index in range(12)])
    told.tick(gone + HOUR)
    told.run()
    assert told.counts["report_decided_again"] > 12
    assert table(told.presence)[NIGHT] == held


@pytest.mark.parametrize("is_late", [False, True])
@pytest.mark.parametrize("ends", [FOREVER, at(1, 1.5)])
def test_a_rule_that_is_taken_away_while_nobody_knows_leaves_it_so(is_late, ends):
    worn = (Assignment("B0001", "P0001", at(-30, 0), ends),)
    told = Timeline.of(assignments=worn)
    told.stay(HOME, at(0, 20), at(0, 23), MINUTE)
    rest = np.arange(at(0, 23), at(1, 0), MINUTE).tolist()
    for time in rest[: -1 if is_late else len(rest)]:
        told.report(time, HOME)
    told.reconfigure(at(1, 2), assignments=worn, rules=(RULES["stay"],), digest="d2")
    if is_late:
        told.stored(at(1, 2) + 1.0, [record(rest[-1], HOME)])
    told.tick(at(1, 3))
    told.run()
    assert (told.counts.get("report_decided_again", 0) > 0) == is_late
    lapses = rest[-1] + STALE
    end = min(ends, at(1, 2))
    assert table(told.presence)[NIGHT] == [(at(0, 22), lapses, "HOME"), (lapses, end, "UNKNOWN")]


def older(snapshot: Snapshot) -> Snapshot:
    """As a version wrote it that knew nothing of presence."""
    rest = msgspec.json.decode(snapshot.parts[-1].data)
    later = ("presence", "trust")
    for name in later:
        del rest["keys"][name]
    for mark in rest["marks"]:
        del mark["keys"][-len(later) :]
    parts = [part for part in snapshot.parts[:-1] if part.name.split("/")[-2] not in later]
    text = type(snapshot.parts[-1])("rest", "json", (), msgspec.json.encode(rest))
    return Snapshot(snapshot.offset, (*parts, text))


def test_a_snapshot_of_before_there_was_presence_is_gone_on_from():
    one = Timeline.of()
    one.stay(HOME, at(0, 20), at(0, 23), MINUTE)
    one.run()
    history, snapshot = one.state.history, snapshot_of(one.state)
    one.state = restore(older(snapshot))
    one.state.history, one.presence = history, []
    one.state.seat(one.policy, one.policy.configuration.digest)
    one.stay(HOME, at(0, 23), at(1, 1), MINUTE)
    one.run()
    assert table(one.presence)[NIGHT] == [(at(0, 23), at(1, 8), "HOME")]
    one.stored(at(1, 1), [record(at(0, 22.5) + 30.0 + MINUTE * index, HOME) for index in range(12)])
    one.tick(at(1, 2))
    one.run()
    ((since, until, state),) = table(one.presence)[NIGHT]
    assert since < at(0, 23)
    assert (until, state) == (at(1, 8), "HOME")


def test_of_a_duty_one_interval_stands_at_a_time(told):
    rows = table(told.timeline.presence)
    assert sum(map(len, rows.values())) > 60
    for held in rows.values():
        assert all(since < until for since, until, _ in held)
        assert all(one[1] <= two[0] for one, two in pairwise(held))


def test_of_a_barred_zone_that_is_taken_away_a_past_that_is_decided_anew_says_nothing():
    one = Timeline.of()
    one.stay(HOME, at(0, 20), at(0, 22), MINUTE)
    one.reconfigure(at(0, 22), rules=(RULES["stay"], RULES["nights"]), digest="d2")
    one.stay(HOME, at(0, 22) + 30.0, at(0, 23), MINUTE)
    one.stored(at(0, 23), [record(at(0, 21) + 15.0 + MINUTE * index, AWAY) for index in range(12)])
    one.tick(at(0, 23.5))
    one.run()
    assert one.counts["report_decided_again"] > 12
    assert {interval.duty for interval in one.presence} == {"area", "curfew"}
