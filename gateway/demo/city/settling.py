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


TICKS: Final = 3
"""Entries that a gateway whose time stands still journals between the forwarder's word and ours: one a second, of which
nothing comes. What came before them has gone on within the looks in a row."""


async def settled(town: Town, patience: float) -> list[str]:
    """Hold the counties' time, and wait until the city has worked through all that they have.

    Returns:
        Names of what is still under way after ``patience`` real seconds; empty: nothing is.
    """
    for county in town.counties:
        county.clock.hold(county.clock.now())
    deadline, looks, before = time.monotonic() + patience, 0, -1
    while looks < LOOKS:
        if time.monotonic() > deadline:
            return under_way(town) or ["ALARMS"]
        await asyncio.sleep(max(LOOK, STREAM_LOOK * LINES_EVERY))
        told = sum(one.events.total() for one in town.streams.platforms.values())
        looks = looks + 1 if told == before and not under_way(town) else 0
        before = told
    return []


def under_way(town: Town) -> list[str]:
    """Processes that are down, counties with something to pass on, partitions with messages nobody has answered for."""
    behind = {(one.county, one.partition): one.behind for one in town.streams.lines}
    return [
        *(name for name, one in town.processes.items() if one.pid is None),
        *(county.code for county in town.counties if not _has_passed_on(county)),
        *(f"{code}/{number}" for code, number in town.streams.partitions if behind.get((code, number), 1)),
    ]


def _has_passed_on(county: County) -> bool:
    """Whether a gateway has applied all, its alarms are delivered, and its journal is at the city."""
    said = county.status
    if said is None:
        return False
    return not any(said["owed"].values()) and county.forwarded >= county.entries - TICKS
