"""R16H sentences built from the table in protocols/r16h/sentences.py: whole, in pieces, with rubbish, cut."""

import math

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from met import must_meet

from protocols.errors import OrderFault
from protocols.order import Order, Result
from protocols.r16h import FAMILY
from protocols.report import Flag
from protocols.session import Decision, Frame, FrameBatch, Login, Refused, Step

IMEI = "861000000000207"
GPSD = b"@GPSD,861000000000207,R,20260616,092110,24.334665,N,109.475528,E,3.5,90,120,88,L,$"
LBSD = b"@LBSD,861000000000207,S,20260616,092110,460-00-75f8-61c3715:-111,,,21,R,LBT$"
LINK = b"@LINK,861000000000207$"
RPLY = b"@RPLY,861000000000207,STIN,OK$"
AT = 1781601670.0  # 2026-06-16 09:21:10 UTC


def session(profile="standard"):
    return FAMILY.session(profile)


def only(data, profile="standard"):
    (event,) = session(profile).feed(data, 0.0)
    return event


def columns(*frames, profile="standard"):
    return FAMILY.decode(FrameBatch.of(frames, profile))


def test_a_position_is_read_in_every_field():
    batch = columns(GPSD)
    assert (batch.latitude[0], batch.longitude[0]) == (24.334665, 109.475528)
    assert (batch.speed_kmh[0], batch.course_deg[0], batch.altitude_m[0]) == (3.5, 90.0, 120.0)
    assert (batch.time[0], batch.battery_percent[0], batch.stored[0], batch.flags[0]) == (AT, 88, False, 0)


def test_a_cell_record_has_hexadecimal_area_and_cell_and_no_place():
    batch = columns(LBSD)
    assert not batch.located[0]
    assert math.isnan(batch.latitude[0])
    cells = batch.cells
    assert (cells.mcc[0], cells.mnc[0], cells.lac[0], cells.cid[0]) == (460, 0, 0x75F8, 0x61C3715)
    assert (cells.signal_raw[0], cells.signal_unit[0]) == (-111, 2)
    assert batch.stored[0]


@pytest.mark.parametrize(
    ("strap", "alarm", "flags"),
    [
        ("L", "", Flag(0)),
        ("R", "", Flag.STRAP_CUT),
        ("L", "ULK", Flag.STRAP_CUT),
        ("R", "ULK", Flag.STRAP_CUT),
        ("L", "SOS", Flag.SOS),
        ("R", "SOS", Flag.SOS | Flag.STRAP_CUT),
        ("L", "LBT", Flag.BATTERY_LOW),
        ("", "XYZ", Flag(0)),
    ],
)
def test_strap_and_alarm_are_both_evidence(strap, alarm, flags):
    frame = GPSD.replace(b",L,$", f",{strap},{alarm}$".encode())
    assert columns(frame).flags[0] == flags


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"24.334665,N,109.475528,E", b"0.0,N,0.0,E"),
        (b"24.334665,N", b"94.334665,N"),
        (b"109.475528,E", b"190.0,W"),
        (b"24.334665,N", b",N"),
        (b"24.334665,N", b"nan,N"),
        (b"24.334665,N", b"24.3,"),
    ],
)
def test_what_is_no_place_gives_none_and_no_speed(old, new):
    batch = columns(GPSD.replace(old, new))
    assert not batch.located[0]
    assert all(math.isnan(getattr(batch, name)[0]) for name in ("latitude", "longitude", "speed_kmh", "altitude_m"))


def test_south_and_west_are_negative():
    batch = columns(GPSD.replace(b",N,", b",S,").replace(b",E,", b",W,"))
    assert (batch.latitude[0], batch.longitude[0]) == (-24.334665, -109.475528)


@pytest.mark.parametrize(
    "clock", [b"20260231,092110", b"00000000,000000", b",", b"20260616,246060", b"2026061,6092110"]
)
def test_digits_that_are_no_moment_give_no_time(clock):
    frame = GPSD.replace(b"20260616,092110", clock)
    assert math.isnan(columns(frame).time[0])
    (time,) = only(frame).device_times
    assert math.isnan(time)


def test_a_clock_set_to_another_zone_is_a_profile():
    assert columns(GPSD, profile="gmt8").time[0] == AT - 8 * 3600
    assert only(GPSD, "gmt8").device_times == (AT - 8 * 3600,)


@pytest.mark.parametrize("battery", [b"101", b"-1", b"", b"x", b"99999999999999999999"])
def test_a_battery_that_is_no_percent_is_absent(battery):
    assert columns(GPSD.replace(b",88,", b"," + battery + b",")).battery_percent[0] == -1


@pytest.mark.parametrize(
    "cell", [b"", b"460-00-75f8", b"000-00-1-1", b"460-00-ffff-1:-60", b"460-00-1-0", b"a-b-c-d:e"]
)
def test_a_cell_that_names_none_is_left_out(cell):
    batch = columns(LBSD.replace(b"460-00-75f8-61c3715:-111", cell))
    assert len(batch) == 1
    assert len(batch.cells.cid) == 0


def test_nothing_is_ever_answered():
    one = session()
    events = one.feed(LINK + b"\r\n" + GPSD + LBSD + RPLY, 0.0)
    assert [event.answer for event in events] == [b""] * 4
    assert one.decide(Login(Step.REGISTER, "", events[0]), Decision.ACCEPTED, "x") == b""
    assert one.tick(1e9) == []


def test_frames_say_who_speaks_and_hold_what_came():
    frames = session().feed(b"\r\n" + LINK + b"\r\n\r\n" + GPSD + LBSD, 0.0)
    assert [frame.identity for frame in frames] == [IMEI] * 3
    assert [frame.raw for frame in frames] == [LINK, GPSD, LBSD]
    assert [frame.device_times for frame in frames] == [(), (AT,), (AT,)]


