"""Configurations of a county in an object bucket, by digest; one object beside them says when each was last needed."""

from __future__ import annotations

import json
import zlib
from typing import TYPE_CHECKING, Final

from gateway.errors import OurFault
from gateway.stream.bucket import Bucket
from gateway.stream.faults import NotThere
from gateway.stream.names import configurations_bucket
from gateway.text import Text

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from gateway.stream.connection import Connection

NEEDED: Final = "needed"
"""The object that says by digest when it was last needed, UTC epoch seconds, as JSON."""


class Configurations:
    """Those of a county; in the connection's loop."""

    def __init__(self, connection: Connection, code: str, *, replicas: int | None = None) -> None:
        self._bucket = Bucket(connection, configurations_bucket(code), replicas=replicas)

    async def store(self, digest: str, sources: Mapping[str, str]) -> None:
        """Keep a configuration's texts under their digest; storing one twice is no error.

        Raises:
            TransientFault: they cannot be stored now. UserFault: another stream has the bucket's name.
        """
        await self._bucket.lay()
        if not await self._bucket.has(digest):
            await self._bucket.put(digest, zlib.compress(json.dumps(dict(sources)).encode()))

    async def stored(self, digest: str) -> dict[str, str]:
        """Texts of a configuration, by file.

        Raises:
            OurFault: the digest is not stored, or damaged. TransientFault: it cannot be read now.
        """
        try:
            found: dict[str, str] = json.loads(zlib.decompress(await self._bucket.get(digest)))
        except NotThere as fault:
            raise OurFault(Text(
                f"流中没有配置 {digest[:12]}：请由县里的网关重新转发",
                f"configuration {digest[:12]} is not in the stream: have the county's gateway forward it anew",
            )) from fault  # fmt: skip
        return found

    async def keep(self, digests: Collection[str], now: float, horizon: float) -> int:
        """Note which are needed now; let those go that nobody has needed since ``horizon``. Returns how many are gone.

        Of two that note at once one may be forgotten until the next time: a horizon lies days back.

        Raises:
            TransientFault: nothing, or not all, was done.
        """
        await self._bucket.lay()
        # What is known of cells lies here too, as files with an ending.
        known = {key for key in await self._bucket.keys() if "." not in key}
        before = json.loads(await self._bucket.get(NEEDED)) if NEEDED in known else {}
        known.discard(NEEDED)
        last = {digest: now if digest in digests else before.get(digest, now) for digest in known}
        last = {digest: max(time, before.get(digest, time)) for digest, time in last.items()}
        gone = [digest for digest, time in last.items() if time < horizon]
        for digest in gone:
            await self._bucket.remove(digest)
        await self._bucket.put(NEEDED, json.dumps({d: time for d, time in last.items() if d not in gone}).encode())
        return len(gone)
