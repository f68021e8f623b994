"""Fault proof: killed again and again under load, the gateway loses nothing acknowledged; each alarm arrives once."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import pytest
from gateway_process import Gateway, eventually
from pressed_bracelets import Bracelet, acknowledged
from pressed_county import device

if TYPE_CHECKING:
    from collections.abc import Callable

    from platform_end import PlatformEnd

    from gateway.demo.broker import LocalBroker

DEVICES = 20
LONGEST_LIFE = 1.0
"""Seconds that the gateway lives in a round, at most."""
BROKER_TOO = 7
"""Every so many rounds, in the second telling, the broker is restarted as well."""
PATIENCE = 900.0
"""Seconds that a slow machine may take where a quick one takes half a minute: what is shown does not depend on it."""


@dataclass(frozen=True)
class _Again:
    """The broker ends in its way, and begins again."""

    broker: LocalBroker
    end: Callable[[], None]

    def __call__(self) -> None:
        self.end()
        self.broker.start()


async def _rounds(gateway: Gateway, again: _Again | None, bracelets: list[Bracelet], rounds: int) -> None:
    """Kill, start, kill ... while the bracelets report; then let them bring out what they still hold."""
    stop, chance = asyncio.Event(), random.Random(rounds)  # noqa: S311  a schedule, no secret
    lives = [asyncio.create_task(one.live(stop)) for one in bracelets]
    for number in range(rounds):
        await asyncio.sleep(chance.uniform(0.05, LONGEST_LIFE))
        if again is not None and number % BROKER_TOO == BROKER_TOO // 2:
            await asyncio.to_thread(again)
        gateway.kill()
        await asyncio.to_thread(gateway.start)
    stop.set()
    await asyncio.wait_for(asyncio.gather(*lives), PATIENCE)


def _wanted(bracelets: list[Bracelet]) -> Counter[tuple[str, str, str, int]]:
    return Counter(
        {(device(one.number), *event): count for one in bracelets for event, count in one.expected().items()}
    )


def _said(events: list[dict]) -> Counter[tuple[str, str, str, int]]:
    return Counter(
        (
            event["data"]["device"], event["data"]["kind"], event["type"].rsplit(".", 1)[1],
            round(datetime.fromisoformat(event["data"]["onset"]).timestamp()),
        )
        for event in events
    )  # fmt: skip


@pytest.mark.parametrize(
    "broker_too", ["", *(pytest.param(how, marks=pytest.mark.torture) for how in ("restarted", "killed"))]
)
@pytest.mark.parametrize("rounds", [7, pytest.param(200, marks=pytest.mark.torture)])
def test_nothing_is_lost_or_doubled_when_the_gateway_is_killed(
    make_gateway: Callable[..., Gateway], broker: LocalBroker, platform: PlatformEnd, rounds: int, broker_too: str
) -> None:
    gateway = make_gateway(DEVICES, broker.port)
    bracelets = [Bracelet(number, gateway.county.port, time.time() - 20_000) for number in range(DEVICES)]
    again = {"": None, "restarted": broker.stop, "killed": broker.kill}[broker_too]
    asyncio.run(_rounds(gateway, again and _Again(broker, again), bracelets, rounds))

    assert sum(len(one.acknowledged) for one in bracelets) == sum(one.made for one in bracelets) > 20 * rounds
    assert acknowledged(bracelets) <= set(gateway.journaled())

    eventually(lambda: gateway.owed() == 0, "everything owed is delivered", PATIENCE)
    platform.publish("bracelet/pressed/alarm/end", b'{"id": "end", "type": ""}')
    eventually(lambda: "end" in platform.events, "the platform has all that the broker holds", PATIENCE)
    del platform.events["end"], platform.messages["end"]
    assert not gateway.status()["set_aside"]
    stored = gateway.events()
    assert _said(stored) == _wanted(bracelets)
    assert {event["id"] for event in stored} == set(platform.events)
    doubled = [identity for identity, times in platform.messages.items() if times > 1]
    assert doubled == [] or broker_too == "killed"  # a broker that is killed may forget what it acknowledged
    assert gateway.tracebacks() == 0
