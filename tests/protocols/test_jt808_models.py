"""What each model's bits and items mean: frames written from the tables of section 3 of the protocol notes.

Whoever is heard in them is invented. Every row is tried as it is, and again cut and grown by a byte: then nothing may
be read of it.
"""

from dataclasses import dataclass, field

import numpy as np
import pytest
from jt808_frames import NOON, frame, location

from protocols.jt808 import FAMILY
from protocols.jt808.profiles import parse_profile
from protocols.report import EVERY_FLAG, Flag, SignalUnit, Source
from protocols.session import FrameBatch

RAW, DBM, NONE = SignalUnit.RAW, SignalUnit.DBM, SignalUnit.NONE


@dataclass(frozen=True)
class Row:
    """One item and what it says. ``grown``: other lengths are read, too."""

    profile: str
    item: int
    data: str
    flags: Flag = field(default=Flag(0))
    battery: int = -1
    cells: tuple = ()
    wifi: tuple = ()
    source: Source = Source.GNSS
    grown: bool = False
    momentary: Flag = field(default=Flag(0))

    @property
    def id(self) -> str:
        return f"{self.profile} {self.item:02X} {self.data[:24]}"


def entries(*listed):
    """Entries of a bsj list: ``length WORD (counts the id), id WORD, data``."""
    return "".join(f"{len(bytes.fromhex(data)) + 2:04x}{number:04x}{data}" for number, data in listed)


def hexadecimal(text):
    return text.encode().hex()


