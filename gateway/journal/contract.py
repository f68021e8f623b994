"""What a journal is, whichever driver keeps it: local files, or a replicated stream."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

    from gateway.journal.entries import EntryBatch


class Head(NamedTuple):
    """How far a journal has come: whoever keeps it elsewhere finds out if anything before it is rewritten.

    Attributes:
        offset: which the next entry will get.
        chain: SHA-256 chain up to there, 32 bytes.
    """

    offset: int
    chain: bytes

    def __str__(self) -> str:
        """``OFFSET:CHAIN`` in decimal and hexadecimal digits, as ``verify.py --head`` reads it."""
        return f"{self.offset}:{self.chain.hex()}"


def last_received(journal: Journal) -> float:
    """When the last entry was received, UTC epoch seconds; 0: there is none.

    Raises:
        OurFault: it cannot be read.
    """
    last = next(journal.backwards(journal.next_offset), None)
    return 0.0 if last is None else float(last.received[-1])


class Journal(Protocol):
    """Entries in log order, append-only, durable on return; nothing that reads it may know which driver it is.

    Offsets count entries from 0 and have no holes but those that somebody has declared. A journal belongs to one
    writer; others open their own to read.
    """

    @property
    def next_offset(self) -> int:
        """Offset the next entry will get."""
        ...

    @property
    def head(self) -> Head:
        """The next offset and the chain up to it, of one moment, from any thread."""
        ...

    @property
    def begins(self) -> int:
        """Offset of the first entry that is still there; that of the next where there is none."""
        ...

    def append(self, batch: EntryBatch) -> int:
        """Store a batch; durable on return. Returns the offset of its first entry.

        Raises:
            TransientFault: nothing of the batch may be acknowledged, it may be tried again.
            OurFault: the offset is taken, an entry of it was erased, or a bug.
        """
        ...

    def read(self, first: int) -> Iterator[tuple[int, EntryBatch]]:
        """Batches from offset ``first`` on, as (offset of the first entry, entries).

        Raises:
            JournalHole: entries are missing that nobody has declared lost.
            OurFault: it cannot be read.
        """
        ...

    def read_long(self, first: int, most: int) -> Iterator[tuple[int, EntryBatch]]:
        """As :meth:`read`, in batches of about ``most`` entries; a shorter one says nothing.

        Raises:
            JournalHole, OurFault: as :meth:`read`.
        """
        ...

    def backwards(self, until: int) -> Iterator[EntryBatch]:
        """Batches that lie wholly before an offset, the newest first.

        Raises:
            OurFault: it cannot be read.
        """
        ...

    def first_since(self, time: float) -> int:
        """Offset of the first batch whose end was received at or after a time; the next offset where there is none."""
        ...

    def gaps(self) -> dict[int, int]:
        """Declared gaps: first offset that was lost, and the first after it that was not."""
        ...

    def skipped(self) -> dict[int, str]:
        """Offsets of the entries that the engine could not stand, with the class of the exception."""
        ...

    def store_configuration(self, digest: str, sources: Mapping[str, str]) -> None:
        """Keep a configuration's texts under their digest; storing one twice is no error.

        Raises:
            TransientFault: it cannot be stored now.
            OurFault: it is damaged.
        """
        ...

    def keep_configurations(self, digests: Collection[str], now: float, horizon: float = -math.inf) -> int:
        """Note which are needed now; let those go that nobody has needed since ``horizon``. Returns how many are gone.

        Raises:
            TransientFault, OurFault: as :meth:`store_configuration`.
        """
        ...

    def configuration(self, digest: str) -> dict[str, str]:
        """Texts of a configuration, by file.

        Raises:
            OurFault: the digest is not stored, or it cannot be read.
        """
        ...

    def retire(
        self, horizon: float, below: Callable[[], int], places: float = -math.inf, looks: float = math.inf
    ) -> list[str]:  # fmt: skip
        """Remove the oldest entries, all received before ``horizon`` and below an offset; returns what was removed.

        ``places``: as ``horizon``, for what is stored in such a way that no place can be taken out of it; ``looks``:
        for what has AUDIT entries, with which the newer stays, too.

        Raises:
            OurFault: something cannot be read whose time is not over; all else was done.
        """
        ...

    def turn_over(self, behind: int) -> None:
        """Let nobody write any more to what holds the entry at an offset: what follows goes elsewhere."""
        ...

    def close(self) -> None:
        """Let go of what is open."""
        ...
