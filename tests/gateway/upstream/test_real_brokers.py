"""The upstream at real brokers: NATS, which repeats after a time-out; Mosquitto, which acknowledges what it drops."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from contextlib import asynccontextmanager
from dataclasses import replace

import aiomqtt
import pytest
from mosquitto_broker import Mosquitto
from upstream_room import event, room

from gateway.demo.broker import LocalBroker
from gateway.settings.model import Credential
from gateway.store.outbox import POISON, UNCONFIRMED

LARGE = 20_000


@pytest.fixture
def nats(tmp_path):
    local = LocalBroker(tmp_path / "broker", repeat_after=1)
    try:
        local.start()
        yield local.port
    finally:
        local.stop()


@pytest.fixture
def mosquitto(tmp_path):
    """May read everything, may publish everything but alarms of kind ``denied``; no packet above LARGE."""
    folder = tmp_path / "mosquitto"
    broker = Mosquitto(folder, f"acl_file {folder / 'acl'}\nmax_packet_size {LARGE}\n")
    (folder / "acl").write_text(
        "user gateway\ntopic read bracelet/#\ntopic write bracelet/pressed/gateway/#\n"
        "topic write bracelet/pressed/alarm/well\ntopic write bracelet/pressed/alarm/large\n"
        "user platform\ntopic read bracelet/#\n",
        "utf-8",
    )
    broker.start()
    yield broker.port
    broker.stop()


@asynccontextmanager
async def platform(port):
    """What a platform gets, by CloudEvents id."""
    got: Counter[str] = Counter()

    async def listen(client):
        async for message in client.messages:
            got[json.loads(message.payload)["id"]] += 1

    async with aiomqtt.Client("127.0.0.1", port, identifier="platform", username="platform") as client:
        await client.subscribe("bracelet/+/alarm/#", qos=1)
        listening = asyncio.create_task(listen(client))
        yield got
        listening.cancel()
        await asyncio.wait((listening,))


def known(one):
    one.upstream.upstream = replace(one.upstream.upstream, credential=Credential("gateway", "x", ""), accept_acts=False)
    return one


def reaches(one):
    """Connected; time passes only until it is."""
    if not one.upstream.connected:
        one.timing.advance(0.1)
    return one.upstream.connected


def test_killed_between_sending_and_marking_again_and_again_nothing_is_doubled_or_lost(tmp_path, nats):
    """The broker repeats a second later what it was not told to forget; our wait does not pass before it has."""
    total = 400

    async def run():
        async with platform(nats) as got:
            for kill in range(1, 4):
                async with room(tmp_path, nats) as one:
                    if kill == 1:
                        await one.owe(*(event(f"a{number}") for number in range(total)))
                    one.start()
                    await one.eventually(lambda one=one, kill=kill: reaches(one) and len(got) >= kill * 60, "some")
            # A busy machine may take longer to acknowledge than a minute of the test's time lasts.
            async with room(tmp_path, nats, publish_wait=3600.0) as one:
                one.start()
                await one.eventually(lambda: reaches(one), "connected")
                async with aiomqtt.Client("127.0.0.1", nats) as last:
                    await last.publish("bracelet/other/alarm/last", b'{"id": "last"}', qos=1)
                await one.eventually(lambda: got.pop("last", 0), "the platform has all that arrived so far")

                async def all_that_arrived_is_known():
                    arrived = [row.id for row in one.store.outbox.unsettled("city") if row.id in got]
                    return reaches(one) and not arrived

                await one.eventually(all_that_arrived_is_known, "the broker has repeated")
                await one.delivered(pace=1.0)
                await one.eventually(lambda: len(got) == total, "all are there")
            assert set(got.values()) == {1}

    asyncio.run(run())


def test_a_message_too_large_for_nats_is_set_aside_and_the_rest_flows(tmp_path, nats):
    async def run():
        async with platform(nats) as got, room(tmp_path, nats) as one:
            await one.owe(event("huge", severity="critical", size=1_500_000), *(event(f"a{n}") for n in range(100)))
            one.start()
            await one.eventually(lambda: one.upstream.set_aside == {POISON: 1}, "set aside", pace=0.2)
            await one.delivered(pace=0.2)
            await one.eventually(lambda: len(got) == 100, "the rest is there")

    asyncio.run(run())


def test_what_mosquitto_acknowledges_and_drops_is_unconfirmed(tmp_path, mosquitto):
    async def run():
        async with platform(mosquitto) as got, room(tmp_path, mosquitto) as one:
            known(one)
            await one.owe(event("denied"), event("well"))
            one.start()
            await one.eventually(lambda: got["well.1"] and one.upstream.connected, "one arrives")

            async def acked():
                return [row.acked for row in one.store.outbox.unsettled("city")] == [True]

            await one.eventually(acked, "the other is acknowledged")
            await one.eventually(lambda: one.upstream.set_aside == {UNCONFIRMED: 1}, "and not believed", pace=1.0)
            assert got == {"well.1": 1}

    asyncio.run(run())


def test_with_mqtt_5_mosquitto_says_no_and_it_counts(tmp_path, mosquitto):
    async def run():
        async with platform(mosquitto) as got, room(tmp_path, mosquitto, mqtt_version=5, tries=3) as one:
            known(one)
            await one.owe(event("denied"), event("well"))
            one.start()
            await one.eventually(lambda: one.upstream.set_aside == {POISON: 1}, "set aside", pace=0.5)
            await one.delivered()
            await one.eventually(lambda: got == {"well.1": 1}, "the other is there")
            assert one.upstream.reconnects == 1

    asyncio.run(run())


@pytest.mark.parametrize("version", [3, 5])
def test_a_packet_above_mosquittos_limit_is_set_aside_and_the_rest_flows(tmp_path, mosquitto, version):
    async def run():
        async with platform(mosquitto) as got, room(tmp_path, mosquitto, mqtt_version=version) as one:
            known(one)
            await one.owe(event("large", severity="critical", size=LARGE), event("well"))
            one.start()
            await one.eventually(lambda: got["well.1"], "the rest flows", pace=0.2)
            await one.eventually(lambda: one.upstream.set_aside == {POISON: 1}, "set aside", pace=0.2)
            await one.delivered(pace=0.2)
            assert got == {"well.1": 1}

    asyncio.run(run())
