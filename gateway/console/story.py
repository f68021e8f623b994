"""What happens to the gateway during the demo: killed and restarted, its broker cut, an officer at work."""

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
from gateway.store import StateStore

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from gateway.console.broker import LocalBroker
    from gateway.console.tally import Platform

PATIENCE = 20.0
"""Real seconds in which the gateway must be up."""


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
        raise OurFault(f"the gateway does not start: see {self.county.parent / 'gateway.log'}")

    async def kill_gateway(self) -> None:
        """Kill -9, then restart."""
        if self._gateway is not None:
            self._gateway.kill()
            await asyncio.to_thread(self._gateway.wait)
        self.restarts += 1
        await self.start_gateway()

    async def cut_broker(self) -> None:
        """The platform's broker is away for two seconds."""
        await asyncio.to_thread(self.broker.stop)
        await asyncio.sleep(2.0)
        await asyncio.to_thread(self.broker.start)

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


@dataclass(frozen=True, slots=True)
class Scene:
    """Something that happens so many simulated hours into the story."""

    after_hours: float
    zh: str
    en: str
    play: Callable[[Stage], Awaitable[None]]

    def text(self, language: str) -> str:
        """The caption."""
        return self.zh if language == "zh" else self.en

    @staticmethod
    def over(language: str) -> str:
        """The story has been told."""
        if language == "zh":
            return "故事讲完了；按 Ctrl-C 结束并查看统计。"
        return "The story is told; Ctrl-C ends it with the count."


async def _nothing(stage: Stage) -> None:
    del stage


SCENES = (
    Scene(0.0, "60 只腕带开始上报；今晚起看 P0001。", "60 bracelets begin to report; watch P0001 tonight.", _nothing),
    Scene(
        14.75, "04:30 网关进程被强行杀死（kill -9）并重启；未确认的数据由腕带补传。",
        "04:30 the gateway is killed (kill -9) and restarted; the bracelets resend what was not acknowledged.",
        Stage.kill_gateway,
    ),
    Scene(
        25.5, "15:15 值班员现场查看后办结表带报警：设备原因。", "15:15 an officer closes the strap alarm: technical.",
        Stage.close_strap,
    ),
    Scene(
        47.25, "13:00 市平台的消息服务器中断两秒（实际时间）；报警在发件箱里等。",
        "13:00 the platform's broker is cut for two real seconds; alarms wait in the outbox.", Stage.cut_broker,
    ),
    Scene(
        60.0, "第三夜：P0001 又在同一处，不必事先画出网吧。",
        "Third night: P0001 is at the same place again; nobody had to draw the cafe.", _nothing,
    ),
)  # fmt: skip
