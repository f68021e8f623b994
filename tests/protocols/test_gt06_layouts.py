"""Layouts of other makers under the same number: told by what the frame shows, never by a maker's example values."""

import math

import pytest
from gt06_frames import frame

from protocols.gt06 import FAMILY
from protocols.report import URGENT, Flag
from protocols.session import Frame, FrameBatch

IDENTITY = "861000000000001"
EIGHT = 1_795_939_200.0  # 2026-11-29T08:00:00Z
PLACE = (pytest.approx(24.331), pytest.approx(109.4102))


def taken(raw, now=EIGHT, profile="standard") -> Frame:
    """The frame as a session gives it; what it says of itself is what ``decode`` finds."""
    (event,) = FAMILY.session(profile, identity=IDENTITY).feed(raw, now)
    assert isinstance(event, Frame), event
    batch = FAMILY.decode(FrameBatch.of([event.raw], profile, event.facts))
    assert len(event.device_times) == len(batch)
    assert event.urgent == bool(batch.flags.size and int(batch.flags[0]) & URGENT)
    for shown, time in zip(event.device_times, batch.time, strict=True):
        assert shown == time or (math.isnan(shown) and math.isnan(time))
    return event


def report(raw, profile="standard"):
    """The one report of a frame."""
    event = taken(raw, profile=profile)
    batch = FAMILY.decode(FrameBatch.of([event.raw], profile, event.facts))
    assert len(batch) == 1
    return batch


def flags(batch):
    return Flag(int(batch.flags[0]))


def cells(batch):
    columns = batch.cells
    return list(zip(columns.mcc, columns.mnc, columns.lac, columns.cid, strict=True))


@pytest.mark.parametrize(
    "text",
    [
        "78780a1345f10401020002d0530d0a",
        "78780a1345f104130200022a840d0a",
        "78780a1345f104250200022dec0d0a",
        "78780a1345f10418020002",
    ],
)
def test_a_heartbeat_whose_voltage_is_none_has_no_alarm_byte(text):
    raw = bytes.fromhex(text) if text.endswith("0d0a") else frame(0x13, bytes.fromhex(text)[4:9], 2)
    batch = report(raw)
    assert (flags(batch), batch.battery_percent.tolist()) == (Flag.CHARGING, [-1])
    assert not int(batch.stated[0]) & Flag.CASE_OPEN


@pytest.mark.parametrize("alarm", [0x01, 0x02, 0x13, 0x18, 0x19, 0x25, 0x32])
@pytest.mark.parametrize("voltage", [101, 0x7C, 0xC8, 0xFF])
@pytest.mark.parametrize("long", [False, True])
def test_no_voltage_above_a_hundred_is_one(alarm, voltage, long):
    batch = report(frame(0x13, bytes((0x41, voltage, 4, alarm, 2)), long=long))
    assert (flags(batch), batch.battery_percent.tolist()) == (Flag(0), [-1])


@pytest.mark.parametrize("volts", [0x0B, 0x13, 0x18, 0x19])
@pytest.mark.parametrize("signal", [32, 0x56, 0xB5])
def test_a_signal_that_is_none_shows_the_supplys_voltage_in_the_alarms_place(volts, signal):
    batch = report(frame(0x13, bytes((0x45, 6, signal, volts, 1))))
    assert (flags(batch), batch.battery_percent.tolist()) == (Flag.CHARGING, [100])


@pytest.mark.parametrize("voltage", [0, 6, 7, 100])
def test_an_alarm_byte_behind_a_voltage_that_can_be_is_believed(voltage):
    assert flags(report(frame(0x13, bytes((0x40, voltage, 4, 1, 2))))) == Flag.SOS


@pytest.mark.parametrize(
    ("status", "said"),
    [(0x65, Flag.SOS | Flag.CHARGING), (0x78, Flag.STRAP_CUT), (0x20, Flag.SOS), (0x58, Flag.BATTERY_LOW)],
)
def test_the_status_is_believed_whatever_the_voltage(status, said):
    assert flags(report(frame(0x13, bytes((status, 0xF1, 4, 0x25, 2))))) == said


