"""A city of three servers and a county behind a leaf: the stream's leader is killed while both write and work."""

from __future__ import annotations

import asyncio
import time
from contextlib import aclosing, suppress
from functools import partial

import pytest
from gateway_entries import batch, contents
from stream_loop import StreamLoop
from stream_server import cluster, leaf

from gateway.errors import TransientFault
from gateway.settings.model import Credential
from gateway.stream.connection import Connection
from gateway.stream.journal import StreamJournal
from gateway.stream.names import Partition
from gateway.stream.owned import Owned

PARTITION = Partition("1", 0, 1)
A_ROUND = 20
"""Batches that are appended in each, in the midst of which the leader is killed."""


def until_it_passes(work):
    """What a call gives once it is not in vain, and the longest that it took."""
    began = time.monotonic()
    while True:
        try:
            return work(), time.monotonic() - began
        except TransientFault:
            time.sleep(0.05)


async def worked(urls, stream, done):
    """What a worker does until it is cancelled: what it has done it passes over."""
    while True:
        with suppress(TransientFault):
            async with (
                Connection(urls, Credential(), domain="city", wait=2.0) as connection,
                Owned(connection, stream, "worker", "w") as owned,
            ):
                await owned.pinned()
                async with aclosing(owned.messages()) as given:
                    async for one in given:
                        assert one.first <= len(done)
                        if one.first == len(done):
                            done.append(one.first)
                        await owned.acknowledge(one)


@pytest.mark.torture
def test_a_leader_that_is_killed_under_load_loses_doubles_and_disorders_nothing(tmp_path):
    rounds, nodes = 5, cluster(tmp_path)
    county = leaf(tmp_path, "county", *nodes)
    done, waits = [], []
    try:
        for node in nodes:
            node.launch()
        county.start()
        with StreamLoop(county.url, 2.0, "city") as loop:
            journal, _ = until_it_passes(lambda: StreamJournal(loop.connection, PARTITION, replicas=3))
            working = asyncio.run_coroutine_threadsafe(
                worked(",".join(n.url for n in nodes), journal.stream, done), loop.loop
            )
            for number in range(rounds * A_ROUND):
                if number % A_ROUND == A_ROUND // 2:
                    info, _ = until_it_passes(lambda: loop.run(loop.connection.ask(f"STREAM.INFO.{journal.stream}")))
                    led = next(node for node in nodes if node.name == info["cluster"]["leader"])
                    led.kill()
                first, took = until_it_passes(partial(journal.append, batch(float(number)), number))
                assert first == number
                waits.append(took)
                if number % A_ROUND == A_ROUND - 1:
                    led.start()
            while len(done) < rounds * A_ROUND:
                assert not working.done()
                time.sleep(0.05)
            working.cancel()
            again, _ = until_it_passes(lambda: StreamJournal(loop.connection, PARTITION, read_only=True))
            assert contents(again) == [f"frame {float(number)}".encode() for number in range(rounds * A_ROUND)]
            assert (again.head, again.source, again.sequence) == (journal.head, rounds * A_ROUND - 1, rounds * A_ROUND)
    finally:
        for node in (*nodes, county):
            node.kill()
    assert done == list(range(rounds * A_ROUND))
    print(f"{rounds} leaders killed: an append waited {max(waits):.1f} s at most")  # noqa: T201  the figure is the point
