"""Every message of the table, both ways and in every edition, without a captured frame: its body, answer, account."""

import calendar
import time

import pytest
from jt808_bodies import BODIES
from jt808_frames import NOON, PHONE, frame

from protocols.jt808 import FAMILY
from protocols.jt808.messages import MESSAGES, Direction, Due, Edition
from protocols.jt808.wire import seal, unescape
from protocols.session import Decision, Login

GMT8 = 8 * 3600
PADLOCK = (0x5501, 0x5502)
BY_KIND = {(body.number, body.edition): body for body in BODIES}
UP = [body for body in BODIES if MESSAGES[body.number].direction is Direction.UP]
EACH = pytest.mark.parametrize("body", BODIES, ids=lambda body: body.id)
EACH_UP = pytest.mark.parametrize("body", UP, ids=lambda body: body.id)


def test_every_message_has_a_body_in_every_edition_that_has_its_own():
    own = {
        Edition.E2013: lambda _: True,
        Edition.E2011: lambda message: message.schema_2011 is not None,
        Edition.E2019: lambda message: message.schema_2019 is not None,
    }
    assert set(own) == set(Edition)
    kinds = {(number, edition) for number, message in MESSAGES.items() for edition in Edition if own[edition](message)}
    assert set(BY_KIND) == kinds
    assert len(BY_KIND) == len(BODIES)


def leaves(parsed, name=""):
    """(name, value) of every field in the order of the schema; what a condition left out is not there."""
    if isinstance(parsed, dict):
        return [leaf for key, value in parsed.items() if not key.startswith("_") for leaf in leaves(value, key)]
    if isinstance(parsed, list):
        return [leaf for value in parsed for leaf in leaves(value, name)]
    return [] if parsed is None or (name == "rest" and not parsed) else [(name, parsed)]


def bcd_time(data):
    return float(calendar.timegm(time.strptime(data.hex(), "%y%m%d%H%M%S")) - GMT8)


SCALES = {"latitude": 1e6, "longitude": 1e6, "speed_kmh": 10.0}


def meant(name, data, like):
    """What the bytes mean where the schema gives a value of that type."""
    if isinstance(like, float):
        return bcd_time(data) if name == "time" else int.from_bytes(data, "big") / SCALES[name]
    return int.from_bytes(data, "big") if isinstance(like, int) else data


@EACH
def test_a_body_is_read_field_by_field_and_comes_back(body):
    schema = MESSAGES[body.number].schema_of(body.edition)
    if schema is None:
        assert not body.fields
        return
    found = leaves(schema.parse(body.data))
    assert [name for name, _ in found] == [name for name, _ in body.fields]
    assert [value for _, value in found] == [
        meant(name, data, value) for (name, data), (_, value) in zip(body.fields, found, strict=True)
    ]
    assert schema.build(schema.parse(body.data)) == body.data


def on_the_wire(body, **attribute):
    is_2019 = body.edition is Edition.E2019
    if body.number not in PADLOCK:
        return frame(body.number, body.data, serial=7, edition_2019=is_2019, **attribute)
    head = body.number.to_bytes(2, "big") + (0x8000 | len(body.data)).to_bytes(2, "big")
    return seal(head + bytes.fromhex(PHONE) + b"\x07" + body.data)


GENERAL = {
    0x0002, 0x0003, 0x0108, 0x0200, 0x0210, 0x0301, 0x0303, 0x0506, 0x0702, 0x0704, 0x0705, 0x0800, 0x0900, 0x0901,
    0x2070, 0x6006,
}  # fmt: skip
"""Answered by 8001, result 0."""
OWN = {
    (0x0004, Edition.E2013): "8004 260202024000",
    (0x0100, Edition.E2011): "8100 0007 00 434f4445",
    (0x0100, Edition.E2013): "8100 0007 00 434f4445",
    (0x0100, Edition.E2019): "8100 0007 00 434f4445",
    (0x0102, Edition.E2013): "8001 0007 0102 00",
    (0x0102, Edition.E2019): "8001 0007 0102 00",
    (0x0109, Edition.E2013): "8109 07ea 02 02 02 28 00 00",
    (0x0801, Edition.E2011): "8800 0007 00000009",
    (0x0801, Edition.E2013): "8800 00000009",
    (0x5501, Edition.E2013): "4401 5501 00",
    (0x5502, Edition.E2013): "4401 5502 00",
}


def session_of(edition):
    """A session to whose terminal this edition is known: only a registration tells 2011 from 2013."""
    session = FAMILY.session("standard")
    if edition is Edition.E2011:
        session.feed(on_the_wire(BY_KIND[0x0100, edition]), NOON)
    return session


def answered(body, session):
    event, *_ = session.feed(on_the_wire(body), NOON)
    return session.decide(event, Decision.ACCEPTED, "CODE") if isinstance(event, Login) else event.answer


def said(answer):
    """Message id and body of an answer, in hexadecimal: what stands between them is the sender's own head."""
    content = unescape(answer[1:-1])
    head = 17 if content[2] & 0x40 else 11 if content[:2] == b"\x44\x01" else 12
    return (content[:2] + content[head:-1]).hex()


@EACH_UP
def test_every_message_is_answered_as_its_edition_has_it(body):
    expected = OWN.get((body.number, body.edition), "")
    if body.number in GENERAL:
        expected = f"8001 0007 {body.number:04x} 00"
    answer = answered(body, session_of(body.edition))
    assert (said(answer) if answer else "") == expected.replace(" ", "")


def test_every_answer_there_is_was_given():
    assert set(Due) == {message.due for message in MESSAGES.values()} | {Due.UNSUPPORTED}
    assert said(FAMILY.session("standard").feed(frame(0x1205, serial=7), NOON)[0].answer) == "80010007120503"


@EACH
def test_the_account_of_every_message_names_it_and_its_answer(body):
    raw = on_the_wire(body)
    account = FAMILY.describer("standard")(raw, NOON)
    version = Edition.E2013 if body.edition is Edition.E2011 and body.number != 0x0100 else body.edition
    assert (account["message"], account["message_id"]) == (MESSAGES[body.number].name, f"{body.number:04X}")
    assert (account["version"], account["device"], account["serial"]) == (version.value, PHONE.lstrip("0"), 7)
    assert (account["checksum"], account["fragment"], account["error"]) == ("ok", None, None)
    assert account["length_ok"]
    answers = body.number in GENERAL or (body.number, body.edition) in OWN
    assert (account["reply"] is not None) is answers


PLACED = {
    "time": "2026-02-02T02:40:00Z", "located": True, "latitude": 31.2, "longitude": 121.401184, "altitude_m": 12.0,
    "speed_kmh": 3.6, "course_deg": 90.0, "flags": ["sos"],
}  # fmt: skip
REPORTS = {0x0200: 1, 0x0201: 1, 0x0210: 2, 0x0500: 1, 0x0704: 2, 0x0801: 1}


@EACH_UP
def test_only_messages_with_positions_give_reports_and_each_gives_all_of_its(body):
    account = FAMILY.describer("standard")(on_the_wire(body), NOON)
    count = 0 if body.edition is Edition.E2011 else REPORTS.get(body.number, 0)
    assert [{key: report[key] for key in PLACED} for report in account["reports"]] == [PLACED] * count
