"""Habits of real bracelets, one by one."""

import itertools
import json
from datetime import UTC, datetime

import pytest
from plan import START, Plan, measured, minutes
from programs import GATEWAY, ran

from firmware_sim.firmware.device import Identity, Link
from firmware_sim.firmware.families import FAMILIES, make_firmware
from firmware_sim.firmware.messages import Message
from firmware_sim.firmware.quirks import YEAR_2000, DeviceClock, Quirks
from firmware_sim.firmware.uploads import Upload
from firmware_sim.firmware.wire import Edition, FrameReader
from firmware_sim.platform import PLATFORMS

PHONES = {"jt808": "14000000001", "jt808-2011": "14000000001"}


def built(family, source, edition=Edition.Y2013, **quirks):
    identity = Identity(PHONES.get(family, "868120145233604"), "B0001", edition)
    return make_firmware(family, identity, source, quirks=Quirks(**quirks))


def exchange(device, platform, frames, now):
    """To and fro until nobody has anything to say; returns all the bracelet said."""
    said = []
    while frames:
        said += frames
        frames = device.receive(platform.feed(b"".join(frames), now), now)
    return said


def log_in(device, family, now=START):
    platform = PLATFORMS[family]()
    return platform, exchange(device, platform, device.connected(now), now)


def messages(frames):
    return [frame.message for frame in FrameReader().feed(b"".join(frames))]


def times(bodies):
    return [body[22:28].hex() for body in bodies]


def test_it_registers_on_every_connection():
    device = built("jt808", Plan([]), registers_always=True)
    for number in range(3):
        _, said = log_in(device, "jt808", START + number)
        assert messages(said) == [Message.REGISTER, Message.AUTHENTICATE]
        device.disconnected()


@pytest.mark.parametrize("family", ["jt808", "gt06"])
def test_a_wrong_length_now_and_then_is_read_all_the_same(family):
    """By the gateway's own program: the frame's end decides, not its word."""
    device = built(family, minutes(6), wrong_length_every=3)
    platform, _ = log_in(device, family)
    frames = []
    for number in range(6):
        frames += exchange(device, platform, device.tick(START + 60.0 * number), START + 60.0 * number)
    row = FAMILIES[family]
    line = [GATEWAY, "decode", "--protocol", row.protocol, "--profile", row.profile]
    done = ran(line, said="".join(f"{frame.hex()}\n" for frame in frames), check=True)
    accounts = [json.loads(line) for line in done.stdout.splitlines()]
    accounts = [account for account in accounts if account["reports"] and account["reports"][0]["time"]]
    assert [account["length_ok"] for account in accounts] == [True, True, False, True, True, False]
    assert {account["checksum"] for account in accounts} == {"ok"}
    assert {account["reports"][0]["latitude"] for account in accounts} == {24.33}


def test_a_clock_gains():
    clock = DeviceClock(Quirks(drift_ppm=100.0))
    assert [clock.shows(START + days * 86400.0) - START for days in (0, 1, 10)] == [0.0, 86408.0, 864086.0]
    clock.hear(START + 864_000.0, START + 864_000.0)
    assert clock.shows(START + 864_000.0) == START + 864_000.0


def test_a_clock_without_quirks_keeps_fractions():
    assert DeviceClock(Quirks()).shows(START + 0.25) == START + 0.25


def test_a_year_that_is_stuck():
    clock = DeviceClock(Quirks(stuck_year=2021))
    leap = datetime(2024, 2, 29, 12, tzinfo=UTC).timestamp()
    assert datetime.fromtimestamp(clock.shows(START), UTC).isoformat() == "2021-11-01T16:00:00+00:00"
    assert datetime.fromtimestamp(clock.shows(leap), UTC).isoformat() == "2021-02-28T12:00:00+00:00"


