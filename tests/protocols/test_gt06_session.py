import math

import pytest
from effort import examples
from gt06_frames import ACCESS_POINTS, BCD_TIME, IMEI, LOGIN, NOON, TIME, cell, crc, frame, gps
from hypothesis import example, given, settings
from hypothesis import strategies as st
from met import must_meet

from protocols.errors import OrderFault, ProfileFault
from protocols.gt06 import FAMILY
from protocols.gt06.messages import MESSAGES, Due
from protocols.gt06.orders import FORMS
from protocols.gt06.profiles import ProfileText, parse_profile
from protocols.gt06.session import PAUSE, QUIET
from protocols.order import Order, Result, Shape
from protocols.session import Decision, Frame, Login, Profiled, Refused, Step

DEVICE = IMEI.lstrip("0")
POSITION = gps() + cell()


def login(zone=None, imei=IMEI):
    return frame(0x01, bytes.fromhex(imei) + (b"" if zone is None else b"\x10\x0f" + zone.to_bytes(2, "big")))


def session(profile="standard", *, strict=True, zone=None, now=NOON, family=FAMILY):
    """A session after a login."""
    made = family.session(profile, strict_checksum=strict)
    (event,) = made.feed(login(zone), now)
    assert isinstance(event, Login)
    return made


def remembering(facts, *, zone, known=(DEVICE,)):
    """A session after a login of a device of which earlier sessions have found out something."""
    return session(zone=zone, family=FAMILY.with_memory(lambda identity: facts if identity in known else ""))


def only(made, data, now=NOON, kind=Frame):
    (event,) = made.feed(data, now)
    assert isinstance(event, kind), event
    return event


def spoilt(raw):
    return raw[:-4] + bytes((raw[-4] ^ 1,)) + raw[-3:]


def test_a_login_says_who_it_is_and_has_no_credential():
    made = FAMILY.session("standard")
    login = only(made, LOGIN, kind=Login)
    assert (login.step, login.credential, login.frame.identity) == (Step.IDENTIFY, "", DEVICE)
    assert (login.frame.raw, login.frame.answer, login.frame.device_times) == (LOGIN, b"", ())
    assert made.decide(login, Decision.ACCEPTED, "") == frame(0x01, b"", 1)


@pytest.mark.parametrize("decision", [Decision.UNKNOWN_DEVICE, Decision.WRONG_CREDENTIAL])
def test_a_device_that_is_not_known_gets_no_answer_that_would_let_it_forget(decision):
    made = FAMILY.session("standard")
    assert made.decide(only(made, LOGIN, kind=Login), decision, "") == b""


def test_rubbish_like_a_long_frame_holds_a_report_up_for_a_pause_only():
    made, report = session(), frame(0x12, POSITION)
    assert made.feed(b"\x78" + report, NOON) == []
    assert made.tick(NOON + PAUSE / 2) == []
    rubbish, taken = made.tick(NOON + PAUSE)
    assert isinstance(rubbish, Refused)
    assert isinstance(taken, Frame)
    assert (rubbish.raw, taken.raw) == (b"\x78", report)


def test_half_a_report_is_waited_for_until_it_has_been_quiet():
    made, report = session(), frame(0x12, POSITION)
    assert made.feed(report[:20], NOON) == []
    assert made.tick(NOON + PAUSE) == made.tick(NOON + QUIET - 1) == []
    (refused,) = made.tick(NOON + QUIET)
    assert isinstance(refused, Refused)


def test_nothing_is_taken_or_answered_before_a_login():
    made = FAMILY.session("standard")
    refused = only(made, frame(0x12, POSITION), kind=Refused)
    assert (refused.reason, refused.answer) == ("before_login", b"")
    assert made.discarded == {"before_login": len(frame(0x12, POSITION))}


@pytest.mark.parametrize(
    "content", [bytes(8), b"\x08\x64\x71", b"\x0a" * 8, bytes.fromhex("08647170036644ff")], ids=bytes.hex
)
def test_a_login_without_an_imei_is_refused(content):
    assert only(FAMILY.session("standard"), frame(0x01, content), kind=Refused).reason == "bad_identity"


def test_a_frame_carries_its_time_and_its_answer():
    event = only(session(), frame(0x22, POSITION, 0x1234))
    assert (event.identity, event.message, event.device_times) == (DEVICE, 0x22, (NOON,))
    assert event.answer == frame(0x22, b"", 0x1234)
    assert (event.checksum_ok, event.length_ok, event.facts) == (True, True, "")


NUMBERS = sorted(number for number in MESSAGES if number & 0xFF not in (0x17, 0x69, 0x01))


