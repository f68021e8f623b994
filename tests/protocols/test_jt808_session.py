import math

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from jt808_frames import NOON, batch, frame, location
from met import must_meet

from protocols.jt808.header import read_header
from protocols.jt808.messages.general import GENERAL_ANSWER
from protocols.jt808.messages.login import REGISTER_ANSWER
from protocols.jt808.reports import LAYOUTS
from protocols.jt808.session import Session
from protocols.jt808.wire import seal, unescape, xor
from protocols.session import Decision, Frame, Login, Refused, Step

REGISTER_2013 = bytes(4) + b"MAKER" + b"MODEL".ljust(20, b"\0") + b"ID00001" + b"\0"


def taken(event, kind=Frame):
    assert isinstance(event, kind), event
    return event


def only(session, data, kind=Frame):
    (event,) = session.feed(data, NOON)
    return taken(event, kind)


def opened(answer):
    """Header and body of an answer, its checksum proved."""
    content = unescape(answer[1:-1])
    assert xor(content) == 0
    header = read_header(content)
    body = content[header.size : -1]
    assert header.length == len(body)
    return header, body


@pytest.mark.parametrize("edition_2019", [False, True])
def test_a_location_is_owed_a_general_answer_in_its_own_edition(edition_2019):
    raw = frame(0x0200, location(), serial=0x7E, edition_2019=edition_2019)
    event = only(Session(), raw)
    assert (event.raw, event.identity, event.message, event.device_times) == (raw, "13812345678", 0x0200, (NOON,))
    header, body = opened(event.answer)
    asked = read_header(unescape(raw[1:-1]))
    assert (header.message, header.address, header.version) == (0x8001, asked.address, asked.version)
    answer = GENERAL_ANSWER.parse(body)
    assert (answer.answered_serial, answer.answered_message, answer.result) == (0x7E, 0x0200, 0)


def test_the_general_answer_as_printed_in_the_standard():
    # 8001 of our serial 7 to a location with serial 7E
    session = Session()
    session.claim(7)
    answer = only(session, frame(0x0200, location(), serial=0x7E, phone="013800138000")).answer
    assert session.number(answer).hex() == "7e800100050138001380000007007d02020000557e"


@pytest.mark.parametrize("edition_2019", [False, True])
def test_our_serial_counts_what_leaves_and_wraps(edition_2019):
    session = Session()
    session.claim(0xFFFF)
    answers = [only(session, frame(0x0002, edition_2019=edition_2019)).answer for _ in range(3)]
    assert [opened(answer)[0].serial for answer in answers] == [0, 0, 0]
    assert [opened(session.number(answer))[0].serial for answer in answers] == [0xFFFF, 0, 1]


def test_a_serial_is_put_into_an_answer_and_nothing_else_changes():
    session = Session()
    answer = only(session, frame(0x0200, location(), serial=0x7D7E)).answer
    session.claim(0x7E7D)
    header, body = opened(session.number(answer))
    assert (header._replace(serial=0), body) == opened(answer)
    assert header.serial == 0x7E7D


def test_what_a_padlock_is_answered_has_no_serial_of_ours():
    session = Session()
    answer = only(session, frame(0x5501, bytes(8), attributes=0x8000)).answer
    assert session.number(answer) == answer
    assert opened(session.number(only(session, frame(0x0002)).answer))[0].serial == 0


@pytest.mark.parametrize("number", [0x0002, 0x0003, 0x0704, 0x0900, 0x6006, 0x0210])
def test_messages_with_a_general_answer(number):
    header, body = opened(only(Session(), frame(number, batch() if number == 0x0704 else b"")).answer)
    assert (header.message, GENERAL_ANSWER.parse(body).result) == (0x8001, 0)


@pytest.mark.parametrize("number", [0x0001, 0x0104, 0x0201, 0x8001, 0x8100, 0x9101, 0xF001])
def test_answers_and_platform_messages_are_owed_nothing(number):
    assert only(Session(), frame(number, bytes(5))).answer == b""


