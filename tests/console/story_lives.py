"""Where everybody of the night shift is at any time, and what their bracelet says: five nights from 23 November on."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from story_county import ELSEWHERE, ON_LEAVE, PEOPLE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from story_county import Place, Supervised

ZONE = ZoneInfo("Asia/Shanghai")
DAY, QUARTER, MINUTE = 86_400.0, 900.0, 60.0
SCATTER_M = 6.0
"""Of a fix, north and east each."""
METRE = 1.0 / 111_000.0
"""Degrees of latitude."""
ROAM_S = 900.0
"""Seconds for the way between home and elsewhere."""


def local(text: str) -> float:
    """``"11-27 22:15"`` of the county's 2026, as UTC epoch seconds."""
    return datetime.strptime(f"2026-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=ZONE).timestamp()


BEGIN, LAST, END = local("11-23 18:00"), local("11-27 21:00"), local("11-28 09:00")
"""The first report; from when on the last night is told closely; the last report."""
AWAY = [(local(f"11-{day} 21:31"), local(f"11-{day + 1} 07:38")) for day in (24, 26, 27)]
"""P0001 at the other place."""
SILENT = {
    "P0001": (local("11-27 21:13") + 30.0, local("11-27 21:31")),
    "P0007": (local("11-28 02:10") + 30.0, local("11-28 07:12")),
}
"""No report comes: from, until. P0001's is the way out, too short to be a silence."""
BACK = SILENT["P0007"][1]
"""P0007's first report again."""
STRAP = local("11-28 02:14") + 5.0
"""P0004's strap opens."""
STRAP_SHUT = STRAP + 4 * MINUTE
CLOSELY = {
    "P0001": (LAST, END),
    "P0004": (local("11-28 02:00"), local("11-28 02:30")),
    "P0007": (local("11-28 01:30"), local("11-28 02:11")),
    "P0012": (local("11-27 22:00"), local("11-28 00:00")),
}
"""Whose bracelet reports each minute meanwhile, else each quarter of an hour: from, until."""
SECOND = 7.0
"""Of the minute, at which it does."""


@dataclass(frozen=True)
class Told:
    """One report. ``place``: GCJ-02."""

    at: float
    who: Supervised
    place: Place
    battery: int
    strap_open: bool


def reports() -> list[Told]:
    """Every report of the five nights, in the order of time."""
    return sorted((told for one in PEOPLE for told in _life(one)), key=lambda told: (told.at, told.who.person))


def _life(one: Supervised) -> Iterator[Told]:
    since, until = SILENT.get(one.person, (END, END))
    for at in sorted(_times(one)):
        if not since <= at < until:
            strap_open = one.person == "P0004" and STRAP <= at < STRAP_SHUT
            yield Told(at, one, _scattered(_place(one, at), one.person, at), _battery(one, at), strap_open)


def _times(one: Supervised) -> set[float]:
    times = {BEGIN + QUARTER * n for n in range(int((END - BEGIN) // QUARTER))}
    since, until = CLOSELY.get(one.person, (END, END))
    times |= {since + SECOND + MINUTE * n for n in range(int((until - since) // MINUTE))}
    extra = {"P0004": {STRAP}, "P0007": {BACK}}.get(one.person, set())
    return times | extra


def _place(one: Supervised, at: float) -> Place:
    if one.person == "P0011":
        return ON_LEAVE
    if one.person == "P0001":
        return _between(one.home, ELSEWHERE, max(_share_away(at, *stay) for stay in AWAY))
    return one.home


def _share_away(at: float, since: float, until: float) -> float:
    """0 at home, 1 there; between them a straight way."""
    going, coming = (at - (since - ROAM_S)) / ROAM_S, (until + 2 * ROAM_S - at) / (2 * ROAM_S)
    return min(max(min(going, coming), 0.0), 1.0)


def _between(here: Place, there: Place, share: float) -> Place:
    return here[0] + share * (there[0] - here[0]), here[1] + share * (there[1] - here[1])


def _scattered(place: Place, person: str, at: float) -> Place:
    chance = random.Random(f"{person} {at}")  # noqa: S311  the same each time
    east, north = (chance.gauss(0.0, SCATTER_M) for _ in range(2))
    return place[0] + east * METRE / math.cos(math.radians(place[1])), place[1] + north * METRE


def _battery(one: Supervised, at: float) -> int:
    """Percent: P0007's runs low in the night, and is charged when it is back."""
    if one.person == "P0007" and at >= BACK:
        return 55
    if one.person == "P0007" and at > LAST:
        return round(max(8.0, 40.0 - 32.0 * (at - LAST) / (SILENT["P0007"][0] - LAST)))
    return 61 if one.person == "P0004" else 80
