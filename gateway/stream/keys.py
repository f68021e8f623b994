"""A bucket of keys in the streams, as clients of NATS read one: small texts, the last that was put under each key."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gateway.stream.inbox import status_of
from gateway.stream.layout import keys, lay

if TYPE_CHECKING:
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
        """Put a value, in place of the last; durable on return."""
        await self.connection.publish(self._subject(key), value)

    async def under(self, prefix: str = "") -> dict[str, bytes]:
        """All keys that begin with a prefix, which ends with a dot or is empty, and what stands under each."""
        wanted = json.dumps({"multi_last": [self._subject(f"{prefix}>")]}).encode()
        found = await self.connection.answers(f"{self.connection.prefix}.DIRECT.GET.KV_{self.bucket}", wanted)
        begin = self._subject("")
        return {
            (message.headers or {})["Nats-Subject"].removeprefix(begin): message.data
            for message in found
            if not status_of(message)
        }

    def _subject(self, key: str) -> str:
        return f"$KV.{self.bucket}.{key}"