ROWS = [
    # g10ls
    Row("g10ls", 0x53, "01 01cc 00 2626 0ff1 13", cells=((460, 0, 9766, 4081, 19, RAW),)),
    Row("g10ls", 0x53, "01 01cc 00 2626 00000ff1 13", cells=((460, 0, 9766, 4081, 19, RAW),)),
    Row("g10ls", 0x5D, "02 01cc 00 2499 0a7da003 23 01cc 01 2622 0994506b ff",
        cells=((460, 0, 9369, 176005123, 35, RAW), (460, 1, 9762, 160714859, 255, RAW))),
    Row("g10ls", 0x54, "02 0a0b0c0d0e0f c4 0a0b0c0d0e10 50",
        wifi=((0x0A0B0C0D0E0F, -60), (0x0A0B0C0D0E10, -80))),
    Row("g10ls", 0x56, "0a 64", battery=100),
    Row("g10ls", 0x56, "04 2b", battery=43),
    Row("g10ls", 0x56, "09 00", battery=90),
    Row("g10ls", 0x56, "0a cd", battery=100),
    Row("g10ls", 0x56, "01 ff", battery=10),
    Row("g10ls", 0x56, "00 01", battery=1),
    Row("g10ls", 0x56, "00 00", battery=0),
    Row("g10ls", 0x56, "0b 00"),
    Row("g10ls", 0x56, "ff ff"),
    Row("g10ls", 0xF4, "0010", Flag.COLLISION),
    Row("g10ls", 0xF4, "002b", Flag.ACCELERATION | Flag.DECELERATION | Flag.SHARP_TURN | Flag.ROLLOVER),
    Row("g10ls", 0xF6, "01 00 00 01", Flag.CHARGING, source=Source.WIFI),
    Row("g10ls", 0xF6, "02 02 00 02"),
    # bsj
    Row("bsj", 0xEB, entries((0x0089, "ffffefff")), Flag.STRAP_CUT),
    Row("bsj", 0xEB, entries((0x0089, "ffffffef"), (0x00CE, "1d46")), Flag.COLLISION),
    Row("bsj", 0xEB, entries((0x0089, "bfffffff")), Flag.PSEUDO_BASE_STATION),
    Row("bsj", 0xEB, entries((0x0089, "fdfffcfd")),
        Flag.SLEEP | Flag.ACCELERATION | Flag.DECELERATION | Flag.SHARP_TURN),
    Row("bsj", 0xEB, entries((0x00C5, "ffffbfbf")), Flag.LIGHT_EXPOSED | Flag.VIBRATION),
    Row("bsj", 0xEB, entries((0x00C6, "04")), Flag.BATTERY_LOW),
    Row("bsj", 0xEB, entries((0x00A8, "5a")), battery=90),
    Row("bsj", 0xEB, entries((0x00E1, "64")), battery=100),
    Row("bsj", 0xEB, entries((0x00A8, "7f"))),
    Row("bsj", 0xEB, entries((0x00D8, "01cc 00 25f0 0040de62")), cells=((460, 0, 9712, 4251234, -1, NONE),)),
    Row("bsj", 0xEB, entries((0x00D8, "01cc 0000 01 25f0 0040de62 b5")),
        cells=((460, 0, 9712, 4251234, -75, DBM),)),
    Row("bsj", 0xEB, entries((0x00D8, "01cc 0000 02 25f0 0040de62 b5 25f1 0040de63 00")),
        cells=((460, 0, 9712, 4251234, -75, DBM), (460, 0, 9713, 4251235, -1, NONE))),
    Row("bsj", 0xEB, entries((0x0024, hexadecimal("460;0;9712;4251234"))),
        cells=((460, 0, 9712, 4251234, -1, NONE),)),
    Row("bsj", 0xEB, entries((0x00B9, "02" + hexadecimal("0a:0b:0c:0d:0e:0f,-71,0a:0b:0c:0d:0e:10,-72"))),
        wifi=((0x0A0B0C0D0E0F, -71), (0x0A0B0C0D0E10, -72))),
    Row("bsj", 0xEB, entries((0x00B9, "03" + hexadecimal("0a:0b:0c:0d:0e:0f,-71")))),
    Row("bsj", 0xEB, entries((0x00B9, "01" + hexadecimal("0A:0B:0C:0d:0e:0F,100,"))), wifi=((0x0A0B0C0D0E0F, -100),)),
    Row("bsj", 0xEB, entries((0x00B9, "02" + hexadecimal("0a:0b:0c:0d:0e:0f,-7,00:00:00:00:00:00,-72"))),
        wifi=((0x0A0B0C0D0E0F, -7),)),
    Row("bsj", 0xEB, "01cc 00 2626 0ff1 13 2627 0ff2 14",
        cells=((460, 0, 9766, 4081, 19, RAW), (460, 0, 9767, 4082, 20, RAW))),
    Row("bsj", 0xEB, hexadecimal("UTC-04:00"), grown=True),
    Row("bsj", 0xEB, hexadecimal("UTC+08:0"), grown=True),  # as long as a cell: 21844 is no country
    # gps51
    Row("gps51", 0xFA, "00000002", Flag.STRAP_CUT),
    Row("gps51", 0xFA, "00000039", Flag.VIBRATION | Flag.ACCELERATION | Flag.DECELERATION | Flag.SHARP_TURN),
    Row("gps51", 0xFA, "00000704", Flag.DEEP_SLEEP | Flag.BATTERY_LOW | Flag.POWER_OFF | Flag.BATTERY_EMPTY),
    Row("gps51", 0xFA, "000008c0"),
    Row("gps51", 0xFB, "55 019a 01", Flag.CHARGING, battery=85),
    Row("gps51", 0xFB, "55 019a 00", battery=85),
    Row("gps51", 0xE1, "01cc 0000 2626 00000ff1 13", cells=((460, 0, 9766, 4081, 19, RAW),), grown=True),
    Row("gps51", 0xE1, "01cc 0000 2626 00000ff1", cells=((460, 0, 9766, 4081, -1, NONE),), grown=True),
    Row("gps51", 0xE1, "01cc 0001 2626 00000ff1 00 2627 0994506b 21",
        cells=((460, 1, 9766, 4081, -1, NONE), (460, 1, 9767, 160714859, 33, RAW))),
    Row("gps51", 0x54, "01 0a0b0c0d0e0f c4", wifi=((0x0A0B0C0D0E0F, -60),)),
    Row("gps51", 0xF6, "0866413035338598"),
    # c5
    Row("c5", 0xE4, "00 56", Flag.CHARGING, battery=86),
    Row("c5", 0xE4, "01 59", battery=89),
    Row("c5", 0xE5, "01", Flag.MOVING),
    Row("c5", 0xE5, "00"),
    Row("c5", 0xE7, "0002 000400000000", Flag.SOS, momentary=Flag.SOS),
    Row("c5", 0xE7, "0008 000400000000", Flag.SOS, momentary=Flag.SOS),
    Row("c5", 0xE7, "0001 000400000000", Flag.VIBRATION, momentary=Flag.VIBRATION),
    Row("c5", 0xE7, "0000 000400000000"),
    Row("c5", 0xE1, "01cc 0004 0013b2 0040de62 00", cells=((460, 4, 5042, 4251234, -1, NONE),)),
    Row("c5", 0xE1, "01cc 0004 0013b2 0040de62 1f 0113b3 0040de63 20",
        cells=((460, 4, 5042, 4251234, 31, RAW), (460, 4, 70579, 4251235, 32, RAW))),
    Row("c5", 0xEB, "01cc 00 2535 1026 1f", cells=((460, 0, 9525, 4134, 31, RAW),)),
    Row("c5", 0xEB, "01cc 01 2535 1026 1f 2536 1027 00 2537 0000 11",
        cells=((460, 1, 9525, 4134, 31, RAW), (460, 1, 9526, 4135, -1, NONE))),
    Row("c5", 0xEE, "01cc 01 262c 009a6743 1f", cells=((460, 1, 9772, 10118979, 31, RAW),)),
    Row("c5", 0xEE, "01cc 01 262c 009a6743 1f 262d 009a6744 20",
        cells=((460, 1, 9772, 10118979, 31, RAW), (460, 1, 9773, 10118980, 32, RAW))),
    *(
        Row("c5", 0xEE, f"{radio} 01cc 01 262c 009a6743 1f", cells=((460, 1, 9772, 10118979, 31, RAW),))
        for radio in ("00", "04", "ff")
    ),
    # a byte less, and it is a cell of country 257
    Row("c5", 0xEE, "01 01cc 01 262c 009a6743 1f", cells=((460, 1, 9772, 10118979, 31, RAW),), grown=True),
    Row("c5", 0xEB, "00c8 00 2535 1026 1f"),  # no country has 200
    Row("c5", 0xEB, "03e8 00 2535 1026 1f"),  # nor 1000
    Row("c5", 0xEC, "0a0b0c0d0e13 ce 0a0b0c0d0e14 b8", wifi=((0x0A0B0C0D0E13, -50), (0x0A0B0C0D0E14, -72))),
    # aovx
    Row("aovx", 0xF0, "01cc 0002 0040de62 00007d8b 8e", cells=((460, 2, 32139, 4251234, -114, DBM),)),
    Row("aovx", 0xF0, "01cc 0000 085118aa 0000550b a2 01cc 0000 085118ae 0000550b 00",
        cells=((460, 0, 21771, 139532458, -94, DBM), (460, 0, 21771, 139532462, -1, NONE))),
    Row("aovx", 0xF4, "0a0b0c0d0e11 be 0a0b0c0d0e12 b5",
        wifi=((0x0A0B0C0D0E11, -66), (0x0A0B0C0D0E12, -75))),
    Row("aovx", 0xF4, "", grown=True),
    Row("aovx", 0xF6, "02 19 01cb 006d00990520 05dc002800000032000a", Flag.MOVING),
    Row("aovx", 0xF6, "00 1f 09eb 015e 01fc 005000600420 05dc002800000032000a"),
    Row("aovx", 0xF6, "02 40"),
    Row("aovx", 0xF7, "00000d6f 00 3c", battery=60),
    Row("aovx", 0xF7, "00000e87 02 46", Flag.CHARGING, battery=70),
    Row("aovx", 0xF9, "000f 00000001 00000000 000b 250310035232"),
    # jimi
    Row("jimi", 0xE8, "2003 07 01 05 019f 03 0190", Flag.CHARGING, battery=83),
    Row("jimi", 0xE8, "2003 07 00 06 019f 03 0190", battery=100),
    Row("jimi", 0xE8, "2003 07 00 00 019f 03 0190"),
    Row("jimi", 0xE8, "2005 08 0003 01 42 0004 01 00", Flag.CHARGING, battery=66),
    Row("jimi", 0xE8, "2005 0e 0001 02 019f 0003 01 42 0007 02 000b", battery=66),
    *(
        Row("jimi", 0xE8, f"{number} 10 31313131313131260101120000000000", flag, grown=True, momentary=flag)
        for number, flag in (
            ("0c01", Flag.SOS), ("0c02", Flag.POWER_LOW), ("0c0e", Flag.POWER_LOST), ("0c0f", Flag.BATTERY_LOW),
            ("0c10", Flag.POWER_OFF), ("0c12", Flag.CASE_OPEN), ("0406", Flag.VIBRATION), ("0408", Flag.AREA),
            ("0409", Flag.AREA),
        )
    ),
]  # fmt: skip


