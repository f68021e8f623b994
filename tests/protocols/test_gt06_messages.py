"""Every message without a captured frame, and the columns against the interpreted schemas.

The source of the layouts is section 4 of the protocol notes; the frames are built by ``gt06_frames``.
"""

import math

import numpy as np
import pytest
from effort import examples
from gt06_contents import FORMS
from gt06_frames import (
    ACCESS_POINTS,
    BCD_TIME,
    LATITUDE,
    LOCATED,
    LONGITUDE,
    MCC_MNC,
    NOON,
    NORTH,
    TIME,
    WEST,
    cell,
    cell_list,
    frame,
    gps,
)
from hypothesis import example, given, settings
from hypothesis import strategies as st
from met import counted, must_meet

from protocols.gt06 import FAMILY
from protocols.gt06 import decode as decode_module
from protocols.gt06.bodies import bodies_of
from protocols.gt06.clock import column_from_binary, from_bcd, from_binary, to_bcd, to_binary
from protocols.gt06.decode import decode_with, formed
from protocols.gt06.messages import MESSAGES, message_of
from protocols.report import Flag, SignalUnit, column_names
from protocols.session import FrameBatch

PROFILES = {name: FAMILY.profile(name) for name in FAMILY.profiles}


def decoded(*frames, profile="standard", facts=""):
    return FAMILY.decode(FrameBatch.of(frames, profile, facts))


def cells_in(batch):
    columns = batch.cells
    return list(zip(columns.mcc, columns.mnc, columns.lac, columns.cid, strict=True))


def wifi_in(batch):
    return [
        (f"{int(bssid):012x}", int(level)) for bssid, level in zip(batch.wifi.bssid, batch.wifi.rssi_dbm, strict=True)
    ]


SERVING = (460, 0, 9712, 4251234)
NEXT = (460, 0, 9713, 4251235)
HEARD = [("1c40e8112233", -69), ("90671c778899", -47)]
LIST = TIME + MCC_MNC + cell_list()


@pytest.mark.parametrize("number", [0x18, 0x28, 0x2E])
def test_a_list_of_seven_cells(number):
    batch = decoded(frame(number, LIST + b"\x05\0\2"))
    assert batch.time.tolist() == [NOON]
    assert cells_in(batch) == [SERVING, NEXT]
    assert batch.cells.ta.tolist() == [5, -1]
    assert batch.cells.signal_raw.tolist() == [40, 41]
    assert set(batch.cells.signal_unit.tolist()) == {SignalUnit.RAW}
    assert not batch.located[0]


def test_a_list_of_cells_of_a_network_with_a_two_byte_mnc():
    batch = decoded(frame(0x28, TIME + bytes.fromhex("81360104") + cell_list() + b"\xff\0\2"))
    assert cells_in(batch) == [(310, 260, 9712, 4251234), (310, 260, 9713, 4251235)]
    assert batch.cells.ta.tolist() == [-1, -1]


@pytest.mark.parametrize("behind", [b"\x03" + ACCESS_POINTS, b"\0\2\x03" + ACCESS_POINTS])
def test_cells_and_access_points(behind):
    batch = decoded(frame(0x2C, LIST + b"\xff" + behind))
    assert cells_in(batch) == [SERVING, NEXT]
    assert wifi_in(batch) == HEARD


def test_a_cut_list_of_access_points_keeps_what_is_whole():
    batch = decoded(frame(0x2C, LIST + b"\xff\x03" + ACCESS_POINTS[:10]))
    assert wifi_in(batch) == HEARD[:1]


LANGUAGES = pytest.mark.parametrize("language", [b"\0\1", b"\0\2"])


@LANGUAGES
def test_a_cut_list_of_access_points_behind_a_language_keeps_what_is_whole(language):
    batch = decoded(frame(0x2C, LIST + b"\xff" + language + b"\x03" + ACCESS_POINTS[:10]))
    assert (cells_in(batch), wifi_in(batch)) == ([SERVING, NEXT], HEARD[:1])


