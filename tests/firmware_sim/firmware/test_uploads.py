"""How what was stored is uploaded: each policy sends the same reports, and only their order and time differ."""

import struct
from itertools import pairwise

import pytest
from plan import START, Plan, blind, measured, minutes

from firmware_sim.firmware.device import Identity, Link
from firmware_sim.firmware.families import FAMILIES, make_firmware
from firmware_sim.firmware.messages import Message
from firmware_sim.firmware.quirks import Quirks
from firmware_sim.firmware.store import ReportStore, SendQueue
from firmware_sim.firmware.uploads import POLICIES, Upload
from firmware_sim.firmware.wire import FrameReader
from firmware_sim.network import FAIR, Network, Party, Weather, run
from firmware_sim.platform import PLATFORMS
from firmware_sim.schedule import Span

COUNT, GONE = 40, Span(START + 300.0, START + 1230.0)
"""Minutes of reports, and when there is no link: reports 5 to 20 are stored."""
PHONES = {"jt808": "14000000001", "jt808-2011": "14000000001"}
GT06_REPORTS = {0x22, 0x26}


def built(family, source, upload, capacity=5000, seed=1):
    identity = Identity(PHONES.get(family, "868120145233604"), "B0001")
    return make_firmware(family, identity, source, capacity=capacity, quirks=Quirks(upload=upload, seed=seed))


def places(count):
    """A minute each, at another place each: its number in thousandths of a degree."""
    return Plan(measured(START + 60.0 * n, latitude=24.0 + n / 1000.0) for n in range(count))


def of_jt808(received):
    """Bodies of 0200, alone or in a 0704."""
    if received.message == Message.LOCATION:
        return [received.body]
    found, rest = [], received.body[3:] if received.message == Message.LOCATION_BATCH else b""
    while rest:
        length = int.from_bytes(rest[:2])
        found.append(rest[2 : 2 + length])
        rest = rest[2 + length :]
    return found


def of_gt06(received):
    return [bytes((received.message,)) + received.content] if received.message in GT06_REPORTS else []


def of_r16h(sentence):
    return [sentence] if sentence.startswith(b"@GPSD") else []


REPORTS = {"jt808": of_jt808, "jt808-2011": of_jt808, "gt06": of_gt06, "r16h": of_r16h}
NUMBER = {
    "jt808": lambda body: struct.unpack_from(">I", body, 8)[0] - 24_000_000,
    "gt06": lambda body: round(struct.unpack_from(">I", body, 8)[0] / 1.8) - 24_000_000,
    "r16h": lambda body: round(float(body.split(b",")[5]) * 1e6) - 24_000_000,
}


def numbers(family, reports):
    return [round(NUMBER.get(family, NUMBER["jt808"])(report) / 1000.0) for report in reports]


def uploaded(family, upload, *, capacity=5000, seed=1, weather=FAIR, silent=(GONE,)):
    """The firmware after a dead patch, and all reports in the order in which they came."""
    platforms = []

    def platform():
        platforms.append(PLATFORMS[family]())
        return platforms[-1]

    party = Party(built(family, places(COUNT), upload, capacity, seed), "B0001", platform, silent=silent)
    list(run([party], Network(weather, 1), 1, START, START + 86_400.0))
    received = [one for each in platforms for one in each.received]
    return party.firmware, [report for one in received for report in REPORTS[family](one)]


@pytest.mark.parametrize("capacity", [5000, 10])
@pytest.mark.parametrize("family", sorted(FAMILIES))
def test_each_policy_brings_the_same_reports_and_all_are_forgotten(family, capacity):
    """With a memory of ten, six of the sixteen are lost, the same ones under each."""
    came = {}
    for upload in Upload:
        firmware, came[upload] = uploaded(family, upload, capacity=capacity)
        lost = firmware.store.overflowed
        assert (firmware.store.made, len(firmware.store), lost) == (COUNT, 0, 0 if capacity > COUNT else 6)
        assert firmware.acknowledged == COUNT - lost
        assert sorted(came[upload]) == sorted(came[Upload.BACKLOG_FIRST])
        assert len(set(came[upload])) == len(came[upload]) == COUNT - lost
    orders = [tuple(numbers(family, reports)) for reports in came.values()]
    assert len(set(orders)) == len(Upload), "each has an order of its own"


@pytest.mark.parametrize("family", sorted(FAMILIES))
def test_the_order_is_the_policys(family):
    order = {upload: numbers(family, uploaded(family, upload)[1]) for upload in Upload}
    before, stored, after = list(range(5)), list(range(5, 21)), list(range(21, COUNT))
    assert order["backlog_first"] == before + stored + after
    assert order["newest_first"] == before + stored[::-1] + after
    live = order["live_first"]
    assert (sorted(live[:5]), live[5:]) == (before, [21, *stored, *after[1:]]), "the first is made before the login"
    shuffled = order["shuffled"]
    assert (shuffled[:5], sorted(shuffled[5:21]), shuffled[21:]) == (before, stored, after)
    falls = sum(later < earlier for earlier, later in pairwise(shuffled[5:21]))
    assert 0 < falls < len(stored) - 1


def test_what_is_shuffled_is_drawn_from_the_seed():
    one, again, other = (numbers("gt06", uploaded("gt06", "shuffled", seed=seed)[1]) for seed in (1, 1, 2))
    assert one == again != other


