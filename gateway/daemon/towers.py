"""Which version of what is known of cells is in force: a new one is opened beside the way, then journaled."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

import msgspec
import structlog

from gateway.errors import GatewayFault
from gateway.journal.controls import TowersNamed
from gateway.journal.entries import EntryKind
from gateway.sqlite_faults import words_of
from gateway.towers.named import forget, name

if TYPE_CHECKING:
    from gateway.daemon.pipeline import Pipeline
    from gateway.fusion.scan.known import Known
    from gateway.towers.shelf import TowerShelf
    from gateway.towers.versions import TowerVersions

LOOK_EVERY: Final = 5.0
"""Real seconds between looks for a version that was imported or learnt."""
KEPT: Final = 12 * 86_400.0
"""Seconds for which a version stays that another followed: what comes late is looked up in that of its own time."""
TOWERS: Final = "towers"

log = structlog.get_logger()


@dataclass(slots=True)
class TowerWatch:
    """One daemon's. ``in_force``: digest of the version that was journaled last; empty: none was."""

    pipeline: Pipeline
    versions: TowerVersions
    shelf: TowerShelf
    in_force: str = ""

    async def run(self) -> None:
        """Look for ever."""
        while True:
            await asyncio.sleep(LOOK_EVERY)
            await self.look()

    async def look(self) -> None:
        """Take what is in use now, if it is not in force yet. Where it cannot be opened, the old one stays."""
        pipeline = self.pipeline
        try:
            digest = await asyncio.to_thread(self.versions.current)
            if not digest or digest == self.in_force:
                return
            self.shelf.put(digest, await asyncio.to_thread(partial(self._opened, digest, pipeline.intake.now())))
        except (GatewayFault, OSError) as fault:
            if pipeline.health.note(TOWERS, words_of(fault)):
                log.error("what is known of cells cannot be opened; the version before holds", fault=str(fault))
            return
        pipeline.health.note(TOWERS, "")
        self.in_force = digest
        pipeline.intake.control(EntryKind.TOWERS, msgspec.json.encode(TowersNamed(digest)))
        pipeline.wake()
        log.info("cells looked up in another version", version=digest)

    def _opened(self, digest: str, now: float) -> Known:
        """Open it, and have it stay for the journal; in a thread."""
        known = self.shelf.opened(digest)
        name(self.versions.directory, digest, now)
        return known

    def forget(self, horizon: float) -> list[str]:
        """Let versions go that nothing names which was received, or may come, after a time; in a thread.

        Raises:
            OSError, OurFault: what is named cannot be read or written.
        """
        return forget(self.versions.directory, min(horizon, self.pipeline.intake.now() - KEPT))
