"""The demo's screen: fleet, unresolved alarms, what the platform received; plain lines without a terminal."""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from rich.console import Group
from rich.live import Live
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from gateway.alarm_list import table as alarm_table
from gateway.console.tally import Count, Expected, Platform, read_expected
from gateway.console.words import WORDS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from rich.console import Console, RenderableType

    from gateway.console.watch import Watcher
    from gateway.settings.model import Configuration

EVERY = 0.25
SHOWN = 12
LEAST_EXPECTED = 10
FIRST_KINDS = frozenset({
    "inclusion_exit", "exclusion_enter", "curfew_absent", "repeated_place", "strap_cut", "battery_low", "sos",
    "comms_lost",
})  # fmt: skip


class View:
    """Draws until cancelled."""

    def __init__(
        self,
        console: Console,
        language: str,
        configuration: Configuration,
        platform: Platform,
        watcher: Watcher,
        truth: Path,
    ) -> None:
        self._console, self._language = console, language
        self._truth = truth
        self._expected: list[Expected] = []
        self._zone = configuration.county.timezone
        self._platform, self._watcher = platform, watcher
        self._words = WORDS[language]
        self._captions: deque[str] = deque(maxlen=4)
        self._printed = 0

    def caption(self, text: str) -> None:
        """Something has happened."""
        self._captions.append(text)
        if not self._console.is_terminal:
            self._console.print(f"* {text}")

    async def run(self) -> None:
        """Redraw a few times a second; without a terminal print what is new."""
        if not self._console.is_terminal:
            while True:
                self._print_new()
                await asyncio.sleep(EVERY)
        with Live(self._draw(), console=self._console, refresh_per_second=4, transient=True) as live:
            while True:
                await asyncio.sleep(EVERY)
                live.update(self._draw())

    def _print_new(self) -> None:
        for event in self._platform.order[self._printed :]:
            self._console.print(f"{event['type'].rsplit('.', 1)[1]:<12} {event['data']['text'][self._language]}")
        self._printed = len(self._platform.order)

    def _draw(self) -> RenderableType:
        unresolved = alarm_table(self._watcher.unresolved[-SHOWN:], self._zone, self._language)
        return Group(
            Panel(Text("\n".join(self._captions)), title=self._words["title"]),
            self._fleet(),
            Panel(unresolved, title=f"{self._words['unresolved']} ({len(self._watcher.unresolved)})"),
            Panel(self._received(), title=self._words["platform"]),
        )

    def _fleet(self) -> Table:
        """One line of figures."""
        status: Mapping[str, Any] = self._watcher.status or {}
        shown = Table(expand=True)
        values = {
            "clock": _local(status.get("now"), self._zone) if status else self._words["down"],
            "connected": f"{status.get('connected_devices', 0)} / {status.get('devices', 0)}",
            "silent": str(status.get("silent_devices", 0)),
            "journaled": f"{self._watcher.frames:,}",
            "true": self._true_so_far(status.get("now")),
            "raised": str(len(self._platform.alarms)),
            "naive": f"{self._watcher.naive:,}",
        }
        for name in values:
            shown.add_column(self._words[name])
        shown.add_row(*values.values())
        return shown

    def _true_so_far(self, now: object) -> str:
        """How many alarms the written schedule has been worth up to now."""
        if not self._expected and self._truth.exists():
            self._expected = read_expected(self._truth)
        at = now if isinstance(now, int | float) else 0.0
        return str(sum(expected.onset <= at for expected in self._expected))

    def _received(self) -> Table:
        shown = Table(show_header=False, box=None)
        for event in self._platform.order[-SHOWN:]:
            shown.add_row(event["type"].rsplit(".", 1)[1], event["data"]["text"][self._language])
        return shown


def _local(now: object, zone: str) -> str:
    if not isinstance(now, int | float):
        return ""
    return f"{datetime.fromtimestamp(now, UTC).astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}"


def summary(console: Console, language: str, result: Count, watcher: Watcher, bracelets: Mapping[str, int]) -> int:
    """Print the count; returns 0 only if at least 10 alarms were expected, each kind occurred and none was wrong."""
    words = WORDS[language]
    shown = Table(title=words["summary"], show_header=False)
    kept = bracelets.get("made", 0) - bracelets.get("acknowledged", 0)
    for name, value in (
        ("made", bracelets.get("made", 0)), ("sent", bracelets.get("sent", 0)),
        ("acknowledged", bracelets.get("acknowledged", 0)), ("kept", kept), ("journaled_reports", watcher.reports),
        ("journaled", watcher.frames),
        ("expected", result.expected), ("found", len(result.found)), ("received", result.received),
        ("missing", len(result.missing)), ("false", len(result.false)), ("doubled", len(result.doubled)),
        ("naive", watcher.naive),
    ):  # fmt: skip
        shown.add_row(words[name], f"{value:,}")
    console.print(shown)
    _explain(console, words, result, watcher)
    absent = FIRST_KINDS - result.kinds
    if absent:
        console.print(f"{words['not_occurred']}: {', '.join(sorted(absent))}")
    well = result.expected >= LEAST_EXPECTED and not absent
    return 0 if well and not (result.missing or result.false or result.doubled) else 1


def _explain(console: Console, words: Mapping[str, str], result: Count, watcher: Watcher) -> None:
    kinds = Counter(expected.kind for expected, _ in result.found)
    console.print(f"{words['found']}: " + ", ".join(f"{kind} {number}" for kind, number in sorted(kinds.items())))
    console.print(
        f"{words['naive']}: " + ", ".join(f"{kind} {number}" for kind, number in sorted(watcher.naive_by_kind.items()))
    )
    for wanted in result.missing:
        console.print(f"{words['missing']}: {wanted}")
    for alarm in result.false:
        console.print(f"{words['false']}: {alarm.event['data']['text']['zh']} {alarm.kind} {alarm.device}")
    for identity in result.doubled:
        console.print(f"{words['doubled']}: {identity}")
