"""Every message and every form of the GT06 family without a captured frame: what it says, and what it is answered."""

import math

import pytest
from gt06_contents import EMPTY, FORMS
from gt06_frames import IMEI, LATITUDE, LONGITUDE, NOON, frame

from protocols.gt06 import FAMILY
from protocols.gt06.messages import MESSAGES, Due
from protocols.report import URGENT, Flag
from protocols.session import Decision, Frame, FrameBatch, Login

CASES = [(number, at, content) for number, contents in FORMS.items() for at, content in enumerate(contents)]
EACH = pytest.mark.parametrize(
    ("number", "at", "content"), CASES, ids=[f"{number:02X}-{at}" for number, at, _ in CASES]
)
TIME_ANSWER = "1a0202022800"
ANSWERS = {
    **dict.fromkeys((0x132, 0x133), "same form"),
    0x17: "wifi",
    0x69: "wifi",
    0x2A: "address",
    0x8A: "time",
    **dict.fromkeys((0x21, 0x34, 0x35, 0x136, 0x38, 0x81, 0x8C, 0x94, 0x9B), ""),
}
"""What is not acknowledged by the number and serial alone."""


def test_every_message_has_a_content_of_every_form():
    assert {number for number, message in MESSAGES.items() if message.forms} == set(FORMS)
    assert {number for number, message in MESSAGES.items() if not message.forms} == set(EMPTY)
    assert {number: len(contents) for number, contents in FORMS.items()} == {
        number: len(message.forms) for number, message in MESSAGES.items() if message.forms
    }


@EACH
def test_a_content_is_taken_by_its_form(number, at, content):
    form = FAMILY.profile(content.profile).form_of(number, content.data)
    assert form is not None
    assert MESSAGES[number].forms.index(form) == at


def rows_of(columns, *names):
    return tuple(zip(*(getattr(columns, name).tolist() for name in names), strict=True))


@EACH
def test_a_content_says_what_its_table_says(number, at, content):
    del at
    batch = FAMILY.decode(FrameBatch.of([content.frame(number)], content.profile))
    assert len(batch) == 1
    assert [None if math.isnan(time) else time for time in batch.time] == [content.time]
    assert (batch.located.tolist(), batch.stored.tolist()) == ([content.placed], [content.stored])
    if content.placed:
        assert (batch.latitude[0], batch.longitude[0]) == pytest.approx((LATITUDE, LONGITUDE))
        assert batch.course_deg[0] == 90
    assert rows_of(batch.cells, "mcc", "mnc", "lac", "cid") == tuple(content.cells)
    assert [(f"{bssid:012x}", level) for bssid, level in rows_of(batch.wifi, "bssid", "rssi_dbm")] == [*content.wifi]
    assert (Flag(int(batch.flags[0])), batch.battery_percent.tolist()) == (content.flags, [content.battery])


def taken(raw, profile="standard"):
    session = FAMILY.session(profile, identity="861000000000001")
    (event,) = session.feed(raw, NOON)
    return session, event


@EACH
def test_a_session_shows_of_it_what_decode_finds(number, at, content):
    del at
    _, event = taken(content.frame(number), content.profile)
    assert isinstance(event, Frame)
    assert [None if math.isnan(time) else time for time in event.device_times] == [content.time]
    assert event.urgent is bool(content.flags & URGENT)
    assert event.live is not content.stored
    assert said(event.answer, number, content) == ANSWERS.get(number, "plain")


def said(answer, number, content):
    """What kind of answer it is, each written out from the protocol notes."""
    short = number & 0xFF
    kinds = {
        b"": "",
        frame(short, b"", 7): "plain",
        frame(short, b"", 7, long=True): "same form",
        frame(short, bytes.fromhex(TIME_ANSWER), 7): "time",
        frame(0x97, b"\x0b" + bytes(4) + b"NA&&NA&&0##", 0, long=True): "address",
        b"\x78\x78\0" + bytes((short,)) + content.data[2:8] + b"\r\n": "wifi",
    }
    kind = kinds[answer]
    # A wifi message with a CRC is acknowledged like all others.
    return "wifi" if number in (0x17, 0x69) and (kind == "wifi") is content.bare else kind


@pytest.mark.parametrize("number", [number for number in EMPTY if number != 0x01])
def test_a_message_without_a_report_is_answered_and_kept(number):
    raw = frame(number & 0xFF, EMPTY[number], 7, long=number > 0xFF)
    _, event = taken(raw)
    assert (event.device_times, event.raw, event.message) == ((), raw, number & 0xFF)
    kinds = {"": b"", "time": frame(0x8A, bytes.fromhex(TIME_ANSWER), 7)}
    kinds["address"] = frame(0x97, b"\x0b" + bytes(4) + b"NA&&NA&&0##", 0, long=True)
    assert event.answer == kinds[ANSWERS[number]]
    assert len(FAMILY.decode(FrameBatch.of([raw], "standard"))) == 0


def test_a_login_is_acknowledged_once_it_is_known():
    session, event = taken(frame(0x01, EMPTY[0x01], 7))
    assert isinstance(event, Login)
    assert event.frame.identity == IMEI.lstrip("0")
    assert session.decide(event, Decision.ACCEPTED, "") == frame(0x01, b"", 7)


def test_every_answer_there_is_was_given():
    met = {ANSWERS.get(number, "plain") for number in MESSAGES}
    assert met == {"plain", "same form", "wifi", "address", "time", ""}
    assert {message.due for message in MESSAGES.values()} == set(Due)


@EACH
def test_the_account_names_the_message(number, at, content):
    del at
    (account,) = FAMILY.describe([content.frame(number)], content.profile)
    assert (account["message"], account["error"], len(account["reports"])) == (MESSAGES[number].name, None, 1)
    assert account["checksum"] == ("none" if content.bare else "ok")
