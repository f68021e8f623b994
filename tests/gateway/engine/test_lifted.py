"""Duties that are lifted: by leave from when it is entered, by the days of a rule, by the end of the term."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from timeline import (
    ABROAD,
    AWAY,
    CAFE,
    HOME,
    MINUTE,
    RULES,
    Timeline,
    at,
    brief,
    clock,
    leave,
    of_wearers,
    person,
    raised,
    record,
)

from gateway.engine.lifted import DAYS, leave_of
from gateway.engine.snapshot import restore, snapshot_of
from gateway.settings.absences import Leave

NIGHT = at(0, 22.5)
NOBODY_ELSE = {"P0002": person("P0002", (-4000.0, 0.0))}


def bound(**period: float) -> dict[str, object]:
    """All rules hold in a period alone."""
    return {"rules": tuple(replace(rule, **period) for rule in RULES.values())}


def ended(event: dict, fact: str) -> float:
    """When an alarm ended, which is when its fact says so."""
    data = event["data"]
    assert data["ended"] == data["facts"][fact]
    return clock(data["ended"])


@pytest.mark.parametrize(
    ("place", "kind"), [(ABROAD, "inclusion_exit"), (CAFE, "exclusion_enter")], ids=["outside", "barred"]
)
def test_a_rule_binds_from_its_first_day_to_its_last(place, kind):
    told = Timeline.of(**bound(start=at(0, 14), until=at(0, 15)))
    told.stay(place, at(0, 13), at(0, 16), MINUTE)
    one, *others = [event for event in told.run() if event["data"]["kind"] == kind]
    assert brief([one, *others]) == [("raised", kind), ("cleared", kind)]
    assert clock(one["data"]["onset"]) == at(0, 14)
    assert ended(others[0], "rule_over") == at(0, 15)
    assert others[0]["data"]["text"]["zh"].startswith("【规则期满 15:00，不再判断】")
    assert others[0]["data"]["text"]["en"].startswith("RULE OVER 15:00, no longer judged.")


def test_a_curfew_ends_with_its_rule_in_the_middle_of_a_night():
    told = Timeline.of(**bound(until=at(1, 0)))
    told.stay(HOME, at(0, 20), at(0, 21), 5 * MINUTE)
    told.stay(AWAY, at(0, 21), at(1, 10), 5 * MINUTE)
    events = told.run()
    assert brief(events) == [("raised", "curfew_late"), ("cleared", "curfew_late")]
    assert ended(events[1], "rule_over") == at(1, 0)
    assert max(one.until for one in told.presence if one.duty == "curfew") == at(1, 0)


@pytest.mark.parametrize("term", [at(0, 14), np.inf])
def test_after_the_term_nothing_is_judged_though_an_authority_lasts(term):
    people = {"P0001": replace(person("P0001", HOME), term_until=term), **NOBODY_ELSE}
    told = Timeline.of(people=people)
    told.report(at(0, 13))
    told.stay(CAFE, at(0, 14), at(0, 15), MINUTE)
    assert bool(raised(of_wearers(told.run()))) == (term == np.inf)
    assert (told.counts.get("report_without_authority", 0) == 60) == (term < np.inf)


@pytest.mark.parametrize("returned", [at(1, 0), at(1, 2), at(1, 4), None])
def test_leave_ends_with_the_return_sooner_or_later(returned):
    away = Leave("P0001", "", at(0, 18), at(1, 2), "office B", returned)
    told = Timeline.of(leave=(away,))
    told.stay(ABROAD, at(0, 19), at(1, 6), MINUTE)
    one = raised(told.run(), "inclusion_exit")[0]
    assert clock(one["onset"]) == (returned or at(1, 2))
    assert clock(one["facts"]["leave_ended"]) == (returned or at(1, 2))
    assert "请假已于" in one["text"]["zh"]


def entered(*leaves: Leave, when: float = NIGHT, until: float = at(1, 3), late: bool = False) -> Timeline:
    """P0001 is not home, then leave is entered; ``late``: what was stored of before comes behind it."""
    told = Timeline.of()
    told.stay(HOME, at(0, 20), at(0, 21))
    told.stay(AWAY, at(0, 21), when, 5 * MINUTE)
    told.reconfigure(when, leave=leaves, digest="d2")
    if late:
        told.stored(when + 1.0, [record(time, AWAY) for time in np.arange(at(0, 22) + 7.0, when - 60.0, 60.0).tolist()])
    told.stay(AWAY, when + MINUTE, until, 5 * MINUTE)
    told.run()
    return told


@pytest.mark.parametrize("late", [False, True])
def test_leave_entered_after_the_onset_takes_nothing_back_and_is_said(late):
    told = entered(leave(at(0, 18), at(1, 2)), late=late)
    of_night = [event for event in told.events if event["data"]["kind"] == "curfew_late"]
    changes = [change for change, _ in brief(of_night)]
    assert changes[:3] == ["raised", "updated", "cleared"]
    assert "retracted" not in changes
    assert told.counts.get("report_decided_again", 0) > 0 or not late
    facts = of_night[1]["data"]["facts"]
    assert (clock(facts["leave_entered"]), clock(facts["leave_from"]), clock(facts["leave_until"])) == (
        NIGHT, at(0, 18), at(1, 2),
    )  # fmt: skip
    assert of_night[1]["data"]["text"]["zh"].startswith(
        "【更新】22:30补录请假，报警发生时未登记：不撤回本报警，须由负责人核实。【重要"
    )
    assert "补录请假18:00至02:00，不撤回本报警。" in of_night[1]["data"]["text"]["zh"]
    assert "Leave was entered at 22:30, after the alarm had begun" in of_night[1]["data"]["text"]["en"]
    assert clock(of_night[2]["data"]["facts"]["on_leave"]) == NIGHT + MINUTE
    assert of_night[2]["data"]["text"]["zh"].startswith("【因请假解除 22:31】")


def test_it_is_said_once_and_of_what_is_over_too():
    told = Timeline.of()
    told.stay(HOME, at(0, 20), at(0, 21))
    told.stay(AWAY, at(0, 21), at(1, 9), 5 * MINUTE)
    for number in range(2):
        told.reconfigure(at(1, 10 + number), leave=(leave(at(0, 18), at(1, 8)),), digest=f"d{number}")
    told.tick(at(1, 13))
    told.run()
    marked = [event["data"] for event in told.events if "leave_late" in event["data"]["facts"]]
    assert [data["kind"] for data in marked] == ["curfew_absent"]
    assert "补录请假" in marked[0]["text"]["zh"]


@pytest.mark.parametrize("change", [{"rule": "cafes"}, {"other": "P0002"}])
def test_it_is_said_of_a_duty_of_its_own_wearer_alone(change):
    told = Timeline.of()
    told.stay(CAFE if "rule" in change else AWAY, at(0, 13), at(0, 13.5), MINUTE)
    leaves = (replace(leave(at(0, 12), at(0, 20)), person=change.get("other", "P0001")),)
    told.reconfigure(at(0, 14), leave=leaves, digest="d2")
    told.tick(at(0, 15))
    told.run()
    assert not [event for event in told.events if "leave_late" in event["data"]["facts"]]


def test_leave_that_was_entered_before_the_onset_counts_though_it_began_sooner():
    told = Timeline.of()
    told.report(at(0, 13))
    told.reconfigure(at(0, 13.5), leave=(leave(at(0, 12), at(0, 16)),), digest="d2")
    told.stay(ABROAD, at(0, 14), at(0, 15), MINUTE)
    assert told.run() == []


def test_what_comes_late_of_before_leave_was_entered_is_raised_and_says_so():
    told = Timeline.of()
    told.stay(HOME, at(0, 12), at(0, 13))
    told.reconfigure(at(0, 14), leave=(leave(at(0, 12), at(0, 16)),), digest="d2")
    told.report(at(0, 14.1), ABROAD)
    told.stored(at(0, 14.2), [record(time, ABROAD) for time in np.arange(at(0, 13.2), at(0, 13.6), 60.0).tolist()])
    told.tick(at(0, 15))
    (one,) = raised(told.run(), "inclusion_exit")
    assert clock(one["onset"]) < at(0, 13.5)
    assert one["facts"]["leave_late"] == 1
    assert clock(one["facts"]["leave_entered"]) == at(0, 14)


def test_leave_that_is_taken_away_makes_no_breach_of_the_time_before():
    told = Timeline.of(leave=(leave(at(0, 12), at(0, 20)),))
    told.report(at(0, 12.5), ABROAD)
    told.report(at(0, 13.9), ABROAD)
    told.reconfigure(at(0, 14), leave=(), digest="d2")
    told.stored(at(0, 14.1), [record(time, ABROAD) for time in np.arange(at(0, 13), at(0, 13.8), 60.0).tolist()])
    told.stay(ABROAD, at(0, 14.2), at(0, 15), MINUTE)
    (one,) = raised(told.run(), "inclusion_exit")
    assert clock(one["onset"]) >= at(0, 14)


@pytest.mark.parametrize(
    ("start", "fact", "zh"),
    [
        (at(1, 1), "leave_from", "已登记请假，01:00至03:00，尚未开始。"),
        (at(3, 1), "", "未登记请假。"),
    ],
)
def test_leave_to_come_is_named_where_it_is_near(start, fact, zh):
    told = Timeline.of(leave=(leave(start, start + 2 * 3600.0),))
    told.stay(AWAY, at(0, 21), NIGHT, 5 * MINUTE)
    (one,) = raised(told.run(), "curfew_late")
    assert {name for name in one["facts"] if name.startswith("leave")} == ({fact, "leave_until"} if fact else set())
    assert zh in one["text"]["zh"]


def test_a_snapshot_knows_which_leave_counts():
    told = entered(leave(at(0, 18), at(1, 2)))
    again = restore(snapshot_of(told.state))
    assert again.leave == told.state.leave == {"P0001": [(NIGHT, at(1, 2))]}
    night = int(told.policy.curfews.watch[0])
    for state in (again, told.state):
        assert leave_of(state, told.policy).lookup([night, night], [NIGHT - 1.0, NIGHT]).tolist() == [-1, 1]


def test_what_is_long_past_is_forgotten():
    told = entered(leave(at(0, 18), at(1, 2)))
    told.reconfigure(at(1, 2) + DAYS + 1.0, leave=(leave(at(0, 18), at(1, 2)),), digest="d3")
    told.run()
    assert told.state.leave == {}


def test_presence_ends_where_leave_was_entered_and_not_before():
    told = entered(leave(at(0, 18), at(1, 2)), until=at(1, 1))
    night = [one for one in told.presence if one.duty == "curfew"]
    assert night[-1].since == night[-1].until == NIGHT
