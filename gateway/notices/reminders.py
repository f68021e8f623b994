"""Looks who is to be reminded of the hours at home, and journals it: live alone, so that no replay reminds anybody."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import msgspec

from gateway.engine import curfews_of, reminders_due
from gateway.errors import TransientFault
from gateway.journal.entries import EntryKind

if TYPE_CHECKING:
    from collections.abc import Callable

    from gateway.clock import Clock
    from gateway.engine import EngineState, Policy
    from gateway.intake.intake import Intake

EVERY: Final = 60.0
"""Clock seconds between looks."""
SHORTEST: Final = 1.0
"""Real seconds, however fast the clock runs."""
AT_ONCE: Final = 64
"""Rows that are looked at before others have their turn."""


@dataclass(slots=True)
class Reminders:
    """One county's. ``view``: what the engine knows, by what it goes by, and the receive time."""

    view: Callable[[], tuple[EngineState, Policy, float]]
    intake: Intake
    wake: Callable[[], None]
    clock: Clock

    async def run(self) -> None:
        """Look, for ever."""
        while True:
            await asyncio.sleep(max(SHORTEST, self.clock.real_seconds(EVERY)))
            await self.look()

    async def look(self) -> None:
        """Once, at everybody."""
        first = 0
        while True:
            try:
                state, policy, now = self.view()
            except TransientFault:
                return
            last = curfews_of(policy)
            for one in reminders_due(state, policy, now, range(first, min(first + AT_ONCE, last))):
                self.intake.control(EntryKind.REMINDER, msgspec.json.encode(one))
                self.wake()
            first += AT_ONCE
            if first >= last:
                return
            await asyncio.sleep(0)