def test_an_unknown_message_is_journaled_and_called_unsupported():
    event = only(Session(), frame(0x0B0B, b"?"))
    assert GENERAL_ANSWER.parse(opened(event.answer)[1]).result == 3


def test_the_server_time_is_utc():
    header, body = opened(only(Session(), frame(0x0004, edition_2019=True)).answer)
    assert (header.message, body.hex()) == (0x8004, "260202024000")


def test_a_makers_time_request():
    header, body = opened(only(Session(), frame(0x0109)).answer)
    assert (header.message, body.hex()) == (0x8109, "07ea0202022800" + "00")


def test_register_then_authenticate():
    session = Session()
    asked = only(session, frame(0x0100, REGISTER_2013, serial=9), Login)
    assert (asked.step, asked.frame.identity, asked.frame.answer) == (Step.REGISTER, "13812345678", b"")
    header, body = opened(session.decide(asked, Decision.ACCEPTED, "密码1"))
    answer = REGISTER_ANSWER.parse(body)
    assert (header.message, answer.answered_serial, answer.result) == (0x8100, 9, 0)
    shown = only(session, frame(0x0102, answer.code), Login)
    assert (shown.step, shown.credential) == (Step.AUTHENTICATE, "密码1")
    header, body = opened(session.decide(shown, Decision.ACCEPTED, "密码1"))
    assert (header.message, GENERAL_ANSWER.parse(body).result) == (0x8001, 0)


def test_an_unknown_terminal_gets_result_4_and_no_code():
    session = Session()
    asked = only(session, frame(0x0100, REGISTER_2013), Login)
    answer = REGISTER_ANSWER.parse(opened(session.decide(asked, Decision.UNKNOWN_DEVICE, "secret"))[1])
    assert (answer.result, answer.code) == (4, None)


@pytest.mark.parametrize("decision", [Decision.UNKNOWN_DEVICE, Decision.WRONG_CREDENTIAL])
def test_a_wrong_code_fails(decision):
    session = Session()
    asked = only(session, frame(0x0102, b"wrong"), Login)
    assert GENERAL_ANSWER.parse(opened(session.decide(asked, decision, ""))[1]).result == 1


@pytest.mark.parametrize(
    ("body", "edition_2019", "credential"),
    [
        (b"4567", False, "4567"),
        (b"4567\0", False, "4567"),  # a 2011 terminal's string
        (b"", False, ""),
        (b"\x044567" + b"1" * 15 + b"V1".ljust(20, b"\0"), True, "4567"),
        (b"\x044567", True, "4567"),  # tail missing
        (b"\x0945", True, "45"),  # cut short
        (b"4567", True, "4567"),  # no length before it
        (b"", True, ""),
    ],
)
def test_the_code_in_an_authentication(body, edition_2019, credential):
    assert only(Session(), frame(0x0102, body, edition_2019=edition_2019), Login).credential == credential


def test_a_batch_gives_the_time_of_each_report():
    body = batch(location(NOON), location(NOON + 60, items=[(1, bytes(4))]), location(NOON + 120))
    assert only(Session(), frame(0x0704, body)).device_times == (NOON, NOON + 60, NOON + 120)


def test_a_batch_keeps_what_stands_before_a_record_that_runs_over():
    body = batch(location(NOON), location(NOON + 60))[:-1]
    assert only(Session(), frame(0x0704, body)).device_times == (NOON,)


def test_an_impossible_clock_is_no_time():
    body = bytearray(location())
    body[22:28] = bytes.fromhex("000000083000")
    (time,) = only(Session(), frame(0x0200, bytes(body))).device_times
    assert math.isnan(time)


@pytest.mark.parametrize("number", [0x0801, 0x0900, 0x0100])
def test_a_fragment_is_a_frame_of_its_own(number):
    event = only(Session(), frame(number, b"part", fragment=(2, 1)))
    assert event.device_times == ()
    assert GENERAL_ANSWER.parse(opened(event.answer)[1]).result == 0


