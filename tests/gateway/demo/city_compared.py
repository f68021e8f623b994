"""What is left of a city whose processes were killed: the counties' journals, and what the streams have of them."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING

from divided import alike, of_place_and_device_time, untimed
from gateway_entries import listed

from gateway.demo.broker import server_program
from gateway.demo.city.streams import connection_to
from gateway.demo.city.supervised import Supervised
from gateway.errors import TransientFault
from gateway.journal import FileJournal
from gateway.partition.router import Router
from gateway.settings.load import load
from gateway.stream.journal import StreamJournal
from gateway.stream.names import Partition

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from gateway.demo.city.county import County
    from gateway.demo.city.town import Town
    from gateway.stream.connection import Connection

PATIENCE = 120.0


def due(county: County) -> list[list]:
    """Entries of each partition, as the county's own journal has them."""
    configuration = load(county.files)
    router = Router(county.code, county.partitions)
    found: list[list] = [[] for _ in range(county.partitions)]
    for first, batch in FileJournal(county.storage / "journal", read_only=True).read(0):
        for one in router.route(batch, lambda _: configuration, first):
            found[one.partition] += listed(one.batch)
    return found


def held(connection: Connection, county: County) -> list[list]:
    """Entries of each partition, as its stream has them."""
    parts = [Partition(county.code, number, county.partitions) for number in range(county.partitions)]
    streams = [StreamJournal(connection, one, read_only=True) for one in parts]
    return [[entry for _, batch in one.read(0) for entry in listed(batch)] for one in streams]


@asynccontextmanager
async def nodes_again(town: Town) -> AsyncIterator[Connection]:
    """The nodes once more, with what is on their disks, and a connection to them."""
    files = sorted((town.directory / "nodes").glob("*/server.conf"))
    nodes = [Supervised(one.parent.name, [server_program(), "-c", str(one)], one.with_suffix(".log")) for one in files]
    for node in nodes:
        await node.start()
    try:
        async with connection_to(town.url, town.streams.known) as connection:
            yield connection
    finally:
        await asyncio.gather(*(node.end() for node in nodes))


async def in_the_end(work):
    """What a call gives in a thread, as soon as the cluster has come together."""
    async with asyncio.timeout(PATIENCE):
        while True:
            try:
                return await asyncio.to_thread(work)
            except TransientFault:
                await asyncio.sleep(0.25)


async def streams_have_all_once_and_in_order(town: Town) -> int:
    """Entries that were compared."""
    count = 0
    async with nodes_again(town) as connection:
        for county in town.counties:
            wanted, found = due(county), await in_the_end(partial(held, connection, county))
            assert found == wanted, county.code
            count += sum(map(len, found))
    return count


def say_the_same(town: Town) -> int:
    """Events of place and device time that each county's gateway told, and that workers told alike."""
    count = 0
    for code in town.codes:
        told = [
            alike(of_place_and_device_time(untimed(event) for event in town.streams.platforms[code, source].order))
            for source in ("county", "worker")
        ]
        assert told[0] == told[1], code
        count += len(told[0])
    return count
