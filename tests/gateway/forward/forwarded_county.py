"""A county whose journal goes to streams: its configurations, its entries, and what its partitions have to get."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from timeline import FOREVER, at, authority, county, person

from gateway.journal import FileJournal
from gateway.journal.controls import Configured
from gateway.journal.entries import EntryKind, Gathering, Origin
from gateway.partition.router import Router
from gateway.settings.model import Assignment, Device
from gateway.stream.journal import StreamJournal
from gateway.stream.names import Partition

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from gateway.journal.entries import EntryBatch
    from gateway.settings.model import Configuration
    from gateway.stream.connection import Connection

PARTITIONS = 3
PEOPLE = [f"P{number:04d}" for number in range(1, 7)]
DEVICES = [f"B{number:04d}" for number in range(1, 7)]
NOW = at(0, 12)
Plain = tuple[int, float, bytes]


def registers(digest: str, wearers: Sequence[str]) -> Configuration:
    """Six bracelets; ``wearers``: which of the people wear them, in order."""
    return county(
        people={name: person(name, (0.0, 0.0)) for name in PEOPLE},
        devices={key: Device(key, "jt808", key, "g10ls") for key in DEVICES},
        assignments=tuple(
            Assignment(device, name, at(-1, 0), FOREVER) for device, name in zip(DEVICES, wearers, strict=True)
        ),
        authorities=tuple(map(authority, PEOPLE)), rules=(), digest=digest, sources={"digest": digest},
    )  # fmt: skip


CONFIGURATIONS = {"d1": registers("d1", PEOPLE), "d2": registers("d2", PEOPLE[::-1])}


def made(texts: Mapping[str, str]) -> Configuration:
    return CONFIGURATIONS[texts["digest"]]


def rows_of(kinds: Sequence[tuple[EntryKind, str]], first: int) -> EntryBatch:
    gathering = Gathering()
    for number, (kind, what) in enumerate(kinds, first):
        device = what if kind == EntryKind.FRAME else ""
        body = msgspec.json.encode(Configured(what)) if kind == EntryKind.CONFIGURATION else f"{number}".encode()
        gathering.add(kind, NOW + number, Origin(device), body)
    return gathering.batch()


def written(path: Path, rounds: int = 12) -> list[EntryBatch]:
    """A journal of many small batches, with another configuration in the middle; what is in it, as one batch each."""
    journal = FileJournal(path / "journal")
    for digest, one in CONFIGURATIONS.items():
        journal.store_configuration(digest, one.sources)
    batches, first = [], 0
    for number in range(rounds):
        kinds = [(EntryKind.FRAME, device) for device in DEVICES] + [(EntryKind.AUDIT, ""), (EntryKind.TICK, "")]
        if number in {0, rounds // 2}:
            kinds = [(EntryKind.START, ""), (EntryKind.CONFIGURATION, "d2" if number else "d1"), *kinds]
        batches.append(rows_of(kinds, first))
        journal.append(batches[-1])
        first += len(kinds)
    journal.close()
    return batches


def opened(connection: Connection, code: str) -> list[StreamJournal]:
    return [StreamJournal(connection, Partition(code, number, PARTITIONS)) for number in range(PARTITIONS)]


def expected(batches: Sequence[EntryBatch]) -> list[list[Plain]]:
    """By partition, the entries that it has to have, of what each batch is routed to."""
    router, found, first = Router("demo", PARTITIONS), [list[Plain]() for _ in range(PARTITIONS)], 0
    for batch in batches:
        for one in router.route(batch, CONFIGURATIONS.__getitem__, first):
            found[one.partition] += plain(one.batch)
        first += len(batch)
    return found


def plain(batch: EntryBatch) -> list[Plain]:
    return [(int(batch.kind[at_]), float(batch.received[at_]), batch.bytes_of(at_)) for at_ in range(len(batch))]


def there(streams: Sequence[StreamJournal]) -> list[list[Plain]]:
    return [[entry for _, batch in one.read(0) for entry in plain(batch)] for one in streams]
