"""The stories: what is promised is what the tracks hold, and the same seed tells the same story to the byte."""

import math
import struct
from dataclasses import replace
from itertools import islice, pairwise

import pytest

from firmware_sim import story_record
from firmware_sim.clock import DAY, ScaledClock, hour_of_day, local_midnight
from firmware_sim.firmware.uploads import Upload
from firmware_sim.firmware.wire import FrameReader
from firmware_sim.movement import Itinerary, Visit, way_seconds
from firmware_sim.schedule import Battery, Diary, Span, stretch
from firmware_sim.story import EPOCH, TimedFrame, build, frames, reports
from firmware_sim.world import Place, Scene, build_world, to_degrees

FIRST_KINDS = {
    "inclusion_exit", "exclusion_enter", "curfew_absent", "curfew_late", "curfew_early_leave", "repeated_place",
    "strap_cut", "battery_low", "sos", "comms_lost",
}  # fmt: skip
QUIET = ("B0010", "B0011", "B0012", "B0013")
LOCATED = 1 << 1


@pytest.fixture(scope="module")
def demo():
    return build("demo", seed=1, days=4)


@pytest.fixture(scope="module")
def demo_frames():
    return list(reports("demo", 1, 2, devices=13))


def bodies(frame):
    (received,) = FrameReader().feed(frame.frame_bytes)
    if received.message == 0x0200:
        return [received.body]
    if received.message != 0x0704:
        return []
    rest, found = received.body[3:], []
    while rest:
        (length,) = struct.unpack_from(">H", rest)
        found.append(rest[2 : 2 + length])
        rest = rest[2 + length :]
    return found


def device_time(body):
    digits = [int(f"{byte:02x}") for byte in body[22:28]]
    day = (digits[2] - 2) * DAY
    assert digits[:2] == [26, 11]
    return EPOCH + day + digits[3] * 3600.0 + digits[4] * 60.0 + digits[5]


def schedule_of(story, device):
    return next(schedule for schedule in story.schedules if schedule.device == device)


def test_the_same_seed_tells_the_same_bytes():
    first = list(islice(reports("demo", 3, 1), 2000))
    assert first == list(islice(reports("demo", 3, 1), 2000))
    assert first != list(islice(reports("demo", 4, 1), 2000))


def test_frames_come_in_the_order_of_arrival(demo_frames):
    times = [frame.receive_time for frame in demo_frames]
    assert times == sorted(times)
    assert isinstance(demo_frames[0], TimedFrame)
    assert {frame.frame_bytes[1:3].hex() for frame in demo_frames} == {"0200", "0002"}


def test_a_report_without_a_fix_says_so(demo_frames):
    heads = [struct.unpack_from(">IIII", body) for frame in demo_frames for body in bodies(frame)]
    unlocated = [(latitude, longitude) for _, status, latitude, longitude in heads if not status & LOCATED]
    located = [(latitude, longitude) for _, status, latitude, longitude in heads if status & LOCATED]
    assert 0.1 < len(unlocated) / len(heads) < 0.6
    assert (0, 0) in unlocated, "the older model sends zeros"
    assert any(position != (0, 0) for position in unlocated), "the newer one its last position"
    assert (0, 0) not in located


def test_the_demo_has_every_first_kind(demo):
    assert {alarm.kind for alarm in demo.expected} == FIRST_KINDS
    assert len(demo.expected) >= 10
    assert not {alarm.device for alarm in demo.expected} & set(QUIET)


def test_only_decidable_alarms_are_expected():
    for days in (1, 2, 3, 5):
        story = build("demo", seed=1, days=days)
        assert all(story.epoch <= alarm.onset and alarm.decided <= story.until for alarm in story.expected)
    assert [alarm.kind for alarm in build("demo", seed=1, days=1).expected] == ["exclusion_enter", "sos"]


