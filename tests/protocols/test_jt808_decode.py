"""Columns against the interpreted parse of the same schema, and what the profiles make of bits and items."""

import math

import numpy as np
import pytest
from construct import Bytes, Int8ub, Int16ub, Int32sb, Struct, VarInt
from hypothesis import example, given
from hypothesis import strategies as st
from jt808_frames import NOON, batch, frame, location
from met import must_meet

from protocols.columns import Columns, Scaled
from protocols.jt808 import FAMILY
from protocols.jt808.messages.position import LOCATION, LOCATION_REPORT, LOCATION_SIZE
from protocols.jt808.session import Session
from protocols.jt808.wire import seal, unescape
from protocols.lists import ListShape, walk
from protocols.report import Flag, SignalUnit, Source, SourceDatum, column_names
from protocols.session import Frame, FrameBatch


def decoded(*frames, profile="standard"):
    return FAMILY.decode(FrameBatch.of(frames, profile))


def report(profile="standard", **fixed):
    edition_2019 = fixed.pop("edition_2019", False)
    batch_of_one = decoded(frame(0x0200, location(**fixed), edition_2019=edition_2019), profile=profile)
    assert len(batch_of_one) == 1
    return batch_of_one


def flags(profile="standard", **fixed):
    return Flag(int(report(profile, **fixed).flags[0]))


def is_place(row):
    at_zero = row["latitude"] == row["longitude"] == 0
    return row["status"] & 2 and not at_zero and row["latitude"] <= 90 and row["longitude"] <= 180


def meant(row):
    """What the columns of a report say, as its fixed part is parsed."""
    south, west = (-1 if row["status"] >> bit & 1 else 1 for bit in (2, 3))
    of_fix = {
        "latitude": south * row["latitude"],
        "longitude": west * row["longitude"],
        "altitude_m": row["altitude_m"],
        "speed_kmh": row["speed_kmh"] if row["speed_kmh"] < 6553.5 else math.nan,
        "course_deg": row["course_deg"] % 360 if row["course_deg"] <= 360 else math.nan,
    }
    return {"time": row["time"]} | (of_fix if is_place(row) else dict.fromkeys(of_fix, math.nan))


@must_meet("a moment", "no moment", "a place", "none", "below the sea")
@given(st.lists(st.binary(min_size=LOCATION_SIZE, max_size=LOCATION_SIZE), min_size=1, max_size=8))
@example([location(altitude_m=-5), location(status=0b1110), bytes(LOCATION_SIZE), b"\xff" * LOCATION_SIZE])
@example(
    [location(**{axis: edge}) for axis, edge in (("latitude", 90), ("longitude", 180)) for edge in (edge, edge + 1e-6)]
)
def test_every_column_equals_the_interpreted_parse(met, rows):
    reports = decoded(*(frame(0x0200, row) for row in rows))
    parsed = [LOCATION.parse(row) for row in rows]
    expected = [meant(row) for row in parsed]
    for name in expected[0]:
        np.testing.assert_array_equal(getattr(reports, name), [row[name] for row in expected])
    assert reports.located.tolist() == [bool(is_place(row)) for row in parsed]
    assert reports.datum.tolist() == [row["status"] >> 5 & 1 for row in parsed]
    unknown = int(np.isnan(reports.time).sum())
    met["no moment"] += unknown
    met["a moment"] += len(rows) - unknown
    met["a place"] += int(reports.located.sum())
    met["none"] += int((~reports.located).sum())
    met["below the sea"] += int((reports.altitude_m < 0).sum())


def test_other_layouts_compile_and_what_has_none_is_named():
    schema = Struct("a" / Int8ub, "b" / Bytes(3), "c" / Int32sb, "d" / Scaled(Int16ub, 4))
    data = bytes.fromhex("ff" + "01" + "020304" + "fffffffe" + "0006" + "00")
    row = Columns(schema).read(np.frombuffer(data, np.uint8), np.array([1]))
    assert (row["a"][0], bytes(row["b"][0]), row["c"][0], row["d"][0]) == (1, b"\x02\x03\x04", -2, 1.5)
    with pytest.raises(TypeError, match="field odd"):
        Columns(Struct("odd" / VarInt))


ITEM = st.tuples(st.integers(0, 255), st.binary(max_size=20))


