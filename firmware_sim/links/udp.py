"""UDP: a frame a datagram. Nobody knows whether the platform is there; the firmware's repeats have to find out."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, ClassVar, cast

from firmware_sim.links.line import Line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from firmware_sim.links.line import Address, LineEnd


class UdpLine(Line, asyncio.DatagramProtocol):
    """Implements :class:`firmware_sim.links.line.Line`: each opening is another port of ours.

    Attributes:
        undelivered: datagrams that the platform's host sent back: nobody listens there.
    """

    is_stream: ClassVar[bool] = False

    def __init__(self, device: str, address: Address, end: LineEnd) -> None:
        super().__init__(device, address, end)
        self.undelivered = 0
        self._transport: asyncio.DatagramTransport | None = None

    @property
    def is_open(self) -> bool:
        """Whether something can be written."""
        return self._transport is not None and not self._transport.is_closing()

    async def open(self) -> None:
        """Take a port; see :meth:`Line.open`."""
        remote = (self.address.host, self.address.port)
        await asyncio.get_running_loop().create_datagram_endpoint(lambda: self, remote_addr=remote)

    def write(self, frames: Sequence[bytes]) -> None:
        """One datagram a frame."""
        if self._transport is not None and self.is_open:
            for frame in frames:
                self._transport.sendto(frame)

    def close(self) -> None:
        """Give the port back."""
        if self._transport is not None:
            self._transport.close()

    def abort(self) -> None:
        """Give the port back; what waits is lost."""
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The port is ours."""
        self._transport = cast("asyncio.DatagramTransport", transport)
        self.end.line_up()

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        """One datagram of the platform."""
        del addr
        self.end.line_data(data)

    def error_received(self, exc: Exception) -> None:
        """Nobody listens there, or there is no way: the datagram is lost."""
        del exc
        self.undelivered += 1

    def connection_lost(self, exc: Exception | None) -> None:
        """The port is gone."""
        del exc
        self._transport = None
        self.end.line_down()
