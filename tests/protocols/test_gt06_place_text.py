"""The answer to ``WHERE#``: a position in words is a report."""

import math

import pytest
from gt06_frames import cell, frame, gps
from hypothesis import example, given
from hypothesis import strategies as st
from met import must_meet

from protocols.gt06 import FAMILY
from protocols.gt06.clock import to_binary
from protocols.gt06.messages.place_text import place_in
from protocols.order import Order, Result
from protocols.session import Frame, FrameBatch, Login

EIGHT = 1_795_939_200.0  # 2026-11-29T08:00:00Z
TEXT = "Current position!Lat:N24.331000,Lon:E109.410200,Course:126.53,Speed:3.6000,DateTime:2026-11-29 08:00:00"
IMEI = "0861000000000108"


def answer_21(text, *, coding=1, flag=7, long=True):
    said = text.encode("utf-16-be" if coding == 2 else "ascii")
    return frame(0x21, flag.to_bytes(4, "big") + bytes((coding,)) + said, 7, long=long)


def answer_15(text, flag=7):
    said = flag.to_bytes(4, "big") + text.encode("ascii")
    return frame(0x15, bytes((len(said),)) + said + b"\0\2", 7)


def decoded(raw, facts=""):
    return FAMILY.decode(FrameBatch.of([raw], "standard", facts))


@pytest.mark.parametrize(
    "raw", [answer_21(TEXT), answer_21(TEXT, coding=2), answer_21(TEXT, long=False), answer_15(TEXT)], ids=len
)
def test_an_answer_with_a_position_is_a_report_and_an_answer(raw):
    session = FAMILY.session("standard", identity="861")
    (event,) = session.feed(raw, EIGHT)
    assert isinstance(event, Frame)
    batch = decoded(event.raw)
    assert (event.device_times, batch.time.tolist(), batch.located.tolist()) == ((EIGHT,), [EIGHT], [True])
    assert (batch.latitude[0], batch.longitude[0]) == (pytest.approx(24.331), pytest.approx(109.4102))
    assert (batch.course_deg[0], batch.speed_kmh[0]) == (pytest.approx(126.53), pytest.approx(3.6))
    assert (batch.flags.tolist(), batch.stated.tolist(), event.urgent) == ([0], [0], False)
    assert [(reply.result, reply.text.strip("\0")) for reply in event.replies] == [(Result.DONE, TEXT)]


def test_the_answer_to_our_own_order_holds_the_place():
    session = FAMILY.session("standard")
    session.feed(frame(0x01, bytes.fromhex(IMEI)), EIGHT)
    sending = session.order(IMEI.lstrip("0"), Order("locate"))
    (event,) = session.feed(answer_21(TEXT, flag=int(sending.answered_by, 16)), EIGHT)
    assert [reply.key for reply in event.replies] == [sending.answered_by]
    assert decoded(event.raw, event.facts).located.tolist() == [True]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("Lat:N24.33100,Lon:E109.41020,Course:0.00,Speed:0.00km/h,DateTime:2026-11-29 08:00:00", (24.331, 109.4102)),
        ("Current Position!Lat: N24.331,Lon: E109.4102,Course: 355,Speed: 2Km/h,DateTime: 2026-11-29 08: 00: 00",
         (24.331, 109.4102)),
        ("Current position! Lat:S24.331, Lon:W109.4102, Course:1.00, Speed:0.13Km/h, DateTime:26-11-29 08:00:00",
         (-24.331, -109.4102)),
        ("<Last position!Lat:N24.331,Lon:E109.4102,DateTime:2026/11/29 08:00:00>", (24.331, 109.4102)),
        ("Location: Latitude=24.331N;Longitude=109.4102E;2026-11-29 08:00:00", (24.331, 109.4102)),
        ("LAT:-24.331,LON:-109.4102,DATETIME:2026-11-29  08:00:00", (-24.331, -109.4102)),
    ],
)  # fmt: skip
def test_makers_write_it_in_their_ways(text, place):
    batch = decoded(answer_21(text))
    assert (batch.time.tolist(), batch.located.tolist()) == ([EIGHT], [True])
    assert (batch.latitude[0], batch.longitude[0]) == (pytest.approx(place[0]), pytest.approx(place[1]))


