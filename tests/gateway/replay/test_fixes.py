"""The fixes table: what it accepts, and where it says what is wrong."""

from __future__ import annotations

import numpy as np
import pytest
from timeline import at, county

from gateway.engine.policy import compile_policy
from gateway.errors import UserFault
from gateway.replay.fixes import read_fixes
from protocols.report import Source

HEADER = "device,time,received_at,source,latitude,longitude,accuracy_m,speed_kmh,course_deg,cells,wifi\n"
T = int(at(0, 13))
GOOD = f"B0001,{T},{T + 5},gnss,24.33,109.41,12.5,3.6,90,460-0-1-2@-70/1,\n"


@pytest.fixture(scope="module")
def policy():
    return compile_policy(county())


@pytest.fixture
def table(tmp_path, policy):
    def read(text: str, name: str = "fixes.csv"):
        path = tmp_path / name
        path.write_text(text, "utf-8")
        return read_fixes(path, policy)

    return read


def test_a_row_becomes_a_report(table):
    reports = table(HEADER + GOOD).reports
    assert (reports.time[0], reports.received[0]) == (T, T + 5)
    assert (reports.latitude[0], reports.longitude[0]) == (24.33, 109.41)
    assert (reports.accuracy_m[0], reports.speed_kmh[0]) == (12.5, 3.6)
    assert reports.source[0] == Source.GNSS
    assert reports.located[0]
    assert not reports.bare[0]


def test_times_may_be_iso_with_their_offset_and_receipt_may_be_absent(table):
    text = "device,time,source,latitude,longitude\n"
    text += "B0001,2026-11-02T13:00:00+08:00,wifi,24.33,109.41\nB0001,2026-11-02T05:00:01Z,wifi,24.33,109.41\n"
    reports = table(text).reports
    assert reports.time.tolist() == [T, T + 1] == reports.received.tolist()


def test_a_row_without_a_position_is_unlocated(table):
    reports = table(HEADER + f"B0001,{T},,gnss,,,,,,,\n").reports
    assert not reports.located[0]
    assert np.isnan(reports.latitude[0])


def test_nought_nought_is_what_a_device_without_a_fix_writes(table):
    reports = table(HEADER + f"B0001,{T},,gnss,0,0.000000,,,,,\nB0001,{T + 1},,gnss,0,109.41,,,,,\n").reports
    assert reports.located.tolist() == [False, True]
    assert np.isnan(reports.latitude[0])
    assert not reports.bare.any()


def test_gb18030_is_read_as_the_tables_are(tmp_path, policy):
    path = tmp_path / "fixes.csv"
    path.write_bytes((HEADER.strip() + ",备注\n" + GOOD.strip() + ",网吧\n").encode("gb18030"))
    assert "网吧".encode() in read_fixes(path, policy).lines[0]


def test_line_ends_and_empty_lines_change_nothing(table):
    plain = table(HEADER + GOOD + GOOD)
    spread = table((HEADER + "\n" + GOOD + "\n" + GOOD).replace("\n", "\r\n"))
    assert spread.lines == plain.lines


def test_rows_are_ordered_by_receipt_and_ties_stay(table):
    rows = [f"{device},{T},{T + late},cell,24.3{late},109.41,,,,,\n" for device, late in
            (("B0001", 3), ("B0002", 1), ("B0001", 1), ("B0002", 2))]  # fmt: skip
    table = table(HEADER + "".join(rows))
    assert table.reports.device.tolist() == [1, 0, 1, 0]
    assert table.reports.latitude.tolist() == [24.31, 24.31, 24.32, 24.33]
    assert [line.split(b",")[0] for line in table.lines] == [b"B0002", b"B0001", b"B0002", b"B0001"]


def test_a_mark_of_a_spreadsheet_is_no_fault(table):
    assert len(table("\ufeff" + HEADER + GOOD).reports) == 1


def test_parts_and_entries_agree(table):
    whole = table(HEADER + GOOD.replace(str(T + 5), str(T + 9)) + GOOD)
    part, entries = whole.part(slice(1, 2)), whole.entries(slice(1, 2))
    assert part.entry.tolist() == [0]
    assert part.received.tolist() == entries.received.tolist() == [T + 9]
    assert entries.bytes_of(0) == whole.lines[1]
    assert len(whole.until(T + 5.0).reports) == 1


