"""Orders to terminals of three editions: the standard's own examples where said, else written from its tables."""

import struct

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from jt808_frames import NOON, frame, location
from met import must_meet

from protocols.errors import OrderFault
from protocols.jt808 import FAMILY
from protocols.jt808.habits import Habits
from protocols.jt808.header import FRAGMENTED, read_header
from protocols.jt808.manners import Manners
from protocols.jt808.messages import MESSAGES, Edition, message_of
from protocols.jt808.orders import ROWS
from protocols.jt808.session import MOST_SPEAKERS, Session
from protocols.jt808.wire import MAX_WIRE, unescape, xor
from protocols.order import Order, Reply, Result, Shape
from protocols.session import Frame, Send

WHO = "13812345678"
REGISTER_2011 = bytes(4) + b"MAKER" + b"MODEL   " + b"ID00001" + b"\0" + b"\0"


def speaking(edition=Edition.E2013, habits=None):
    """A session on which a terminal of an edition has spoken."""
    session = Session(manners=Manners(habits or Habits()))
    body, number = (REGISTER_2011, 0x0100) if edition is Edition.E2011 else (b"", 0x0003)
    session.feed(frame(number, body, edition_2019=edition is Edition.E2019), NOON)
    return session


def opened(segment):
    content = unescape(segment[1:-1])
    assert xor(content) == 0
    header = read_header(content)
    body = content[header.size : -1]
    assert header.length == len(body)
    return header, body


def messages_of(sending):
    """An order's messages, each numbered after the one before."""
    while sending is not None:
        yield sending
        sending = None if sending.then is None else sending.then()


def told(order, edition=Edition.E2013, shapes=(), /, **values):
    """Messages and bodies of an order, their headers checked."""
    session = speaking(edition)
    sending = session.order(WHO, Order(order, values, shapes))
    messages = []
    segments = [segment for each in messages_of(sending) for segment in each.segments]
    for number, segment in enumerate(segments):
        header, body = opened(segment)
        assert header.serial == number
        assert (header.version >= 0) is (edition is Edition.E2019)
        assert header.address.hex().lstrip("0") == WHO
        messages.append((header.message, body.hex()))
    return messages


def refused(order, edition=Edition.E2013, shapes=(), /, **values):
    with pytest.raises(OrderFault) as fault:
        told(order, edition, shapes, **values)
    return str(fault.value)


CIRCLE = Shape(1, "家", ((31.23, 121.47),), 200.0)
RING = Shape(7, "区", ((31.0, 121.0), (31.0, 121.1), (31.1, 121.1), (31.1, 121.0)))
SOUTH_WEST = Shape(9, "", ((-1.5, -2.5),), 50.0)
HOUSE = "01dc8830073d7c30000000c8"
CORNERS = "".join(struct.pack(">II", round(a * 1e6), round(b * 1e6)).hex() for a, b in RING.points)
E11, E13, E19 = Edition.E2011, Edition.E2013, Edition.E2019

