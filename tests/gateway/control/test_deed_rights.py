"""Who may do what to the registers, and whose people an office does it for."""

from __future__ import annotations

from dataclasses import replace

import pytest
from timeline import at, county

from gateway.control.deed_rights import DEEDS, check_deed, is_shown
from gateway.control.rights import Caller
from gateway.deeds import FORMS, Deed
from gateway.errors import UserFault
from gateway.settings.model import Assignment, Role
from gateway.words.phrases import spoken

NOW = at(0, 12)
COUNTY = county()
OURS = replace(COUNTY, people=COUNTY.people | {"P0002": replace(COUNTY.people["P0002"], office="SFS-02")})
"""P0001 with B0001 is of SFS-01, P0002 with B0002 of SFS-02."""


def deed(do: str, **values: str) -> Deed:
    return Deed("d", do, values=values)


def may(role: Role, one: Deed, office: str = "SFS-01") -> bool:
    try:
        check_deed(Caller("S01", "user", frozenset({role}), office), one, OURS, NOW)
    except UserFault:
        return False
    return True


def test_each_deed_that_can_be_done_has_its_line():
    assert DEEDS.keys() == FORMS.keys()


@pytest.mark.parametrize("do", FORMS)
def test_each_role_does_what_is_its_own(do):
    entering = {Role.OFFICE, Role.LEADER}
    wanted = {
        "fit": entering | {Role.DUTY, Role.TECHNICIAN}, "swap": entering | {Role.DUTY, Role.TECHNICIAN},
        "put_away": entering | {Role.TECHNICIAN}, "return": entering | {Role.DUTY},
    }.get(do, entering)  # fmt: skip
    assert {role for role in Role if may(role, deed(do, person="P0001", device="B0001"))} == wanted


def test_what_nobody_has_built_nobody_does_but_the_owner_is_told_so_by_the_check():
    assert not any(may(role, deed("lose")) for role in Role)
    check_deed(Caller("D01", "root"), deed("lose"), OURS, NOW)


@pytest.mark.parametrize(
    ("one", "is_ours"),
    [
        (deed("leave", person="P0001"), True),
        (deed("leave", person="P0002"), False),
        (deed("remove", device="B0001"), True),
        (deed("remove", device="B0002"), False),
        (deed("swap", person="P0001", device="B0001", to="B0002"), False),
        (deed("fit", person="P0001", device="B0009"), True),
    ],
)
def test_an_office_does_it_for_its_own_people_alone(one, is_ours):
    assert may(Role.OFFICE, one) == is_ours
    assert may(Role.LEADER, one)
    with pytest.raises(UserFault) as refused:
        check_deed(Caller("S02", "user", frozenset({Role.OFFICE}), "SFS-09"), deed("leave", person="P0001"), OURS, NOW)
    assert "P0001 is not of that office" in spoken(refused.value, "en")


def test_a_bracelet_that_the_other_office_gave_back_may_be_fitted():
    given_back = replace(OURS, assignments=(Assignment("B0002", "P0002", at(-30, 0), at(-1, 0)),))
    check_deed(
        Caller("S01", "user", frozenset({Role.OFFICE}), "SFS-01"), deed("fit", person="P0001", device="B0002"),
        given_back, NOW,
    )  # fmt: skip


def test_an_office_sees_what_was_done_for_its_own_people():
    office = Caller("S01", "user", frozenset({Role.OFFICE}), "SFS-01", within="SFS-01")
    shown = [deed("leave", person="P0001"), deed("remove", device="B0001")]
    hidden = [deed("leave", person="P0002"), deed("remove", device="B0002"), deed("put_away", device="B0009")]
    assert [is_shown(office, one, OURS) for one in shown + hidden] == [True] * 2 + [False] * 3
    assert all(is_shown(Caller("L01", "user", frozenset({Role.LEADER})), one, OURS) for one in shown + hidden)