@must_meet("no report", "several items", "a rest", "an item cut by its report's end")
@given(st.lists(st.tuples(st.lists(ITEM, max_size=5), st.binary(max_size=3)), max_size=6))
@example([])
@example([([(1, b"ab"), (2, b"")], b""), ([], b"\x31\x05\x00")])
def test_items_walked_at_once_equal_the_interpreted_parse(met, reports):
    bodies = [location(items=items, rest=rest) for items, rest in reports]
    end = np.cumsum([len(body) for body in bodies]).astype(np.int64)
    start = end - [len(body) for body in bodies] + LOCATION_SIZE
    buffer = np.frombuffer(b"".join(bodies), np.uint8)
    items, stopped = walk(buffer, start, end, ListShape(id_at=0, id_width=1, size_at=1, size_width=1))
    for row, body in enumerate(bodies):
        parsed = LOCATION_REPORT.parse(body)
        own = items.at(items.owner == row)
        found = [
            (int(number), bytes(buffer[begin : begin + size]))
            for number, begin, size in zip(own.ident, own.start, own.size, strict=True)
        ]
        assert found == [(item.id, item.data) for item in parsed["items"]]
        assert end[row] - stopped[row] == len(parsed.rest)
        met["several items"] += len(found) > 1
        met["a rest"] += bool(parsed.rest)
        met["an item cut by its report's end"] += len(parsed.rest) > 1
    met["no report"] += not reports


BODIES = st.one_of(
    st.binary(max_size=60),
    st.builds(location, time=st.integers(950_000_000, 2_000_000_000), items=st.lists(ITEM, max_size=4)),
    st.builds(
        lambda kind, *parts: batch(*parts, kind=kind), st.integers(0, 2), st.just(location()), st.binary(max_size=50)
    ),
    st.builds(lambda items: b"\0\1" + location(items=items), st.lists(ITEM, max_size=2)),
    st.builds(lambda head, data: head + location() + data, st.binary(min_size=7, max_size=9), st.binary(max_size=20)),
    st.just(location(latitude=0x7E7D7E7D / 1e6, longitude=0x017D027E / 1e6)),
)
FRAMES = st.builds(
    frame,
    st.sampled_from([0x0200, 0x0201, 0x0500, 0x0704, 0x0210, 0x0002, 0x5501, 0x0801]),
    BODIES,
    edition_2019=st.booleans(),
    fragment=st.sampled_from([None, None, (1, 1), (2, 1)]),
)


@must_meet("no frame", "a frame without a report", "one report", "several reports")
@given(st.lists(FRAMES | st.binary(max_size=40), max_size=8))
@example([])
@example([frame(0x0002), frame(0x0200, location()), frame(0x0704, batch(location(), location()))])
def test_a_batch_has_the_reports_that_the_session_saw_in_their_order(met, frames):
    taken = [Session().feed(raw, 0.0)[-1:] for raw in frames]
    sound = [raw for raw, events in zip(frames, taken, strict=True) if events and isinstance(events[0], Frame)]
    sound = [raw for raw in sound if raw.count(b"\x7e") == 2 and raw[0] == raw[-1] == 0x7E]
    times = [Session().feed(raw, 0.0)[0].device_times for raw in sound]
    reports = decoded(*sound)
    expected = [(row, time) for row, moments in enumerate(times) for time in moments]
    assert reports.frame.tolist() == [row for row, _ in expected]
    np.testing.assert_array_equal(reports.time, [time for _, time in expected])
    names = ("a frame without a report", "one report", "several reports")
    met.update(names[min(len(moments), 2)] for moments in times)
    met["no frame"] += not sound


@must_meet("several frames with reports", "cells", "access points", "no report")
@given(st.lists(FRAMES | st.binary(max_size=60), max_size=5), st.sampled_from(FAMILY.profiles))
@example(
    [
        frame(0x0200, location(items=[(0x5D, bytes.fromhex("01 01cc 00 25f0 0040de62 3c"))])),
        frame(0x0200, location(items=[(0x54, bytes.fromhex("01 0a0b0c0d0e0f c4"))])),
        b"",
    ],
    "g10ls",
)
def test_no_bytes_raise_and_a_batch_equals_its_frames_one_by_one(met, frames, profile):
    whole = decoded(*frames, profile=profile)
    single = [decoded(raw, profile=profile) for raw in frames]
    for name in column_names():
        if name != "frame":
            parts = [getattr(one, name) for one in single]
            np.testing.assert_array_equal(getattr(whole, name), np.concatenate(parts) if parts else [])
    for ragged, fields in (("cells", "lac"), ("wifi", "bssid")):
        parts = [getattr(getattr(one, ragged), fields) for one in single]
        np.testing.assert_array_equal(getattr(getattr(whole, ragged), fields), np.concatenate(parts) if parts else [])
    met["several frames with reports"] += sum(map(bool, map(len, single))) > 1
    met["no report"] += not len(whole)
    met["cells"] += len(whole.cells.report)
    met["access points"] += len(whole.wifi.report)


