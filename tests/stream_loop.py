"""A loop in a thread of its own with a connection in it: journals of streams are called from another thread."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING, Self

import pytest

from gateway.settings.model import Credential
from gateway.stream.connection import Connection

if TYPE_CHECKING:
    from collections.abc import Coroutine, Iterator

    from stream_server import StreamServer


class StreamLoop:
    """``connection`` stands once it is entered."""

    def __init__(self, url: str, wait: float = 5.0, domain: str = "") -> None:
        self._url, self._wait, self._domain = url, wait, domain
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.connection: Connection

    def run(self, work: Coroutine):
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(60.0)

    def __enter__(self) -> Self:
        self._thread.start()
        self.run(self._enter())
        return self

    def __exit__(self, *_: object) -> None:
        self.run(self.connection.__aexit__())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join()
        self.loop.close()

    async def _enter(self) -> None:
        self.connection = Connection(self._url, Credential(), domain=self._domain, wait=self._wait)
        await self.connection.__aenter__()


@pytest.fixture(scope="session")
def stream_loop(stream_server: StreamServer) -> Iterator[StreamLoop]:
    """A connection to the shared server, in a thread of its own."""
    with StreamLoop(stream_server.url) as one:
        yield one
