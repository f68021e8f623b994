"""Serves the console until it is told to stop."""

from __future__ import annotations

from typing import TYPE_CHECKING

import uvicorn

if TYPE_CHECKING:
    import socket
    import ssl

    from starlette.types import ASGIApp

GRACE = 2
"""Seconds for open pages at a stop: their lines of events never end by themselves."""


async def serve(app: ASGIApp, door: socket.socket, secured: ssl.SSLContext | None = None) -> None:
    """Serve pages at a socket that listens until SIGTERM or SIGINT; ``secured``: by TLS."""
    config = uvicorn.Config(
        app, log_config=None, access_log=False, server_header=False, timeout_graceful_shutdown=GRACE,
        proxy_headers=False, ws="none", limit_concurrency=256,
        ssl_context_factory=None if secured is None else lambda _, __: secured,
    )  # fmt: skip
    await uvicorn.Server(config).serve([door])
