import io
import json
import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from met import must_meet

from fencing.datum import Datum, from_wgs84
from gateway.errors import TransientFault, UserFault
from gateway.replay.decode import MAX_LINE, run
from protocols.jt808 import FAMILY
from protocols.jt808.messages.position import LOCATION_REPORT
from protocols.jt808.wire import seal, unescape

KEYS = [
    "protocol", "version", "profile", "message", "message_id", "device", "serial", "checksum", "length_ok", "fragment",
    "reports", "reply", "error", "unknown_items",
]  # fmt: skip
REPORT_KEYS = [
    "time", "located", "latitude", "longitude", "altitude_m", "speed_kmh", "course_deg", "satellites",
    "battery_percent", "flags", "cells", "wifi",
]  # fmt: skip
CELL_KEYS = ["mcc", "mnc", "lac", "cid", "signal_raw", "signal_unit", "ta"]
NOON = 1_770_000_000.0


def location(*, status=2, items=(), latitude=31.2, longitude=121.4):
    place = {
        "alarm": 1, "status": status, "latitude": latitude, "longitude": longitude, "altitude_m": 12, "speed_kmh": 3.6,
        "course_deg": 90, "time": NOON,
    }  # fmt: skip
    listed = [{"id": number, "data": data} for number, data in items]
    body = LOCATION_REPORT.build({"location": place, "items": listed, "rest": b""})
    return bytes.fromhex(f"0200{len(body):04x}0138123456780001") + body


def decoded(text, profile="standard", now=NOON):
    out = io.StringIO()
    assert run("jt808", profile, io.StringIO(text), out, lambda: now) == 0
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_a_location_with_everything():
    items = [(0x31, b"\x0b"), (0x5D, bytes.fromhex("0101cc0028810 2e9600e13".replace(" ", ""))),
             (0x54, bytes.fromhex("010a0b0c0d0e0fc4")), (0x56, b"\x0a\x48")]  # fmt: skip
    (line,) = decoded(seal(location(items=items)).hex(), "g10ls")
    assert list(line) == KEYS
    assert line | {"reports": None} == {
        "protocol": "jt808", "version": "2013", "profile": "g10ls", "message": "location", "message_id": "0200",
        "device": "13812345678", "serial": 1, "checksum": "ok", "length_ok": True, "fragment": None, "reports": None,
        "reply": seal(bytes.fromhex("8001000501381234567800000001020000")).hex(), "error": None,
        "unknown_items": [],
    }  # fmt: skip
    assert line["reports"] == [{
        "time": "2026-02-02T02:40:00Z", "located": True, "latitude": 31.2, "longitude": 121.4, "altitude_m": 12.0,
        "speed_kmh": 3.6, "course_deg": 90.0, "satellites": 11, "battery_percent": 72, "flags": ["sos"],
        "cells": [{"mcc": 460, "mnc": 0, "lac": 10369, "cid": 48848910, "signal_raw": 19, "signal_unit": "raw",
                   "ta": None}],
        "wifi": [{"bssid": "0a:0b:0c:0d:0e:0f", "rssi_dbm": -60}],
    }]  # fmt: skip


def test_keys_are_the_same_for_every_line():
    lines = decoded("\n".join(["", "zz", "7e", "00", seal(location(status=0)).hex(), seal(location()[:20]).hex()]))
    assert all(list(line) == KEYS for line in lines)
    assert all(list(report) == REPORT_KEYS for line in lines for report in line["reports"])
    assert lines[4]["reports"][0]["latitude"] is None


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("\n", "empty_line"),
        ("zz\n", "not_hex"),
        ("7e0\n", "not_hex"),
        ("帧\n", "not_hex"),
        ("0002\n", "no_flags"),
        ("7e7e\n", "short_frame"),
        ("7e7d037e\n", "bad_escape"),
        (seal(location()).hex() * 2, "several_frames"),
        (seal(location()[:20]).hex(), "malformed"),
        ("7e" + "00" * 3000 + "7e", "endless_frame"),
        ("7e" + "00" * MAX_LINE, "too_long"),
        ("7e" + "00" * 500_000 + "7e", "too_long"),
    ],
)
def test_a_line_that_is_no_frame_is_a_line_with_an_error(text, error):
    good = seal(location()).hex()
    bad, after = decoded(f"{text.rstrip()}\n{good}\n")
    assert bad["error"].split(":")[0] == error
    assert (bad["reports"], bad["reply"]) == ([], None)
    assert after["error"] is None


