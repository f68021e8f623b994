"""Entries to partitions: each gets, in the log's order, those that its engine needs."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

import numpy as np

from gateway.decoded import from_json
from gateway.errors import OurFault
from gateway.journal.controls import Configured
from gateway.journal.entries import EntryBatch, EntryKind
from gateway.partition.homes import home_of
from gateway.partition.kinds import WAY, Way
from gateway.partition.placed import Placed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from gateway.settings.model import Configuration


class ConfigurationOf(Protocol):
    """Gives a checked configuration of the whole county by its digest."""

    def __call__(self, digest: str) -> Configuration:
        """The configuration; read outside."""
        ...


class Routed(NamedTuple):
    """What a partition gets of a batch: never empty; ``offsets``: int64 (n,), of each entry in the county's log."""

    partition: int
    batch: EntryBatch
    offsets: NDArray[np.int64]


class Router:
    """The way of a county's log into ``partitions`` logs.

    Its state is the configuration in force alone: who goes on behind a position calls :meth:`configure` with that of
    the last CONFIGURATION entry before it, and need look back no further.
    """

    def __init__(self, county: str, partitions: int) -> None:
        """Of a county (its code), before its first configuration: devices go where their hash says."""
        self.county, self.partitions = county, partitions
        self.placed: Placed | None = None

    def configure(self, configuration: Configuration) -> None:
        """Go by a configuration from here on.

        Raises:
            OurFault: it is of another county, whose people would be of other partitions.
        """
        if configuration.county.code != self.county:
            raise OurFault(f"a configuration of {configuration.county.code} in the log of {self.county}")
        self.placed = Placed.of(configuration, self.partitions)

    def route(self, batch: EntryBatch, configuration_of: ConfigurationOf, first: int = 0) -> list[Routed]:
        """Each partition's entries of a batch, by partition; with those that go to several in each of them.

        A CONFIGURATION entry is gone by from the entry behind it on.

        Args:
            batch: in log order.
            configuration_of: asked for each CONFIGURATION entry of it.
            first: offset of its first entry in the county's log.

        Raises:
            OurFault: as :meth:`configure`.
        """
        goes = np.concatenate([np.empty((0, self.partitions), np.bool_), *self._stretches(batch, configuration_of)])
        rows = [np.flatnonzero(goes[:, partition]) for partition in range(self.partitions)]
        return [Routed(at, picked(batch, mine), mine + first) for at, mine in enumerate(rows) if len(mine)]

    def _stretches(self, batch: EntryBatch, configuration_of: ConfigurationOf) -> Iterator[NDArray[np.bool_]]:
        """Where entries go, bool (n, partitions), up to each CONFIGURATION entry and behind the last."""
        begin = 0
        for at in np.flatnonzero(batch.kind == EntryKind.CONFIGURATION).tolist():
            yield self._goes(batch, begin, at + 1)
            self.configure(configuration_of(from_json(batch.bytes_of(at), Configured).digest))
            begin = at + 1
        yield self._goes(batch, begin, len(batch))

    def _goes(self, batch: EntryBatch, begin: int, until: int) -> NDArray[np.bool_]:
        way, origin = WAY[batch.kind[begin:until]], batch.origin[begin:until]
        used = np.flatnonzero(np.bincount(origin, minlength=len(batch.origins)))
        by_origin = np.zeros((len(batch.origins), self.partitions), np.bool_)
        by_origin[used] = self._of_devices([batch.origins[at].device for at in used.tolist()])
        goes = by_origin[origin]
        goes[way == Way.ALL], goes[way == Way.NONE] = True, False
        return goes

    def _of_devices(self, devices: list[str]) -> NDArray[np.bool_]:
        if self.placed is not None:
            return self.placed.of_devices(devices)
        homes = np.array([home_of(self.county, device, self.partitions) for device in devices], np.int64)
        return np.equal(homes[:, None], np.arange(self.partitions), dtype=np.bool_)


def picked(batch: EntryBatch, rows: NDArray[np.int64]) -> EntryBatch:
    """Some entries of a batch (int64, ascending), with their payloads and origins alone; all: the batch itself."""
    if len(rows) == len(batch):
        return batch
    length, begin = batch.length[rows], batch.start[rows]
    start = np.cumsum(length) - length
    payload = batch.payload[np.repeat(begin - start, length) + np.arange(int(length.sum()))]
    used = np.flatnonzero(np.bincount(batch.origin[rows], minlength=len(batch.origins)))
    place = np.zeros(len(batch.origins), np.int32)
    place[used] = np.arange(len(used), dtype=np.int32)
    origins = tuple(batch.origins[at] for at in used.tolist())
    return EntryBatch(
        batch.kind[rows], batch.received[rows], place[batch.origin[rows]], start, length, payload, origins
    )  # fmt: skip
