"""Where somebody was last: as an alarm has it, or as the daemon knows by now."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from gateway.control.messages import Request
from gateway.errors import GatewayFault

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gateway.console.link import Link
    from gateway.console.visitor import Visitor
    from gateway.engine import Episode

PATIENCE: Final = 1.0
"""Real seconds that a page waits for what is newer than what is stored."""


@dataclass(frozen=True, slots=True)
class LastPlace:
    """Where, and when (``placed``, UTC epoch seconds): metres from home and which way (degrees from north), how sure.

    What is not known is None.
    """

    placed: float
    home_m: float | None = None
    home_deg: float | None = None
    radius_m: float | None = None
    battery: float | None = None


def told_with(episode: Episode) -> LastPlace | None:
    """The place that an alarm was told with; None: none was known."""
    if episode.latitude is None:
        return None
    known = {name: float(value) for name, value in episode.facts.items() if isinstance(value, int | float)}
    return LastPlace(
        known.get("placed", episode.decided), known.get("home_m"), known.get("home_deg"), episode.radius_m,
        known.get("battery_percent"),
    )  # fmt: skip


def newest(episode: Episode, now: Mapping[str, LastPlace]) -> LastPlace | None:
    """The newer one of what an alarm was told with and what is known of its person by now."""
    told, known = told_with(episode), now.get(episode.person)
    return known if known is not None and (told is None or known.placed > told.placed) else told


async def everybody(link: Link, visitor: Visitor, now: float) -> dict[str, LastPlace]:
    """By person the last places that a visitor may see; none where the daemon is away or busy: an alarm has its own."""
    try:
        async with asyncio.timeout(PATIENCE):
            answer = await link.ask(Request(do="places"), visitor)
    except (GatewayFault, TimeoutError):
        return {}
    found: dict[str, LastPlace] = {}
    for row in answer["places"]:
        place = _place(row, now)
        before = found.get(row["person"])
        if place is not None and (before is None or before.placed < place.placed):
            found[row["person"]] = place
    return found


def _place(row: Mapping[str, Any], now: float) -> LastPlace | None:
    if row["age_seconds"] is None:
        return None
    return LastPlace(
        now - row["age_seconds"], row["home_m"], row["home_deg"], row["radius95_m"], row.get("battery_percent")
    )
