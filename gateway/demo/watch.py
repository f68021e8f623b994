"""What the demo's screen knows, read from outside: status, unresolved alarms, the naive count."""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gateway.demo.naive import NaiveBaseline
from gateway.engine import compile_policy
from gateway.errors import GatewayFault
from gateway.journal import FileJournal
from gateway.journal.entries import EntryKind
from gateway.store.state_db import StateStore

if TYPE_CHECKING:
    from gateway.demo.stage import Stage
    from gateway.engine import Episode
    from gateway.settings.model import Configuration

EVERY = 0.5
"""Real seconds between looks."""


@dataclass(slots=True)
class Watcher:
    """Looks at the daemon from outside, as an operator's tool would."""

    configuration: Configuration
    stage: Stage
    status: dict[str, Any] | None = None
    unresolved: list[Episode] = field(default_factory=list)
    frames: int = 0
    offset: int = 0
    """Entries of the journal looked at."""
    _naive: NaiveBaseline | None = None

    @property
    def naive(self) -> int:
        """Alarms that point-in-polygon on raw fixes would have raised."""
        return self._naive.total if self._naive is not None else 0

    @property
    def reports(self) -> int:
        """Distinct reports in the journal."""
        return len(self._naive.reports) if self._naive is not None else 0

    @property
    def naive_by_person(self) -> Counter[str]:
        """Crossings that it would have raised, by person."""
        return self._naive.by_person if self._naive is not None else Counter()

    @property
    def naive_by_kind(self) -> dict[str, int]:
        """The same, by kind."""
        return dict(self._naive.raised) if self._naive is not None else {}

    async def run(self) -> None:
        """Look again and again, until cancelled."""
        while True:
            self.status = await self.stage.status()
            await self.look()
            await asyncio.sleep(EVERY)

    async def look(self) -> None:
        """Read the files once."""
        await asyncio.to_thread(self._read)

    def _read(self) -> None:
        directory = Path(self.configuration.storage.directory)
        if self._naive is None:
            self._naive = NaiveBaseline(compile_policy(self.configuration))
        try:
            journal = FileJournal(directory / "journal", read_only=True)
            for offset, batch in journal.read(self.offset):
                self._naive.hear(batch)
                self.frames += int((batch.kind == EntryKind.FRAME).sum())
                self.offset = offset + len(batch)
            with closing(StateStore(directory / "state.db", read_only=True)) as store:
                self.unresolved = store.episodes(unresolved=True)
        except GatewayFault:
            return  # not there yet, or just being made