TABLE = [
    ("locate", E13, {}, (), [(0x8201, "")]),
    ("track", E13, {"seconds": "5", "validity": "600"}, (), [(0x8202, "000500000258")]),
    ("track", E13, {"seconds": "0"}, (), [(0x8202, "0000")]),
    # the document's example of 8103
    ("interval", E13, {"seconds": "30"}, (), [(0x8103, "0100000029040000001e")]),
    ("interval", E11, {"seconds": "30"}, (), [(0x8103, "010100000029040000001e")]),
    ("interval", E19, {"seconds": "30", "state": "asleep"}, (), [(0x8103, "0100000027040000001e")]),
    ("interval", E13, {"seconds": "1", "state": "emergency"}, (), [(0x8103, "01000000280400000001")]),
    ("set_parameters", E13, {"values": "heartbeat_s=60,0031=300,0032=16320a1e,server=a;b"}, (),
     [(0x8103, "0400000001040000003c0000003102012c000000320416320a1e0000001303613b62")]),
    ("parameters", E13, {}, (), [(0x8104, "")]),
    ("parameters", E13, {"ids": "0001,interval_s,F030"}, (), [(0x8106, "0300000001000000290000f030")]),
    ("attributes", E13, {}, (), [(0x8107, "")]),
    ("confirm_alarm", E13, {"alarms": "sos,displacement"}, (), [(0x8203, "000010000001")]),
    ("confirm_alarm", E13, {"alarms": "area", "number": "3"}, (), [(0x8203, "000300100000")]),
    ("link_test", E19, {}, (), [(0x8204, "")]),
    ("text", E13, {"text": "回家"}, (), [(0x8300, "0c" + "回家".encode("gbk").hex())]),
    ("text", E11, {"text": "a", "flags": "urgent"}, (), [(0x8300, "016100")]),
    ("text", E19, {"text": "a", "flags": "urgent,speak", "type": "service"}, (), [(0x8300, "0a0261")]),
    ("text", E19, {"text": "a"}, (), [(0x8300, "0f0161")]),
    ("question", E13, {"question": "OK?", "answers": "yes|no"}, (),
     [(0x8302, "08034f4b3f0100037965730200026e6f")]),
    ("control", E13, {"command": "power_off"}, (), [(0x8105, "03")]),
    ("control", E19, {"command": "factory_reset"}, (), [(0x8105, "05")]),
    ("control", E13, {"command": "connect", "arguments": "1;code"}, (), [(0x8105, "02313b636f6465")]),
    ("pass_through", E13, {"type": "41", "data": "0102"}, (), [(0x8900, "410102")]),
    ("pass_through", E11, {"type": "41", "data": "0102"}, (), [(0x8900, "410000000200020102")]),
    # the document's example body of 8600 (2019)
    ("fence", E19, {"mode": "replace"}, (CIRCLE,), [(0x8600, "0001000000010028" + HOUSE + "0002bcd2")]),
    ("fence", E13, {}, (CIRCLE,), [(0x8600, "0101000000010028" + HOUSE)]),
    ("fence", E11, {"alarm": "out"}, (CIRCLE,), [(0x8600, "010101000000010020" + HOUSE)]),
    ("fence", E13, {"start": "8:30", "end": "17:00"}, (CIRCLE,),
     [(0x8600, "0101000000010029" + HOUSE + "000000083000000000170000")]),
    ("fence", E19, {"speed_kmh": "60", "night_kmh": "40"}, (CIRCLE,),
     [(0x8600, "010100000001002a" + HOUSE + "003c0a00280002bcd2")]),
    ("fence", E13, {"alarm": "none"}, (SOUTH_WEST,), [(0x8600, "01010000000900c00016e360002625a000000032")]),
    ("fence", E13, {}, (RING,), [(0x8604, "0000000700280004" + CORNERS)]),
    ("fence", E11, {}, (RING,), [(0x8604, "000000070028000404" + CORNERS)]),
    ("fence", E19, {}, (RING,), [(0x8604, "0000000700280004" + CORNERS + "0002c7f8")]),
    ("fence", E13, {"rectangle": "yes"}, (RING,),
     [(0x8602, "0101000000070028" + struct.pack(">4I", 31_100_000, 121_000_000, 31_000_000, 121_100_000).hex())]),
    ("fence", E13, {"mode": "replace"}, (CIRCLE, RING),
     [(0x8600, "0001000000010028" + HOUSE), (0x8605, "00"), (0x8604, "0000000700280004" + CORNERS)]),
    ("fence_delete", E13, {"kind": "circle", "numbers": "1,7"}, (), [(0x8601, "020000000100000007")]),
    ("fence_delete", E13, {"kind": "all"}, (), [(number, "00") for number in (0x8601, 0x8603, 0x8605, 0x8607)]),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "edition", "values", "shapes", "messages"), TABLE)
def test_an_order_in_the_words_of_an_edition(kind, edition, values, shapes, messages):
    assert told(kind, edition, shapes, **values) == messages
    for number, body in messages:
        schema = message_of(number).schema_of(edition)
        assert schema.build(schema.parse(bytes.fromhex(body))).hex() == body


def test_every_order_is_shown():
    assert {row[0] for row in TABLE} == set(ROWS) == set(FAMILY.orders)
    assert all(form.meaning.endswith(".") for form in FAMILY.orders.values())


def test_the_documents_frame_of_8103():
    session = Session()
    session.feed(frame(0x0002, phone="013800138000"), NOON)
    session.claim(2)
    (segment,) = session.order("13800138000", Order("interval", {"seconds": "30"})).segments
    assert segment.hex() == "7e8103000a013800138000000201000000290" + "40000001e127e"


