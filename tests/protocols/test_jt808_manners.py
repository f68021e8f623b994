"""A terminal on a listener of another model, and on a session after the one that found out how it speaks."""

import pytest
from jt808_frames import NOON, frame, location

from protocols.jt808 import FAMILY
from protocols.jt808.header import read_header
from protocols.jt808.identity import luhn_digit
from protocols.jt808.profiles import ProfileText
from protocols.jt808.wire import unescape
from protocols.order import Order
from protocols.session import Acquaintance

WHO, OTHER = "13812345678", "13812345679"
REGISTER_2011 = bytes(4) + b"MAKER" + b"MODEL   " + b"ID00001" + b"\0" + b"\0"
REGISTER_2013 = bytes(4) + b"MAKER" + b"MODEL".ljust(20, b"\0") + b"ID00001" + b"\0"
OLD = ProfileText(name="old", habits={"edition": "2011", "fragment_answers": "once", "media_answer": "8001"})
HEXADECIMAL = ProfileText(name="hexadecimal", identity="imei14")
GUARDED = ProfileText(name="guarded", authentication="required")
WORDS_2011, WORDS_2013 = "010100000029040000001e", "0100000029040000001e"


def session(profile="standard", /, **known):
    """A session on a listener of a profile; ``known`` is (profile, facts) of each terminal that is known."""
    devices = {"13812345678": Acquaintance()} | known
    return FAMILY.with_profiles([OLD, HEXADECIMAL, GUARDED]).with_acquaintances(devices.get).session(profile)


def told(one, identity=WHO):
    """The body of an order whose editions differ, in hexadecimal digits."""
    content = unescape(one.order(identity, Order("interval", {"seconds": "30"})).segments[0][1:-1])
    return content[read_header(content).size : -1].hex()


@pytest.mark.parametrize(
    ("listener", "profile", "words"),
    [
        ("standard", "", WORDS_2013),
        ("standard", "old", WORDS_2011),
        ("old", "", WORDS_2011),
        ("old", "standard", WORDS_2013),
    ],
)
def test_the_devices_own_profile_says_its_edition(listener, profile, words):
    one = session(listener, **{WHO: Acquaintance(profile)})
    one.feed(frame(0x0002), NOON)
    assert told(one) == words


def test_two_terminals_on_one_connection_are_each_spoken_to_in_their_own_way():
    one = session(**{WHO: Acquaintance("old")}, **{OTHER: Acquaintance()})
    for phone in (WHO, OTHER, WHO):
        one.feed(frame(0x0002, phone=phone.zfill(12)), NOON)
    assert (told(one), told(one, OTHER)) == (WORDS_2011, WORDS_2013)


def test_the_devices_own_profile_says_how_its_fragments_are_answered():
    one = session(**{WHO: Acquaintance("old")})
    answers = [
        event.answer
        for at in (1, 2)
        for event in one.feed(frame(0x0801, b"\0\0\0\x09", serial=at, fragment=(2, at)), NOON)
    ]
    assert [answer[1:3].hex() for answer in answers] == ["", "8001"]


AMBIGUOUS = "030303030303"
AS_BCD = AMBIGUOUS.lstrip("0")


def as_imei(address):
    body = f"{int(address, 16):014d}"
    return (body + str(luhn_digit(body))).lstrip("0")


@pytest.mark.parametrize(
    ("listener", "known", "identity"),
    [
        ("standard", {}, AS_BCD),
        ("standard", {as_imei(AMBIGUOUS): "hexadecimal"}, as_imei(AMBIGUOUS)),
        ("standard", {as_imei(AMBIGUOUS): ""}, AS_BCD),
        ("hexadecimal", {}, as_imei(AMBIGUOUS)),
        ("hexadecimal", {as_imei(AMBIGUOUS): ""}, as_imei(AMBIGUOUS)),
        ("hexadecimal", {AS_BCD: "standard"}, AS_BCD),
    ],
)
def test_an_address_is_read_as_the_model_that_writes_it_does(listener, known, identity):
    one = session(listener, **{name: Acquaintance(profile) for name, profile in known.items()})
    (event,) = one.feed(frame(0x0200, location(), phone=AMBIGUOUS), NOON)
    assert event.identity == identity


def facts_of(one, *frames):
    return [getattr(event, "frame", event).facts for raw in frames for event in one.feed(raw, NOON)]


def test_that_a_terminal_registered_as_one_of_2011_is_known_on_its_next_session():
    frames = frame(0x0002), frame(0x0100, REGISTER_2011), frame(0x0200, location())
    assert facts_of(session(), *frames) == ["", "2011", "2011"]
    again = session(**{WHO: Acquaintance("", "2011")})
    assert facts_of(again, frame(0x0102, b"code")) == ["2011"]
    assert told(again) == WORDS_2011


@pytest.mark.parametrize("news", [frame(0x0100, REGISTER_2013), frame(0x0002, edition_2019=True)])
def test_a_terminal_that_shows_a_later_edition_is_one_of_2011_no_more(news):
    one = session(**{WHO: Acquaintance("", "2011")})
    assert facts_of(one, frame(0x0002), news, frame(0x0002)) == ["2011", "", ""]


def test_what_its_profile_says_is_no_fact_of_the_terminal():
    assert facts_of(session(**{WHO: Acquaintance("old")}), frame(0x0002)) == [""]


def test_a_profile_may_ask_for_authentication():
    family = FAMILY.with_profiles([GUARDED])
    assert [family.must_authenticate(name) for name in ("standard", "guarded")] == [False, True]
