"""The rows of the outbox that are one receiver's: claimed, marked, counted, sent again by command."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import structlog

from gateway.store.outbox import Marks

if TYPE_CHECKING:
    from gateway.clock import Clock
    from gateway.store.outbox import Owed
    from gateway.store.state_db import StateStore
    from gateway.writer import Writer

log = structlog.get_logger()


@dataclass(slots=True)
class OwnRows:
    """Rows of the upstream ``name``. Everything raises what the store raises, and then nothing was changed.

    Attributes:
        set_aside: rows that go out by command only, by reason, as counted last.
    """

    name: str
    store: StateStore
    writer: Writer
    clock: Clock
    set_aside: dict[str, int] = field(default_factory=dict)

    async def claim(self, most: int, blocked: frozenset[str]) -> list[Owed]:
        """The next rows to send, marked as attempted."""
        return await self.writer.run(self.store.outbox.claim, self.name, most, blocked, self.clock.now())

    async def first(self, most: int) -> list[Owed]:
        """The first fresh rows, those of an alarm in order behind each other, marked as attempted."""
        return await self.writer.run(self._first, most)

    def _first(self, most: int) -> list[Owed]:
        rows = self.store.outbox.fresh(self.name, most)
        self.store.outbox.attempt(self.name, rows, self.clock.now())
        return rows

    async def unsettled(self) -> list[Owed]:
        """Rows handed over and not delivered."""
        return await self.writer.run(self.store.outbox.unsettled, self.name)

    async def release_unsettled(self) -> None:
        """What was handed over and has no end yet goes out again: for a receiver that leaves out what it has."""
        if earlier := await self.unsettled():
            await self.note(Marks(released=[row.seq for row in earlier]))

    async def find(self, identity: str) -> tuple[Owed, bool] | None:
        """A row by its CloudEvents id, and whether it is open."""
        return await self.writer.run(self.store.outbox.find, self.name, identity)

    async def note(self, marks: Marks) -> None:
        """Write down what has become of rows."""
        await self.writer.run(self.store.outbox.note, self.name, marks, self.clock.now())
        if marks.set_aside:
            log.error("messages set aside", upstream=self.name, rows=marks.set_aside)
        if marks.set_aside or self.set_aside:
            await self.count()

    async def resend(self) -> int:
        """Send again what is set aside; returns how many rows."""
        rows = await self.writer.run(self.store.outbox.resend, self.name)
        await self.count()
        return rows

    async def count(self) -> None:
        """How many are set aside."""
        self.set_aside = await self.writer.run(self.store.outbox.set_aside, self.name)
