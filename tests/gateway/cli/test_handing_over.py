"""Who may hand an alarm's evidence over, for whom and of whom: the law's conditions, one by one."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import pytest
from made_episodes import episode
from timeline import at, county

from gateway.cli.disclosure import Asked, caller_for, storage_for
from gateway.cli.handing_over import as_of, checked
from gateway.control.rights import Caller
from gateway.errors import UserFault
from gateway.evidence.tables import Handing
from gateway.settings.holds import Hold
from gateway.settings.model import Role, Staff, Storage
from gateway.words.phrases import LANGUAGE, spoken

LEADER, DUTY, OFFICE = (Staff(number, "", frozenset({role}), office) for number, role, office in (
    ("L01", Role.LEADER, ""), ("D01", Role.DUTY, ""), ("O01", Role.OFFICE, "SFS-02"),
))  # fmt: skip
STAFF = {one.number: one for one in (LEADER, DUTY, OFFICE)}
ASKED = Asked(Path("nowhere.html"), "court", "penalty", "D-7", "L01", "D01", minor=False)


def caller(number: str) -> Caller:
    member = STAFF[number]
    return Caller(number, "duty", member.roles, member.office)


def people(**changes):
    known = county().people
    return {"people": {**known, "P0001": replace(known["P0001"], **changes)}}


def refused(asked=ASKED, who="D01", alarm=None, **changes) -> str:
    with pytest.raises(UserFault) as told:
        checked(county(**{"staff": STAFF, **changes}), alarm or episode(), caller(who), asked)
    return spoken(told.value, LANGUAGE.get())


def test_with_a_recipient_a_purpose_a_document_and_a_leader_it_is_handed_over():
    found = checked(county(staff=STAFF), episode(), caller("D01"), ASKED)
    assert found == Handing("court", "penalty", "D-7", "D01", "L01")
    alone = checked(county(), episode(), Caller("root", "root"), replace(ASKED, approved_by="head"))
    assert alone.approved_by == "head", "without a table of staff another person is enough"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"to": "press"}, "none of police"), ({"purpose": "merit"}, "none of search"), ({"document": ""}, "--document"),
        ({"approved_by": ""}, "may not approve"), ({"approved_by": "O01"}, "may not approve"),
        ({"approved_by": "X99"}, "may not approve"), ({"path": Path(__file__)}, "is there already"),
    ],
)  # fmt: skip
def test_what_is_missing_is_said(change, says):
    assert says in refused(replace(ASKED, **change))


def test_nobody_approves_his_own_and_an_office_is_kept_to_its_people():
    assert "may not approve" in refused(who="L01")
    assert "SFS-02" in refused(who="O01")
    STAFF["T01"] = Staff("T01", "", frozenset({Role.TECHNICIAN}))
    assert "role" in refused(who="T01")


def test_a_minor_and_who_is_protected_and_whose_term_is_over():
    assert "is a minor" in refused(**people(minor=True))
    assert checked(county(staff=STAFF, **people(minor=True)), episode(), caller("D01"), replace(ASKED, minor=True))
    assert "is protected" in refused(**people(protected=True))
    over = people(term_until=at(0, 0))
    assert "term of P0001 is over" in refused(**over)
    for person, alarm in (("P0001", ""), ("", "0" * 32)):
        held = Hold(person, alarm, "case 9", 0.0, time.time() + 60.0)
        assert checked(county(staff=STAFF, holds=(held,), **over), episode(), caller("D01"), ASKED)
    past = Hold("P0001", "", "case 9", 0.0, 1.0)
    assert "is over" in refused(holds=(past,), **over)


def test_what_is_of_nobody_has_no_evidence():
    assert "of no one person" in refused(alarm=episode("mass_outage", person="", device=""))


def test_it_is_as_of_the_last_change_or_later():
    assert as_of(county(), episode(), "") == at(0, 22.75)
    assert as_of(county(), episode(), "2040-01-01 00:00") > at(0, 23)
    with pytest.raises(UserFault, match="last change"):
        as_of(county(), episode(), "2020-01-01 00:00")


def test_who_asks_is_the_member_of_staff_whom_the_owner_names(tmp_path, monkeypatch):
    known = county(staff=STAFF, storage=Storage(str(tmp_path), 90))
    assert caller_for(known, "O01").roles == {Role.OFFICE}
    assert caller_for(known, "somebody").number == "somebody"
    with pytest.raises(UserFault, match="has not run here"):
        storage_for(known)
    (tmp_path / "state.db").touch()
    assert storage_for(known) == tmp_path
    monkeypatch.setattr("os.access", lambda *_: False)
    with pytest.raises(UserFault, match="may not read"):
        storage_for(known)
