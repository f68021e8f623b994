"""Fragments as a session sees them come: what is missing, what to ask for again, what to give up. Bounded."""

from __future__ import annotations

import zlib
from collections import OrderedDict
from dataclasses import dataclass, field
from enum import Enum
from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from protocols.jt808.header import Header

GRACE = 1.0
"""Seconds without a new fragment before the gaps are asked for, once the last index has come: fragments may overtake
each other."""
QUIET = 5.0
"""Seconds without a new fragment before the gaps are asked for though the last index has not come."""
PATIENCE = 120.0
"""Seconds without a new fragment, once asked, until the message is given up."""
MOST_SETS = 64
MOST_PARTS = 8192
"""Fragments of incomplete messages that one session keeps count of."""
MOST_BYTES = 1 << 19
"""Of bodies that are kept because the answer to an order is in them."""
MOST_COMPLETED = 64

Key = tuple[str, int, int, int]
"""Identity, message, fragments in all, serial of the first fragment."""


class Arrival(Enum):
    """What a fragment is to its message."""

    PART = "part"
    COMPLETING = "completing"
    REPEATED = "repeated"
    """Of a message that has been complete before, with the same bytes."""


@dataclass(slots=True)
class Arriving:
    """A message of which not all fragments have come.

    Attributes:
        identity: whose it is.
        header: of its latest fragment.
        touched: when the latest new fragment came.
        parts: by index: a checksum of the body, or the body itself where it is wanted.
        head: the first bytes of fragment 1.
        asked: its gaps have been asked for.
    """

    identity: str
    header: Header
    touched: float
    parts: dict[int, bytes] = field(default_factory=dict)
    head: bytes = b""
    asked: bool = False

    def missing(self, most: int) -> tuple[int, ...]:
        """The first indices that have not come."""
        return tuple(islice((at for at in range(1, self.header.fragments + 1) if at not in self.parts), most))

    @property
    def due(self) -> float:
        """When something is to be done about it."""
        if self.asked:
            return self.touched + PATIENCE
        return self.touched + (GRACE if self.header.fragments in self.parts else QUIET)


@dataclass(slots=True)
class Arrivals:
    """The incomplete messages of one session.

    Attributes:
        wanted: whether a message's bodies are to be kept, by its id.
        given_up: messages given up since last looked at.
    """

    wanted: Callable[[int], bool]
    given_up: int = 0
    _open: OrderedDict[Key, Arriving] = field(default_factory=OrderedDict)
    _completed: OrderedDict[Key, dict[int, bytes]] = field(default_factory=OrderedDict)
    _parts: int = 0
    _bytes: int = 0

    def add(self, identity: str, header: Header, body: bytes, now: float) -> tuple[Arrival, Arriving]:
        """Take a fragment whose index is possible; say what it is and to which message it belongs.

        The same index with other bytes begins the message anew: the terminal has started again with its serials.
        """
        key = (identity, header.message, header.fragments, (header.serial - header.fragment + 1) & 0xFFFF)
        index, part = header.fragment, body if self.wanted(header.message) else _checksum(body)
        arriving = self._open.get(key)
        if arriving is None and self._completed.get(key, {}).get(index) == _checksum(body):
            return Arrival.REPEATED, Arriving(identity, header, now)
        if arriving is not None and arriving.parts.get(index, part) != part:
            self._forget(key)
            arriving = None
        if arriving is None:
            arriving = self._open[key] = Arriving(identity, header, now)
        arriving.header = header
        if index not in arriving.parts:
            arriving.parts[index], arriving.touched = part, now
            arriving.head = body[:4] if index == 1 else arriving.head
            self._parts, self._bytes = self._parts + 1, self._bytes + len(part)
            self._open.move_to_end(key)
        if len(arriving.parts) == header.fragments:
            self._complete(key, arriving)
            return Arrival.COMPLETING, arriving
        self._make_room()
        return Arrival.PART, arriving

    @property
    def is_open(self) -> bool:
        """Whether a message lacks fragments, or was given up and nobody has looked since."""
        return bool(self._open) or self.given_up > 0

    def due(self, now: float) -> list[Arriving]:
        """Messages whose gaps are to be asked for now, once each. Those asked for in vain are given up."""
        ripe = [(key, one) for key, one in self._open.items() if one.due <= now]
        for key, _ in ((key, one) for key, one in ripe if one.asked):
            self._drop(key)
        asking = [one for _, one in ripe if not one.asked]
        for one in asking:
            # From here the patience counts.
            one.asked, one.touched = True, now
        return asking

    def _complete(self, key: Key, arriving: Arriving) -> None:
        kept = self.wanted(arriving.header.message)
        self._forget(key)
        self._completed[key] = {index: _checksum(part) if kept else part for index, part in arriving.parts.items()}
        while len(self._completed) > MOST_COMPLETED or sum(map(len, self._completed.values())) > MOST_PARTS:
            self._completed.popitem(last=False)

    def _make_room(self) -> None:
        while len(self._open) > MOST_SETS or self._parts > MOST_PARTS or self._bytes > MOST_BYTES:
            self._drop(next(iter(self._open)))

    def _drop(self, key: Key) -> None:
        self.given_up += 1
        self._forget(key)

    def _forget(self, key: Key) -> None:
        arriving = self._open.pop(key)
        self._parts -= len(arriving.parts)
        self._bytes -= sum(map(len, arriving.parts.values()))


def _checksum(body: bytes) -> bytes:
    return zlib.crc32(body).to_bytes(4, "big")
