"""What is known of cells, by version, for a worker: fetched from the streams when an entry first names it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

import structlog

from gateway.fusion.scan.known import NOTHING_KNOWN
from gateway.stream.faults import NotThere
from gateway.stream.files import get_file

if TYPE_CHECKING:
    from gateway.fusion.scan.known import Known
    from gateway.stream.bucket import Bucket
    from gateway.stream.connection import Connection
    from gateway.towers.shelf import TowerShelf
    from gateway.towers.versions import TowerVersions

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class FetchedTowers:
    """Versions as ``step`` asks for them, in the engine's thread.

    Raises:
        TransientFault: it cannot be fetched now.
        OurFault: it is damaged.
    """

    connection: Connection
    bucket: Bucket
    versions: TowerVersions
    shelf: TowerShelf

    def __call__(self, digest: str) -> Known:
        """The version of a digest."""
        if digest and not self.versions.is_there(digest):
            try:
                asyncio.run_coroutine_threadsafe(self._fetch(digest), self.connection.loop).result()
            except NotThere as fault:
                log.error("what is known of cells was not forwarded; nothing is known of them", fault=str(fault))
                self.shelf.put(digest, NOTHING_KNOWN)
        return self.shelf(digest)

    async def _fetch(self, digest: str) -> None:
        """Its own file says what else it is made of; where one of those is missing, all of it is asked for again."""
        about = self.versions.path_of(digest)
        about.parent.mkdir(0o700, parents=True, exist_ok=True)
        await get_file(self.bucket, about)
        for path in self.versions.files(digest):
            await get_file(self.bucket, path)
