"""A county's partitions in streams of a real server, and workers on them."""

from __future__ import annotations

import asyncio
import time
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from gateway.clock import SystemClock
from gateway.journal.entries import NO_ORIGIN, EntryKind, Gathering
from gateway.partition.router import Router
from gateway.settings.model import Credential
from gateway.settings.worker import Wanted, WorkerConfiguration
from gateway.stream.connection import Connection
from gateway.stream.faults import NotThere
from gateway.stream.journal import StreamJournal
from gateway.stream.keys import Keys
from gateway.stream.layout import alarms, lay
from gateway.stream.names import ALARMS, WORKERS, Partition, erased_stream
from gateway.worker.looking import look
from gateway.worker.peers import Had, Word
from gateway.worker.running import Worker

if TYPE_CHECKING:
    from virtual import Told

PATIENCE = 30.0


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
        await asyncio.to_thread(self.journals[0].append, tick(float(self.told.entries.received[-1])))
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


def tick(now: float):
    gathering = Gathering()
    gathering.add(EntryKind.TICK, now, NO_ORIGIN, b"")
    return gathering.batch()


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
            shared = (ALARMS, "LIFE", "KV_workers", "KV_skipped", "KV_erasures", "OBJ_snapshots", "OBJ_erasures")
            for name in (*(one.stream for one in stage.journals), *shared):
                await connection.ask(f"STREAM.DELETE.{name}")
            for one in stage.journals:
                with suppress(NotThere):
                    await connection.ask(f"STREAM.DELETE.{erased_stream(one.stream)}")