WRONG = [
    ("dance", E13, {}, (), "it has locate"),
    ("locate", E13, {"now": "1"}, (), "no argument now"),
    ("locate", E13, {}, (CIRCLE,), "takes no places"),
    ("track", E13, {}, (), "needs seconds"),
    ("track", E13, {"seconds": "5"}, (), "needs validity"),
    ("track", E13, {"seconds": "65536", "validity": "1"}, (), "from 0 to 65535"),
    ("track", E13, {"seconds": "-1"}, (), "whole number"),
    ("track", E13, {"seconds": "٣"}, (), "whole number"),
    ("interval", E13, {"seconds": "0"}, (), "from 1"),
    ("interval", E13, {"seconds": "5", "state": "awake"}, (), "default, asleep, emergency"),
    ("set_parameters", E13, {"values": "0029"}, (), "ID=VALUE"),
    ("set_parameters", E13, {"values": ""}, (), "1 to 255"),
    ("set_parameters", E13, {"values": "0029=x"}, (), "whole number"),
    ("set_parameters", E13, {"values": "0084=256"}, (), "from 0 to 255"),
    ("set_parameters", E13, {"values": "F030=zz"}, (), "hexadecimal"),
    ("set_parameters", E13, {"values": "0029=1,interval_s=2"}, (), "twice"),
    ("set_parameters", E13, {"values": "speed=2"}, (), "four hexadecimal digits"),
    ("set_parameters", E13, {"values": "server=" + "a" * 256}, (), "at most 255"),
    ("parameters", E11, {"ids": "0001"}, (), "2011"),
    ("attributes", E11, {}, (), "2013, 2019"),
    ("confirm_alarm", E11, {"alarms": "sos"}, (), "2013, 2019"),
    ("confirm_alarm", E13, {"alarms": "fatigue"}, (), "none of"),
    ("confirm_alarm", E13, {"alarms": ""}, (), "some of"),
    ("link_test", E13, {}, (), "2019"),
    ("text", E13, {"text": ""}, (), "1 to 1024"),
    ("text", E13, {"text": "字" * 513}, (), "1 to 1024"),
    ("text", E13, {"text": "😀"}, (), "GBK"),
    ("text", E13, {"text": "a", "type": "notice"}, (), "2019"),
    ("text", E13, {"text": "a", "flags": "loud"}, (), "none of"),
    ("text", E19, {"text": "a", "flags": "urgent,service"}, (), "not several"),
    ("text", E13, {"text": "a", "answer": "maybe"}, (), "no, yes"),
    ("question", E13, {"question": "?", "answers": "|"}, (), "YES|NO"),
    ("question", E13, {"question": "", "answers": "a"}, (), "1 to 255"),
    ("control", E19, {"command": "power_off"}, (), "connect, reset, factory_reset"),
    ("control", E13, {"command": "reset", "arguments": "1"}, (), "take none"),
    ("control", E13, {"command": "upgrade"}, (), "need arguments"),
    ("control", E13, {"command": "fly"}, (), "none of"),
    ("pass_through", E13, {"type": "4", "data": ""}, (), "hexadecimal"),
    ("pass_through", E13, {"type": "4142", "data": ""}, (), "one byte"),
    ("fence", E13, {}, (), "name a zone"),
    ("fence", E13, {"mode": "wipe"}, (CIRCLE,), "none of"),
    ("fence", E13, {"start": "8:00"}, (CIRCLE,), "together"),
    ("fence", E13, {"start": "8:00", "end": "24:00"}, (CIRCLE,), "HH:MM"),
    ("fence", E13, {"speed_kmh": "60", "night_kmh": "40"}, (CIRCLE,), "2019"),
    ("fence", E13, {"night_kmh": "40"}, (CIRCLE,), "belong to speed_kmh"),
    ("fence", E13, {"rectangle": "yes"}, (Shape(1, "a", ((0, 0), (1, 1), (0, 2))),), "no rectangle"),
    ("fence", E13, {}, (Shape(1, "a", ((1, 1), (2, 2))),), "at least 3"),
    ("fence", E13, {}, (Shape(0, "a", ((1, 1),), 5.0),), "number 0"),
    ("fence", E13, {}, (Shape(1, "a", ((91, 1),), 5.0),), "off the globe"),
    ("fence", E13, {}, (Shape(1, "a", ((1, 1),), 0.4),), "at least 1 m"),
    ("fence", E13, {}, (Shape(1, "a", ((-1, 1), (1, 1), (1, 2))),), "equator"),
    ("fence", E11, {}, (Shape(1, "a", tuple((1 + at / 1000, 1) for at in range(256))),), "2011"),
    ("fence_delete", E13, {"kind": "square"}, (), "none of"),
    ("fence_delete", E13, {"kind": "all", "numbers": "1"}, (), "one kind"),
    ("fence_delete", E13, {"kind": "circle", "numbers": "0"}, (), "from 1"),
    ("fence_delete", E13, {"kind": "circle", "numbers": ",".join(["1"] * 126)}, (), "at most 125"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "edition", "values", "shapes", "text"), WRONG)
