"""Where everybody of the night shift is at any time, and what their bracelet says: five nights from 23 November on."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from story_county import ELSEWHERE, FLAT, ON_LEAVE, PEOPLE, ROAD

if TYPE_CHECKING:
    from collections.abc import Iterator

    from story_county import Place, Supervised

ZONE = ZoneInfo("Asia/Shanghai")
DAY, QUARTER, MINUTE = 86_400.0, 900.0, 60.0
OFTEN = QUARTER / 2
"""Seconds between reports in the small hours: less than half of what ``comms_lost`` allows, so that to fall silent is
no matter of course."""
SMALL_HOURS = (2, 5)
SCATTER_M, SCATTER_INDOORS_M = 6.0, 12.0
"""Of a fix, north and east each."""
SATELLITES, INDOORS = 11, 4
"""That a bracelet uses; between walls."""
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
OUTAGE = (local("11-28 03:05"), local("11-28 03:41"))
"""No report comes from whoever is of OUT_OF_REACH: from, until; who they are has the county's second office."""
OUT_OF_REACH = tuple(one.person for one in PEOPLE if one.office == "SFS-02")
SILENT |= dict.fromkeys(OUT_OF_REACH, OUTAGE)
ON_THE_ROAD = (local("11-28 02:48"), local("11-28 03:08"), local("11-28 05:00"))
"""P0033 sets out, arrives, and is home again at once."""
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
    "P0033": (local("11-28 02:45"), local("11-28 03:05")),
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
    satellites: int = SATELLITES


def reports() -> list[Told]:
    """Every report of the five nights, in the order of time."""
    return sorted((told for one in PEOPLE for told in _life(one)), key=lambda told: (told.at, told.who.person))


def _life(one: Supervised) -> Iterator[Told]:
    since, until = SILENT.get(one.person, (END, END))
    for at in sorted(_times(one)):
        if not since <= at < until:
            strap_open = one.person == "P0004" and STRAP <= at < STRAP_SHUT
            place, satellites = _scattered(_place(one, at), one.person, at), SATELLITES
            if one.person == "P0012":
                place, satellites = _scattered(FLAT, one.person, at, SCATTER_INDOORS_M), INDOORS
            yield Told(at, one, place, _battery(one, at), strap_open, satellites)


def _times(one: Supervised) -> set[float]:
    times = {BEGIN + QUARTER * n for n in range(int((END - BEGIN) // QUARTER))}
    times |= {at + OFTEN for at in times if SMALL_HOURS[0] <= datetime.fromtimestamp(at, ZONE).hour < SMALL_HOURS[1]}
    since, until = CLOSELY.get(one.person, (END, END))
    times |= {since + SECOND + MINUTE * n for n in range(int((until - since) // MINUTE))}
    extra = {"P0004": {STRAP}, **{person: {until} for person, (_, until) in SILENT.items() if person != "P0001"}}
    return times | extra.get(one.person, set())


def _place(one: Supervised, at: float) -> Place:
    if one.person == "P0011":
        return ON_LEAVE
    if one.person == "P0001":
        return _between(one.home, ELSEWHERE, max(_share_away(at, *stay) for stay in AWAY))
    if one.person == "P0033" and at < ON_THE_ROAD[2]:
        going, there, _ = ON_THE_ROAD
        return _between(one.home, ROAD, min(max((at - going) / (there - going), 0.0), 1.0))
    return one.home


def _share_away(at: float, since: float, until: float) -> float:
    """0 at home, 1 there; between them a straight way."""
    going, coming = (at - (since - ROAM_S)) / ROAM_S, (until + 2 * ROAM_S - at) / (2 * ROAM_S)
    return min(max(min(going, coming), 0.0), 1.0)


def _between(here: Place, there: Place, share: float) -> Place:
    return here[0] + share * (there[0] - here[0]), here[1] + share * (there[1] - here[1])


def _scattered(place: Place, person: str, at: float, metres: float = SCATTER_M) -> Place:
    chance = random.Random(f"{person} {at}")  # noqa: S311  the same each time
    east, north = (chance.gauss(0.0, metres) for _ in range(2))
    return place[0] + east * METRE / math.cos(math.radians(place[1])), place[1] + north * METRE


def _battery(one: Supervised, at: float) -> int:
    """Percent: P0007's runs low in the night, and is charged when it is back."""
    if one.person == "P0007" and at >= BACK:
        return 55
    if one.person == "P0007" and at > LAST:
        return round(max(8.0, 40.0 - 32.0 * (at - LAST) / (SILENT["P0007"][0] - LAST)))
    return 61 if one.person == "P0004" else 80
