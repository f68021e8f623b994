"""Another configuration comes into force while devices are on line: intake, orders and carriers go by it at once."""

from __future__ import annotations

from dataclasses import replace

import pytest
from dispatch_room import Room
from timeline import FOREVER, at, county

from gateway.carrier.subjects import Subjects
from gateway.commands.accept import command_of
from gateway.commands.wish import Wish
from gateway.engine.records import CommandRecord
from gateway.errors import UserFault
from gateway.in_force import InForce
from gateway.intake.directory import Directory
from gateway.settings.model import Assignment, Authority, AuthorityKind, Carrier, Credential, Device
from protocols.session import Login, Step

NEW = Device("B0009", "jt808", "13900000009", "g10ls")


def followed(room: Room, **changes: object) -> None:
    room.dispatcher.in_force.configuration = replace(room.configuration, **changes)
    room.intake.follow(room.dispatcher.in_force.configuration)


def put_away(key: str) -> dict[str, Device]:
    devices = county().devices
    return {**devices, key: replace(devices[key], put_away=True)}


def test_a_device_that_is_new_is_known_and_lawful_as_its_wearer_is():
    room = Room()
    assert room.intake.directory.find("jt808", NEW.identity) is None
    worn = Assignment("B0009", "P0001", at(0, 0), FOREVER)
    followed(room, devices=room.configuration.devices | {"B0009": NEW}, assignments=(worn,))
    assert room.intake.directory.find("jt808", NEW.identity) == NEW
    assert room.intake.directory.lawful("B0009", at(0, 1))
    assert not room.intake.directory.lawful("B0001", at(0, 1))


def test_the_session_of_what_is_put_away_ends_and_says_no_more():
    room = Room()
    visit, other = room.visit("one"), room.visit("two")
    room.say(visit)
    room.say(other, device="B0002")
    followed(room, devices=put_away("B0001"))
    assert (visit.channel.heard[-1:], "closed" in other.channel.heard) == (["closed"], False)
    before = len(room.intake)
    room.say(visit)
    assert (room.intake.refusals.counts["put_away"], len(room.intake)) == (1, before)
    room.say(other, device="B0002")
    assert room.intake.refusals.counts["put_away"] == 1
    assert len(room.intake) > before


def test_what_is_put_away_cannot_log_in_and_does_not_knock_as_a_stranger():
    room = Room(devices=put_away("B0001"))
    visit = room.visit()
    room.intake.hear(visit, [Login(Step.REGISTER, "", room.frame())])
    assert room.intake.refusals.counts["put_away"] == 1
    assert room.intake.pending.figures() == []


def test_an_order_to_a_device_that_is_new_is_taken_and_reaches_it():
    room = Room()
    wish = Wish("B0009", "locate", "D01", {}, 900.0)
    with pytest.raises(UserFault):
        command_of(wish, room.dispatcher.in_force.configuration, "c1", room.intake.now())
    followed(room, devices=room.configuration.devices | {"B0009": NEW})
    command = command_of(wish, room.dispatcher.in_force.configuration, "c1", room.intake.now())
    room.dispatcher.give([CommandRecord(command, room.intake.now(), 0)])
    assert room.dispatcher.figures()["queued"] == 1


def test_a_phone_is_asked_as_often_as_whoever_uses_it_now_has_it():
    phone = Device("F1", "mlp", "13800000001", "", carrier="mobile")
    first, second = county().people.values()
    people = {"P0001": first, "P0002": replace(second, level="general")}
    used = Assignment("F1", "P0001", at(-1, 0), FOREVER)
    checks = tuple(
        Authority(person, AuthorityKind.PHONE_CHECK, None, "1", "head", at(-2, 0), at(-2, 0), at(50, 0))
        for person in people
    )
    before = county(devices={"F1": phone}, people=people, assignments=(used,), authorities=checks)
    carrier = Carrier(
        "mobile", "http://127.0.0.1:1", "mlp", "", Credential(), {"strict": 600.0, "general": 3600.0}, 60, 1000, 1, 9.0,
        100, "86",
    )  # fmt: skip
    in_force, directory = InForce(before), Directory(before, b"secret")
    subjects = Subjects(in_force, carrier, directory)
    assert subjects.interval(phone.identity, at(0, 0)) == 600.0
    in_force.configuration = replace(before, assignments=(replace(used, person="P0002"),))
    directory.follow(in_force.configuration)
    assert subjects.interval(phone.identity, at(0, 0)) == 3600.0
    in_force.configuration = replace(before, assignments=())
    directory.follow(in_force.configuration)
    assert subjects.interval(phone.identity, at(0, 0)) is None