def test_on_a_slow_network_live_reports_go_between_the_backlog():
    silent = (Span(START + 60.0, START + 1800.0),)
    _, came = uploaded("jt808", "live_first", weather=Weather(delay_ms=20_000), silent=silent)
    order = numbers("jt808", came)
    first, last = order.index(2), order.index(29)
    assert [number for number in order[first:last] if number > 29]


def exchange(device, platform, frames, now):
    while frames:
        frames = device.receive(platform.feed(b"".join(frames), now), now)


def logged_in(family, upload, stored, source=None, capacity=5000):
    """A bracelet that has come back with so many stored reports; what it says next is on its way."""
    source = source or minutes(stored + 10)
    device = built(family, source, upload, capacity)
    for number in range(stored):
        device.tick(START + 60.0 * number)
    now = START + 60.0 * (stored - 1) + 30.0
    platform = PLATFORMS[family]()
    frames = device.connected(now)
    while frames and device.link is not Link.ONLINE:
        frames = device.receive(platform.feed(b"".join(frames), now), now)
    return device, platform, frames, now + 30.0


def messages(frames):
    return [frame.message for frame in FrameReader().feed(b"".join(frames))]


def test_a_live_report_does_not_wait_for_the_batch_under_way():
    device, _, frames, now = logged_in("jt808", "live_first", 40)
    assert frames == []
    assert messages(device.tick(now)) == [Message.LOCATION, Message.LOCATION_BATCH]
    assert messages(device.tick(now + 25.0)) == []
    assert Message.LOCATION in messages(device.tick(now + 60.0))
    assert Message.LOCATION_BATCH not in messages(device.tick(now + 61.0))


def test_a_live_report_waits_for_the_batch_where_the_backlog_goes_first():
    device, _, frames, now = logged_in("jt808", "backlog_first", 40)
    assert messages(frames) == [Message.LOCATION_BATCH]
    made = device.store.made
    assert device.tick(now - 1.0) == []
    assert Message.LOCATION not in messages(device.tick(now + 60.0))
    assert device.store.made > made


@pytest.mark.parametrize("family", sorted(FAMILIES))
def test_a_full_memory_loses_nothing_to_live_reports(family):
    device, platform, frames, now = logged_in(family, "live_first", 12, capacity=10)
    assert (len(device.store), device.store.overflowed) == (10, 2)
    exchange(device, platform, frames + device.tick(now), now)
    assert (len(device.store), device.store.overflowed, device.acknowledged) == (0, 2, 11)


def test_what_was_live_when_the_link_broke_is_bound_as_all_that_is_stored():
    device, _, _, now = logged_in("jt808", "live_first", 10, capacity=10)
    device.tick(now)
    device.tick(now + 60.0)
    assert (len(device.store), device.store.overflowed) == (12, 0)
    device.disconnected()
    assert (device.store.numbers(), device.store.overflowed) == (list(range(3, 13)), 2)


@pytest.mark.parametrize("family", sorted(FAMILIES))
def test_where_no_live_report_will_come_the_backlog_does_not_wait(family):
    device, platform, frames, now = logged_in(family, "live_first", 5, minutes(5))
    exchange(device, platform, frames + device.tick(now), now)
    assert len(device.store) == 0
    retired, platform, frames, now = logged_in(family, "live_first", 5)
    retired.retire()
    exchange(retired, platform, frames + retired.tick(now), now)
    assert (len(retired.store), retired.acknowledged) == (0, 5)


def test_a_backlog_that_is_held_over_a_broken_link_keeps_what_it_says_of_itself():
    """R16H: the stored ones say so; one that had been tried for less than its patience says so once it is over."""
    device, _, _, now = logged_in("r16h", "live_first", 5)
    assert len(device.store) == 5
    device.disconnected()
    device.connected(now + 100.0)
    frames = device.tick(now + 120.0)
    kinds = [each.split(b",")[2] for each in frames]
    assert kinds.count(b"S") == 5
    assert b"R" in kinds


def test_r16h_without_a_clock_keeps_no_cells_that_are_held():
    source = Plan([blind(), *(measured(START + 60.0 * n) for n in range(1, 4))])
    identity = Identity("861000000000207", "B0001")
    quirks = Quirks(upload=Upload.LIVE_FIRST, is_clock_unset=True)
    device = make_firmware("r16h", identity, source, quirks=quirks)
    device.tick(START)
    device.connected(START + 100.0)
    frames = device.tick(START + 120.0)
    assert all(each.startswith(b"@GPSD") for each in frames)
    assert (device.store.lost, len(device.store)) == (1, 0)


def test_a_reboot_loses_the_live_reports_and_keeps_the_backlog():
    identity = Identity("14000000001", "B0001")
    quirks = Quirks(upload=Upload.LIVE_FIRST, reboots=(START + 500.0,))
    device = make_firmware("jt808", identity, minutes(20), quirks=quirks)
    device.tick(START + 240.0)
    platform = PLATFORMS["jt808"]()
    frames = device.connected(START + 250.0)
    while frames:
        frames = device.receive(platform.feed(b"".join(frames), START + 250.0), START + 250.0)
    device.tick(START + 300.0)
    device.tick(START + 510.0)
    assert device.store.numbers() == [1, 2, 3, 4, 5]
    assert device.store.lost == 4


def test_a_batch_takes_what_fits_and_at_least_one():
    store = ReportStore(10)
    queue = SendQueue(store)
    for size in (600, 600, 2000):
        store.add(bytes(size))
    queue.restart()
    assert [queue.pop() for _ in range(3)] == [(1,), (2,), (3,)]
    assert len(queue) == 0


def test_every_policy_has_its_row():
    assert set(POLICIES) == set(Upload)
