"""What the engine wishes becomes a COMMAND entry like an officer's: once, lawful, and only where everybody may."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import pytest
from dispatch_room import NOON, Room
from timeline import authority

from gateway.commands import own_orders
from gateway.commands.own_orders import OwnOrders
from gateway.engine.records import Closeness, Command, CommandRecord, Wished
from gateway.journal.entries import EntryKind
from protocols.allowance import Allowance, Verdict

CLOSER = Wished("B0001", 60, 1200.0, Closeness.CLOSER)
USUAL = Wished("B0001", 900, 86_400.0, Closeness.USUAL)


def office(**changes: object) -> tuple[Room, OwnOrders]:
    room = Room(**changes)
    return room, OwnOrders(room.dispatcher.in_force, room.dispatcher)


def journaled(room: Room) -> list[Command]:
    """The COMMAND entries that wait for the writer."""
    found = []
    while room.intake.is_waiting:
        batch = room.intake.next_batch().entries.batch()
        found += [
            msgspec.json.decode(batch.bytes_of(at), type=Command)
            for at, kind in enumerate(batch.kind)
            if kind == EntryKind.COMMAND
        ]
    return found


def test_a_wish_is_journaled_as_the_gateways_own_order():
    room, own = office()
    own.take([CLOSER])
    (command,) = journaled(room)
    assert (command.device, command.kind, command.values) == ("B0001", "interval", {"seconds": "60"})
    assert (command.by, command.reason, command.expires) == ("gateway", "closer", NOON + 1200.0)
    assert len(command.id) == 12
    assert room.woken == 1


def test_a_wish_is_taken_once_until_its_order_is_committed():
    room, own = office()
    own.take([CLOSER])
    own.take([CLOSER])
    (command,) = journaled(room)
    own.committed([CommandRecord(replace_id(command, "other"), NOON, 0)])
    own.take([CLOSER])
    assert journaled(room) == []
    own.committed([CommandRecord(command, NOON, 0)])
    own.take([USUAL])
    assert [each.reason for each in journaled(room)] == ["usual"]


def replace_id(command: Command, identity: str) -> Command:
    return msgspec.structs.replace(command, id=identity)


@pytest.mark.parametrize(("wish", "orders"), [(CLOSER, 0), (USUAL, 1)])
def test_closer_reports_take_an_authority_and_the_usual_interval_none(wish, orders):
    room, own = office(authorities=(authority("P0001", until=NOON - 1.0), authority("P0002")))
    own.take([wish])
    assert len(journaled(room)) == orders
    assert room.intake.counts["own_order_refused"] == 1 - orders


def test_a_full_queue_takes_none(monkeypatch):
    monkeypatch.setattr(own_orders, "MOST_PER_DEVICE", 1)
    room, own = office()
    room.give("a")
    own.take([CLOSER])
    assert journaled(room) == []
    assert room.intake.counts["own_order_refused"] == 1
    monkeypatch.setattr(own_orders, "MOST_IN_ALL", 1)
    own.take([replace(CLOSER, device="B0002")])
    assert journaled(room) == []


def test_an_order_that_takes_a_second_person_is_not_given_alone(monkeypatch):
    room, own = office()
    family = type(room.configuration.families["jt808"])
    grave = Verdict(Allowance.MAINTENANCE, "interval")
    monkeypatch.setattr(family, "allowance", staticmethod(lambda _: grave))
    own.take([CLOSER])
    assert journaled(room) == []
