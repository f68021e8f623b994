"""What probes are told: true while the engine stands still, a store fails, or a platform is owed for long."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from types import SimpleNamespace

import pytest
from slow_gateway import Gateway

from firmware_sim.firmware.measurement import Alarm
from gateway.daemon import readiness
from gateway.daemon.pipeline import JOURNAL, STATE
from gateway.daemon.readiness import (
    OWED_TOO_LONG,
    STANDS_STILL,
    in_words,
    lags,
    not_ready,
    owed_seconds,
    stands_still,
    watch_owed,
)
from gateway.errors import TransientFault
from gateway.store.outbox import Depth, Marks, Outbox

BATCH = 5.0


def daemon(gateway, **troubles):
    """What is asked of the daemon: its clock, and its listeners with what is wrong with each."""
    listeners = [SimpleNamespace(listener=SimpleNamespace(name=name), trouble=said) for name, said in troubles.items()]
    return SimpleNamespace(clock=gateway.machine, listeners=listeners)


@contextmanager
def running(task):
    try:
        yield
    finally:
        task.cancel()


def test_the_engine_stands_still_when_it_takes_no_step_and_goes_on_with_the_next(tmp_path):
    async def story():
        async with Gateway(tmp_path) as gateway:
            pipeline = gateway.pipeline
            assert stands_still(pipeline) == []
            pipeline.health.went_on -= STANDS_STILL + 1.0
            assert stands_still(pipeline) == not_ready(daemon(gateway), pipeline) == ["engine"]
            gateway.journal.may.release(1000)
            with running(asyncio.create_task(pipeline.apply())):
                await gateway.reached(lambda state: state.offset == 2)
            assert stands_still(pipeline) == not_ready(daemon(gateway), pipeline) == []

    asyncio.run(story())


@pytest.mark.parametrize("store", [JOURNAL, STATE])
def test_a_store_that_fails_is_no_reason_to_start_again_but_nothing_is_taken(tmp_path, store):
    async def story():
        async with Gateway(tmp_path) as gateway:
            pipeline = gateway.pipeline
            pipeline.health.went_on -= STANDS_STILL + 1.0
            pipeline.health.note(store, "disk full")
            assert stands_still(pipeline) == []
            assert in_words(pipeline) == [f"{store}: disk full"]
            assert not_ready(daemon(gateway, wire="", air="port taken"), pipeline) == [f"store {store}", "listener air"]

    asyncio.run(story())


def test_a_platform_that_is_owed_for_long_keeps_us_from_being_ready(tmp_path):
    async def story():
        async with Gateway(tmp_path) as gateway:
            pipeline, now = gateway.pipeline, gateway.machine.now()
            pipeline.health.owed = {"city": Depth(3, now), "desk": Depth()}
            gateway.machine.time += OWED_TOO_LONG
            assert owed_seconds(pipeline) == {"city": OWED_TOO_LONG, "desk": 0.0}
            assert not_ready(daemon(gateway), pipeline) == []
            gateway.machine.time += 1.0
            assert not_ready(daemon(gateway), pipeline) == ["upstream city"]
            assert lags(pipeline)["upstream"] == OWED_TOO_LONG + 1.0

    asyncio.run(story())


def test_each_stage_says_how_far_it_is_behind(tmp_path):
    async def story():
        async with Gateway(tmp_path) as gateway:
            pipeline = gateway.pipeline
            gateway.say(gateway.visit(), "B0001")
            gateway.machine.time += BATCH
            assert lags(pipeline) == {"journal": BATCH, "engine": 0.0, "upstream": 0.0}
            async with pipeline._saying:
                gateway.journal.may.release(1000)
                with running(asyncio.create_task(pipeline.apply())):
                    while pipeline.health.stepping > gateway.machine.now():  # noqa: ASYNC110  a plain record
                        await asyncio.sleep(0)
                    gateway.machine.time += BATCH
                    assert lags(pipeline)["engine"] >= BATCH

    asyncio.run(story())


def test_what_is_owed_is_looked_up_and_a_store_that_cannot_be_read_leaves_the_last_look(tmp_path, monkeypatch):
    monkeypatch.setattr(readiness, "LOOK_EVERY", 0.0)
    real, fault = Outbox.depths, []

    def depths(outbox, upstreams):
        if fault:
            fault.append("asked")
            raise TransientFault("locked")
        return real(outbox, upstreams)

    async def until(seen):
        while not seen():  # noqa: ASYNC110  the health is a plain record
            await asyncio.sleep(0)

    async def story():
        async with Gateway(tmp_path) as gateway, asyncio.timeout(60.0):
            pipeline = gateway.pipeline
            gateway.journal.may.release(1000)
            with running(asyncio.create_task(pipeline.apply())), running(asyncio.create_task(watch_owed(pipeline))):
                await until(lambda: pipeline.health.owed == {"city": Depth()})
                called = gateway.machine.now()
                gateway.say(gateway.visit(), "B0001", Alarm.SOS)
                await until(lambda: pipeline.health.owed == {"city": Depth(1, called)})
                fault.append("broken")
                await until(lambda: len(fault) > 2)
                gateway.machine.time += 90.0
                assert owed_seconds(pipeline) == {"city": 90.0}
                (row,) = pipeline.store.outbox.fresh("city", 9)
                pipeline.store.outbox.note("city", Marks(delivered=[row.seq]), called)
                fault.clear()
                await until(lambda: pipeline.health.owed == {"city": Depth()})

    monkeypatch.setattr(Outbox, "depths", depths)
    asyncio.run(story())
