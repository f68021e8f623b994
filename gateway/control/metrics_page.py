"""``GET /metrics`` on loopback, for Prometheus, and beside it what probes ask: for as long as the gateway runs."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from aiohttp import web
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from gateway.control.metrics import StatusCollector, page

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

PATH: Final = "/metrics"
MOST: Final = 8
"""Connections at once; more are dropped: whoever may connect here must not use up what bracelets need."""
RETRY: Final = 30.0
"""Real seconds until an address that was taken is tried again."""
HEADERS: Final = {"Content-Type": CONTENT_TYPE_PLAIN_0_0_4}
WELL: Final = "ok"


@dataclass(slots=True)
class MetricsPage:
    """Serves what the status knows.

    Attributes:
        host, port: where; port 0 lets the system choose.
        status: the answer to ``status``.
        probes: by path, what is wrong, by name; nothing: 200, else 503 and a line each.
        note: told what is wrong, in words; empty: nothing any more.
        remarks: lines that stand below either answer: what is wrong inside, in words.
        bound: the port, while it serves; 0: it does not.
    """

    host: str
    port: int
    status: Callable[[], Mapping[str, Any]]
    probes: Mapping[str, Callable[[], Sequence[str]]]
    note: Callable[[str], object]
    remarks: Callable[[], Sequence[str]] = tuple
    retry: float = RETRY
    bound: int = 0

    async def run(self) -> None:
        """Serve, for ever; an address that cannot be had is tried again, and stops nothing else."""
        pages = web.Server(self._answer, access_log=None, lingering_time=0.0)
        server = await self._listen(lambda: pages() if len(pages.connections) < MOST else _Dropped())
        self.note("")
        self.bound = server.sockets[0].getsockname()[1]
        try:
            await server.serve_forever()
        finally:
            self.bound = 0
            server.close()
            await pages.shutdown(1.0)

    async def _listen(self, connected: Callable[[], asyncio.Protocol]) -> asyncio.Server:
        while True:
            try:
                return await asyncio.get_running_loop().create_server(connected, self.host, self.port)
            except OSError as fault:
                self.note(f"metrics cannot be served on {self.host}:{self.port}: {fault.strerror}")
                await asyncio.sleep(self.retry)

    async def _answer(self, request: web.BaseRequest) -> web.StreamResponse:
        answer = self._page(request.path) if request.method in ("GET", "HEAD") else None
        answer = web.Response(status=404) if answer is None else answer
        answer.force_close()
        return answer

    def _page(self, path: str) -> web.Response | None:
        if path == PATH:
            return web.Response(body=page(StatusCollector(self.status)), headers=HEADERS)
        if path in self.probes:
            wrong = self.probes[path]()
            lines = [*(wrong or [WELL]), *self.remarks()]
            return web.Response(status=503 if wrong else 200, text="".join(f"{each}\n" for each in lines))
        return None


class _Dropped(asyncio.Protocol):
    """A connection too many."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        transport.close()
