"""A bucket of keys in the streams: small texts, each the last that was put under its key."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from nats.js.errors import KeyNotFoundError, NoKeysError

from gateway.errors import OurFault
from gateway.stream.layout import keys, lay

if TYPE_CHECKING:
    from nats.js.kv import KeyValue

    from gateway.stream.connection import Connection


@dataclass(frozen=True, slots=True)
class Keys:
    """One bucket. Every method raises as ``Connection.held``."""

    connection: Connection
    bucket: str

    async def lay(self, replicas: int = 1) -> None:
        """Make it where it is not there.

        Raises:
            UserFault: a stream is there that is no such bucket.
        """
        await lay(self.connection, keys(self.bucket, replicas=replicas))

    async def put(self, key: str, value: bytes) -> None:
        """Put a value, in place of the last."""
        bucket = await self._opened()
        await self.connection.held(bucket.put(key, value), f"{self.bucket}/{key}")

    async def under(self, prefix: str = "") -> dict[str, bytes]:
        """All keys that begin with a prefix, which ends with a dot or is empty, and what stands under each."""
        bucket, found = await self._opened(), {}
        for key in await self._names(bucket, f"{prefix}>"):
            try:
                entry = await self.connection.held(bucket.get(key), f"{self.bucket}/{key}")
            except OurFault as fault:
                if not isinstance(fault.__cause__, KeyNotFoundError):
                    raise
            else:
                found[key] = entry.value or b""
        return found

    async def _names(self, bucket: KeyValue, pattern: str) -> list[str]:
        try:
            return await self.connection.held(bucket.keys(filters=[pattern]), self.bucket)
        except OurFault as fault:
            if isinstance(fault.__cause__, NoKeysError):
                return []
            raise

    async def _opened(self) -> KeyValue:
        return await self.connection.held(self.connection.js.key_value(self.bucket), self.bucket)
