"""The gateway of a demo or a drill as a process of its own: started, asked how it is, ended."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from gateway.control.client import ask
from gateway.control.messages import Reply, Request
from gateway.demo.lifeline import end_with_parent
from gateway.errors import OurFault, TransientFault
from gateway.words.phrases import phrase

if TYPE_CHECKING:
    from gateway.clock import FollowedClock

PATIENCE = 120.0
"""Real seconds for what takes one or two: a machine may be busy elsewhere."""
LOOK = 0.05
"""Real seconds between looks for what is waited for."""


@dataclass(slots=True)
class Served:
    """A county's gateway, by a clock that is made up; its storage is in ``storage``."""

    county: Path
    clock: FollowedClock
    storage: Path
    _gateway: subprocess.Popen[bytes] | None = field(default=None, kw_only=True)

    async def start_gateway(self) -> None:
        """Start the daemon and wait until it answers.

        Raises:
            OurFault: it does not come up; its log says why.
        """
        program = str(Path(sys.executable).parent / "bracelet-gateway")
        with (self.county.parent / "gateway.log").open("ab") as log:
            self._gateway = subprocess.Popen(  # noqa: ASYNC220, S603  quick, ours, outlives a scene
                [program, "run", "--config", str(self.county), "--clock", self.clock.name], stdout=log, stderr=log,
                start_new_session=True, preexec_fn=end_with_parent,  # noqa: PLW1509  the hook takes no lock
            )  # fmt: skip
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            if await self.status() is not None:
                return
            if self._gateway.poll() is not None:
                break
            await asyncio.sleep(LOOK)
        raise OurFault(phrase("demo_gateway", log=self.county.parent / "gateway.log"))

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

    async def stop(self) -> None:
        """An orderly end."""
        if self._gateway is not None and self._gateway.poll() is None:
            os.kill(self._gateway.pid, signal.SIGTERM)
            await asyncio.to_thread(self._gateway.wait, PATIENCE)
