"""Snapshots between workers: an object a partition, so that whoever takes it over need not read all of the stream."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from nats.js.api import ObjectMeta
from nats.js.errors import NotFoundError

from gateway.errors import OurFault
from gateway.stream.names import SNAPSHOTS, token

if TYPE_CHECKING:
    from gateway.stream.connection import Connection


@dataclass(frozen=True, slots=True)
class Shipping:
    """Of one partition. Every method raises as ``Connection.held``."""

    connection: Connection
    county: str
    partition: int

    @property
    def key(self) -> str:
        """The object's name."""
        return f"{token(self.county)}/{self.partition}"

    async def offset(self) -> int | None:
        """Up to which entry the state goes that was put there last; None: there is none."""
        store = await self.connection.held(self.connection.js.object_store(SNAPSHOTS), SNAPSHOTS)
        try:
            info = await self.connection.held(store.get_info(self.key), self.key)
        except OurFault as fault:
            if isinstance(fault.__cause__, NotFoundError):
                return None
            raise
        return int(info.description or 0)

    async def put(self, offset: int, packed: bytes) -> None:
        """Put one there, in place of the last."""
        store = await self.connection.held(self.connection.js.object_store(SNAPSHOTS), SNAPSHOTS)
        meta = ObjectMeta(name=self.key, description=str(offset))
        await self.connection.held(store.put(self.key, packed, meta), self.key)

    async def get(self) -> bytes:
        """The one that was put there last."""
        store = await self.connection.held(self.connection.js.object_store(SNAPSHOTS), SNAPSHOTS)
        found = await self.connection.held(store.get(self.key), self.key)
        return found.data or b""