def test_a_vehicles_heartbeat_with_an_impossible_percentage_has_no_alarm_byte_either():
    content = bytearray.fromhex("02 0190 01 00 2e 2b0170000000002c".replace(" ", ""))
    assert flags(report(frame(0x13, bytes(content)))) == Flag.SOS
    content[5] = 0xF1
    batch = report(frame(0x13, bytes(content)))
    assert (flags(batch), batch.battery_percent.tolist()) == (Flag(0), [-1])


@pytest.mark.parametrize(
    ("content", "percent"),
    [
        ((0x44, 0, 4, 0, 2), -1),
        ((0x46, 0, 1), -1),
        ((0x40, 0, 4, 0x24, 2), -1),
        ((0x40, 0, 4, 0, 2), 0),
        ((0x44, 1, 4, 0, 2), 16),
        ((0x44, 7, 4, 0, 2), 7),
    ],
)
def test_a_battery_that_is_charged_is_not_empty(content, percent):
    assert report(frame(0x13, bytes(content))).battery_percent.tolist() == [percent]


def test_nor_is_one_whose_percentage_is_stated():
    content = bytes.fromhex("06 0190 00 00 00 2b0170000000002c".replace(" ", ""))
    assert report(frame(0x13, content)).battery_percent.tolist() == [-1]
    assert report(frame(0x13, b"\x02" + content[1:])).battery_percent.tolist() == [0]


NOON_20 = 1_795_176_000.0  # 2026-11-20T12:00:00Z
DATE = bytes.fromhex("1a0b140c0000")


def test_11_may_be_a_date_and_a_cell():
    raw = bytes.fromhex("787813111a0b140c000001cc00256601a2b3000774860d0a")
    event, batch = taken(raw), report(raw)
    assert event.answer == frame(0x11, b"", 7)
    assert (batch.time.tolist(), cells(batch), batch.located.tolist()) == ([NOON_20], [(460, 0, 9574, 107187)], [False])


@pytest.mark.parametrize(
    ("cell", "heard"),
    [
        ("81cc0000 2566 01a2b3", (460, 0, 9574, 107187)),
        ("81cc000b 2566 01a2b3", (460, 11, 9574, 107187)),
        ("81360104 2566 01a2b3", (310, 260, 9574, 107187)),
        ("01940a 0001 000001", (404, 10, 1, 1)),
        ("028f0a fffd fffffd", (655, 10, 0xFFFD, 0xFFFFFD)),
    ],
)
@pytest.mark.parametrize("behind", ["", "00", "0002", "05000102", "00" * 12])
@pytest.mark.parametrize("long", [False, True])
def test_11_with_a_date_and_any_cell_and_whatever_follows(cell, heard, behind, long):
    batch = report(frame(0x11, DATE + bytes.fromhex(cell + behind), long=long))
    assert (batch.time.tolist(), cells(batch)) == ([NOON_20], [heard])
    assert batch.satellites.tolist() == [-1]


def test_11_with_a_date_and_no_network_is_still_heard():
    assert cells(report(frame(0x11, DATE + bytes(8)))) == []


def test_the_date_of_11_is_in_the_zone_of_the_login():
    session = FAMILY.session("concox")
    session.feed(frame(0x01, bytes.fromhex("0861000000000108 100f 3200")), NOON_20)
    (event,) = session.feed(frame(0x11, DATE + bytes.fromhex("01cc00256601a2b3")), NOON_20)
    assert event.device_times == (NOON_20 - 28_800,)
    assert FAMILY.decode(FrameBatch.of([event.raw], "concox", event.facts)).time.tolist() == [NOON_20 - 28_800]


def test_11_with_a_position_is_none_of_these():
    batch = report(frame(0x11, DATE + bytes.fromhex("c9 029c4558 0bbd0a78 00 1400 01cc 0000 2566 0001a2b3")))
    assert (batch.latitude[0], batch.longitude[0], cells(batch)) == (*PLACE, [(460, 0, 9574, 107187)])
    assert report(frame(0x11, DATE + bytes.fromhex("01 029c4558 0bbd0a78 00 1400"))).located.tolist() == [True]


def test_the_short_36_is_a_heartbeat_and_answered():
    raw = bytes.fromhex("787817360005040002003201010018020192006a015f0007975e0d0a")
    event, batch = taken(raw), report(raw)
    assert event.answer == frame(0x36, b"", 7) == bytes.fromhex("787805360007") + event.answer[-4:]
    assert (flags(batch), batch.battery_percent.tolist(), batch.located.tolist()) == (Flag(0), [95], [False])


