"""The daemon's end of the control socket."""

from __future__ import annotations

import asyncio
import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import msgspec
import structlog

from gateway.control.address import NAME, socket_path
from gateway.control.messages import MOST, Reply, Request
from gateway.errors import GatewayFault

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from gateway.engine.controls import Act

OWNER_ONLY = 0o600

log = structlog.get_logger()


@dataclass(slots=True)
class ControlServer:
    """Listens in ``directory`` until closed."""

    directory: Path
    on_act: Callable[[Act], Awaitable[str]]
    on_status: Callable[[], dict[str, Any]]
    on_order: Callable[[Request], Awaitable[Reply]]
    on_resend: Callable[[], Awaitable[dict[str, int]]]
    on_pending: Callable[[], list[dict[str, object]]] = list
    _server: asyncio.Server | None = field(default=None)

    async def start(self) -> None:
        """Listen; a socket left behind by a crash is replaced (the journal's lock keeps a second daemon out)."""
        path = self.directory / NAME
        path.unlink(missing_ok=True)
        before = os.umask(0o177)
        try:
            with socket_path(self.directory) as address:
                self._server = await asyncio.start_unix_server(self._serve, address, limit=MOST)
        finally:
            os.umask(before)
        path.chmod(OWNER_ONLY)

    def close(self) -> None:
        """Stop listening and take the socket away."""
        if self._server is not None:
            self._server.close()
            (self.directory / NAME).unlink(missing_ok=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while line := await reader.readline():
                reply = await self._judged(line)
                writer.write(msgspec.json.encode(reply) + b"\n")
                await writer.drain()
        except (ValueError, ConnectionError):
            pass  # a line beyond the limit, or a client that went away: nobody is left to tell
        finally:
            writer.close()

    async def _judged(self, line: bytes) -> Reply:
        """Whatever a request does, its sender is told, and nobody else notices."""
        try:
            return await self._answer(line)
        except GatewayFault as fault:
            return Reply(ok=False, error=str(fault))
        except Exception as fault:
            log.exception("request failed")
            return Reply(ok=False, error=f"the gateway failed at it: {type(fault).__name__}")

    async def _answer(self, line: bytes) -> Reply:
        try:
            request = msgspec.json.decode(line, type=Request)
        except (msgspec.MsgspecError, RecursionError, UnicodeError) as fault:
            return Reply(ok=False, error=f"not a request: {fault}")
        if request.do in ("status", "pending"):
            return Reply(ok=True, data=self.on_status() if request.do == "status" else {"pending": self.on_pending()})
        if request.do == "act" and request.act is not None:
            result = await self.on_act(request.act)
            return Reply(ok=result in ("done", "repeated"), error="" if result in ("done", "repeated") else result)
        if request.do == "resend":
            return Reply(ok=True, data=dict(await self.on_resend()))
        if request.do in ("command", "wait", "cancel", "where", "track"):
            return await self.on_order(request)
        return Reply(ok=False, error=f"unknown request {request.do!r}")
