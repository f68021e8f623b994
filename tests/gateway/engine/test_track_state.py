"""The state of each fix in a track: the verdicts by rule and zone, with curfew, grace and leave in them; no finding."""

from __future__ import annotations

import pytest
from shapely import Polygon
from timeline import ABROAD, AWAY, CAFE, HOME, MINUTE, RULES, Timeline, at, degrees, leave, zones

from gateway.engine.step import step
from gateway.engine.track import state_of
from gateway.journal.entries import Gathering
from gateway.settings.model import Area, Rule, ZoneDefinition


def states(told: Timeline) -> dict[float, str]:
    """Step what waits; the state of each fix taken, by its time in minutes of day 0."""
    seen: dict[float, str] = {}

    def look(context, rows) -> None:
        for row in rows:
            if context.person(int(row)) == "P0001":
                seen[(float(context.reports.time[row]) - at(0, 0)) / MINUTE] = state_of(context, int(row))

    step(told.state, told.waiting.batch(), told.policies, look, first=told.state.offset)
    told.waiting = Gathering()
    return seen


def between(seen: dict[float, str], start: float, until: float) -> set[str]:
    return {state for time, state in seen.items() if start * 60 <= time < until * 60}


def test_who_is_away_all_night_is_said_to_be_away_and_by_day_nothing_is_said():
    told = Timeline.of()
    told.stay(AWAY, at(0, 18), at(1, 10), 300.0)
    seen = states(told)
    assert between(seen, 18.5, 22) == {"well"}
    assert between(seen, 22, 22.25) == {"grace:nights:home"}
    assert between(seen, 22.25, 32) == {"away:nights:home"}
    assert between(seen, 32, 34) == {"well"}


def test_who_is_at_home_at_night_is_well_and_who_goes_is_first_undetermined():
    told = Timeline.of()
    told.stay(HOME, at(0, 18), at(1, 1), 60.0)
    told.stay(AWAY, at(1, 1), at(1, 3), 60.0)
    seen = states(told)
    assert between(seen, 22, 25) == {"well"}
    after = [seen[time] for time in sorted(seen) if time >= 25 * 60]
    assert set(after) <= {"well", "unknown:nights:home", "away:nights:home"}
    assert after[-1] == "away:nights:home"


@pytest.mark.parametrize(("place", "rule"), [(ABROAD, "stay:square"), (AWAY, "nights:home")])
def test_leave_is_leave_and_no_more(place, rule):
    told = Timeline.of(leave=(leave(at(0, 12), at(1, 12)),), rules=(RULES["stay"], RULES["nights"]))
    told.stay(place, at(0, 22.5), at(1, 7), 300.0)
    assert {part for state in states(told).values() for part in state.split(";")} <= {
        f"leave:{rule}", "leave:nights:home", "well",
    }  # fmt: skip


def test_leave_opens_no_barred_zone():
    told = Timeline.of(leave=(leave(at(0, 12), at(1, 12)),))
    told.stay(CAFE, at(0, 13), at(0, 14), 60.0)
    assert between(states(told), 13.2, 14) == {"inside:cafes:cafes"}


def test_several_verdicts_stand_side_by_side_the_gravest_first():
    told = Timeline.of()
    told.stay(ABROAD, at(0, 21), at(1, 2), 300.0)
    assert between(states(told), 23, 26) == {"outside:stay:square;away:nights:home"}


def test_a_bracelet_says_nothing_of_what_is_asked_of_a_phone():
    corners = [(-9000.0, -9000.0), (9000.0, -9000.0), (9000.0, 9000.0), (-9000.0, 9000.0)]
    region = ZoneDefinition("r", "r", (Area("r", Polygon([degrees(corner)[::-1] for corner in corners])),))
    rules = (Rule("region", ("P0001",), "order 4", stay_inside="r"), RULES["nights"])
    told = Timeline.of(rules=rules, zones=zones() | {"r": region})
    told.stay(ABROAD, at(0, 13), at(0, 14), 60.0)
    assert between(states(told), 13.2, 14) == {"outside:region:r"}
