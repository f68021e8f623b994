"""Objects in the streams' buckets: files that are named by what is in them, and one that is replaced by its next."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from nats.js.api import ObjectMeta
from nats.js.errors import NotFoundError

from gateway.errors import OurFault
from gateway.on_disk import rename

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from nats.js.object_store import ObjectStore

    from gateway.stream.connection import Connection

UNFINISHED = ".new"


class About(NamedTuple):
    """What stands beside an object: its bytes, and what its writer says of it."""

    size: int
    said: str


@dataclass(frozen=True, slots=True)
class Objects:
    """One bucket. Every method raises as ``Connection.held``."""

    connection: Connection
    bucket: str

    async def about(self, name: str) -> About | None:
        """What stands beside an object; None: there is none of that name."""
        store = await self._opened()
        try:
            info = await self.connection.held(store.get_info(name), self._place(name))
        except OurFault as fault:
            if isinstance(fault.__cause__, NotFoundError):
                return None
            raise
        return About(info.size or 0, info.description or "")

    async def put(self, name: str, data: bytes, said: str = "") -> None:
        """Store an object in place of the last of its name."""
        store = await self._opened()
        await self.connection.held(store.put(name, data, ObjectMeta(name=name, description=said)), self._place(name))

    async def get(self, name: str) -> bytes:
        """An object's bytes."""
        store = await self._opened()
        return (await self.connection.held(store.get(name), self._place(name))).data or b""

    async def put_files(self, paths: Iterable[Path]) -> int:
        """Store files in their order, each under its name, but those that are there; how many were stored.

        Raises:
            OSError: a file cannot be read.
        """
        stored = 0
        for path in paths:
            if await self.about(path.name) is None:
                await self.put(path.name, await asyncio.to_thread(path.read_bytes))
                stored += 1
        return stored

    async def get_file(self, path: Path) -> None:
        """Make a file of what was stored under its name: whole, or not at all; one that is there stays.

        Raises:
            OSError: it cannot be written.
        """
        if not await asyncio.to_thread(path.exists):
            data = await self.get(path.name)
            await asyncio.to_thread(_write_whole, path, data)

    def _place(self, name: str) -> str:
        return f"{self.bucket}/{name}"

    async def _opened(self) -> ObjectStore:
        return await self.connection.held(self.connection.js.object_store(self.bucket), self.bucket)


def _write_whole(path: Path, data: bytes) -> None:
    unfinished = path.with_name(path.name + UNFINISHED)
    unfinished.write_bytes(data)
    rename(unfinished, path)
