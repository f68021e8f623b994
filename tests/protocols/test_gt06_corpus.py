"""Captured frames against a reference decoder. What disagrees is listed, here and in docs/protocols/gt06.md."""

import io
import json
from pathlib import Path

import pytest

from gateway.replay.decode import run
from protocols.gt06 import FAMILY
from protocols.session import Frame, Login, Refused

ROOT = Path(__file__).resolve().parents[2]
CORPUS = ROOT / ".." / "shared" / "corpora" / "gt06.jsonl"
DOCUMENT = ROOT / "docs" / "protocols" / "gt06.md"
KMH_PER_KNOT = 1.852

# Our flag -> what the reference calls the same alarm.
NAMES = {
    "sos": {"sos"}, "vibration": {"vibration"}, "overspeed": {"overspeed"}, "battery_low": {"lowBattery"},
    "strap_cut": {"tampering", "removing"}, "case_open": {"tampering"}, "acceleration": {"hardAcceleration"},
    "deceleration": {"hardBraking"},
}  # fmt: skip
NO_ALARM = {"charging", "power_off"}
"""Flags the reference has as something else than an alarm, or does not know."""


def vectors():
    if not CORPUS.exists():
        pytest.skip("NOT CHECKED: the captured frames are absent (gt06.jsonl beside the repository)")
    return [json.loads(line) for line in CORPUS.read_text("utf-8").splitlines()]


def decoded(frames, profile="standard"):
    out = io.StringIO()
    assert run("gt06", profile, io.StringIO("\n".join(frames)), out, lambda: 0.0) == 0
    return [json.loads(line) for line in out.getvalue().splitlines()]


@pytest.fixture(scope="module")
def pairs():
    frames = vectors()
    accounts = decoded([frame["hex"] for frame in frames])
    assert len(accounts) == len(frames) == 99
    return list(zip(frames, accounts, strict=True))


def reports(pairs):
    for frame, account in pairs:
        for ours, theirs in zip(account["reports"], frame["traccar"]["result"] or [], strict=False):
            yield frame["test_line"], ours, theirs


NO_REPORT = {
    36: "volts", 81: "radio", 180: "RFID text", 241: "ICCID", 297: "ICCID", 441: "ICCID", 447: "sensor",
    217: "order's answer", 354: "order's answer", 474: "order's answer",
    221: "pass-through", 234: "pass-through", 277: "pass-through",
}  # fmt: skip
"""Frames of which the reference makes a report without time or place, and we none: they tell nothing of the wearer."""
CUT = {266: "the last byte of the trailer is missing"}
OTHER_ANSWER = {417: "an offer of a photo: none is fetched", 550: "8A: the time, and the serial of the request"}
OTHER_TIME = {532: "the zone of a login that is not in the file", 535: "the same"}
OTHER_CELLS = {
    85: "the cell id has four bytes", 89: "the cell id has four bytes",
    146: "4G widths", 321: "4G widths", 336: "4G widths", 342: "4G widths",
}  # fmt: skip
OTHER_WIFI = {324: "levels from 80 hex on are signed", 333: "the same"}
OTHER_ALARM = {
    138: "the reference's alarm has no name", 262: "event 1 is SOS by the maker's document",
    321: "4G widths: alarm 11 hex", 591: "profile r11",
}  # fmt: skip


def test_verdicts_and_devices_agree(pairs):
    for frame, account in pairs:
        if frame["test_line"] in CUT:
            assert account["error"].startswith("short_frame")
            continue
        assert account["error"] is None, frame["test_line"]
        if account["checksum"] != "none":
            assert (account["checksum"] == "ok") is frame["check"]["sum"]
            assert account["length_ok"] is frame["check"]["len"]
        if frame["traccar"]["ids"]:
            assert account["device"] in frame["traccar"]["ids"]


def test_reports_agree_in_number_but_for_the_listed(pairs):
    differing = {
        frame["test_line"]
        for frame, account in pairs
        if len(frame["traccar"]["result"] or []) != len(account["reports"])
    }
    assert differing == {*NO_REPORT, *CUT}


def test_answers_agree_byte_by_byte_but_for_the_listed(pairs):
    differing = {
        frame["test_line"]
        for frame, account in pairs
        if frame["traccar"]["replies"] != [account["reply"]] and (frame["traccar"]["replies"] or account["reply"])
    }
    assert differing == set(OTHER_ANSWER)
    assert sum(account["reply"] is not None for _, account in pairs) > 70


def test_the_answer_to_a_time_request_echoes_its_serial(pairs):
    (account,) = (account for frame, account in pairs if frame["test_line"] == 550)
    assert account["reply"] == "78780b8a4601010000000006d8570d0a"


def test_time_agrees_to_the_second_but_for_the_listed(pairs):
    differing = {line for line, ours, theirs in reports(pairs) if ours["time"] != theirs.get("deviceTime")}
    assert differing == set(OTHER_TIME)
    assert sum(ours["time"] is not None for _, ours, _ in reports(pairs)) > 55


