"""Who may ask what: an account is whom the table says, and each role does its own work."""

from __future__ import annotations

import pytest
from entered import auditing

from gateway.commands.wish import Wish
from gateway.control.answers import Answers
from gateway.control.audit import ACTS, LOOKS, QUIET
from gateway.control.desk import Desk
from gateway.control.fitting import Fitting
from gateway.control.imports import Imports
from gateway.control.ledger import Ledger
from gateway.control.messages import Request
from gateway.control.papers import PaperDesk
from gateway.control.rights import BESIDE, NEEDS, Caller, caller_of, check_right
from gateway.daemon.draft_desk import DraftDesk
from gateway.daemon.drill import DrillWatch
from gateway.daemon.erasure_desk import ErasureDesk
from gateway.daemon.registers import RegisterDesk
from gateway.daemon.reload import ReloadDesk
from gateway.daemon.roll_call_desk import RollCallDesk
from gateway.errors import UserFault
from gateway.settings.model import Role, Staff
from gateway.words.phrases import spoken

STAFF = {
    "D01": Staff("D01", "zhiban", frozenset({Role.DUTY})),
    "A01": Staff("A01", "shenji", frozenset({Role.AUDITOR})),
    "X01": Staff("X01", "", frozenset({Role.LEADER})),
}
ALL = {"status", "orders", "registers", "dates"}
READ = ALL | {"alarms", "follow", "database", "papers", "paper"}
ORDER = {"devices", "resend", "command", "wait", "cancel", "unconfirmed", "register"}
LEAD = {"report", "load", "drill"}
DRAW = {"draft", "draft_propose"}
LOOK = {"fitting", "fitting_begin", "where", "track", "explain", "places", "keep_history"} | (BESIDE - LEAD) | DRAW
CALL = {"roll_call_look", "roll_call", "roll_calls", "roll_call_sign"}
ERASE = {"erase", "erase_look", "erase_confirm"}
MAY = {
    Role.DUTY: READ | ORDER | LOOK | CALL | {"act", "paper_act", "roll_call_confirm"},
    Role.OFFICE: READ | ORDER | LOOK | CALL | {"act", "paper_act"},
    Role.LEADER: READ
    | ORDER
    | LOOK
    | CALL
    | LEAD
    | {
        "act",
        "paper_act",
        "roll_call_confirm",
        "confirm",
        "pending",
        "reload_confirm",
        "reload_look",
        "import_look",
        "draft_confirm",
    }
    | ERASE,
    Role.TECHNICIAN: ALL
    | ORDER
    | DRAW
    | {"draft_written"}
    | {"pending", "written_back", "reload", "reload_look", "erase", "erase_look", "import", "import_look"},
    Role.AUDITOR: READ | {"reload_look", "erase_look", "audit", "report"},
    Role.PROCURATOR: READ | {"audit", "report"},
}


def allowed(caller, request):
    try:
        check_right(caller, request)
    except UserFault:
        return False
    return True


def test_a_member_of_staff_is_himself_whatever_is_typed():
    assert caller_of("zhiban", owner=False, by="", staff=STAFF) == Caller("D01", "zhiban", frozenset({Role.DUTY}))
    assert caller_of("zhiban", owner=False, by="D01", staff=STAFF).number == "D01"
    with pytest.raises(UserFault) as refused:
        caller_of("zhiban", owner=False, by="A01", staff=STAFF)
    assert spoken(refused.value, "en") == "the account zhiban is D01 and cannot act as A01: leave --by out"
    assert "请去掉 --by" in spoken(refused.value, "zh")


def test_the_daemons_own_account_is_a_member_of_staff_where_the_table_says_so():
    assert caller_of("zhiban", owner=True, by="", staff=STAFF).roles == {Role.DUTY}


@pytest.mark.parametrize("staff", [STAFF, {}])
def test_root_names_whom_it_likes_and_its_account_stands_beside_it(staff):
    assert caller_of("root", owner=True, by="D07", staff=staff) == Caller("D07", "root")
    assert caller_of("root", owner=True, by="", staff=staff) == Caller("root", "root")


@pytest.mark.parametrize("staff", [STAFF, {}])
@pytest.mark.parametrize("by", ["", "D01", "stranger"])
def test_a_stranger_can_do_nothing_and_is_told_what_to_write(staff, by):
    with pytest.raises(UserFault) as refused:
        caller_of("stranger", owner=False, by=by, staff=staff)
    for language in ("zh", "en"):
        assert "user: stranger, roles: [duty]" in spoken(refused.value, language)


@pytest.mark.parametrize("role", Role)
def test_each_role_may_do_what_is_its_own_and_nothing_else(role):
    caller = Caller("N01", "user", frozenset({role}))
    assert {do for do in NEEDS if allowed(caller, Request(do))} == MAY[role]
    assert not allowed(caller, Request("what nobody has written yet"))


def test_roles_add_up_and_root_may_do_everything():
    both = Caller("N01", "user", frozenset({Role.AUDITOR, Role.TECHNICIAN}))
    assert {do for do in NEEDS if allowed(both, Request(do))} == MAY[Role.AUDITOR] | MAY[Role.TECHNICIAN]
    assert all(allowed(Caller("D01", "root"), Request(do)) for do in NEEDS)


@pytest.mark.parametrize("kind", ["locate", "track"])
def test_where_a_person_is_is_not_for_a_technician_to_ask(kind):
    request = Request("command", wish=Wish("B0001", kind, ""))
    assert not allowed(Caller("T01", "user", frozenset({Role.TECHNICIAN})), request)
    assert allowed(Caller("D01", "user", frozenset({Role.DUTY})), request)


def test_who_may_not_is_told_which_roles_may():
    with pytest.raises(UserFault) as refused:
        check_right(Caller("A01", "shenji", frozenset({Role.AUDITOR})), Request("act"))
    assert spoken(refused.value, "en") == "A01 may not act; it takes one of the roles: duty, leader, office"


def test_every_request_that_is_answered_has_its_line():
    answered = {*Answers(*[None] * 8).answers(), *Desk(*[None] * 6).answers(), "follow"}
    answered |= ReloadDesk(*[None] * 4).answers().keys() | ErasureDesk(*[None] * 2).answers().keys()
    answered |= RegisterDesk(*[None] * 3).answers().keys() | Fitting(*[None] * 5).answers().keys()
    answered |= Imports(*[None] * 6).answers().keys() | DraftDesk(*[None] * 3).answers().keys()
    answered |= auditing().answers().keys() | PaperDesk(*[None] * 6).answers().keys()
    answered |= RollCallDesk(*[None] * 4).answers().keys()
    answered |= DrillWatch(*[None] * 3).answers().keys()
    answered |= Ledger(*[None] * 2).answers().keys()
    assert answered == set(NEEDS) - BESIDE
    assert answered == QUIET | LOOKS | ACTS
    assert len(answered) == len(QUIET) + len(LOOKS) + len(ACTS)