@pytest.mark.parametrize("attributes", [0x0400, 0x0800, 0x1000, 0x1C00])
def test_an_encrypted_body_is_not_read(attributes):
    assert len(decoded(frame(0x0200, location(alarm=1), attributes=attributes))) == 0


def test_an_empty_batch():
    assert len(decoded()) == 0


def test_profiles_of_one_batch_stay_apart():
    raw = frame(0x0200, location(alarm=1 << 17))
    both = FrameBatch.of([raw, raw, raw], "standard")
    mixed = FrameBatch(both.payload, both.start, both.length, ("standard", "g10ls"), np.array([0, 1, 0]))
    cut = [bool(Flag.STRAP_CUT & Flag(int(word))) for word in FAMILY.decode(mixed).flags]
    assert cut == [False, True, False]


def test_other_bytes_between_the_frames_change_nothing():
    raw = frame(0x0200, location(latitude=0x017D7E7D / 1e6))
    between = b'{"kind": "tick", "brace": "}\x01}\x02"}'
    payload = between + raw + between + between + raw + b"\x7d"
    start = np.array([len(between), len(payload) - len(raw) - 1])
    frames = FrameBatch(
        np.frombuffer(payload, np.uint8), start, np.full(2, len(raw)), ("", "standard"), np.array([1, 1])
    )
    assert FAMILY.decode(frames).latitude.tolist() == [0x017D7E7D / 1e6] * 2


def test_a_position_as_columns():
    row = report(status=0b1110, latitude=31.5, longitude=121.25, speed_kmh=7.2, course_deg=270, altitude_m=-5)
    assert (row.latitude[0], row.longitude[0]) == (-31.5, -121.25)
    assert (row.altitude_m[0], row.speed_kmh[0], row.course_deg[0]) == (-5, 7.2, 270)
    assert (row.time[0], row.source[0], row.datum[0]) == (NOON, Source.GNSS, SourceDatum.WGS84)


@pytest.mark.parametrize(
    "fixed",
    [{"status": 0}, {"latitude": 0, "longitude": 0}, {"latitude": 90.5}, {"longitude": 180.000001}],
    ids=["not located", "0/0", "beyond the pole", "beyond the date line"],
)
def test_no_fix_is_no_place(fixed):
    row = report(**fixed)
    assert (bool(row.located[0]), row.source[0]) == (False, Source.NONE)
    assert all(math.isnan(getattr(row, name)[0]) for name in ("latitude", "longitude", "altitude_m", "speed_kmh"))
    assert row.time[0] == NOON


@pytest.mark.parametrize(("sent", "stated"), [(0, 0), (359, 359), (360, 0), (361, None), (0xFFFF, None)])
def test_a_course_beyond_the_circle_is_absent(sent, stated):
    course = report(course_deg=sent).course_deg[0]
    assert math.isnan(course) if stated is None else course == stated


def test_a_speed_of_all_ones_is_absent():
    assert math.isnan(report(speed_kmh=6553.5).speed_kmh[0])
    assert report(speed_kmh=6553.4).speed_kmh[0] == 6553.4


@pytest.mark.parametrize("head", [b"", b"\0\1"])
def test_a_location_answer_is_read_with_and_without_the_serial(head):
    row = decoded(frame(0x0201, head + location(latitude=31.25, items=[(0x31, b"\t")])))
    assert (row.latitude.tolist(), row.time.tolist(), row.satellites.tolist()) == ([31.25], [NOON], [9])


@pytest.mark.parametrize("edition_2019", [False, True])
def test_a_fragment_1_of_1_is_decoded(edition_2019):
    raw = frame(0x0200, location(), fragment=(1, 1), edition_2019=edition_2019)
    assert decoded(raw, frame(0x0200, location(), fragment=(2, 1))).frame.tolist() == [0]


def test_the_secrecy_plug_in_is_marked():
    assert report(status=0b100010).datum[0] == SourceDatum.GCJ02


def test_stored_reports_are_marked():
    raw = [frame(0x0704, batch(location(), location(), kind=kind)) for kind in (0, 1)]
    assert decoded(*raw).stored.tolist() == [False, False, True, True]


