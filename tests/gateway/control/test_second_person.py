"""Orders that are more than everyday: refused at the door, or done with a reason and a second person."""

from __future__ import annotations

import asyncio

import msgspec
import pytest
from office import Office

from gateway.commands import unconfirmed
from gateway.commands.wish import Wish
from gateway.control.messages import Request
from gateway.control.rights import Caller
from gateway.engine.records import Command, CommandRecord
from gateway.settings.model import Device, Role, Staff

ROOT = "root"
STAFF = {
    number: Staff(number, number.lower(), frozenset({role}))
    for number, role in {
        "D01": Role.DUTY, "T01": Role.TECHNICIAN, "L01": Role.LEADER, "L02": Role.LEADER,
    }.items()
}  # fmt: skip
BOTH = STAFF | {"B01": Staff("B01", "b01", frozenset({Role.TECHNICIAN, Role.LEADER}))}
RESET = ("control", {"command": "reset"})
SERVER = ("set_parameters", {"values": "0029=30,0013=203.0.113.9"})
HEARS = [
    ("B0001", "set_parameters", {"values": "0048=13900000000,0064=60"}, "0048 listening_phone"),
    ("B0001", "pass_through", {"type": "41", "data": "7e8801000039000000010001aa7e"}, "8801"),
    ("B0001", "text", {"text": "*MONITOR,139#"}, "MONIT"),
    ("G0001", "text", {"text": "WHERE#MONITOR#"}, "MONIT"),
]
OTHERS = [
    ("B0001", "control", {"command": "reset"}),
    ("B0001", "control", {"command": "connect", "arguments": "1;x;y;z;203.0.113.9;7611;7611;5"}),
    ("B0001", "pass_through", {"type": "41", "data": "00"}),
    ("G0001", "text", {"text": "SERVER,1,203.0.113.9,7611,0#"}),
    ("G0001", "reset", {}),
    ("R0001", "sos_numbers", {"numbers": "13900000000"}),
    ("A0001", "power_saving", {"on": "1"}),
]


def office(staff=STAFF):
    made = Office(staff=staff)
    for key, protocol in {"G0001": "gt06", "R0001": "r16h", "A0001": "annex_a"}.items():
        made.configuration.devices[key] = Device(key, protocol, "7", "")
    return made


def caller(number, staff=STAFF):
    return Caller(number, number.lower(), staff[number].roles) if number in staff else Caller(number, ROOT)


def ask(made, do, number, *, commit=True, staff=STAFF, **more):
    return asyncio.run(made.ask(Request(do, **more), caller(number, staff), commit=commit))


def wished(device, kind, values, reason=""):
    return Wish(device, kind, "", values, reason=reason)


@pytest.mark.parametrize("staff", [STAFF, {}])
@pytest.mark.parametrize("number", ["T01", "L01", "D01", "root"])
@pytest.mark.parametrize(("device", "kind", "values", "what"), HEARS)
def test_what_hears_or_sees_is_for_nobody_and_leaves_no_trace(staff, number, device, kind, values, what):
    made = office(staff)
    reply = ask(made, "command", number, wish=wished(device, kind, values, "why not"), staff=staff)
    assert not reply.ok
    assert what in reply.error
    assert "article 29" in reply.error
    assert not made.dispatcher.intake.is_waiting
    assert len(made.desk.unconfirmed) == 0


@pytest.mark.parametrize(("device", "kind", "values"), OTHERS)
def test_maintenance_takes_a_technician_a_reason_and_a_second_person(device, kind, values):
    made = office()
    wish = wished(device, kind, values, "no reports since noon")
    assert "no technician" in ask(made, "command", "D01", wish=wish).error
    assert "--reason" in ask(made, "command", "T01", wish=msgspec.structs.replace(wish, reason=" ")).error
    waiting = ask(made, "command", "T01", wish=wish, commit=False).data["unconfirmed"]
    assert not made.dispatcher.intake.is_waiting, "journaled before a second person has said yes"
    assert "somebody else" in ask(made, "confirm", "T01", id=waiting["id"]).error
    assert "no leader" in ask(made, "confirm", "D01", id=waiting["id"]).error
    assert not made.dispatcher.intake.is_waiting
    given = ask(made, "confirm", "L01", id=waiting["id"]).data["command"]
    assert {name: given[name] for name in ("by", "account", "reason", "confirmed_by", "confirmer")} == {
        "by": "T01", "account": "t01", "reason": "no reports since noon", "confirmed_by": "L01", "confirmer": "l01",
    }  # fmt: skip
    assert "no order" in ask(made, "confirm", "L02", id=waiting["id"]).error


