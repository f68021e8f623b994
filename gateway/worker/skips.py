"""Entries that no engine can step: one worker finds such an entry, and every worker passes over it from then on."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nats.js.errors import NoKeysError

from gateway.stream.faults import NotThere
from gateway.stream.names import SKIPPED, token

if TYPE_CHECKING:
    from gateway.journal.controls import Skipped
    from gateway.stream.connection import Connection


@dataclass(frozen=True, slots=True)
class Skips:
    """Of one partition. Every method raises as ``Connection.held``."""

    connection: Connection
    county: str
    partition: int

    @property
    def _begin(self) -> str:
        return f"{token(self.county)}.{self.partition}."

    async def known(self) -> dict[int, str]:
        """The entries by offset, with the class of the exception."""
        held, found = self.connection.held, {}
        bucket = await held(self.connection.js.key_value(SKIPPED), SKIPPED)
        try:
            names = await held(bucket.keys(filters=[f"{self._begin}*"]), SKIPPED)
        except NotThere as fault:
            if isinstance(fault.__cause__, NoKeysError):
                return {}
            raise
        for name in names:
            said = (await held(bucket.get(name), SKIPPED)).value or b""
            found[int(name.removeprefix(self._begin))] = said.decode()
        return found

    def name(self, skipped: Skipped) -> None:
        """Tell all workers of one; called in the engine's thread, it returns once that is stored."""
        asyncio.run_coroutine_threadsafe(self._put(skipped), self.connection.loop).result()

    async def _put(self, skipped: Skipped) -> None:
        held = self.connection.held
        bucket = await held(self.connection.js.key_value(SKIPPED), SKIPPED)
        await held(bucket.put(f"{self._begin}{skipped.offset}", skipped.fault.encode()), SKIPPED)
