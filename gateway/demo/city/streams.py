"""The city's streams as the demo looks at them: alarms as they come, who has which partition, who leads its stream."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

from gateway.demo.city.servers import DOMAIN, NODES
from gateway.demo.tally import Platform
from gateway.errors import GatewayFault, TransientFault
from gateway.stream import layout
from gateway.stream.connection import Connection
from gateway.stream.names import ALARMS, journal_stream
from gateway.stream.owned import pin_of
from gateway.stream.shares import Share
from gateway.worker.looking import look_through
from gateway.worker.running import CONSUMER

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from gateway.settings.model import Credential
    from gateway.worker.looking import Line

LOOK: Final = 0.2
"""Real seconds between two looks at who has what: takeovers are as exact as that."""
LINES_EVERY: Final = 5
"""Of so many looks one asks the workers, too."""
AGAIN: Final = 0.25
"""Real seconds until the next try where nobody answers."""
WAIT: Final = 2.0
SOURCES: Final = ("county", "worker")
SHARE: Final = 20
"""Bracelets of a county by which its share is measured: the day is short, and the disk may be small."""


class Seen(NamedTuple):
    """How a partition stands, as its servers say.

    Attributes:
        leaders: nodes that lead its stream and its consumer; empty: nobody does.
        pin: of whoever owns it; empty: nobody does.
        floor: sequence up to which all is done.
        last: sequence of the last message.
    """

    leaders: tuple[str, str]
    pin: str
    floor: int
    last: int


async def lay(url: str, known: Credential, counties: Sequence[str], partitions: int, patience: float) -> None:
    """Make the city's streams, each on all nodes, once the cluster has come together.

    Raises:
        TransientFault: it did not in so many real seconds.
    """
    wanted = layout.of_city(counties, partitions, NODES, Share(SHARE))
    async with asyncio.timeout(patience):
        while True:
            try:
                async with connection_to(url, known) as connection:
                    for each in wanted:
                        await layout.lay(connection, each)
            except TransientFault:
                await asyncio.sleep(AGAIN)
            else:
                return


@dataclass(slots=True)
class Streams:
    """Looks until cancelled, over a connection that is made anew whenever it has ended.

    Attributes:
        url: of all nodes. ``known``: how they know the city's own programs.
        partitions: county and number.
        on_look: told after each look.
        platforms: by county and source what was told of it.
        lines: how the workers stand.
        seen: how the partitions stand.
    """

    url: str
    known: Credential
    partitions: Sequence[tuple[str, int]]
    on_look: Callable[[], None] = lambda: None
    platforms: dict[tuple[str, str], Platform] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)
    seen: dict[tuple[str, int], Seen] = field(default_factory=dict)
    _next: int = 1

    def __post_init__(self) -> None:
        self.platforms = {(code, source): Platform() for code, _ in self.partitions for source in SOURCES}

    async def run(self) -> None:
        """Look."""
        while True:
            try:
                async with connection_to(self.url, self.known) as connection:
                    await self._look(connection)
            except (GatewayFault, TimeoutError):
                await asyncio.sleep(AGAIN)

    async def _look(self, connection: Connection) -> None:
        number = 0
        while True:
            for each in self.partitions:
                self.seen[each] = await _seen(connection, *each)
            if number % LINES_EVERY == 0:
                await self._read(connection)
                self.lines = await look_through(connection)
            self.on_look()
            number += 1
            await asyncio.sleep(LOOK)

    async def _read(self, connection: Connection) -> None:
        """Alarms that are new, each once: by their places in the stream."""
        last = int((await connection.ask(f"STREAM.INFO.{ALARMS}"))["state"]["last_seq"])
        while self._next <= last:
            message = await connection.held(connection.js.get_msg(ALARMS, self._next), ALARMS)
            self._next += 1
            _, code, source = (message.subject or "").split(".")
            self.platforms[code, source].receive(message.data or b"")


def connection_to(url: str, known: Credential) -> Connection:
    """The city's own, to its nodes."""
    return Connection(url, known, None, DOMAIN, name="demo city", wait=WAIT)


async def _seen(connection: Connection, code: str, number: int) -> Seen:
    name = journal_stream(code, number)
    stream = await connection.ask(f"STREAM.INFO.{name}")
    last, leader = int(stream["state"]["last_seq"]), (stream.get("cluster") or {}).get("leader", "")
    try:
        consumer = await connection.ask(f"CONSUMER.INFO.{name}.{CONSUMER}")
    except TransientFault:
        raise
    except GatewayFault:
        return Seen((leader, ""), "", 0, last)  # no worker has come yet
    leaders = leader, (consumer.get("cluster") or {}).get("leader", "")
    return Seen(leaders, pin_of(consumer), int(consumer["ack_floor"]["stream_seq"]), last)