@pytest.mark.parametrize("number", NUMBERS, ids=lambda number: f"{number:03x}")
def test_every_message_is_answered_as_its_row_says(number):
    message = MESSAGES[number]
    long = number > 0xFF or number in (0x21, 0x38, 0x70, 0x8C, 0x94, 0x9B, 0xF1)
    content = POSITION.ljust(max(message.least, 120), b"\0")
    event = only(session(), frame(number & 0xFF, content, 0x0D0A, long=long))
    expected = {
        Due.ACK: frame(number & 0xFF, b"", 0x0D0A),
        Due.ACK_SAME_FORM: frame(number & 0xFF, b"", 0x0D0A, long=True),
        Due.NOTHING: b"",
        Due.TIME: frame(0x8A, TIME, 0x0D0A),
        Due.ADDRESS: frame(0x97, b"\x0b\0\0\0\0NA&&NA&&0##", 0, long=True),
    }[message.due]
    assert event.answer == expected


@pytest.mark.parametrize("number", [0x17, 0x69])
def test_a_wifi_frame_is_answered_with_its_own_time(number):
    raw = b"\x78\x78\x03" + bytes((number,)) + BCD_TIME + ACCESS_POINTS + b"\x00\x01\xcc\x00\r\n"
    event = only(session(), raw)
    assert event.answer == b"\x78\x78\x00" + bytes((number,)) + BCD_TIME + b"\r\n"
    assert event.device_times == (NOON,)


def test_a_message_nobody_knows_is_kept_and_acknowledged():
    event = only(session(), frame(0x5C, b"abc", 9))
    assert (event.device_times, event.answer) == ((), frame(0x5C, b"", 9))


def test_a_report_that_can_never_be_used_is_refused_and_answered():
    refused = only(session(), frame(0x12, b"\0\0", 9), kind=Refused)
    assert (refused.reason, refused.answer) == ("malformed", frame(0x12, b"", 9))


def test_a_wrong_crc_is_refused_or_marked():
    raw = spoilt(frame(0x12, POSITION))
    assert only(session(), raw, kind=Refused).reason == "bad_checksum"
    event = only(session(strict=False), raw)
    assert (event.checksum_ok, event.answer) == (False, frame(0x12, b""))


def test_a_false_length_with_a_right_crc_is_taken_and_marked():
    checked = bytes((9, 0x22)) + POSITION + b"\0\x05"
    event = only(session(), b"\x78\x78" + checked + crc(checked).to_bytes(2, "big") + b"\r\n")
    assert (event.length_ok, event.device_times) == (False, (NOON,))


def promising_more(*, sound):
    checked = bytes((200, 0x22)) + POSITION + b"\0\x05"
    raw = b"\x78\x78" + checked + crc(checked).to_bytes(2, "big") + b"\r\n"
    return raw if sound else spoilt(raw)


def test_a_frame_that_promises_more_is_taken_and_answered_at_once_if_its_crc_is_right():
    event = only(session(), promising_more(sound=True))
    assert (event.length_ok, event.device_times, event.answer) == (False, (NOON,), frame(0x22, b"", 5))


def test_a_frame_that_promises_more_and_has_a_wrong_crc_ends_after_a_while_or_with_the_datagram():
    made, raw = session(strict=False), promising_more(sound=False)
    assert made.feed(raw, NOON) == []
    assert made.tick(NOON + 3) == []
    (event,) = made.tick(NOON + 11)
    assert event.raw == raw
    assert made.feed(raw, NOON + 20) == []
    assert [event.raw for event in made.end_datagram(NOON + 20)] == [raw]


def test_a_few_makers_positions_say_themselves_who_speaks():
    first = frame(0x12, bytes.fromhex(IMEI) + gps() + cell())
    event = only(FAMILY.session("standard"), first)
    assert (event.identity, event.device_times) == (DEVICE, (NOON,))
    stamped = b"\x01" + bytes.fromhex(IMEI) + TIME + gps() + b"\x09" + cell() + bytes(13)
    event = only(FAMILY.session("standard"), frame(0x22, stamped))
    assert (event.identity, event.device_times) == (DEVICE, (NOON,))


EAST_8, WEST_4 = 0x3200, 0x190A


def shown(moment, number=0x12, tail=b""):
    """A position whose clock shows this moment, as if it were UTC."""
    from protocols.gt06.clock import to_binary  # noqa: PLC0415  # the test's one use of it

    return frame(number, gps(time=to_binary(moment)) + cell() + tail)