def test_an_order_that_cannot_be_given_says_why(kind, edition, values, shapes, text):
    assert text in refused(kind, edition, shapes, **values)


def test_a_device_that_has_not_spoken_can_be_told_nothing():
    with pytest.raises(OrderFault, match="has not spoken"):
        speaking().order("13900000000", Order("locate"))


def test_the_latest_frame_says_the_edition():
    session = speaking(Edition.E2013)
    session.feed(frame(0x0002, edition_2019=True), NOON)
    assert opened(session.order(WHO, Order("link_test")).segments[0])[0].version == 1
    session.feed(frame(0x0002), NOON)
    assert opened(session.order(WHO, Order("locate")).segments[0])[0].version == -1


def test_a_profile_may_say_that_short_headers_are_of_2011():
    session = speaking(habits=Habits(edition="2011"))
    with pytest.raises(OrderFault, match="2011"):
        session.order(WHO, Order("attributes"))


def test_one_counter_numbers_answers_and_orders():
    session = speaking()
    first = session.order(WHO, Order("locate")).segments[0]
    (answered,) = session.feed(frame(0x0002), NOON)
    second = session.order(WHO, Order("locate")).segments[0]
    leaving = (first, second, session.number(answered.answer))
    assert [opened(raw)[0].serial for raw in leaving] == [0, 1, 2]


def general(serial, message, result=0):
    return frame(0x0001, struct.pack(">HHB", serial, message, result))


def replied(session, raw):
    (event,) = session.feed(raw, NOON)
    assert isinstance(event, Frame)
    return event.replies


def test_locating_is_accepted_by_0001_and_ended_by_0201():
    session = speaking()
    sending = session.order(WHO, Order("locate"))
    (taken,) = replied(session, general(0, 0x8201))
    assert (taken.key, taken.result) == (sending.accepted_by, Result.DONE)
    (ended,) = replied(session, frame(0x0201, b"\0\0" + location()))
    assert (ended.key, ended.result) == (sending.answered_by, Result.DONE)


def test_a_location_answer_of_2011_ends_it_without_our_serial():
    session = speaking(Edition.E2011)
    sending = session.order(WHO, Order("locate"))
    (ended,) = replied(session, frame(0x0201, location()))
    assert ended.key == sending.answered_by


@pytest.mark.parametrize(
    ("result", "meaning"),
    [(0, "done"), (1, "failed"), (2, "malformed"), (3, "unsupported"), (4, "done"), (9, "failed")],
)
def test_results_of_the_general_answer(result, meaning):
    session = speaking()
    sending = session.order(WHO, Order("control", {"command": "reset"}))
    assert replied(session, general(0, 0x8105, result)) == (Reply(sending.answered_by, Result(meaning)),)


def test_parameters_are_told_readable_and_passwords_are_not():
    session = speaking()
    sending = session.order(WHO, Order("parameters"))
    items = "00000029040000001e0000001304612e6200000000120270770000f030020102"
    (told_,) = replied(session, frame(0x0104, bytes.fromhex("000004" + items)))
    assert told_.key == sending.answered_by
    assert told_.text == "0029 interval_s=30; 0013 server=a.b; 0012 apn_password=(hidden); F030=hex:0102"


def test_parameters_in_fragments_are_told_when_the_last_has_come():
    session = speaking()
    sending = session.order(WHO, Order("parameters"))
    body = bytes.fromhex("0000ff") + bytes.fromhex("00000029040000001e") * 255
    parts = [body[:1023], body[1023:2046], body[2046:]]
    told_ = [
        replied(session, frame(0x0104, part, serial=5 + at, fragment=(3, at + 1))) for at, part in enumerate(parts)
    ]
    assert told_[:2] == [(), ()]
    assert told_[2][0].key == sending.answered_by
    assert told_[2][0].text.count("interval_s=30") == 255