@pytest.mark.parametrize(
    ("content", "said", "percent"),
    [
        ("44 06 04 00 02", Flag.CHARGING, 100),
        ("40 05 04 01 02 0032 01 01", Flag.SOS, 83),
        ("60 03 04 00 02 0018 02 0192", Flag.SOS, 50),
        ("44 05 04 00 02 006a 01 00", Flag.CHARGING, -1),
        ("40 05 04 00 02 006a 01 05", Flag(0), 5),
        ("40 05 04 00 02 006a 00", Flag(0), 83),
        ("45 f1 04 13 02", Flag.CHARGING, -1),
        ("40 05 04 13 02 0032 09 01", Flag(0), 83),
        ("40 05 56 13 02", Flag(0), 83),
        ("44 00 04", Flag.CHARGING, -1),
        ("78", Flag.STRAP_CUT, -1),
    ],
)
def test_a_4g_heartbeat_has_the_state_and_modules(content, said, percent):
    batch = report(frame(0x36, bytes.fromhex(content), 0x0D0A))
    assert (flags(batch), batch.battery_percent.tolist()) == (said, [percent])


def test_4g_heartbeats_with_and_without_a_percentage_stand_beside_one_another():
    contents = ("40 05 04 00 02 006a 01 5f", "40 03 04 00 02", "40 04 04 00 02 0018 02 0192")
    batch = FAMILY.decode(FrameBatch.of([frame(0x36, bytes.fromhex(content)) for content in contents], "standard"))
    assert batch.battery_percent.tolist() == [95, 50, 66]


def test_the_long_36_is_a_photo_and_is_not_answered():
    event = taken(frame(0x36, bytes.fromhex("60 03 04 00 02"), long=True))
    assert (event.answer, event.device_times, event.urgent) == (b"", (), False)


GPS_8 = bytes.fromhex("1a0b1d080000 c9 029c4558 0bbd0a78 00 1400")
LONG_16 = "78784a161a0b1d080000c9029c45580bbd0a78001400" + "00" * 46 + "7e061b00020009383e0d0a"


def test_16_with_a_long_block_has_its_state_at_the_end():
    batch = report(bytes.fromhex(LONG_16))
    assert (batch.time[0], batch.latitude[0], batch.longitude[0]) == (EIGHT, *PLACE)
    assert flags(batch) == Flag.STRAP_CUT | Flag.CHARGING
    assert (batch.battery_percent.tolist(), cells(batch)) == ([100], [])


@pytest.mark.parametrize("number", [0x16, 0x26])
@pytest.mark.parametrize(
    ("block", "heard"),
    [
        ("00" + "00" * 45, []),
        ("00" + "000000000000040000" + "00" * 36, []),
        ("00" + "01cc002866000eee00" + "00" * 36, [(460, 0, 10342, 3822)]),
        ("00" + "81cc00002866000eee" + "00" * 36, [(460, 0, 10342, 3822)]),
        ("00" + "01cc002866000eee00" + "2866000e0f20" * 6, [(460, 0, 10342, 3822)]),
        ("09" + "01cc002866000eee" + "00" * 30, [(460, 0, 10342, 3822)]),
        ("0a" + "81cc00002866000eee" + "00" * 30, [(460, 0, 10342, 3822)]),
        ("09" + "00" * 80, []),
        ("09" + "00" * 15, []),
    ],
)
@pytest.mark.parametrize(
    ("state", "said", "percent"),
    [
        ("60 04 04 01 02", Flag.SOS, 66),
        ("7e 5a 1b 13 82", Flag.STRAP_CUT | Flag.CHARGING, 90),
        ("40 05 04 00 02", Flag(0), 83),
    ],
)
def test_a_long_block_of_any_kind(number, block, heard, state, said, percent):
    batch = report(frame(number, GPS_8 + bytes.fromhex(block + state)))
    assert (flags(batch), batch.battery_percent.tolist(), cells(batch)) == (said, [percent], heard)


