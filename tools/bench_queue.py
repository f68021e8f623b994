"""What the queue's page costs a county's server: with 10, 100 and 300 alarms, read from state.db, said and filled in.

Prints medians of one process; these machines are noisy, so nothing here is a gate. The aim is 50 ms with 100 alarms.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import tempfile
import time
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Final

import httpx

from gateway.clock import SystemClock
from gateway.console.app import application
from gateway.console.desk import Desk
from gateway.console.visitor import COOKIE, Visitor
from gateway.engine import Episode
from gateway.settings.init import write_sample
from gateway.settings.load import load
from gateway.settings.model import Role
from gateway.store.state_db import Event, StateStore

COUNTS: Final = (10, 100, 300)
ROUNDS: Final = 40
KINDS: Final = ("curfew_late", "comms_lost", "inclusion_exit", "battery_low")


class Anybody:
    """Sessions of one who is on duty."""

    async def visitor(self, token: str, *, by_hand: bool = True) -> Visitor:
        """The same for every token."""
        del by_hand
        return Visitor(token, frozenset({Role.DUTY}), session="bench", csrf="bench")


def alarm(number: int, now: float) -> Episode:
    """One alarm with all that a row tells."""
    facts = {
        "verify_by": now + 60.0 * number, "home_m": 40 * number, "home_deg": number % 360, "placed": now - number,
        "battery_percent": number % 100, "source": "gnss",
    }  # fmt: skip
    return Episode(
        id=f"{number:032x}", kind=KINDS[number % len(KINDS)], severity="serious", ends="self", person="P0001",
        device="B0001", office="SFS-01", level="strict", zone="", zone_name="", rule="", basis="", onset=now - 900.0,
        decided=now - number, received=now, first_offset=number, last_offset=number, latitude=24.33, longitude=109.41,
        radius_m=30.0, facts=facts,
    )  # fmt: skip


def store(desk: Desk, count: int) -> None:
    """So many alarms, unresolved."""
    with closing(StateStore(desk.readings.directory / "state.db")) as state:
        alarms = [alarm(number, desk.clock.now()) for number in range(count)]
        state.commit([Event(f"{one.id}/0", one.id, one.severity, b"{}", one) for one in alarms], [], count)


async def rounds(desk: Desk) -> list[float]:
    """Milliseconds of each request."""
    transport, spent = httpx.ASGITransport(application(desk)), []
    async with httpx.AsyncClient(transport=transport, base_url="http://desk", cookies={COOKIE: "D01"}) as client:
        for _ in range(ROUNDS):
            begun = time.perf_counter()
            answer = await client.get("/queue/rows")
            spent.append(1000.0 * (time.perf_counter() - begun))
            answer.raise_for_status()
    return spent


def main() -> None:
    """Print a line a count."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    for count in COUNTS:
        with tempfile.TemporaryDirectory() as folder:
            directory = Path(folder)
            write_sample(directory, "zh", date(2026, 11, 1))
            desk = Desk.of(load(directory), SystemClock(), Anybody())
            desk.readings.directory.mkdir(parents=True, exist_ok=True)
            store(desk, count)
            spent = asyncio.run(rounds(desk))
            desk.books.close()
        print(f"queue of {count:>3} alarms: median {statistics.median(spent):.1f} ms, most {max(spent):.1f} ms")


if __name__ == "__main__":
    main()
