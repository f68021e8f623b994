"""The location server: HTTP POST in, XML out, with a quota like a real one's."""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from aiohttp import web

from firmware_sim.carrier.answer import answer, refusal
from firmware_sim.carrier.faults import Fault, Faults
from firmware_sim.carrier.request import Request, read_request

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from firmware_sim.carrier.subscriber import Subscriber

PATH = "/LocationQueryService"
NOT_AUTHORISED, CONGESTION, SYNTAX = 3, 101, 106
STALE_SECONDS = 86400.0
MINUTE = 60.0
_HUGE = 4 << 20
_BOMB = b'<!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><svc_result><slia>&b;</slia></svc_result>'


@dataclass(slots=True)
class LocationServer:
    """One carrier.

    Attributes:
        subscribers: by number; ``now``: the simulated time.
        client, password: the account that may ask.
        per_minute: requests in any minute of simulated time; more are answered with congestion.
        slow_seconds: real seconds that a slow answer takes.
        asked: (time, number) of every subscriber asked for; ``counts``: requests by outcome.
    """

    subscribers: Mapping[str, Subscriber]
    now: Callable[[], float]
    client: str = "county"
    password: str = "secret"  # noqa: S105 - a stand-in's
    per_minute: int = 6000
    slow_seconds: float = 2.0
    faults: Faults = field(default_factory=Faults)
    asked: list[tuple[float, str]] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    _recent: deque[float] = field(default_factory=deque)
    _runner: web.AppRunner | None = None

    async def start(self, port: int = 0) -> int:
        """Listen on the loopback interface; returns the port."""
        application = web.Application()
        application.router.add_post(PATH, self._post)
        self._runner = web.AppRunner(application, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", port)
        await site.start()
        return int(self._runner.addresses[0][1])

    async def stop(self) -> None:
        """Close."""
        if self._runner is not None:
            await self._runner.cleanup()

    async def _post(self, incoming: web.Request) -> web.Response:
        try:
            request = read_request(await incoming.read())
        except ValueError:
            self.counts["syntax"] += 1
            return _xml(refusal(Request("", "", "3.2.0", "UTF-8", ()), SYNTAX))
        if (request.client, request.password) != (self.client, self.password):
            self.counts["not_authorised"] += 1
            return _xml(refusal(request, NOT_AUTHORISED))
        if not self._within_quota():
            self.counts["over_quota"] += 1
            return _xml(refusal(request, CONGESTION))
        self.asked += [(self.now(), number) for number in request.numbers]
        fault = self.faults.next()
        self.counts[fault] += 1
        return await self._with(fault, request)

    def _within_quota(self) -> bool:
        now = self.now()
        while self._recent and self._recent[0] <= now - MINUTE:
            self._recent.popleft()
        self._recent.append(now)
        return len(self._recent) <= self.per_minute

    async def _with(self, fault: Fault, request: Request) -> web.Response:
        if fault is Fault.HTTP_ERROR:
            return web.Response(status=503)
        if fault is Fault.SLOW:
            await asyncio.sleep(self.slow_seconds)
        whole = answer(request, self.subscribers, self.now(), STALE_SECONDS if fault is Fault.STALE else 0.0)
        others = {number: next(iter(self.subscribers.values())) for number in ("8613999999999",)}
        stranger = Request(request.client, "", request.version, request.encoding, tuple(others))
        bodies = {
            Fault.CONGESTION: lambda: refusal(request, CONGESTION),
            Fault.NOT_AUTHORISED: lambda: refusal(request, NOT_AUTHORISED),
            Fault.GARBAGE: lambda: b"\x00\xff<<" * 100,
            Fault.BOMB: lambda: _BOMB,
            Fault.CUT: lambda: whole[: len(whole) // 2],
            Fault.HUGE: lambda: whole + b" " * _HUGE,
            Fault.WRONG_NUMBER: lambda: answer(stranger, others, self.now()),
        }
        return _xml(bodies.get(fault, lambda: whole)())


def _xml(body: bytes) -> web.Response:
    return web.Response(body=body, content_type="text/xml")
