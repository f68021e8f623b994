"""What the console reads of state.db: read-only, in threads, each question in a transaction of its own."""

from __future__ import annotations

import asyncio
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from gateway.store.state_db import StateStore

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from gateway.engine import CommandRecord, Episode, NoticeRecord
    from gateway.papers.paper import Paper
    from gateway.store.presence import Stretch

T = TypeVar("T")
STATE = "state.db"


@dataclass(frozen=True, slots=True)
class Readings:
    """The state that a gateway keeps in ``directory``.

    Every method raises TransientFault where it cannot be read now, OurFault where it is damaged.
    """

    directory: Path

    async def ask(self, question: Callable[[StateStore], T]) -> T:
        """The answer of a store that is open for this question alone: nobody holds a transaction while he thinks."""
        return await asyncio.to_thread(self._asked, question)

    def _asked(self, question: Callable[[StateStore], T]) -> T:
        with closing(StateStore(self.directory / STATE, read_only=True)) as store:
            return question(store)

    async def alarms(self, *, unresolved: bool) -> list[Episode]:
        """Alarms, oldest first: all, or those that nobody has closed."""
        return await self.ask(lambda store: store.episodes(unresolved=unresolved))

    async def alarm(self, identity: str) -> Episode | None:
        """One alarm, if there is such a one."""
        return await self.ask(lambda store: store.episode(identity))

    async def alarms_of(self, person: str) -> list[Episode]:
        """All alarms of a person, oldest first."""
        return await self.ask(lambda store: store.episodes_of(person))

    async def presence(self, person: str, since: float, until: float) -> list[Stretch]:
        """As :meth:`gateway.store.state_db.StateStore.presence`."""
        return await self.ask(partial(StateStore.presence, person=person, since=since, until=until))

    async def notices(self, alarm: str) -> list[NoticeRecord]:
        """Who was told of an alarm, oldest first."""
        return await self.ask(lambda store: store.notices.of_alarm(alarm))

    async def latest_sheet(self, form: str, office: str) -> Paper | None:
        """The latest sheet of a form and an office; empty: of the county; None: there is none."""
        found = await self.ask(lambda store: store.papers.of_office(form, office, 1))
        return found[0] if found else None

    async def sheet(self, identity: str) -> Paper | None:
        """One sheet, if there is such a one."""
        return await self.ask(lambda store: store.papers.one(identity))

    async def orders(self, device: str) -> list[CommandRecord]:
        """All orders to a device, in the order they were given."""
        return await self.ask(lambda store: store.commands(device, pending=False))
