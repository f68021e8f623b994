"""The demo's processes, and what is done to them: killed and restarted, the broker cut, an officer at work."""

from __future__ import annotations

import asyncio
import math
import time
import uuid
from collections.abc import Awaitable
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from gateway.control.messages import Request
from gateway.demo.served import LOOK, PATIENCE, Served
from gateway.errors import GatewayFault
from gateway.journal.controls import Act
from gateway.store.state_db import StateStore

if TYPE_CHECKING:
    from collections.abc import Callable

    from gateway.demo.broker import LocalBroker
    from gateway.demo.tally import Platform

DELIVERY = 5.0
"""Real seconds in which what has waited is usually delivered."""
CUT = 4 * 3600.0
"""Seconds of the story without a broker."""


@dataclass(slots=True)
class Stage(Served):
    """The processes that scenes act on, and the story's time, which waits for scenes as it does for the gateway."""

    broker: LocalBroker
    platform: Platform

    async def kill_gateway(self) -> float:
        """Kill -9, then restart; returns the real seconds until it served again."""
        began = time.monotonic()
        if self._gateway is not None:
            self._gateway.kill()
            await asyncio.to_thread(self._gateway.wait)
        await self.start_gateway()
        return time.monotonic() - began

    async def cut_broker(self) -> int:
        """The platform's broker is away for a while; returns how many messages waited for it in the end."""
        until = self.clock.now() + CUT
        await asyncio.to_thread(self.broker.stop)
        await self.reaches(until)
        waiting = await asyncio.to_thread(self._owed)
        await asyncio.to_thread(self.broker.start)
        return waiting

    async def close_strap(self) -> None:
        """An officer has looked at the strap and closes its alarm, once it is there, with an outcome and a note."""
        await self._until(self._straps)
        for identity in self._straps():
            act = Act(uuid.uuid4().hex, "close", identity, "D01", "technical", "现场查看：表带卡扣老化，已更换", "demo")
            await asyncio.to_thread(self._ask, Request("act", act))

    async def reaches(self, moment: float) -> None:
        """Wait for a moment of the story, or for its end."""
        await self._until(lambda: self.clock.now() >= moment or self.clock.is_over, math.inf)

    async def settle(self, durable: int, patience: float = PATIENCE) -> None:
        """Wait until the first ``durable`` entries are applied and committed, and the platform has what they say.

        Entries are applied one after the other: once a later one is, a tick at least, those before are committed.
        """
        await self._until(partial(self._is_beyond, durable), patience)
        await self._until(self.nothing_owed, patience)
        await self._until(self._has_received_all, patience)

    async def nothing_owed(self) -> bool:
        """Whether every event has been confirmed by the broker."""
        return await asyncio.to_thread(self._owed) == 0

    async def all_confirmed(self) -> bool:
        """Wait for that, a few seconds long; whether it is so."""
        return await self._until(self.nothing_owed, DELIVERY)

    async def _until(self, fulfilled: Callable[[], object], patience: float = PATIENCE) -> bool:
        """Look again and again, so many real seconds long; whether it came true."""
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            found = fulfilled()
            if await found if isinstance(found, Awaitable) else found:
                return True
            await asyncio.sleep(LOOK)
        return False

    def _straps(self) -> list[str]:
        """Alarms of straps that the platform has."""
        return [alarm.id for alarm in self.platform.alarms.values() if alarm.kind == "strap_cut"]

    async def _is_beyond(self, durable: int) -> bool:
        status = await self.status()
        applied = status["applied_offset"] if status else 0
        return isinstance(applied, int) and applied > durable

    async def _has_received_all(self) -> bool:
        return len(self.platform.events) >= (await asyncio.to_thread(self._figures)).get("events", 0)

    def _owed(self) -> int:
        """What the outbox holds; 1 while it cannot be read: the gateway is just starting."""
        return self._figures().get("owed", 1)

    def _figures(self) -> dict[str, int]:
        """The store's; empty while it cannot be read."""
        try:
            with closing(StateStore(self.storage / "state.db", read_only=True)) as store:
                return store.figures()
        except GatewayFault:
            return {}
