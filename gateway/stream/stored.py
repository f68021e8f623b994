"""A message of a journal's stream: what its headers say, checked; and the headers of those that are to follow."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from hashlib import blake2b, sha256
from typing import TYPE_CHECKING, Final, NamedTuple

from gateway.errors import OurFault, UserFault
from gateway.journal.contract import Head
from gateway.journal.entries import EntryKind
from gateway.stream.batch import Origins, decode, split
from gateway.stream.names import CHAIN, COUNT, FIRST, LATEST, LINK, SALT, SCHEMA, SCHEMA_HEADER, SKIPS, SOURCE
from gateway.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from gateway.journal.entries import EntryBatch

GENESIS: Final = bytes(32)
_PLACE: Final = struct.Struct("<qI")
SALTED: Final = 16
"""Bytes of a salt."""
ROOM_FOR_HEADERS: Final = 1024
"""Bytes of a message that are left to its headers."""


class Tail(NamedTuple):
    """Where a journal ends.

    Attributes:
        sequence: of the last message in the stream; 0: there was never one.
        offset: which the next entry will get.
        chain: up to there, 32 bytes.
        latest: latest receive time so far, UTC epoch seconds.
        skips: sequence of the last message with a SKIPPED entry; 0: none.
        source: the county journal's offset behind what is covered; -1: nobody said.
    """

    sequence: int = 0
    offset: int = 0
    chain: bytes = GENESIS
    latest: float = 0.0
    skips: int = 0
    source: int = -1

    @property
    def head(self) -> Head:
        """The next offset and the chain up to it."""
        return Head(self.offset, self.chain)


@dataclass(frozen=True, slots=True)
class Stored:
    """A message of a stream.

    Attributes:
        stream: its name.
        first: offset of its first entry; of one without entries that which the next will get.
        count: entries.
        tail: where the journal ended with it.
        body: the entries (``batch.decode``); empty where there are none.
        salt: the chain goes over it, too; empty where something was erased: then nobody has it any more.
        link: what the chain goes over where something was erased, 32 bytes; else empty.
    """

    stream: str
    first: int
    count: int
    tail: Tail
    body: bytes
    salt: bytes
    link: bytes = b""

    def entries(self, origins: Origins) -> EntryBatch:
        """The entries; one at least is there.

        Raises:
            OurFault: the body is damaged, or has not as many as the headers say.
        """
        found = decode(self.body, origins)
        if len(found) != self.count:
            raise _contradiction(self.stream, self.tail.sequence)
        return found

    def linked(self) -> bytes:
        """What the chain goes over, 32 bytes; where something was erased it says nothing of what was there."""
        return self.link or sha256(self.salt + _PLACE.pack(self.first, self.count) + self.body).digest()

    def follows(self, before: Tail) -> None:
        """Check that it is the one that was written behind another.

        Raises:
            OurFault: it is not: offsets overlap, or the chain is broken.
        """
        chain = _chain(before.chain, self.linked())
        if self.first != before.offset or chain != self.tail.chain:
            raise OurFault(Text(
                f"流 {self.stream} 中序号 {self.tail.sequence} 的消息（第 {self.first} 条起）与前一条不相接："
                "内容被改动，或由别的程序写入；请停止写入并查看",
                f"message {self.tail.sequence} of stream {self.stream} (entries from {self.first} on) does not follow"
                " from the one before: it was changed, or another program wrote it. Stop writing, and look",
            ))  # fmt: skip


def read(stream: str, sequence: int, headers: Mapping[str, str] | None, body: bytes) -> Stored:
    """A message as it comes out of a stream.

    Raises:
        UserFault: it has another schema, or none.
        OurFault: its headers are damaged.
    """
    said = headers or {}
    if (schema := said.get(SCHEMA_HEADER, "")) != SCHEMA:
        raise UserFault(Text(
            f"流 {stream} 中序号 {sequence} 的消息格式为“{schema}”，本版本只认 {SCHEMA}："
            "请安装写入它的版本，或换一个流",
            f"message {sequence} of stream {stream} has the schema {schema!r}, and this version knows {SCHEMA} alone:"
            " install the version that wrote it, or name another stream",
        ))  # fmt: skip
    try:
        first, count = int(said[FIRST]), int(said[COUNT])
        chain, latest = bytes.fromhex(said[CHAIN]), float(said[LATEST])
        tail = Tail(sequence, first + count, chain, latest, int(said[SKIPS]), int(said.get(SOURCE, "-1")))
        salt, link = bytes.fromhex(said.get(SALT, "")), bytes.fromhex(said.get(LINK, ""))
    except (KeyError, ValueError) as fault:
        raise _contradiction(stream, sequence) from fault
    if first < 0 or count < 0 or bool(count) != bool(body):
        raise _contradiction(stream, sequence)
    return Stored(stream, first, count, tail, body, salt, link)


def written(
    stream: str, batch: EntryBatch, before: Tail, source: int | None, room: int, secret: bytes
) -> Iterator[Stored]:  # fmt: skip
    """The messages of a batch behind what there is, each with its headers no larger than ``room`` if it can be.

    Args:
        stream: which one.
        batch: the entries.
        before: where the journal ends.
        source: as :class:`Tail` has it; None: as before.
        room: bytes that the server takes in a message.
        secret: of the writer, for the salts: the same batch behind the same end is the same again.
    """
    for part, body in split(batch, room - ROOM_FOR_HEADERS):
        latest = max(before.latest, float(part.received[-1]))
        skips = before.sequence + 1 if (part.kind == EntryKind.SKIPPED).any() else before.skips
        said = before._replace(latest=latest, skips=skips, source=before.source if source is None else source)
        one = _behind(stream, said, len(part), body, secret)
        yield one
        before = one.tail


def moved(stream: str, before: Tail, source: int, secret: bytes) -> Stored:
    """The message that has no entry and says nothing but how far the county's journal is covered."""
    return _behind(stream, before._replace(source=source), 0, b"", secret)


def headers(one: Stored) -> dict[str, str]:
    """The headers of a message that is to be stored; inverse of :func:`read`."""
    tail = one.tail
    said = {
        SCHEMA_HEADER: SCHEMA, FIRST: str(one.first), COUNT: str(one.count), CHAIN: tail.chain.hex(),
        LATEST: repr(tail.latest), SKIPS: str(tail.skips),
        **({LINK: one.link.hex()} if one.link else {SALT: one.salt.hex()}),
    }  # fmt: skip
    return said if tail.source < 0 else {**said, SOURCE: str(tail.source)}


def _behind(stream: str, before: Tail, count: int, body: bytes, secret: bytes) -> Stored:
    """A message whose tail is that of ``before`` but for what follows from its entries."""
    sequence = before.sequence + 1
    salt = blake2b(sequence.to_bytes(8), key=secret, digest_size=SALTED).digest()
    link = Stored(stream, before.offset, count, before, body, salt).linked()
    tail = before._replace(sequence=sequence, offset=before.offset + count, chain=_chain(before.chain, link))
    return Stored(stream, before.offset, count, tail, body, salt)


def _chain(before: bytes, link: bytes) -> bytes:
    return sha256(before + link).digest()


def _contradiction(stream: str, sequence: int) -> OurFault:
    return OurFault(Text(
        f"流 {stream} 中序号 {sequence} 的消息标头与内容不符：已损坏，或由别的程序写入",
        f"the headers of message {sequence} of stream {stream} do not fit it: it is damaged, or another program"
        " wrote it",
    ))  # fmt: skip
