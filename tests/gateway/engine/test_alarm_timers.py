"""What was agreed with a wearer is looked at when it is due, by what is known then, once, however the log is cut."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from itertools import pairwise

import numpy as np
import pytest
from effort import named
from hypothesis import example, given
from hypothesis import strategies as st
from met import must_meet
from timeline import AWAY, FOREVER, HOME, HOUR, MINUTE, Timeline, alarm_policies, at, authority, clock, raised, record

from firmware_sim.firmware.messages import Alarm
from gateway.engine.silence import GRACE
from gateway.engine.snapshot import restore, snapshot_of
from gateway.engine.state import EngineState
from gateway.engine.step import step
from gateway.engine.timers import next_due
from gateway.journal.entries import EntryBatch, merge
from gateway.settings.model import Assignment
from gateway.upstream.cloudevents import event_of

NIGHT = at(0, 22.5)
DUE = NIGHT + 15 * MINUTE
TEXTS = {
    ("home", "met"): "约定时间已到（22:45 到家），判断已在家",
    ("home", "not_met"): "约定时间已到（22:45 到家），判断仍不在家",
    ("home", "unknown"): "约定时间已到（22:45 到家），是否在家无法判断",
    ("reports", "met"): "约定时间已到（22:45 设备上报），设备已上报",
    ("reports", "not_met"): "约定时间已到（22:45 设备上报），设备仍未上报",
    ("calls", "unknown"): "约定时间已到（22:45 来电），请核对是否已来电",
    ("visit", "unknown"): "约定时间已到（22:45 上门），请核对是否已上门",
}


def away(start: float | None = at(0, 12), **changes: object) -> tuple[Timeline, str]:
    """P0001 is not home at 22:30, and the alarm says so."""
    told = Timeline.of(start, **changes)
    told.stay(HOME, at(0, 20), at(0, 21))
    told.stay(AWAY, at(0, 21), NIGHT, 5 * MINUTE)
    (alarm,) = raised(told.run(), "curfew_late")
    return told, alarm["alarm"]


def agreed(told: Timeline, alarm: str, expects: str, due: float = DUE, when: float = NIGHT) -> None:
    told.act(when, "follow_up", alarm, at=due, expects=expects, by="D01")


def follow_ups(events: list[dict]) -> list[dict]:
    """What came of what was agreed, of the events that say so."""
    told = [event for event in events if event["type"].endswith("updated")]
    return [event["data"]["follow_up"] for event in told if (event["data"]["follow_up"] or {}).get("checked")]


@pytest.mark.parametrize(
    ("expects", "place", "until", "verdict"),
    [
        ("home", HOME, DUE, "met"),
        ("home", AWAY, DUE, "not_met"),
        ("home", AWAY, NIGHT, "not_met"),
        ("reports", AWAY, DUE, "met"),
        ("reports", AWAY, NIGHT, "not_met"),
        ("calls", HOME, DUE, "unknown"),
        ("visit", HOME, DUE, "unknown"),
    ],
)
def test_it_is_looked_at_when_it_is_due_and_said_in_words(expects, place, until, verdict):
    told, alarm = away()
    agreed(told, alarm, expects)
    told.stay(place, NIGHT + 2 * MINUTE, until, 2 * MINUTE)
    told.tick(DUE - 0.1)
    assert follow_ups(told.run()) == []
    assert next_due(told.state, told.policy) == DUE
    told.tick(DUE)
    (event,) = told.run()
    assert event["data"]["follow_up"] == {
        "at": "2026-11-02T14:45:00Z", "expects": expects, "by": "D01", "checked": "2026-11-02T14:45:00Z",
        "verdict": verdict,
    }  # fmt: skip
    assert clock(event["time"]) == DUE
    assert TEXTS[expects, verdict] in event["data"]["text"]["zh"]
    assert "Agreed time reached (22:45" in event["data"]["text"]["en"]
    told.tick(DUE + HOUR)
    assert follow_ups(told.run()) == []


def test_the_next_report_of_the_wearer_comes_too_late():
    told, alarm = away()
    agreed(told, alarm, "reports")
    told.report(DUE + 0.1, HOME)
    told.report(DUE + 0.2, AWAY, device="B0002")
    assert [one["verdict"] for one in follow_ups(told.run())] == ["not_met"]


def test_what_comes_in_the_same_batch_after_it_is_due_does_not_count():
    told, alarm = away()
    agreed(told, alarm, "home")
    told.stay(AWAY, NIGHT + MINUTE, DUE, 2 * MINUTE)
    told.stay(HOME, DUE + 1.0, DUE + HOUR, 20.0)
    assert [one["verdict"] for one in follow_ups(told.run())] == ["not_met"]


def test_it_is_looked_at_before_a_past_that_is_decided_anew_later_in_the_same_batch():
    """By what was known when it was due the wearer was away, though reports that are decided later say otherwise."""
    told, alarm = away()
    due = NIGHT + 7 * MINUTE + 10.0
    agreed(told, alarm, "home", due)
    told.report(NIGHT + 6 * MINUTE, AWAY)
    told.stored(NIGHT + 7 * MINUTE, [record(time, HOME) for time in np.arange(NIGHT, NIGHT + 350.0, 20.0).tolist()])
    told.report(due + 1.0, HOME, device="B0002")
    told.report(NIGHT + 8 * MINUTE, HOME)
    events = told.run()
    assert [one["verdict"] for one in follow_ups(events)] == ["not_met"]
    assert told.counts["report_decided_again"] > 0


def test_what_a_fix_half_an_hour_old_says_is_not_known_any_more():
    told, alarm = away()
    agreed(told, alarm, "home", NIGHT + 31 * MINUTE)
    told.tick(NIGHT + 31 * MINUTE)
    assert [one["verdict"] for one in follow_ups(told.run())] == ["unknown"]


@pytest.mark.parametrize("expects", ["home", "reports"])
def test_of_an_alarm_of_another_kind_home_is_the_wearers_home(expects):
    told = Timeline.of()
    told.report(NIGHT - HOUR, HOME)
    told.report(NIGHT - HOUR + MINUTE, HOME, alarm=Alarm.REMOVAL)
    (alarm,) = raised(told.run(), "strap_cut")
    agreed(told, alarm["alarm"], expects)
    told.stay(HOME, NIGHT + MINUTE, DUE + MINUTE, MINUTE)
    assert [one["verdict"] for one in follow_ups(told.run())] == ["met"]


def test_of_who_has_neither_home_nor_curfew_nobody_can_say():
    told = Timeline.of()
    told.report(NIGHT - MINUTE, HOME, alarm=Alarm.REMOVAL, device="B0002")
    (alarm,) = raised(told.run(), "strap_cut")
    agreed(told, alarm["alarm"], "home")
    told.stay(HOME, NIGHT, DUE + MINUTE, MINUTE, device="B0002")
    assert [one["verdict"] for one in follow_ups(told.run())] == ["unknown"]


def test_nobody_is_judged_after_the_authority_has_ended():
    told, alarm = away(authorities=(authority("P0001", until=DUE - MINUTE), authority("P0002")))
    agreed(told, alarm, "home")
    told.stay(AWAY, NIGHT + MINUTE, DUE + MINUTE, MINUTE)
    assert [one["verdict"] for one in follow_ups(told.run())] == ["unknown"]


def test_a_bracelet_that_was_swapped_reports_in_the_place_of_the_old_one():
    handed = (
        Assignment("B0001", "P0001", at(-30, 0), NIGHT + MINUTE), Assignment("B0001", "P0002", NIGHT + MINUTE, FOREVER),
        Assignment("B0002", "P0001", NIGHT + MINUTE, FOREVER),
    )  # fmt: skip
    told, alarm = away(assignments=handed)
    for device, verdict in (("B0001", "not_met"), ("B0002", "met")):
        told.act(told.state.now, "follow_up", alarm, f"of {device}", at=told.state.now + HOUR, expects="reports")
        told.report(told.state.now + 20 * MINUTE, HOME, device=device)
        told.tick(told.state.now + 2 * HOUR)
        assert [one["verdict"] for one in follow_ups(told.run())] == [verdict]


def test_the_newest_word_counts():
    told, alarm = away()
    agreed(told, alarm, "home")
    told.act(NIGHT + 1, "follow_up", alarm, "later", at=DUE + HOUR, expects="calls")
    told.tick(DUE + 2 * HOUR)
    (found,) = follow_ups(told.run())
    assert (found["expects"], clock(found["checked"])) == ("calls", DUE + HOUR)


def test_a_closed_alarm_comes_back_no_more():
    told, alarm = away()
    agreed(told, alarm, "home")
    told.close(alarm, NIGHT + MINUTE)
    told.tick(DUE + HOUR)
    assert follow_ups(told.run()) == []


def test_while_nobody_listened_nothing_was_due_and_bracelets_are_given_time_to_find_us_again():
    told, alarm = away()
    agreed(told, alarm, "reports")
    told.stop(NIGHT + MINUTE)
    told.start(DUE + MINUTE)
    told.tick(DUE + MINUTE + GRACE - 0.1)
    assert follow_ups(told.run()) == []
    told.report(DUE + MINUTE + GRACE - 0.05)
    told.tick(DUE + MINUTE + GRACE)
    (found,) = follow_ups(told.run())
    assert (found["verdict"], clock(found["checked"])) == ("met", DUE + MINUTE + GRACE)


@pytest.mark.parametrize(("old", "new", "checked"), [
    (NIGHT + MINUTE, NIGHT - HOUR, DUE), (NIGHT + MINUTE, NIGHT + 5 * MINUTE, DUE),
    (NIGHT + MINUTE, DUE + HOUR, DUE + HOUR),
])  # fmt: skip
def test_it_is_a_time_of_the_calendar_that_no_step_of_the_clock_moves(old, new, checked):
    told, alarm = away()
    agreed(told, alarm, "calls")
    told.set_clock(old, new)
    told.tick(max(new, DUE) + 2 * HOUR)
    assert [clock(one["checked"]) for one in follow_ups(told.run())] == [checked]


def test_what_was_agreed_about_an_alarm_that_is_taken_back_is_agreed_no_more():
    told = Timeline.of(at(0, 10))
    told.stay(HOME, at(0, 12), at(0, 13))
    told.stay((14000.0, 0.0), at(0, 13), at(0, 13.2), 3 * MINUTE)
    (alarm,) = raised(told.run(), "inclusion_exit")
    told.act(at(0, 13.3), "follow_up", alarm["alarm"], at=at(0, 15), expects="calls")
    told.stored(at(0, 13.4), _home_meanwhile())
    told.tick(at(0, 14))
    told.tick(at(0, 16))
    events = told.run()
    assert [event["data"]["follow_up"] for event in events if event["type"].endswith("retracted")] == [None]
    assert follow_ups(events) == []


def _home_meanwhile() -> list[bytes]:
    return [record(time, HOME) for time in np.arange(at(0, 13) + 20.0, at(0, 13.2), 20.0).tolist()]


@dataclass
class Night:
    """A night of which officers agree on this and that, as a log."""

    entries: EntryBatch
    told: Timeline
    whole: list[bytes] = field(default_factory=list)

    def bodies(self, cuts: list[int], state: EngineState | None = None) -> list[bytes]:
        state, said = state or EngineState(), []
        edges = [state.offset, *(cut for cut in sorted(cuts) if cut > state.offset), len(self.entries)]
        for first, until in pairwise(edges):
            stepped = step(state, self.entries.slice(first, until), self.told.policies, first=state.offset)
            said += [event_of(outcome, "demo", "Asia/Shanghai").body for outcome in stepped.outcomes]
        return said


@pytest.fixture(scope="module")
def night() -> Night:
    """Two wearers, one of whom is away, silent and late by turns; a clock that is set, a stop, a hand-over."""
    handed = (
        Assignment("B0001", "P0001", at(-30, 0), at(1, 2)), Assignment("B0002", "P0002", at(-30, 0), FOREVER),
        Assignment("B0001", "P0002", at(1, 3), at(1, 3.5)),
    )  # fmt: skip
    told, alarm = away(at(0, 18), alarms=alarm_policies(20 * MINUTE), assignments=handed)
    told.report(NIGHT, HOME, alarm=Alarm.REMOVAL, device="B0002")
    (cut,) = raised(told.run(), "strap_cut")
    for number in range(24):
        now = NIGHT + number * 7 * MINUTE
        which = (alarm, cut["alarm"])[number % 2]
        expects = ("home", "reports", "calls")[number % 3]
        told.act(now, "follow_up", which, f"f{number}", at=now + (5 + number % 5) * MINUTE, expects=expects)
        for minute in range(1, 7, 1 + number % 4):
            place = HOME if number // 6 % 2 else AWAY
            late = 30 * MINUTE if number % 6 == 5 else 0.0
            if number % 7 != 6:
                told.report(now + minute * MINUTE - late, place, received=now + minute * MINUTE)
            told.report(now + minute * MINUTE, HOME, device="B0002")
        if number == 20:
            told.stop(now + 6.5 * MINUTE)
            told.start(now + 6.9 * MINUTE)
    told.run()
    found = Night(merge(told.stepped), told)
    return replace(found, whole=found.bodies([]))


def test_the_night_is_worth_cutting(night):
    verdicts = {one["verdict"] for one in follow_ups([json.loads(body) for body in night.whole])}
    assert verdicts == {"met", "not_met", "unknown"}


@must_meet("cut")
@named(5)
@given(st.lists(st.floats(0.0, 1.0), max_size=30))
@example([number / 40 for number in range(40)])
def test_no_cut_changes_what_was_found(night, met, cuts):
    places = sorted({int(cut * len(night.entries)) for cut in cuts})
    assert night.bodies(places) == night.whole
    met["cut"] += len(places)


def test_batches_of_one_find_the_same(night):
    assert night.bodies(list(range(1, len(night.entries)))) == night.whole


@must_meet("pending", "checked")
@named(5)
@given(st.floats(0.0, 1.0))
@example(0.3)
@example(0.7)
def test_a_snapshot_goes_on_to_the_byte(night, met, cut):
    place, state = int(cut * len(night.entries)), EngineState()
    first = night.entries.slice(0, place)
    said = step(state, first, night.told.policies, first=0).outcomes
    restored = restore(snapshot_of(state))
    restored.history = state.history
    for episode in restored.episodes.values():
        if episode.follow_up is not None:
            met["pending" if episode.follow_up.is_pending else "checked"] += 1
    assert night.bodies([], restored) == night.whole[len(said) :]
