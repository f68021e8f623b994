"""What the chain goes over in format 2: the leaves of a row's entries, and its root (``row2`` says what they are)."""

from __future__ import annotations

import struct
from hashlib import sha256
from typing import TYPE_CHECKING

import numpy as np

from gateway.journal.merkle import LEAF, top_of
from gateway.journal.row2 import DIGEST, ERASED, NOWHERE, SALT, Columns

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

_SALT, _DIGEST = np.dtype(f"V{SALT}"), np.dtype(f"V{DIGEST}")
_HEAD = np.dtype([("tag", "V1"), ("salt", _SALT), ("kind", "u1"), ("received", "<f8"), ("origin", _DIGEST)])
_WHOLE = np.dtype(f"V{_HEAD.itemsize}")
_ENTRY = struct.Struct(f"<{SALT}sBd{DIGEST}s")
_ROW = struct.Struct("<cqIdd")
_MARK = b"\x02"


def leaf_of(salt: bytes, kind: int, received: float, origin: bytes, payload: bytes) -> bytes:
    """The leaf of one entry; ``origin`` is the digest of its JSON."""
    return sha256(LEAF + _ENTRY.pack(salt, kind, received, origin) + payload).digest()


def leaves_of(one: Columns, digests: Sequence[bytes]) -> list[bytes]:
    """The leaf of each entry of a row that is ``sound``; ``digests`` are those of its references' JSON, in order."""
    kept = one.kind != ERASED
    if kept.all():
        return _made(one, digests)
    part = Columns(
        one.kind[kept], one.received[kept], one.origin[kept], one.length[kept], one.references, one.salts, b"",
        one.payload,
    )  # fmt: skip
    leaves = np.empty(len(kept), _DIGEST)
    leaves[kept] = np.frombuffer(b"".join(_made(part, digests)), _DIGEST)
    leaves[~kept] = np.frombuffer(one.erased, _DIGEST)
    return list(leaves.tolist())


def _made(one: Columns, digests: Sequence[bytes]) -> list[bytes]:
    """As ``leaf_of``, of all entries: what stands before the payloads is laid out at once, the hashes are the rest."""
    heads = np.zeros(len(one.kind), _HEAD)
    heads["salt"] = np.frombuffer(one.salts, _SALT)
    heads["kind"], heads["received"] = one.kind, one.received
    heads["origin"] = np.frombuffer(b"".join(digests), _DIGEST)[one.origin]
    ends, payload = np.cumsum(one.length).tolist(), bytes(one.payload)
    pieces = zip(heads.view(_WHOLE).tolist(), [0, *ends], ends, strict=False)
    return [sha256(head + payload[begin:end]).digest() for head, begin, end in pieces]


def root_of(first: int, one: Columns, leaves: Sequence[bytes]) -> bytes:
    """The root of a row whose first entry has the offset ``first``."""
    return root_above(first, len(leaves), float(one.received[0]), float(one.received[-1]), top_of(leaves))


def root_above(first: int, count: int, received_first: float, received_last: float, top: bytes) -> bytes:
    """The root of a row by the uppermost node over its leaves."""
    return sha256(_ROW.pack(_MARK, first, count, received_first, received_last) + top).digest()


def is_sound(one: Columns) -> bool:
    """Whether a row says each thing in the one way there is, so that all of it stands under its root."""
    gone = one.kind == ERASED
    kept = ~gone
    return bool(
        gone.sum() * DIGEST == len(one.erased)
        and one.length.sum() == len(one.payload)
        and not one.length[gone].any()
        and (one.origin[gone] == NOWHERE).all()
        and np.array_equal(np.unique(one.origin[kept]), np.arange(len(one.references)))
        and (one.references[1:] > one.references[:-1]).all()
        and np.array_equal(one.received.view("<i8"), shown_times(one.received, gone).view("<i8"))
    )


def shown_times(received: NDArray[np.float64], gone: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Receive times with those that an erased entry does not keep: it has that of the entry before it."""
    own = ~gone
    own[[0, -1]] = True
    return received[np.maximum.accumulate(np.where(own, np.arange(len(own)), 0))]