@LANGUAGES
@pytest.mark.parametrize("extra", [b"\0", b"\x01\x02\x03", ACCESS_POINTS[:7], bytes(9)], ids=bytes.hex)
def test_what_stands_behind_a_list_of_access_points_is_left_alone(language, extra):
    batch = decoded(frame(0x2C, LIST + b"\xff" + language + b"\x03" + ACCESS_POINTS + extra))
    assert wifi_in(batch) == HEARD


def test_of_two_access_points_one_is_there():
    raw = (
        "7878432c1805110a141e01cc00286600abcd32286700abce32286800abcf32286900abd032286a00abd132286b00abd232286c00abd332"
        "070002020a1b2c3d4e5f450001fb1e0d0a"
    )
    assert wifi_in(decoded(bytes.fromhex(raw))) == [("0a1b2c3d4e5f", -69)]


def test_a_cut_list_of_access_points_behind_4g_cells_has_no_language_before_it():
    content = TIME + MCC_MNC + cell_list(lac_size=4, cid_size=8) + b"\x07"
    cut, empty = content + b"\x03" + ACCESS_POINTS[:10], content + b"\0\x09\x09" + ACCESS_POINTS
    assert wifi_in(decoded(frame(0xA2, cut), frame(0xA2, empty))) == HEARD[:1]


def test_access_points_behind_4g_cells():
    content = TIME + MCC_MNC + cell_list(lac_size=4, cid_size=8) + b"\x07\x03" + ACCESS_POINTS
    batch = decoded(frame(0xA2, content))
    assert (cells_in(batch), wifi_in(batch), batch.cells.ta.tolist()) == ([SERVING, NEXT], HEARD, [7, -1])


@pytest.mark.parametrize("count", [6, 7])
@pytest.mark.parametrize("number", [0x33, 0x34])
def test_cells_with_ids_of_four_bytes(number, count):
    batch = decoded(frame(number, TIME + MCC_MNC + cell_list(count, cid_size=4) + b"\xff\0\2"))
    assert cells_in(batch) == [SERVING, NEXT]
    assert batch.time.tolist() == [NOON]


@pytest.mark.parametrize("count", [6, 7])
@pytest.mark.parametrize("language", [b"", b"\0\2"])
def test_access_points_behind_cells_with_ids_of_four_bytes(count, language):
    content = TIME + MCC_MNC + cell_list(count, cid_size=4) + b"\x05" + language + b"\x03" + ACCESS_POINTS
    batch = decoded(frame(0x33, content))
    assert (cells_in(batch), wifi_in(batch), batch.cells.ta.tolist()) == ([SERVING, NEXT], HEARD, [5, -1])


@pytest.mark.parametrize("count", [6, 7])
def test_cells_with_an_alarm(count):
    batch = decoded(frame(0xA9, TIME + MCC_MNC + cell_list(count, cid_size=4) + b"\xff\x01\x02"))
    assert cells_in(batch) == [SERVING, NEXT]
    assert Flag(int(batch.flags[0])) == Flag.SOS


def test_24_with_cells_and_the_timing_advance_first():
    batch = decoded(frame(0x24, TIME + b"\x04" + MCC_MNC + b"\x05" + cell_list(5) + b"\x30"))
    assert cells_in(batch) == [SERVING, NEXT]
    assert batch.cells.ta.tolist() == [4, -1]


def test_24_with_a_position():
    batch = decoded(frame(0x24, (gps() + cell()).ljust(41, b"\0")))
    assert batch.located.tolist() == [True]
    assert cells_in(batch) == [SERVING]


def test_access_points_without_levels():
    content = BCD_TIME + b"\x02" + b"\0\1" + bytes.fromhex("1c40e8112233") + b"\0\2" + bytes.fromhex("ffffffffffff")
    batch = decoded(frame(0xF3, content))
    assert (batch.time.tolist(), wifi_in(batch)) == ([NOON], [("1c40e8112233", 0)])