@pytest.mark.parametrize("number", LAYOUTS)
@pytest.mark.parametrize("fragment", [(2, 1), (2, 2)])
def test_a_position_in_fragments_is_taken_as_a_fragment_without_a_device_time(number, fragment):
    event = only(Session(), frame(number, location(), fragment=fragment))
    assert (event.is_fragment, event.device_times) == (True, ())


@pytest.mark.parametrize("fragment", [(0, 0), (1, 0), (1, 2), (0, 1), (4, 5)])
def test_a_fragment_whose_index_cannot_be_is_refused(fragment):
    raw = frame(0x0704, location(), fragment=fragment)
    assert only(Session(), raw, Refused) == Refused("bad_fragment", raw)


@pytest.mark.parametrize("edition_2019", [False, True])
def test_a_fragment_1_of_1_is_the_whole_message(edition_2019):
    raw = frame(0x0704, batch(location(), location(NOON + 5)), fragment=(1, 1), edition_2019=edition_2019)
    event = only(Session(), raw)
    assert event.device_times == (NOON, NOON + 5)
    assert GENERAL_ANSWER.parse(opened(event.answer)[1]).result == 0


@pytest.mark.parametrize(("number", "body"), [(0x0200, location()[:27]), (0x0200, b""), (0x0704, b"\0")])
def test_a_malformed_report_is_answered_so_that_it_is_not_sent_for_ever(number, body):
    raw = frame(number, body, serial=5)
    session = Session()
    refused = only(session, raw, Refused)
    assert (refused.reason, refused.raw, session.discarded) == ("malformed", raw, {"malformed": len(raw)})
    answer = GENERAL_ANSWER.parse(opened(refused.answer)[1])
    assert (answer.answered_serial, answer.answered_message, answer.result) == (5, number, 2)


def test_what_may_have_been_cut_on_the_way_or_is_owed_nothing_gets_no_malformed_answer():
    content = unescape(frame(0x0200, location())[1:-1])
    assert only(Session(), seal(content[:-5]), Refused) == Refused("malformed", seal(content[:-5]))
    assert only(Session(), frame(0x0201, b"\0"), Refused).answer == b""
    wrong = bytearray(frame(0x0200, location()[:27]))
    wrong[-2] ^= 1
    assert only(Session(strict_checksum=False), bytes(wrong), Refused).answer == b""


CLOCK_LIKE = 1_769_980_215.0
"""2026-02-02 05:10:15 in GMT+8, whose end and a first item 01 read as a moment of 2002."""


@pytest.mark.parametrize("time", [NOON, CLOCK_LIKE])
@pytest.mark.parametrize("course", [0, 9, 90, 359])
@pytest.mark.parametrize("head", [b"", b"\0\1"])
@pytest.mark.parametrize("items", [(), [(1, bytes(4))], [(0x31, b"\t")]])
def test_a_location_answer_tells_its_time_with_and_without_the_serial(head, time, items, course):
    body = head + location(time, items=items, course_deg=course)
    assert only(Session(), frame(0x0201, body)).device_times == (time,)


def test_a_location_answer_without_a_valid_time_is_read_as_later_editions_have_it():
    body = bytearray(b"\0\1" + location())
    body[24:30] = bytes(6)
    (time,) = only(Session(), frame(0x0201, bytes(body))).device_times
    assert math.isnan(time)


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (frame(0x0200, location(), attributes=0x0400), "encrypted"),
        (frame(0x0200, location(), attributes=0x0800), "encrypted"),
        (frame(0x0704, batch(location()), attributes=0x1000), "encrypted"),
        (b"\x7e\x02\x00\x7e", "short_frame"),
        (b"\x7e\x02\x7d\x03\x7e", "bad_escape"),
        (frame(0x0002)[:-2] + b"\xff\x7e", "bad_checksum"),
        (b"\x7e(text)\r\n\x7e", "text_line"),
        (b"\x7eGET / HTTP/1.1\r\n\x7e", "http_request"),
    ],
)
def test_what_is_wrong_is_refused_counted_and_unanswered(raw, reason):
    session = Session()
    refused, good = session.feed(raw + frame(0x0002), NOON)
    assert taken(refused, Refused) == Refused(reason, raw)
    assert session.discarded == {reason: len(raw)}
    assert taken(good).message == 0x0002


