"""Fault proofs: however a life of the daemon ends, its journal, its events and a replay of the journal agree.

A quick share of the rounds runs always, all of them in ``make torture``.
"""

from __future__ import annotations

import asyncio
import random
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from programs import begun
from rounds import Reader, bracelets_of, nothing_is_lost, under_load

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable

    from gateway_process import Gateway

LONGEST_LIFE = 0.8
"""Seconds that a life goes on at most, once every bracelet has had an answer."""
BEFORE_MIDNIGHT = 3.0
"""Seconds between the start of a life and the day's end, on the clock of that life."""


def rounds(few: int, many: int) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("lives", [few, pytest.param(many, marks=pytest.mark.torture)])


def chance(lives: int) -> random.Random:
    return random.Random(lives)  # noqa: S311  a schedule, no secret


@rounds(2, 50)
def test_stopped_under_load(make_gateway: Callable[..., Gateway], lives: int) -> None:
    gateway, dice = make_gateway(10), chance(lives)
    bracelets = bracelets_of(gateway, time.time() - 20_000)

    async def stop(_number: int) -> None:
        await asyncio.sleep(dice.uniform(0.0, LONGEST_LIFE))
        assert await asyncio.to_thread(gateway.stop) == 0
        await asyncio.to_thread(gateway.start)

    asyncio.run(under_load(gateway, bracelets, lives, stop))
    nothing_is_lost(gateway, bracelets, lives)


@rounds(2, 50)
def test_killed_while_another_program_reads_the_journal(make_gateway: Callable[..., Gateway], lives: int) -> None:
    gateway, dice = make_gateway(10), chance(lives)
    bracelets = bracelets_of(gateway, time.time() - 20_000)

    async def kill(_number: int) -> None:
        await asyncio.sleep(dice.uniform(0.0, LONGEST_LIFE))
        gateway.kill()
        await asyncio.to_thread(gateway.start)

    with Reader(gateway.county.storage / "journal") as reader:
        asyncio.run(under_load(gateway, bracelets, lives, kill))
    assert reader.looks > lives
    nothing_is_lost(gateway, bracelets, lives)


def _evening(number: int) -> str:
    """A clock on which the n-th day of all ends shortly from now."""
    today = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return f"{(today + timedelta(days=number - 28)).timestamp() - BEFORE_MIDNIGHT},{time.time()},1"


def _until_midnight(gateway: Gateway) -> float:
    """Real seconds."""
    return float(gateway.clock.split(",")[1]) + BEFORE_MIDNIGHT - time.time()


@rounds(2, 50)
@pytest.mark.parametrize(
    "jitter",
    [
        pytest.param(0.05, id="as the day file appears", marks=pytest.mark.torture),
        pytest.param(LONGEST_LIFE, id="across midnight"),
    ],
)
def test_killed_about_midnight(make_gateway: Callable[..., Gateway], lives: int, jitter: float) -> None:
    gateway, dice = make_gateway(10, clock=_evening(0)), chance(lives)
    bracelets = bracelets_of(gateway, time.time() - 20_000)
    journal = gateway.county.storage / "journal"

    async def kill(number: int) -> None:
        await asyncio.sleep(max(0.0, _until_midnight(gateway) + dice.uniform(-0.02, jitter)))
        gateway.kill()
        gateway.clock = _evening(number + 1)
        await asyncio.to_thread(gateway.start)

    with Reader(journal) as reader:
        asyncio.run(under_load(gateway, bracelets, lives, kill))
    assert reader.looks > lives
    assert len(list(journal.glob("????-??-??.journal"))) > lives // 2
    nothing_is_lost(gateway, bracelets, lives)


@rounds(2, 20)
def test_killed_while_it_recovers(make_gateway: Callable[..., Gateway], lives: int) -> None:
    gateway, dice = make_gateway(10), chance(lives)
    bracelets = bracelets_of(gateway, time.time() - 20_000)

    async def kill(_number: int) -> None:
        gateway.kill()
        for _ in range(3):
            process = await asyncio.to_thread(_begin, gateway)
            await asyncio.sleep(dice.uniform(0.3, 1.5))
            process.kill()
            process.wait()
        await asyncio.to_thread(gateway.start)

    asyncio.run(under_load(gateway, bracelets, lives, kill))
    nothing_is_lost(gateway, bracelets, lives)


def _begin(gateway: Gateway) -> subprocess.Popen[bytes]:
    """A start that is not waited for."""
    with gateway.log.open("ab") as log:
        return begun(gateway.command_line, log, log)
