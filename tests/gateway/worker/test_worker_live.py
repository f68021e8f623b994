"""Workers on a real server: all that one machine says is in the alarm stream, once and in order, whoever dies."""

from __future__ import annotations

import asyncio
import json

import pytest
from timeless import timeless
from virtual import Told, tell
from worker_stage import staged, until

from gateway.stream.names import alarm_id
from gateway.worker import running
from gateway.worker.engine import PartitionEngine

HOUR = 3_600.0


@pytest.fixture(scope="module")
def told(tmp_path_factory) -> Told:
    return tell(tmp_path_factory.mktemp("county"), "handover", days=1)


def test_a_worker_says_all_and_another_goes_on_where_it_dies(stream_server, told, tmp_path):
    """Their clocks are an hour off, each another way: the time that counts is in the entries."""
    bodies = told.bodies()

    async def scenario() -> None:
        async with staged(stream_server, told, tmp_path) as stage, stage.worker("w2", HOUR) as standby:
            async with stage.worker("w1", -HOUR):
                await stage.forward(0.7)
                await until(lambda: stage.has_said(1))
            await stage.forward(1.0)
            await until(lambda: stage.has_said(len(bodies)))
            assert await stage.said() == bodies
            await until(lambda: stage.goes_on_with(standby))
            assert await stage.said() == bodies
            await until(lambda: stage.is_told_of("w2"))

    asyncio.run(scenario())


def test_two_partitions_say_together_what_one_machine_says(stream_server, told, tmp_path):
    async def scenario() -> None:
        async with staged(stream_server, told, tmp_path, partitions=2) as stage, stage.worker("w1") as worker:
            await stage.forward(1.0)
            await until(lambda: stage.has_said(len(told.bodies())))
            assert len(worker.standings) == 2
            assert sorted(map(timeless, await stage.said())) == sorted(map(timeless, told.bodies()))

    asyncio.run(scenario())


def test_who_was_taken_for_dead_says_nothing_twice(stream_server, told, tmp_path):
    """What he had stepped and could not say comes late, behind what his successor has said."""

    async def scenario() -> None:
        async with staged(stream_server, told, tmp_path) as stage, stage.worker("w1"):
            await stage.forward(1.0)
            await until(lambda: stage.has_said(len(told.bodies())))
            for body in told.bodies():
                ack = await stage.connection.publish(
                    f"alarm.{stage.county}.worker", body,
                    message_id=alarm_id(stage.county, "worker", json.loads(body)["id"]),
                )  # fmt: skip
                assert ack.is_duplicate
            assert await stage.said() == told.bodies()

    asyncio.run(scenario())


def test_a_partition_that_cannot_be_worked_on_costs_the_others_nothing(stream_server, told, tmp_path):
    """One has a message that is none of ours: its worker says so, and works on with the other."""

    async def scenario() -> None:
        async with staged(stream_server, told, tmp_path, partitions=2) as stage:
            broken, sound = stage.journals
            await stage.forward(0.5)
            await stage.connection.publish(f"journal.{stage.county}.0", b"rubbish")
            async with stage.worker("w1") as worker:
                standings = worker.standings
                await until(lambda: fulfilled(lambda: len(standings) == 2))
                await until(lambda: fulfilled(lambda: standings[stage.county, 0].trouble is not None))
                await until(lambda: fulfilled(lambda: standings[stage.county, 1].offset == sound.next_offset))
                assert broken.stream in standings[stage.county, 0].trouble.en
                assert standings[stage.county, 1].trouble is None

    asyncio.run(scenario())


def test_a_fault_that_nobody_has_thought_of_costs_a_partition_a_moment_and_the_others_nothing(
    stream_server, told, tmp_path, monkeypatch
):
    sound, failed = PartitionEngine.take, []

    def take(engine, first, batch):
        if engine.share.partition == 1 and not failed:
            failed.append(first)
            raise ValueError("nobody has thought of it")
        return sound(engine, first, batch)

    monkeypatch.setattr(PartitionEngine, "take", take)
    monkeypatch.setattr(running, "LOOK_EVERY", 0.1)

    async def scenario() -> None:
        async with staged(stream_server, told, tmp_path, partitions=2) as stage, stage.worker("w1"):
            await stage.forward(1.0)
            await until(lambda: stage.has_said(len(told.bodies())))
            assert failed
            assert sorted(map(timeless, await stage.said())) == sorted(map(timeless, told.bodies()))

    asyncio.run(scenario())


async def fulfilled(said) -> bool:
    return bool(said())