def decoded(profile, *items, **fixed):
    batch = FAMILY.decode(FrameBatch.of([frame(0x0200, location(items=items, **fixed))], profile))
    assert len(batch) == 1
    return batch


def cells_of(batch):
    cells = batch.cells
    columns = (cells.mcc, cells.mnc, cells.lac, cells.cid, cells.signal_raw, cells.signal_unit)
    return tuple(tuple(int(value) for value in values) for values in zip(*columns, strict=True))


def said(batch):
    wifi = tuple(zip(batch.wifi.bssid.tolist(), batch.wifi.rssi_dbm.tolist(), strict=True))
    return (
        Flag(int(batch.flags[0])), int(batch.battery_percent[0]), cells_of(batch), wifi, Source(int(batch.source[0])),
        Flag(int(batch.momentary[0])),
    )  # fmt: skip


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_an_item_says_what_its_model_means(row):
    batch = decoded(row.profile, (row.item, bytes.fromhex(row.data)))
    cells = tuple((*cell[:5], int(cell[5])) for cell in row.cells)
    assert said(batch) == (row.flags, row.battery, cells, row.wifi, row.source, row.momentary)


SILENT = (Flag(0), -1, (), (), Source.GNSS, Flag(0))


@pytest.mark.parametrize("change", [lambda data: data[:-1], lambda data: data + b"\x01"], ids=["cut", "grown"])
@pytest.mark.parametrize("row", [row for row in ROWS if not row.grown], ids=lambda row: row.id)
def test_an_item_of_another_length_says_nothing(row, change):
    data = change(bytes.fromhex(row.data))
    assert said(decoded(row.profile, (row.item, data))) == SILENT
    (account,) = FAMILY.describe([frame(0x0200, location(items=[(row.item, data)]))], row.profile)
    assert account["unknown_items"] == [{"report": 0, "id": f"{row.item:02X}", "data": data.hex()}]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_under_the_standard_a_makers_item_is_unknown_and_its_bytes_are_shown(row):
    data = bytes.fromhex(row.data)
    assert said(decoded("standard", (row.item, data))) == SILENT
    (account,) = FAMILY.describe([frame(0x0200, location(items=[(row.item, data)]))], "standard")
    assert account["unknown_items"] == [{"report": 0, "id": f"{row.item:02X}", "data": data.hex()}]