def test_attributes_answer_once_while_an_order_waits_for_them():
    session = speaking()
    body = MESSAGES[0x0107].schema.build({
        "kind": 1, "maker": b"MAKER", "model": b"B1".ljust(20, b"\0"), "terminal": b"0000007", "iccid": bytes(10),
        "hardware": b"H1", "firmware": b"F2", "gnss": 3, "modem": 5, "rest": b"",
    })  # fmt: skip
    assert replied(session, frame(0x0107, body)) == ()
    sending = session.order(WHO, Order("attributes"))
    (said,) = replied(session, frame(0x0107, body))
    assert said.key == sending.answered_by
    assert "model=B1" in said.text
    assert "firmware=F2" in said.text
    assert replied(session, frame(0x0107, body)) == ()


@pytest.mark.parametrize(
    ("body", "text"), [(b"\0" + "收到".encode("gbk"), "收到"), (b"\1" + "收到".encode("utf-16-be"), "收到")]
)
def test_a_makers_text_ends_an_order_that_waits_for_it(body, text):
    session = speaking()
    assert replied(session, frame(0x6006, body)) == ()
    sending = session.order(WHO, Order("text", {"text": "status#", "answer": "yes"}))
    assert replied(session, general(0, 0x8300))[0].key == sending.accepted_by
    assert replied(session, frame(0x6006, body)) == (Reply(sending.answered_by, Result.DONE, text),)


def test_bytes_that_come_back_end_a_pass_through_that_waits_for_them():
    session = speaking()
    sending = session.order(WHO, Order("pass_through", {"type": "41", "data": "00", "answer": "yes"}))
    assert replied(session, frame(0x0900, b"\x41\x0a\x0b")) == (
        Reply(sending.answered_by, Result.DONE, "type 41: 0a0b"),
    )


def test_a_question_ends_with_its_answer():
    session = speaking()
    sending = session.order(WHO, Order("question", {"question": "?", "answers": "a|b"}))
    assert replied(session, frame(0x0302, b"\0\0\2")) == (Reply(sending.answered_by, Result.DONE, "answer 2"),)


PLACES = (CIRCLE, RING, Shape(8, "c", RING.points))


def test_an_order_of_several_messages_numbers_each_when_the_last_is_answered():
    session = speaking()
    first = session.order(WHO, Order("fence", {}, PLACES))
    (answered,) = session.feed(frame(0x0002), NOON)
    answer = session.number(answered.answer)
    second = first.then()
    third = second.then()
    headers = [opened(one.segments[0])[0] for one in (first, second, third)]
    assert [one.message for one in headers] == [0x8600, 0x8604, 0x8604]
    assert [one.serial for one in headers] == [0, 2, 3]
    assert opened(answer)[0].serial == 1
    assert third.then is None
    for one, header in zip((first, second, third), headers, strict=True):
        assert replied(session, general(header.serial, header.message)) == (Reply(one.answered_by, Result.DONE),)


@pytest.mark.parametrize("body", [b"", b"\0", b"\0\0\x82\x01"])
@pytest.mark.parametrize("number", [0x0001, 0x0104, 0x0107, 0x0302, 0x0900, 0x6006])
def test_an_answer_that_is_cut_short_answers_nothing(number, body):
    session = speaking()
    session.order(WHO, Order("attributes"))
    for event in session.feed(frame(number, body), NOON):
        assert isinstance(event, Frame)
        assert all(isinstance(reply, Reply) for reply in event.replies)


LONG = Shape(3, "", tuple((31 + at / 10_000, 121 + at % 2) for at in range(400)))


@pytest.mark.parametrize("edition", [Edition.E2013, Edition.E2019])
def test_a_long_body_goes_down_in_fragments_and_again_byte_for_byte(edition):
    session = speaking(edition)
    sending = session.order(WHO, Order("fence", {}, (LONG,)))
    headers, bodies = zip(*map(opened, sending.segments), strict=True)
    assert [(one.fragments, one.fragment, one.serial) for one in headers] == [(4, at + 1, at) for at in range(4)]
    assert all(
        one.attributes & FRAGMENTED and len(raw) <= MAX_WIRE for one, raw in zip(headers, sending.segments, strict=True)
    )
    schema = MESSAGES[0x8604].schema_of(edition)
    assert len(schema.parse(b"".join(bodies)).vertices) == 400
    is_2019 = edition is Edition.E2019
    wish = struct.pack(">HH3H" if is_2019 else ">HB3H", 0, 3, 2, 4, 9)
    taken, again = session.feed(frame(0x0005 if is_2019 else 0x8003, wish, edition_2019=is_2019), NOON)
    assert taken.answer == b""
    assert again == Send((sending.segments[1], sending.segments[3]))
    answers = [frame(0x0001, struct.pack(">HHB", at, 0x8604, 0), edition_2019=is_2019) for at in range(4)]
    keys = [replied(session, answer)[0].key for answer in answers]
    assert (keys[0], keys[-1], frozenset(keys)) == (sending.accepted_by, sending.answered_by, sending.parts)


