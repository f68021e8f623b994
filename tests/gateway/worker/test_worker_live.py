"""Workers on a real server: all that one machine says is in the alarm stream, once and in order, whoever dies."""

from __future__ import annotations

import asyncio
import json
import time
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

import msgspec
import pytest
from timeless import timeless
from virtual import Told, tell

from gateway.clock import SystemClock
from gateway.journal.entries import NO_ORIGIN, EntryKind, Gathering
from gateway.partition.router import Router
from gateway.settings.model import Credential
from gateway.settings.worker import Wanted, WorkerConfiguration
from gateway.stream.connection import Connection
from gateway.stream.journal import StreamJournal
from gateway.stream.keys import Keys
from gateway.stream.layout import alarms, lay
from gateway.stream.names import ALARMS, WORKERS, Partition, alarm_id
from gateway.worker.looking import look
from gateway.worker.peers import Had, Word
from gateway.worker.running import Worker

PATIENCE, HOUR = 30.0, 3_600.0


@pytest.fixture(scope="module")
def told(tmp_path_factory) -> Told:
    return tell(tmp_path_factory.mktemp("county"), "handover", days=1)


@asynccontextmanager
async def connected(server):
    async with Connection(server.url, Credential()) as connection:
        yield connection


@dataclass(frozen=True)
class WrongClock(SystemClock):
    """A machine's clock that is so many seconds ahead."""

    ahead: float

    def now(self) -> float:
        return time.time() + self.ahead


class Stage:
    """A county's partition in a stream, and workers on it."""

    def __init__(self, server, told: Told, directory, connection):
        self.server, self.told, self.directory, self.connection = server, told, directory, connection
        self.county = told.policy.configuration.county.code
        self.at = 0

    async def begin(self, partitions: int) -> Stage:
        await lay(self.connection, alarms())
        parts = [Partition(self.county, number, partitions) for number in range(partitions)]
        self.journals = [await asyncio.to_thread(StreamJournal, self.connection, one) for one in parts]
        self.router, configuration = Router(self.county, partitions), self.told.policy.configuration
        await asyncio.to_thread(self.journals[0].store_configuration, configuration.digest, configuration.sources)
        return self

    async def forward(self, until: float, most: int = 100) -> None:
        end = int(until * len(self.told.entries))
        while self.at < end:
            part = self.told.entries.slice(self.at, min(end, self.at + most))
            for one in self.router.route(part, lambda _: self.told.policy.configuration, self.at):
                await asyncio.to_thread(self.journals[one.partition].append, one.batch)
            self.at += len(part)

    def configuration(self, name: str) -> WorkerConfiguration:
        where = str(self.directory / name)
        return WorkerConfiguration(name, "en", where, self.server.url, partitions=(Wanted(self.county, None),))

    @asynccontextmanager
    async def worker(self, name: str, ahead: float = 0.0):
        """One at work, until it is killed: its line is cut, and it says no farewell.

        ``ahead``: seconds by which its machine's clock is wrong.
        """
        async with connected(self.server) as connection:
            worker = Worker(self.configuration(name), connection, WrongClock(ahead))
            going = asyncio.create_task(worker.run())
            try:
                yield worker
            finally:
                going.cancel()
                with suppress(asyncio.CancelledError):
                    await going

    async def said(self) -> list[bytes]:
        state = (await self.connection.ask(f"STREAM.INFO.{ALARMS}"))["state"]
        found = []
        for sequence in range(max(1, state["first_seq"]), state["last_seq"] + 1):
            message = await self.connection.js.get_msg(ALARMS, sequence)
            if message.subject == f"alarm.{self.county}.worker":
                found.append(message.data)
        return found

    async def has_said(self, count: int) -> bool:
        return len(await self.said()) >= count

    async def goes_on_with(self, worker: Worker) -> bool:
        """Whether a worker is the owner, now that something comes which says nothing new: without it nobody is."""
        gathering = Gathering()
        gathering.add(EntryKind.TICK, float(self.told.entries.received[-1]), NO_ORIGIN, b"")
        await asyncio.to_thread(self.journals[0].append, gathering.batch())
        return is_owner(worker)

    async def is_told_of(self, owner: str) -> bool:
        """Whether ``worker status`` says who owns it, and that he is behind with nothing.

        Somebody who died says for ever that he does, under the name that comes first.
        """
        dead = Word("a0", 0.0, 1, (Had(self.county, 0, is_owner=True, offset=1, received=None, pin="of before"),))
        await Keys(self.connection, WORKERS).put("a0", msgspec.json.encode(dead))
        (line,) = [one for one in await look(self.configuration("looker")) if one.county == self.county]
        assert (line.county, line.partition, line.partitions) == (self.county, 0, 1)
        return (line.owner, line.behind) == (owner, 0)


async def until(fulfilled, patience: float = PATIENCE) -> None:
    async with asyncio.timeout(patience):
        while not await fulfilled():  # noqa: ASYNC110  it is another process's to say
            await asyncio.sleep(0.05)


def is_owner(worker: Worker) -> bool:
    return any(one.is_owner for one in worker.standings.values())


@asynccontextmanager
async def staged(server, told, directory, partitions=1):
    async with connected(server) as connection:
        stage = await Stage(server, told, directory, connection).begin(partitions)
        try:
            yield stage
        finally:
            shared = (ALARMS, "LIFE", "KV_workers", "KV_skipped", "OBJ_snapshots")
            for name in (*(one.stream for one in stage.journals), *shared):
                await connection.ask(f"STREAM.DELETE.{name}")


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


async def fulfilled(said) -> bool:
    return bool(said())
