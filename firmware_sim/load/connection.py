"""A terminal's connection: no task, no stream, a transport alone."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from firmware_sim.load.terminal import Terminal

CONNECT_SECONDS = 10.0


class Line(asyncio.Protocol):
    """The shell round a sans-I/O terminal; moments are those of ``time.perf_counter``."""

    __slots__ = ("_terminal", "_transport")

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal
        self._transport: asyncio.Transport | None = None

    async def open(self, address: str, port: int, source: str | None) -> None:
        """Connect; what prevents it shows in the terminal's phase alone. ``source``: None: the system's choice."""
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                await asyncio.get_running_loop().create_connection(
                    lambda: self, address, port, local_addr=None if source is None else (source, 0)
                )
        except OSError:  # refused, no port free, timed out: TimeoutError is one of them
            return

    def write(self, data: bytes) -> None:
        """Send, or buffer while the other end does not read."""
        if data and self._transport is not None and not self._transport.is_closing():
            self._transport.write(data)

    def close(self) -> None:
        """Close once what was written is out."""
        if self._transport is not None:
            self._transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The connection stands: log in."""
        self._transport = cast("asyncio.Transport", transport)
        self.write(self._terminal.connected())

    def data_received(self, data: bytes) -> None:
        """Bytes of the platform."""
        self.write(self._terminal.receive(data, time.perf_counter()))

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection is gone."""
        del exc
        self._terminal.disconnected()