@pytest.mark.parametrize("behind", ["", "02", "02ff", "0201a1b2c3d4e5f60718"])
def test_a_usual_16_keeps_its_state_behind_the_cell(behind):
    content = GPS_8 + bytes.fromhex("09 01cc00 2866 000eee 60 04 04 01" + behind)
    if len(content) != 33:
        assert (flags(report(frame(0x26, content))), flags(report(frame(0x16, content)))) == (Flag.SOS, Flag.SOS)
    silent = bytearray(content)
    silent[19:27] = bytes(8)
    assert flags(report(frame(0x26, bytes(silent)))) == Flag.SOS


def test_19_with_a_date_is_no_alarm():
    batch = report(bytes.fromhex("787817191a0b1d08000001cc0028660d08c8f50c0000000acffc0d0a"))
    assert (batch.time.tolist(), cells(batch)) == ([EIGHT], [(460, 0, 10342, 854216)])
    assert (batch.battery_percent.tolist(), flags(batch), batch.stated.tolist()) == ([-1], Flag(0), [0])


@pytest.mark.parametrize("date", ["1a0b1d080000", "00" * 6, "18021d173b3b", "190c1f000000"])
@pytest.mark.parametrize(
    ("cell", "heard"),
    [
        ("01cc00 2866 0d08c8", (460, 0, 10342, 854216)),
        ("81cc000b 2866 0d08c8", (460, 11, 10342, 854216)),
        ("01f902 0271 0d08c9", (505, 2, 625, 854217)),
    ],
)
@pytest.mark.parametrize("behind", ["", "a00504010204", "f50c0000", "28660d08c92b0c0000"])
def test_19_with_any_date_and_cell(date, cell, heard, behind):
    batch = report(frame(0x19, bytes.fromhex(date + cell + behind)))
    assert (cells(batch), batch.battery_percent.tolist(), flags(batch)) == ([heard], [-1], Flag(0))
    assert math.isnan(batch.time[0]) is (date == "00" * 6)


def test_a_cell_without_a_network_is_no_date():
    batch = report(frame(0x19, bytes.fromhex("0000 9f 477a 5c0193 60 06 04 01 02 ff")))
    assert (flags(batch), batch.battery_percent.tolist(), cells(batch)) == (Flag.SOS, [100], [])


@pytest.mark.parametrize("mcc", ["0320", "0064", "1a0b", "7f00", "9a0b"])
def test_no_state_is_read_behind_a_country_that_is_none(mcc):
    sos = bytes.fromhex("60 04 04 01 02")
    wide = b"\0" if mcc[0] > "7" else b""
    cell = bytes.fromhex(mcc + "00 2866 000eee") + wide
    cell_4g = bytes.fromhex(mcc + "00 00002866 0000000000000eee") + wide
    for content, number in (
        (cell + sos, 0x19), (cell_4g + sos, 0xA5), (GPS_8 + b"\x09" + cell + sos, 0x16),
        (GPS_8 + b"\x09" + cell + sos + b"\xff", 0x27), (GPS_8 + b"\x10" + cell_4g + sos + b"\xff", 0xA4),
    ):  # fmt: skip
        batch = report(frame(number, content))
        assert (flags(batch), batch.battery_percent.tolist(), cells(batch)) == (Flag(0), [-1], []), hex(number)


@pytest.mark.parametrize(
    "cell", ["01cc002866000eee", "81cc00002866000eee", "00" * 8, "7fff00ffffffffff", "00" * 5 + "1a0000"]
)
def test_a_state_behind_a_network_or_none_is_believed(cell):
    sos = bytes.fromhex(cell + "60 04 04 01 02")
    for content, number in ((sos, 0x19), (GPS_8 + b"\x09" + sos, 0x26), (GPS_8 + b"\x09" + sos + b"\xff", 0x27)):
        batch = report(frame(number, content))
        assert (flags(batch), batch.battery_percent.tolist()) == (Flag.SOS, [66])


def test_17_with_a_crc_may_be_a_position_a_cell_and_a_card():
    raw = bytes.fromhex("787829171a0b1d080000c9029c45580bbd0a7800140001cc00286d000f4d112233445566778800000008af700d0a")
    event, batch = taken(raw), report(raw)
    assert event.answer == frame(0x17, b"", 8)
    assert (batch.time.tolist(), batch.latitude[0], batch.longitude[0]) == ([EIGHT], *PLACE)
    assert (cells(batch), len(batch.wifi.report)) == ([(460, 0, 10349, 3917)], 0)


