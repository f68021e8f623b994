"""Serves the console until it is told to stop."""

from __future__ import annotations

from typing import TYPE_CHECKING

import uvicorn

from gateway.console.app import application

if TYPE_CHECKING:
    from gateway.console.desk import Desk

GRACE = 2
"""Seconds for open pages at a stop: their lines of events never end by themselves."""


async def serve(desk: Desk, host: str, port: int) -> None:
    """Serve a desk at an address until SIGTERM or SIGINT."""
    config = uvicorn.Config(
        application(desk), host=host, port=port, log_config=None, access_log=False, server_header=False,
        timeout_graceful_shutdown=GRACE, proxy_headers=False, ws="none", limit_concurrency=256,
    )  # fmt: skip
    await uvicorn.Server(config).serve()