@pytest.mark.parametrize("seed", [1, 2])
def test_expected_zone_alarms_are_the_true_breaches(seed):
    """Every stretch outside the county or in a barred cafe is expected, unless on leave; nothing else is."""
    story = build("demo", seed=seed, days=4)
    leave = {row.person: row.span for row in story.leaves}
    found = set()
    for schedule in story.schedules:
        was = (False, False)
        for second in range(0, int(4 * DAY), 60):
            where = schedule.itinerary.at(EPOCH + second)
            barred = schedule.keep_out and any(cafe.covers(where.x, where.y) for cafe in story.world.cafes)
            outside = story.world.outside(where.x, where.y)
            excused = EPOCH + second in leave.get(schedule.wearings[0].person, ())
            now = (barred and not excused, outside and not excused)
            for kind, before, after in zip(("exclusion_enter", "inclusion_exit"), was, now, strict=True):
                if after and not before:
                    found.add((schedule.device, kind, round((EPOCH + second) / 60)))
            was = now
    expected = {
        (alarm.device, alarm.kind, round(alarm.onset / 60))
        for alarm in story.expected
        if alarm.kind in {"exclusion_enter", "inclusion_exit"}
    }
    assert len(found) == len(expected) == 3
    for device, kind, minute in found:
        assert any(device == d and kind == k and abs(minute - m) <= 1 for d, k, m in expected)


@pytest.mark.parametrize("seed", [1, 2])
def test_expected_curfew_alarms_are_the_true_absences(seed):
    story = build("demo", seed=seed, days=4)
    on_leave = {row.person for row in story.leaves}
    absent = set()
    for schedule in story.schedules:
        if not schedule.curfew or schedule.wearings[0].person in on_leave:
            continue
        for second in range(0, int(4 * DAY), 300):
            moment = EPOCH + second
            where = schedule.itinerary.at(moment)
            away = math.hypot(where.x - schedule.home.x, where.y - schedule.home.y) > 100.0
            if away and not 8.0 <= hour_of_day(moment) < 22.0:
                absent.add((schedule.device, local_midnight(moment - 8 * 3600.0)))
    curfews = [alarm for alarm in story.expected if alarm.kind.startswith("curfew")]
    assert absent == {(alarm.device, local_midnight(alarm.onset - 8 * 3600.0)) for alarm in curfews}
    for alarm in curfews:
        itinerary, home = schedule_of(story, alarm.device).itinerary, schedule_of(story, alarm.device).home
        places = [
            itinerary.at(float(second)) for second in range(math.ceil(alarm.onset) - 1, math.ceil(alarm.until) + 1)
        ]
        before, *within, after = (math.hypot(where.x - home.x, where.y - home.y) for where in places)
        assert min(within) > 100.0
        assert max(within) > 1000.0
        assert before <= 100.0 or hour_of_day(alarm.onset) == 22.0
        assert after <= 100.0 or hour_of_day(alarm.until) == 8.0


def test_the_man_at_the_border_lives_inside_and_is_measured_outside(demo, demo_frames):
    schedule = schedule_of(demo, "B0010")
    home = schedule.home
    assert demo.world.inside(home.x, home.y)
    east, north = min(
        (
            (dx, dy)
            for dx in range(-40, 41, 2)
            for dy in range(-40, 41, 2)
            if demo.world.outside(home.x + dx, home.y + dy)
        ),
        key=lambda step: math.hypot(*step),
    )
    assert math.hypot(east, north) == pytest.approx(25.0, abs=3.0)
    outside = 0
    for frame in (frame for frame in demo_frames if frame.device == "B0010"):
        for body in bodies(frame):
            _, status, latitude, longitude = struct.unpack_from(">IIII", body)
            x, y = (longitude / 1e6 - 109.42) * 101491.0, (latitude / 1e6 - 24.33) * 110763.0
            outside += bool(status & LOCATED) and demo.world.outside(x, y)
    assert outside > 10, "a naive gateway raises often"


def test_the_neighbour_of_a_cafe_lives_60_m_from_its_zone(demo):
    home = schedule_of(demo, "B0012").home
    assert not any(cafe.covers(home.x, home.y, 30.0 + 59.0) for cafe in demo.world.cafes)
    assert any(cafe.covers(home.x, home.y, 30.0 + 61.0) for cafe in demo.world.cafes)


