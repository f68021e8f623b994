"""Another configuration comes into force: durable before it is said, at one place of the log, one at a time."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

import msgspec
import structlog

from gateway.daemon.beside import beside
from gateway.engine import as_before
from gateway.intake.directory import index
from gateway.journal.controls import Configured
from gateway.journal.entries import EntryKind
from gateway.private import replacing
from gateway.settings.differences import shared
from gateway.settings.files import OVERLAY
from gateway.sqlite_faults import told

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from gateway.daemon.pipeline import Pipeline
    from gateway.engine import Drawn, Policy
    from gateway.in_force import InForce
    from gateway.settings.model import Configuration

log = structlog.get_logger()


def keep_copy(directory: Path, configuration: Configuration) -> None:
    """A copy of the deeds in the storage directory, for whoever reads the files: whole, or as it was.

    Raises:
        OSError: it cannot be written.
    """
    path, text = directory / OVERLAY, configuration.sources.get(OVERLAY, "")
    if not text:
        path.unlink(missing_ok=True)
        return
    with replacing(path) as out:
        out.write(text.encode())


@dataclass(slots=True)
class Swap:
    """Puts configurations in force.

    Attributes:
        directory: the storage directory.
        keep: keeps a configuration and what was compiled of it for the next start; None: nothing is kept.
        one: held by whoever works out the next one.
    """

    in_force: InForce
    pipeline: Pipeline
    directory: Path
    keep: Callable[[Configuration, Policy], None] | None = None
    one: asyncio.Lock = field(default_factory=asyncio.Lock)
    _kept: asyncio.Future[None] | None = None

    async def put(
        self, wanted: Configuration, *before: tuple[EntryKind, msgspec.Struct], drawn: Drawn | None = None
    ) -> None:
        """Put one in force; over once the engine goes by it. It is another one than what is.

        Args:
            wanted: compiled beside the loop, and journaled with its texts.
            before: entries that stand just before it in the log.
            drawn: what the engine draws of it, where that is at hand.

        Raises:
            TransientFault: its texts cannot be stored now; nothing has changed.
            OurFault: an entry could not be processed meanwhile.
        """
        pipeline, intake = self.pipeline, self.pipeline.intake
        wanted = await beside(shared, self.in_force.configuration, wanted)
        drawn = await beside(as_before, pipeline.policy, wanted) if drawn is None else drawn
        policy = await beside(pipeline.prepare, wanted, drawn, pipeline.policy)
        indexed = await beside(index, wanted, intake.directory.erased)
        await pipeline.writers.journal.run(self._store, wanted, intake.now())
        committed = pipeline.expect_configuration(wanted.digest)
        # Nothing gives way from here to the wake: what came in before goes by the old one, all else by the new.
        for kind, entry in before:
            intake.control(kind, msgspec.json.encode(entry))
        intake.control(EntryKind.CONFIGURATION, msgspec.json.encode(Configured(wanted.digest)))
        self.in_force.configuration = wanted
        intake.follow(wanted, indexed)
        pipeline.wake()
        await committed
        await self._keep(wanted, policy)

    def _store(self, wanted: Configuration, now: float) -> None:
        """Keep its texts; the one before it was needed until now."""
        journal = self.pipeline.journal
        journal.store_configuration(wanted.digest, wanted.sources)
        journal.keep_configurations({self.in_force.configuration.digest}, now)

    async def _keep(self, wanted: Configuration, policy: Policy) -> None:
        try:
            await self.pipeline.writer.run(partial(keep_copy, self.directory, wanted))
        except OSError as fault:
            log.warning("the copy of what was done at the desk cannot be written", fault=str(told(fault)))
        if self.keep is not None:
            # Nobody need wait for it: where it is not done, the next start takes longer, and nothing else.
            self._kept = asyncio.ensure_future(self._keep_later(self._kept, partial(self.keep, wanted, policy)))

    @staticmethod
    async def _keep_later(before: asyncio.Future[None] | None, keep: Callable[[], None]) -> None:
        """One after the other."""
        if before is not None:
            await before
        await beside(keep)
