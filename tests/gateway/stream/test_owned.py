"""One owner of a partition at a time: order, takeovers, and what a late owner may still do."""

from __future__ import annotations

import asyncio
from contextlib import aclosing, asynccontextmanager, suppress

import pytest
from gateway_entries import batch

from gateway.errors import UserFault
from gateway.settings.model import Credential
from gateway.stream.batch import Origins
from gateway.stream.connection import Connection
from gateway.stream.faults import NotThere
from gateway.stream.journal import StreamJournal
from gateway.stream.names import Partition
from gateway.stream.owned import Owned
from gateway.stream.pulling import Unpinned

TTL = 0.5
WITHIN = 60.0
"""Seconds after which a test gives up: none waits so long."""


class Partitioned:
    """A county's only partition, and those who may own it."""

    def __init__(self, server, loop, county):
        self.url = server.url
        self.journal = StreamJournal(loop.connection, Partition(county, 0, 1))

    def append(self, count):
        for _ in range(count):
            self.journal.append(batch(float(self.journal.next_offset)))

    @asynccontextmanager
    async def owner(self, name, **more):
        async with (
            Connection(self.url, Credential(), name=name) as connection,
            Owned(connection, self.journal.stream, "worker", name, ttl=more.get("ttl", TTL)) as owned,
        ):
            yield owned


@pytest.fixture
def partition(stream_server, stream_loop, stream_county):
    return Partitioned(stream_server, stream_loop, stream_county)


def run(work):
    async def within():
        async with asyncio.timeout(WITHIN):
            return await work

    return asyncio.run(within())


async def taken(given, count):
    """So many messages."""
    return [await anext(given) for _ in range(count)]


def payloads(messages):
    return [one.entries(Origins()).bytes_of(0).decode() for one in messages]


def frames(first, until):
    return [f"frame {float(number)}" for number in range(first, until)]


def cut(owned):
    """As a kill: nothing is said to the server, and the client does not come back."""
    client = owned._connection.client
    client.options["allow_reconnect"] = False
    client._transport._io_writer.transport.abort()


def test_an_owner_gets_everything_in_order_and_its_acknowledgements_are_the_floor(partition):
    partition.append(300)

    async def work():
        async with partition.owner("a") as owned:
            assert (await owned.floor(), await owned.pinned()) == (0, 0)
            async with aclosing(owned.messages()) as given:
                found = await taken(given, 300)
                await owned.acknowledge(found[199])
                await owned._connection.client.flush()
                assert await owned.floor() == 200
                waiting = asyncio.ensure_future(anext(given))
                await asyncio.to_thread(partition.append, 1)
                return [*found, await waiting]

    found = run(work())
    assert payloads(found) == frames(0, 301)
    assert [one.first for one in found] == list(range(301))


def test_who_stands_by_gets_nothing_while_the_owner_is_there_however_idle_or_slow(partition):
    partition.append(3)

    async def work():
        async with partition.owner("a") as first, partition.owner("b") as second:
            await first.pinned()
            async with aclosing(first.messages()) as given:
                found = await taken(given, 3)
                standing = asyncio.ensure_future(second.pinned())
                await asyncio.wait({standing}, timeout=3 * TTL)
                await asyncio.to_thread(partition.append, 2)
                found += await taken(given, 2)
                assert not standing.done()
                standing.cancel()
                return found

    assert payloads(run(work())) == frames(0, 5)


def test_a_standby_takes_over_from_one_that_is_cut_off_in_order_and_from_the_floor(partition):
    partition.append(20)

    async def work():
        async with partition.owner("a") as first, partition.owner("b") as second:
            await first.pinned()
            standing = asyncio.ensure_future(second.pinned())
            given = first.messages()
            before = await taken(given, 12)
            await first.acknowledge(before[6])
            await first._connection.client.flush()
            assert await second.floor() == 7
            cut(first)
            floor = await standing
            with pytest.raises(Unpinned):
                await taken(given, 30)
            await asyncio.to_thread(partition.append, 5)
            async with aclosing(second.messages()) as after:
                return before, floor, await taken(after, 18)

    before, floor, after = run(work())
    assert floor == 7
    assert payloads(before[:floor]) + payloads(after) == frames(0, 25)


