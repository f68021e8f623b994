"""Pulls with a pin, one behind the other, so that the server keeps it for us however long a message takes."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from contextlib import suppress
from typing import TYPE_CHECKING, Final, Self

from gateway.errors import GatewayFault, TransientFault
from gateway.stream.inbox import Inbox, status_of
from gateway.stream.layout import SECOND
from gateway.text import Text, text_of

if TYPE_CHECKING:
    from nats.aio.msg import Msg

    from gateway.stream.connection import Connection

MOST_HELD: Final = 256
"""Messages that wait here, about."""
GROUP: Final = "owner"
TIMED_OUT: Final = "408"
"""Status of a pull that brought no more in its time."""
WORDS: Final = "Description"


class Unpinned(TransientFault):
    """The partition is somebody else's, or may be: what was not acknowledged comes again, to whoever is its owner."""

    def __init__(self, place: str, why: Text) -> None:
        super().__init__(Text(
            f"{place} 已不归本进程（{why.zh}）：未确认的由接手者重新处理，本进程转为待命",
            f"{place} is no longer ours ({why.en}): what was not acknowledged its new owner works on again, and we"
            " stand by",
        ))  # fmt: skip


def wanted(count: int, seconds: float, pin: str = "") -> bytes:
    """What a pull says: how many messages, for how long it waits, and the pin of who has one."""
    said = {"batch": count, "expires": int(seconds * SECOND), "group": GROUP, **({"id": pin} if pin else {})}
    return json.dumps(said).encode()


def words_of(status: Msg) -> str:
    """What the server says of a pull."""
    return (status.headers or {}).get(WORDS, status_of(status))


class Pulling:
    """What a consumer's owner is given, for as long as this is entered.

    Args:
        connection: to the server.
        consumer: ``STREAM.CONSUMER``.
        pin: ours.
        ttl: seconds after which the server forgets it without a pull.
        subject: of an inbox that nobody else has.
    """

    def __init__(self, connection: Connection, consumer: str, pin: str, ttl: float, subject: str) -> None:
        self._connection, self._place, self._pin, self._ttl = connection, consumer, pin, ttl
        self._subject = f"{connection.prefix}.CONSUMER.MSG.NEXT.{consumer}"
        self._inbox = Inbox(connection, subject, self._came)
        self._held: deque[Msg] = deque()
        self._left, self._over, self._news = 0, asyncio.Event(), asyncio.Event()
        self._lost: Unpinned | None = None
        self._sent = self._sure = connection.loop.time()
        """When the last pull was sent, and the last one that the server has served."""

    async def __aenter__(self) -> Self:
        """Begin to pull.

        Raises:
            Away: the line is down.
        """
        await self._inbox.opened()
        self._task = asyncio.create_task(self._pull())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._task.cancel()
        with suppress(asyncio.CancelledError):
            await self._task
        await self._inbox.close()

    async def next(self) -> Msg:
        """The next message, as soon as the server has lately let us know that we are the owner.

        Raises:
            Unpinned: we are not, or nobody says that we are.
        """
        while True:
            if self._lost is not None:
                raise self._lost
            if self._held and self._connection.loop.time() - self._sure < self._ttl:
                return self._held.popleft()
            self._news.clear()
            await self._news.wait()

    async def _pull(self) -> None:
        try:
            while self._lost is None:
                self._left = max(1, MOST_HELD - len(self._held))
                self._over.clear()
                self._sent = self._connection.loop.time()
                await self._connection.send(
                    self._subject, wanted(self._left, self._ttl / 2, self._pin), self._inbox.subject
                )
                ended = asyncio.wait_for(self._over.wait(), self._ttl / 2 + self._connection.wait)
                await self._connection.held(ended, self._place)
                if len(self._held) >= MOST_HELD:
                    await asyncio.sleep(self._ttl / 3)
        except GatewayFault as fault:
            self._lose(text_of(fault))

    async def _came(self, message: Msg) -> None:
        status = status_of(message)
        if not status:
            self._held.append(message)
            self._left -= 1
        elif status != TIMED_OUT:
            said = words_of(message)
            self._lose(Text(said, said))
        self._sure = self._sent
        if status or self._left <= 0:
            self._over.set()
        self._news.set()

    def _lose(self, why: Text) -> None:
        self._lost = Unpinned(self._place, why)
        self._news.set()
