"""What ends, four kinds apart, and the steps before it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from timeline import DAY, RULES, at, authority, county, leave

from gateway.dates.ends import days_left, ends, step_of
from gateway.dates.falling import every, reviews, steps

NOW = at(1, 8)


def found(**changes):
    return {(one.kind, one.person, one.what): (one.until, one.document) for one in ends(county(**changes), NOW)}


def test_the_four_kinds_stand_apart_and_the_soonest_comes_first():
    people = county().people
    people = people | {"P0001": replace(people["P0001"], term_until=at(90, 0))}
    rules = (replace(RULES["cafes"], until=at(40, 0)), replace(RULES["nights"], start=at(2, 0), until=at(9, 0)))
    changes = {"people": people, "rules": rules, "leave": (leave(at(0, 8), at(3, 20)), leave(at(5, 8), at(6, 8)))}
    configuration = county(authorities=(authority("P0001"),), **changes)
    assert [(one.kind, one.what, one.until, one.document) for one in ends(configuration, NOW)] == [
        ("leave", "", at(3, 20), "office B"),
        ("rule", "cafes", at(40, 0), "order 2"),
        ("authority", "bracelet", at(55, 0), "2026-12"),
        ("term", "", at(90, 0), ""),
    ]


def test_an_authority_that_goes_on_ends_with_the_last_of_them():
    first, gap = authority("P0001", until=at(10, 0)), authority("P0001", at(70, 0), at(90, 0))
    second = replace(authority("P0001", at(10, 0), at(60, 0)), document="2026-13")
    key = ("authority", "P0001", "bracelet")
    assert found(rules=(), authorities=(first, second, gap)) == {key: (at(60, 0), "2026-13")}
    assert found(rules=(), authorities=(first, gap)) == {key: (at(10, 0), "2026-12")}
    assert found(rules=(), authorities=(gap,)) == {}


def test_the_next_review_is_each_thirty_days_from_the_first_of_an_authority_and_not_after_its_end():
    def review(now, *authorities):
        return next(one.review for one in ends(county(rules=(), authorities=authorities), now))

    first = authority("P0001", at(0, 0), at(70, 0))
    assert [review(at(*now), first) for now in ((1, 8), (30, 8), (31, 8), (59, 0))] == [
        at(30, 0), at(30, 0), at(60, 0), at(60, 0),
    ]  # fmt: skip
    assert review(at(61, 8), first) is None
    assert review(at(61, 8), first, authority("P0001", at(70, 0), at(130, 0))) == at(100, 0)


def test_a_zone_that_ends_before_its_rule_is_told_of_by_itself():
    zones = county().zones
    zones = zones | {"cafes": replace(zones["cafes"], until=at(5, 0))}
    assert found(authorities=(), rules=(RULES["cafes"],), zones=zones) == {
        ("rule", "P0001", "cafes cafes"): (at(5, 0), "order 2")
    }


@pytest.mark.parametrize("change", [{"protected": True}, {"term_until": NOW}])
def test_nothing_is_told_of_a_protected_person_or_after_the_term(change):
    people = {name: replace(one, **change) for name, one in county().people.items()}
    assert found(people=people) == {}


@pytest.mark.parametrize(
    ("until", "days", "step"),
    [(31, 31, 0), (30, 30, 30), (14.01, 15, 30), (14, 14, 14), (7, 7, 7), (3, 3, 3), (1.5, 2, 3), (0.2, 1, 1)],
)
def test_a_begun_day_counts_whole_and_the_last_step_reached_is_told(until, days, step):
    left = days_left(NOW + until * DAY, NOW)
    assert (left, step_of(left)) == (days, step)


def test_each_step_falls_into_one_stretch_and_none_before_the_beginning():
    ending = county(rules=(), authorities=(authority("P0001", at(-9, 0), at(20, 0)),))
    whole = steps(ending, NOW, at(-30, 0), at(30, 0))
    assert [(one.days, one.at) for one in whole] == [(14, at(6, 0)), (7, at(13, 0)), (3, at(17, 0)), (1, at(19, 0))]
    parts = [steps(ending, NOW, at(day, 0), at(day + 1, 0)) for day in range(-30, 30)]
    assert [one for part in parts for one in part] == whole


def test_a_review_is_due_every_30_days_while_the_authority_holds():
    one = authority("P0001", at(0, 0), at(90, 0))
    assert [when for _, when in reviews(county(authorities=(one,)), at(0, 0), at(200, 0))] == [at(30, 0), at(60, 0)]


def test_what_comes_again_falls_into_one_stretch_alone():
    assert list(every(at(0, 0), DAY, at(-5, 0), at(2, 0))) == [at(1, 0), at(2, 0)]
    assert list(every(at(0, 0), DAY, at(2, 0), at(2, 12))) == []
