"""What comes under a subject, held until somebody takes it."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Self

import nats.errors

from gateway.stream.names import STATUS

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from nats.aio.msg import Msg
    from nats.aio.subscription import Subscription

    from gateway.stream.connection import Connection


class Inbox:
    """What comes under a subject, in order; what has come is still there when the line goes down."""

    def __init__(
        self, connection: Connection, subject: str, told: Callable[[Msg], Awaitable[None]] | None = None
    ) -> None:
        """``told``: is given each message as it comes; None: they are taken by :meth:`next`."""
        self.subject, self._connection, self._told = subject, connection, told or self._put
        self._came: asyncio.Queue[Msg] = asyncio.Queue()
        self._subscription: Subscription | None = None

    async def opened(self) -> Self:
        """Subscribe.

        Raises:
            Away: the line is down.
        """
        work = self._connection.client.subscribe(self.subject, cb=self._told)
        self._subscription = await self._connection.held(work, self.subject)
        return self

    @property
    def has_more(self) -> bool:
        """Whether the next message has come already."""
        return not self._came.empty()

    async def next(self, wait: float) -> Msg:
        """The next message.

        Raises:
            InDoubt: none came within so many seconds, or the line went down.
        """
        if not self._came.empty():
            return self._came.get_nowait()
        return await self._connection.held(asyncio.wait_for(self._came.get(), wait), self.subject)

    async def close(self) -> None:
        """Hear no more."""
        if self._subscription is not None:
            with suppress(nats.errors.Error):
                await self._subscription.unsubscribe()

    async def _put(self, message: Msg) -> None:
        self._came.put_nowait(message)


def status_of(message: Msg) -> str:
    """Of what JetStream says of a request, its number; empty: it is a message."""
    return (message.headers or {}).get(STATUS, "")
