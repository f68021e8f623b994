"""TCP: one connection a bracelet."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, ClassVar, cast

from firmware_sim.links.line import Line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from firmware_sim.links.line import Address, LineEnd


class TcpLine(Line, asyncio.Protocol):
    """Implements :class:`firmware_sim.links.line.Line`."""

    is_stream: ClassVar[bool] = True

    def __init__(self, device: str, address: Address, end: LineEnd) -> None:
        super().__init__(device, address, end)
        self._transport: asyncio.Transport | None = None

    @property
    def is_open(self) -> bool:
        """Whether something can be written."""
        return self._transport is not None and not self._transport.is_closing()

    async def open(self) -> None:
        """Connect; see :meth:`Line.open`."""
        await asyncio.get_running_loop().create_connection(lambda: self, self.address.host, self.address.port)

    def write(self, frames: Sequence[bytes]) -> None:
        """All frames in one write."""
        if self._transport is not None and self.is_open and frames:
            self._transport.write(b"".join(frames))

    def close(self) -> None:
        """Close once what was written is out."""
        if self._transport is not None:
            self._transport.close()

    def abort(self) -> None:
        """Reset the connection."""
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The connection stands."""
        self._transport = cast("asyncio.Transport", transport)
        self.end.line_up()

    def data_received(self, data: bytes) -> None:
        """Bytes of the platform."""
        self.end.line_data(data)

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection is gone."""
        del exc
        self._transport = None
        self.end.line_down()
