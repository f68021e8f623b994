"""A county's line to the city, which can be cut: what its leaf dials are ports here, and a node is behind each."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Final

from gateway.demo.broker import free_port

if TYPE_CHECKING:
    from collections.abc import Sequence

PIECE: Final = 65_536


@dataclass(slots=True)
class Uplink:
    """One county's lines to all nodes, in this process.

    Attributes:
        nodes: ports of the nodes, for leaves.
        ports: what stands for each of them.
        is_cut: whether nothing passes.
    """

    nodes: Sequence[int]
    ports: tuple[int, ...] = ()
    is_cut: bool = False
    _servers: list[asyncio.Server] = field(default_factory=list)
    _open: set[asyncio.StreamWriter] = field(default_factory=set)
    _going: set[asyncio.Task[None]] = field(default_factory=set)
    _passes: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.ports = tuple(free_port() for _ in self.nodes)
        self._passes.set()

    async def start(self) -> None:
        """Listen."""
        for port, node in zip(self.ports, self.nodes, strict=True):
            self._servers.append(await asyncio.start_server(partial(self._come, node), "127.0.0.1", port))

    def cut(self, *, silently: bool) -> None:
        """Let nothing pass: both ends are told, or ``silently``: they hear nothing more, and learn it by that."""
        self.is_cut = True
        self._passes.clear()
        if not silently:
            self._end_all()

    def mend(self) -> None:
        """Let everything pass; what waited on a line that was cut silently is late, and nothing of it is lost."""
        self.is_cut = False
        self._passes.set()

    async def close(self) -> None:
        """End it."""
        for server in self._servers:
            server.close()
        for task in self._going:
            task.cancel()
        await asyncio.gather(*self._going)

    def _end_all(self) -> None:
        for writer in list(self._open):
            self._end(writer)

    def _end(self, writer: asyncio.StreamWriter) -> None:
        self._open.discard(writer)
        writer.transport.abort()

    def _come(self, node: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.get_running_loop().create_task(self._serve(node, reader, writer))
        self._going.add(task)
        task.add_done_callback(self._going.discard)

    async def _serve(self, node: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Until one end has gone; while the line is cut it is not even begun."""
        self._open.add(writer)
        try:
            await self._passes.wait()
            there, back = await asyncio.open_connection("127.0.0.1", node)
            self._open.add(back)
            try:
                await self._both((reader, back), (there, writer))
            finally:
                self._end(back)
        except (OSError, asyncio.CancelledError):
            pass  # the node is down, and the leaf tries another one; or all is over
        finally:
            self._end(writer)

    async def _both(self, *ways: tuple[asyncio.StreamReader, asyncio.StreamWriter]) -> None:
        going = [asyncio.create_task(self._pass(*each)) for each in ways]
        try:
            await asyncio.wait(going, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for each in going:
                each.cancel()
            await asyncio.gather(*going, return_exceptions=True)

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while piece := await reader.read(PIECE):
                await self._passes.wait()
                writer.write(piece)
                await writer.drain()
