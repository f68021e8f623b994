"""A desk that browsers reach: its pages on a port of this machine, over a daemon's end of the control socket."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from threading import Thread
from typing import TYPE_CHECKING, Any

import uvicorn
from opened_desk import daemon_of

from gateway.console.app import application
from gateway.demo.broker import free_port

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gateway.console.desk import Desk


@contextmanager
def served(desk: Desk, answers: dict[str, Any]) -> Iterator[str]:
    """Serve a desk as long as this lasts; gives its address."""
    port = free_port()
    server = uvicorn.Server(
        uvicorn.Config(application(desk), port=port, log_config=None, timeout_graceful_shutdown=1)
    )  # fmt: skip

    async def serve() -> None:
        async with daemon_of(desk, **answers):
            await server.serve()

    thread = Thread(target=asyncio.run, args=(serve(),))
    thread.start()
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join()
