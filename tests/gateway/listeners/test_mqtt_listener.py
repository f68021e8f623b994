"""Frames by a real broker: acknowledged after the commit, said again until then, answered on the other topic."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, suppress

import aiomqtt
import pytest
from doorway import NOW, Doorway, answered, eventually, location
from scripted_broker import ScriptedBroker

from gateway.demo.broker import LocalBroker
from gateway.listeners.mqtt import MqttListener, Topic
from gateway.settings.model import Broker, Credential, Device, Listener, ListenerKind
from protocols.gt06.clock import to_binary
from protocols.gt06.wire import seal
from protocols.order import Order


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


IMEI, OTHER = "861000000000108", "861000000000109"
WEARERS = {"B0001": IMEI, "B0002": OTHER}
TRACKERS = {"devices": {key: Device(key, "gt06", imei, "standard") for key, imei in WEARERS.items()}}
EAST_8 = bytes.fromhex("00103200")


def login(imei=IMEI, serial=1):
    return seal(0x01, bytes.fromhex(imei.zfill(16)) + EAST_8, serial)


def position(serial, shown=NOW):
    place = round(24.33 * 1_800_000).to_bytes(4, "big") + round(109.41 * 1_800_000).to_bytes(4, "big")
    return seal(0x12, to_binary(shown) + b"\xc9" + place + b"\x00\x14\x00" + bytes.fromhex("01cc0025f0010203"), serial)


def trackers_told(broker, *tests, **changes):
    """One gateway after the other at the same broker."""

    async def run():
        for test in tests:
            way_in = way(broker, protocol="gt06", profile="standard", **changes)
            async with Doorway(way_in, TRACKERS) as door:
                await eventually(lambda: door.way._client is not None, "connected")
                await test(door)

    asyncio.run(run())


@pytest.mark.parametrize("authentication", ["optional", "required"])
@pytest.mark.parametrize("name", [IMEI, f"0{IMEI}", "B0001"])
def test_a_gateway_that_begins_anew_knows_by_the_topic_who_goes_on_speaking(broker, name, authentication):
    async def before(_door):
        async with device(broker, name) as end:
            await end.say(login())
            await eventually(lambda: end.heard == [seal(0x01, b"", 1)], "answered")

    async def after(door):
        async with device(broker, name) as end:
            await end.say(position(2))
            await eventually(lambda: end.heard == [seal(0x12, b"", 2)], "answered")
            assert door.frames == [("B0001", position(2))]
            (topic,) = door.way.topics.values()
            assert topic.session.order(IMEI, Order("locate")).segments
            assert not door.counts

    trackers_told(broker, before, after, authentication=authentication)


def test_a_topic_whose_session_was_ended_is_known_again_at_its_next_word(broker):
    async def test(door):
        async with device(broker, IMEI) as end:
            for serial, ending in enumerate(("tick", "supersede"), start=1):
                await end.say(position(serial))
                await eventually(lambda: len(door.frames) == serial, "taken")  # noqa: B023  awaited here
                (topic,) = door.way.topics.values()
                topic.tick(float("inf")) if ending == "tick" else topic.supersede()
                assert not door.way.topics
            await end.say(position(3))
            await eventually(lambda: len(door.frames) == 3, "taken again")
            assert door.counts == {"connection_idle": 1}

    trackers_told(broker, test)


def test_a_topics_session_begins_with_the_zone_its_device_was_found_to_keep(broker):
    async def test(door):
        async with device(broker, IMEI) as end:
            await end.say(login() + position(2, NOW + 8 * 3600))
            await eventually(lambda: len(door.frames) == 2, "taken")
            (topic,) = door.way.topics.values()
            topic.close()
            await end.say(position(3, NOW - 3600))
            await eventually(lambda: len(door.frames) == 3, "taken again")
            assert door.facts[-1] == "28800"

    trackers_told(broker, test)


def test_a_login_of_another_device_is_refused_with_what_follows_it(broker):
    async def test(door):
        async with device(broker, IMEI) as end:
            await end.say(login(OTHER) + position(2))
            await eventually(lambda: door.counts["topic_mismatch"] == 2, "refused")
            await end.say(login() + position(3))
            await eventually(lambda: len(end.heard) == 2, "answered")
            assert door.frames == [("B0001", login()), ("B0001", position(3))]

    trackers_told(broker, test)


def test_a_topic_nobody_knows_names_nobody(broker):
    async def test(door):
        for name in ("B0009", "864717003664469"):
            async with device(broker, name) as end:
                await end.say(position(2))
        await eventually(lambda: door.counts["before_login"] == 2, "refused")
        assert door.frames == []

    trackers_told(broker, test)


class Acknowledging:
    """A client that writes down what it acknowledges."""

    def __init__(self):
        self.acknowledged = []

    def acknowledge(self, mid):
        self.acknowledged.append(mid)


def test_a_broker_is_acknowledged_in_its_order_though_something_urgent_became_durable_first():
    listener = Listener(kind=ListenerKind.MQTT, name="topics", protocol="jt808", profile="g10ls", host="", port=0)
    way = MqttListener(listener, None, lambda: None)
    client = way._client = Acknowledging()
    way._outstanding.update({7: False, 8: False, 9: False})
    way._forget(client, 8)
    assert client.acknowledged == []
    way._forget(client, 7)
    way._forget(client, 0)
    assert client.acknowledged == [7, 8]
    way._forget(Acknowledging(), 9)
    assert client.acknowledged == [7, 8]
    assert list(way._outstanding) == [9]


def told_by_script(test, **script):
    async def run():
        async with ScriptedBroker(**script) as scripted, Doorway(way(scripted)) as door:
            await test(door, scripted)

    asyncio.run(run())


def test_a_refused_subscription_is_said_and_tried_again():
    async def test(door, scripted):
        await eventually(lambda: door.way.trouble, "it is said")
        assert "refuses the subscription to bracelet/+/up (code 0x80)" in door.way.trouble
        scripted.codes = {}
        await eventually(lambda: not door.way.trouble, "asked again, allowed")

    told_by_script(test, codes={"up": 0x80})


@pytest.mark.parametrize("topic", [b"bracelet/\xff\xfe/up", b"bracelet/B0001/down", b"up", b""])
def test_a_topic_that_is_none_of_a_devices_is_refused_and_forgotten(topic):
    async def test(door, scripted):
        await eventually(lambda: door.way._client is not None, "connected")
        mid = scripted.say("", b"x", raw_topic=topic or b"\x00")
        await eventually(lambda: mid not in scripted.unacknowledged, "forgotten")
        assert (door.counts, scripted.connections) == ({"topic_unexpected": 1}, 1)

    told_by_script(test)


def test_a_publish_that_we_fail_at_is_counted_kept_and_stops_no_other(monkeypatch):
    feed = Topic.feed

    def fails_at_rubbish(self, payload, **how):
        if payload == b"odd":
            raise RecursionError
        return feed(self, payload, **how)

    monkeypatch.setattr(Topic, "feed", fails_at_rubbish)

    async def test(door, scripted):
        await eventually(lambda: door.way._client is not None, "connected")
        mid = scripted.say("bracelet/B0001/up", b"odd")
        scripted.say("bracelet/B0001/up", location(serial=1))
        await eventually(lambda: door.frames, "the next is taken")
        await eventually(lambda: mid not in scripted.unacknowledged, "forgotten")
        assert (door.counts["message_fault"], scripted.connections) == (1, 1)
        assert door.refusals.last[0].sample == b"odd".hex()

    told_by_script(test)
