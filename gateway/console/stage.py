"""The demo's processes, and what is done to them: killed and restarted, the broker cut, an officer at work."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from gateway.console.lifeline import end_with_parent
from gateway.control.client import ask
from gateway.control.messages import Reply, Request
from gateway.engine.controls import Act
from gateway.errors import OurFault, TransientFault
from gateway.phrases import phrase
from gateway.store import StateStore

if TYPE_CHECKING:
    from gateway.console.broker import LocalBroker
    from gateway.console.tally import Platform

PATIENCE = 20.0
"""Real seconds in which the gateway must be up."""
LOOK = 0.1
"""Real seconds between looks at the outbox."""
DELIVERY = 5.0
"""Real seconds in which what has waited is usually delivered."""
CUT = 2.0
"""Real seconds without a broker."""


@dataclass(slots=True)
class Stage:
    """The processes that scenes act on."""

    county: Path
    broker: LocalBroker
    clock: tuple[float, float, float]
    platform: Platform
    storage: Path
    restarts: int = 0
    _gateway: subprocess.Popen[bytes] | None = field(default=None)

    async def start_gateway(self) -> None:
        """Start the daemon and wait until it answers.

        Raises:
            OurFault: it does not come up; its log says why.
        """
        clock = ",".join(repr(part) for part in self.clock)
        program = str(Path(sys.executable).parent / "bracelet-gateway")
        with (self.county.parent / "gateway.log").open("ab") as log:
            self._gateway = subprocess.Popen(  # noqa: ASYNC220, S603  quick, ours, outlives a scene
                [program, "run", "--config", str(self.county), "--clock", clock], stdout=log, stderr=log,
                start_new_session=True, preexec_fn=end_with_parent,  # noqa: PLW1509  the hook takes no lock
            )  # fmt: skip
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            if await self.status() is not None:
                return
            if self._gateway.poll() is not None:
                break
            await asyncio.sleep(0.05)
        raise OurFault(phrase("demo_gateway", log=self.county.parent / "gateway.log"))

    async def kill_gateway(self) -> float:
        """Kill -9, then restart; returns the real seconds until it served again."""
        began = time.monotonic()
        if self._gateway is not None:
            self._gateway.kill()
            await asyncio.to_thread(self._gateway.wait)
        self.restarts += 1
        await self.start_gateway()
        return time.monotonic() - began

    async def cut_broker(self) -> int:
        """The platform's broker is away for two seconds; returns how many messages waited for it in the end."""
        await asyncio.to_thread(self.broker.stop)
        await asyncio.sleep(CUT)
        waiting = await asyncio.to_thread(self._owed)
        await asyncio.to_thread(self.broker.start)
        return waiting

    async def close_strap(self) -> None:
        """An officer has looked at the strap and closes its alarm, with an outcome and a note."""
        for alarm in self.platform.alarms.values():
            if alarm.kind == "strap_cut":
                act = Act(
                    uuid.uuid4().hex, "close", alarm.id, "D01", "technical", "现场查看：表带卡扣老化，已更换", "demo"
                )
                await asyncio.to_thread(self._ask, Request("act", act))

    async def status(self) -> dict[str, object] | None:
        """What the daemon says of itself; None while it is down."""
        if not self.storage.is_dir():
            return None
        reply = await asyncio.to_thread(self._ask, Request("status"))
        return reply.data if reply is not None else None

    def _ask(self, request: Request) -> Reply | None:
        try:
            return ask(self.storage, request)
        except TransientFault:
            return None

    async def nothing_owed(self) -> bool:
        """Whether every event has been confirmed by the broker."""
        return await asyncio.to_thread(self._owed) == 0

    async def all_confirmed(self) -> bool:
        """Wait for that, a few seconds long; whether it is so."""
        for _ in range(int(DELIVERY / LOOK)):
            if await self.nothing_owed():
                return True
            await asyncio.sleep(LOOK)
        return False

    def _owed(self) -> int:
        """What the outbox holds; 1 while it cannot be read: the gateway is just starting."""
        try:
            store = StateStore(self.storage / "state.db", read_only=True)
        except OurFault:
            return 1
        try:
            return store.figures()["owed"]
        except OurFault:
            return 1
        finally:
            store.close()

    async def stop(self) -> None:
        """An orderly end."""
        if self._gateway is not None and self._gateway.poll() is None:
            os.kill(self._gateway.pid, signal.SIGTERM)
            await asyncio.to_thread(self._gateway.wait, PATIENCE)
