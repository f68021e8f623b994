"""Another system's positions: columns by name or by a mapping, datums, time zones, and what is wrong with a line."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from timeline import at, county, degrees

from fencing.datum import Datum, from_wgs84
from gateway.errors import UserFault
from gateway.replay.their_fixes import read_their_fixes
from gateway.settings.faults import ConfigurationRefused
from gateway.settings.fix_mapping import ColumnNames, FixMapping, read_mapping
from gateway.words.phrases import spoken

SHANGHAI = ZoneInfo("Asia/Shanghai")
CAFE = degrees((3000.0, 0.0))
MAPPING = """\
columns: {device: 终端号, time: GPS时间, latitude: Y, longitude: X, source: 方式}
time_zone: Asia/Shanghai
time_format: "%d.%m.%Y %H:%M:%S"
datum: gcj02
sources: {卫星: gnss, 基站: cell}
"""


def read(path, text, mapping=None, zone=None, encoding="utf-8"):
    path.write_bytes(text.encode(encoding))
    return read_their_fixes(path, county(), mapping or FixMapping(), zone)


@pytest.fixture
def file(tmp_path):
    return tmp_path / "theirs.csv"


def test_our_own_table_needs_no_mapping(file):
    text = (
        "# for the other county\ndevice,time,received_at,source,latitude,longitude,accuracy_m,satellites\n"
        f"B0001,{at(0, 9)},{at(0, 10)},gnss,{CAFE[0]!r},{CAFE[1]!r},4.5,9\n"
        "13900000001,2026-11-02T09:05:00+08:00,,cell,,,,\n"
    )
    first, second = read(file, text).fixes
    assert (first.line, first.person, first.device) == (3, "P0001", "B0001")
    assert (first.fix.time, first.fix.received, first.fix.source) == (at(0, 9), at(0, 10), 1)
    assert (first.fix.latitude, first.fix.longitude, first.fix.accuracy_m, first.fix.satellites) == (*CAFE, 4.5, 9)
    assert (second.device, second.fix.time, second.fix.latitude) == ("B0001", at(0, 9) + 300.0, None)
    assert second.fix.received == second.fix.time


@pytest.mark.parametrize("datum", list(Datum))
def test_a_position_is_taken_out_of_its_datum(file, datum):
    latitude, longitude = (float(one) for one in from_wgs84(*CAFE, datum))
    text = f"设备,定位时间,纬度,经度,坐标系\nB0001,2026/11/2 9:00,{latitude},{longitude},{datum}\n"
    (one,) = read(file, text, zone=SHANGHAI, encoding="gb18030").fixes
    assert one.fix.time == at(0, 9)
    assert (one.fix.latitude, one.fix.longitude) == pytest.approx(CAFE, abs=1e-7)


def test_a_mapping_says_what_another_vendor_calls_things(file, tmp_path):
    (tmp_path / "mapping.yaml").write_text(MAPPING, "utf-8")
    mapping = read_mapping(tmp_path / "mapping.yaml", "en")
    north, east = (float(one) for one in from_wgs84(*CAFE, Datum.GCJ02))
    lines = (f"B0001,02.11.2026 09:0{at}:00,{east},{north},{source}" for at, source in enumerate(("卫星", "蓝牙")))
    found = read(file, "\n".join(["终端号,GPS时间,X,Y,方式", *lines]), mapping, SHANGHAI)
    (one,) = found.fixes
    assert (one.fix.time, one.fix.source) == (at(0, 9), 1)
    assert (one.fix.latitude, one.fix.longitude) == pytest.approx(CAFE, abs=1e-7)
    assert [(each.line, each.reason) for each in found.refused] == [(3, "source")]
    in_ms = FixMapping(time_format="epoch_ms")
    (one,) = read(file, f"device,time,latitude,longitude\nB0001,{at(0, 9) * 1000:.0f},24,109\n", in_ms).fixes
    assert one.fix.time == at(0, 9)


def test_what_is_wrong_with_a_mapping_is_told_at_its_place(tmp_path):
    path = tmp_path / "mapping.yaml"
    path.write_text("columns: {plate: 车牌}\ndatum: utm\n", "utf-8")
    with pytest.raises(ConfigurationRefused) as refused:
        read_mapping(path, "en")
    said = [str(fault) for fault in refused.value.faults]
    assert any("mapping.yaml:1:11:" in one and "plate" in one for one in said)
    assert any("mapping.yaml:2:8:" in one and "gcj02" in one for one in said)


LINES = {
    "B0001,2026-11-02 09:00,24,109": "zone", "B0001,yesterday,24,109": "time", "B0001,1.8e12,24,109": "time",
    "B0009,1793600000,24,109": "device", "B0001,1793600000,24,": "half", "B0001,1793600000,124,109": "number",
    "B0001,1793600000,24,109,utm": "datum", "B0001,1793600000,24,109,,sonar": "source",
    "B0001,1793600000,24,109,,,-3": "number", "B0001,1793600000,24,109,,,,many": "form",
    "B0001,1000000000,24,109": "unworn", "B0001,1793600000,24,109,,,,,x": "columns",
    ",1793600000,24,109": "who",
}  # fmt: skip


def test_a_line_that_cannot_be_used_is_named_with_advice_in_both_languages(file):
    head = "device,time,latitude,longitude,datum,source,speed_kmh,satellites\n"
    found = read(file, head + "\n".join([*LINES, "B0001,1793600000,24,109"]) + "\n")
    assert [(one.line, one.reason) for one in found.refused] == list(enumerate(LINES.values(), start=2))
    assert len(found.fixes) == 1
    for one in found.refused:
        assert len(one.text.zh) > 5
        assert len(one.text.en) > 15
        assert "{" not in one.text.zh + one.text.en


@pytest.mark.parametrize(
    ("text", "names", "missing"),
    [
        ("device,time,latitude\n", {}, "longitude"), ("time,latitude,longitude\n", {}, "device"),
        ("device,time,latitude,longitude\n", {"source": "方式"}, "方式"), ("", {}, "time, latitude, longitude, device"),
    ],
)  # fmt: skip
def test_a_file_without_a_column_says_which(file, text, names, missing):
    with pytest.raises(UserFault) as refused:
        read(file, text, FixMapping(columns=ColumnNames(**names)))
    assert f"missing columns: {missing}" in spoken(refused.value, "en")
    assert missing in spoken(refused.value, "zh")
