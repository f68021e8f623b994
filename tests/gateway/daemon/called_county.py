"""A county whose people are called: its engine, its orders and its sheets, on disk at the next turn of the loop."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
from intake_door import Stopped
from timeline import Timeline, at

from gateway.commands.dispatch import Dispatcher
from gateway.commands.patience import Patience
from gateway.control.desk import Desk
from gateway.control.messages import Reply, Request
from gateway.control.offices import Offices
from gateway.control.papers import PaperDesk
from gateway.control.places import Places
from gateway.control.rights import Caller
from gateway.daemon.roll_call_desk import RollCallDesk
from gateway.engine import End, Ended
from gateway.engine.step import step
from gateway.errors import UserFault
from gateway.in_force import InForce
from gateway.intake.directory import Directory
from gateway.intake.intake import Intake
from gateway.intake.refusals import Refusals
from gateway.journal.entries import EntryKind
from gateway.rollcall.selection import Selection
from gateway.settings.model import Role
from gateway.store.state_db import Beside
from gateway.words.phrases import spoken

if TYPE_CHECKING:
    from gateway.engine import CommandRecord
    from gateway.journal.controls import PaperAct
    from gateway.store.state_db import StateStore

NOON = at(0, 13)


def officer(number: str = "D01", *roles: Role, office: str = "") -> Caller:
    """A member of staff; of an office where one is named."""
    mine = frozenset(roles or {Role.OFFICE if office else Role.DUTY})
    return Caller(number, number.lower(), mine, office, office or None)


LEADER = officer("L01", Role.LEADER)


class Inline:
    """A writer without a thread."""

    async def run(self, write: Any, *arguments: Any, **more: Any) -> Any:
        return write(*arguments, **more)


async def kept() -> None:
    """Nothing is waited for."""


class CalledCounty:
    """A county's parts around one store. ``room``: by carrier how many phones more are located."""

    def __init__(self, store: StateStore, told: Timeline | None = None, **changes: object) -> None:
        self.store, self.told = store, told or Timeline.of(**changes)
        self.told.run()
        configuration = self.told.policy.configuration
        self.clock, self.room = Stopped(NOON), dict[str, int]()
        self.intake = Intake(Directory(configuration, b"secret"), self.clock, Refusals())
        in_force, offices = InForce(configuration), Offices(lambda: self.told.policy)
        self.dispatcher = Dispatcher(in_force, self.intake, Patience(), self.wake)
        self.intake.correspondent = self.dispatcher
        places = Places(self.view, Path(), kept)
        self.desk = Desk(in_force, self.clock, self.dispatcher, kept, places, offices)
        self.papers = PaperDesk(self.view, store, Inline(), offices, self.enter, self.episodes, patience=5.0)
        self.calls = RollCallDesk(self.view, self.desk, self.papers, lambda _: self.room)

    def view(self) -> Any:
        return self.told.state, self.told.policy, self.clock.now()

    async def episodes(self, since: float) -> Any:
        return self.store.episodes_since(since)

    def enter(self, act: PaperAct) -> None:
        self.intake.control(EntryKind.PAPER, msgspec.json.encode(act))
        self.wake()

    def wake(self) -> None:
        asyncio.get_running_loop().call_soon(self.commit)

    def commit(self) -> None:
        """What waits is journaled, stepped and on disk, and whoever waits for it is told."""
        state = self.told.state
        while self.intake.is_waiting:
            waiting = self.intake.next_batch()
            stepped = step(state, waiting.entries.batch(), self.told.policies, first=state.offset)
            self.store.commit([], [], state.offset, Beside(stepped.commands, papers=stepped.papers))
            waiting.release()
            self.papers.committed([act for _, act in stepped.papers])
            self.desk.committed(stepped.commands)
            self.calls.committed(stepped.commands)

    async def ask(self, do: str, who: Caller | None = None, **said: Any) -> Reply:
        """As the server asks: a refusal is a reply, in English."""
        try:
            return await self.calls.answers()[do](Request(do, **said), who or officer())
        except UserFault as fault:
            return Reply(ok=False, error=spoken(fault, "en"))

    async def called(self, who: Caller | None = None, why: str = "a check", **selection: Any) -> Reply:
        """Look, and ask for what was shown."""
        looked = await self.ask("roll_call_look", who, selection=Selection(**selection))
        if not looked.ok:
            return looked
        return await self.ask("roll_call", who, id=looked.data["offer"], why=why)

    def orders(self) -> list[CommandRecord]:
        return self.store.commands(pending=False)

    def ends(self, device: str, end: End = End.DONE) -> None:
        """The order of a device has ended so."""
        for record in self.store.commands(device, pending=True):
            self.intake.control(EntryKind.RESULT, msgspec.json.encode(Ended(record.command.id, end)))
        self.commit()