def test_every_kind_of_item_has_a_row():
    ids = {(profile, item.id) for profile in FAMILY.profiles for item in FAMILY.profile(profile).readers}
    standard = {item.id for item in FAMILY.profile("standard").readers}
    tried = {(row.profile, row.item) for row in ROWS}
    assert {(profile, item) for profile, item in ids if item not in standard} <= tried | {("jimi", 0xEB)}


@pytest.mark.parametrize(
    ("profile", "bit", "flag", "momentary"),
    [
        ("standard", 0, Flag.SOS, True), ("standard", 1, Flag.OVERSPEED, False), ("standard", 20, Flag.AREA, True),
        ("standard", 28, Flag.ILLEGAL_DISPLACEMENT, True), ("standard", 29, Flag.COLLISION, False),
        ("g10ls", 15, Flag.BATTERY_LOW, True), ("g10ls", 16, Flag.VIBRATION, True), ("g10ls", 17, Flag.STRAP_CUT, True),
        ("bsj", 7, Flag.BATTERY_LOW, False), ("aovx", 16, Flag.MOVING, False),
    ],
)  # fmt: skip
def test_bits_that_an_answer_clears_are_told_from_those_that_last(profile, bit, flag, momentary):
    batch = decoded(profile, alarm=1 << bit)
    assert flag in Flag(int(batch.flags[0]))
    assert (flag in Flag(int(batch.momentary[0]))) is momentary


@pytest.mark.parametrize(("edition_2019", "momentary"), [(False, Flag.DANGER_WARNING), (True, Flag(0))])
def test_a_danger_warning_lasts_only_since_2019(edition_2019, momentary):
    raw = frame(0x0200, location(alarm=1 << 3), edition_2019=edition_2019)
    assert Flag(int(FAMILY.decode(FrameBatch.of([raw], "standard")).momentary[0])) == momentary


