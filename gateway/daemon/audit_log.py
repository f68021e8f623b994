"""The audit log of the running daemon: entries of the journal, durable before anybody is answered, and read there."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

import msgspec

from gateway.control.audit import Auditing
from gateway.errors import TransientFault
from gateway.journal.audit import audited, row_of
from gateway.journal.entries import EntryKind
from gateway.words.phrases import phrase

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from gateway.control.messages import Request
    from gateway.control.offices import Offices
    from gateway.daemon.pipeline import Pipeline
    from gateway.journal.controls import Audited, Sought
    from gateway.ports import Tell

PATIENCE: Final = 20.0
"""Real seconds that a store which fails is waited for, less than whoever asks waits for us."""


@dataclass(frozen=True, slots=True)
class AuditLog:
    """One daemon's.

    Attributes:
        directory: of the journal.
        on_entered: told of each entry once it is durable.
        patience: see :data:`PATIENCE`.
    """

    pipeline: Pipeline
    directory: Path
    offices: Offices
    on_entered: Callable[[Audited], None]
    patience: float = PATIENCE

    async def enter(self, looks: Sequence[Audited]) -> None:
        """Make entries durable.

        Raises:
            TransientFault: the journal cannot store them now; they may come later all the same.
        """
        if not looks:
            return
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        intake = self.pipeline.intake
        for one in looks[:-1]:
            intake.control(EntryKind.AUDIT, msgspec.json.encode(one))
        intake.control(EntryKind.AUDIT, msgspec.json.encode(looks[-1]), lambda: _over(future))
        self.pipeline.wake()
        try:
            async with asyncio.timeout(self.patience):
                await future
        except TimeoutError as fault:
            raise TransientFault(phrase("audit_unstored")) from fault
        for one in looks:
            self.on_entered(one)

    async def read(self, sought: Sought, most: int) -> list[dict[str, Any]]:
        """So many entries that fit, the latest first.

        Raises:
            OurFault: a file of the journal is damaged.
        """
        return await asyncio.to_thread(self._read, sought, most)

    def _read(self, sought: Sought, most: int) -> list[dict[str, Any]]:
        return [row_of(one) for one in islice(audited(self.directory, sought), most)]

    def whose(self, request: Request) -> str:
        """Whom a request is about that names an alarm or a device; empty: nobody."""
        if request.do == "act" and request.act is not None:
            alarm = self.pipeline.episode(request.act.alarm)
            return "" if alarm is None else alarm.person
        if request.deed is not None and request.deed.values.get("person"):
            return request.deed.values["person"]
        device = request.wish.device if request.wish is not None else ""
        device = device or (request.deed.values.get("device", "") if request.deed is not None else "")
        return self.offices.wearer(device, self.pipeline.intake.now()) if device else ""


def auditing(pipeline: Pipeline, storage: Path, offices: Offices, tell: Tell) -> Auditing:
    """What the control socket writes and reads by; each entry is a line of the log, too."""
    log = AuditLog(pipeline, storage / "journal", offices, partial(tell_entered, tell))
    return Auditing(log.enter, log.whose, pipeline.intake.now, log.read)


def tell_entered(tell: Tell, said: Audited) -> None:
    """A line of the log for an entry, which names nobody."""
    tell("audit", said.what, what=said.what, door=said.door, ok=said.ok)


def _over(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)