def test_fix_position_speed_and_course_agree(pairs):
    located = 0
    for line, ours, theirs in reports(pairs):
        assert ours["located"] is (theirs["valid"] and not theirs["outdated"]), line
        if ours["located"]:
            located += 1
            place = ours["latitude"], ours["longitude"]
            assert place == pytest.approx((theirs["lat"], theirs["lon"]), abs=1e-6)
            assert (ours["speed_kmh"] or 0) == pytest.approx(theirs["speed_kn"] * KMH_PER_KNOT, abs=0.01)
            assert ours["course_deg"] == theirs["course"]
    assert located > 30


def cells_there(theirs):
    heard = (theirs.get("network") or {}).get("cellTowers", [])
    names = ("mobileCountryCode", "mobileNetworkCode", "locationAreaCode", "cellId")
    return {tuple(cell[name] for name in names) for cell in heard if cell["cellId"]}


def test_cells_agree_as_sets_but_for_the_listed(pairs):
    differing = set()
    for line, ours, theirs in reports(pairs):
        if {(cell["mcc"], cell["mnc"], cell["lac"], cell["cid"]) for cell in ours["cells"]} != cells_there(theirs):
            differing.add(line)
    assert differing == set(OTHER_CELLS)


def test_the_cells_the_reference_has_wrong(pairs):
    ours = {line: report["cells"][0] for line, report, _ in reports(pairs) if line in OTHER_CELLS}
    right = {
        85: (724, 10, 0xC3C7, 0x0DBDC40B), 89: (724, 10, 0xC3C7, 0x0DBDC415), 146: (460, 1, 39424, 175055873),
        321: (460, 1, 9742, 102103041), 336: (460, 0, 37265, 151394051), 342: (460, 0, 37265, 151394051),
    }  # fmt: skip
    assert {line: (cell["mcc"], cell["mnc"], cell["lac"], cell["cid"]) for line, cell in ours.items()} == right


def wifi_there(theirs):
    heard = (theirs.get("network") or {}).get("wifiAccessPoints", [])
    return {(point["macAddress"], point["signalStrength"]) for point in heard if point["signalStrength"]}


def test_access_points_agree_as_sets_but_for_the_listed(pairs):
    differing = set()
    for line, ours, theirs in reports(pairs):
        if {(point["bssid"], point["rssi_dbm"]) for point in ours["wifi"]} != wifi_there(theirs):
            differing.add(line)
    assert differing == set(OTHER_WIFI)


def test_the_access_points_the_reference_has_wrong(pairs):
    ours = {
        line: {point["rssi_dbm"] for point in report["wifi"]}
        for line, report, _ in reports(pairs)
        if line in OTHER_WIFI
    }
    assert ours == {324: {-47}, 333: {-55, -90}}


def test_alarms_agree_but_for_the_listed(pairs):
    differing = set()
    for line, ours, theirs in reports(pairs):
        named = set(filter(None, theirs["attrs"].get("alarm", "").split(",")))
        flags = set(ours["flags"]) - {"charging"}
        meant = set().union(*(NAMES.get(flag, {flag}) for flag in flags))
        if not named <= meant or not all(NAMES.get(flag, {flag}) & named for flag in flags):
            differing.add(line)
    assert differing == set(OTHER_ALARM)


def test_under_its_own_profile_the_r11_agrees():
    (frame,) = (frame for frame in vectors() if frame["test_line"] == 591)
    (account,) = decoded([frame["hex"]], "r11")
    assert account["reports"][0]["flags"] == ["charging"]
    assert account["reports"][0]["battery_percent"] is None


@pytest.mark.parametrize("profile", ["standard", "concox", "r11"])
def test_a_session_takes_what_is_sound_and_refuses_the_rest(profile):
    session = FAMILY.session(profile)
    login = bytes.fromhex(next(frame["hex"] for frame in vectors() if frame["test_line"] == 523))
    assert isinstance(session.feed(login, 0.0)[0], Login)
    for vector in vectors():
        events = [*session.feed(bytes.fromhex(vector["hex"]), 0.0), *session.end_datagram(0.0)]
        expected = {"17", "69"} & {vector["hex"][6:8]} or vector["check"]["sum"]
        taken = [event for event in events if isinstance(event, (Frame, Login))]
        assert bool(taken) is bool(expected), vector["test_line"]
        assert all(isinstance(event, (Frame, Login, Refused)) for event in events)


def test_the_document_states_the_counts(pairs):
    text = DOCUMENT.read_text("utf-8")
    lines = {*NO_REPORT, *CUT, *OTHER_ANSWER, *OTHER_TIME, *OTHER_CELLS, *OTHER_WIFI, *OTHER_ALARM}
    assert f"{len(pairs)} captured frames: {len(pairs) - len(lines)} agree in everything" in text
    assert all(str(line) in text for line in lines)
