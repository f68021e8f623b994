"""The streams of a city on a server, as tests use them."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from gateway.settings.model import Credential
from gateway.stream import layout
from gateway.stream.connection import Connection

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

NOBODY = Credential()


@asynccontextmanager
async def city_streams(url: str, **limits: Any) -> AsyncIterator[Connection]:
    """The streams, ALARMS with other limits where some are given, and a connection of the city's own."""
    async with Connection(url, NOBODY) as city:
        if limits:
            await city.ask("STREAM.CREATE.ALARMS", {**layout.alarms().whole, **limits})
        for each in (layout.alarms(), layout.life(), layout.acts())[bool(limits) :]:
            await layout.lay(city, each)
        yield city