@pytest.mark.parametrize("place", ["!纬度:N24.331，经度:E109.4102", "Lat:N24.331,Lon:E109.4102"])
def test_in_chinese(place):
    text = f"当前位置{place}，航向:90，速度:0，时间:2026-11-29 08:00:00"
    batch = decoded(answer_21(text, coding=2))
    assert (batch.time.tolist(), batch.course_deg.tolist(), batch.located.tolist()) == ([EIGHT], [90.0], [True])


def test_a_current_position_needs_no_time():
    batch = decoded(answer_21("Current position!Lat:N24.331,Lon:E109.4102"))
    assert (batch.located.tolist(), math.isnan(batch.time[0]), math.isnan(batch.speed_kmh[0])) == ([True], True, True)


def test_a_place_that_cannot_be_is_none():
    for place in ("Lat:N0.000000,Lon:E0.000000", "Lat:N95.5,Lon:E109.4", "Lat:N24.3,Lon:E191.5"):
        assert decoded(answer_21(f"Current position!{place},DateTime:2026-11-29 08:00:00")).located.tolist() == [False]


@pytest.mark.parametrize(
    "text",
    [
        "Command error!",
        "Battery:80%",
        "No data!",
        "Last position!Lat:N24.331,Lon:E109.4102",
        "FENCE:ON,Lat:N24.331,Lon:E109.4102,Radius:300",
        "Fence 1 Lat:N24.331,Lon:E109.4102,set 2026-11-29 08:00:00",
        "Last position!Lat:N24.331,Lon:E109.4102,DateTime:2000-00-00 00:00:00",
        "CENTER=;FENCE=Fence,OFF,0,0.000000,0.000000,300,IN or OUT,0;",
        "http://maps.google.com/maps?q=N24.331,E109.4102",
        "",
    ],
)
def test_other_words_are_no_report(text):
    session = FAMILY.session("standard", identity="861")
    for raw in (answer_21(text), answer_15(text)):
        (event,) = session.feed(raw, EIGHT)
        assert (event.device_times, len(decoded(event.raw))) == ((), 0)
        assert [reply.key for reply in event.replies] == ["00000007"]


@pytest.mark.parametrize(("profile", "shown"), [("concox", EIGHT - 28_800), ("standard", EIGHT)])
def test_its_time_is_the_one_the_devices_clock_shows(profile, shown):
    session = FAMILY.session(profile)
    (login,) = session.feed(frame(0x01, bytes.fromhex(IMEI + "100f3200")), shown)
    assert isinstance(login, Login)
    (event,) = session.feed(answer_21(TEXT), shown)
    assert event.device_times == (shown,)
    assert FAMILY.decode(FrameBatch.of([event.raw], profile, event.facts)).time.tolist() == [shown]


def position(moment):
    return frame(0x12, gps(time=to_binary(moment)) + cell() + b"\1\0\0")


@pytest.mark.parametrize("keeps", [0, 28_800])
def test_it_follows_the_clock_of_the_positions_and_teaches_nothing(keeps):
    session = FAMILY.session("standard")
    session.feed(frame(0x01, bytes.fromhex(IMEI + "100f3200")), EIGHT - keeps)
    for _ in range(2):
        for raw in (position(EIGHT), answer_21(TEXT)):
            assert session.feed(raw, EIGHT - keeps)[0].device_times == (EIGHT - keeps,)
    (event,) = session.feed(answer_21(TEXT.replace("08:00:00", "16:00:00")), EIGHT - keeps)
    assert event.facts == (str(keeps) if keeps else "")
    assert session.feed(frame(0x12, gps(time=to_binary(EIGHT)) + cell()), EIGHT - keeps)[0].facts == event.facts


@must_meet("a place", "none")
@given(st.text(max_size=120) | st.from_regex(r"Lat:[NS]?[0-9.,]{0,9},Lon:[EW0-9.]{0,9}.{0,30}"))
@example(TEXT)
def test_any_words_are_a_place_or_none(met, text):
    found = place_in(text)
    met["none" if found is None else "a place"] += 1
    assert found is None or {"time", "latitude", "longitude", "fix"} <= set(found)
