"""A package for one case: asked by one and approved by another, for whom and over which time."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from timeline import at, county

from gateway.cli.disclosing import Window, _checked
from gateway.cli.disclosure import Asked
from gateway.control.rights import Caller
from gateway.errors import UserFault
from gateway.settings.model import Role, Staff
from gateway.words.phrases import spoken

STAFF = {
    one.number: one
    for one in (
        Staff("D01", "", frozenset({Role.DUTY})), Staff("L01", "", frozenset({Role.LEADER})),
        Staff("A01", "", frozenset({Role.AUDITOR})), Staff("S02", "", frozenset({Role.OFFICE}), "SFS-02"),
    )
}  # fmt: skip
ASKED = Asked(Path("nowhere.zip"), "court", "penalty", "D-7", "L01", "", minor=False)
WINDOW = Window("2026-11-02 00:00", "2026-11-03 00:00", "2026-11-05 09:00", None, "")


def checked(asked=ASKED, window=WINDOW, who="D01", person="P0001", **changes):
    member = STAFF[who]
    caller = Caller(who, "duty", member.roles, member.office)
    return _checked(county(staff=STAFF, **changes), person, caller, asked, window)


def refused(*given, **named) -> str:
    with pytest.raises(UserFault) as told:
        checked(*given, **named)
    return spoken(told.value, "en")


def test_a_case_has_its_recipient_purpose_document_time_and_two_people():
    case = checked()
    assert (case.to, case.purpose, case.document, case.by, case.approved_by) == (
        "court",
        "penalty",
        "D-7",
        "D01",
        "L01",
    )
    assert (case.since, case.until, case.at, case.office) == (at(0, 0), at(1, 0), at(3, 9), "SFS-01")
    assert checked(window=replace(WINDOW, until="")).until == at(3, 9)
    assert checked(window=replace(WINDOW, until="2026-11-20 00:00")).until == at(3, 9), "no further than it is as of"


def test_the_procuratorate_has_places_where_they_are_asked_for_alone():
    to = replace(ASKED, to="procuratorate", purpose="supervision")
    assert checked().places
    assert not checked(to).places
    assert checked(to, replace(WINDOW, places=True)).places
    assert not checked(window=replace(WINDOW, places=False)).places


@pytest.mark.parametrize(("change", "says"), [
    ({"asked": replace(ASKED, to="press")}, "none of police"), ({"asked": replace(ASKED, document="")}, "--document"),
    ({"asked": replace(ASKED, approved_by="D01")}, "may not approve"),
    ({"asked": replace(ASKED, approved_by="S02")}, "may not approve"),
    ({"asked": replace(ASKED, path=Path("x.html"))}, "end in .zip"), ({"person": "P0099"}, "P0099"),
    ({"who": "A01"}, "role"), ({"who": "S02"}, "SFS-02"),
    ({"window": replace(WINDOW, since="2026-09-01 00:00")}, "31 days at most"),
    ({"window": replace(WINDOW, since="2026-11-04 00:00")}, "no time from"),
])  # fmt: skip
def test_what_is_missing_or_not_for_somebody_is_said(change, says):
    assert says in refused(**change)


def test_a_minor_needs_a_reason_and_the_protected_are_never_disclosed():
    people = county().people
    minor = {"people": {**people, "P0001": replace(people["P0001"], minor=True)}}
    assert "is a minor" in refused(**minor)
    assert checked(replace(ASKED, minor=True), replace(WINDOW, minor="by order 3"), **minor).minor == "by order 3"
    guarded = {"people": {**people, "P0001": replace(people["P0001"], protected=True)}}
    assert "is protected" in refused(**guarded)
    assert checked(window=replace(WINDOW, minor="by order 3")).minor == "", "of who is none there is nothing to say"
