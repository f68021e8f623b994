"""Lines to a log server: TLS (RFC 5425), TCP with the same framing (RFC 6587, 3.4.1), UDP (RFC 5426)."""

from __future__ import annotations

import asyncio
import fcntl
import struct
import termios
from typing import TYPE_CHECKING, Final, Protocol
from urllib.parse import urlsplit

from gateway.upstream.syslog_message import framed

if TYPE_CHECKING:
    import ssl

PORTS: Final = {"tls": 6514, "tcp": 601, "udp": 514}
"""Where an address names none (RFC 5425, 4.1; RFC 3195; RFC 5426, 3.3)."""
CONNECT: Final = 10.0
"""Seconds that a connection may take."""
PATIENCE: Final = 30.0
"""Seconds for which a server may take nothing of what it is sent."""


class Line(Protocol):
    """One way to a log server, while it stands."""

    async def say(self, message: bytes) -> None:
        """Hand a message over.

        Raises:
            OSError: the line has ended, or takes nothing.
        """
        ...

    def is_taken(self) -> bool:
        """Whether the other machine has all that was handed over, as far as can be known.

        Raises:
            OSError: the line has ended.
        """
        ...

    def close(self) -> None:
        """End it."""
        ...


async def reach(address: str, context: ssl.SSLContext | None) -> Line:
    """A line to ``tls://``, ``tcp://`` or ``udp://host:port``; ``context``: of TLS.

    Raises:
        OSError: there is none, or it is not who it should be.
    """
    there = urlsplit(address)
    host, port = there.hostname or "localhost", there.port or PORTS[there.scheme]
    async with asyncio.timeout(CONNECT):
        if there.scheme == "udp":
            loop = asyncio.get_running_loop()
            return (await loop.create_datagram_endpoint(Datagrams, remote_addr=(host, port)))[1]
        return Stream(*await asyncio.open_connection(host, port, ssl=context))


class Stream:
    """A connection. The server says nothing on it, so that its end is all that is read."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer
        self._socket = writer.get_extra_info("socket")

    async def say(self, message: bytes) -> None:
        """Hand a message over; returns when the line has room for the next."""
        self._check()
        self._writer.write(framed(message))
        async with asyncio.timeout(PATIENCE):
            await self._writer.drain()

    def is_taken(self) -> bool:
        """Whether its machine has acknowledged every byte: nothing waits in our buffers, or in the kernel's."""
        self._check()
        waiting = fcntl.ioctl(self._socket.fileno(), termios.TIOCOUTQ, bytes(4))
        return not self._writer.transport.get_write_buffer_size() and struct.unpack("i", waiting)[0] == 0

    def _check(self) -> None:
        if self._reader.at_eof() or self._writer.is_closing():
            raise ConnectionResetError("the log server has ended the connection")

    def close(self) -> None:
        """End it; what was handed over still goes out."""
        self._writer.close()


class Datagrams(asyncio.DatagramProtocol):
    """Datagrams: what is lost on the way, nobody knows."""

    def __init__(self) -> None:
        self._transport: asyncio.DatagramTransport | None = None
        self._fault: Exception | None = None

    def connection_made(self, transport: asyncio.DatagramTransport) -> None:  # type: ignore[override]  # as asyncio has it
        """It can be sent from now on."""
        self._transport = transport

    def error_received(self, exc: Exception) -> None:
        """The other machine says that nobody is there."""
        self._fault = exc

    async def say(self, message: bytes) -> None:
        """Send one."""
        if self.is_taken() and self._transport is not None:
            self._transport.sendto(message)

    def is_taken(self) -> bool:
        """Nobody has said that it was not."""
        if self._fault is not None:
            raise self._fault
        return True

    def close(self) -> None:
        """End it."""
        if self._transport is not None:
            self._transport.close()
