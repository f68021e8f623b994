"""Frames made in bulk against the firmware that speaks over sockets, and read by the gateway's decoders."""

import io
import json

import numpy as np
import pytest
from recorded_scenarios import sent, told

from firmware_sim.firmware.measurement import AccessPoint, Alarm, Measurement
from firmware_sim.firmware.messages import location_body
from firmware_sim.firmware.wire import Edition, FrameReader
from firmware_sim.radio import Cell
from firmware_sim.recording import capture, gt06, jt808
from firmware_sim.recording.octets import calendar, escaped, number
from firmware_sim.world import METRES_PER_DEGREE_EAST, METRES_PER_DEGREE_NORTH, ORIGIN
from gateway.replay.decode import run as decode

EDITIONS = [Edition.Y2013, Edition.Y2019]


def cut(octets, length):
    ends = np.cumsum(length)
    return [octets[end - size : end].tobytes() for end, size in zip(ends, length, strict=True)]


def places(part):
    x, y = part.measured.x, part.measured.y
    return ORIGIN[0] + y / METRES_PER_DEGREE_NORTH, ORIGIN[1] + x / METRES_PER_DEGREE_EAST


def spoken(protocol, frames, profile=""):
    out = io.StringIO()
    decode(protocol, profile, io.StringIO("".join(f"{frame.hex()}\n" for frame in frames)), out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


@pytest.fixture(scope="module")
def some():
    """Some reports of a scenario with straps, batteries and gaps."""
    everything = sent("straps")
    return everything.take(np.arange(0, len(everything.measured), 13))


@pytest.mark.parametrize("edition", EDITIONS)
def test_a_body_is_byte_for_byte_that_of_the_firmware_over_sockets(some, edition):
    radio, phones = told("straps").radio, [each.life.identity for each in told("straps").worn]
    octets, length, rows = jt808.encode(some, phones, radio, edition)
    latitude, longitude = places(some)
    for frame, row in list(zip(cut(octets, length), rows.tolist(), strict=True))[::6]:
        (received,) = FrameReader().feed(frame)
        measured = some.measured
        fix, area, identity = bool(measured.located[row]), *radio.towers.identity(np.maximum(measured.cell[row], 0))
        level = np.clip(measured.level[row].astype(int) + 141, 0, 97)
        heard = measured.cell[row] >= 0
        wanted = Measurement(
            moment=float(some.device_time[row]), alarm=Alarm(int(measured.bits[row]) & 0x7FFFFFFF), located=fix,
            latitude=float(latitude[row]) if fix else 0.0, longitude=float(longitude[row]) if fix else 0.0,
            speed_kmh=float(measured.speed_kmh[row]) if fix else 0.0,
            course=float(measured.course[row]) if fix else 0.0, satellites=int(measured.satellites[row]), signal=24,
            battery_percent=int(measured.battery[row]), mileage_km=0.0,
            cells=tuple(
                Cell(460, 0, int(a), int(i), int(dbm))
                for a, i, dbm, is_heard in zip(area, identity, level, heard, strict=True)
                if is_heard
            ),
            wifi=tuple(
                AccessPoint(int(radio.air.bssid[point]).to_bytes(6), int(dbm))
                for point, dbm in zip(measured.wifi[row], measured.wifi_level[row], strict=True)
                if point >= 0
            ),
        )  # fmt: skip
        assert received.body == location_body(wanted)
        assert received.phone == phones[measured.device[row]]
        assert received.serial == some.serial[row] & 0xFFFF
        assert received.edition is edition


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_gateway_reads_jt808_back(some, edition):
    everything = told("straps")
    phones = [each.life.identity for each in everything.worn]
    octets, length, rows = jt808.encode(some, phones, everything.radio, edition)
    latitude, longitude = places(some)
    for said, row in zip(spoken("jt808", cut(octets, length), "g10ls"), rows.tolist(), strict=True):
        (report,) = said["reports"]
        assert (said["checksum"], said["error"]) == ("ok", None)
        assert report["located"] == bool(some.measured.located[row])
        if report["located"]:
            assert report["latitude"] == pytest.approx(latitude[row], abs=1e-6)
            assert report["longitude"] == pytest.approx(longitude[row], abs=1e-6)
        assert report["battery_percent"] == some.measured.battery[row]
        assert ("strap_cut" in report["flags"]) == bool(some.measured.bits[row] & int(Alarm.REMOVAL))


def test_the_gateway_reads_gt06_back(some):
    everything = told("straps")
    octets, length, rows = gt06.encode(some, everything.radio)
    latitude, longitude = places(some)
    login = bytes.fromhex("78780D01086412345678901200018CDD0D0A")
    answers = spoken("gt06", [login, *cut(octets, length)])[1:]
    for said, row in zip(answers, rows.tolist(), strict=True):
        (report,) = said["reports"]
        assert said["checksum"] == "ok"
        assert report["located"] == bool(some.measured.located[row])
        if report["located"]:
            assert report["latitude"] == pytest.approx(latitude[row], abs=2e-6)
            assert report["longitude"] == pytest.approx(longitude[row], abs=2e-6)
        assert ("strap_cut" in report["flags"]) == bool(some.measured.bits[row] & int(Alarm.REMOVAL))


@pytest.mark.parametrize("name", ["jammer", "foil"])
def test_the_gateway_reads_what_gt06_hears_without_a_fix(name):
    everything, sends = told(name, days=5), sent(name, days=5)
    measured = sends.measured
    blind = sends.take(np.flatnonzero(~measured.located & (measured.bits == 0))[:300])
    octets, length, rows = gt06.encode(blind, everything.radio)
    login = bytes.fromhex("78780D01086412345678901200018CDD0D0A")
    answers, met = spoken("gt06", [login, *cut(octets, length)])[1:], set()
    for said, row in zip(answers, rows.tolist(), strict=True):
        (report,) = said["reports"]
        assert (said["checksum"], said["error"], report["located"]) == ("ok", None, False)
        met.add((said["message"], bool(report["cells"])))
        assert told_of(report) == heard_of(blind.measured, row, everything.radio)
    assert met >= ({("cells_wifi", True)} if name == "jammer" else {("cells", False)})


def told_of(report):
    """Cells, the timing advance of the first, access points, as decoded."""
    cells = [(one["lac"], one["cid"], one["signal_raw"]) for one in report["cells"]]
    points = [(int(one["bssid"].replace(":", ""), 16), one["rssi_dbm"]) for one in report["wifi"]]
    return cells, [one["ta"] for one in report["cells"]][:1], points


def heard_of(measured, row, radio):
    """The same as measured; of a cell 24 bits are told."""
    heard = measured.cell[row] >= 0
    area, identity = radio.towers.identity(measured.cell[row][heard])
    level = np.clip(measured.level[row][heard] + 141, 0, 97)
    points = [
        (int(radio.air.bssid[point]), int(dbm))
        for point, dbm in zip(measured.wifi[row], measured.wifi_level[row], strict=True)
        if point >= 0
    ]
    cells = list(zip(area.tolist(), (identity & 0xFFFFFF).tolist(), level.tolist(), strict=True))
    return cells, [int(measured.advance[row])] * bool(cells), points


def test_a_false_length_is_in_the_header_alone():
    liars = sent("lying_lengths")
    is_jt808 = np.array([each.life.family == "jt808" for each in told("lying_lengths").worn])
    chosen = liars.take(np.flatnonzero(liars.wrong_length & is_jt808[liars.measured.device])[:50])
    phones = [each.life.identity for each in told("lying_lengths").worn]
    octets, length, _ = jt808.encode(chosen, phones, told("lying_lengths").radio, Edition.Y2013)
    assert len(length) == 50
    answers = spoken("jt808", cut(octets, length), "g10ls")
    assert all(said["checksum"] == "ok" and len(said["reports"]) == 1 for said in answers)


def test_octets_are_big_endian_and_escaped_as_the_standard_says():
    assert number(np.array([0x0102]), 3).tolist() == [[0, 1, 2]]
    rows = np.array([[0x11, 0x7E, 0x22], [0x7D, 0x7E, 0x33]], np.uint8)
    octets, length = escaped(rows)
    assert octets.tobytes().hex() == "7e117d02227e" + "7e7d017d02337e"
    assert length.tolist() == [6, 7]
    assert calendar(np.array([1.7e9]), 8 * 3600).tolist() == [[23, 11, 15, 6, 13, 20]]


def test_frames_of_several_encoders_come_in_the_order_of_receipt():
    one = (np.frombuffer(b"bbd", np.uint8), np.array([2, 1]), np.array([1, 3]))
    two = (np.frombuffer(b"accc", np.uint8), np.array([1, 3]), np.array([0, 2]))
    octets, length = capture.ordered([one, two], 4)
    assert octets.tobytes() == b"abbcccd"
    assert length.tolist() == [1, 2, 3, 1]
