"""Snapshots between workers: an object a partition, so that whoever takes it over need not read all of the stream."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gateway.stream.names import token

if TYPE_CHECKING:
    from gateway.stream.bucket import Bucket


@dataclass(frozen=True, slots=True)
class Shipping:
    """Of one partition: keys end with the offset up to which the state goes. Every method raises as ``Bucket``."""

    bucket: Bucket
    county: str
    partition: int

    async def offset(self) -> int | None:
        """Up to which entry the newest goes; None: there is none."""
        return max(await self._offsets(), default=None)

    async def put(self, offset: int, packed: bytes) -> None:
        """Put one there, and let the others go."""
        await self.bucket.put(self._key(offset), packed)
        for other in await self._offsets():
            if other != offset:
                await self.bucket.remove(self._key(other))

    async def get(self, offset: int) -> bytes:
        """The one that goes up to an entry."""
        return await self.bucket.get(self._key(offset))

    async def _offsets(self) -> list[int]:
        prefix = self._key("")
        ends = [key.removeprefix(prefix) for key in await self.bucket.keys() if key.startswith(prefix)]
        return [int(end) for end in ends if end.isdigit()]

    def _key(self, offset: int | str) -> str:
        return f"{token(self.county)}/{self.partition}/{offset}"
