"""Frames by a real broker: acknowledged after the commit, said again until then, answered on the other topic."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, suppress

import aiomqtt
import pytest
from doorway import Doorway, answered, eventually, location

from gateway.console.broker import LocalBroker
from gateway.settings.model import Broker, Credential, Listener, ListenerKind


@pytest.fixture
def broker(tmp_path):
    local = LocalBroker(tmp_path / "broker", repeat_after=1)
    local.start()
    yield local
    local.stop()


def way(broker, **changes):
    there = Broker(f"mqtt://127.0.0.1:{broker.port}", "bgltest", Credential())
    how = {"name": "topics", "protocol": "jt808", "profile": "g10ls", **changes}
    return Listener(kind=ListenerKind.MQTT, broker=there, **how)


@asynccontextmanager
async def device(broker, name):
    """A device's end: ``say`` publishes, ``heard`` is what came down."""
    async with aiomqtt.Client("127.0.0.1", broker.port, identifier=f"device{name}") as client:
        await client.subscribe(f"bracelet/{name}/down", qos=1)
        end = DeviceEnd(client, name)
        listening = asyncio.create_task(end.listen())
        yield end
        listening.cancel()


class DeviceEnd:
    def __init__(self, client, name) -> None:
        self.client, self.name, self.heard = client, name, []

    async def listen(self):
        with suppress(aiomqtt.MqttError):
            async for message in self.client.messages:
                self.heard.append(message.payload)

    async def say(self, payload):
        await self.client.publish(f"bracelet/{self.name}/up", payload, qos=1)


def told(broker, test, **changes):
    async def run():
        async with Doorway(way(broker, **changes)) as door:
            await eventually(lambda: door.way._client is not None, "connected")
            await test(door)

    asyncio.run(run())


@pytest.mark.parametrize("name", ["013900000001", "13900000001", "B0001"])
def test_a_frame_is_journaled_and_answered_under_the_id_it_came_by(broker, name):
    async def test(door):
        async with device(broker, name) as end:
            await end.say(location(serial=1) + location(serial=2))
            await eventually(lambda: len(end.heard) == 2, "answered")
            assert [answered(one) for one in end.heard] == [[(1, 0x0200, 0)], [(2, 0x0200, 0)]]
            assert [one for one, _ in door.frames] == ["B0001", "B0001"]

    told(broker, test)


def test_nothing_is_acknowledged_before_the_commit_and_all_of_it_is_said_again(broker):
    """The store fails, the gateway dies: what it had taken comes again to the next one, once."""

    async def run():
        async with device(broker, "B0001") as end:
            async with Doorway(way(broker), is_committing=False) as door:
                await eventually(lambda: door.way._client is not None, "connected")
                for serial in range(3):
                    await end.say(location(serial=serial))
                await eventually(lambda: len(door.intake) == 4, "taken, not committed")
                await eventually(lambda: door.counts["publish_repeated"] >= 3, "said again, and known")
                assert len(door.intake) == 4
            assert door.frames == []
            async with Doorway(way(broker)) as door:
                await eventually(lambda: len(door.frames) == 3, "said again")
                await eventually(lambda: len(end.heard) == 3, "answered")
            async with Doorway(way(broker)) as door:
                await eventually(lambda: door.way._client is not None, "connected")
                await end.say(location(serial=9))
                await eventually(lambda: door.frames, "the next")
                assert [data for _, data in door.frames] == [location(serial=9)]

    asyncio.run(run())


def test_a_frame_of_another_device_is_refused_counted_and_forgotten_by_the_broker(broker):
    async def test(door):
        async with device(broker, "B0002") as end:
            await end.say(location("B0001"))
            await eventually(lambda: door.counts["topic_mismatch"] == 1, "refused")
            await end.say(location("B0002", serial=2))
            await eventually(lambda: door.frames, "its own is taken")
            assert [one for one, _ in door.frames] == ["B0002"]
            await eventually(lambda: end.heard, "answered")
            assert [answered(one) for one in end.heard] == [[(2, 0x0200, 0)]]

    told(broker, test)


def test_cut_and_too_large_payloads_are_refused_and_what_follows_is_taken(broker):
    async def test(door):
        async with device(broker, "B0001") as end:
            await end.say(location()[:-5])
            await end.say(bytes(70_000))
            await end.say(location(serial=3))
            await eventually(lambda: door.frames, "the whole one is taken")
            assert [data for _, data in door.frames] == [location(serial=3)]
            assert door.counts["cut_datagram"] == door.counts["payload_too_large"] == 1

    told(broker, test)


def test_a_broker_that_goes_and_comes_back_loses_nothing(broker):
    async def test(door):
        async with device(broker, "B0001") as end:
            await end.say(location(serial=1))
            await eventually(lambda: door.frames, "the first")
        broker.stop()
        await eventually(lambda: door.way.trouble, "it is missed")
        assert door.counts["listener_lost"] == 1
        broker.start()
        await eventually(lambda: not door.way.trouble, "it is back")
        async with device(broker, "B0001") as end:
            await end.say(location(serial=2))
            await eventually(lambda: any(data == location(serial=2) for _, data in door.frames), "the second")
            await eventually(lambda: end.heard, "answered")

    told(broker, test)


def test_while_the_store_fails_publishes_wait_at_the_broker(broker):
    async def test(door):
        door.way.set_reading(reading=False)
        async with device(broker, "B0001") as end:
            await end.say(location(serial=1))
            await asyncio.sleep(0.1)
            assert len(door.intake) == 0
            door.way.set_reading(reading=True)
            await eventually(lambda: door.frames, "taken")

    told(broker, test)


def test_topics_are_bounded(broker):
    async def test(door):
        for number in range(4):
            async with device(broker, f"x{number}") as end:
                await end.say(b"~rubbish~")
        await eventually(lambda: door.counts["peer_displaced"] == 2, "the oldest go")
        assert door.way.connections == 2

    told(broker, test, max_connections=2)
