"""A fleet whose clock waits for the work: however long answers and connections take, and never for what is lost."""

from __future__ import annotations

import asyncio
import math
from dataclasses import replace

import pytest
from platforms import ANYWHERE, TcpDoor, lived, story_of, tcp_door, udp_door

from firmware_sim import clock as clock_module
from firmware_sim.clock import LAG, WaitingClock
from firmware_sim.fleet import Fleet, statistics
from firmware_sim.links import Address
from firmware_sim.links.terminal import OUTAGE
from firmware_sim.network import Network, Weather
from firmware_sim.schedule import USUAL_INTERVALS, Span

SPEED = 1e9
"""A clock that did not wait would be over the whole day before the first answer."""
PAUSE = 0.05
"""Wall seconds that a slow platform takes: more or less makes no difference."""
WHILE = 30_000.0


@pytest.fixture(autouse=True)
def _patient(monkeypatch):
    """Nothing goes on because the clock has lost its patience."""
    monkeypatch.setattr(clock_module, "PATIENCE", math.inf)


def story(family, link, devices=2, **changes):
    told = story_of(family, link, devices)
    return replace(told, until=told.epoch + WHILE, **changes)


def waiting_fleet(told, address=ANYWHERE, show=lambda *_: None, **more):
    return Fleet(told, address, WaitingClock(told.epoch, SPEED, show), **more)


def is_delivered(fleet):
    totals = statistics(fleet)["totals"]
    assert totals["made"] == totals["acknowledged"] > 80 * len(fleet.terminals)
    return totals


class SlowDoor(TcpDoor):
    """Answers each read after a pause; knows when the oldest unanswered one came."""

    def __init__(self, family, now, open_):
        super().__init__(family, [])
        self._now, self._open = now, open_

    def data_received(self, data):
        self._open[id(data)] = self._now()
        asyncio.get_running_loop().call_later(PAUSE, self._answer, data)

    def _answer(self, data):
        del self._open[id(data)]
        super().data_received(data)


@pytest.mark.parametrize("family", ["jt808", "gt06"])
def test_the_clock_is_never_far_ahead_of_what_is_not_answered(family):
    """Else receive times would be wrong by however slow the platform is."""
    told, ahead, owed = replace(story(family, "tcp"), until=story(family, "tcp").epoch + 9000.0), [0.0], {}

    def show(now, _over):
        ahead.append(now - min(owed.values(), default=now))

    async def run():
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: SlowDoor(family, fleet_now, owed), "127.0.0.1", 0)
        async with server:
            fleet = waiting_fleet(told, Address(*server.sockets[0].getsockname()), show)
            fleets.append(fleet)
            return await lived(fleet, patience=300)

    fleets = []

    def fleet_now():
        return fleets[0].now()

    totals = statistics(asyncio.run(run()))["totals"]
    assert totals["made"] == totals["acknowledged"] == totals["sent"] > 50
    assert max(ahead) <= LAG


def test_it_stands_at_the_storys_begin_until_the_platform_is_there():
    async def run():
        told, seen = story("jt808", "tcp"), []
        async with tcp_door("jt808") as (address, _):
            pass
        fleet = waiting_fleet(told, address)
        living = asyncio.create_task(lived(fleet, patience=300))
        await asyncio.sleep(PAUSE)

        def door():
            seen.append(fleet.now())
            return TcpDoor("jt808", [])

        server = await asyncio.get_running_loop().create_server(door, address.host, address.port)
        async with server:
            is_delivered(await living)
        assert seen == [told.epoch, told.epoch]

    asyncio.run(run())


def test_an_outage_of_the_platform_costs_its_few_minutes_however_long_it_really_is():
    async def run():
        told, doors, at = story("jt808", "tcp"), [], {}
        loop, half_way = asyncio.get_running_loop(), asyncio.Event()

        def show(now, _over):
            if now >= told.epoch + WHILE / 2:
                half_way.set()

        def door():
            at.setdefault("begin" if "gone" not in at else "back", fleet.now())
            doors.append(TcpDoor("jt808", []))
            return doors[-1]

        async def go_away(server):
            """As a killed process does, half way through the story."""
            await half_way.wait()
            at["gone"] = fleet.now()
            server.close()
            for one in doors:
                one._transport.abort()
            await asyncio.sleep(PAUSE)

        server = await loop.create_server(door, "127.0.0.1", 0)
        address = Address(*server.sockets[0].getsockname())
        fleet = waiting_fleet(told, address, show)
        living = asyncio.create_task(lived(fleet, patience=300))
        await go_away(server)
        async with await loop.create_server(door, address.host, address.port):
            is_delivered(await living)
        assert at["begin"] == told.epoch
        # A connection that is idle as it ends is missed with the next report at the latest.
        assert at["back"] - at["gone"] <= USUAL_INTERVALS.usual + LAG + OUTAGE

    asyncio.run(run())


def test_nobody_waits_for_a_bracelet_that_is_away():
    async def run():
        told = story("jt808", "tcp")
        away = Span(told.epoch - 1.0, told.epoch + WHILE / 2)
        told = replace(told, schedules=(told.schedules[0], replace(told.schedules[1], silent=(away,))))
        async with tcp_door("jt808") as (address, taken):
            is_delivered(await lived(waiting_fleet(told, address), patience=300))
        assert len(taken) == 2

    asyncio.run(run())


@pytest.mark.parametrize(("link", "door"), [("tcp", tcp_door), ("udp", udp_door)])
@pytest.mark.parametrize("family", ["jt808", "gt06"])
def test_nobody_waits_for_what_the_network_delays_or_loses(family, link, door):
    weather = Weather(
        delay_ms=20_000, jitter_ms=40_000, loss=0.1, duplication=0.05, reordering=0.05, late_ms=60_000, splits=0.5,
        breaks=0.02,
    )  # fmt: skip

    async def run():
        told = story(family, link)
        async with door(family) as (address, _):
            fleet = await lived(waiting_fleet(told, address, network=Network(weather, 5)), patience=300)
        return is_delivered(fleet)

    assert asyncio.run(run())["sent"] > 160


def test_an_answer_that_never_comes_stops_it_for_a_while_only(monkeypatch):
    monkeypatch.setattr(clock_module, "PATIENCE", 0.01)

    async def run():
        async with udp_door("jt808", deaf=20) as (address, _):
            is_delivered(await lived(waiting_fleet(story("jt808", "udp"), address), patience=300))

    asyncio.run(run())


def test_it_stands_at_the_storys_end():
    async def run():
        told, shown = story("jt808", "tcp"), []
        stop = asyncio.Event()

        def show(now, over):
            shown.append((now, over))
            if over:
                asyncio.get_running_loop().call_later(PAUSE, stop.set)

        async with tcp_door("jt808") as (address, _):
            await asyncio.wait_for(waiting_fleet(told, address, show).run(stop, linger=600.0), 300)
        assert shown[-1] == (told.until, True)

    asyncio.run(run())
