"""Files that are named by what is in them, handed on through an object bucket: each is stored once, whoever puts it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from nats.js.api import ObjectMeta
from nats.js.errors import NotFoundError

from gateway.errors import OurFault
from gateway.on_disk import rename

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from gateway.stream.connection import Connection

UNFINISHED = ".new"


async def put_files(connection: Connection, bucket: str, paths: Iterable[Path]) -> int:
    """Store files in their order, each under its name, but those that are there; how many were stored.

    Raises:
        TransientFault, OurFault: as ``Connection.held``.
        OSError: a file cannot be read.
    """
    store = await connection.held(connection.js.object_store(bucket), bucket)
    stored = 0
    for path in paths:
        if not await _is_there(connection, bucket, path.name):
            data = await asyncio.to_thread(path.read_bytes)
            await connection.held(store.put(path.name, data, ObjectMeta(name=path.name)), f"{bucket}/{path.name}")
            stored += 1
    return stored


async def get_file(connection: Connection, bucket: str, path: Path) -> None:
    """Make a file of what was stored under its name: whole, or not at all; one that is there stays.

    Raises:
        TransientFault, OurFault: as ``Connection.held``.
        OSError: it cannot be written.
    """
    if path.exists():
        return
    store = await connection.held(connection.js.object_store(bucket), bucket)
    unfinished = path.with_name(path.name + UNFINISHED)
    with unfinished.open("wb") as out:
        await connection.held(store.get(path.name, writeinto=out), f"{bucket}/{path.name}")
    rename(unfinished, path)


async def _is_there(connection: Connection, bucket: str, name: str) -> bool:
    store = await connection.held(connection.js.object_store(bucket), bucket)
    try:
        await connection.held(store.get_info(name), f"{bucket}/{name}")
    except OurFault as fault:
        if isinstance(fault.__cause__, NotFoundError):
            return False
        raise
    return True
