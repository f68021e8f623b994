"""One entry shown to somebody who may not see the others: what it was, and its way up to the chain."""

from __future__ import annotations

import struct
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from gateway.errors import OurFault
from gateway.journal import row2
from gateway.journal.faults import UnfitEntry
from gateway.journal.leaves import is_sound, leaf_of, leaves_of, root_above, root_of
from gateway.journal.merkle import climb, path_of
from gateway.journal.origins import Shelf, digest_of
from gateway.journal.segment import reading, select
from gateway.journal.sqlite import GENESIS

if TYPE_CHECKING:
    from pathlib import Path

    from gateway.journal.sqlite import FileJournal

_ROW = "SELECT first, body, chain FROM batch WHERE first <= ? ORDER BY first DESC LIMIT 1"
_BEFORE = "SELECT first + count, chain FROM batch WHERE first < ? ORDER BY first DESC LIMIT 1"


class Proof(msgspec.Struct, frozen=True):
    """That an entry stands at an offset of the journal; as JSON its bytes are base64.

    Attributes:
        offset: the entry's.
        kind, received, origin, payload, salt: what its leaf is made of; ``origin`` as JSON. Of an erased entry nothing
            but the kind ERASED and its row's first receive time.
        leaf: the hash of it.
        path: what the leaf is joined with on its way to the uppermost node, from below.
        first, count, received_first, received_last: of its row, as its root contains them.
        root: the row's.
        before, chain: the chain up to the row before, and up to this one.
    """

    offset: int
    kind: int
    received: float
    origin: str
    payload: bytes
    salt: bytes
    leaf: bytes
    path: tuple[bytes, ...]
    first: int
    count: int
    received_first: float
    received_last: float
    root: bytes
    before: bytes
    chain: bytes


class _Shown(NamedTuple):
    """What a leaf is made of."""

    kind: int
    received: float
    origin: str
    payload: bytes
    salt: bytes


def verify_proof(proof: Proof) -> bool:
    """Whether a proof holds together, by itself: whether ``chain`` is the journal's, others have to say.

    It needs no journal: hashes alone, as ``row2`` and ``merkle`` describe them.
    """
    try:
        leaf = _leaf_of(proof)
        top = climb(leaf, proof.offset - proof.first, proof.count, proof.path)
        root = root_above(proof.first, proof.count, proof.received_first, proof.received_last, top)
    except struct.error:
        return False
    links = leaf == proof.leaf and top != b"" and root == proof.root
    return links and len(proof.before) == len(root) and sha256(proof.before + root).digest() == proof.chain


def _leaf_of(proof: Proof) -> bytes:
    if len(proof.salt) == row2.SALT and proof.kind != row2.ERASED:
        origin = sha256(proof.origin.encode()).digest()
        return leaf_of(proof.salt, proof.kind, proof.received, origin, proof.payload)
    shown = _Shown(proof.kind, proof.received, proof.origin, proof.payload, proof.salt)
    return proof.leaf if shown == _nothing(proof.received_first) else b""


def _nothing(received_first: float) -> _Shown:
    """What is shown of an erased entry."""
    return _Shown(row2.ERASED, received_first, "", b"", b"")


def proof_of(journal: FileJournal, offset: int) -> Proof:
    """The proof of an entry.

    Raises:
        UnfitEntry: there is no such entry, it is of format 1, or the row before its own is gone.
        OurFault: a file cannot be read, or what stands there is not what was written.
    """
    for path in journal.files_from(offset)[:1]:
        for first, body, chain in select(path, _ROW, (offset,)):
            return _proof(path, offset, first, body, chain_before(journal, first), chain)
    raise UnfitEntry(offset, "missing")


def chain_before(journal: FileJournal, first: int) -> bytes:
    """The chain up to the row whose first entry has an offset.

    Raises:
        UnfitEntry: the row before it is gone.
        OurFault: a file cannot be read.
    """
    if first == 0:
        return GENESIS
    for path in journal.files_from(first - 1)[:1]:
        for until, chain in select(path, _BEFORE, (first,)):
            if until == first:
                return bytes(chain)
    raise UnfitEntry(first, "untied")


def _proof(path: Path, offset: int, first: int, body: bytes, before: bytes, chain: bytes) -> Proof:
    if body[:4] != row2.MAGIC:
        raise UnfitEntry(offset, "older")
    one, place = row2.unpack(body), offset - first
    if place >= len(one.kind):
        raise UnfitEntry(offset, "missing")
    with reading(path) as connection:
        numbers = one.references.tolist()
        leaves = leaves_of(one, Shelf(connection, digest_of)(numbers)) if is_sound(one) else []
        origins = Shelf(connection, lambda said, _: said)(numbers)
    if not leaves or sha256(before + root_of(first, one, leaves)).digest() != chain:
        raise OurFault(f"journal chain is broken at offset {first}")
    begins, ends = float(one.received[0]), float(one.received[-1])
    return Proof(
        offset, *_shown(one, place, origins), leaves[place], tuple(path_of(leaves, place)), first, len(leaves),
        begins, ends, root_of(first, one, leaves), before, bytes(chain),
    )  # fmt: skip


def _shown(one: row2.Columns, place: int, origins: tuple[str, ...]) -> _Shown:
    """What stands in a row of one entry."""
    kind = int(one.kind[place])
    if kind == row2.ERASED:
        return _nothing(float(one.received[0]))
    end = int(one.length[: place + 1].sum())
    at = row2.SALT * int((one.kind[:place] != row2.ERASED).sum())
    payload, salt = one.payload[end - int(one.length[place]) : end], one.salts[at : at + row2.SALT]
    return _Shown(kind, float(one.received[place]), origins[one.origin[place]], bytes(payload), bytes(salt))
