"""A worker outlives its servers: what does not answer for a moment is asked again, whatever it was asked for."""

from __future__ import annotations

import asyncio

import pytest
from structlog.testing import capture_logs

from gateway.clock import SystemClock
from gateway.settings.worker import WorkerConfiguration
from gateway.stream.faults import Away
from gateway.worker import running
from gateway.worker.running import Worker

CONFIGURATION = WorkerConfiguration("w1", "en", "state", "nats://127.0.0.1:1")


class Silent:
    """A connection whose servers answer nothing."""

    async def __aenter__(self):
        return self

    async def __aexit__(self, *_):
        pass

    async def ask(self, name, _body=None):
        raise Away(name)


def test_where_no_partition_can_be_looked_for_what_it_has_goes_on():
    with capture_logs() as said:
        assert asyncio.run(Worker(CONFIGURATION, Silent(), SystemClock())._there()) == {}
    assert [one["event"] for one in said] == ["partitions cannot be looked for"]


def test_a_connection_that_has_ended_is_made_anew(monkeypatch):
    tries = []

    async def ends(_worker):
        tries.append(1)
        if len(tries) == 3:  # we are told to end
            asyncio.current_task().cancel()
            await asyncio.sleep(0)
        if len(tries) == 2:  # the message client cancels what waits for it
            raise asyncio.CancelledError
        async with asyncio.TaskGroup():
            raise Away("the connection has ended")

    monkeypatch.setattr(running, "_connection", lambda _: Silent())
    monkeypatch.setattr(running.Backoff, "next_wait", lambda _: 0.0)
    monkeypatch.setattr(Worker, "run", ends)
    with capture_logs() as said:
        asyncio.run(running.run(CONFIGURATION, SystemClock()))
    assert [one["event"] for one in said] == ["streams away"] * 2


def test_what_does_not_pass_ends_it(monkeypatch):
    async def refused(_worker):
        raise running.GatewayFault("not ours")

    monkeypatch.setattr(running, "_connection", lambda _: Silent())
    monkeypatch.setattr(Worker, "run", refused)
    with pytest.raises(running.GatewayFault, match="not ours"):
        asyncio.run(running.run(CONFIGURATION, SystemClock()))


def test_a_stream_that_is_none_of_ours_is_passed_over_and_not_asked_for_again_for_ever(stream_loop, stream_county):
    foreign = f"FOREIGN_{stream_county}"
    stream_loop.run(
        stream_loop.connection.ask(
            f"STREAM.CREATE.{foreign}", {"name": foreign, "subjects": [f"journal.{stream_county}.foreign"]}
        )
    )
    found = stream_loop.run(running.partitions_of(stream_loop.connection))
    assert stream_county not in {county for county, _ in found}
