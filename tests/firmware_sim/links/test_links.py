"""Every link on loopback: all reports arrive and are acknowledged, whatever the family and the network."""

import asyncio
import math
from dataclasses import replace

import pytest
from platforms import SerialDoor, fleet_of, hasty_fleet_of, lived, mqtt_door, story_of, tcp_door, udp_door

from firmware_sim.firmware.equipment import Equipment
from firmware_sim.firmware.families import FAMILIES
from firmware_sim.fleet import statistics
from firmware_sim.links import LINES
from firmware_sim.network import Network, Weather
from gateway.demo.broker import LocalBroker


@pytest.fixture(scope="module")
def broker(tmp_path_factory):
    local = LocalBroker(tmp_path_factory.mktemp("broker"))
    local.start()
    yield local
    local.stop()


def is_delivered(fleet, each=250):
    totals = statistics(fleet)["totals"]
    assert totals["made"] == totals["acknowledged"] > each * len(fleet.terminals)
    assert totals["stored"] == 0
    return totals


@pytest.mark.parametrize("family", sorted(FAMILIES))
def test_tcp(family):
    async def run():
        async with tcp_door(family) as (address, taken):
            fleet = await lived(fleet_of(story_of(family, "tcp"), address))
        assert len(taken) == 2
        return is_delivered(fleet)

    assert asyncio.run(run())["connects"] == 2


@pytest.mark.parametrize("family", ["jt808", "gt06"])
@pytest.mark.parametrize("deaf", [0, 50])
def test_udp(family, deaf, monkeypatch):
    monkeypatch.setattr("firmware_sim.clock.PATIENCE", 0.01 if deaf else math.inf)

    async def run():
        async with udp_door(family, deaf) as (address, _):
            fleet = await lived(fleet_of(story_of(family, "udp"), address))
        return is_delivered(fleet)

    totals = asyncio.run(run())
    assert (totals["sent"] > totals["made"]) == (deaf > 0)


def test_udp_where_nobody_listens_gives_up_and_keeps_everything(monkeypatch):
    monkeypatch.setattr("firmware_sim.fleet.DRAIN_WALL", 0.1)

    async def run():
        async with udp_door("gt06") as (address, _):
            pass
        return await lived(hasty_fleet_of(story_of("gt06", "udp", 1), address, speed=200_000.0))

    fleet = asyncio.run(run())
    assert fleet.stored == statistics(fleet)["totals"]["made"] > 250
    assert fleet.terminals[0].line.undelivered > 0


@pytest.mark.parametrize("family", ["jt808", "r16h"])
def test_mqtt(family, broker):
    async def run():
        async with mqtt_door(family, broker.port) as (address, platforms):
            story = story_of(family, "mqtt")
            fleet = await lived(fleet_of(replace(story, until=story.epoch + 20_000.0), address, speed=10_000.0))
            assert set(platforms) == {"B0001", "B0002"}
        return is_delivered(fleet, each=60)

    asyncio.run(run())


def test_serial_survives_its_readers_closing():
    async def run():
        fleet = hasty_fleet_of(story_of("jt808", "serial", 1), speed=40_000.0)
        door = SerialDoor("jt808", fleet.serial_paths()["B0001"])
        loop = asyncio.get_running_loop()
        # The reader comes late, goes away in the middle, and comes back.
        for when, act in ((0.2, door.open), (0.6, door.close), (1.0, door.open)):
            loop.call_later(when, act)
        await lived(fleet)
        door.close()
        return is_delivered(fleet)

    asyncio.run(run())


def test_two_kinds_in_one_fleet_have_addresses_of_their_own():
    async def run():
        story = story_of("jt808", "tcp")
        other = replace(story.schedules[1], equipment=Equipment("jt808-2011", "udp"))
        story = replace(story, schedules=(story.schedules[0], other))
        async with tcp_door("jt808") as (tcp, over_tcp), udp_door("jt808") as (udp, over_udp):
            fleet = await lived(fleet_of(story, tcp, others={("jt808", "udp"): udp}))
        assert len(over_tcp) == len(over_udp) == 1
        return is_delivered(fleet)

    asyncio.run(run())


@pytest.mark.parametrize(("link", "door"), [("tcp", tcp_door), ("udp", udp_door)])
def test_the_bad_network_round_a_real_line(link, door):
    weather = Weather(
        delay_ms=20_000, jitter_ms=20_000, loss=0.02, duplication=0.05, reordering=0.05, late_ms=60_000, splits=0.5,
        breaks=0.05,
    )  # fmt: skip

    async def run():
        async with door("jt808") as (address, taken):
            story = story_of("jt808", link)
            story = replace(story, until=story.epoch + 30_000.0)
            fleet = await lived(fleet_of(story, address, speed=20_000.0, network=Network(weather, 5)))
        return is_delivered(fleet, each=90), len(taken)

    totals, connections = asyncio.run(run())
    assert totals["sent"] > totals["made"]
    assert (connections > 2) == (link == "tcp")


def test_a_carriers_outage_breaks_all_connections_and_all_come_back():
    async def run():
        story = story_of("gt06", "tcp", 5)
        outage = replace(story.schedules[0].wearings[0].span, start=story.epoch + 30_000, until=story.epoch + 40_000)
        async with tcp_door("gt06") as (address, taken):
            network = Network(Weather(outages=(outage,), herd_seconds=600.0), 5)
            fleet = await lived(fleet_of(story, address, network=network))
        assert len(taken) == 10
        return is_delivered(fleet)

    assert asyncio.run(run())["connects"] == 10


def test_the_links_are_named():
    assert sorted(LINES) == ["mqtt", "serial", "tcp", "udp"]