@pytest.mark.parametrize(
    ("profile", "zone", "ahead", "facts"),
    [
        ("concox", EAST_8, 28800, "28800"),
        ("concox", WEST_4, -14400, "-14400"),
        ("standard", EAST_8, 28800, "28800"),
        ("standard", WEST_4, -14400, "-14400"),
        ("standard", EAST_8, 0, ""),
        ("standard", None, 0, ""),
    ],
)
def test_a_live_report_shows_whose_time_the_clock_keeps(profile, zone, ahead, facts):
    made = session(profile, zone=zone)
    event = only(made, shown(NOON + ahead))
    assert (event.device_times, event.facts) == ((NOON,), facts)
    # what came late from the device's memory, under what the live one has shown
    stored = only(made, shown(NOON + ahead - 40_000), NOON + 60)
    assert stored.device_times == (NOON - 40_000,)
    assert only(made, shown(NOON, 0x22)).device_times == (NOON,)


def test_a_stored_report_alone_cannot_be_from_the_future():
    event = only(session(zone=EAST_8), shown(NOON + 28800 - 3600))
    assert (event.device_times, event.facts) == ((NOON - 3600,), "28800")


LIVE, STORED = b"\1\0\0", b"\1\0\1"
"""Tails of a position: ACC, reason, and what it says of itself."""
HOUR = 3600


def test_of_a_devices_earlier_sessions_what_they_found_is_known_from_its_login_on():
    made = remembering("28800", zone=EAST_8)
    event = only(made, shown(NOON + 8 * HOUR - 9 * HOUR, tail=STORED))
    assert (event.device_times, event.facts) == ((NOON - 9 * HOUR,), "28800")


def test_a_login_that_says_another_zone_begins_anew_and_one_that_says_none_or_the_same_does_not():
    assert only(remembering("28800", zone=WEST_4), shown(NOON, tail=LIVE)).facts == ""
    for zone in (EAST_8, None):
        made = remembering("28800", zone=zone)
        assert only(made, shown(NOON - HOUR)).device_times == (NOON - 9 * HOUR,)
        made.feed(login(zone), NOON)
        assert only(made, shown(NOON - HOUR)).device_times == (NOON - 9 * HOUR,)


def test_another_device_on_the_same_connection_has_a_clock_of_its_own():
    made = remembering("28800", zone=EAST_8, known=(DEVICE,))
    assert only(made, shown(NOON - HOUR)).facts == "28800"
    made.feed(login(EAST_8, "0861000000000109"), NOON)
    assert only(made, shown(NOON - HOUR)).facts == ""


@pytest.mark.parametrize(("profile", "facts"), [("standard", "28800"), ("concox", "28800"), ("utc", ""), ("east9", "")])
def test_without_a_login_what_is_known_holds_where_the_profile_leaves_it_open(profile, facts):
    own = [parse_profile(f"name: {name}\ntime: {time}") for name, time in (("utc", "utc"), ("east9", "fixed"))]
    family = FAMILY.with_profiles(own).with_memory(lambda _identity: "28800")
    event = only(family.session(profile, identity=DEVICE), shown(NOON))
    assert (event.identity, event.facts) == (DEVICE, facts)


@pytest.mark.parametrize("zone", [EAST_8, WEST_4])
def test_a_stored_report_never_overturns_what_a_live_one_has_shown(zone):
    ahead = 28800 if zone == EAST_8 else -14400
    for keeps in (ahead, 0):
        made = session(zone=zone)
        assert only(made, shown(NOON + keeps, tail=LIVE)).device_times == (NOON,)
        for moment in (NOON, NOON + ahead, NOON + ahead - HOUR, NOON + 9 * HOUR):
            assert only(made, shown(moment, tail=STORED)).device_times == (moment - keeps,)


def test_a_stored_report_of_now_shows_nothing_though_none_can_be_from_the_future():
    made = session(zone=WEST_4)
    assert only(made, shown(NOON - 4 * HOUR, tail=STORED)).device_times == (NOON - 4 * HOUR,)
    made = session(zone=EAST_8)
    assert only(made, shown(NOON + 7 * HOUR, tail=STORED)).device_times == (NOON - HOUR,)
    assert only(made, shown(NOON, tail=LIVE)).device_times == (NOON,)


def test_a_report_that_does_not_say_whether_it_is_stored_overturns_only_what_is_impossible():
    made = session(zone=EAST_8)
    assert only(made, shown(NOON + 8 * HOUR)).device_times == (NOON,)
    assert only(made, shown(NOON)).device_times == (NOON - 8 * HOUR,)
    assert only(made, shown(NOON, tail=LIVE)).device_times == (NOON,)
    assert only(made, shown(NOON + 8 * HOUR)).device_times == (NOON,)


