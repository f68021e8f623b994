"""The sample county's dates, counted from the day it is written, so that all of it is in force from that day."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from gateway.settings.calendar import last_day

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

_MOMENTS: Final[Mapping[str, tuple[int, str]]] = {
    "2026-11-01 09:00": (0, "00:00"),
    "2026-11-01 10:30": (0, "00:00"),
    "2026-11-10 09:00": (0, "00:00"),
    "2026-11-20 16:00": (19, "16:00"),
    "2026-11-22 18:00": (21, "18:00"),
    "2026-11-29 20:00": (28, "20:00"),
}
"""Moments of the shipped assignments and leave: days after the first day, and the time of that day."""
_MOMENT = re.compile("|".join(_MOMENTS))
_TERM = re.compile(r"\b(wearer_informed|from|until): \d{4}-\d{2}-\d{2}\b")


def dated(text: str, today: date) -> str:
    """A text of the sample with its dates counted from ``today``, the local day on which it is written.

    Every authority begins ``today``, of which its wearer is informed the same day, and lasts as long as it may: to the
    day before the corresponding day three months on (Community Corrections Law, article 29). Assignments and leave
    keep their distance from the first day.
    """
    days = {"wearer_informed": today, "from": today, "until": last_day(today)}
    text = _TERM.sub(lambda found: f"{found[1]}: {days[found[1]]}", text)
    return _MOMENT.sub(lambda found: _moved(found[0], today), text)


def _moved(moment: str, today: date) -> str:
    days, clock = _MOMENTS[moment]
    return f"{today + timedelta(days=days)} {clock}"