def test_who_is_technician_and_leader_is_still_one_person():
    made = office(BOTH)
    waiting = ask(made, "command", "B01", wish=wished("B0001", *RESET, "x"), staff=BOTH).data["unconfirmed"]
    assert "somebody else" in ask(made, "confirm", "B01", id=waiting["id"], staff=BOTH).error


def test_without_a_table_of_staff_roots_word_names_two():
    made = office({})
    waiting = ask(made, "command", "T9", wish=wished("B0001", *SERVER, "moved"), staff={}).data["unconfirmed"]
    assert (waiting["by"], waiting["account"]) == ("T9", "root")
    assert "somebody else" in ask(made, "confirm", "T9", id=waiting["id"], staff={}).error
    assert ask(made, "confirm", "L9", id=waiting["id"], staff={}).data["command"]["confirmed_by"] == "L9"


def test_roots_word_names_members_of_staff_in_their_roles():
    made = office()
    assert "no technician" in ask(made, "command", "Z9", wish=wished("B0001", *RESET, "x")).error


def test_what_waits_can_be_looked_at_and_dropped_and_ends_with_its_time(monkeypatch):
    made = office()
    wish = wished("B0001", *RESET, "x")
    first = ask(made, "command", "T01", wish=wish).data["unconfirmed"]
    assert ask(made, "unconfirmed", "L01", id=first["id"]).data["unconfirmed"] == first
    assert made.desk.figures()["unconfirmed"] == 1
    assert ask(made, "cancel", "T01", id=first["id"]).data == {"dropped": first["id"]}
    assert not ask(made, "confirm", "L01", id=first["id"]).ok
    late = ask(made, "command", "T01", wish=msgspec.structs.replace(wish, expires=60.0)).data["unconfirmed"]
    now = made.dispatcher.intake.now()
    monkeypatch.setattr(type(made.dispatcher.intake), "now", lambda _: now + 61.0)
    assert not ask(made, "confirm", "L01", id=late["id"]).ok
    monkeypatch.setattr(unconfirmed, "MOST", 0)
    assert "at most 500" in ask(made, "command", "T01", wish=msgspec.structs.replace(wish, reason="x" * 501)).error
    assert "0 orders wait" in ask(made, "command", "T01", wish=wish).error


def test_everyday_orders_need_nobody_else():
    made = office()
    given = ask(made, "command", "D01", wish=wished("B0001", "locate", {})).data["command"]
    assert (given["by"], given["account"], given["confirmed_by"]) == ("D01", "d01", "")


@pytest.mark.parametrize(
    ("kind", "values", "more", "refused"),
    [
        ("set_parameters", {"values": "0048=13900000000"}, {}, "0048 listening_phone"),
        ("set_parameters", {"values": "0048=1"}, {"reason": "x", "confirmed_by": "L01"}, "0048 listening_phone"),
        ("control", {"command": "reset"}, {}, "maintenance"),
        ("control", {"command": "reset"}, {"reason": "x"}, "maintenance"),
        ("control", {"command": "reset"}, {"reason": "x", "confirmed_by": "L01"}, ""),
        ("locate", {}, {}, ""),
    ],
)
def test_an_order_that_an_older_version_journaled_is_not_sent_unless_it_may_be(kind, values, more, refused):
    made = office()
    expires = made.dispatcher.intake.now() + 900.0
    command = Command("a1", "B0001", kind, "D01", expires, values, **more)
    made.stored["a1"] = CommandRecord(command, expires - 900.0, 0)
    made.dispatcher.give([made.stored["a1"]])
    assert ("a1" in made.dispatcher.queue) is not bool(refused)
    made.commit()
    ended = made.stored["a1"]
    assert (ended.end == "refused") is bool(refused)
    assert refused in ended.text
