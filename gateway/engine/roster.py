"""Who is to be told, and when: duty by hours and office, leaders, quiet hours. In the county's local time."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from fencing.dates import Weekdays
from fencing.schedule import Schedule, Window
from gateway.engine.notice import WEARER
from gateway.settings.model import Role

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gateway.settings.model import Configuration

QUIET_FROM, QUIET_UNTIL = 22 * 60, 7 * 60
"""Minutes of the local day between which nobody is told what can wait."""
BEFORE_NIGHT: Final = 1800.0
"""Seconds before the quiet hours at which the wearer hears what would fall into them."""
MILD: Final = frozenset({"info", "warning"})
GRAVE: Final = frozenset({"serious", "critical"})
AT_ANY_HOUR: Final = frozenset({"sos", "curfew_late", "curfew_early_leave", "inclusion_exit"})
"""Of these the wearer is told at night, too: safety, and what he has to do tonight."""
_DAILY: Final = Weekdays(tuple(range(7)))


@lru_cache(64)
def _daily(start: int, until: int, timezone: str) -> Schedule:
    return Schedule((Window(start, until, _DAILY),), timezone)


def tell_at(kind: str, severity: str, to: str, now: float, timezone: str, useful: float = -math.inf) -> float:
    """When somebody may be told of what is so now, UTC epoch seconds: now, or at the end of the quiet hours.

    Not before it is ``useful``; where that falls into the wearer's quiet hours, before them, if they are yet to come.
    """
    at = max(now, useful)
    if kind in AT_ANY_HOUR if to == WEARER else severity not in MILD:
        return at
    start, end = (float(edge[0]) for edge in _daily(QUIET_FROM, QUIET_UNTIL, timezone).window([at]))
    if not math.isfinite(end):
        return at
    return max(now, start - BEFORE_NIGHT) if to == WEARER and now < start else end


def staff_of(configuration: Configuration, names: Iterable[str], office: str | None, now: float) -> list[str]:
    """Staff numbers of duties by name that hold at a time, for an alarm of an office; each once, in order.

    ``office``: None: of every one.
    """
    wanted = set(names)
    named = [one for one in configuration.duty if one.name in wanted and _serves(one.office, office)]
    held = [one for one in named if _holds((one.start_minute, one.until_minute), now, configuration)]
    return list(dict.fromkeys(number for one in held for number in one.staff))


def on_duty(configuration: Configuration, now: float) -> frozenset[str]:
    """Staff numbers of everybody whose duty holds at a time."""
    every = configuration.duty
    held = (one for one in every if _holds((one.start_minute, one.until_minute), now, configuration))
    return frozenset(number for one in held for number in one.staff)


def duty_began(configuration: Configuration, number: str, now: float) -> float | None:
    """When the duty of somebody that holds at a time began, the latest; None: none holds, or one that never begins."""
    mine = (one for one in configuration.duty if number in one.staff)
    hours = [(one.start_minute, one.until_minute) for one in mine]
    begun = [
        float(_daily(start, until, configuration.county.timezone).window([now])[0][0])
        for start, until in hours if start is not None and until is not None
        if _holds((start, until), now, configuration)
    ]  # fmt: skip
    return max(begun, default=None)


def leaders_of(configuration: Configuration, office: str | None) -> list[str]:
    """Staff numbers of the leaders of an office (None: of every one), and of those who lead all."""
    leading = (one for one in configuration.staff.values() if Role.LEADER in one.roles)
    return [one.number for one in leading if _serves(one.office, office)]


def _serves(theirs: str, office: str | None) -> bool:
    """Whether who is of ``theirs`` (empty: all) is for what is of an office; None: of every one."""
    return office is None or theirs in {"", office}


def _holds(hours: tuple[int | None, int | None], now: float, configuration: Configuration) -> bool:
    """Whether it is within hours of the local day; None: always."""
    start, until = hours
    if start is None or until is None:
        return True
    return math.isfinite(_daily(start, until, configuration.county.timezone).window([now])[0][0])
