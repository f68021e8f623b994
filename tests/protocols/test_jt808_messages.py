"""The table of messages: walked, and held against frames as sent."""

import json

import construct
import pytest
from jt808_frames import NOON, batch, location

from protocols.jt808.answers import ANSWERS
from protocols.jt808.describe import content_of
from protocols.jt808.header import EDITION_2019, ENCRYPTED, FRAGMENTED, read_header
from protocols.jt808.messages import MESSAGES, Direction, Due, Edition, message_of
from protocols.jt808.messages.login import edition_of_register
from protocols.jt808.messages.position import LOCATION_REPORT
from protocols.jt808.reports import LAYOUTS
from protocols.jt808.wire import xor

UP = [message for message in MESSAGES.values() if message.direction is Direction.UP]
DOWN = [message for message in MESSAGES.values() if message.direction is Direction.DOWN]


def test_ids_are_unique_and_keyed_by_themselves():
    from protocols.jt808.messages import _ROWS  # noqa: PLC0415  # the table before it is a mapping

    assert len(_ROWS) == len(MESSAGES)
    assert all(number == message.number for number, message in MESSAGES.items())


@pytest.mark.parametrize("messages", [UP, DOWN])
def test_names_are_unique_in_each_direction(messages):
    names = [message.name for message in messages]
    assert len(set(names)) == len(names)
    assert all(name.isidentifier() and name == name.lower() for name in names)


def test_only_the_terminal_is_owed_something():
    assert {message.due for message in DOWN} == {Due.NOTHING}
    logins = {Due.REGISTER, Due.AUTHENTICATE}
    assert {message.due for message in UP} - logins - {Due.NOTHING} <= set(ANSWERS)


def test_every_message_that_carries_reports_is_in_the_table():
    assert all(message_of(number).schema is not None for number in LAYOUTS)


@pytest.mark.parametrize(
    ("number", "direction"), [(0x1205, Direction.UP), (0x9101, Direction.DOWN), (0xF123, Direction.DOWN)]
)
def test_unknown_messages_have_the_direction_of_their_range(number, direction):
    message = message_of(number)
    assert (message.name, message.direction) == ("unknown", direction)
    assert (message.due is Due.UNSUPPORTED) is (direction is Direction.UP)


# Id, body: where the tables leave something open. One body of each message is tried in test_jt808_kinds.
@pytest.mark.parametrize(
    ("number", "text"),
    [(0x8202, "0000"), (0x8800, "00000001"), (0x0702, "02 260202104000"), (0x0702, "01 260202104000 04")],
)
def test_bodies_without_what_is_left_out_come_back(number, text):
    body = bytes.fromhex(text)
    schema = MESSAGES[number].schema
    assert schema.build(schema.parse(body)) == body


@pytest.mark.parametrize("body", [location(), location(items=[(1, b"\0\0\0\1"), (0x31, b"\t")], rest=b"\x30")])
def test_a_location_comes_back(body):
    assert LOCATION_REPORT.build(LOCATION_REPORT.parse(body)) == body
    whole = batch(body, location(NOON + 60))
    schema = MESSAGES[0x0704].schema
    assert schema.build(schema.parse(whole)) == whole


def test_every_body_as_sent_comes_back_through_its_schema(shared):
    """Through parse and build again, byte for byte; only what no schema fits is listed."""
    misfits, checked = {}, 0
    path = shared / "corpora" / "jt808_wire.jsonl"
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        content = content_of(bytes.fromhex(json.loads(line)["hex"]))
        header = read_header(content)
        if xor(content) or header.attributes & (FRAGMENTED | ENCRYPTED):
            continue
        body = content[header.size : -1]
        edition = Edition.E2019 if header.attributes & EDITION_2019 else Edition.E2013
        edition = edition_of_register(body, edition) if header.message == 0x0100 else edition
        schema = message_of(header.message).schema_of(edition)
        if schema is None:
            continue
        try:
            assert schema.build(schema.parse(body)) == body, number
            checked += 1
        except construct.ConstructError:
            misfits[number] = (header.message, len(body))
    # empty 8001 and 8100 stand in the library's tests as heads of longer ones
    assert {message for message, _ in misfits.values()} <= {0x8001, 0x8100}
    assert {size for _, size in misfits.values()} <= {0}
    assert checked > 90