def test_rows_are_told_apart_by_what_was_heard(table):
    """And by the course; the same words are the same report."""
    heard = [",,", ",460-0-1-2@-70/1,", ",460-0-1-3@-70/1,", ",,0a1b2c3d4e5f@-40", "90,,", "91,,"]
    rows = [f"B0001,{T},,gnss,24.33,109.41,,,{each}\n" for each in heard]
    digests = table(HEADER + "".join(rows + rows)).reports.digest.tolist()
    assert digests[: len(heard)] == digests[len(heard) :]
    assert len(set(digests)) == len(heard)


BAD = {
    "unknown device": (GOOD.replace("B0001", "B0009"), "device 'B0009' is not known: one of B0001, B0002"),
    "no device": (GOOD.replace("B0001", ""), "device '' is not known"),
    "unknown source": (GOOD.replace("gnss", "gps"), "source 'gps' is not known: one of gnss, wifi, cell"),
    "no time": (GOOD.replace(f"{T},", ",", 1), "write epoch seconds or ISO 8601"),
    "a time in words": (GOOD.replace(f"{T},", "noon,", 1), "noon"),
    "swapped axes": (GOOD.replace("24.33,109.41", "109.41,24.33"), "latitude 109.41 is no number up to 90"),
    "longitude": (GOOD.replace("109.41", "190"), "longitude 190 is no number up to 180"),
    "a comma as the decimal point": (GOOD.replace("24.33", '"24,33"'), "24,33"),
    "infinite": (GOOD.replace("24.33", "inf"), "latitude inf is no number up to 90"),
    "too short": ("B0001,1\n", "source '' is not known"),
    "a latitude that is none": (GOOD.replace("24.33", "nan"), "latitude nan"),
    "a course in words": (GOOD.replace(",90,", ",north,"), "course_deg 'north' is no number"),
    "a course beyond the circle": (GOOD.replace(",90,", ",361,"), "course_deg 361 is no number up to 360"),
    "an accuracy below zero": (GOOD.replace("12.5", "-10"), "accuracy_m -10 is below 0"),
    "a time that is none": (GOOD.replace(f"{T},", "nan,", 1), "time nan"),
    "a receipt without end": (GOOD.replace(str(T + 5), "inf"), "time inf"),
    "milliseconds": (GOOD.replace(f"{T},", f"{T}000,", 1), "not within 1970 to 2099"),
    "an accuracy without end": (GOOD.replace("12.5", "inf"), "accuracy_m inf"),
    "no time zone": (
        GOOD.replace(f"{T},", "2026-11-02T13:00:00,", 1),
        "time '2026-11-02T13:00:00' does not say its time zone: write the offset, for example 2026-11-02T13:0",
    ),
    "a receipt without time zone": (
        GOOD.replace(str(T + 5), "2026-11-02 13:00"),
        "received_at: time '2026-11-02 13:00'",
    ),
    "a word for a number": (GOOD.replace("24.33", "north"), "latitude 'north' is no number: write digits and a point"),
    "a unit": (GOOD.replace("12.5", "12.5m"), "accuracy_m '12.5m' is no number"),
    "half a position": (GOOD.replace("24.33", ""), "latitude and longitude: write both, or neither"),
    "full-width commas": (GOOD.replace(",", "，"), "a full-width comma ， : write , between the columns"),
    "an unclosed quotation mark": (GOOD.replace("24.33", '"24.33'), 'a quotation mark " without its partner'),
    "a column too many": (GOOD.replace("\n", ",9,9,9\n"), "columns"),
}


@pytest.mark.parametrize(("row", "message"), BAD.values(), ids=BAD)
def test_a_row_that_cannot_be_used_is_named_by_file_and_line(table, row, message):
    with pytest.raises(UserFault) as fault:
        table(HEADER + GOOD + row)
    assert "fixes.csv:3: " in str(fault.value)
    assert message in str(fault.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "fixes.csv:1: missing columns: device, time, source, latitude, longitude"),
        ("device,time\nB0001,1\n", "fixes.csv:1: missing columns: source, latitude, longitude"),
        (HEADER, "fixes.csv: no fixes in it"),
        (HEADER.replace(",", "，") + GOOD, "fixes.csv:1: a full-width comma"),
    ],
    ids=["empty", "columns", "rows", "full-width"],
)
def test_a_table_that_is_none_is_refused(table, text, message):
    with pytest.raises(UserFault, match=message):
        table(text)


def test_a_file_that_cannot_be_read_is_refused(tmp_path, policy):
    (tmp_path / "utf-16.csv").write_bytes("设备,时间\n".encode("utf-16"))
    for name in ("absent.csv", "utf-16.csv"):
        with pytest.raises(UserFault, match=rf"{name}: cannot be read"):
            read_fixes(tmp_path / name, policy)
