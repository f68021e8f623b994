"""Out of a journal: the entries of some devices before a receive time, with the controls between them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from gateway.decoded import plain_json
from gateway.engine import no_towers
from gateway.journal.entries import EntryKind
from gateway.replay.reading import configured, digest_at, merged, towers_before
from gateway.replay.scene import Entry, Scene, beginning

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gateway.engine import Policies, Policy, TowersByDigest
    from gateway.journal.contract import Journal
    from gateway.journal.entries import EntryBatch

MOST_READ: Final = 20_000_000
"""Entries of the county that are gone through at most, for one wearer;"""
MOST_OF_ALL: Final = 500_000
"""and of which a world of everybody is made."""
DEVICES: Final = (EntryKind.FRAME, EntryKind.FRAGMENT, EntryKind.OPENED, EntryKind.CLOSED, EntryKind.ERASED)
"""Kinds of entry that are of the device that their origin names."""
NAMED: Final = (EntryKind.COMMAND, EntryKind.RESULT, EntryKind.TEST, EntryKind.SKIPPED)
"""Kinds that name a device, or an order to one, in their payload."""
OF_ALL: Final = (
    EntryKind.START, EntryKind.STOP, EntryKind.CONFIGURATION, EntryKind.ACT, EntryKind.CLOCK, EntryKind.TOWERS
)  # fmt: skip
"""Kinds that may change what comes of anybody's entries. All others change nothing of an alarm."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a past is read from: the journal, its configurations, and what was known of cells."""

    journal: Journal
    policies: Policies
    towers: TowersByDigest = no_towers

    def scene(
        self, people: frozenset[str], devices: frozenset[str], since: float, at: float, most: int = MOST_READ
    ) -> Scene:  # fmt: skip
        """The entries of some devices from a receive time on, up to another, as a world of its own.

        ``most``: of so many entries of the county, the last ones.

        Raises:
            OurFault: the journal cannot be read.
        """
        last = self.journal.first_since(at)
        first = max(self.journal.first_since(since), last - most, self.journal.begins)
        found = list(_Sieve(devices).kept(self.journal, first, at))
        named = ""
        if first > self.journal.begins or not found or found[0].kind != EntryKind.START:
            begun = found[0].received if found else at
            found = [*beginning(begun, digest_at(self.journal, first)), *found]
            named = towers_before(self.journal, first)
        skipped = frozenset(self.journal.skipped())
        return Scene(found, at, self.policies, people, devices, skipped, self.towers, named)

    def in_force(self, at: float) -> Policy:
        """The configuration in force at a receive time."""
        first, found = self.journal.first_since(at), ""
        for _, batch in self.journal.read(first):
            if float(batch.received[0]) > at:
                break
            later = int(np.searchsorted(batch.received, at, "right"))
            found = (configured(batch.slice(0, later)) or [found])[-1]
        return self.policies(found or digest_at(self.journal, first))


@dataclass(slots=True)
class _Sieve:
    """What of a journal is of some devices."""

    devices: frozenset[str]
    orders: set[str] = field(default_factory=set)

    def kept(self, journal: Journal, first: int, at: float) -> Iterator[Entry]:
        for offset, batch in merged(journal, first, journal.next_offset):
            for index in self._of(batch):
                if float(batch.received[index]) > at:
                    return
                one = Entry(
                    offset + index, int(batch.kind[index]), float(batch.received[index]), batch.origin_of(index),
                    batch.bytes_of(index),
                )  # fmt: skip
                if one.kind not in NAMED or self._names(one):
                    yield one

    def _of(self, batch: EntryBatch) -> list[int]:
        mine = np.array([origin.device in self.devices for origin in batch.origins], np.bool_)
        wanted = np.isin(batch.kind, DEVICES) & mine[batch.origin] if len(mine) else np.zeros(len(batch), np.bool_)
        found: list[int] = np.flatnonzero(wanted | np.isin(batch.kind, [*OF_ALL, *NAMED])).tolist()
        return found

    def _names(self, one: Entry) -> bool:
        """Whether it names one of the devices, or an order to one of them."""
        said: dict[str, Any] = plain_json(one.payload)
        if said.get("device") in self.devices:
            self.orders.add(str(said.get("id", "")))
            return True
        return said.get("command") in self.orders
