"""The console's end of the control socket: questions one by one, and what changes, as it is told."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import msgspec

from gateway.control.address import reachable
from gateway.control.client import PATIENCE, granted
from gateway.control.messages import Reply, Request
from gateway.decoded import from_json, plain_json
from gateway.errors import TransientFault
from gateway.words.phrases import phrase

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator
    from pathlib import Path

    from gateway.console.visitor import Visitor

LONGEST_LINE = 16 << 20
"""Bytes of a reply: a track of 31 days is long."""


@dataclass(slots=True)
class Link:
    """Asks the daemon whose socket stands at ``path``; each question on a connection of its own."""

    path: Path
    patience: float = PATIENCE
    _asking: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(8))

    async def ask(self, request: Request, visitor: Visitor | None = None) -> dict[str, Any]:
        """What is asked for, in the name of a visitor, whose rights the daemon checks; None: of the console itself.

        Raises:
            UserFault: it was refused; the text is in the visitor's language.
            TransientFault: the daemon is away, or cannot do it now.
            OurFault: it failed at it.
        """
        if visitor is not None:
            language = visitor.language
            request = msgspec.structs.replace(request, by=visitor.number, for_staff=True, language=language)
        async with self._asking:
            try:
                async with asyncio.timeout(self.patience):
                    return granted(await self._asked(request))
            except TimeoutError as fault:
                raise TransientFault(phrase("no_answer")) from fault

    async def _asked(self, request: Request) -> Reply:
        async with self._connected(request) as reader:
            line = await reader.readline()
        if not line:
            raise TransientFault(phrase("no_answer"))
        return from_json(line, Reply)

    async def follow(self) -> AsyncGenerator[dict[str, Any], None]:
        """What changes, a mapping each, until the daemon goes.

        Raises:
            TransientFault: it is away.
        """
        async with self._connected(Request(do="follow")) as reader:
            while line := await reader.readline():
                yield plain_json(line)

    @asynccontextmanager
    async def _connected(self, request: Request) -> AsyncIterator[asyncio.StreamReader]:
        """What the daemon says to a request."""
        try:
            with reachable(self.path) as address:
                reader, writer = await asyncio.open_unix_connection(address, limit=LONGEST_LINE)
        except OSError as fault:
            raise TransientFault(phrase("not_running", directory=self.path.parent)) from fault
        try:
            writer.write(msgspec.json.encode(request) + b"\n")
            yield reader
        except OSError as fault:
            raise TransientFault(phrase("no_answer")) from fault
        finally:
            writer.close()
