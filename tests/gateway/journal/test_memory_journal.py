"""A journal in memory: it shows that the contract speaks of no file, and stands for a driver that is yet to come."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import msgspec
import pytest
from journal_contract import JournalContract

from gateway.errors import OurFault
from gateway.journal import JournalHole
from gateway.journal.controls import Skipped
from gateway.journal.entries import EntryBatch, EntryKind

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping
    from pathlib import Path


@dataclass
class Kept:
    """What lasts beyond one opening."""

    rows: dict[int, EntryBatch] = field(default_factory=dict)
    configurations: dict[str, dict[str, str]] = field(default_factory=dict)
    needed: dict[str, float] = field(default_factory=dict)


class MemoryJournal:
    """One opening of it."""

    def __init__(self, kept: Kept) -> None:
        self._kept, self.next_offset = kept, self._end(kept)

    @staticmethod
    def _end(kept: Kept) -> int:
        return max((first + len(entries) for first, entries in kept.rows.items()), default=0)

    @property
    def head(self) -> tuple[int, str]:
        return self.next_offset, ""

    @property
    def begins(self) -> int:
        return min(self._kept.rows, default=self.next_offset)

    def append(self, batch: EntryBatch) -> int:
        first = self.next_offset
        if first < self._end(self._kept):
            raise OurFault(f"offset {first} is taken")
        self._kept.rows[first] = batch
        self.next_offset += len(batch)
        return first

    def read(self, first: int) -> Iterator[tuple[int, EntryBatch]]:
        for offset, entries in sorted(self._kept.rows.items(), key=lambda row: row[0]):
            if offset + len(entries) > first:
                if offset > first:
                    raise JournalHole(first, offset)
                yield first, entries.slice(first - offset, len(entries))
                first = offset + len(entries)

    def read_long(self, first: int, most: int) -> Iterator[tuple[int, EntryBatch]]:
        del most  # a shorter one says nothing
        return self.read(first)

    def backwards(self, until: int) -> Iterator[EntryBatch]:
        for first in sorted(self._kept.rows, reverse=True):
            if first + len(self._kept.rows[first]) <= until:
                yield self._kept.rows[first]

    def first_since(self, time: float) -> int:
        found = [first for first, entries in self._kept.rows.items() if entries.received[-1] >= time]
        return min(found, default=self.next_offset)

    def gaps(self) -> dict[int, int]:
        return {}

    def skipped(self) -> dict[int, str]:
        said = [
            msgspec.json.decode(entries.bytes_of(index), type=Skipped)
            for entries in self._kept.rows.values()
            for index in (entries.kind == EntryKind.SKIPPED).nonzero()[0]
        ]
        return {one.offset: one.fault for one in said}

    def store_configuration(self, digest: str, sources: Mapping[str, str]) -> None:
        self._kept.configurations.setdefault(digest, dict(sources))

    def keep_configurations(self, digests: Collection[str], now: float, horizon: float = -math.inf) -> int:
        last = self._kept.needed
        last.update(dict.fromkeys(self._kept.configurations.keys() - last.keys() | set(digests), now))
        gone = [digest for digest, time in last.items() if time < horizon]
        for digest in gone:
            del last[digest]
            self._kept.configurations.pop(digest, None)
        return len(gone)

    def configuration(self, digest: str) -> dict[str, str]:
        if digest not in self._kept.configurations:
            raise OurFault(f"configuration {digest} is not in the journal")
        return self._kept.configurations[digest]

    def retire(
        self, horizon: float, below: Callable[[], int], places: float = -math.inf, looks: float = math.inf
    ) -> list[str]:  # fmt: skip
        del places, looks
        rows, limit = self._kept.rows, below()
        is_over = {first: one.received[-1] < horizon and first + len(one) <= limit for first, one in rows.items()}
        gone = [str(first) for first in itertools.takewhile(is_over.__getitem__, sorted(rows)[:-1])]
        for first in gone:
            del self._kept.rows[int(first)]
        return gone

    def close(self) -> None:
        """Nothing is open."""


class TestMemoryJournal(JournalContract):
    @pytest.fixture(autouse=True)
    def shelves(self):
        self.kept_at: dict[Path, Kept] = {}

    def opened(self, place, *, read_only=False):  # noqa: ARG002  there is nothing to lock
        return MemoryJournal(self.kept_at.setdefault(place, Kept()))