def test_a_carriers_word_on_who_speaks_is_as_good_as_a_login():
    made = FAMILY.session("standard", identity=DEVICE)
    event = only(made, frame(0x22, POSITION))
    assert (event.identity, event.answer) == (DEVICE, frame(0x22, b""))
    assert made.order(DEVICE, Order("locate")).segments
    with pytest.raises(OrderFault, match="not logged in"):
        made.order("123", Order("locate"))


def test_what_a_device_says_itself_goes_before_a_carriers_word():
    made = FAMILY.session("standard", identity="123")
    assert only(made, frame(0x12, bytes.fromhex(IMEI) + gps() + cell())).identity == DEVICE
    assert only(made, frame(0x12, POSITION)).identity == "123"
    assert only(made, LOGIN, kind=Login).frame.identity == DEVICE
    assert only(made, frame(0x12, POSITION)).identity == DEVICE


def test_decoding_a_journaled_frame_needs_only_its_facts():
    from protocols.session import FrameBatch  # noqa: PLC0415

    event = only(session(zone=EAST_8), shown(NOON + 28800))
    assert FAMILY.decode(FrameBatch.of([event.raw], "standard", event.facts)).time.tolist() == [NOON]


@pytest.mark.parametrize("zone", [0xFFF0, 0x0630])
def test_a_zone_that_is_none_is_utc(zone):
    assert only(session("concox", zone=zone), shown(NOON)).device_times == (NOON,)


def test_an_order_goes_out_as_80_and_its_flag_comes_back():
    made = session()
    sending = made.order(DEVICE, Order("text", {"text": "STATUS#"}))
    flag = int(NOON).to_bytes(4, "big")
    assert sending.segments == (frame(0x80, b"\x0b" + flag + b"STATUS#\0\2", 1),)
    assert sending.accepted_by == sending.answered_by == flag.hex()
    event = only(made, frame(0x15, b"\x07" + flag + b"OK!\0\2"))
    assert [(reply.key, reply.result, reply.text) for reply in event.replies] == [(flag.hex(), Result.DONE, "OK!")]
    again = made.order(DEVICE, Order("locate"))
    assert again.answered_by != sending.answered_by
    assert b"WHERE#" in again.segments[0]


@pytest.mark.parametrize(
    ("coding", "text", "result"),
    [
        (b"\x01", b"Battery:80%", Result.DONE),
        (b"\x01", b"Command error!", Result.FAILED),
        (b"\x02", "设置成功".encode("utf-16-be"), Result.DONE),
        (b"\x02", "Invalid".encode("utf-16-be"), Result.FAILED),
    ],
)
def test_21_answers_in_ascii_or_utf_16(coding, text, result):
    event = only(session(), frame(0x21, b"\0\0\0\x07" + coding + text, long=True))
    (reply,) = event.replies
    assert (reply.key, reply.result) == ("00000007", result)
    assert reply.text == text.decode("utf-16-be" if coding == b"\x02" else "ascii")


@pytest.mark.parametrize("content", [b"", b"\x02\0", b"\xff\0\0\0\1abc", b"\x03\0\0\0\1abc"], ids=bytes.hex)
def test_an_answer_that_is_cut_answers_nothing(content):
    assert only(session(), frame(0x15, content)).replies == ()


@pytest.mark.parametrize(
    ("order", "words"),
    [
        (Order("track"), "no order"),
        (Order("interval"), "takes seconds"),
        (Order("interval", {"seconds": "0"}), "must match"),
        (Order("interval", {"seconds": "60#\n"}), "must match"),
        (Order("locate", {"seconds": "60"}), "takes no argument"),
        (Order("text", {"text": "设"}), "must match"),
        (Order("text", {"text": "x" * 201}), "must match"),
        (Order("locate", shapes=(Shape(1, "home", ((1.0, 2.0),), 50.0),)), "fences"),
    ],
)
def test_an_order_that_cannot_be_given_says_why(order, words):
    with pytest.raises(OrderFault, match=words):
        session().order(DEVICE, order)


def test_an_order_to_a_device_that_is_not_here_says_so():
    with pytest.raises(OrderFault, match="not logged in"):
        session().order("123", Order("locate"))
    with pytest.raises(OrderFault, match="not logged in"):
        FAMILY.session("standard").order(DEVICE, Order("locate"))


def test_every_order_of_the_family_can_be_written():
    values = {"seconds": "60", "text": "x" * 200}
    for kind, form in FORMS.items():
        order = Order(kind, {name: values[name] for name in form.required})
        (segment,) = session().order(DEVICE, order).segments
        assert segment.startswith(b"\x78\x78")


