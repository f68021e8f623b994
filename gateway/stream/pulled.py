"""What lies in a stream, taken by a durable consumer: what is not acknowledged is said again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple, Self

from gateway.stream.faults import Away, InDoubt
from gateway.stream.inbox import status_of
from gateway.text import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gateway.stream.connection import Connection
    from gateway.stream.inbox import Inbox

EXPIRES: Final = 10.0
"""Seconds for which the server keeps what we ask for; then it is asked anew, so that a lost request costs no more."""
MARGIN: Final = 2.0
REPEAT_AFTER: Final = 60.0
"""Seconds after which what was given and not acknowledged is given again, where nobody says otherwise."""
SECOND: Final = 1_000_000_000
"""In the server's nanoseconds."""
ACKNOWLEDGED, REFUSED, AGAIN = b"+ACK", b"+TERM", b"-NAK"
OVER: Final = frozenset({"404", "408"})
"""What the server says of a request whose time is over, or for which there was nothing."""


class Taken(NamedTuple):
    """A message: its subject, its bytes, where it is answered, and when the server stored it (UTC epoch seconds)."""

    subject: str
    body: bytes
    reply: str
    stored: float


class Pulled:
    """One durable consumer, to be entered on a connection that is up.

    Args:
        connection: where.
        stream: of which stream.
        name: of the consumer: the same at every start, and nobody else's.
        subject: what alone is read of the stream.
        most: messages that are on their way at once.
        repeat_after: seconds after which what was given and not acknowledged is given again.
    """

    def __init__(
        self, connection: Connection, stream: str, name: str, subject: str, most: int = 100,
        repeat_after: float = REPEAT_AFTER,
    ) -> None:  # fmt: skip
        self._connection, self._stream, self._name, self._subject, self._most = connection, stream, name, subject, most
        self._repeat_after = repeat_after
        self._inbox: Inbox
        self._asked = 0
        """Messages that may still come of the last request."""

    async def __aenter__(self) -> Self:
        """Make the consumer, or find it as it was left.

        Raises:
            GatewayFault: there is no such stream, or nobody is there.
        """
        wanted = {
            "durable_name": self._name, "name": self._name, "filter_subject": self._subject, "ack_policy": "explicit",
            "deliver_policy": "all", "ack_wait": int(self._repeat_after * SECOND), "max_deliver": -1,
            "max_ack_pending": 10 * self._most,
        }  # fmt: skip
        await self._connection.ask(
            f"CONSUMER.CREATE.{self._stream}.{self._name}.{self._subject}",
            {"stream_name": self._stream, "config": wanted, "action": ""},
        )
        self._inbox = await self._connection.inbox()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._inbox.close()

    async def some(self) -> list[Taken]:
        """The next messages in their order, one at least; waits for them.

        Raises:
            TransientFault: the line is down.
            OurFault: the consumer is gone.
        """
        while True:
            if not self._asked:
                await self._ask()
            taken = await self._next(EXPIRES + MARGIN)
            if taken is None:
                continue
            found = [taken]
            while self._inbox.has_more and len(found) < self._most:
                more = await self._next(MARGIN)
                found += [] if more is None else [more]
            return found

    async def answer(self, message: Taken, word: bytes = ACKNOWLEDGED) -> None:
        """Acknowledge a message, refuse it for good, or ask for it again.

        Raises:
            TransientFault: the line is down; it is said again.
        """
        await self._connection.send(message.reply, word)

    async def _ask(self) -> None:
        self._asked = self._most
        body = b'{"batch":%d,"expires":%d}' % (self._most, int(EXPIRES * SECOND))
        await self._connection.send(
            f"{self._connection.prefix}.CONSUMER.MSG.NEXT.{self._stream}.{self._name}", body, self._inbox.subject
        )

    async def _next(self, wait: float) -> Taken | None:
        """The next message; None: what was asked for is over, or did not come."""
        try:
            message = await self._inbox.next(wait)
        except InDoubt:
            if not self._connection.is_up:
                raise
            self._asked = 0
            return None
        if status := status_of(message):
            self._asked = 0
            if status not in OVER:
                raise self._ended(status, message.headers or {})
            return None
        self._asked -= 1
        return Taken(message.subject, message.data, message.reply, message.metadata.timestamp.timestamp())

    def _ended(self, status: str, headers: Mapping[str, str]) -> Away:
        """The consumer is gone or moves: it is found, or made, by who enters it again."""
        why = headers.get("Description", status)
        return Away(Text(
            f"{self._stream} 的读取中断（{why}）；会自动重新开始",
            f"reading {self._stream} was broken off ({why}): it begins again by itself",
        ))  # fmt: skip
