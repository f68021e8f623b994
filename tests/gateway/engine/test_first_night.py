"""A curfew that begins to bind somebody in the middle of a night judges from then on, with the grace from then."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from timeline import (
    AWAY,
    FOREVER,
    HOME,
    MINUTE,
    NIGHTS,
    RULES,
    Timeline,
    at,
    authority,
    brief,
    clock,
    leave,
    raised,
    record,
)

from gateway.engine.snapshot import restore, snapshot_of
from gateway.settings.absences import Leave
from gateway.settings.model import Assignment

BOUND = at(1, 1)
"""One in the morning of a night that began at ten."""
OTHER = Assignment("B0002", "P0002", at(-30, 0), FOREVER)
WAYS = {
    "fitted": {"assignments": (Assignment("B0001", "P0001", BOUND, FOREVER), OTHER)},
    "authorised": {"authorities": (authority("P0001", BOUND), authority("P0002"))},
    "rule": {"rules": (replace(RULES["nights"], start=BOUND),)},
    "leave over": {"leave": (leave(at(0, 12), BOUND),)},
    "reported back": {"leave": (Leave("P0001", "", at(0, 12), at(1, 12), "office B", BOUND),)},
}
EACH = pytest.mark.parametrize("way", WAYS)


@EACH
def test_who_is_away_has_the_grace_from_then_and_is_late_since_then(way):
    told = Timeline.of(**WAYS[way])
    told.stay(AWAY, at(0, 20), at(1, 4), MINUTE)
    (one,) = raised(told.run(), "curfew_late")
    grace = NIGHTS.grace_seconds
    assert (clock(one["onset"]), clock(one["facts"]["from"])) == (BOUND, BOUND)
    assert BOUND + grace <= clock(one["decided"]) <= BOUND + grace + 2 * MINUTE
    assert "01:00至08:00应在家" in one["text"]["zh"]


@EACH
def test_who_comes_home_within_that_grace_is_not_late(way):
    told = Timeline.of(**WAYS[way])
    told.stay(AWAY, at(0, 20), BOUND + 10 * MINUTE, MINUTE)
    told.stay(HOME, BOUND + 10 * MINUTE, at(1, 9), MINUTE)
    assert told.run() == []


@EACH
def test_who_stays_away_is_absent_for_the_rest_of_the_night_alone(way):
    told = Timeline.of(**WAYS[way])
    told.stay(AWAY, at(0, 20), at(1, 12), 5 * MINUTE)
    events = told.run()
    assert brief(events) == [("raised", "curfew_late"), ("updated", "curfew_absent")]
    facts = events[1]["data"]["facts"]
    assert (clock(facts["from"]), clock(facts["until"])) == (BOUND, at(1, 8))
    assert clock(facts["out_from"]) >= BOUND
    assert facts["out_seconds"] + facts["unknown_seconds"] <= at(1, 8) - BOUND


@EACH
def test_presence_begins_then(way):
    told = Timeline.of(**WAYS[way])
    told.stay(HOME, at(0, 20), at(1, 12), 5 * MINUTE)
    assert told.run() == []
    assert min(one.since for one in told.presence if one.duty == "curfew") >= BOUND


@EACH
def test_a_snapshot_between_changes_nothing(way):
    whole, cut = Timeline.of(**WAYS[way]), Timeline.of(**WAYS[way])
    for told in (whole, cut):
        told.stay(AWAY, at(0, 20), BOUND + 5 * MINUTE, MINUTE)
        told.run()
    cut.state = restore(snapshot_of(cut.state))
    for told in (whole, cut):
        told.stay(AWAY, BOUND + 5 * MINUTE, at(1, 12), 5 * MINUTE)
        told.run()
    assert whole.events == cut.events
    assert whole.events


@pytest.mark.parametrize("late", [False, True])
def test_a_curfew_that_a_configuration_brings_in_the_night_binds_from_then(late):
    told = Timeline.of(rules=(RULES["stay"],))
    told.stay(AWAY, at(0, 20), BOUND, 5 * MINUTE)
    told.reconfigure(BOUND, rules=(RULES["stay"], RULES["nights"]), digest="d2")
    if late:
        told.report(BOUND + 50 * MINUTE, AWAY)
        told.stored(BOUND + 50 * MINUTE + 1.0, [record(BOUND + MINUTE * one, AWAY) for one in range(-20, 49)])
        told.tick(BOUND + 120 * MINUTE)
    else:
        told.stay(AWAY, BOUND + MINUTE, at(1, 3), MINUTE)
    told.run()
    (one,) = raised(told.events, "curfew_late")
    assert (clock(one["onset"]), clock(one["facts"]["from"])) == (pytest.approx(BOUND, abs=2 * MINUTE), BOUND)
    assert clock(one["onset"]) >= BOUND
    again = restore(snapshot_of(told.state))
    assert again.bound == told.state.bound == {"P0001/nights": BOUND}


def test_a_curfew_that_was_there_before_is_no_new_one():
    told = Timeline.of()
    told.stay(AWAY, at(0, 20), at(0, 22.1), 5 * MINUTE)
    told.reconfigure(at(0, 22.1), leave=(), digest="d2")
    told.stay(AWAY, at(0, 22.2), at(1, 1), 5 * MINUTE)
    told.run()
    (one,) = raised(told.events, "curfew_late")
    assert clock(one["facts"]["from"]) == at(0, 22)
    assert told.state.bound == {}


def test_the_next_night_is_a_whole_one():
    told = Timeline.of(**WAYS["rule"])
    told.stay(HOME, at(0, 20), at(1, 20), 5 * MINUTE)
    told.stay(AWAY, at(1, 20), at(2, 1), MINUTE)
    (one,) = raised(told.run(), "curfew_late")
    assert (clock(one["onset"]), clock(one["facts"]["from"])) == (at(1, 22), at(1, 22))


def test_who_was_home_before_leave_and_not_after_it_has_left_early_after_the_grace():
    told = Timeline.of(leave=(leave(at(0, 23), BOUND),))
    told.stay(HOME, at(0, 20), at(0, 23), 5 * MINUTE)
    told.stay(AWAY, at(0, 23), at(1, 3), MINUTE)
    (one,) = raised(told.run())
    assert one["kind"] == "curfew_early_leave"
    assert (clock(one["onset"]), clock(one["facts"]["from"])) == (BOUND, BOUND)


def test_what_binds_since_ever_leaves_a_night_as_it_is():
    told = Timeline.of()
    told.stay(AWAY, at(0, 20), at(1, 1), MINUTE)
    (one,) = raised(told.run(), "curfew_late")
    assert clock(one["facts"]["from"]) == at(0, 22)
    assert np.isfinite(clock(one["decided"]))
