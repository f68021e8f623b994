"""Whom the gateway talks to beside the bracelets: a platform and an SMS gateway that take all, and an officer."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import msgspec
from aiohttp import web

from gateway.commands.wish import Wish
from gateway.control.messages import Reply, Request
from gateway.deeds import Deed
from gateway.journal.controls import Act

if TYPE_CHECKING:
    from pathlib import Path

    from tools.endurance.virtual_time import LoopClock

OUTCOMES = ("confirmed", "technical", "false", "excused", "unverifiable")
OFFICER = "D01"
FIRST_DAYS, SELDOM = 40, 10
"""So many days with a leave each, beyond what compiled configurations are kept at hand; then one in so many: what is
written in the registers stays there, and would be growth that is the county's own."""


class Platform:
    """Answers 200 to whatever it is sent, and counts it."""

    def __init__(self) -> None:
        self.taken = 0
        server = web.Application()
        server.router.add_route("*", "/{anything:.*}", self._take)
        self._runner = web.AppRunner(server, access_log=None)

    async def start(self) -> int:
        """Listen; returns the port."""
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        return int(self._runner.addresses[0][1])

    async def _take(self, request: web.Request) -> web.Response:
        await request.read()
        self.taken += 1
        return web.Response(text="ok")

    async def close(self) -> None:
        """Listen no more."""
        await self._runner.cleanup()


class Officer:
    """Closes alarms, grants leave, sends an order: at the end of each day, by the control socket."""

    def __init__(self, socket: Path, clock: LoopClock) -> None:
        self._socket, self._clock = socket, clock
        self.closed = self.entered = self.ordered = 0

    async def work(self, day: int, people: int) -> None:
        """A day's work."""
        alarms = await self._ask(Request("alarms"))
        for at, alarm in enumerate(alarms["alarms"]):
            await self._close(f"{day}-{at}", alarm["id"], OUTCOMES[(day + at) % len(OUTCOMES)])
        if day < FIRST_DAYS or day % SELDOM == 0:
            await self._grant_leave(day, day % people)
        await self._order(day, (day + 1) % people)

    async def _close(self, name: str, alarm: str, outcome: str) -> None:
        done = Act(
            f"act-{name}", "close", alarm, OFFICER, outcome=outcome, note="looked into", verified_by="call"
        )  # fmt: skip
        await self._ask(Request("act", act=done, by=OFFICER))
        self.closed += 1

    async def _grant_leave(self, day: int, index: int) -> None:
        begins = datetime.fromtimestamp(self._clock.now(), UTC) + timedelta(hours=8)
        times = {"from": f"{begins:%Y-%m-%d %H:%M}", "until": f"{begins + timedelta(hours=20):%Y-%m-%d %H:%M}"}
        values = {"person": f"P{index + 1:04d}", "approved_by": "L01", **times}
        await self._ask(Request("register", deed=Deed(f"deed-{day}", "leave", OFFICER, values=values), by=OFFICER))
        self.entered += 1

    async def _order(self, day: int, index: int) -> None:
        wish = Wish(f"B{index + 1:04d}", "text", OFFICER, {"text": f"day {day}"})
        await self._ask(Request("command", wish=wish, by=OFFICER))
        self.ordered += 1

    async def status(self) -> dict[str, Any]:
        """What the gateway says of itself."""
        return await self._ask(Request("status"))

    async def _ask(self, request: Request) -> dict[str, Any]:
        reader, writer = await asyncio.open_unix_connection(str(self._socket), limit=1 << 26)
        writer.write(msgspec.json.encode(request) + b"\n")
        reply = msgspec.json.decode(await reader.readline(), type=Reply)
        writer.close()
        await writer.wait_closed()
        assert reply.ok, (request, reply.error)
        return reply.data
