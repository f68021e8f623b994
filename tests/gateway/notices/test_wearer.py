"""Texts that the wearer's device shows: orders of the gateway's own, only where a text is for the wearer's eyes."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
from timeline import county

sys.path.append(str(Path(__file__).parents[1] / "commands"))

from dispatch_room import Room

from gateway.engine import About, Notice
from gateway.engine.records import Command
from gateway.journal.entries import EntryKind
from gateway.notices import wearer
from gateway.notices.wearer import WearerTexts, order_of

NOTICE = Notice("0123456789abcdef", "alarm", "wearer", 1.0, About("battery_low", "warning", "P0001", "B0001", "S", 1.0))
TEXT = "您好，设备电量9%，请尽快充电。谢谢配合。"


def given(room: Room, notice: Notice = NOTICE, text: str = TEXT) -> list[Command]:
    texts, found = WearerTexts(room.dispatcher.in_force, room.dispatcher), []
    is_given = texts.give(notice, text)
    while room.intake.is_waiting:
        batch = room.intake.next_batch().entries.batch()
        found += [msgspec.json.decode(batch.bytes_of(at), type=Command) for at, kind in enumerate(batch.kind)
                  if kind == EntryKind.COMMAND]  # fmt: skip
    assert is_given == bool(found)
    return found


def on_line(**changes: object) -> Room:
    room = Room(**changes)
    room.say(room.visit())
    room.commit()
    return room


def test_a_bracelet_that_is_on_line_is_ordered_to_show_it_under_the_notices_own_id():
    (command,) = given(on_line())
    assert (command.device, command.kind, command.by, command.values) == ("B0001", "text", "gateway", {"text": TEXT})
    assert command.id == order_of(NOTICE) == "0123456789ab"


def test_one_that_is_away_unknown_or_reads_texts_as_orders_is_not():
    assert given(Room()) == []
    assert given(on_line(), msgspec.structs.replace(NOTICE, about=About("x", "info", "P", "B0009", "S", 1.0))) == []
    device = replace(county().devices["B0001"], protocol="gt06")
    room = on_line()
    room.dispatcher.in_force.configuration = county(devices={"B0001": device})
    assert given(room) == []


def test_nor_is_one_whose_queue_is_full_or_whose_text_cannot_be_written(monkeypatch):
    assert given(on_line(), text="😀") == []
    room = on_line()
    monkeypatch.setattr(wearer, "MOST_PER_DEVICE", 0)
    assert given(room) == []


@pytest.mark.parametrize("most", [0])
def test_nor_any_while_there_are_too_many_in_all(monkeypatch, most):
    room = on_line()
    monkeypatch.setattr(wearer, "MOST_IN_ALL", most)
    assert given(room) == []
