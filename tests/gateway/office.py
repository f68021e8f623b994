"""A desk whose commits are made by hand."""

from __future__ import annotations

import asyncio
from pathlib import Path

import msgspec
from timeline import county

from gateway.clock import SystemClock
from gateway.commands.dispatch import Dispatcher
from gateway.commands.patience import Patience
from gateway.control.desk import Desk
from gateway.control.messages import Reply, Request
from gateway.control.offices import Offices
from gateway.control.places import Places
from gateway.control.rights import Caller
from gateway.engine.policy import compile_policy
from gateway.engine.records import Command, CommandRecord, Ended
from gateway.engine.state import EngineState
from gateway.errors import UserFault
from gateway.in_force import InForce
from gateway.intake.directory import Directory
from gateway.intake.intake import Intake
from gateway.intake.refusals import Refusals
from gateway.journal.entries import EntryKind
from gateway.words.phrases import spoken

ROOT = Caller("D01", "root")


async def kept() -> None:
    """Nothing is waited for."""


class Office:
    """A desk whose commits are made by hand."""

    def __init__(self, **changes: object) -> None:
        self.configuration = county(**changes)
        intake = Intake(Directory(self.configuration, b"secret"), SystemClock(), Refusals())
        in_force = InForce(self.configuration)
        self.dispatcher = Dispatcher(in_force, intake, Patience(), lambda: None)
        self.stored: dict[str, CommandRecord] = {}
        policy = compile_policy(self.configuration)
        places = Places(lambda: (EngineState(), policy, intake.now()), Path(), kept)
        offices = Offices(lambda: policy)
        self.desk = Desk(in_force, SystemClock(), self.dispatcher, self._read, places, offices)

    async def _read(self, identity: str) -> CommandRecord | None:
        return self.stored.get(identity)

    def commit(self) -> None:
        """What waits is journaled, stepped and stored."""
        intake = self.dispatcher.intake
        while intake.is_waiting:
            batch = intake.next_batch().entries.batch()
            records = [self._step(int(kind), batch.bytes_of(at)) for at, kind in enumerate(batch.kind)]
            self.stored.update({record.command.id: record for record in records})
            self.desk.committed(records)

    def _step(self, kind: int, payload: bytes) -> CommandRecord:
        if kind == EntryKind.COMMAND:
            return CommandRecord(msgspec.json.decode(payload, type=Command), 1.0, 0)
        ended = msgspec.json.decode(payload, type=Ended)
        return msgspec.structs.replace(
            self.stored[ended.command], end=ended.end, text=ended.text, ended=2.0, ended_by=ended.by
        )

    async def ask_now(self, request: Request, caller: Caller = ROOT) -> Reply:
        """As the server asks: a refusal is a reply."""
        try:
            return await self.desk.answers()[request.do](request, caller)
        except UserFault as fault:
            return Reply(ok=False, error=spoken(fault, "en"))

    async def ask(self, request: Request, caller: Caller = ROOT, *, commit: bool = True) -> Reply:
        asked = asyncio.create_task(self.ask_now(request, caller))
        await asyncio.sleep(0)
        if commit:
            self.commit()
        return await asked