@pytest.mark.parametrize("number", [0x17, 0x69])
@pytest.mark.parametrize(
    ("cell", "heard"),
    [
        ("01cc00 286d 000f4d", [(460, 0, 10349, 3917)]),
        ("81cc000b 286d 000f4d", [(460, 11, 10349, 3917)]),
        ("813600 04 286d 000f4d", [(310, 4, 10349, 3917)]),
        ("00" * 8, []),
    ],
)
@pytest.mark.parametrize("behind", ["", "0000", "a0b1c2d3", "112233445566778899"])
@pytest.mark.parametrize("fix", ["1400", "1cb4", "0400"])
def test_17_with_any_card(number, cell, heard, behind, fix):
    content = GPS_8[:16] + bytes.fromhex(fix + cell + behind)
    batch = report(frame(number, content))
    assert (batch.time.tolist(), cells(batch), len(batch.wifi.report)) == ([EIGHT], heard, 0)
    assert batch.located.tolist() == [fix != "0400"]


def test_17_with_a_crc_may_be_a_cell_and_a_phone_number():
    batch = report(frame(0x17, bytes.fromhex("01cc00 286d 000f4d") + b"13900000000".ljust(21, b"\0") + b"\0\1"))
    assert (cells(batch), len(batch.wifi.report)) == ([(460, 0, 10349, 3917)], 0)


@pytest.mark.parametrize("clock", ["261129080000", "191129080000", "201129080000", "311231235959"])
def test_17_with_a_crc_and_access_points_is_what_it_was(clock):
    points = bytes.fromhex("c81077010203 45 6c5940010203 4a d46e0e010203 50")
    batch = report(frame(0x17, bytes.fromhex(clock) + points + bytes.fromhex("01 01cc00 2866 abcd 5a")))
    assert (len(batch.wifi.report), cells(batch)) == (3, [(460, 0, 0x2866, 0xABCD)])


def test_the_time_of_f3_is_plain():
    batch = report(bytes.fromhex("787814f31a0b1d08002a01000002a1b2c3d4e5000b85170d0a"))
    assert batch.time.tolist() == [EIGHT + 42]
    assert [f"{int(bssid):012x}" for bssid in batch.wifi.bssid] == ["02a1b2c3d4e5"]


@pytest.mark.parametrize(
    ("clock", "time"),
    [
        ("1a0b1d08002a", EIGHT + 42),
        ("261129080042", EIGHT + 42),
        ("18021d173b3b", 1_709_251_199.0),
        ("1f0c1f173b3b", 1_956_527_999.0),
        ("200101000000", 1_956_528_000.0),
        ("140b0c0a262a", 1_605_177_522.0),
    ],
)
def test_the_time_of_f3_is_the_moment_that_it_can_be(clock, time):
    batch = report(frame(0xF3, bytes.fromhex(clock + "01 0000 02a1b2c3d4e5")))
    assert batch.time.tolist() == [time]


@pytest.mark.parametrize("clock", ["000000000000", "ffffffffffff", "1a0d01000000"])
def test_a_time_of_f3_that_is_none(clock):
    assert math.isnan(report(frame(0xF3, bytes.fromhex(clock + "01 0000 02a1b2c3d4e5"))).time[0])


@pytest.mark.parametrize(
    ("cell", "heard"),
    [
        ("0a 01cc0000 2866 00000eee", [(460, 0, 10342, 3822)]),
        ("0a 01cc0007 2b11 0a1b2c3d", [(460, 7, 0x2B11, 0x0A1B2C3D)]),
        ("0a 81cc000b 2866 00000eee", [(460, 11, 10342, 3822)]),
        ("0a 0000 0000 0000 00000000", []),
        ("09 01cc00 2866 000eee", [(460, 0, 10342, 3822)]),
        ("08 01cc00 2866 000eee", [(460, 0, 10342, 3822)]),
    ],
)
@pytest.mark.parametrize("behind", ["02", "0202b0", ""])
@pytest.mark.parametrize(
    ("state", "said", "percent"),
    [("46 04 04 00", Flag.CHARGING, 66), ("60 5a 04 01", Flag.SOS, 90), ("44 00 1b 00", Flag.CHARGING, -1)],
)
def test_32_has_a_step_behind_the_cell(cell, heard, behind, state, said, percent):
    raw = frame(0x32, GPS_8 + bytes.fromhex(cell + state + behind))
    batch = report(raw)
    assert (cells(batch), batch.battery_percent.tolist(), flags(batch)) == (heard, [percent], said)
    assert (batch.latitude[0], batch.longitude[0]) == PLACE
    assert raw[2] == 0x27 or cell[:2] != "0a" or behind != "02"


