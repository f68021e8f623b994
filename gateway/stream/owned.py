"""A partition's consumer: one owner at a time, in order, without holes; others stand by and take over when it is gone.

The server pins the consumer to whoever got its last message, and forgets that after some time without a pull. So: a
pull of one message until it brings a pin, then the consumer goes back to its acknowledgement floor, then larger pulls
with the pin. Any other order loses what the owner before had been given, or brings it behind what is newer. What it had
been given is nothing new to a pull: where nothing else comes either, and nobody is pinned, a standby sends the consumer
back to have it given again.

Acknowledgements are explicit, one a message, and the floor follows: an acknowledgement of all up to a message that
comes late from the owner before would be counted by places of before the consumer went back. The server repeats nothing
by itself, since that would come behind what is newer: whoever takes over begins at the floor anyway.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any, Final, Self

from gateway.errors import UserFault
from gateway.stream import stored
from gateway.stream.faults import InDoubt, NotThere
from gateway.stream.holes import Holes
from gateway.stream.inbox import status_of
from gateway.stream.layout import DAY, SECOND
from gateway.stream.names import token
from gateway.stream.pulling import GROUP, Pulling, Unpinned, wanted
from gateway.text import Text

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from nats.aio.msg import Msg

    from gateway.stream.connection import Connection
    from gateway.stream.inbox import Inbox
    from gateway.stream.stored import Stored, Tail

TTL: Final = 1.0
"""Seconds after which an owner that does not pull is none any more."""
MOST_PENDING: Final = 100_000
"""Messages that may be given and not acknowledged."""
PIN: Final = "Nats-Pin-Id"


class Owned:
    """One who works on a partition, or stands by; in the connection's loop.

    Args:
        connection: to the server.
        stream: of the partition's journal.
        consumer: the same name for all who may own it.
        me: stands in the subject that we wait on, for those who look at the server.
        ttl: seconds after which an owner that is gone is taken to be; the same for all.

    ``pin``: by which the server knows us as the owner; empty: it has not named us.
    """

    def __init__(self, connection: Connection, stream: str, consumer: str, me: str, *, ttl: float = TTL) -> None:
        self._connection, self._stream, self._me, self._ttl = connection, stream, token(me), ttl
        self._consumer, self.pin, self._floor = consumer, "", 0
        self._holes = Holes(connection, stream)
        self._given: deque[tuple[int, str]] = deque()
        """Sequence of each message that was given out and not acknowledged, and where its acknowledgement goes."""

    async def __aenter__(self) -> Self:
        """Make the consumer where it is missing.

        Raises:
            UserFault: it is there and differs. NotThere: no such stream. TransientFault: the server cannot be asked.
        """
        config = self._config()
        try:
            found = await self._ask("INFO")
        except NotThere:
            found = await self._ask("CREATE", {"stream_name": self._stream, "config": config, "action": "create"})
        for key, value in config.items():
            if (other := found["config"].get(key)) != value:
                raise self._unlike(key, value, other)
        return self

    async def __aexit__(self, *_: object) -> None:
        """Pull no more; after the time to live somebody else is pinned."""

    async def floor(self) -> int:
        """Sequence up to which everything is acknowledged, whoever is the owner; 0: nothing.

        Raises:
            TransientFault: the server cannot be asked.
        """
        return int((await self._ask("INFO"))["ack_floor"]["stream_seq"])

    async def pinned(self) -> int:
        """Return once we are the owner: the floor, behind which messages begin. While nothing is new nobody is.

        Raises:
            NotThere: the consumer or its stream is gone. TransientFault: the server is not reached.
        """
        self._given.clear()
        inbox = await self._connection.inbox(self._subject())
        try:
            self.pin = ""
            while not self.pin:
                self.pin = await self._brought(inbox)
        finally:
            await inbox.close()
        self._floor = int((await self._ask("RESET"))["reset_seq"]) - 1
        return self._floor

    async def messages(self) -> AsyncGenerator[Stored, None]:
        """Messages behind the floor in the order of the stream, as long as we are the owner.

        Raises:
            Unpinned: we are not, or cannot be sure; :meth:`pinned` begins anew.
            UserFault, OurFault: a message is not one of ours, or does not follow from the one before.
        """
        before: Tail | None = None
        at = self._floor
        async with Pulling(
            self._connection, f"{self._stream}.{self._consumer}", self.pin, self._ttl, self._subject()
        ) as given:
            place = 0
            while True:
                message = await given.next()
                place += 1
                one = self._read(message, place)
                self._given.append((one.tail.sequence, message.reply))
                while at < one.tail.sequence:
                    # Where something was erased the server passes over a message that was not given out yet.
                    for each in await self._holes.filled(at + 1, [one]):
                        if before is not None:
                            each.follows(before)
                        before, at = each.tail, each.tail.sequence
                        yield each

    async def acknowledge(self, message: Stored) -> None:
        """Everything up to a message is done: whoever takes over begins behind it.

        Raises:
            TransientFault: the line is down; it may have been noted.
        """
        while self._given and self._given[0][0] <= message.tail.sequence:
            await self._connection.send(self._given.popleft()[1], b"+ACK")

    async def _brought(self, inbox: Inbox) -> str:
        """The pin that a pull of one message brings; empty: it brought none.

        Raises:
            NotThere: the consumer is gone.
        """
        subject = f"{self._connection.prefix}.CONSUMER.MSG.NEXT.{self._stream}.{self._consumer}"
        await self._connection.send(subject, wanted(1, self._ttl), inbox.subject)
        try:
            message = await inbox.next(self._ttl + self._connection.wait)
        except InDoubt:
            # The pull went with a leader that is none any more, or the line is down, which the next one tells.
            return ""
        if not status_of(message):
            return (message.headers or {}).get(PIN, "")
        if _is_left(await self._ask("INFO")):
            await self._ask("RESET")
        return ""

    def _read(self, message: Msg, place: int) -> Stored:
        """A message at its place among those that were given since we are the owner.

        Raises:
            Unpinned: it has another place: one is missing, or somebody sent the consumer back.
        """
        sequence = message.metadata.sequence
        if sequence.consumer != place:
            why = Text(
                f"第 {place} 条应到而未到，来的是第 {sequence.consumer} 条",
                f"message {place} was due, and {sequence.consumer} came",
            )
            raise Unpinned(f"{self._stream}.{self._consumer}", why)
        return stored.read(self._stream, sequence.stream, message.headers, message.data)

    def _subject(self) -> str:
        return self._connection.new_inbox(self._me)

    async def _ask(self, what: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        return await self._connection.ask(f"CONSUMER.{what}.{self._stream}.{self._consumer}", body)

    def _config(self) -> dict[str, Any]:
        """The consumer as it has to be, in the server's words."""
        return {
            "durable_name": self._consumer, "name": self._consumer, "ack_policy": "explicit", "deliver_policy": "all",
            "ack_wait": DAY * SECOND, "max_deliver": -1, "max_ack_pending": MOST_PENDING, "priority_groups": [GROUP],
            "priority_policy": "pinned_client", "priority_timeout": int(self._ttl * SECOND),
        }  # fmt: skip

    def _unlike(self, key: str, wanted: object, found: object) -> UserFault:
        return UserFault(Text(
            f"流 {self._stream} 的消费者 {self._consumer} 的 {key} 为 {found}，应为 {wanted}："
            "请删除它，由本程序重建（其后从流的开头重新处理）",
            f"consumer {self._consumer} of stream {self._stream} has {key} {found}, and it has to be {wanted}: remove"
            " it, and it is made anew (all of the stream is then worked on again)",
        ))  # fmt: skip


def pin_of(found: dict[str, Any]) -> str:
    """The pin of who owns a consumer, by what the server says of it; empty: nobody does."""
    return next((group.get("pinned_client_id", "") for group in found.get("priority_groups", [])), "")


def _is_left(found: dict[str, Any]) -> bool:
    """Whether nobody is pinned, and somebody was who did not acknowledge all."""
    return bool(found["num_ack_pending"]) and not pin_of(found)
