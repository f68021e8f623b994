"""A slow disk under load: what calls for help is in the very next batch, through the pipeline that the daemon has."""

from __future__ import annotations

import asyncio

from slow_gateway import Gateway
from timeline import PHONES, Timeline, at, brief

from firmware_sim.firmware.measurement import Alarm
from gateway.intake import batching as limits
from gateway.journal.entries import EntryKind

NOW = at(0, 13)
CAP = 256
POSITIONS = 2000
LIMIT = 1200.0


def test_a_call_for_help_is_in_the_very_next_batch_of_a_slow_disk(tmp_path, monkeypatch):
    monkeypatch.setattr(limits, "MOST_REPORTS", CAP)

    async def story():
        async with Gateway(tmp_path) as gateway:
            others = [gateway.visit() for _ in range(20)]
            waiting = [gateway.say(others[number % 20], "B0002") for number in range(POSITIONS)]
            visit = gateway.visit()
            before = gateway.say(visit, "B0001")
            call = gateway.say(visit, "B0001", Alarm.SOS)
            after = gateway.say(visit, "B0001")
            gateway.machine.time += 3.0
            assert gateway.intake.figures()["oldest_waiting_seconds"] == 3.0
            gateway.journal.may.release()
            batch = await gateway.has_begun()
            assert len(batch) == CAP
            assert [batch.bytes_of(index) for index in range(3)] == [b"", before, call]
            assert visit.channel.heard == []
            for _ in range(POSITIONS // CAP):
                gateway.journal.may.release()
                await gateway.has_begun()
            said = [raw for one in gateway.journal.batches for raw in map(one.bytes_of, range(len(one))) if raw]
            assert said[2:] == [before, call, *waiting, after]
            assert len(visit.channel.heard) == 2
            for one in gateway.journal.batches:
                assert len(set(one.received.tolist())) == 1

    asyncio.run(story())


def test_an_hour_forward_and_back_misses_nobody_and_time_goes_on(tmp_path):
    """The clock is set while devices report each five minutes; what the journal holds says it all again."""

    async def story():
        async with Gateway(tmp_path) as gateway:
            gateway.journal.may.release(1000)
            applying = asyncio.create_task(gateway.pipeline.apply())
            visits = {device: gateway.visit() for device in PHONES}
            for minute in range(0, 240, 5):
                gateway.machine.set_by = {60: 3600.0, 120: 0.0, 180: -3600.0}.get(minute, gateway.machine.set_by)
                for device, visit in visits.items():
                    gateway.say(visit, device)
                await gateway.reached(lambda state: state.now == gateway.machine.now())
                gateway.machine.time += 300.0
            assert gateway.intake.figures()["clock_steps"] == 3
            assert gateway.pipeline.state.episodes == {}
            gateway.machine.time += LIMIT
            gateway.intake.control(EntryKind.TICK, b"")
            gateway.pipeline.wake()
            await gateway.reached(lambda state: len(state.episodes) == len(PHONES))
            assert {one.kind for one in gateway.pipeline.state.episodes.values()} == {"comms_lost"}
            applying.cancel()
            return [gateway.configuration, *gateway.journal.batches]

    configuration, *batches = asyncio.run(story())
    told = Timeline.of(None, alarms=configuration.alarms)
    for batch in batches:
        for index in range(len(batch)):
            kind, received = EntryKind(int(batch.kind[index])), float(batch.received[index])
            told.waiting.add(kind, received, batch.origin_of(index), batch.bytes_of(index))
    assert brief(told.run()) == [("raised", "comms_lost")] * 2
