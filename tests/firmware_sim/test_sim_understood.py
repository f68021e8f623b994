"""What the bracelets send is what the gateway's decoder reads: two separate codes, one wire."""

from collections import Counter

import numpy as np
import pytest

from firmware_sim.firmware.bracelet import Bracelet, Timing
from firmware_sim.sensors import Sensors
from firmware_sim.story import build, reports
from firmware_sim.world import to_degrees
from protocols.registry import FAMILIES
from protocols.report import Flag, Source
from protocols.session import Decision, Frame, FrameBatch, Login, Step

PROFILE = "g10ls"
LOCATIONS = (b"\x02\x00", b"\x07\x04")


@pytest.fixture(scope="module")
def family():
    return FAMILIES["jt808"]


@pytest.fixture(scope="module")
def decoded(family):
    """A story's location frames and their reports, as columns."""

    def decode(name):
        frames = [frame for frame in reports(name, 1, 2, devices=13) if frame.frame_bytes[1:3] in LOCATIONS]
        return frames, family.decode(FrameBatch.of([frame.frame_bytes for frame in frames], PROFILE))

    return {name: decode(name) for name in ("demo", "handover")}


def test_both_editions_register_and_authenticate(family):
    story = build("demo", seed=1, days=1, devices=13)
    for index in (0, 1):
        bracelet = Bracelet(story.schedules[index].identity, Sensors(story, index), Timing())
        session = family.session(PROFILE)
        waiting, steps = bracelet.connected(0.0), []
        while waiting:
            (login,) = session.feed(b"".join(waiting), 0.0)
            assert isinstance(login, Login)
            assert login.frame.identity == story.schedules[index].identity.phone
            steps.append((login.step, login.credential))
            waiting = bracelet.receive(session.decide(login, Decision.ACCEPTED, "code-7"), 0.0)
        assert [step for step, _ in steps] == [Step.REGISTER, Step.AUTHENTICATE]
        assert steps[1][1] == "code-7"
        assert bracelet.connects == 1


def test_the_sessions_take_every_frame_and_its_answers_empty_the_store(family):
    story = build("demo", seed=2, days=1, devices=13)
    bracelet, session = Bracelet(story.schedules[1].identity, Sensors(story, 1), Timing()), family.session(PROFILE)
    now, seen = story.epoch, Counter()
    waiting = bracelet.connected(now)
    while now < story.until - 600.0:
        for event in session.feed(b"".join(waiting), now):
            seen[type(event)] += 1
            answer = session.decide(event, Decision.ACCEPTED, "c") if isinstance(event, Login) else event.answer
            waiting = [*waiting, *bracelet.receive(answer, now)]
        now += 300.0
        waiting = bracelet.tick(now)
    bracelet.receive(b"".join(event.answer for event in session.feed(b"".join(waiting), now)), now)
    assert set(seen) == {Frame, Login}
    assert bracelet.store.made == bracelet.acknowledged > 250
    assert not session.discarded


@pytest.mark.parametrize("story_name", ["demo", "handover"])
def test_decoded_columns_are_near_the_true_track(decoded, story_name):
    story = build(story_name, seed=1, days=2, devices=13)
    index = {schedule.device: position for position, schedule in enumerate(story.schedules)}
    frames, batch = decoded[story_name]
    errors = []
    for row in np.flatnonzero(batch.located):
        schedule = story.schedules[index[frames[batch.frame[row]].device]]
        where = schedule.itinerary.at(batch.time[row])
        north, east = np.array([batch.latitude[row], batch.longitude[row]]) - to_degrees(where.x, where.y)
        errors.append(np.hypot(north * 110763.0, east * 101491.0))
        assert batch.speed_kmh[row] == pytest.approx(where.speed * 3.6, rel=0.2, abs=3.0)
    assert 10.0 < np.median(errors) < 40.0
    assert max(errors) < 220.0
    late = np.array([frames[at].receive_time for at in batch.frame]) - batch.time
    assert late.min() >= 0.0
    np.testing.assert_array_equal(batch.stored, late > 60.0)
    assert set(batch.source[batch.located]) == {Source.GNSS}
    assert np.isnan(batch.latitude[~batch.located]).all()
    assert batch.satellites[batch.located].min() >= 3
    assert len(np.unique(batch.cells.report)) == len(batch)


def test_decoded_flags_are_the_scheduled_conditions(decoded):
    story = build("demo", seed=1, days=2, devices=13)
    frames, batch = decoded["demo"]
    device = np.array([frame.device for frame in frames])[batch.frame]
    for kind, flag in (("strap_cut", Flag.STRAP_CUT), ("battery_low", Flag.BATTERY_LOW), ("sos", Flag.SOS)):
        (alarm,) = [alarm for alarm in story.expected if alarm.kind == kind]
        held = (device == alarm.device) & (batch.time >= alarm.onset) & (batch.time < alarm.until)
        assert held.any()
        np.testing.assert_array_equal((batch.flags & np.uint64(flag)) != 0, held)
    low = (batch.flags & np.uint64(Flag.BATTERY_LOW)) != 0
    assert batch.battery_percent[~low].min() > 15
    assert batch.battery_percent[low].min() < 15
