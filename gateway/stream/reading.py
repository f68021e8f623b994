"""Messages of a journal's stream by sequence: any replica may answer, and it is asked again where it lags behind."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING

from gateway.errors import OurFault
from gateway.stream import stored
from gateway.stream.holes import LOOK_AGAIN, MOST_BYTES, MOST_MESSAGES, Holes, lagging
from gateway.stream.names import SEQUENCE, STORED_AT
from gateway.stream.stored import Stored, Tail
from gateway.text import Text

if TYPE_CHECKING:
    from nats.aio.msg import Msg

    from gateway.stream.connection import Connection


@dataclass(frozen=True, slots=True)
class Extent:
    """What a stream has, as its leader says.

    Attributes:
        first, last: sequences; nothing is there where ``first`` is above ``last``.
        time: the server's clock, UTC epoch seconds.
    """

    first: int
    last: int
    time: float


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads the stream of that name; in the connection's loop.

    ``holes``: what stands in for messages that are gone; they are read like the others.
    """

    connection: Connection
    stream: str
    holes: Holes = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "holes", Holes(self.connection, self.stream))

    async def whole(self) -> Extent:
        """What is there now, with what stands in for messages that are gone.

        Raises:
            NotThere: no such stream. TransientFault: nobody answers.
        """
        extent = await self.extent()
        return replace(extent, first=await self.holes.first(extent.first))

    async def extent(self) -> Extent:
        """What is there now of the stream itself; its last message never goes.

        Raises:
            NotThere: no such stream. TransientFault: nobody answers.
        """
        said = await self.connection.ask(f"STREAM.INFO.{self.stream}")
        state = said["state"]
        return Extent(max(1, state["first_seq"]), state["last_seq"], _seconds(said["ts"]))

    async def tail(self) -> Tail:
        """Where the journal ends.

        Raises:
            OurFault: the last message is gone, or is none of a journal's. UserFault: it has another schema.
        """
        extent = await self.extent()
        if not extent.last:
            return Tail()
        if extent.first > extent.last:
            raise OurFault(Text(
                f"流 {self.stream} 曾有 {extent.last} 条消息，现已全部被删除：日志的末尾无从得知。请从备份恢复该流",
                f"stream {self.stream} had {extent.last} messages, and all were removed: where the journal ended nobody"
                " can say. Restore the stream from a backup",
            ))  # fmt: skip
        return (await self.one(extent.last)).tail

    async def one(self, sequence: int) -> Stored:
        """The first message from a sequence on; it is known to be there.

        Raises:
            Away: no replica has it.
        """
        (message,) = await self._messages(sequence, 1)
        found = self._taken(message)
        if found.tail.sequence == sequence:
            return found
        return (await self.holes.filled(sequence, [found], 1))[0]

    async def age(self, sequence: int, now: float) -> float:
        """Seconds since a message was stored, by the server's clock.

        Raises:
            Away: no replica has it.
        """
        (message,) = await self._messages(sequence, 1)
        return now - _seconds((message.headers or {})[STORED_AT])

    async def some(self, sequence: int, most: int = MOST_MESSAGES) -> list[Stored]:
        """Messages from a sequence on, of which there is one at least; a shorter list says nothing.

        Raises:
            Away: no replica has it.
            UserFault: one has another schema. OurFault: one is damaged.
        """
        found = [self._taken(message) for message in await self._messages(sequence, most)]
        return await self.holes.filled(sequence, found)

    async def find(self, extent: Extent, wanted: float, field: str) -> int:
        """Sequence of the first message whose tail has at least ``wanted`` in a field that never falls; else the next.

        Looks at as many as a number of messages has binary digits.
        """
        low, high = extent.first, extent.last + 1
        while low < high:
            middle = (low + high) // 2
            is_there = getattr((await self.one(middle)).tail, field) >= wanted
            low, high = (low, middle) if is_there else (middle + 1, high)
        return low

    async def _messages(self, sequence: int, most: int) -> list[Msg]:
        wanted = json.dumps({"seq": sequence, "batch": most, "max_bytes": MOST_BYTES}).encode()
        subject = f"{self.connection.prefix}.DIRECT.GET.{self.stream}"
        deadline = self.connection.loop.time() + self.connection.wait
        while True:
            *found, _ = await self.connection.answers(subject, wanted)
            if found:
                return found
            if self.connection.loop.time() > deadline:
                raise lagging(f"{self.stream}/{sequence}")
            await asyncio.sleep(LOOK_AGAIN)

    def _taken(self, message: Msg) -> Stored:
        headers = message.headers or {}
        return stored.read(self.stream, int(headers[SEQUENCE]), headers, message.data)


async def bodies_from(connection: Connection, stream: str, sequence: int) -> list[tuple[int, bytes]]:
    """Messages of any stream from a sequence on, each with its own; none where there are none yet.

    Raises:
        GatewayFault: as ``Connection.answers``.
    """
    wanted = json.dumps({"seq": sequence, "batch": MOST_MESSAGES, "max_bytes": MOST_BYTES}).encode()
    *found, _ = await connection.answers(f"{connection.prefix}.DIRECT.GET.{stream}", wanted)
    return [(int((one.headers or {})[SEQUENCE]), one.data) for one in found]


def _seconds(written: str) -> float:
    return datetime.fromisoformat(written).timestamp()
