"""Intervals of presence as they are said, and what stands of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gateway.engine.presence import Interval

Row = tuple[float, float, str]
"""Since, until, state."""


def table(said: Iterable[Interval]) -> dict[tuple[str, str, str], list[Row]]:
    """What stands by person, duty and zone, once all has been said in its order."""
    held: dict[tuple[str, str, str], list[Row]] = {}
    for one in said:
        rows = held.setdefault((one.person, one.duty, one.zone), [])
        rows[:] = [(since, min(until, one.since), state) for since, until, state in rows if since < one.since]
        if one.state:
            rows.append((one.since, one.until, one.state.name))
    return {key: rows for key, rows in held.items() if rows}