def test_blanks_and_capitals_are_hexadecimal_too():
    (line,) = decoded(seal(location()).hex(" ").upper())
    assert line["error"] is None


@pytest.mark.parametrize("latitude", [0x7E7D02 / 1e6, 0x7D017D / 1e6, 0x01D97E7E / 1e6])
def test_escaped_and_unescaped_frames_are_the_same(latitude):
    raw = seal(location(latitude=latitude))
    plain = b"\x7e" + unescape(raw[1:-1]) + b"\x7e"
    assert raw != plain
    wire, unescaped = decoded(f"{raw.hex()}\n{plain.hex()}")
    assert wire == unescaped
    assert wire["reports"][0]["latitude"] == latitude


def test_a_wrong_checksum_is_shown():
    raw = seal(location())
    (line,) = decoded((raw[:-2] + bytes([raw[-2] ^ 1]) + raw[-1:]).hex())
    assert (line["checksum"], line["length_ok"], len(line["reports"])) == ("bad", True, 1)


def test_a_shifted_position_comes_out_in_wgs84():
    shifted = from_wgs84(np.array([31.2]), np.array([121.4]), Datum.GCJ02)
    sent = {"latitude": round(float(shifted[0][0]), 6), "longitude": round(float(shifted[1][0]), 6)}
    (line,) = decoded(seal(location(status=0b100010, **sent)).hex())
    assert line["reports"][0]["latitude"] == pytest.approx(31.2, abs=2e-6)
    assert line["reports"][0]["longitude"] == pytest.approx(121.4, abs=2e-6)


def test_answers_carry_serial_0_and_the_clock_given():
    heartbeat = seal(bytes.fromhex("000200000138123456780001")).hex()
    asked = seal(bytes.fromhex("00044000010000000001381234567800 01".replace(" ", ""))).hex()
    first, second, clock = decoded(f"{heartbeat}\n{heartbeat}\n{asked}")
    assert first == second
    assert unescape(bytes.fromhex(clock["reply"])[1:-1]).hex()[34:46] == "260202024000"


def test_a_registration_gets_a_code_and_only_it_tells_2011():
    old, new = (seal(bytes.fromhex(f"0100{size:04x}0138123456780001") + bytes(9) + b"M".ljust(size - 9, b"\0"))
                for size in (36, 37))  # fmt: skip
    first, second = decoded(f"{old.hex()}\n{new.hex()}")
    assert (first["version"], second["version"]) == ("2011", "2013")
    assert unescape(bytes.fromhex(first["reply"])[1:-1])[15:-1] == b"13812345678"


def test_fragments_give_their_reports_with_the_last_one():
    body = location()[12:]
    halves = [body[:20], body[20:]]
    lines = decoded("\n".join(
        seal(bytes.fromhex(f"0200{0x2000 | len(half):04x}013812345678{number:04x}0002{number:04x}") + half).hex()
        for number, half in enumerate(halves, 1)
    ))  # fmt: skip
    assert [line["fragment"] for line in lines] == [{"index": 1, "total": 2}, {"index": 2, "total": 2}]
    assert [len(line["reports"]) for line in lines] == [0, 1]
    assert [(line["error"], bool(line["reply"])) for line in lines] == [(None, True)] * 2


def message(number, body):
    return seal(bytes.fromhex(f"{number:04x}{len(body):04x}0138123456780001") + body).hex()


