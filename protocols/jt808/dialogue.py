"""Orders of one session on their way down: numbered, cut where too long, kept for a while to be said again.

An order may take several messages (a fence of many places); its answer is then one, when all have been answered.
"""

from __future__ import annotations

import struct
from collections import OrderedDict, deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from protocols.errors import OrderFault
from protocols.jt808.header import EDITION_2019, Header, write_header
from protocols.jt808.orders import words_of
from protocols.jt808.replies import GENERAL, UNNUMBERED, general_key, key_of, replies_in
from protocols.jt808.wire import MAX_BODY, seal
from protocols.order import Reply, Result, Sending

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from protocols.jt808.editions import Speaker
    from protocols.jt808.orders import Words
    from protocols.order import Order

MOST_SENDINGS = 8
"""Fragmented messages kept for a terminal that misses some of them."""
MOST_SEGMENTS = 256
"""Frames of one order."""
MOST_AWAITED = 64


@dataclass(slots=True)
class _Group:
    """Keys of an order's messages that have not been answered, and the key of the whole."""

    key: str
    waiting: set[str]


@dataclass(slots=True)
class Dialogue:
    """What goes down on a session. ``number`` gives the next serial."""

    number: Callable[[], int]
    _sendings: deque[tuple[str, int, tuple[bytes, ...]]] = field(default_factory=lambda: deque(maxlen=MOST_SENDINGS))
    """Fragmented messages: identity, first serial, frames."""
    _awaited: OrderedDict[tuple[str, str], str] = field(default_factory=OrderedDict)
    """By identity and a key that does not name a serial: the key of the order that waits for it."""
    _groups: OrderedDict[tuple[str, str], _Group] = field(default_factory=OrderedDict)

    def give(self, identity: str, speaker: Speaker, order: Order) -> Sending:
        """An order as frames to a terminal.

        Raises:
            OrderFault: no such order, wrong arguments, not of this edition, or too long.
        """
        words = words_of(order, speaker.edition)
        if sum(len(one.body) // MAX_BODY + 1 for one in words) > MOST_SEGMENTS:
            raise OrderFault(f"{order.kind}: more than {MOST_SEGMENTS} frames; give less at a time")
        said = [(one, *self._frames(identity, speaker.header, one)) for one in words]
        segments = tuple(frame for _, _, frames in said for frame in frames)
        if len(said) > 1:
            keys = [general_key(one.message, serials[-1]) for one, serials, _ in said]
            return self._together(identity, segments, keys)
        ((only, serials, _),) = said
        accepted = general_key(only.message, serials[0])
        if only.ends == GENERAL:
            # A terminal may answer every fragment, and has all of them when it answers the last.
            return Sending(segments, accepted, general_key(only.message, serials[-1]))
        return Sending(segments, accepted, self._await(identity, only.ends, serials[-1]))

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
        if message in UNNUMBERED:
            return None
        group = self._groups.pop((identity, reply.key), None)
        return reply if group is None else _of_group(group, reply)

    def _await(self, identity: str, message: int, serial: int) -> str:
        """Key of the answer; remembered where the answer will not, or may not, repeat our serial."""
        key = key_of(message, serial)
        self._awaited[identity, key_of(message)] = key
        self._awaited.move_to_end((identity, key_of(message)))
        while len(self._awaited) > MOST_AWAITED:
            self._awaited.popitem(last=False)
        return key

    def _together(self, identity: str, segments: tuple[bytes, ...], keys: list[str]) -> Sending:
        group = _Group(f"all:{keys[-1]}", set(keys))
        for key in keys:
            self._groups[identity, key] = group
        while len(self._groups) > MOST_SEGMENTS * MOST_AWAITED:
            self._groups.popitem(last=False)
        return Sending(segments, "", group.key)

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
        self._sendings.append((identity, serials[0], frames))
        return serials, frames


def ask_again(to: Header, first: int, indices: Iterable[int], serial: int) -> bytes:
    """8003: the fragments of a terminal's message that have not come. The count is a BYTE, since 2019 a WORD."""
    listed = tuple(indices)
    count = len(listed).to_bytes(2 if to.attributes & EDITION_2019 else 1, "big")
    body = first.to_bytes(2, "big") + count + struct.pack(f">{len(listed)}H", *listed)
    return seal(write_header(to, 0x8003, len(body), serial) + body)


def most_indices(to: Header) -> int:
    """How many indices one 8003 can name."""
    return (MAX_BODY - 4) // 2 if to.attributes & EDITION_2019 else 255


def _of_group(group: _Group, reply: Reply) -> Reply | None:
    """The order's one answer: with the first that failed, or with the last that was done."""
    if not group.waiting:
        return None
    group.waiting.discard(reply.key)
    if reply.result is not Result.DONE:
        group.waiting.clear()
        return Reply(group.key, reply.result, f"message {reply.key}")
    return None if group.waiting else Reply(group.key, Result.DONE)


def _asked(body: bytes, *, wide: bool) -> tuple[int, tuple[int, ...]]:
    """First serial and indices; the other edition's count where only that fits the length."""
    for width in (2, 1) if wide else (1, 2):
        count = int.from_bytes(body[2 : 2 + width], "big")
        if len(body) == 2 + width + 2 * count:
            return int.from_bytes(body[:2], "big"), struct.unpack(f">{count}H", body[2 + width :])
    return -1, ()
