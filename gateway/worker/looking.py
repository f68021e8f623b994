"""How the workers stand, as the streams tell: who has which partition, and how far behind its log he is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec

from gateway.decoded import from_json
from gateway.stream.connection import Connection
from gateway.stream.keys import Keys
from gateway.stream.names import WORKERS, journal_stream
from gateway.stream.owned import pin_of
from gateway.worker.peers import Word
from gateway.worker.running import CONSUMER, partitions_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gateway.settings.worker import WorkerConfiguration


@dataclass(frozen=True, slots=True)
class Line:
    """One partition.

    Attributes:
        owner: worker whose pin it is that the server keeps; empty: nobody's, or he has not told of it yet.
        followers: workers that stand by.
        behind: messages of its log that nobody has answered for.
        received: when the last entry that the owner has stepped was received, UTC epoch seconds; None: none.
        troubles: by worker why he waits, in Chinese and English.
    """

    county: str
    partition: int
    partitions: int
    owner: str
    followers: tuple[str, ...]
    behind: int
    received: float | None
    troubles: dict[str, tuple[str, str]]

    @property
    def stated(self) -> dict[str, Any]:
        """For scripts."""
        return {
            "county": self.county, "partition": self.partition, "partitions": self.partitions,
            "owner": self.owner or None, "followers": list(self.followers), "behind": self.behind,
            "received": self.received, "troubles": self.troubles,
        }  # fmt: skip


async def look(configuration: WorkerConfiguration) -> list[Line]:
    """All partitions, by county and number.

    Raises:
        GatewayFault: the streams cannot be looked at.
    """
    async with Connection(
        configuration.url, configuration.credential, configuration.tls, configuration.domain, name="worker status"
    ) as connection:
        return await look_through(connection)


async def look_through(connection: Connection) -> list[Line]:
    """As :func:`look`, by a connection that stands.

    Raises:
        GatewayFault: the streams cannot be looked at.
    """
    there = await partitions_of(connection)
    words = [word for text in (await Keys(connection, WORKERS).under()).values() if (word := _word(text)) is not None]
    return [_line(*each, count, words, *await _held(connection, *each)) for each, count in there.items()]


async def _held(connection: Connection, county: str, number: int) -> tuple[str, int]:
    """The owner's pin, and how many messages wait for an answer or for being handed out.

    All of them where no worker has ever come.
    """
    stream = journal_stream(county, number)
    said = await connection.ask(f"CONSUMER.LIST.{stream}", {"offset": 0})
    for one in said.get("consumers") or []:
        if one["name"] == CONSUMER:
            return pin_of(one), int(one["num_pending"]) + int(one["num_ack_pending"])
    return "", int((await connection.ask(f"STREAM.INFO.{stream}"))["state"]["messages"])


def _word(text: bytes) -> Word | None:
    try:
        return from_json(text, Word)
    except msgspec.MsgspecError:
        return None


def _line(county: str, number: int, count: int, words: Iterable[Word], pin: str, behind: int) -> Line:
    has = [(word.name, one) for word in words for one in word.has if (one.county, one.partition) == (county, number)]
    owner, received = next(((name, one.received) for name, one in has if pin and one.pin == pin), ("", None))
    followers = tuple(sorted(name for name, one in has if not one.is_owner))
    troubles = {name: one.trouble for name, one in has if one.trouble is not None}
    return Line(county, number, count, owner, followers, behind, received, troubles)