def listed(*bodies, rest=b""):
    records = b"".join(len(body).to_bytes(2, "big") + body for body in bodies)
    return len(bodies).to_bytes(2, "big") + b"\0" + records + rest


PLACE = location()[12:]
WITH_ITEM = location(items=[(0x31, b"\t")])[12:]


@pytest.mark.parametrize(
    ("number", "body", "reports", "error"),
    [
        (0x0200, WITH_ITEM, 1, None),
        (0x0200, WITH_ITEM + b"\x30\x05\1", 1, "rest: 3 bytes after item 0x31"),
        (0x0200, WITH_ITEM + b"\x30", 1, "rest: 1 byte after item 0x31"),
        (0x0200, PLACE + b"\x30\x02", 1, "rest: 2 bytes after the fixed part"),
        (0x0201, PLACE + b"\x30", 1, "rest: 1 byte after the fixed part"),
        (0x0201, bytes(9), 0, "rest: 7 bytes, too few for a position"),
        (0x0704, listed(PLACE, WITH_ITEM), 2, None),
        (0x0704, listed(PLACE, rest=b"\0\x1c123"), 1, "rest: 5 bytes after record 1"),
        (0x0704, listed(PLACE, WITH_ITEM + b"\1"), 2, "rest: 1 byte after item 0x31 of record 2"),
        (0x0704, listed(b"123", PLACE), 1, "rest: 3 bytes, too few for a position of record 1"),
        (0x0704, b"\0\3" + listed(PLACE)[2:], 1, "rest: 3 records stated, 1 there"),
        (0x0900, b"anything", 0, None),
    ],
)
def test_what_no_report_takes_is_said(number, body, reports, error):
    (line,) = decoded(message(number, body))
    assert (len(line["reports"]), line["error"]) == (reports, error)


def test_a_malformed_report_is_answered_and_named():
    (line,) = decoded(message(0x0200, PLACE[:20]))
    assert line["error"].startswith("malformed:")
    assert unescape(bytes.fromhex(line["reply"])[1:-1]).hex()[24:34] == "0001020002"


def test_a_reader_that_goes_away_ends_it_quietly():
    reader, writer = os.pipe()
    os.close(reader)
    with open(writer, "w", encoding="utf-8") as out:  # noqa: PTH123  # a descriptor
        assert run("jt808", "", io.StringIO("7e7e\n" * 3), out) == 0


def test_a_full_disk_is_a_fault_in_one_line():
    with Path("/dev/full").open("w", encoding="utf-8") as out, pytest.raises(TransientFault, match="decode stopped"):
        run("jt808", "", io.StringIO("7e7e\n" * 3), out)


@pytest.mark.parametrize("streams", [(None, io.StringIO()), (io.StringIO(), None)])
def test_a_closed_stream_is_the_users_fault(streams):
    with pytest.raises(UserFault, match="closed"):
        run("jt808", "", *streams)


def test_describe_is_the_same_account_before_conversion():
    raw = seal(location())
    (account,) = FAMILY.describe([raw], "standard")
    assert account["message"] == "location"
    assert account["reports"][0]["datum"] == "wgs84"


@pytest.mark.parametrize(("protocol", "profile"), [("jt809", "standard"), ("jt808", "g10")])
def test_what_is_unknown_is_the_users_fault_and_names_what_is_known(protocol, profile):
    with pytest.raises(UserFault, match=r"known: .*(jt808|g10ls)"):
        run(protocol, profile, io.StringIO(""), io.StringIO())


@must_meet("a frame", "an error")
@given(st.lists(st.binary(max_size=60).map(lambda data: (b"~" + data + b"~").hex()) | st.text(max_size=20)))
@example(["7e0002000001390000000100072e7e", "not a frame"])
def test_it_never_dies_and_keeps_step(met, texts):
    text = "".join(line.replace("\n", "") + "\n" for line in texts)
    lines = decoded(text)
    assert len(lines) == text.count("\n")
    assert all(list(line) == KEYS for line in lines)
    met.update("an error" if line["error"] else "a frame" for line in lines)
