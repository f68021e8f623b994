"""Files that are named by what is in them, handed on through a bucket: each is stored once, whoever puts it there."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from gateway.on_disk import rename

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from gateway.stream.bucket import Bucket

UNFINISHED = ".new"


async def put_files(bucket: Bucket, paths: Iterable[Path]) -> int:
    """Store files in their order, each under its name, but those that are there; how many were stored.

    Raises:
        TransientFault, OurFault: as ``Bucket``.
        OSError: a file cannot be read.
    """
    stored = 0
    for path in paths:
        if not await bucket.has(path.name):
            await bucket.put(path.name, await asyncio.to_thread(path.read_bytes))
            stored += 1
    return stored


async def get_file(bucket: Bucket, path: Path) -> None:
    """Make a file of what was stored under its name: whole, or not at all; one that is there stays.

    Raises:
        TransientFault, OurFault: as ``Bucket``.
        OSError: it cannot be written.
    """
    if not await asyncio.to_thread(path.exists):
        data = await bucket.get(path.name)
        await asyncio.to_thread(_write_whole, path, data)


def _write_whole(path: Path, data: bytes) -> None:
    unfinished = path.with_name(path.name + UNFINISHED)
    unfinished.write_bytes(data)
    rename(unfinished, path)
