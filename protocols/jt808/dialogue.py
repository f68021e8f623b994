"""Orders of one session on their way down: numbered, cut where too long, kept for a while to be said again.

An order may take several messages (a fence of many places); each is numbered when the one before it has been answered.
"""

from __future__ import annotations

import struct
from collections import OrderedDict
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from protocols.errors import OrderFault
from protocols.jt808.answers import answer
from protocols.jt808.header import EDITION_2019, Header, write_header
from protocols.jt808.orders import words_of
from protocols.jt808.replies import GENERAL, UNNUMBERED, general_key, key_of, replies_in
from protocols.jt808.wire import MAX_BODY, seal
from protocols.order import Reply, Sending

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from protocols.jt808.editions import Speaker
    from protocols.jt808.orders import Words
    from protocols.order import Order

MOST_SENDINGS = 8
"""Fragmented messages kept for a terminal that misses some of them."""
MOST_SEGMENTS = 256
"""Frames of one order."""
MOST_AWAITED = 64


@dataclass(slots=True)
class Dialogue:
    """What goes down on a session. ``number`` gives the next serial."""

    number: Callable[[], int]
    _sendings: tuple[tuple[str, int, tuple[bytes, ...]], ...] = ()
    """Fragmented messages: identity, first serial, frames."""
    _awaited: OrderedDict[tuple[str, str], str] = field(default_factory=OrderedDict)
    """By identity and a key by which an answer may come too: the key of the message that waits for it."""

    def give(self, identity: str, speaker: Speaker, order: Order) -> Sending:
        """An order to a terminal: its first message as frames.

        Raises:
            OrderFault: no such order, wrong arguments, not of this edition, or too long.
        """
        words = words_of(order, speaker.edition)
        if sum(len(one.body) // MAX_BODY + 1 for one in words) > MOST_SEGMENTS:
            raise OrderFault(f"{order.kind}: more than {MOST_SEGMENTS} frames; give less at a time")
        return self._say(identity, speaker.header, words)

    def _say(self, identity: str, to: Header, words: tuple[Words, ...]) -> Sending:
        first, rest = words[0], words[1:]
        serials, frames = self._frames(identity, to, first)
        keys = [general_key(first.message, serial) for serial in serials]
        ends = keys[-1] if first.ends == GENERAL else self._await(identity, first.ends, serials)
        parts = frozenset(keys) if len(keys) > 1 else frozenset()
        return Sending(frames, keys[0], ends, parts, partial(self._say, identity, to, rest) if rest else None)

    def again(self, identity: str, body: bytes, *, wide: bool) -> tuple[bytes, ...]:
        """The frames that a terminal misses (0005, or 8003 the other way round), byte for byte, once each asking.

        Args:
            identity: who asks.
            body: first serial WORD, count (WORD if ``wide``, else BYTE), indices WORD*.
            wide: the edition's count is a WORD; a body whose length fits only the other is read so.
        """
        first, indices = _asked(body, wide=wide)
        for who, serial, frames in self._sendings:
            if (who, serial) == (identity, first):
                return tuple(frames[at - 1] for at in dict.fromkeys(indices) if 1 <= at <= len(frames))
        return ()

    def heard(self, identity: str, message: int, body: bytes, speaker: Speaker) -> tuple[Reply, ...]:
        """What an answering message says of this session's orders."""
        replies = replies_in(message, body, speaker.edition)
        return tuple(known for reply in replies if (known := self._known(identity, message, reply)) is not None)

    def _known(self, identity: str, message: int, reply: Reply) -> Reply | None:
        awaited = self._awaited.get((identity, reply.key))
        if awaited is not None:
            del self._awaited[identity, reply.key]
            return Reply(awaited, reply.result, reply.text)
        return None if message in UNNUMBERED else reply

    def _await(self, identity: str, message: int, serials: Sequence[int]) -> str:
        """Key of the answer; others are remembered by which it may come: with another fragment's serial, or none."""
        key = key_of(message, serials[-1])
        for other in (key_of(message), *(key_of(message, serial) for serial in serials[:-1])):
            self._awaited[identity, other] = key
            self._awaited.move_to_end((identity, other))
        while len(self._awaited) > MOST_AWAITED:
            self._awaited.popitem(last=False)
        return key

    def _frames(self, identity: str, to: Header, words: Words) -> tuple[list[int], tuple[bytes, ...]]:
        """Serials and frames of one message, cut where its body is too long for one."""
        if len(words.body) <= MAX_BODY:
            serial = self.number()
            return [serial], (seal(write_header(to, words.message, len(words.body), serial) + words.body),)
        parts = [words.body[at : at + MAX_BODY] for at in range(0, len(words.body), MAX_BODY)]
        serials = [self.number() for _ in parts]
        frames = tuple(
            seal(write_header(to, words.message, len(part), serial, (len(parts), index)) + part)
            for index, (serial, part) in enumerate(zip(serials, parts, strict=True), 1)
        )
        self._sendings = (*self._sendings, (identity, serials[0], frames))[-MOST_SENDINGS:]
        return serials, frames


def ask_again(to: Header, first: int, indices: Iterable[int]) -> bytes:
    """8003: the fragments of a terminal's message that have not come. The count is a BYTE, since 2019 a WORD."""
    listed = tuple(indices)
    count = len(listed).to_bytes(2 if to.attributes & EDITION_2019 else 1, "big")
    body = first.to_bytes(2, "big") + count + struct.pack(f">{len(listed)}H", *listed)
    return answer(to, 0x8003, body)


def most_indices(to: Header) -> int:
    """How many indices one 8003 can name."""
    return (MAX_BODY - 4) // 2 if to.attributes & EDITION_2019 else 255


def _asked(body: bytes, *, wide: bool) -> tuple[int, tuple[int, ...]]:
    """First serial and indices; the other edition's count where only that fits the length."""
    for width in (2, 1) if wide else (1, 2):
        count = int.from_bytes(body[2 : 2 + width], "big")
        if len(body) == 2 + width + 2 * count:
            return int.from_bytes(body[:2], "big"), struct.unpack(f">{count}H", body[2 + width :])
    return -1, ()
