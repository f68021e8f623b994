"""The score table: shares with weights, and an order only where the figures bear one."""

from __future__ import annotations

from dataclasses import replace

import pytest
from made_episodes import episode
from story_month import ZONE, moment

from gateway.engine import ActLine
from gateway.reports.appraisal import MEASURES, appraise
from gateway.reports.cases import Counting, case_of
from gateway.reports.shares import Share
from gateway.settings.model import Appraisal

AT = moment("2026-11-05 12:00")
NOW = moment("2026-12-01 09:00")
PLAIN = Appraisal(weights=dict.fromkeys(MEASURES, 0) | {"acknowledged": 1})


def office(code: str, in_time: int, late: int = 0):
    """So many closed alarms of an office, acknowledged after a minute or an hour."""
    made = []
    for number, seconds in enumerate([60.0] * in_time + [3600.0] * late):
        acts = [ActLine(AT + seconds, "D01", "acknowledge", 2), ActLine(AT + 2 * seconds, "D01", "attempt", 3)]
        made.append(episode(
            id=f"{code}{number}", office=code, onset=AT, decided=AT, closed=AT + 7200.0, outcome="excused", acts=acts,
        ))  # fmt: skip
    return [case_of(one, ZONE) for one in made]


def appraised(cases, early, settings):
    return appraise(Counting(tuple(cases), NOW, settings), early)


def places(*cases, settings=PLAIN, early=None):
    scores = appraised([one for each in cases for one in each], early or {}, settings)
    return {one.office: one.place or one.why for one in scores}


def test_intervals_that_overlap_have_no_order():
    assert places(office("A", 37, 3), office("B", 30, 2)) == {"A": "together", "B": "together"}


def test_what_lies_wholly_above_has_its_place_and_the_others_theirs():
    found = places(office("A", 100), office("B", 50, 50), office("C", 52, 48), office("D", 2, 98))
    assert found == {"A": 1, "B": "together", "C": "together", "D": 4}


def test_fewer_than_ten_cases_are_compared_with_nobody():
    assert places(office("A", 100), office("B", 9)) == {"A": "alone", "B": "few"}
    assert places(office("A", 100), office("B", 0, 10)) == {"A": 1, "B": 2}
    assert places(office("A", 5), early={"E": Share(1, 1)}) == {"A": "few", "E": "few"}


def test_offices_stand_by_code_and_what_is_nobodys_has_no_row():
    assert list(places(office("B", 12), office("A", 12), office("", 30))) == ["A", "B"]


def test_points_are_weighted_and_what_has_no_case_has_no_weight():
    settings = Appraisal(weights={"acknowledged": 40, "closed": 30, "contacted": 20, "early": 10})
    (one,) = appraised(office("A", 10, 10), {}, settings)
    assert one.shares == {
        "acknowledged": Share(10, 20), "closed": Share(20, 20), "contacted": Share(20, 20), "early": Share(0, 0),
    }  # fmt: skip
    assert one.points == pytest.approx((40 * 50 + 50 * 100) / 90)
    low, high = Share(10, 20).interval
    assert one.low == pytest.approx((40 * low + 50 * Share(20, 20).interval[0]) / 90)
    assert one.high == pytest.approx((40 * high + 50 * 100) / 90)
    (lifted,) = appraised(office("A", 10, 10), {"A": Share(4, 4)}, settings)
    assert lifted.points == pytest.approx((40 * 50 + 60 * 100) / 100)


def test_limits_are_the_settings():
    (one,) = appraised(office("A", 10), {}, replace(PLAIN, acknowledge_seconds=59.0))
    assert one.points == 0.0


def test_nothing_to_count_is_no_score():
    (one,) = appraised([], {"A": Share(0, 3)}, PLAIN)
    assert (one.points, one.why) == (None, "few")


def test_no_measure_is_a_number_of_alarms_people_or_bracelets():
    assert MEASURES == ("acknowledged", "closed", "contacted", "early")
