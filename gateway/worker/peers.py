"""Who else works: each worker says so every other second, and partitions fall to those who are there by rendezvous.

A partition is meant for the worker whose hash with it is the highest: whoever comes or goes moves only what is meant
for him. It is a preference and no lock: who has a partition is the stream's to say.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import blake2b
from typing import TYPE_CHECKING, Final

import msgspec

from gateway.decoded import from_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from gateway.stream.keys import Keys
    from gateway.worker.standing import Standing

SAY_EVERY: Final = 2.0
GONE_AFTER: Final = 10.0
"""Seconds without a word after which a worker is gone."""
NEAR: Final = 20_000
"""Entries behind an owner that the worker for whom a partition is meant may be, to be given it."""


class Had(msgspec.Struct, frozen=True, array_like=True):
    """A partition at a worker: whether he owns it, the next entry that he steps, and when the last was received.

    ``trouble``: why he waits, in Chinese and English; None: he does not. ``pin``: by which the server knows its owner.
    ``waits``: whether he asks for it, and would be given it.
    """

    county: str
    partition: int
    is_owner: bool
    offset: int
    received: float | None
    trouble: tuple[str, str] | None = None
    pin: str = ""
    waits: bool = False


class Word(msgspec.Struct, frozen=True):
    """What a worker says. ``at``: by his clock, UTC epoch seconds; ``number``: one more each time."""

    name: str
    at: float
    number: int
    has: tuple[Had, ...]


@dataclass(slots=True)
class Peers:
    """The workers as one of them sees them; ``me``: his name.

    Clocks of machines differ: a worker is there as long as his number goes on, by our own clock.
    """

    me: str
    _number: int = 0
    _heard: dict[str, tuple[Word, float]] = field(default_factory=dict)

    def word(self, standings: Iterable[Standing], now: float) -> bytes:
        """What we say next. ``now``: UTC epoch seconds."""
        self._number += 1
        has = tuple(
            Had(
                one.county,
                one.partition,
                one.is_owner,
                one.offset,
                one.received if one.received > 0 else None,
                None if one.trouble is None else (one.trouble.zh, one.trouble.en),
                one.pin,
                one.waits,
            )
            for one in standings
        )
        return msgspec.json.encode(Word(self.me, now, self._number, has))

    def hear(self, words: Iterable[bytes], now: float) -> None:
        """Take what all have said last; what is no word is passed over. ``now``: seconds of a steady clock."""
        for text in words:
            try:
                word = from_json(text, Word)
            except msgspec.MsgspecError:
                continue
            before = self._heard.get(word.name)
            if before is None or before[0].number != word.number:
                self._heard[word.name] = word, now

    def there(self, now: float) -> Mapping[str, Word]:
        """Who is there, by name, without ourselves."""
        found = self._heard.items()
        return {name: word for name, (word, heard) in found if name != self.me and now - heard < GONE_AFTER}

    def meant_for(self, county: str, partition: int, now: float) -> str:
        """For whom a partition is meant now: of those who take it, and ourselves."""
        takers = [
            name
            for name, word in self.there(now).items()
            if any((one.county, one.partition) == (county, partition) for one in word.has)
        ]
        return max([self.me, *takers], key=lambda name: _weight(name, county, partition))

    def should_give(self, county: str, partition: int, offset: int, now: float) -> bool:
        """Whether an owner gives a partition to him for whom it is meant: where he asks for it and can go on at once.

        Args:
            county: code.
            partition: from 0.
            offset: how far the owner has come.
            now: seconds of a steady clock.
        """
        who = self.meant_for(county, partition, now)
        if who == self.me:
            return False
        has = self.there(now)[who].has
        mine = [one for one in has if (one.county, one.partition) == (county, partition)]
        return any(one.waits and one.offset >= offset - NEAR for one in mine)


async def exchange(keys: Keys, peers: Peers, standings: Iterable[Standing], at: float, now: float) -> None:
    """Say how we stand, and hear the others.

    Args:
        keys: the workers' bucket.
        peers: what is known of them.
        standings: our partitions.
        at: UTC epoch seconds.
        now: seconds of a steady clock.

    Raises:
        GatewayFault: as ``Keys``.
    """
    await keys.put(peers.me, peers.word(standings, at))
    peers.hear((await keys.under()).values(), now)


def _weight(name: str, county: str, partition: int) -> bytes:
    return blake2b(f"{name}\n{county}\n{partition}".encode(), digest_size=8).digest()
