"""What counties say at a real broker: taken once, while we are away too, and acknowledged after it is kept."""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager, suppress

import pytest
from city_events import NOW, alarm, sign

from gateway.city.intake import Intake
from gateway.city.store import CityStore
from gateway.city.subscribed import Subscribed, identifier
from gateway.clock import SystemClock
from gateway.demo.broker import LocalBroker
from gateway.engine.episode import Change
from gateway.errors import TransientFault
from gateway.mqtt.connection import Connection
from gateway.settings.city import CityCounty
from gateway.settings.model import Credential
from gateway.upstream import life

A = "450203"
PATIENCE = 60


@pytest.fixture
def port(tmp_path):
    local = LocalBroker(tmp_path / "broker", repeat_after=1)
    try:
        local.start()
        yield local.port
    finally:
        local.stop()


@asynccontextmanager
async def listening(intake, port):
    """A city that reads a county's topics, as long as this lasts."""
    task = asyncio.create_task(Subscribed(CityCounty(A, A, broker=f"mqtt://127.0.0.1:{port}"), "4502", intake).run())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def publish(port, *bodies, keep=False):
    """As a county's gateway does."""
    gateway = Connection(f"mqtt://127.0.0.1:{port}", Credential(), "gateway", connect_wait=10, window=8)
    async with gateway:
        for body in bodies:
            event = json.loads(body)
            where = f"alarm/{event['subject']}" if "subject" in event else "gateway/alive"
            await gateway.send(f"bracelet/{A}/{where}", body, keep=keep)


async def until(look):
    """Look until it is so."""
    async with asyncio.timeout(PATIENCE):
        while not await look():  # noqa: ASYNC110  it happens at a broker
            await asyncio.sleep(0.02)


def test_what_is_said_is_kept_also_what_is_said_while_we_are_away_and_each_counts_once(tmp_path, port, monkeypatch):
    changes = []

    async def story(store):
        intake = Intake(store, SystemClock(), lambda: changes.append(1))
        await publish(port, sign(A, now=NOW), keep=True)
        async with listening(intake, port):
            await until(store.heard)
            # What the broker had kept is as old as it says.
            assert (await store.heard())[A].heard == NOW
            await publish(port, alarm(A, "a"), b"rubbish".join([b'{"subject":"', b'"}']), alarm(A, "a"))
            await until(lambda: store.unresolved(A))
            await until(lambda: _is(intake.refused_of(A)))
            assert intake.refused_of(A) == {"malformed": 1}
        fails, kept = [], CityStore.keep

        async def failing(self, told):
            if len(fails) < 1:
                fails.append(1)
                raise TransientFault("disk full")
            return await kept(self, told)

        await publish(port, alarm(A, "b"), alarm(A, "a", Change.CLOSED, revision=2, closed=NOW, outcome="false"))
        monkeypatch.setattr(CityStore, "keep", failing)
        async with listening(intake, port):
            await until(lambda: store.closed(A, 0, 9))
            await publish(port, sign(A, life.Sign.LOST))
            await until(lambda: _lost(store))
        return fails, [one.id[0] for one in await store.unresolved(A)]

    async def told():
        store = CityStore(tmp_path / "state")
        try:
            return await story(store)
        finally:
            store.close()

    assert asyncio.run(told()) == ([1], ["b"])
    assert changes


async def _is(said):
    return bool(said)


async def _lost(store):
    return (await store.heard())[A].sign == "lost"


def test_a_broker_knows_each_county_of_each_city_apart():
    names = {identifier(city, county) for city in ("1", "2") for county in ("1", "2", "11")}
    assert len(names) == 6
    assert all(len(name) <= 64 for name in names)
