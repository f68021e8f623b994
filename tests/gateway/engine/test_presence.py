"""Presence by duty: what stands of a night, what is not known, what nobody asks for and nobody keeps."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from intervals import table
from timeline import (
    AWAY,
    FOREVER,
    HOME,
    HOUR,
    MINUTE,
    RULES,
    Timeline,
    alarm_policies,
    at,
    authority,
    degrees,
    leave,
    nights,
    person,
    record,
    zones,
)  # fmt: skip

from fencing.verdict import Verdict
from gateway.engine.night import STALE
from gateway.engine.presence import Presence, known_by
from gateway.settings.model import Assignment, Circle, ZoneDefinition

NIGHT, AREA = ("P0001", "curfew", "home:P0001"), ("P0001", "area", "square")
BEGIN, END, AUTHORISED = at(0, 22), at(1, 8), at(55, 0)


def of(told: Timeline, key: tuple[str, str, str] = NIGHT) -> list[tuple[float, float, str]]:
    told.run()
    return table(told.presence).get(key, [])


def test_a_night_absent_and_then_home():
    told = Timeline.of()
    told.stay(AWAY, at(0, 20), at(1, 1), MINUTE)
    told.stay(HOME, at(1, 1), at(1, 9), MINUTE)
    (away, *between, home) = of(told)
    assert away == (BEGIN, away[1], "NOT_HOME")
    assert at(1, 1) <= away[1] <= home[0] < at(1, 1) + 10 * MINUTE
    assert home == (home[0], END, "HOME")
    assert {state for _, _, state in between} <= {"UNKNOWN"}
    assert (home[0] - BEGIN) % MINUTE == 0


def test_what_changes_nothing_says_nothing():
    told = Timeline.of()
    told.stay(HOME, at(0, 20), at(0, 23), MINUTE)
    assert of(told) == [(BEGIN, END, "HOME")]
    said = len(told.presence)
    told.stay(HOME, at(0, 23), at(1, 7), MINUTE)
    told.run()
    assert len(told.presence) == said


def test_a_gap_is_not_known_from_when_the_last_fix_is_stale_to_the_next():
    told = Timeline.of()
    told.stay(HOME, at(0, 21), at(0, 23), MINUTE)
    told.stay(HOME, at(1, 2), at(1, 9), MINUTE)
    lapses = at(0, 23) - MINUTE + STALE
    assert of(told) == [(BEGIN, lapses, "HOME"), (lapses, at(1, 2), "UNKNOWN"), (at(1, 2), END, "HOME")]


def test_a_night_that_begins_in_a_gap_begins_unknown():
    told = Timeline.of()
    told.stay(HOME, at(0, 19), at(0, 20), MINUTE)
    told.stay(HOME, at(1, 2), at(1, 3), MINUTE)
    assert of(told) == [(BEGIN, at(1, 2), "UNKNOWN"), (at(1, 2), END, "HOME")]


def test_who_was_found_just_before_the_night_is_there_when_it_begins():
    told = Timeline.of()
    told.stay(HOME, at(0, 21), BEGIN, MINUTE)
    told.stay(HOME, at(1, 2), at(1, 3), MINUTE)
    assert of(told)[0] == (BEGIN, BEGIN - MINUTE + STALE, "HOME")


def test_who_is_seen_for_the_first_time_is_known_from_then_on():
    told = Timeline.of()
    told.stay(HOME, at(0, 23), at(1, 3), MINUTE)
    first, *_, last = of(told)
    assert (first[0], last[2]) == (at(0, 23), "HOME")


def test_outside_of_a_curfew_s_hours_nothing_is_kept():
    told = Timeline.of()
    told.stay(HOME, at(0, 12), at(3, 12), 10 * MINUTE)
    assert of(told) == [(at(day, 22), at(day + 1, 8), "HOME") for day in range(3)]


def test_a_curfew_of_the_whole_day_is_one_interval():
    rule = replace(RULES["nights"], curfew=nights(0, 1440))
    told = Timeline.of(rules=(rule,))
    told.stay(HOME, at(0, 12), at(3, 12), 10 * MINUTE)
    *_, last = of(told)
    assert last == (last[0], at(4, 0), "HOME")
    assert last[0] < at(0, 13)


def test_an_allowed_area_is_watched_at_all_times():
    told = Timeline.of()
    told.stay(HOME, at(0, 12), at(2, 12), 10 * MINUTE)
    *_, last = of(told, AREA)
    assert last == (last[0], AUTHORISED, "HOME")
    assert last[0] < at(0, 13)


def test_on_leave_nobody_has_to_be_anywhere():
    told = Timeline.of(leave=(leave(at(0, 23), at(1, 3)),))
    told.stay(HOME, at(0, 20), at(1, 9), 10 * MINUTE)
    assert of(told) == [(BEGIN, at(0, 23), "HOME"), (at(1, 3), END, "HOME")]
    *_, before, after = of(told, AREA)
    assert (before[1:], after) == ((at(0, 23), "HOME"), (at(1, 3), AUTHORISED, "HOME"))


def test_a_leave_that_is_entered_meanwhile_ends_what_stands():
    told = Timeline.of()
    told.stay(HOME, at(0, 20), at(1, 0), 10 * MINUTE)
    told.reconfigure(at(1, 0), leave=(leave(at(1, 1), at(1, 3)),), digest="d2")
    told.tick(at(1, 0.1))
    assert of(told) == [(BEGIN, at(1, 1), "HOME")]
    told.stay(HOME, at(1, 0.2), at(1, 9), 10 * MINUTE)
    assert of(told) == [(BEGIN, at(1, 1), "HOME"), (at(1, 3), END, "HOME")]


@pytest.mark.parametrize("entered", [False, True])
def test_after_the_authority_nothing_stands(entered):
    until = at(1, 2)
    late = (authority("P0001"), authority("P0002"))
    changed = (authority("P0001", until=until), authority("P0002"))
    told = Timeline.of(authorities=late if entered else changed)
    told.stay(HOME, at(0, 20), at(1, 1), 10 * MINUTE)
    if entered:
        told.reconfigure(at(1, 1), authorities=changed, digest="d2")
    told.stay(HOME, at(1, 1), at(1, 9), 10 * MINUTE)
    assert of(told) == [(BEGIN, until, "HOME")]
    assert of(told, AREA)[-1][1] == until


def test_an_authority_that_is_extended_goes_on_and_one_that_is_renewed_begins_anew():
    told = Timeline.of(authorities=(authority("P0001", until=at(1, 0)),))
    told.stay(HOME, at(0, 20), at(0, 23), 10 * MINUTE)
    two = authority("P0001", until=at(1, 0)), authority("P0001", at(1, 0), at(1, 2))
    told.reconfigure(at(0, 23), authorities=(*two, authority("P0001", at(1, 4))), digest="d2")
    told.stay(HOME, at(0, 23), at(1, 9), 10 * MINUTE)
    assert of(told) == [(BEGIN, at(1, 2), "HOME"), (at(1, 4), END, "HOME")]


def test_a_bracelet_that_is_handed_over_begins_anew_and_one_that_replaces_it_goes_on():
    swap = at(1, 2)
    told = Timeline.of(
        assignments=(Assignment("B0001", "P0001", at(-30, 0), swap), Assignment("B0002", "P0001", swap, FOREVER))
    )
    told.stay(HOME, at(0, 20), swap, 10 * MINUTE)
    told.stay(HOME, swap, at(1, 9), 10 * MINUTE, device="B0002")
    assert of(told) == [(BEGIN, END, "HOME")]
    told = Timeline.of(
        assignments=(Assignment("B0001", "P0001", at(-30, 0), swap), Assignment("B0001", "P0002", swap, FOREVER)),
        people={"P0001": person("P0001", HOME), "P0002": person("P0002", HOME)},
        rules=(replace(RULES["nights"], people=("P0001", "P0002")),),
    )
    told.stay(HOME, at(0, 20), at(1, 9), 10 * MINUTE)
    assert of(told) == [(BEGIN, swap, "HOME")]
    first, *_, last = of(told, ("P0002", "curfew", "home:P0002"))
    assert (first[0], last[1:]) == (swap, (END, "HOME"))


@pytest.mark.parametrize("next_wearer", [True, False])
def test_before_a_wearing_ends_what_is_known_ends_with_the_last_fix(next_wearer):
    ends = at(1, 2)
    worn = Assignment("B0001", "P0001", at(-30, 0), ends), Assignment("B0001", "P0002", ends, FOREVER)
    told = Timeline.of(assignments=worn)
    told.stay(HOME, at(0, 20), at(1, 0), MINUTE)
    told.stay((-4000.0, 0.0) if next_wearer else HOME, ends + HOUR, ends + 2 * HOUR, MINUTE)
    lapses = at(1, 0) - MINUTE + STALE
    assert of(told) == [(BEGIN, lapses, "HOME"), (lapses, ends, "UNKNOWN")]


def missed(silence: float = 1200.0) -> Timeline:
    """A bracelet that falls silent at 23:00, and is missed."""
    told = Timeline.of(alarms=alarm_policies(silence))
    told.stay(HOME, at(0, 21), at(0, 23), MINUTE)
    told.tick(at(1, 1))
    return told


def test_of_a_bracelet_that_is_missed_the_end_of_what_is_known_is_said_at_once():
    lapses = at(0, 23) - MINUTE + STALE
    assert of(missed()) == [(BEGIN, lapses, "HOME"), (lapses, END, "UNKNOWN")]


def test_and_taken_back_where_it_has_stored_what_it_saw():
    told = missed()
    told.stored(at(1, 1) + 1.0, [record(float(time), HOME) for time in np.arange(at(0, 23), at(1, 1), 10 * MINUTE)])
    told.tick(at(1, 1.1))
    assert of(told) == [(BEGIN, END, "HOME")]


def test_a_bracelet_that_talks_and_is_never_placed_shows_it_itself():
    told = Timeline.of()
    told.stay(HOME, at(0, 20), at(0, 22.5), MINUTE)
    lapses = at(0, 22.5) - MINUTE + STALE
    told.stay(None, at(0, 22.5), lapses + 1.0, MINUTE)
    assert of(told) == [(BEGIN, END, "HOME")]
    told.stay(None, lapses + MINUTE, at(1, 4), MINUTE)
    assert of(told) == [(BEGIN, lapses, "HOME"), (lapses, END, "UNKNOWN")]


def test_another_zone_ends_the_one_and_begins_the_other():
    wide = ZoneDefinition("wide", "all", (Circle("all", *degrees(HOME), 15_000.0),))
    told = Timeline.of()
    told.stay(HOME, at(0, 12), at(0, 15), MINUTE)
    rules = (replace(RULES["stay"], stay_inside="wide"),)
    told.reconfigure(at(0, 15), zones={**zones(), "wide": wide}, rules=rules, digest="d2")
    told.stay(HOME, at(0, 15) + 30.0, at(0, 18), MINUTE)
    assert of(told, AREA)[-1][1:] == (at(0, 15), "HOME")
    first, *_, last = of(told, ("P0001", "area", "wide"))
    assert first[0] == at(0, 15) + 30.0
    assert last[1:] == (AUTHORISED, "HOME")


def test_other_hours_hold_from_when_they_came():
    told = Timeline.of()
    told.stay(HOME, at(0, 12), at(0, 21), MINUTE)
    earlier = replace(RULES["nights"], curfew=nights(20 * 60, 6 * 60))
    told.reconfigure(at(0, 21) - 30.0, rules=(earlier,), digest="d2")
    told.stay(HOME, at(0, 21), at(0, 23), MINUTE)
    assert of(told) == [(at(0, 21) - 30.0, at(1, 6), "HOME")]
    later = replace(RULES["nights"], curfew=nights(23 * 60 + 30))
    told.reconfigure(at(0, 23) - 30.0, rules=(later,), digest="d3")
    told.stay(HOME, at(0, 23), at(1, 9), MINUTE)
    assert of(told) == [
        (at(0, 21) - 30.0, at(0, 23) - 30.0, "HOME"), (at(0, 23.5), END, "HOME"),
    ]  # fmt: skip


def test_the_intervals_are_what_the_last_fix_left_for_as_long_as_it_is_fresh():
    draw = np.random.default_rng(4)
    told, seen = Timeline.of(), []
    time = at(0, 20)
    while time < at(2, 9):
        told.report(time, HOME if draw.random() < 0.8 else AWAY)
        told.run()
        verdict = told.state.watch["verdict"][told.policy.watches.key.index(("P0001", "nights/3", "home:P0001"))]
        seen.append((time, Presence(known_by(verdict)).name))
        time += float(draw.choice([60.0, 120.0, 300.0, 1500.0, 2400.0]))
    rows = of(told)
    assert len(rows) == sum(one.duty == "curfew" for one in told.presence), "each change is said once"
    assert {state for _, _, state in rows} == {"HOME", "NOT_HOME", "UNKNOWN"}
    for moment in np.arange(at(0, 20) + 1.0, seen[-1][0], 97.0):
        last, state = next(one for one in reversed(seen) if one[0] <= moment)
        standing = [state for since, until, state in rows if since <= moment < until]
        in_hours = BEGIN <= moment < END or at(1, 22) <= moment < at(2, 8)
        assert standing == ([state if moment - last <= STALE else "UNKNOWN"] if in_hours else []), moment


def test_a_verdict_has_its_word():
    assert {verdict: Presence(known_by(verdict)) for verdict in Verdict} == {
        Verdict.UNKNOWN: Presence.UNKNOWN, Verdict.IN: Presence.HOME, Verdict.OUT: Presence.NOT_HOME,
    }  # fmt: skip
