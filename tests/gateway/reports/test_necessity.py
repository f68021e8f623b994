"""Whether bracelets are still needed: what was extended, lifted, ran out, and who has worn one for long."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from story_month import NOW, ZONE, moment, written

from gateway.reports.necessity import early, few, necessity
from gateway.reports.period import month_of, year_to
from gateway.reports.shares import Share
from gateway.settings.load import load

NOVEMBER = month_of("2026-11", ZONE)


@pytest.fixture(scope="module")
def county(tmp_path_factory):
    return load(written(tmp_path_factory.mktemp("november") / "county"))


def test_november_has_two_extensions_with_their_assessments_one_lifted_early_and_one_that_ran_out(county):
    found = necessity(county, NOVEMBER, NOW, {"P0001"})
    assert [(one.document, one.assessment) for one in found.extended] == [
        ("矫定-11", "评估-01"),
        ("矫定-12", "评估-02"),
    ]
    assert [(one.document, one.days) for one in found.lifted] == [("矫定-04", 46)]
    assert [(one.document, one.at) for one in found.expired] == [("矫定-05", moment("2026-11-16 00:00"))]
    assert found.minors == 1
    assert early(found) == {"SFS-01": Share(1, 3), "SFS-02": Share(0, 1)}


def test_who_has_worn_one_for_more_than_sixty_days_and_was_never_confirmed_is_listed_but_no_minor(county):
    """P0005's authority has run out, P0006 wears one for 57 days, P0020 is a minor with 82."""
    assert [(one.person, one.days) for one in necessity(county, NOVEMBER, NOW, {"P0001"}).long] == [("P0002", 98)]
    assert [one.person for one in necessity(county, NOVEMBER, NOW, set()).long] == ["P0001", "P0002"]
    before = necessity(county, month_of("2026-10", ZONE), NOW, set())
    assert [one.person for one in before.long] == ["P0001", "P0002", "P0005"]
    ours = replace(county, people={key: replace(one, minor=False) for key, one in county.people.items()})
    assert [one.person for one in necessity(ours, NOVEMBER, NOW, {"P0001"}).long] == ["P0002", "P0020"]


def test_an_extension_without_an_assessment_is_one_all_the_same(county):
    bare = replace(county, authorities=tuple(replace(one, assessment="") for one in county.authorities))
    assert [one.assessment for one in necessity(bare, NOVEMBER, NOW, set()).extended] == ["", ""]


def test_what_ends_with_the_term_was_not_lifted_early(county):
    people = county.people | {"P0004": replace(county.people["P0004"], term_until=moment("2026-11-16 12:00"))}
    assert necessity(replace(county, people=people), NOVEMBER, NOW, set()).lifted == ()


def test_who_goes_on_with_another_bracelet_was_not_let_go(county):
    more = tuple(
        replace(one, until=math.inf) if one.person == "P0004" else one for one in county.assignments
    )  # fmt: skip
    assert necessity(replace(county, assignments=more), NOVEMBER, NOW, set()).lifted == ()


def test_what_is_still_to_come_has_not_been_and_a_year_has_all_of_it(county):
    assert necessity(county, NOVEMBER, moment("2026-11-12 00:00"), set()).expired == ()
    assert len(necessity(county, NOVEMBER, moment("2026-11-12 00:00"), set()).extended) == 1
    assert len(necessity(county, year_to(NOVEMBER, ZONE), NOW, set()).extended) == 2
    assert necessity(county, month_of("2026-12", ZONE), NOW, set()).lifted == ()


@pytest.mark.parametrize(("count", "said"), [(0, "<3"), (2, "<3"), (3, "3"), (14, "14")])
def test_few_minors_are_not_counted(count, said):
    assert few(count) == said