def test_byte_by_byte_gives_the_same():
    stream = b"\r\n" + LINK + GPSD + b"\r\n" + LBSD + b"noise\n" + RPLY
    whole, single = session(), session()
    one_by_one = [event for byte in stream for event in single.feed(bytes([byte]), 0.0)]
    assert one_by_one == whole.feed(stream, 0.0)
    assert single.discarded == whole.discarded == {"rubbish": 5}


def test_rubbish_before_and_behind_is_counted_and_costs_no_frame():
    one = session()
    events = one.feed(b"\x00\xff" * 400 + GPSD + b"GET / HTTP/1.1\r\nHost: x\r\n" + LINK, 0.0)
    assert [event.raw for event in events if isinstance(event, Frame)] == [GPSD, LINK]
    assert set(one.discarded) == {"rubbish", "http_request"}


def test_a_sentence_cut_by_the_next_is_refused_and_the_next_is_read():
    events = session().feed(GPSD[:40] + LINK, 0.0)
    assert [type(event) for event in events] == [Refused, Frame]
    assert events[0].reason == "short_frame"


def test_an_endless_sentence_is_given_up():
    one = session()
    events = one.feed(b"@GPSD," + b"1" * 100_000, 0.0) + one.feed(b"2" * 1000 + b"$" + LINK, 0.0)
    assert [getattr(event, "reason", "") for event in events] == ["endless_frame", ""]
    assert one.discarded == {"endless_frame": 101_005}


@pytest.mark.parametrize(
    "broken",
    [b"@$", b"@GPSD$", b"@GPSD,,R$", b"@GPSD,abc,R,1,2,3,4,5,6$", b"@GPSD,861000000000207,R,1,2$",
     b"@LBSD,861000000000207,R$", b"@GPSD,861000000000207,R,\xff\xfe,2,3,4,5,6,7,8$"],
)  # fmt: skip
def test_a_broken_sentence_is_refused_by_name(broken):
    assert only(broken).reason == "malformed"


def test_a_type_that_is_not_known_is_kept_unread():
    event = only(b"@XYZW,861000000000207,1,2$")
    assert (event.message, event.device_times) == (0, ())
    assert len(columns(event.raw)) == 0


def test_what_the_law_does_not_allow_is_not_kept():
    assert FAMILY.keep(GPSD, [True]) == GPSD
    assert FAMILY.keep(GPSD, [False]) == b""
    assert FAMILY.keep(LINK, []) == LINK
    with pytest.raises(ValueError, match="2 decisions for 1 reports"):
        FAMILY.keep(GPSD, [True, False])


@pytest.mark.parametrize(
    ("order", "segment"),
    [
        (Order("locate"), b"@ROLL,861000000000207$"),
        (Order("interval", {"seconds": "60"}), b"@STIN,861000000000207,60$"),
        (Order("zone", {"hours": "8"}), b"@STTZ,861000000000207,8$"),
        (Order("sos_numbers", {"numbers": "12345,+86110"}), b"@STPH,861000000000207,12345,+86110$"),
    ],
)
def test_an_order_is_one_sentence_answered_by_its_reply(order, segment):
    sending = session().order(IMEI, order)
    assert sending.segments == (segment,)
    assert sending.answered_by == segment[1:5].decode()


@pytest.mark.parametrize(
    "order",
    [Order("fence"), Order("interval"), Order("interval", {"seconds": "0"}), Order("interval", {"seconds": "6$@LINK"}),
     Order("locate", {"x": "1"}), Order("name", {"name": "a,b"}), Order("zone", {"hours": "八"})],
)  # fmt: skip
def test_an_order_that_cannot_be_is_said_so(order):
    with pytest.raises(OrderFault, match=order.kind):
        session().order(IMEI, order)


@pytest.mark.parametrize(
    ("fields", "key", "result"),
    [
        (b",STIN,OK", "STIN", Result.DONE),
        (b",OK", "ROLL", Result.DONE),
        (b",error", "ROLL", Result.FAILED),
        (b"", "ROLL", Result.DONE),
    ],
)
def test_a_reply_answers_the_order_it_names_or_the_last(fields, key, result):
    one = session()
    one.order(IMEI, Order("locate"))
    (frame,) = one.feed(b"@RPLY,861000000000207" + fields + b"$", 0.0)
    assert [(reply.key, reply.result) for reply in frame.replies] == [(key, result)]


@must_meet("frames", "reports", "refusals", "a sentence in two parts")
@given(st.lists(st.binary(max_size=60) | st.sampled_from([LINK, GPSD, LBSD, RPLY, b"@", b"$", b","]), max_size=12))
@example([GPSD[:20], GPSD[20:], LINK, b"rubbish", b"@x$"])
def test_any_bytes_in_any_split_give_frames_that_decode_or_counted_refusals(met, parts):
    one = session()
    events = [event for part in parts for event in one.feed(part, 0.0)]
    frames = [event for event in events if isinstance(event, Frame)]
    batch = columns(*(frame.raw for frame in frames))
    assert len(batch) == sum(len(frame.device_times) for frame in frames)
    times = [time for frame in frames for time in frame.device_times]
    assert batch.time.tolist() == pytest.approx(times, nan_ok=True)
    assert sum(one.discarded.values()) >= sum(isinstance(event, Refused) for event in events)
    whole = session().feed(b"".join(parts), 0.0)
    assert [event for event in whole if isinstance(event, Frame)] == frames
    met["frames"] += len(frames)
    met["reports"] += len(batch)
    met["refusals"] += sum(isinstance(event, Refused) for event in events)
    met["a sentence in two parts"] += any(frame.raw not in parts for frame in frames)
    for part in parts:
        FAMILY.describe([part], "standard")
