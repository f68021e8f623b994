"""A line between a client and a server that is slow, breaks off in the midst of a message, or falls silent there."""

from __future__ import annotations

import asyncio
import socket
import struct
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from random import Random

RESET = struct.pack("ii", 1, 0)
"""SO_LINGER: on, and no time: what was not sent is gone, and the other end is told that it is over."""
PIECE = 4096


@dataclass(frozen=True)
class Fate:
    """One connection's: how many bytes pass up and down (None: all), in pieces of which size, each after a pause (s).

    Then it is cut; or ``hangs``: it stays, and nothing passes that way any more.
    """

    up: int | None = None
    down: int | None = None
    piece: int = PIECE
    pause: float = 0.0
    hangs: bool = False

    @classmethod
    def drawn(cls, chance: Random, most: int) -> Fate:
        """Over on its way up, or on its way down, within so many bytes; sometimes slow, a few bytes at a time."""
        at, is_up = chance.randrange(most), chance.random() < 0.5
        piece, pause = chance.choice([(7, 0.0), (100, 0.001), (PIECE, 0.0)])
        return cls(at if is_up else None, None if is_up else at, piece, pause, hangs=chance.random() < 0.3)


@dataclass
class FaultyLine:
    """``fates`` of the next connections; who comes after those has a sound line."""

    server_port: int
    fates: list[Fate] = field(default_factory=list)
    _open: set[asyncio.StreamWriter] = field(default_factory=set)

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        while self._open:
            self.cut()
            await asyncio.sleep(0)

    def cut(self) -> None:
        """End what is open now."""
        for writer in list(self._open):
            _reset(writer)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        fate = self.fates.pop(0) if self.fates else Fate()
        self._open.add(writer)
        with suppress(OSError):
            to_read, to_write = await asyncio.open_connection("127.0.0.1", self.server_port)
            self._open.add(to_write)
            ways = [_pass(reader, to_write, fate.up, fate), _pass(to_read, writer, fate.down, fate)]
            _, left = await asyncio.wait(map(asyncio.ensure_future, ways), return_when=asyncio.FIRST_COMPLETED)
            for one in left:
                one.cancel()
            await asyncio.wait(left) if left else None
            self._open.discard(to_write)
            _reset(to_write)
        self._open.discard(writer)
        _reset(writer)


def _reset(writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
    writer.transport.abort()


async def _pass(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, most: int | None, fate: Fate) -> None:
    """Pass on until the end, or so many bytes."""
    with suppress(ConnectionError):
        while data := await reader.read(fate.piece if most is None else min(fate.piece, most)):
            await asyncio.sleep(fate.pause)
            writer.write(data)
            await writer.drain()
            most = None if most is None else most - len(data)
        while most == 0 and fate.hangs and await reader.read(PIECE):
            pass