@pytest.mark.parametrize("number", [0x17, 0x69])
def test_wifi_frames_state_their_access_points_instead_of_a_length(number):
    cells = b"\x02\x01\xcc\x00" + b"\x25\xf0\x10\x01\x5a" + b"\x25\xf1\x10\x02\x64"
    batch = decoded(b"\x78\x78\x03" + bytes((number,)) + BCD_TIME + ACCESS_POINTS + cells + b"\r\n")
    assert (batch.time.tolist(), wifi_in(batch)) == ([NOON], HEARD)
    assert cells_in(batch) == [(460, 0, 0x25F0, 0x1001), (460, 0, 0x25F1, 0x1002)]
    assert batch.cells.signal_raw.tolist() == [-90, -100]


def test_the_stated_count_of_access_points_decides_where_another_would_fit_too():
    points = "081077010203456c59400102034ad46e0e0102035050bd5f01020355f48ceb01020358"
    raw = f"78780517240517102030{points}0101cc002866abcd5a0d0a"
    (event,) = FAMILY.session("standard", identity="861").feed(bytes.fromhex(raw), NOON)
    batch = decoded(event.raw)
    assert wifi_in(batch) == [
        ("081077010203", -69), ("6c5940010203", -74), ("d46e0e010203", -80), ("50bd5f010203", -85),
        ("f48ceb010203", -88),
    ]  # fmt: skip
    assert (cells_in(batch), batch.time.tolist()) == ([(460, 0, 0x2866, 0xABCD)], list(event.device_times))


