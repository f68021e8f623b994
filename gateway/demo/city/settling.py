"""The end of a telling: time stands still, and what has come is worked through."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Final

from gateway.demo.city.streams import LINES_EVERY
from gateway.demo.city.streams import LOOK as STREAM_LOOK
from gateway.demo.city.town import LOOK

if TYPE_CHECKING:
    from gateway.demo.city.county import County
    from gateway.demo.city.town import Town

CALM: Final = 25.0
"""Real seconds from the last kill to the end: bracelets connect again by the county's time, which then stands."""
LOOKS: Final = 4
"""Looks in a row at which nothing may be under way: what is told of a queue is a second old."""


async def settled(town: Town, patience: float) -> bool:
    """Hold the counties' time, and wait until the city has worked through all that they have.

    Returns:
        Whether it has, within ``patience`` real seconds.
    """
    for county in town.counties:
        county.clock.hold(county.clock.now())
    deadline, looks, before = time.monotonic() + patience, 0, -1
    while looks < LOOKS:
        if time.monotonic() > deadline:
            return False
        await asyncio.sleep(max(LOOK, STREAM_LOOK * LINES_EVERY))
        told = sum(one.events.total() for one in town.streams.platforms.values())
        looks = looks + 1 if told == before and _is_through(town) else 0
        before = told
    return True


def _is_through(town: Town) -> bool:
    is_up = all(one.pid is not None for one in town.processes.values())
    has_come = all(_has_passed_on(county) for county in town.counties)
    lines = town.streams.lines
    return is_up and has_come and len(lines) == len(town.streams.partitions) and not any(one.behind for one in lines)


def _has_passed_on(county: County) -> bool:
    """Whether a gateway has applied all, its alarms are delivered, and its journal is at the city."""
    said = county.status
    if said is None:
        return False
    forward = said.get("forward") or {"behind_entries": 1}
    return not any(said["owed"].values()) and forward["behind_entries"] == 0 and county.forwarded >= county.entries
