"""Who works at an office sees and does what is of its people alone; the daemon's account asks for members of staff."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from office import Office, kept
from timeline import ABROAD, FOREVER, HOME, PHONES, Timeline, at, person

from gateway.commands.wish import Wish
from gateway.control.answers import Answers
from gateway.control.messages import Request
from gateway.control.offices import Offices
from gateway.control.places import Places
from gateway.control.rights import NEEDS, Caller, caller_of, check_right
from gateway.engine.records import Command, CommandRecord
from gateway.errors import UserFault
from gateway.journal.controls import Act
from gateway.settings.model import Assignment, Device, Role, Staff
from gateway.words.phrases import spoken
from protocols.order import OrderForm

if TYPE_CHECKING:
    from gateway.engine.episode import Episode

STAFF = {
    "S01": Staff("S01", "", frozenset({Role.OFFICE}), "SFS-01"),
    "S02": Staff("S02", "hedong", frozenset({Role.OFFICE, Role.TECHNICIAN}), "SFS-02"),
    "D01": Staff("D01", "", frozenset({Role.DUTY, Role.OFFICE}), "SFS-01"),
    "S03": Staff("S03", "", frozenset({Role.OFFICE}), ""),
}
PEOPLE = {
    "P0001": person("P0001", HOME),
    "P0002": replace(person("P0002", (-4000.0, 0.0)), office="SFS-02"),
}
MINE, THEIRS = "P0001", "P0002"
DEVICE = {"P0001": "B0001", "P0002": "B0002"}


def asked_by(number: str, request: Request) -> Caller:
    """As the server does, where the daemon's own account asks for a member of staff."""
    return check_right(caller_of("bracelet", owner=True, by=number, staff=STAFF, for_staff=True), request)


@pytest.fixture(autouse=True)
def forms(monkeypatch):
    monkeypatch.setattr("gateway.commands.accept.forms_of", lambda _: {"text": OrderForm("Show it.", ("text",))})


@pytest.fixture
def office() -> Office:
    """A desk of a county of two offices, where both people have been seen."""
    office = Office(people=PEOPLE)
    told = Timeline.of(people=PEOPLE)
    for device in PHONES:
        told.report(at(0, 12), HOME, device=device)
    told.run()
    office.desk.places = Places(lambda: (told.state, told.policy, at(0, 13)), "nowhere", kept)  # type: ignore[arg-type]
    office.desk.offices = Offices(lambda: told.policy)
    office.dispatcher.intake.resume(at(0, 13))
    return office


def refused(answer) -> bool:
    return "of that office" in answer.error


def test_the_console_asks_as_the_member_of_staff_that_it_names():
    caller = caller_of("bracelet", owner=True, by="S01", staff=STAFF, for_staff=True)
    assert caller == Caller("S01", "bracelet", frozenset({Role.OFFICE}), "SFS-01")
    with pytest.raises(UserFault) as denied:
        check_right(caller, Request("confirm"))
    assert spoken(denied.value, "en").startswith("S01 may not confirm")


@pytest.mark.parametrize("by", ["", "S09", "bracelet"])
def test_a_number_that_nobody_has_is_refused(by):
    with pytest.raises(UserFault, match="not in the table of staff"):
        caller_of("bracelet", owner=True, by=by, staff=STAFF, for_staff=True)


@pytest.mark.parametrize("account", ["hedong", "stranger"])
@pytest.mark.parametrize("by", ["D01", "S02", ""])
def test_nobody_but_the_daemons_own_account_asks_for_others(account, by):
    with pytest.raises(UserFault, match="cannot ask for somebody else"):
        caller_of(account, owner=False, by=by, staff=STAFF, for_staff=True)


@pytest.mark.parametrize("do", sorted(NEEDS))
def test_a_request_is_narrowed_where_no_other_role_gives_it(do):
    """Who is on duty as well sees the whole county; who is a technician as well does what technicians do."""
    for number, wider in (("S01", frozenset()), ("S02", frozenset({Role.TECHNICIAN})), ("D01", frozenset({Role.DUTY}))):
        if not STAFF[number].roles & NEEDS[do]:
            continue
        within = asked_by(number, Request(do)).within
        assert within == (None if wider & NEEDS[do] else STAFF[number].office), (do, number)


def test_whoever_is_found_by_place_or_track_is_of_the_office(office):
    for do in ("where", "track"):
        for who in (THEIRS, "P0009", ""):
            request = Request(do, id=who, since=at(0, 12), until=at(0, 12))
            assert refused(asyncio.run(office.ask(request, asked_by("S01", request)))), (do, who)
    request = Request("where", id=MINE)
    assert asyncio.run(office.ask(request, asked_by("S01", request))).data["places"]
    assert asyncio.run(office.ask(request, asked_by("D01", request))).data["places"]
    assert refused(asyncio.run(office.ask(request, asked_by("S02", request))))
    assert refused(asyncio.run(office.ask(request, asked_by("S03", request))))