@pytest.mark.parametrize(("family", "edition", "asks"), [
    ("jt808", Edition.Y2019, Message.ASK_TIME), ("jt808", Edition.Y2013, Message.MAKER_ASK_TIME),
    ("jt808-2011", Edition.Y2013, Message.MAKER_ASK_TIME),
])  # fmt: skip
def test_the_year_2000_until_the_first_time_answer(family, edition, asks):
    device = built(family, minutes(3), edition, is_clock_unset=True)
    device.tick(START)
    platform, said = log_in(device, family, START + 30.0)
    assert asks in messages(said)
    exchange(device, platform, device.tick(START + 60.0), START + 60.0)
    bodies = [frame.body for frame in platform.received if frame.message == Message.LOCATION]
    bodies += [frame.body[5:] for frame in platform.received if frame.message == Message.LOCATION_BATCH]
    assert sorted(times(bodies)) == ["000101080000", "261102000100"]
    assert YEAR_2000 == 946684800.0


def test_a_reboot_loses_what_is_in_ram_and_not_what_is_in_flash():
    device = built("jt808", minutes(10), reboots=(START + 299.0,))
    device.tick(START + 60.0)
    platform, said = log_in(device, "jt808", START + 61.0)
    assert messages(said)[-1] == Message.LOCATION_BATCH
    device.disconnected()
    device.tick(START + 120.0)
    device.connected(START + 121.0)
    exchange(device, platform, device.connected(START + 121.0), START + 121.0)
    assert device.link is Link.ONLINE
    device.tick(START + 180.0)
    device.tick(START + 240.0)
    assert len(device.store) == 2
    assert device.due() <= START + 299.0
    device.tick(START + 300.0)
    assert device.wants_close
    assert (device.link, len(device.store), device.store.lost) == (Link.OFFLINE, 1, 2)
    device.disconnected()
    (login,) = FrameReader().feed(b"".join(device.connected(START + 310.0)))
    assert (login.message, login.serial) == (Message.AUTHENTICATE, 0)
    assert not device.wants_close


def test_a_reboot_without_a_link_loses_nothing_but_the_time():
    device = built("jt808", minutes(3), is_clock_unset=True, reboots=(START + 90.0,))
    device.clock.hear(START, START)
    device.tick(START + 120.0)
    _, said = log_in(device, "jt808", START + 121.0)
    batch = next(frame.body for frame in FrameReader().feed(b"".join(said)) if frame.message == Message.LOCATION_BATCH)
    size = int.from_bytes(batch[3:5])
    assert times(batch[3 + (2 + size) * n + 2 :] for n in range(3)) == ["261102000000", "261102000100", "000101080030"]
    assert device.store.lost == 0


def test_the_newest_goes_first():
    device = built("jt808-2011", minutes(5), upload=Upload.NEWEST_FIRST)
    device.tick(START + 240.0)
    platform, _ = log_in(device, "jt808-2011", START + 240.0)
    bodies = [frame.body for frame in platform.received if frame.message == Message.LOCATION]
    assert times(bodies) == [f"2611020{minute:03d}00" for minute in (4, 3, 2, 1, 0)]


@pytest.mark.parametrize("family", sorted(FAMILIES))
def test_every_second_report_is_sent_twice(family):
    device = built(family, minutes(4), duplicate_every=2)
    platform, _ = log_in(device, family)
    reports = []
    for number in range(4):
        reports += exchange(device, platform, device.tick(START + 60.0 * number), START + 60.0 * number)
    reports = [frame for frame in reports if len(frame) > 20]  # no heartbeat
    doubles = [later == earlier for earlier, later in itertools.pairwise(reports)]
    assert (doubles, device.sent, device.acknowledged) == ([False, True, False, False, True], 6, 4)


def test_memory_is_bound_and_the_oldest_are_lost():
    device = built("gt06", minutes(9), capacity=4)
    device.tick(START + 480.0)
    assert (len(device.store), device.store.overflowed, device.store.numbers()) == (4, 5, [6, 7, 8, 9])


def test_patience_is_the_least_time_for_an_answer():
    quick = make_firmware("gt06", Identity("868120145233604", ""), Plan([measured()]), patience=50.0)
    quick.connected(START)
    quick.tick(START)
    assert quick.due() == START + 50.0
