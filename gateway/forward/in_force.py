"""What is in force of what is known of cells where a stream begins, for the entries that name it lie before.

A journal names a version once, which holds for as long as no other is named, a year if need be; by then its entry has
gone with its day, and what is left is when the daemon was about to name it.
"""

from __future__ import annotations

import math
from itertools import zip_longest
from typing import TYPE_CHECKING, Final

import msgspec

from gateway.decoded import from_json
from gateway.journal.contract import last_received
from gateway.journal.controls import TowersNamed
from gateway.journal.entries import NO_ORIGIN, EntryKind, Gathering

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gateway.journal.contract import Journal
    from gateway.journal.entries import EntryBatch
    from gateway.towers.named import Named

KEPT: Final = 12 * 86_400.0
"""Seconds for which a version counts that another followed: what comes late is looked up in that of its own time."""
MOST: Final = 4096
"""Entries of the journal that are looked through at once."""


def towers_before(journal: Journal, known: Sequence[Named], position: int) -> EntryBatch | None:
    """The TOWERS entries before an offset that what follows is looked up by; None: there are none.

    Args:
        journal: the county's.
        known: the versions that it may name, oldest first.
        position: what is before this offset will not be read by whoever gets these entries.

    Raises:
        OurFault, TransientFault: the journal cannot be read.
    """
    first, begin, found = _received(journal, journal.begins), _received(journal, position), Gathering()
    for one, after in zip_longest(known, known[1:]):
        end = math.inf if after is None else after.since
        if one.since >= begin or end <= begin - KEPT:
            continue
        named = one.since if one.since < first else _named(journal, one, end, position)
        if named is not None:
            found.add(EntryKind.TOWERS, named, NO_ORIGIN, msgspec.json.encode(TowersNamed(one.digest)))
    return found.batch() if len(found) else None


def towers_of(batch: EntryBatch) -> list[tuple[float, str]]:
    """Receive time and digest of each version that a batch's entries name."""
    at = (batch.kind == EntryKind.TOWERS).nonzero()[0].tolist()
    return [(float(batch.received[index]), from_json(batch.bytes_of(index), TowersNamed).digest) for index in at]


def _named(journal: Journal, one: Named, end: float, position: int) -> float | None:
    """When the entry was received that names a version, before another followed; None: there is none."""
    for offset, batch in journal.read_long(journal.first_since(one.since), MOST):
        if offset >= position or batch.received[0] > end:
            return None
        for time, digest in towers_of(batch.slice(0, min(len(batch), position - offset))):
            if digest == one.digest:
                return time
    return None


def _received(journal: Journal, offset: int) -> float:
    """When the entry at an offset was received; where there is none yet, the last one."""
    _, batch = next(journal.read_long(offset, 1), (offset, None))
    return last_received(journal) if batch is None else float(batch.received[0])
