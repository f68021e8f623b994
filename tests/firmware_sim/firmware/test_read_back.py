"""What each family's firmware sends, the gateway's decoder reads: the same moments, places and flags.

The decoder is the gateway's own program: nothing but bytes goes between the two.
"""

import functools
import json
from datetime import datetime

import pytest
from plan import Plan, all_over_the_world
from programs import GATEWAY, ran

from firmware_sim.firmware.device import Identity, Link
from firmware_sim.firmware.families import FAMILIES, make_firmware
from firmware_sim.firmware.measurement import Alarm
from firmware_sim.firmware.wire import Edition
from firmware_sim.platform import PLATFORMS

NAMES = {Alarm.SOS: "sos", Alarm.REMOVAL: "strap_cut", Alarm.BATTERY_LOW: "battery_low"}
SPOKEN = [
    ("jt808", Edition.Y2013, "14000000001"),
    ("jt808", Edition.Y2019, "14000000001"),
    ("jt808-2011", Edition.Y2013, "14000000001"),
    ("gt06", Edition.Y2013, "868120145233604"),
    ("r16h", Edition.Y2013, "868120145233604"),
]

MEASUREMENTS = all_over_the_world(60)
BY_MOMENT = {measurement.moment: measurement for measurement in MEASUREMENTS}


def frames_of(family, edition, phone, measurements):
    """Half of the reports are made without a link, half live, against a platform that answers."""
    device = make_firmware(family, Identity(phone, "B0001", edition), Plan(measurements))
    platform, frames, half = PLATFORMS[family](), [], len(measurements) // 2

    def exchange(waiting, now):
        while waiting:
            frames.extend(waiting)
            answers = platform.feed(b"".join(waiting), now)
            waiting = device.receive(answers, now)

    now = measurements[half - 1].moment
    device.tick(now)
    exchange(device.connected(now), now)
    assert device.link is Link.ONLINE
    for measurement in measurements[half:]:
        exchange(device.tick(measurement.moment), measurement.moment)
    assert len(device.store) == 0
    return frames


@functools.cache
def read_back(family, edition, phone):
    """The reports as the gateway's program reads them; frames without one are left out."""
    row, frames = FAMILIES[family], frames_of(family, edition, phone, MEASUREMENTS)
    line = [GATEWAY, "decode", "--protocol", row.protocol, "--profile", row.profile]
    done = ran(line, said="".join(f"{frame.hex()}\n" for frame in frames), check=True)
    accounts = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(accounts) == len(frames)
    assert [account["error"] for account in accounts if account["error"]] == []
    assert {account["checksum"] for account in accounts} == ({"none"} if family == "r16h" else {"ok"})
    return [report for account in accounts for report in account["reports"]]


def moment(report):
    return datetime.fromisoformat(report["time"]).timestamp()


@pytest.mark.parametrize(("family", "edition", "phone"), SPOKEN)
def test_every_report_is_read_back(family, edition, phone):
    reports = [report for report in read_back(family, edition, phone) if report["time"]]
    assert {moment(report) for report in reports} == set(BY_MOMENT)
    for report in reports:
        measurement = BY_MOMENT[moment(report)]
        assert report["located"] == measurement.located
        if measurement.located:
            assert report["latitude"] == pytest.approx(measurement.latitude, abs=1e-6)
            assert report["longitude"] == pytest.approx(measurement.longitude, abs=1e-6)
            assert report["course_deg"] == measurement.course
            assert report["speed_kmh"] == pytest.approx(measurement.speed_kmh, abs=0.51)
        serving = measurement.cells[0]
        heard = {(cell["mcc"], cell["mnc"], cell["lac"], cell["cid"]) for cell in report["cells"]}
        if family != "r16h" or not measurement.located:
            assert (serving.mcc, serving.mnc, serving.lac, serving.cid) in heard


@pytest.mark.parametrize(("family", "edition", "phone"), SPOKEN[:3])
def test_jt808_states_every_condition_in_every_report(family, edition, phone):
    for report in read_back(family, edition, phone):
        measurement = BY_MOMENT[moment(report)]
        assert set(report["flags"]) & set(NAMES.values()) == names_of(measurement.alarm)
        assert report["battery_percent"] == measurement.battery_percent
        assert [point["rssi_dbm"] for point in report["wifi"]] == [point.level_dbm for point in measurement.wifi]


def test_gt06_states_each_alarm_once_as_it_begins():
    reports = read_back(*SPOKEN[3])
    stated = sorted((moment(report), flag) for report in reports if report["time"] for flag in report["flags"])
    begun, before = [], Alarm(0)
    for measurement in MEASUREMENTS:
        begun += [(measurement.moment, name) for name in names_of(measurement.alarm & ~before)]
        before = measurement.alarm
    assert stated == sorted(begun)
    heard = [report["wifi"] for report in reports if report["wifi"]]
    assert heard == [[{"bssid": "02:a1:b2:c3:d4:e5", "rssi_dbm": -67}]] * len(heard) != []


def test_r16h_states_the_strap_and_the_gravest_alarm():
    for report in read_back(*SPOKEN[4]):
        measurement = BY_MOMENT[moment(report)]
        gravest = next((bit for bit in (Alarm.REMOVAL, Alarm.SOS, Alarm.BATTERY_LOW) if measurement.alarm & bit), 0)
        assert set(report["flags"]) == names_of(Alarm(gravest))
        assert report["battery_percent"] == measurement.battery_percent


def names_of(alarm):
    return {name for bit, name in NAMES.items() if alarm & bit}
