"""Snapshots between workers: an object a partition, so that whoever takes it over need not read all of the stream."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gateway.stream.names import token

if TYPE_CHECKING:
    from gateway.stream.files import Objects


@dataclass(frozen=True, slots=True)
class Shipping:
    """Of one partition. Every method raises as ``Objects``."""

    objects: Objects
    county: str
    partition: int

    @property
    def key(self) -> str:
        """The object's name."""
        return f"{token(self.county)}/{self.partition}"

    async def offset(self) -> int | None:
        """Up to which entry the state goes that was put there last; None: there is none, or nobody knows of it."""
        about = await self.objects.about(self.key)
        return int(about.said) if about is not None and about.said.isdigit() else None

    async def put(self, offset: int, packed: bytes) -> None:
        """Put one there, in place of the last."""
        await self.objects.put(self.key, packed, str(offset))

    async def get(self) -> bytes:
        """The one that was put there last."""
        return await self.objects.get(self.key)
