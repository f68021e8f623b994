"""The city's screen: counties, partitions, processes, and what happened to them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from rich.console import Group
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from gateway.demo.city.words import WORDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from gateway.demo.city.streams import Seen
    from gateway.worker.looking import Line

ZONE: Final = "Asia/Shanghai"
REMEMBERED: Final = 10
"""Captions that are shown."""


class CountyRow(NamedTuple):
    """A county as it is shown. ``now``: its simulated moment, UTC epoch seconds."""

    code: str
    now: float
    online: int
    bracelets: int
    entries: int
    forwarded: int
    by_county: int
    by_worker: int
    true: int


def draw(
    counties: Iterable[CountyRow], lines: Iterable[Line], seen: Mapping[tuple[str, int], Seen],
    pids: Mapping[str, int | None], captions: Sequence[str], language: str,
) -> Group:  # fmt: skip
    """The whole screen; ``pids`` by process, None: it is down."""
    said = Text("\n".join(captions))
    return Group(
        _counties(counties, language),
        _partitions(lines, seen, language),
        Panel(_processes(pids, language), title=WORDS["processes"].of(language)),
        Panel(said, title=WORDS["happened"].of(language), height=REMEMBERED + 2),
    )


def _counties(counties: Iterable[CountyRow], language: str) -> Table:
    shown = _table(
        ("county", "clock", "online", "entries", "forwarded", "by_county", "by_worker", "true"), language, "title"
    )
    for one in counties:
        clock = f"{datetime.fromtimestamp(one.now, UTC).astimezone(ZoneInfo(ZONE)):%H:%M}"
        online = f"{one.online}/{one.bracelets}"
        figures: tuple[Any, ...] = (one.entries, one.forwarded, one.by_county, one.by_worker, one.true)
        shown.add_row(one.code, clock, online, *(f"{each:,}" for each in figures))
    return shown


def _partitions(lines: Iterable[Line], seen: Mapping[tuple[str, int], Seen], language: str) -> Table:
    shown = _table(("partition", "owner", "standby", "behind", "leader"), language)
    for one in lines:
        there = seen.get((one.county, one.partition))
        leader = there.leaders[0] if there is not None else ""
        followers = " ".join(one.followers)
        shown.add_row(f"{one.county}/{one.partition}", one.owner or "-", followers, f"{one.behind:,}", leader or "-")
    return shown


def _processes(pids: Mapping[str, int | None], language: str) -> Text:
    shown = Text()
    for name, pid in pids.items():
        if pid is None:
            shown.append(f"{name} {WORDS['down'].of(language)}   ", style="bold red")
        else:
            shown.append(f"{name} {pid}   ")
    return shown


def _table(columns: Iterable[str], language: str, title: str = "") -> Table:
    shown = Table(title=WORDS[title].of(language) if title else None, expand=True)
    for name in columns:
        shown.add_column(WORDS[name].of(language), no_wrap=True)
    return shown
