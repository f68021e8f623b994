"""The page of what ends: the soonest first, narrowed by kind and office, for those whom it is for."""

from __future__ import annotations

import re

import pytest
from browser import assert_accessible
from ending_county import NOW, ending
from opened_desk import desk_of, visit
from served_desk import served

from gateway.console.visitor import COOKIE
from gateway.dates.ends import ends
from gateway.words.alarm_words import Words
from gateway.words.date_words import END_KINDS, review_day


@pytest.fixture
def desk(tmp_path):
    return desk_of(ending(tmp_path / "county"), NOW)


def people_of(page: str) -> list[str]:
    return re.findall(r'<th scope="row">(?:<a[^>]*>)?(\w+)', page)


def test_everything_that_ends_is_listed_the_soonest_first(desk):
    expected = ends(desk.configuration, NOW)
    page = visit(desk, "/dates").text
    assert people_of(page) == [one.person for one in expected]
    assert re.findall(r'data-kind="(\w+)"', page) == [one.kind for one in expected]
    assert {one.kind for one in expected} == set(END_KINDS)
    assert 'href="/dates" aria-current="page"' in page
    english = visit(desk, "/dates", language="en").text
    assert "authority for the bracelet" in english
    assert "Days left" in english


def test_an_authority_says_when_it_is_next_to_be_reviewed_and_nothing_else_does(desk):
    found = ends(desk.configuration, NOW)
    words = Words("zh", desk.zone, NOW)
    shown = re.findall(r'<td class="review">(.*?)</td>', visit(desk, "/dates").text)
    assert shown == [review_day(one.review, words) for one in found]
    assert {one.kind for one, said in zip(found, shown, strict=True) if said} == {"authority"}


def test_kind_and_office_narrow_it(desk):
    for kind in END_KINDS:
        assert set(re.findall(r'data-kind="(\w+)"', visit(desk, f"/dates?kind={kind}").text)) <= {kind}
    known = {one.person: one.office for one in ends(desk.configuration, NOW)}
    assert people_of(visit(desk, "/dates?office=SFS-01").text) == known_in(desk, "SFS-01")
    assert set(known.values()) > {"SFS-01"}
    assert "没有即将到期的期限" in visit(desk, "/dates?office=none").text


def known_in(desk, office: str) -> list[str]:
    return [one.person for one in ends(desk.configuration, NOW) if one.office == office]


def test_an_office_sees_its_own_people_and_only_who_may_extend_is_led_there(desk):
    page = visit(desk, "/dates", "S01").text
    assert people_of(page) == known_in(desk, "SFS-01")
    assert "SFS-02" not in page
    assert "/registers/extend?person=" in page
    auditor = visit(desk, "/dates", "A01").text
    assert people_of(auditor) == people_of(visit(desk, "/dates").text)
    assert "/registers/extend" not in auditor
    assert "/person/" not in auditor


def test_minors_stay_out_of_a_print_until_they_are_asked_for(desk):
    minors = [one.person for one in desk.configuration.people.values() if one.minor]
    theirs = [one for one in ends(desk.configuration, NOW) if one.person in minors]
    assert theirs
    assert visit(desk, "/dates").text.count('class="minor"') == len(theirs)
    assert 'class="minor"' not in visit(desk, "/dates?minors=1").text


def test_in_a_browser_it_is_accessible_in_both_languages_and_filtered_by_keyboard(desk, visitor):
    with served(desk) as running:
        watched = visitor(viewport={"width": 1280, "height": 900})
        watched.context.add_cookies([{"name": COOKIE, "value": "D01", "url": running.address}])
        page = watched.context.new_page()
        for language in ("zh", "en"):
            watched.context.add_cookies([{"name": "language", "value": language, "url": running.address}])
            page.goto(f"{running.address}/dates")
            assert_accessible(page)
        page.locator("select[name=kind]").focus()
        page.keyboard.press("End")
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.wait_for_url("**/dates?kind=leave*")
        page.close()
