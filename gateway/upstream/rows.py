"""The rows of the outbox that are one receiver's: claimed, marked, counted, sent again by command."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import structlog

from gateway.ports import untold
from gateway.store.outbox import Marks

if TYPE_CHECKING:
    from gateway.clock import Clock
    from gateway.ports import Tell, Trace
    from gateway.store.outbox import Named, Owed
    from gateway.store.state_db import StateStore
    from gateway.writer import Writer

log = structlog.get_logger()


@dataclass(slots=True)
class OwnRows:
    """Rows of the upstream ``name``. Everything raises what the store raises, and then nothing was changed.

    Attributes:
        set_aside: rows that go out by command only, by reason, as counted last.
        tell: told of each message that was delivered or set aside.
        trace: told of each that is about to be handed over; None: nobody follows messages.
    """

    name: str
    store: StateStore
    writer: Writer
    clock: Clock
    set_aside: dict[str, int] = field(default_factory=dict)
    tell: Tell = untold
    trace: Trace | None = None

    async def claim(self, most: int, blocked: frozenset[str]) -> list[Owed]:
        """The next rows to send, marked as attempted."""
        return self._followed(
            await self.writer.run(self.store.outbox.claim, self.name, most, blocked, self.clock.now())
        )  # fmt: skip

    async def first(self, most: int) -> list[Owed]:
        """The first fresh rows, those of an alarm in order behind each other, marked as attempted."""
        return self._followed(await self.writer.run(self._first, most))

    def _followed(self, rows: list[Owed]) -> list[Owed]:
        if self.trace is not None:
            for row in rows:
                self.trace("message goes out", upstream=self.name, message=row.id, alarm=row.alarm)
        return rows

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
        delivered, aside = await self.writer.run(self._note, marks)
        for row in delivered:
            self.tell(
                "delivered", f"{self.name} {row.alarm}",
                upstream=self.name, message=row.id, alarm=row.alarm, entry=row.entry,
            )  # fmt: skip
        for row in aside:
            log.error(
                "message set aside", upstream=self.name, message=row.id, alarm=row.alarm, entry=row.entry,
                why=marks.set_aside[row.seq],
            )  # fmt: skip
        if marks.set_aside or self.set_aside:
            await self.count()

    def _note(self, marks: Marks) -> tuple[list[Named], list[Named]]:
        outbox = self.store.outbox
        outbox.note(self.name, marks, self.clock.now())
        return outbox.named(marks.delivered), outbox.named(marks.set_aside)

    async def resend(self) -> int:
        """Send again what is set aside; returns how many rows."""
        rows = await self.writer.run(self.store.outbox.resend, self.name)
        await self.count()
        return rows

    async def count(self) -> None:
        """How many are set aside."""
        self.set_aside = await self.writer.run(self.store.outbox.set_aside, self.name)
