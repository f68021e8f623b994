"""Entries that no engine can step: one worker finds such an entry, and every worker passes over it from then on."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gateway.stream.names import token

if TYPE_CHECKING:
    from gateway.journal.controls import Skipped
    from gateway.stream.keys import Keys


@dataclass(frozen=True, slots=True)
class Skips:
    """Of one partition. Every method raises as ``Keys``."""

    keys: Keys
    county: str
    partition: int

    @property
    def _begin(self) -> str:
        return f"{token(self.county)}.{self.partition}."

    async def known(self) -> dict[int, str]:
        """The entries by offset, with the class of the exception."""
        found = await self.keys.under(self._begin)
        return {int(key.removeprefix(self._begin)): said.decode() for key, said in found.items()}

    def name(self, skipped: Skipped) -> None:
        """Tell all workers of one; called in the engine's thread, it returns once that is stored."""
        put = self.keys.put(f"{self._begin}{skipped.offset}", skipped.fault.encode())
        asyncio.run_coroutine_threadsafe(put, self.keys.connection.loop).result()