@pytest.mark.parametrize("serial", [0, 1])
def test_a_question_in_fragments_is_answered_with_the_serial_of_any(serial):
    session = speaking()
    sending = session.order(WHO, Order("question", {"question": "?", "answers": "|".join(["a" * 250] * 5)}))
    assert len(sending.segments) == 2
    assert replied(session, frame(0x0302, bytes((0, serial, 2)))) == (
        Reply(sending.answered_by, Result.DONE, "answer 2"),
    )


@pytest.mark.parametrize("wish", [b"", b"\0\0", b"\0\0\0\1\0\1", b"\0\1\0\1\0\1", b"\0\0\xff\xff"])
def test_a_wish_for_what_was_never_sent_is_counted(wish):
    session = speaking(Edition.E2019)
    taken, refused_ = session.feed(frame(0x0005, wish, edition_2019=True), NOON)
    assert (taken.message, refused_.reason) == (0x0005, "resend_unknown")


def test_what_is_kept_to_be_said_again_is_bounded():
    session = speaking()
    for _ in range(40):
        session.order(WHO, Order("fence", {}, (LONG,)))
        session.order(WHO, Order("attributes"))
    assert len(session._dialogue._sendings) == 8
    assert len(session._dialogue._awaited) <= 64


def test_an_order_of_too_many_frames_is_refused():
    assert "256 frames" in refused("fence", Edition.E2013, (LONG,) * 70)


TEXTS = st.text(max_size=12) | st.integers(-5, 1 << 33).map(str)


POINTS = st.lists(st.tuples(st.floats(-1, 95), st.floats(-1, 185)), min_size=1, max_size=5).map(tuple)
SHAPES = st.sampled_from([CIRCLE, RING, SOUTH_WEST]) | st.builds(
    Shape, st.integers(0, 1 << 33), st.text("ab区", max_size=40), POINTS, st.floats(0, 1e11)
)


@st.composite
def any_order(draw):
    """An order of any kind with what it needs, or seems to, and some of what it may have."""
    kind = draw(st.sampled_from(sorted(ROWS)))
    form = FAMILY.orders[kind]
    names = st.sampled_from([*form.required, *form.optional, "strange"])
    values = draw(st.dictionaries(names, TEXTS, max_size=5))
    values |= {name: draw(TEXTS) for name in form.required}
    shapes = tuple(draw(st.lists(SHAPES, max_size=3))) if ROWS[kind].takes_shapes else ()
    return Order(kind, values, shapes)


@must_meet("frames", "a fault", "shapes")
@given(any_order(), st.sampled_from(list(Edition)))
@example(Order("fence", {}, (CIRCLE, RING)), Edition.E2019)
@example(Order("fence", {"strange": ""}, (CIRCLE,)), Edition.E2013)
def test_any_arguments_give_frames_or_an_order_fault(met, order, edition):
    try:
        sending = speaking(edition).order(WHO, order)
    except OrderFault:
        met["a fault"] += 1
        return
    met["frames"] += len(sending.segments)
    met["shapes"] += len(order.shapes)
    for raw in sending.segments:
        header, _ = opened(raw)
        assert header.address.hex().endswith(WHO)


def test_of_more_terminals_than_are_kept_the_one_longest_silent_is_forgotten():
    """A relay's connection carries many: an order goes to whoever has spoken lately."""
    session, phones = Session(), [f"0138{number:08d}" for number in range(MOST_SPEAKERS + 1)]
    for phone in [*phones[:-1], phones[0], phones[-1]]:
        session.feed(frame(0x0003, b"", phone=phone), NOON)
    for phone in (phones[0], phones[2], phones[-1]):
        assert session.order(phone.lstrip("0"), Order("locate")).segments
    with pytest.raises(OrderFault, match="has not spoken"):
        session.order(phones[1].lstrip("0"), Order("locate"))