@pytest.mark.parametrize(("kept", "left"), [((True,), True), ((False,), False)])
def test_a_report_that_may_not_be_kept_takes_its_frame_with_it(kept, left):
    raw = frame(0x12, POSITION)
    assert FAMILY.keep(raw, kept) == (raw if left else b"")


def test_a_frame_without_reports_is_kept_and_too_many_decisions_are_an_error():
    raw = frame(0x9B, b"abc", long=True)
    assert FAMILY.keep(raw, ()) == raw
    with pytest.raises(ValueError, match="decisions"):
        FAMILY.keep(raw, (True,))
    with pytest.raises(ValueError, match="decisions"):
        FAMILY.keep(frame(0x12, POSITION), (True, False))


def test_a_customers_profile_stands_beside_the_familys_own():
    assert isinstance(FAMILY, Profiled)
    alarms = "{0x13: case_open, 0x0C: strap_cut, 0x06: none}"
    text = f"name: mine\nextends: concox\nalarms: {alarms}\ntime: fixed\nzone_hours: 8\n"
    wider = FAMILY.with_profiles([parse_profile(text)])
    assert wider.profiles == (*FAMILY.profiles, "mine")
    made = wider.session("mine")
    made.feed(LOGIN, NOON)
    event = only(made, shown(NOON + 28800))
    assert (event.device_times, event.facts) == ((NOON,), "")
    alarm = wider.profile("mine").alarm
    assert [int(alarm[code]) for code in (0x13, 0x0C, 0x06, 0x01)] == [8, 2, 0, 1]


def test_a_code_may_be_written_as_the_makers_print_it():
    codes = ProfileText(name="a", alarms={"0x13": "sos", 0x14: "fall"}).alarms
    assert codes == {0x13: "sos", 0x14: "fall"}
    with pytest.raises(ValueError, match="alarms"):
        ProfileText(name="a", alarms={"0x113": "sos"})


@pytest.mark.parametrize(("text", "words"), [("name: r11", "already"), ("name: a\nextends: b", "no such profile")])
def test_a_profile_that_cannot_stand_is_refused(text, words):
    with pytest.raises(ProfileFault, match=words):
        FAMILY.with_profiles([parse_profile(text)])


@pytest.mark.parametrize(
    "text",
    [
        "name: a\nalarms: {1: sso}", "name: a\nalarms: {256: sos}", "name: a\nlayouts: [x]",
        "name: a\norders: {fly: F#}",
        "name: a\norders: {interval: TIMER#}", 'name: a\norders: {locate: "定位#"}', "name: a\ntime: local", "nam: a",
    ],
)  # fmt: skip
def test_a_profile_with_a_fault_says_where(text):
    with pytest.raises(ValueError, match="ProfileText"):
        parse_profile(text)


def test_decode_never_dies_on_a_line():
    accounts = FAMILY.describe(
        [b"", b"abc", LOGIN, frame(0x12, POSITION) + LOGIN, frame(0x12, b"\0"), LOGIN[:-1]], "standard"
    )
    assert [account["error"] is None for account in accounts] == [False, False, True, False, False, False]
    assert accounts[2]["device"] == DEVICE


@must_meet("Frame", "Login", "Refused", "CRC wrong and taken")
@settings(max_examples=examples(200))
@given(
    st.lists(
        st.one_of(
            st.binary(max_size=60),
            st.builds(
                lambda number, content, long: frame(number, content, long=long),
                st.sampled_from([number & 0xFF for number in MESSAGES]),
                st.binary(max_size=150),
                st.booleans(),
            ),
            st.just(LOGIN),
        ),
        max_size=8,
    ),
    st.booleans(),
)
@example(
    parts=[LOGIN, frame(0x13, b"\x44\3\4\0\2"), b"rubbish", frame(0x13, b"\x44\3\4\0\2")[:-4] + b"\0\0\r\n"],
    strict=False,
)
def test_any_bytes_give_events_and_no_exception(met, parts, strict):
    made = FAMILY.session("standard", strict_checksum=strict)
    for part in parts:
        for event in [*made.feed(part, NOON), *made.tick(NOON + 60)]:
            assert isinstance(event, (Frame, Login, Refused))
            met[type(event).__name__] += 1
            met["CRC wrong and taken"] += isinstance(event, Frame) and not event.checksum_ok
            if isinstance(event, Frame):
                assert len(event.device_times) <= 1
                assert all(math.isnan(time) or math.isfinite(time) for time in event.device_times)
                FAMILY.keep(event.raw, [True] * len(event.device_times))
        describe = FAMILY.describer("standard")
        assert set(describe(part, NOON)) >= {"error", "reports", "reply"}
