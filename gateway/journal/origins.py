"""Origins of a file of the journal, each stored once: rows refer to them by number.

150 bytes of JSON would outweigh a frame of 60 where each frame comes from another connection.
"""

from __future__ import annotations

import sqlite3
from hashlib import sha256
from typing import TYPE_CHECKING, Generic, TypeVar

import msgspec

from gateway.decoded import json_of
from gateway.errors import OurFault
from gateway.journal.entries import Origin

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

MOST_KNOWN = 16_384
"""Origins that are held in memory of a file; the others are looked up."""
Kept = TypeVar("Kept")
_DECODER = json_of(Origin)


class OriginBook:
    """Numbers and digests of origins in the file that is open for writing; what is new is entered.

    A book ends with its connection, and with any transaction that is rolled back: it would know what is not stored.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._known: dict[int, tuple[int, bytes, Origin]] = {}
        """By the object that an origin is, which is held so that no other has its place in memory."""

    def enter(self, origins: Sequence[Origin]) -> list[tuple[int, bytes]]:
        """Number and digest of each, in the transaction that is open.

        Raises:
            sqlite3.Error: one cannot be stored.
        """
        known = self._known
        found = [known.get(id(origin)) or self._enter(origin) for origin in origins]
        if len(known) > MOST_KNOWN:
            for key in list(known)[:-MOST_KNOWN]:
                del known[key]
        return [(number, digest) for number, digest, _ in found]

    def _enter(self, origin: Origin) -> tuple[int, bytes, Origin]:
        said = msgspec.json.encode(origin)
        digest = sha256(said).digest()
        row = self._connection.execute("SELECT id FROM origin WHERE digest = ?", (digest,)).fetchone()
        number = int(row[0]) if row is not None else self._insert(said, digest)
        found = self._known[id(origin)] = number, digest, origin
        return found

    def _insert(self, said: bytes, digest: bytes) -> int:
        statement = "INSERT INTO origin (said, digest) VALUES (?,?)"
        return self._connection.execute(statement, (said.decode(), digest)).lastrowid or 0


class Shelf(Generic[Kept]):
    """What a reader makes of the origins of a file, by their numbers; each is read once as long as not too many are."""

    def __init__(self, connection: sqlite3.Connection, make: Callable[[str, bytes], Kept]) -> None:
        self._connection, self._make = connection, make
        self._known: dict[int, Kept] = {}

    def __call__(self, numbers: Sequence[int]) -> tuple[Kept, ...]:
        """What stands under each of the numbers of a row.

        Raises:
            OurFault: one does not stand there, is not what it says it is, or cannot be read.
        """
        known = self._known
        missing = [number for number in numbers if number not in known]
        if len(known) + len(missing) > MOST_KNOWN:
            known.clear()
            missing = list(numbers)
        for number in missing:
            known[number] = self._read(number)
        return tuple([known[number] for number in numbers])

    def _read(self, number: int) -> Kept:
        try:
            row = self._connection.execute("SELECT said, digest FROM origin WHERE id = ?", (number,)).fetchone()
        except sqlite3.Error as fault:
            raise OurFault(f"journal row refers to origin {number}, which cannot be read: {fault}") from fault
        if row is None:
            raise OurFault(f"journal row refers to origin {number}, which its file does not have")
        return self._make(*row)


def origin_said(said: str, _: bytes) -> Origin:
    """The origin of a line of the table, for whoever reads entries.

    Raises:
        OurFault: it is damaged.
    """
    try:
        return _DECODER.decode(said)
    except (msgspec.MsgspecError, UnicodeDecodeError) as fault:
        raise OurFault("journal file has an origin that cannot be read") from fault


def digest_of(said: str, stored: bytes) -> bytes:
    """The digest of a line of the table, for whoever walks the chain.

    Raises:
        OurFault: it is not the one that is stored.
    """
    digest = sha256(said.encode()).digest()
    if digest != stored:
        raise OurFault("an origin is not what was written")
    return digest
