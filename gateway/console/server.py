"""Serves the console until it is told to stop."""

from __future__ import annotations

from typing import TYPE_CHECKING

import uvicorn

from gateway.console.app import application

if TYPE_CHECKING:
    import socket
    import ssl

    from gateway.console.desk import Desk

GRACE = 2
"""Seconds for open pages at a stop: their lines of events never end by themselves."""


async def serve(desk: Desk, door: socket.socket, secured: ssl.SSLContext | None = None) -> None:
    """Serve a desk at a socket that listens until SIGTERM or SIGINT; ``secured``: by TLS."""
    config = uvicorn.Config(
        application(desk), log_config=None, access_log=False, server_header=False, timeout_graceful_shutdown=GRACE,
        proxy_headers=False, ws="none", limit_concurrency=256,
        ssl_context_factory=None if secured is None else lambda _, __: secured,
    )  # fmt: skip
    await uvicorn.Server(config).serve([door])