@pytest.mark.parametrize("altitude", ["0103", "01b0", "1388", "1303", "25ff"])
def test_an_altitude_in_32_is_no_alarm(altitude):
    batch = report(frame(0x32, GPS_8 + bytes.fromhex("0a 01cc0007 2b11 0a1b2c3d 46 06 04" + altitude)))
    assert (flags(batch), batch.battery_percent.tolist()) == (Flag.CHARGING, [100])


def test_an_alarm_in_32_is_known_by_the_language_behind_it():
    for language in range(3):
        state = bytes((0x46, 6, 4, 1, language))
        batch = report(frame(0x32, GPS_8 + bytes.fromhex("0a 01cc0007 2b11 0a1b2c3d") + state))
        assert flags(batch) == Flag.CHARGING | Flag.SOS


@pytest.mark.parametrize("alarm", ["21", "01", "13", "25"])
def test_32_with_the_supplys_voltage_has_the_status_only(alarm):
    batch = report(frame(0x32, GPS_8 + bytes.fromhex("0a 01cc0007 2b11 0a1b2c3d 46 f0 04" + alarm + "0202b0")))
    assert (cells(batch), batch.battery_percent.tolist()) == ([(460, 7, 0x2B11, 0x0A1B2C3D)], [-1])
    assert flags(batch) == Flag.CHARGING


@pytest.mark.parametrize(
    ("state", "said", "percent"),
    [
        ("46 06 04 00 02", Flag.CHARGING, 100),
        ("20 05 04 01 02", Flag.SOS, 83),
        ("78 03 04 13 02", Flag.STRAP_CUT, 50),
        ("46 00 01 06 64", Flag.CHARGING | Flag.OVERSPEED, -1),
        ("1a 05 04 19 02", Flag.BATTERY_LOW, 83),
    ],
)
@pytest.mark.parametrize(
    "behind", ["0c02" + "00" * 12, "6412" + "01cc00000028660000000eee", "0001" * 7, "3b02" + "00" * 20]
)
def test_a_status_in_a3_has_no_satellites(state, said, percent, behind):
    batch = report(frame(0xA3, bytes.fromhex(state + behind)))
    assert (flags(batch), batch.battery_percent.tolist()) == (said, [percent])
    assert (batch.satellites.tolist(), batch.located.tolist()) == ([-1], [False])
    assert math.isnan(batch.time[0])


@pytest.mark.parametrize("behind", ["", "00", "00" * 7, "01cc00 2866 000eee", "09 01cc00 2866 000eee 60 04 04 01 02"])
def test_a_block_without_a_fix_in_a3_is_no_status(behind):
    for place in (GPS_8[7:16], bytes(9)):
        batch = report(frame(0xA3, bytes.fromhex("1a0b1d011402 c0") + place + bytes.fromhex("0400" + behind)))
        assert (flags(batch), batch.located.tolist(), batch.battery_percent.tolist()) == (Flag(0), [False], [-1])


@pytest.mark.parametrize("behind", ["", "00", "09 01cc00 2866 000eee 60 04 04 01 02"])
def test_a_position_in_a3_is_one(behind):
    batch = report(frame(0xA3, GPS_8 + bytes.fromhex(behind)))
    assert (batch.time.tolist(), batch.latitude[0], batch.longitude[0]) == ([EIGHT], *PLACE)
    assert flags(batch) == Flag(0)


def test_an_alarm_in_a3_is_as_in_a4():
    for block in (GPS_8, GPS_8[:7] + bytes(11), bytes(18)):
        content = block + bytes.fromhex("10 01cc00 00002866 0000000000000eee 60 04 04 01 02 ff")
        assert flags(report(frame(0xA3, content))) == Flag.SOS