@pytest.mark.parametrize(
    ("bit", "edition_2019", "flag"),
    [(0, False, Flag.SOS), (15, False, Flag.RESERVED_15), (15, True, Flag.FORBIDDEN_TIME), (17, True, Flag.BLIND_ZONE),
     (31, False, Flag.ILLEGAL_DOOR), (31, True, Flag.RESERVED_31), (8, True, Flag.POWER_LOST)],
)  # fmt: skip
def test_standard_alarm_bits(bit, edition_2019, flag):
    assert flags(alarm=1 << bit, edition_2019=edition_2019) == flag


@pytest.mark.parametrize("edition_2019", [False, True])
def test_each_alarm_bit_is_seen_under_every_profile(edition_2019):
    for profile in FAMILY.profiles:
        seen = [flags(profile, alarm=1 << bit, edition_2019=edition_2019) for bit in range(32)]
        standard = [flags(alarm=1 << bit, edition_2019=edition_2019) for bit in range(32)]
        assert len(set(standard)) == 32
        assert all(seen)
        # a maker's meaning of 15-17 stands beside the reserved bit, not beside a vehicle alarm of 2019
        makers = {"g10ls": (15, 16, 17), "aovx": (16,)}.get(profile, ())
        plain = [bit for bit in range(32) if bit not in makers]
        assert all(standard[bit] in seen[bit] for bit in plain)


def test_items_of_the_standard():
    row = report(items=[(0x31, b"\x0b"), (0x2A, b"\x00\x03"), (0x31, b"")])
    assert row.satellites[0] == 11
    assert Flag(int(row.flags[0])) == Flag.DEEP_SLEEP | Flag.SLEEP


def test_g10ls_removal_battery_and_motion():
    assert flags("g10ls", alarm=1 << 17) == Flag.STRAP_CUT | Flag.RESERVED_17
    assert flags("g10ls", alarm=1 << 17, edition_2019=True) == Flag.STRAP_CUT | Flag.RESERVED_17
    assert flags("g10ls", alarm=1 << 15) == Flag.BATTERY_LOW | Flag.RESERVED_15
    assert flags("g10ls", status=1 << 11) == Flag.POWER_LOST
    assert flags("g10ls", items=[(0xF4, b"\x00\x11")]) == Flag.COLLISION | Flag.ACCELERATION
    assert report("g10ls", items=[(0x56, b"\x0a\x48")]).battery_percent[0] == 72


def test_g10ls_says_what_the_position_comes_from():
    assert report("g10ls", items=[(0xF6, b"\x01\x00\x00\x01")]).source[0] == Source.WIFI
    assert report("g10ls", items=[(0xF6, b"\x01\x02\x00\x00")]).source[0] == Source.GNSS
    assert report("g10ls", status=0, items=[(0xF6, b"\x01\x00\x00\x00")]).source[0] == Source.NONE


def cells_of(row):
    cells = row.cells
    columns = (cells.mcc, cells.mnc, cells.lac, cells.cid, cells.signal_raw, cells.signal_unit)
    return [tuple(int(value) for value in values) for values in zip(*columns, strict=True)]


@pytest.mark.parametrize(
    ("number", "data", "cells"),
    [
        (0x5D, "01 02d403 79b8 01142303 3c", [(724, 3, 31160, 18096899, 60, SignalUnit.RAW)]),  # jt808:126
        (0x53, "01 01cc00 2626 00000ff1 13", [(460, 0, 9766, 4081, 19, SignalUnit.RAW)]),  # jt808:85
        (0x53, "02 01cc00 2626 0ff1 13 01cc01 0001 0002 00",
         [(460, 0, 9766, 4081, 19, SignalUnit.RAW), (460, 1, 1, 2, 0, SignalUnit.RAW)]),
        (0x53, "01 000000 0000 0000 00", []),  # jt808:277: one cell that is none
        (0x53, "02 01cc00 2626 0ff1 13", []),  # the count is wrong
        (0x53, "01 01cc00 2626 0ff1", []),  # the length is wrong
        (0x53, "", []),
        (0x5D, "00", []),
    ],
)  # fmt: skip
def test_g10ls_cells(number, data, cells):
    assert cells_of(report("g10ls", items=[(number, bytes.fromhex(data))])) == cells


def test_cells_are_ordered_by_report():
    many = bytes.fromhex("01 01cc00 2626 00000ff1 13")
    short = bytes.fromhex("01 01cc00 2626 0ff1 13")
    bodies = [location(items=[(0x5D, many)]), location(), location(items=[(0x53, short), (0x5D, many)])]
    cells = decoded(frame(0x0704, batch(*bodies)), frame(0x0200, bodies[0]), profile="g10ls").cells
    assert cells.report.tolist() == [0, 2, 2, 3]


