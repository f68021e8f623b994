"""Objects by key, as large as they are: snapshots, configurations. What is read is what was written, or a fault."""

from __future__ import annotations

import asyncio
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final, TypeVar

from nats.js.errors import ObjectDeletedError, ObjectNotFoundError
from nats.js.object_store import ObjectStore

from gateway.errors import OurFault
from gateway.stream.faults import NotThere
from gateway.stream.holes import LOOK_AGAIN, MOST_BYTES, lagging
from gateway.stream.layout import REPLICAS, lay, objects
from gateway.stream.names import SEQUENCE
from gateway.text import Text

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from nats.aio.msg import Msg
    from nats.js.api import ObjectInfo

    from gateway.stream.connection import Connection

Given = TypeVar("Given")
SLOWEST: Final = 1_000_000
"""Bytes a second below which the transfer of an object is given up."""
MOST_PARTS, MOST_KEYS = 64, 512
"""That are asked for at once; the server lists no more than 1,024."""


class Bucket:
    """An object bucket; in the connection's loop. ``replicas``: of its stream; None: as it is, or 1."""

    def __init__(self, connection: Connection, name: str, *, replicas: int | None = None) -> None:
        self._connection, self.name = connection, name
        self._layout = objects(name, replicas=replicas or 1)
        self._besides = () if replicas is None else (REPLICAS,)
        self._store = ObjectStore(name, self._layout.name, connection.js)

    async def lay(self) -> None:
        """Make it where it is not there.

        Raises:
            UserFault: a stream is there that is no such bucket. TransientFault: the server cannot be asked.
        """
        await lay(self._connection, self._layout, self._besides)

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
        found, digest = b"".join(await self._parts(info)), info.digest or ""
        if sha256(found).digest() != urlsafe_b64decode(digest.partition("=")[2]):
            raise OurFault(Text(
                f"消息服务器上的对象 {self.name}/{key} 与写入时不同：已损坏，请从备份恢复",
                f"the object {self.name}/{key} on the message server is not what was written: restore it from a backup",
            ))  # fmt: skip
        return found

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
        found: list[tuple[int, bytes]] = []
        subjects = await self._abouts()
        for begin in range(0, len(subjects), MOST_KEYS):
            *said, _ = await self._direct({"multi_last": subjects[begin : begin + MOST_KEYS]})
            found += [(int((message.headers or {})[SEQUENCE]), message.data) for message in said]
        about = [json.loads(data) for _, data in sorted(found)]
        return [one["name"] for one in about if not one.get("deleted")]

    async def remove(self, key: str) -> None:
        """Let an object go; one that is not there is no error.

        Raises:
            TransientFault: it is not surely gone.
        """
        if await self.has(key):
            await self._in_time(self._store.delete(key), key, 0)
        # The library leaves word that it was there: of a key a snapshot that would be more than can be listed.
        about = f"{self._about}{urlsafe_b64encode(key.encode()).decode()}"
        await self._connection.ask(f"STREAM.PURGE.{self._layout.name}", {"filter": about})

    @property
    def _about(self) -> str:
        return f"$O.{self.name}.M."

    async def _abouts(self) -> list[str]:
        """The subjects under which it stands what each object is."""
        found: dict[str, int] = {}
        while True:
            wanted = {"subjects_filter": f"{self._about}>", "offset": len(found)}
            said = await self._connection.ask(f"STREAM.INFO.{self._layout.name}", wanted)
            part = said["state"].get("subjects") or {}
            found |= part
            if not part or len(found) >= int(said.get("total", 0)):
                return list(found)

    async def _parts(self, info: ObjectInfo) -> list[bytes]:
        """The parts of an object in order: the library would wait for ever for one that is gone.

        Raises:
            Away: no replica has all of them.
        """
        found: list[bytes] = []
        sequence, subject = 1, f"$O.{self.name}.C.{info.nuid}"
        deadline = self._connection.loop.time() + self._connection.wait
        while len(found) < (info.chunks or 0):
            wanted = {"seq": sequence, "next_by_subj": subject, "batch": MOST_PARTS, "max_bytes": MOST_BYTES}
            *parts, _ = await self._direct(wanted)
            if parts:
                sequence = int((parts[-1].headers or {})[SEQUENCE]) + 1
            elif self._connection.loop.time() > deadline:
                raise lagging(f"{self.name}/{info.name}")
            else:
                await asyncio.sleep(LOOK_AGAIN)
            found += [part.data for part in parts]
        return found

    async def _direct(self, wanted: dict[str, object]) -> list[Msg]:
        subject = f"{self._connection.prefix}.DIRECT.GET.{self._layout.name}"
        return await self._connection.answers(subject, json.dumps(wanted).encode())

    async def _in_time(self, work: Coroutine[Any, Any, Given], key: str, size: int) -> Given:
        """What the library does with an object of so many bytes, not for ever."""
        place, wait = f"{self.name}/{key}", self._connection.wait + size / SLOWEST
        try:
            return await self._connection.held(_told(asyncio.wait_for(work, wait)), place)
        except _Gone as fault:
            said = Text(f"消息服务器上没有对象 {place}", f"the message server has no object {place}")
            raise NotThere(said) from fault


class _Gone(Exception):
    """There is no such object."""


async def _told(work: Coroutine[Any, Any, Given]) -> Given:
    try:
        return await work
    except (ObjectNotFoundError, ObjectDeletedError) as fault:
        raise _Gone from fault
