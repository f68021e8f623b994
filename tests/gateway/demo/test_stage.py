"""The stage goes by the story's time, and the story's time waits for the stage."""

from __future__ import annotations

import asyncio
import math
from collections import Counter
from contextlib import contextmanager, suppress
from types import SimpleNamespace

import pytest

from firmware_sim.clock import WaitingClock
from firmware_sim.clock_file import ClockFile
from gateway.clock import FollowedClock
from gateway.demo import run as demo_module
from gateway.demo.run import Demo
from gateway.demo.stage import CUT, LOOK, Stage
from gateway.demo.story import SLOWER, Scene
from gateway.words.texts import Text

EPOCH, SPEED = 1_793_548_800.0, 1e9


class Broker:
    """Notes when it went and came."""

    def __init__(self, now):
        self.now, self.at = now, {}

    def stop(self):
        self.at["stop"] = self.now()

    def start(self):
        self.at["start"] = self.now()


class Told(Stage):
    """A stage whose gateway is made up."""

    applied, figures = iter(()), iter(())

    async def status(self):
        return next(self.applied)

    def _figures(self):
        return next(self.figures)


@pytest.fixture
def clock(tmp_path):
    return FollowedClock.begin(tmp_path / "clock", EPOCH, SPEED)


@pytest.fixture
def stage(tmp_path, clock):
    platform = SimpleNamespace(events=Counter(), alarms={}, order=[])
    return Told(tmp_path, clock, tmp_path / "state", Broker(clock.now), platform)


@contextmanager
def running(tmp_path):
    """The simulator's clock, which goes as far as it may whenever the loop turns."""
    file = ClockFile(tmp_path / "clock", SPEED)
    time = WaitingClock(EPOCH, SPEED, file.show, file.hold)

    async def run():
        wall = 0.0
        while True:
            wall += 0.01
            time.move(wall, time.now() + 600.0, math.inf)
            await asyncio.sleep(0)

    task = asyncio.get_running_loop().create_task(run())
    try:
        yield time
    finally:
        task.cancel()


def test_the_broker_is_away_for_hours_of_the_story_however_long_they_take(tmp_path, stage):
    stage.figures = iter([{"owed": 3, "events": 3}])

    async def run():
        stage.clock.hold(EPOCH + CUT - 1.0)
        with running(tmp_path):
            cut = asyncio.create_task(stage.cut_broker())
            await asyncio.wait((cut,), timeout=3 * LOOK)
            assert "start" not in stage.broker.at, "as long as the clock is held"
            stage.clock.hold(math.inf)
            return await cut

    assert asyncio.run(run()) == 3
    assert stage.broker.at["start"] >= EPOCH + CUT


def test_each_scene_begins_at_its_hour_and_the_clock_waits_for_it(tmp_path, stage, monkeypatch):
    began, ended = [], []

    async def slow(stage, _watcher):
        began.append(stage.clock.now() - EPOCH)
        for _ in range(1000):
            await asyncio.sleep(0)
        ended.append(stage.clock.now() - EPOCH)

    scenes = [Scene(hours, Text("", f"at {hours}"), slow) for hours in (0.0, 2.0, 5.0)]
    monkeypatch.setattr(demo_module, "SCENES", tuple(scenes))
    told = []
    demo = Demo(tmp_path, 60, "en", endless=False, console=None)
    view = SimpleNamespace(caption=lambda text: told.append((text.en, stage.clock.now() - EPOCH)))

    async def run():
        stage.clock.hold(EPOCH)
        with running(tmp_path):
            await demo._play(stage, None, view)

    asyncio.run(run())
    assert told == [("at 0.0", 0.0), ("at 2.0", 7200.0), ("at 5.0", 18_000.0)]
    assert began == [0.0, 7200.0, 18_000.0]
    assert ended[:2] == [7200.0, 18_000.0], "the clock stands at the next scene's hour until this one is over"


def test_it_has_settled_once_a_later_entry_is_applied_and_the_platform_has_all(stage):
    stage.applied = iter([None, {"applied_offset": 99}, {"applied_offset": 100}, {"applied_offset": 101}])

    looks = []

    def figures():
        yield from ({}, {"owed": 1, "events": 2}, {"owed": 0, "events": 2}, {"owed": 0, "events": 2})
        stage.platform.events.update("ab")
        while True:
            looks.append(list(stage.applied))
            yield {"owed": 0, "events": 2}

    stage.figures = figures()
    asyncio.run(stage.settle(100))
    assert looks[0] == [], "every status was looked at before the outbox"
    assert len(stage.platform.events) == 2, "and the platform was waited for"


@pytest.mark.parametrize(("seconds", "said"), [(0, 1), (10**9, 0)])
def test_a_story_that_takes_longer_than_it_was_to_says_so_once(tmp_path, stage, seconds, said):
    captions, is_told = [], asyncio.Event()
    demo = Demo(tmp_path, seconds, "en", endless=False, console=None)

    def caption(text):
        captions.append(text)
        is_told.set()

    async def run():
        end = asyncio.create_task(asyncio.Event().wait())
        following = asyncio.create_task(demo._follow(stage, SimpleNamespace(caption=caption), (end,)))
        if said:
            await is_told.wait()
        await asyncio.wait((following,), timeout=3 * demo_module.LOOK)
        assert not following.done()
        ClockFile(tmp_path / "clock", SPEED).show(EPOCH + 1.0, over=True)
        await following
        end.cancel()
        with suppress(asyncio.CancelledError):
            await end

    asyncio.run(run())
    assert captions == [SLOWER.filled(seconds=seconds)] * said