def test_a_wrong_checksum_is_tolerated_only_when_told_and_plausible():
    raw = frame(0x0200, location())
    wrong = raw[:-2] + bytes([raw[-2] ^ 1]) + raw[-1:]
    assert only(Session(), wrong, Refused).reason == "bad_checksum"
    event = only(Session(strict_checksum=False), wrong)
    assert (event.checksum_ok, event.device_times) == (False, (NOON,))
    assert only(Session(strict_checksum=False), wrong[:20] + wrong[25:], Refused).reason == "bad_checksum"


def test_a_wrong_length_is_no_fault():
    body = location()
    raw = frame(0x0200, body)
    content = bytearray(unescape(raw[1:-1]))[:-1]
    content[3] ^= 0x03
    assert only(Session(), seal(bytes(content))).device_times == (NOON,)


STREAM = frame(0x0100, REGISTER_2013) + frame(0x0102, b"4567") + frame(0x0200, location(latitude=0x7E7D7E7D / 1e6))
STREAM += frame(0x0704, batch(location(), location(NOON + 5)))[:-1] + frame(0x0002, edition_2019=True)


@pytest.mark.parametrize("before", [b"", b"\x00\x01", b"(x)\r\n", b"\x7e", b"\x7ehalf"])
@pytest.mark.parametrize("behind", [b"", b"\x7e\x7e", b"\x7ehalf"])
def test_whole_and_byte_by_byte_are_the_same(before, behind):
    data = before + STREAM + behind
    single = Session()
    events = [event for byte in data for event in single.feed(bytes([byte]), NOON)]
    assert events == Session().feed(data, NOON)
    assert [type(event) for event in events if not isinstance(event, Refused)] == [Login, Login, Frame, Frame, Frame]


WORDS = st.sampled_from([b"\x7e", b"\x7d", b"\x7d\x01", STREAM, STREAM[:30], frame(0x0200, b"x"), b"\x02\x00\x40\x1c"])


@must_meet("Frame", "Login", "Refused", "nothing")
@given(st.lists(st.binary(max_size=40) | WORDS, max_size=12), st.booleans())
@example(parts=[], strict=True)
@example(parts=[frame(0x0100, bytes(38)), frame(0x0200, location()), frame(0x0200, b"x")], strict=True)
def test_any_bytes_give_events_and_nothing_else(met, parts, strict):
    session = Session(strict_checksum=strict)
    events = [event for part in parts for event in session.feed(part, NOON)]
    assert all(isinstance(event, Frame | Login | Refused) for event in events)
    assert len(session._deframer._pending) <= 2090
    refused = sum(len(event.raw) for event in events if isinstance(event, Refused))
    assert sum(session.discarded.values()) >= refused
    met.update(type(event).__name__ for event in events)
    met["nothing"] += not events


@must_meet("Frame", "Login", "Refused")
@given(st.binary(max_size=80), st.sampled_from([0x0100, 0x0102, 0x0200, 0x0704, 0x0210, 0x5501, 0x0004, 0x0801]),
       st.integers(0, 0xFFFF))  # fmt: skip
@example(bytes(38), 0x0100, 0)
@example(b"", 0x0200, 0)
@example(location(), 0x0200, 0)
def test_any_body_under_a_right_checksum_is_taken_or_refused(met, body, number, attributes):
    events = Session().feed(frame(number, body, attributes=attributes & ~0x6000), NOON)
    assert len(events) == 1
    for event in events:
        met[type(event).__name__] += 1
        if isinstance(event, Login):
            assert Session().decide(event, Decision.ACCEPTED, "code")