def test_alarm_bits_follow_the_schedule(demo, demo_frames):
    bits = {"B0004": (17, "strap_cut"), "B0005": (15, "battery_low"), "B0006": (0, "sos")}
    spans = {alarm.device: Span(alarm.onset, alarm.until) for alarm in demo.expected}
    seen = dict.fromkeys(bits, 0)
    for frame in demo_frames:
        for body in bodies(frame):
            (alarm,) = struct.unpack_from(">I", body)
            bit = bits.get(frame.device, (None,))[0]
            held = bit is not None and device_time(body) in spans[frame.device]
            assert alarm == (1 << bit if held else 0)
            seen[frame.device] = seen.get(frame.device, 0) + held
    assert all(seen[device] >= 1 for device in bits)


def test_a_changed_alarm_bit_is_reported_at_once(demo, demo_frames):
    (cut,) = [alarm for alarm in demo.expected if alarm.kind == "strap_cut"]
    times = {device_time(body) for f in demo_frames if f.device == "B0004" for body in bodies(f)}
    assert {cut.onset, cut.until} <= times


def test_the_silent_one_brings_what_it_stored(demo):
    (lost,) = [alarm for alarm in demo.expected if alarm.kind == "comms_lost"]
    mine = list(frames(replace(demo, schedules=(schedule_of(demo, "B0007"),))))
    assert not [frame for frame in mine if lost.onset <= frame.receive_time < lost.until]
    late = [f for f in mine if f.receive_time - device_time(bodies(f)[0]) > 60.0]
    times = [device_time(body) for frame in late for body in bodies(frame)]
    assert times == sorted(times)
    assert len([time for time in times if lost.onset <= time < lost.until]) == 84
    assert all(frame.frame_bytes[1:3].hex() == "0704" for frame in late)


@pytest.mark.parametrize("cafe_zone", [False, True])
def test_the_cafe_story_promises_each_night_once(cafe_zone):
    story = build("cafe", seed=7, days=6, cafe_zone=cafe_zone)
    kinds = [alarm.kind for alarm in story.expected]
    assert kinds.count("curfew_absent") == 5
    assert kinds.count("repeated_place") == 1
    assert kinds.count("exclusion_enter") == (5 if cafe_zone else 0)


def test_two_nights_are_not_yet_a_repeated_place():
    assert "repeated_place" not in {alarm.kind for alarm in build("cafe", seed=7, days=3).expected}


def test_the_handovers_backlog_arrives_at_the_second_wearer():
    story = build("handover", seed=1, days=1)
    first, second = story.schedules[0].wearings
    assert first.span.until == second.span.start
    backlog = [
        device_time(body)
        for frame in reports("handover", 1, 1)
        for body in bodies(frame)
        if device_time(body) < first.span.until and frame.receive_time >= second.span.start
    ]
    assert len(backlog) >= 60
    assert max(backlog) - min(backlog) > 1.75 * 3600.0
    breach = story.expected[0]
    assert sum(breach.onset <= time < breach.until for time in backlog) >= 60
    assert {alarm.person for alarm in story.expected} == {"P0001"}


def test_a_story_is_told_with_each_way_of_uploading_and_says_the_same_in_another_order():
    came = {
        upload: [device_time(body) for frame in reports("handover", 1, 1, upload=upload) for body in bodies(frame)]
        for upload in Upload
    }
    usual = came[Upload.BACKLOG_FIRST]
    assert usual == sorted(usual)
    assert list(reports("handover", 1, 1)) == list(reports("handover", 1, 1, upload="backlog_first"))
    assert all(sorted(times) == usual for times in came.values())
    assert len({tuple(times) for times in came.values()}) == len(Upload)
    backward = sum(later < earlier for earlier, later in pairwise(came[Upload.NEWEST_FIRST]))
    assert backward >= 60
    again = [device_time(body) for frame in reports("handover", 1, 1, upload="shuffled") for body in bodies(frame)]
    assert again == came[Upload.SHUFFLED]