def test_one_that_was_stopped_gives_out_nothing_more_once_it_may_be_somebody_elses(partition):
    """As SIGSTOP: it holds messages that it had been given, and does not know that time has passed."""
    partition.append(6)

    async def work():
        async with partition.owner("a") as first, partition.owner("b") as second:
            await first.pinned()
            given = first.messages()
            before = await taken(given, 2)
            send, goes_on = first._connection.send, asyncio.Event()

            async def stopped(*said, **more):
                await goes_on.wait()
                await send(*said, **more)

            first._connection.send = stopped
            floor = await second.pinned()
            async with aclosing(second.messages()) as after:
                found = await taken(after, 6)
                late = asyncio.ensure_future(anext(given))
                await asyncio.wait({late}, timeout=TTL / 4)
                assert not late.done()
                goes_on.set()
                with pytest.raises(Unpinned, match="Pin-Id") as lost:
                    await late
                return before, floor, found, lost.value

    before, floor, after, lost = run(work())
    assert (floor, payloads(before), payloads(after)) == (0, frames(0, 2), frames(0, 6))
    assert "待命" in lost.args[0].zh


def test_a_late_acknowledgement_of_the_owner_before_acknowledges_nothing_else(partition):
    partition.append(8)

    async def work():
        async with partition.owner("a") as first, partition.owner("b") as second:
            await first.pinned()
            async with aclosing(first.messages()) as given:
                before = await taken(given, 6)
                await first.acknowledge(before[1])
            assert await second.pinned() == 2
            async with aclosing(second.messages()) as given:
                after = await taken(given, 6)
                await first.acknowledge(before[3])
                await first._connection.client.flush()
                assert await second.floor() == 4
                await first._connection.send(first._given[-1][1], b"+ACK")
                await first._connection.client.flush()
                assert await second.floor() == 4
                await second.acknowledge(after[2])
                await second._connection.client.flush()
                assert await second.floor() == 6
                return after

    assert payloads(run(work())) == frames(2, 8)


def test_a_consumer_that_somebody_sends_back_is_noticed_and_nothing_is_given_twice(partition):
    partition.append(4)

    async def work():
        async with partition.owner("a") as owned:
            await owned.pinned()
            given = owned.messages()
            found = await taken(given, 4)
            await owned._ask("RESET")
            with pytest.raises(Unpinned, match="message 5 was due, and 1 came"):
                await taken(given, 1)
            await owned.pinned()
            async with aclosing(owned.messages()) as again:
                return found, await taken(again, 4)

    found, again = run(work())
    assert payloads(found) == payloads(again) == frames(0, 4)


async def stint(owned, done, count):
    """Work until so many more are done and acknowledged, as a worker does: what it has done it passes over."""
    until = len(done) + count
    while len(done) < until:
        assert await owned.pinned() <= len(done)
        with suppress(Unpinned):
            async with aclosing(owned.messages()) as given:
                async for one in given:
                    assert one.first <= len(done)
                    if one.first == len(done):
                        done.append(one)
                        await owned.acknowledge(one)
                    if len(done) == until:
                        return


@pytest.mark.parametrize("rounds", [6, pytest.param(100, marks=pytest.mark.torture)])
def test_handing_over_again_and_again_loses_doubles_and_disorders_nothing(partition, rounds):
    """Each is cut off with messages that it was given and has not acknowledged."""
    partition.append(5 * rounds)

    async def work():
        done = []
        for number in range(rounds):
            async with partition.owner(f"w{number}", ttl=0.1) as owned:
                await stint(owned, done, 5)
                cut(owned)
        return done

    assert payloads(run(work())) == frames(0, 5 * rounds)


def test_what_is_missing_or_differs_is_told(partition):
    partition.append(1)

    async def work():
        async with partition.owner("a") as owned:
            with pytest.raises(UserFault, match="has priority_timeout 500000000, and it has to be 2000000000"):
                async with partition.owner("b", ttl=2.0):
                    pass
            await owned.pinned()
            given = owned.messages()
            await taken(given, 1)
            await owned._ask("DELETE")
            with pytest.raises(Unpinned):
                await taken(given, 1)
            with pytest.raises(NotThere):
                await owned.floor()
        partition.journal.stream = "JOURNAL_nowhere_0"
        with pytest.raises(NotThere):
            async with partition.owner("a"):
                pass

    run(work())