def test_an_order_goes_to_who_wears_it_now(office):
    for number, who, is_refused in (("S01", MINE, False), ("S01", THEIRS, True), ("D01", THEIRS, False)):
        request = Request("command", wish=Wish(DEVICE[who], "text", number, {"text": "call the office"}))
        answer = asyncio.run(office.ask(request, asked_by(number, request)))
        assert (answer.ok, refused(answer)) == (not is_refused, is_refused), answer
    request = Request("command", wish=Wish("B0009", "text", "S01", {"text": "call the office"}))
    assert refused(asyncio.run(office.ask(request, asked_by("S01", request))))
    assert "no device" in asyncio.run(office.ask(request, asked_by("D01", request))).error


def test_an_order_to_another_offices_device_is_neither_waited_for_nor_cancelled(office):
    given = Request("command", wish=Wish("B0002", "text", "D01", {"text": "call the office"}))
    identity = asyncio.run(office.ask(given, asked_by("D01", given))).data["command"]["id"]
    for do in ("wait", "cancel"):
        request = Request(do, id=identity)
        assert refused(asyncio.run(office.ask(request, asked_by("S01", request)))), do
    request = Request("wait", id=identity)
    assert asyncio.run(office.ask(request, asked_by("D01", request))).data["end"] is None
    gone = Request("cancel", id="no such order")
    assert "no command begins" in asyncio.run(office.ask(gone, asked_by("S01", gone))).error


def test_maintenance_that_waits_is_its_offices_alone(office):
    office.desk.unconfirmed.add(Command("u1", "B0002", "control", "T01", FOREVER), at(0, 13))
    for do in ("unconfirmed", "cancel"):
        request = Request(do, id="u1")
        assert refused(asyncio.run(office.ask(request, asked_by("S01", request)))), do
    assert asyncio.run(office.ask(Request("unconfirmed", id="u1"), Caller("D01", "root"))).data["unconfirmed"]


def two_alarms() -> Timeline:
    told = Timeline.of(people=PEOPLE)
    for device in PHONES:
        told.stay(ABROAD, at(0, 12), at(0, 13), 60.0, device=device)
    told.run()
    return told


class Shelf:
    """Alarms and orders as stored, read at once."""

    def __init__(self, told: Timeline):
        self.told = told

    def episodes(self, *, unresolved: bool) -> list[Episode]:
        assert unresolved
        return list(self.told.state.episodes.values())

    def commands(self, device: str, *, pending: bool) -> list[CommandRecord]:
        assert (device, pending) == ("", True)
        return [
            CommandRecord(Command(f"o{number}", device, "text", "D01", FOREVER), issued, 0)
            for number, (device, issued) in enumerate([("B0001", at(0, 9)), ("B0001", at(0, 13)), ("B0002", at(0, 13))])
        ]

    async def run(self, read):
        return read()


def answers_of(told: Timeline) -> tuple[Answers, list[Act]]:
    shelf, acts = Shelf(told), list[Act]()

    async def act(one: Act) -> str:
        acts.append(one)
        return "done"

    nothing = lambda: None  # noqa: E731
    offices = Offices(lambda: told.policy)
    return Answers(shelf, shelf, act, nothing, nothing, nothing, offices, told.state.episodes.get), acts


def test_alarms_are_listed_and_answered_by_the_persons_office():
    told = two_alarms()
    (answers, acts), request = answers_of(told), Request("alarms")
    persons = {
        number: {one["person"] for one in asyncio.run(
            answers.answers()["alarms"](request, asked_by(number, request))
        ).data["alarms"]}
        for number in STAFF
    }  # fmt: skip
    assert persons == {"S01": {MINE}, "S02": {THEIRS}, "D01": {MINE, THEIRS}, "S03": set()}
    by_person = {one.person: one.id for one in told.state.episodes.values()}
    for who, may in ((MINE, True), (THEIRS, False)):
        request = Request("act", act=Act("1", "acknowledge", by_person[who], "S01"), for_staff=True)
        acting = answers.answers()["act"](request, asked_by("S01", request))
        if may:
            assert asyncio.run(acting).ok
        else:
            with pytest.raises(UserFault, match="of that office"):
                asyncio.run(acting)
    (done,) = acts
    assert (done.by, done.account, done.origin, done.alarm) == ("S01", "bracelet", "console", by_person[MINE])


def test_orders_are_listed_by_who_wore_the_device_when_they_were_given():
    worn = (Assignment("B0001", THEIRS, at(-30, 0), at(0, 10)), Assignment("B0001", MINE, at(0, 11), FOREVER))
    told = Timeline.of(people=PEOPLE, assignments=worn)
    (answers, _), request = answers_of(told), Request("orders")
    listed = {
        number: [one["command"]["id"] for one in asyncio.run(
            answers.answers()["orders"](request, asked_by(number, request))
        ).data["orders"]]
        for number in ("S01", "D01")
    }  # fmt: skip
    assert listed == {"S01": ["o1"], "D01": ["o0", "o1", "o2"]}


def test_a_device_that_nobody_wears_or_knows_is_no_offices():
    told = Timeline.of(
        people=PEOPLE, assignments=(Assignment("B0001", MINE, at(0, 1), at(0, 2)),),
        devices={"B0001": Device("B0001", "jt808", "13900000001", "g10ls")},
    )  # fmt: skip
    offices = Offices(lambda: told.policy)
    assert offices.of_device("B0001", at(0, 1.5)) == "SFS-01"
    assert offices.of_device("B0001", at(0, 3)) == offices.of_device("B0009", at(0, 1.5)) == ""