def test_truth_records_hold_alarms_and_tracks(demo):
    records = list(story_record.records(demo))
    alarms = [record for record in records if record["record"] == "alarm"]
    assert [set(record) for record in alarms[:1]] == [{"record", "device", "person", "kind", "zone", "onset", "until"}]
    assert len(alarms) == len(demo.expected)
    assert records[0] == {"record": "story", "name": "demo", "epoch": EPOCH, "until": EPOCH + 4 * DAY}
    tracks = [record for record in records if record["record"] == "track"]
    assert {record["device"] for record in tracks} == {schedule.device for schedule in demo.schedules}
    assert (tracks[0]["latitude"], tracks[0]["longitude"]) == pytest.approx(
        to_degrees(demo.schedules[0].home.x, demo.schedules[0].home.y), abs=1e-6
    )


def test_the_busy_morning_has_one_in_ten_at_a_minute_of_his_own():
    story = build("busy", seed=1, days=1, devices=60)
    assert {alarm.kind for alarm in story.expected} == {"sos", "strap_cut"}
    assert len({alarm.onset for alarm in story.expected}) == len(story.expected) == 6
    assert all(story.epoch < alarm.onset < story.epoch + 7200 for alarm in story.expected)


@pytest.mark.parametrize(
    ("arguments", "fault"),
    [
        ({"name": "opera"}, "no story 'opera'"),
        ({"name": "demo", "devices": 5}, "at least 13"),
        ({"name": "demo", "days": 0}, "at least one day"),
    ],
)
def test_impossible_stories_are_refused(arguments, fault):
    with pytest.raises(ValueError, match=fault):
        build(**{"seed": 1, "days": 4, **arguments})


def test_a_visit_that_cannot_be_reached_is_refused():
    here, there = Place("a", 0.0, 0.0, Scene.OPEN), Place("b", 8000.0, 0.0, Scene.OPEN)
    with pytest.raises(ValueError, match="b: left at"):
        Itinerary.through([Visit(here, 100.0), Visit(there, 200.0)], 0.0)


def test_a_detour_leaves_and_comes_back():
    here, there = Place("a", 0.0, 0.0, Scene.OPEN), Place("b", 800.0, 0.0, Scene.OPEN)
    track = Itinerary.through(Diary([Visit(here, 10_000.0)]).detour_home_by(there, 1000.0, 3000.0).visits, 0.0)
    assert track.at(1000.0 + way_seconds(here, there) + 1.0).x == 800.0
    assert track.at(2950.0).course == pytest.approx(270.0)
    assert track.at(3000.0).x == 0.0
    assert stretch(track, lambda x, _: x > 400.0, Span(0.0, 4000.0)) == Span(1051.0, 2950.0)
    with pytest.raises(ValueError, match="breach"):
        stretch(track, lambda x, _: x > 900.0, Span(0.0, 4000.0))


def test_a_battery_is_low_until_it_is_well_again():
    battery = Battery(((0.0, 100.0), (100.0, 0.0), (200.0, 100.0), (300.0, 50.0)))
    assert battery.low() == (Span(85.0, 125.0),)
    assert battery.percent(50.0) == 50.0
    assert battery.percent(-5.0) == battery.percent(0.0) == 100.0
    assert battery.percent(999.0) == 50.0
    assert Battery(((0.0, 100.0), (100.0, 0.0))).low() == (Span(85.0, math.inf),)


def test_the_county_is_the_seeds():
    assert build_world(5, 20) == build_world(5, 20)
    assert build_world(5, 20) != build_world(6, 20)
    world = build_world(5, 30)
    assert all(world.inside(place.x, place.y) for place in (*world.homes, *world.works))
    assert all(cafe.place.x > 0 > home.x for cafe in world.cafes for home in world.homes[:20])


def test_the_scaled_clock():
    clock = ScaledClock(epoch=1000.0, anchor=50.0, speed=2900.0)
    assert clock.at(50.0) == 1000.0
    assert clock.at(51.0) == 3900.0
    assert local_midnight(EPOCH + 5.0) == EPOCH == local_midnight(EPOCH)
    assert hour_of_day(EPOCH + 1800.0) == 0.5
