"""Objects by key, as large as they are: snapshots, configurations. What is read is what was written, or a fault."""

from __future__ import annotations

import asyncio
import io
import json
from typing import TYPE_CHECKING, Any, Final, TypeVar

from nats.js.errors import DigestMismatchError, ObjectDeletedError, ObjectNotFoundError
from nats.js.object_store import ObjectStore

from gateway.errors import OurFault
from gateway.stream.faults import NotThere
from gateway.stream.inbox import status_of
from gateway.stream.layout import lay, objects
from gateway.text import Text

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from gateway.stream.connection import Connection

Given = TypeVar("Given")
SLOWEST: Final = 1_000_000
"""Bytes a second below which the transfer of an object is given up."""


class Bucket:
    """An object bucket; in the connection's loop. ``replicas``: of its stream, where it is made."""

    def __init__(self, connection: Connection, name: str, *, replicas: int = 1) -> None:
        self._connection, self.name = connection, name
        self._layout = objects(name, replicas=replicas)
        self._store = ObjectStore(name, self._layout.name, connection.js)

    async def lay(self) -> None:
        """Make it where it is not there.

        Raises:
            UserFault: a stream is there that is no such bucket. TransientFault: the server cannot be asked.
        """
        await lay(self._connection, self._layout)

    async def put(self, key: str, data: bytes) -> None:
        """Store an object, in the place of the one before.

        Raises:
            NotThere: there is no such bucket. TransientFault: it is not surely stored. Full: there is no room.
        """
        await self._in_time(self._store.put(key, data), key, len(data))

    async def get(self, key: str) -> bytes:
        """An object.

        Raises:
            NotThere: no object, or no bucket, of that name.
            OurFault: it is damaged. TransientFault: it cannot be read now.
        """
        info = await self._in_time(self._store.get_info(key), key, 0)
        into = io.BytesIO()
        await self._in_time(self._store.get(key, into), key, info.size or 0)
        return into.getvalue()

    async def has(self, key: str) -> bool:
        """Whether an object is there.

        Raises:
            TransientFault: it cannot be seen now.
        """
        try:
            await self._in_time(self._store.get_info(key), key, 0)
        except NotThere:
            return False
        return True

    async def keys(self) -> list[str]:
        """Keys of the objects that are there, the oldest first.

        Raises:
            TransientFault: they cannot be listed now.
        """
        wanted = json.dumps({"multi_last": [f"$O.{self.name}.M.>"]}).encode()
        found = await self._connection.answers(f"{self._connection.prefix}.DIRECT.GET.{self._layout.name}", wanted)
        said = [json.loads(message.data) for message in found if not status_of(message)]
        return [one["name"] for one in said if not one.get("deleted")]

    async def remove(self, key: str) -> None:
        """Let an object go; one that is not there is no error.

        Raises:
            TransientFault: it is not surely gone.
        """
        if await self.has(key):
            await self._in_time(self._store.delete(key), key, 0)

    async def _in_time(self, work: Coroutine[Any, Any, Given], key: str, size: int) -> Given:
        """The library waits for the next part of an object for ever."""
        place, wait = f"{self.name}/{key}", self._connection.wait + size / SLOWEST
        try:
            return await self._connection.held(_told(asyncio.wait_for(work, wait)), place)
        except _Gone as fault:
            raise NotThere(
                Text(f"消息服务器上没有对象 {place}", f"the message server has no object {place}")
            ) from fault
        except _Other as fault:
            raise OurFault(Text(
                f"消息服务器上的对象 {place} 与写入时不同：已损坏，请从备份恢复",
                f"the object {place} on the message server is not what was written: restore it from a backup",
            )) from fault  # fmt: skip


class _Gone(Exception):
    """There is no such object."""


class _Other(Exception):
    """It is not what was written."""


async def _told(work: Coroutine[Any, Any, Given]) -> Given:
    try:
        return await work
    except (ObjectNotFoundError, ObjectDeletedError) as fault:
        raise _Gone from fault
    except DigestMismatchError as fault:
        raise _Other from fault
