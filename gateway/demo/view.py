"""The demo as it is followed: a live screen on a terminal, plain lines without one."""

from __future__ import annotations

import asyncio
from collections import deque
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from rich.live import Live

from gateway.demo.screen import Known, draw, event_line
from gateway.demo.tally import Expected, Platform, read_expected
from gateway.demo.words import WORDS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from rich.console import Console, RenderableType

    from gateway.demo.watch import Watcher
    from gateway.settings.model import Configuration
    from gateway.words.texts import Text

EVERY = 0.25
REMEMBERED = 12
"""Lines of the story at most; a low screen shows the last ones."""


class View:
    """Draws until cancelled; ``desk``: where its pages are, and who comes in."""

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
        self._truth, self.desk = truth, ""
        self._expected: list[Expected] = []
        self._zone = configuration.county.timezone
        self._platform, self._watcher = platform, watcher
        self._captions: deque[str] = deque(maxlen=REMEMBERED)
        self._printed = 0

    def caption(self, text: Text) -> None:
        """Something has happened."""
        said = text.of(self._language)
        self._captions.append(said)
        if not self._console.is_terminal:
            self._print_new()
            self._console.print(f"* {said}", markup=False, soft_wrap=True)

    async def run(self) -> None:
        """Redraw a few times a second; without a terminal print what is new."""
        if not self._console.is_terminal:
            self._console.print(f"* {WORDS['desk'].of(self._language)} {self.desk}", markup=False, soft_wrap=True)
            while True:
                self._print_new()
                await asyncio.sleep(EVERY)
        with Live(self._draw(), console=self._console, refresh_per_second=4, transient=True) as live:
            while True:
                await asyncio.sleep(EVERY)
                live.update(self._draw())

    def _print_new(self) -> None:
        for event in self._platform.order[self._printed :]:
            self._console.print(event_line(event, self._language), markup=False, soft_wrap=True)
        self._printed = len(self._platform.order)

    def _draw(self) -> RenderableType:
        known = Known(self._captions, self._figures(), self._watcher.unresolved, self._platform.order, self.desk)
        return draw(known, self._console, self._language, self._zone)

    def _figures(self) -> tuple[dict[str, str], dict[str, str]]:
        status: Mapping[str, Any] = self._watcher.status or {}
        fleet = {
            "clock": _local(status.get("now"), self._zone) if status else WORDS["down"].of(self._language),
            "connected": f"{status.get('connected_devices', 0)}/{status.get('devices', 0)}",
            "silent": str(status.get("silent_devices", 0)),
            "journaled": f"{self._watcher.frames:,}",
        }
        judged = {
            "true": self._true_so_far(status.get("now")),
            "raised": str(len(self._platform.alarms)),
            "naive": f"{self._watcher.naive:,}",
        }
        return fleet, judged

    def _true_so_far(self, now: object) -> str:
        """How many alarms the written schedule has been worth up to now."""
        if not self._expected and self._truth.exists():
            self._expected = read_expected(self._truth)
        at = now if isinstance(now, int | float) else 0.0
        return str(sum(expected.onset <= at for expected in self._expected))


def _local(now: object, zone: str) -> str:
    if not isinstance(now, int | float):
        return ""
    return f"{datetime.fromtimestamp(now, UTC).astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}"