def test_wifi_levels_and_addresses():
    points = "04 0a0b0c0d0e0f c4  0a0b0c0d0e10 3c  010000000000 40  000000000000 40"
    wifi = report("g10ls", items=[(0x54, bytes.fromhex(points))]).wifi
    assert [f"{bssid:012x}" for bssid in wifi.bssid.tolist()] == ["0a0b0c0d0e0f", "0a0b0c0d0e10"]
    assert wifi.rssi_dbm.tolist() == [-60, -60]


def bsj(*entries):
    return b"".join((len(data) + 2).to_bytes(2, "big") + number.to_bytes(2, "big") + data for number, data in entries)


@pytest.mark.parametrize(
    ("number", "data", "flag"),
    [
        (0x0089, "ffffffff", Flag(0)),
        (0x0089, "ffffefff", Flag.STRAP_CUT),
        (0x0089, "ffffffef", Flag.COLLISION),  # jt808:255
        (0x0089, "fffffffe", Flag(0)),  # bit 0 is contradictory
        (0x0089, "7fffffff", Flag.PSEUDO_BASE_STATION),
        (0x0089, "ffff", Flag(0)),  # not its length
        (0x00C5, "ffffbfff", Flag.LIGHT_EXPOSED),
        (0x00C6, "03", Flag.BATTERY_LOW),
        (0x00C6, "02", Flag(0)),
    ],
)
def test_bsj_alarms_are_active_low(number, data, flag):
    assert flags("bsj", items=[(0xEB, bsj((0x00B2, bytes(10)), (number, bytes.fromhex(data))))]) == flag


def test_bsj_cells_battery_and_wifi():
    entries = bsj(
        (0x00D8, bytes.fromhex("01cc00288102e9600e")),
        (0x0024, b"460;0;10369;48848910"),
        (0x00B9, b"\x01" + b"0a:0b:0c:0d:0e:0f,-71"),
        (0x00A8, b"\x5a"),
    )
    row = report("bsj", items=[(0xEB, entries)])
    assert cells_of(row) == [(460, 0, 10369, 48848910, -1, SignalUnit.NONE)] * 2
    assert (row.wifi.bssid.tolist(), row.wifi.rssi_dbm.tolist()) == ([0x0A0B0C0D0E0F], [-71])
    assert row.battery_percent[0] == 90


def test_a_bsj_list_must_end_exactly():
    entries = bsj((0x0089, bytes.fromhex("ffffefff")))
    assert flags("bsj", items=[(0xEB, entries + b"\0")]) == Flag(0)


def test_a_frame_that_is_cut_gives_no_row():
    raw = frame(0x0200, location())
    content = unescape(raw[1:-1])
    for end in range(len(content) - 1):
        assert len(decoded(seal(content[:end]))) == 0


MEDIA = bytes.fromhex("00000001 00 00 00 01")
JPEG = bytes.fromhex("ffd8ffe000104a46494600010101004800480000ffdb0043000101")


def test_a_picture_has_the_place_where_it_was_taken():
    raw = frame(0x0801, MEDIA + location(latitude=31.25) + JPEG)
    row = decoded(raw)
    assert (row.latitude.tolist(), row.time.tolist()) == ([31.25], [NOON])
    (taken,) = Session().feed(raw, 0.0)
    assert taken.device_times == (NOON,)
    assert FAMILY.keep(raw, [True]) == raw
    assert FAMILY.keep(raw, [False]) == b""
    (account,) = FAMILY.describe([raw], "standard")
    assert (account["error"], account["unknown_items"]) == (None, [])


@pytest.mark.parametrize(
    "body",
    [
        MEDIA + b"#!AMR\n" + bytes(range(64)),  # g10ls: no place
        MEDIA + bytes.fromhex("00000002 00000001") + JPEG + JPEG,  # 2011: total and index, no place
        MEDIA + location()[:27],
        MEDIA + location(course_deg=361) + JPEG,
        MEDIA,
    ],
)
def test_other_media_have_none(body):
    raw = frame(0x0801, body)
    assert len(decoded(raw)) == 0
    (taken,) = Session().feed(raw, 0.0)
    assert taken.device_times == ()


def test_media_without_their_head_are_malformed():
    (refused,) = Session().feed(frame(0x0801, MEDIA[:7]), 0.0)
    assert refused.reason == "malformed"


@pytest.mark.parametrize("fixed", [{"latitude": 0}, {"longitude": 0}])
def test_a_place_on_the_equator_or_the_meridian_is_one(fixed):
    row = report(**fixed)
    assert bool(row.located[0])
    (axis,) = fixed
    assert getattr(row, axis)[0] == 0.0
