"""The formats of a row by the first four bytes of its body: what is read of each, and what the chain goes over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from gateway.errors import OurFault
from gateway.journal import row1, row2
from gateway.journal.entries import EntryKind
from gateway.journal.faults import UnknownKind
from gateway.journal.leaves import is_sound, leaves_of, root_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from gateway.journal.entries import EntryBatch, Origin
    from gateway.journal.origins import Shelf


KNOWN: Final = np.isin(np.arange(256), list(EntryKind))
"""By entry kind: whether this version knows it."""


def are_known(kind: NDArray[np.uint8]) -> bool:
    """Whether entries are all of kinds that this version knows."""
    return bool(KNOWN[kind].all())


class Linked(NamedTuple):
    """A row as the chain sees it.

    Attributes:
        link: what is hashed behind the chain so far.
        entries, received_first, received_last: what the row's index must say.
        erased: places in the row of the entries that were erased.
    """

    link: bytes
    entries: int
    received_first: float
    received_last: float
    erased: list[int]


class Format(NamedTuple):
    """``decode``: the entries of a body. ``linked``: the row of a body whose first entry has an offset."""

    decode: Callable[[bytes, Shelf[Origin]], EntryBatch]
    linked: Callable[[bytes, int, Shelf[bytes]], Linked]


def _linked1(body: bytes, _first: int, shelf: Shelf[bytes]) -> Linked:
    one = row1.decode(body, shelf)
    return Linked(body, len(one), float(one.received[0]), float(one.received[-1]), [])


def _linked2(body: bytes, first: int, digests: Shelf[bytes]) -> Linked:
    one = row2.unpack(body)
    if not is_sound(one):
        raise OurFault("journal row contradicts itself")
    root = root_of(first, one, leaves_of(one, digests(one.references.tolist())))
    erased = (one.kind == row2.ERASED).nonzero()[0].tolist()
    return Linked(root, len(one.kind), float(one.received[0]), float(one.received[-1]), erased)


_FORMATS = {row1.MAGIC: Format(row1.decode, _linked1), row2.MAGIC: Format(row2.decode, _linked2)}


def format_of(body: bytes) -> Format:
    """The format of a body.

    Raises:
        OurFault: there is none that begins like that.
    """
    found = _FORMATS.get(body[:4])
    if found is None:
        raise OurFault("journal row is not a batch of entries")
    return found


def decode(body: bytes, origins: Shelf[Origin]) -> EntryBatch:
    """The entries of a row.

    Raises:
        UnknownKind: it has an entry of a kind that is not known.
        OurFault: it is damaged.
    """
    found = format_of(body).decode(body, origins)
    if not are_known(found.kind):
        raise UnknownKind(int(found.kind[~KNOWN[found.kind]][0]))
    return found