@must_meet("no cell", "cells", "seven points")
@settings(max_examples=examples(100))
@given(st.binary(min_size=7, max_size=63), st.integers(0, 5), st.sampled_from([0x17, 0x69]))
@example(bytes(49), 0, 0x17)
@example(b"\x08" * 49, 5, 0x69)
def test_every_stated_count_of_access_points_is_kept_to(met, points, cells, number):
    points = points[: len(points) // 7 * 7]
    heard = b"".join((0x2801 + place).to_bytes(2, "big") + b"\x10\x01\x5a" for place in range(cells))
    content = points + bytes((cells,)) + MCC_MNC + heard
    batch = decoded(b"\x78\x78" + bytes((len(points) // 7, number)) + BCD_TIME + content + b"\r\n")
    assert cells_in(batch) == [(460, 0, 0x2801 + place, 0x1001) for place in range(cells)]
    assert batch.time.tolist() == [NOON]
    met["cells" if cells else "no cell"] += 1
    met["seven points"] += len(points) == 49


def test_where_the_stated_count_is_false_or_a_length_the_network_tells_where_the_cells_begin():
    points = bytes.fromhex("081077010203456c59400102034ad46e0e0102035050bd5f01020355f48ceb01020358")
    content = BCD_TIME + points + bytes.fromhex("0101cc002866abcd5a")
    batch = decoded(b"\x78\x78\x63\x17" + content + b"\r\n", frame(0x17, content))
    assert len(wifi_in(batch)) == 10
    assert cells_in(batch) == [(460, 0, 0x2866, 0xABCD)] * 2
    assert batch.time.tolist() == [NOON] * 2


def test_events_of_95():
    short = decoded(frame(0x95, TIME + b"\x01\0\1"))
    placed = decoded(frame(0x95, TIME + gps()[7:15] + gps()[16:18] + b"\x80\0\0EVENT.mp4"))
    assert [Flag(int(batch.flags[0])) for batch in (short, placed)] == [Flag.SOS, Flag.VIBRATION]
    assert (short.located.tolist(), placed.located.tolist(), placed.time.tolist()) == ([False], [True], [NOON])


@pytest.mark.parametrize(
    ("state", "flags"), [(b"STA1=03;", Flag.STRAP_CUT), (b"STA1=02;", Flag(0)), (b"DYD=01;", Flag(0))]
)
def test_a_state_text_tells_of_disassembly(state, flags):
    batch = decoded(frame(0x94, b"\x04ALM1=75;" + state, long=True))
    assert Flag(int(batch.flags[0])) == flags


def test_modules_of_70():
    place = gps()[7:15]
    modules = [
        (0x11, bytes.fromhex("01cc0000") + (9712).to_bytes(2, "big") + (4251234).to_bytes(4, "big")),
        (0x33, int(NOON).to_bytes(4, "big") + b"\x06\0\x0c" + place + b"\x24\x14\x5a"),
        (0x34, b"\x12" + int(NOON).to_bytes(4, "big") + b"\0"),
        (0x34, b"\x1a"),
        (0x99, b""),
    ]
    listed = b"".join(number.to_bytes(2, "big") + len(data).to_bytes(2, "big") + data for number, data in modules)
    batch = decoded(frame(0x70, b"\0\0\0\x01\x02" + listed, long=True))
    assert (batch.time.tolist(), batch.located.tolist(), batch.altitude_m.tolist()) == ([NOON], [True], [12.0])
    assert (cells_in(batch), Flag(int(batch.flags[0]))) == ([SERVING], Flag.STRAP_CUT)


@pytest.mark.parametrize("number", [0x12, 0x22, 0x2D, 0x37])
@pytest.mark.parametrize("wide", [False, True])
def test_a_position_with_its_tails(number, wide):
    head = gps() + cell(mnc=260 if wide else 4, mcc=310, wide=wide)
    tails = [b"", b"\1\0\0", b"\1\0\1", b"\1\0\1\0\0\0\x09", b"\0\0\0\x09"]
    batch = decoded(*(frame(number, head + tail) for tail in tails))
    assert batch.stored.tolist() == [False, False, True, True, False]
    assert cells_in(batch) == [(310, 260 if wide else 4, 9712, 4251234)] * len(tails)
    assert batch.latitude.tolist() == pytest.approx([LATITUDE] * len(tails))
    assert batch.longitude.tolist() == pytest.approx([LONGITUDE] * len(tails))
    assert (batch.speed_kmh[0], batch.course_deg[0], batch.satellites[0]) == (36, 90, 9)


@pytest.mark.parametrize(
    ("fix", "sign_lat", "sign_lon"), [(NORTH, 1, 1), (0, -1, 1), (NORTH | WEST, 1, -1), (WEST, -1, -1)]
)
def test_hemispheres(fix, sign_lat, sign_lon):
    batch = decoded(frame(0x10, gps(fix=LOCATED | fix)))
    assert batch.latitude[0] == pytest.approx(sign_lat * LATITUDE)
    assert batch.longitude[0] == pytest.approx(sign_lon * LONGITUDE)


@pytest.mark.parametrize(
    "block", [gps(fix=NORTH), gps(latitude=0, longitude=0), gps(latitude=91), gps(longitude=181)], ids=str
)
def test_no_fix_is_not_a_place(block):
    batch = decoded(frame(0x22, block + cell()))
    assert batch.located.tolist() == [False]
    assert np.isnan([batch.latitude[0], batch.longitude[0], batch.speed_kmh[0], batch.course_deg[0]]).all()
    assert batch.time.tolist() == [NOON]


@pytest.mark.parametrize("place", [{"latitude": 0}, {"longitude": 0}], ids=str)
def test_a_place_on_the_equator_or_the_meridian_is_one(place):
    batch = decoded(frame(0x22, gps(**place) + cell()))
    assert batch.located.tolist() == [True]
    (axis,) = place
    assert getattr(batch, axis)[0] == 0.0


@pytest.mark.parametrize(
    "time", [bytes(6), bytes((26, 13, 1, 0, 0, 0)), bytes((26, 2, 29, 0, 0, 0)), b"\xff" * 6], ids=bytes.hex
)
def test_a_moment_that_is_none_is_no_device_time(time):
    assert math.isnan(decoded(frame(0x22, gps(time=time) + cell())).time[0])


def test_the_same_event_in_status_and_alarm_byte_is_one_flag():
    batch = decoded(frame(0x26, gps() + b"\x09" + cell() + b"\x20\x06\x04\x01\x02"))
    assert Flag(int(batch.flags[0])) == Flag.SOS
    assert batch.battery_percent.tolist() == [100]
    assert Flag.SOS in Flag(int(batch.momentary[0]))


def test_a_heartbeat_speaks_of_the_device_and_of_no_place():
    batch = decoded(frame(0x13, b"\x3c\x02\x04\x00\x02"), frame(0x12, gps() + cell()))
    assert Flag(int(batch.flags[0])) == Flag.STRAP_CUT | Flag.CHARGING
    assert math.isnan(batch.time[0])
    assert Flag.STRAP_CUT in Flag(int(batch.stated[0]))
    assert batch.stated[1] == 0
    assert batch.battery_percent.tolist() == [33, -1]


def test_the_profile_says_what_the_heartbeats_voltage_is():
    raw = frame(0x13, bytes.fromhex("460b120400"))
    assert decoded(raw).battery_percent.tolist() == [11]
    assert decoded(raw, profile="r11").battery_percent.tolist() == [-1]


def test_facts_shift_the_local_messages_only():
    local, utc = frame(0x12, gps() + cell()), frame(0x22, gps() + cell())
    assert decoded(local, utc, facts="28800").time.tolist() == [NOON - 28800, NOON]
    assert decoded(local, utc, facts="-14400").time.tolist() == [NOON + 14400, NOON]
    assert decoded(local, utc, facts="nonsense").time.tolist() == [NOON, NOON]


def test_identities_that_cannot_be_are_no_cells():
    odd = [cell(cid=0), cell(cid=0xFFFFFF), cell(lac=0), cell(lac=0xFFFF), cell(mcc=0), cell(mcc=901), cell(cid=0xFFFE)]
    assert len(decoded(*(frame(0x22, gps() + one) for one in odd)).cells.report) == 0


def test_a_batch_of_many_messages_keeps_their_order():
    frames = [
        frame(0x22, gps(speed=speed) + cell(cid=1000 + speed)) if speed % 3 else frame(0x28, LIST + b"\xff\0\2")
        for speed in range(20)
    ]
    batch = decoded(*frames)
    assert batch.frame.tolist() == list(range(20))
    assert (batch.cells.report[1:] >= batch.cells.report[:-1]).all()
    assert [int(cid) for cid in batch.cells.cid[batch.cells.report == 7]] == [1007]
    assert [int(cid) for cid in batch.cells.cid[batch.cells.report == 3]] == [4251234, 4251235]


def contents(form, message):
    """Contents of a form, its tests made true."""
    size = st.sampled_from(form.among) if form.among else st.integers(form.least, min(form.most, form.least + 12))

    def made_true(content):
        content = bytearray(content)
        for test in form.tests:
            content[test.at] = content[test.at] & ~test.mask & 0xFF | test.value
        return bytes(content)

    return (
        size.flatmap(lambda length: st.binary(min_size=length, max_size=length))
        .map(made_true)
        .map(lambda content: frame(message.number & 0xFF, content, long=message.number > 0xFF or len(content) > 200))
    )


FORMED = [message for message in MESSAGES.values() if message.forms]


def same(left, right):
    for name in column_names():
        np.testing.assert_array_equal(getattr(left, name), getattr(right, name), err_msg=name)
    for ragged in ("cells", "wifi"):
        for name in type(getattr(left, ragged)).__dataclass_fields__:
            np.testing.assert_array_equal(getattr(getattr(left, ragged), name), getattr(getattr(right, ragged), name))


@must_meet("columns", "schemas", "two forms of a message")
@settings(max_examples=examples(400))
@given(st.data())
def test_columns_are_the_interpreted_schemas(met, data):
    frames = data.draw(
        st.lists(
            st.sampled_from(FORMED).flatmap(
                lambda message: st.sampled_from(message.forms).flatmap(lambda form: contents(form, message))
            ),
            min_size=1,
            max_size=6,
        )
    )
    profile = data.draw(st.sampled_from(FAMILY.profiles))
    batch = FrameBatch.of(frames, profile, data.draw(st.sampled_from(["", "28800"])))
    same(decode_with(batch, PROFILES, columns=True), decode_with(batch, PROFILES, columns=False))
    forms = [(number, form) for number, form, _ in formed(bodies_of(batch), PROFILES[profile])]
    met["columns"] += sum(form.columns is not None for _, form in forms)
    met["schemas"] += sum(form.columns is None for _, form in forms)
    met["two forms of a message"] += len({number for number, _ in forms}) < len(forms)


def test_each_form_is_read_in_columns_where_it_has_them_and_by_its_schema_otherwise(monkeypatch):
    raws = [content.frame(number) for number, contents in FORMS.items() for content in contents]
    fixed = sum(form.columns is not None for message in FORMED for form in message.forms if not form.layout)
    other = sum(form.columns is None for message in FORMED for form in message.forms)
    fast, slow = (counted(monkeypatch, decode_module, name) for name in ("in_columns", "one_by_one"))
    batch = FrameBatch.of(raws, "standard")
    left = decode_with(batch, PROFILES, columns=True)
    assert (fast["in_columns"], slow["one_by_one"]) == (fixed, other)
    right = decode_with(batch, PROFILES, columns=False)
    assert (fast["in_columns"], slow["one_by_one"]) == (fixed, other + fixed + other)
    assert len(left) == len(raws)
    same(left, right)


@must_meet("a form", "none", "no time", "a time")
@settings(max_examples=examples(150))
@given(st.sampled_from(FORMED), st.binary(max_size=140))
@example(MESSAGES[0x22], b"")
@example(MESSAGES[0x22], gps())
@example(MESSAGES[0x13], b"\x44\3\4\1\2")
def test_form_of_is_the_form_that_decode_takes(met, message, content):
    profile = FAMILY.profile("standard")
    form = profile.form_of(message.number, content)
    batch = decoded(frame(message.number & 0xFF, content, long=message.number > 0xFF))
    assert len(batch) == (form is not None)
    if form is not None:
        shown = form.time(content)
        assert math.isnan(shown) if math.isnan(batch.time[0]) else shown == batch.time[0]
        met["no time" if math.isnan(shown) else "a time"] += 1
    met["none" if form is None else "a form"] += 1


def fields_of(schema):
    return [field.name for field in schema.subcons]


@pytest.mark.parametrize(
    "form",
    [form for message in FORMED for form in message.forms if form.columns is not None],
    ids=lambda form: f"{form.columns.width}",
)
def test_fixed_schemas_build_what_they_parse(form):
    come_back = []

    @settings(max_examples=examples(8))
    @given(st.binary(min_size=form.columns.width, max_size=form.columns.width))
    @example(b"\x0a\x01\x01\0\0\0" * form.columns.width)
    @example(b"\x01" * form.columns.width)
    def there_and_back(content):
        content = content[: form.columns.width]
        parsed = form.schema.parse(content)
        try:
            built = form.schema.build(parsed)
        except ValueError:
            # A time that is none cannot be built.
            assert any(name in ("time", "sent") and math.isnan(parsed[name]) for name in parsed)
            return
        again = form.schema.parse(built)
        assert {name: again[name] for name in fields_of(form.schema)} == {
            name: parsed[name] for name in fields_of(form.schema)
        }
        come_back.append(content)

    there_and_back()
    assert come_back, "only times that are none were tried"


@given(st.integers(946_684_800, 4_102_444_799))
def test_times_go_there_and_back(moment):
    assert from_binary(to_binary(moment)) == from_bcd(to_bcd(moment)) == moment


@must_meet("a moment", "none")
@given(st.lists(st.binary(min_size=6, max_size=6), min_size=1))
@example([TIME, bytes(6), b"\x1a\x02\x1d\0\0\0"])
def test_times_in_columns_are_the_single_ones(met, parts):
    column = column_from_binary(np.frombuffer(b"".join(parts), np.uint8).reshape(-1, 6))
    np.testing.assert_array_equal(column, [from_binary(part) for part in parts])
    met["none"] += int(np.isnan(column).sum())
    met["a moment"] += int((~np.isnan(column)).sum())


def test_a_message_without_a_row_is_named_by_its_number():
    assert message_of(0x5C).name == "unknown_5c"
    assert message_of(0x112).name == "gps_cell"


@must_meet("a report", "none")
@settings(max_examples=examples(300))
@given(st.lists(st.binary(max_size=200) | st.just(frame(0x22, gps())), max_size=4))
@example([frame(0x22, gps()), b""])
def test_any_bytes_decode_to_reports_or_none(met, parts):
    batch = decoded(*parts)
    assert len(batch) <= len(parts)
    met["a report"] += len(batch)
    met["none"] += len(parts) - len(batch)