STEPS_ALONE = "7e0200002001390000010700010000000000000002017344f806857d0118000c00000000261129160505560209006e7e"


def test_a_g10ls_that_tells_no_percent_is_not_empty():
    """90 % by its step; the percent byte of such devices is 0, which was an empty battery."""
    batch = FAMILY.decode(FrameBatch.of([bytes.fromhex(STEPS_ALONE)], "g10ls"))
    assert (batch.battery_percent.tolist(), batch.located.tolist()) == ([90], [True])


def test_a_bsj_heartbeat_tells_the_battery_and_no_place():
    beats = [frame(0x0002, bytes.fromhex(body)) for body in ("48 1f 00", "47 1f 02")]
    frames = [beats[0], frame(0x0200, location()), beats[1]]
    batch = FAMILY.decode(FrameBatch.of(frames, "bsj"))
    times = [event.device_times for event in FAMILY.session("bsj").feed(b"".join(frames), 0.0)]
    assert [[at == at for at in each] for each in times] == [[False], [True], [False]]  # noqa: PLR0124  # NaN
    assert batch.frame.tolist() == [0, 1, 2]
    assert batch.battery_percent.tolist() == [72, -1, 71]
    assert batch.located.tolist() == [False, True, False]
    assert np.isnan(batch.time[[0, 2]]).all()
    assert batch.stated.tolist() == [0, int(EVERY_FLAG), int(Flag.POWER_OFF)]


@pytest.mark.parametrize("body", ["", "48 1f", "48 1f 00 00"])
def test_another_heartbeat_is_no_report(body):
    raw = frame(0x0002, bytes.fromhex(body))
    assert len(FAMILY.decode(FrameBatch.of([raw], "bsj"))) == 0
    assert FAMILY.session("bsj").feed(raw, 0.0)[0].device_times == ()


TIMED = parse_profile("""
name: timed
bodies:
  - {id: 0x0506, kind: number, size: 7, column: battery_percent}
  - {id: 0x0506, kind: time, size: 7, offset: 1}
  - {id: 0x0003, kind: text, name: text}
""")


@pytest.mark.parametrize(
    ("message", "body", "times"),
    [
        (0x0506, "4f 260202104000", (NOON,)),
        (0x0506, "4f", ()),
        (0x0003, "41", (np.nan,)),
        (0x0003, "", ()),
        (0x0002, "", ()),
    ],
)
def test_the_session_finds_the_reports_of_a_makers_own_status_messages(message, body, times):
    family = FAMILY.with_profiles([TIMED])
    raw = frame(message, bytes.fromhex(body))
    taken = FrameBatch.of([raw], "timed")
    np.testing.assert_array_equal(family.session("timed").feed(raw, 0.0)[0].device_times, times)
    np.testing.assert_array_equal(family.decode(taken).time, times)
    assert family.keep(raw, [True] * len(times)) == raw
    assert family.keep(raw, [False] * len(times)) == (b"" if times else raw)


def test_a_heartbeat_of_three_bytes_is_no_report_under_the_standard():
    assert len(FAMILY.decode(FrameBatch.of([frame(0x0002, bytes.fromhex("481f00"))], "standard"))) == 0


@pytest.mark.parametrize("profile", FAMILY.profiles)
def test_a_series_of_seven_bytes_is_battery_and_time(profile):
    raw = frame(0x0210, bytes.fromhex("4f 260202104000"))
    batch = FAMILY.decode(FrameBatch.of([raw], profile))
    (taken,) = FAMILY.session(profile).feed(raw, 0.0)
    assert taken.device_times == (NOON,)
    assert (batch.time.tolist(), batch.battery_percent.tolist(), batch.stated.tolist()) == ([NOON], [79], [0])
    assert FAMILY.keep(raw, [True]) == raw
    assert FAMILY.keep(raw, [False]) == b""


def test_a_heard_cell_of_a_status_report_stays_with_it():
    cells = bytes.fromhex("01 01cc 00 2626 00000ff1 13")
    frames = [frame(0x0210, bytes.fromhex("4f260202104000")), frame(0x0200, location(items=[(0x5D, cells)]))]
    assert FAMILY.decode(FrameBatch.of(frames, "g10ls")).cells.report.tolist() == [1]
