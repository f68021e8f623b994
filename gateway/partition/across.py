"""Second step over all partitions of a county: one cause for many who fall silent is one alarm of the whole county.

Engines of partitions (``state.role`` is ``Role.PART``) say nothing of silence: they hand out their signs. An engine of
its own (``Role.ACROSS``) takes those of all and says ``mass_outage``, ``comms_lost`` and ``battery_dead``, and what
becomes of them, by the very functions of one engine (``engine.outage``). Its log are the entries that go to all
partitions, which each of them has in the same order: a sign belongs before the first of these at or behind which it
stands in its partition. So nothing hangs on the clock, and a tick's signs are complete once all partitions have passed
that tick.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

import msgspec
import numpy as np

from gateway.engine.ledger import At
from gateway.engine.outage import KIND, SILENT_KIND
from gateway.engine.role import Role
from gateway.engine.signs import Sign
from gateway.engine.state import EngineState
from gateway.engine.step import Stepped, step
from gateway.errors import OurFault
from gateway.journal.entries import merge
from gateway.partition.kinds import WAY, Way
from gateway.partition.router import picked

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gateway.engine.shelf import Policies
    from gateway.journal.entries import EntryBatch
    from gateway.partition.placed import Placed
    from gateway.settings.model import Configuration

TELLS: Final = frozenset({KIND, SILENT_KIND, "battery_dead"})
"""Kinds that are told here and by no partition."""


class Handed(msgspec.Struct, frozen=True):
    """What a step of one partition hands on; also the JSON of a message about it.

    Attributes:
        partition: which.
        begin, until: numbers, among the entries that go to all, of the first one of the step and of that behind it.
        signs: of the partition's own people, each at the number of the entry before which it stands.
    """

    partition: int
    begin: int
    until: int
    signs: tuple[Sign, ...] = ()


def handed(
    batch: EntryBatch, first: int, begin: int, signs: Iterable[Sign], placed: Placed, partition: int
) -> Handed:  # fmt: skip
    """What is handed on of a partition's step.

    Args:
        batch: the entries that were stepped.
        first: offset of the first of them in the partition's log.
        begin: how many that go to all came before; 0, or ``until`` of the step before.
        signs: ``Stepped.signs``.
        placed: of the configuration in force at the step's end.
        partition: which.
    """
    shared = first + np.flatnonzero(WAY[batch.kind] == Way.ALL)
    mine = [one for one in signs if not one.person or placed.home(one.person) == partition]
    number = begin + np.searchsorted(shared, [one.at.offset for one in mine])
    said = (
        replace(one, at=At(at, 0, one.at.time, one.device)) for at, one in zip(number.tolist(), mine, strict=True)
    )  # fmt: skip
    return Handed(partition, begin, begin + len(shared), tuple(said))


def shared_of(batch: EntryBatch) -> EntryBatch:
    """Of a partition's entries those that all partitions have."""
    return picked(batch, np.flatnonzero(WAY[batch.kind] == Way.ALL))


def across_of(configuration: Configuration) -> Configuration:
    """What is needed of a county's configuration to tell who is silent: nothing that a place is judged by."""
    return replace(configuration, rules=(), appointments=(), leave=())


@dataclass(slots=True)
class Across:
    """The second step of one county.

    What waits is not part of a snapshot: behind one of ``state`` the logs are read again from number ``state.offset``
    on, and what lies before it is passed over.

    Attributes:
        partitions: how many there are.
        state: its engine's; ``snapshot_of`` it.
        reached: by partition, how many of the entries that go to all it has passed.
    """

    partitions: int
    state: EngineState = field(default_factory=EngineState)
    reached: list[int] = field(default_factory=list)
    _signs: list[Sign] = field(default_factory=list)
    _entries: EntryBatch | None = None

    def __post_init__(self) -> None:
        self.state.role = Role.ACROSS
        self.reached = self.reached or [self.state.offset] * self.partitions

    def hear(self, told: Handed) -> None:
        """A partition has gone on.

        Raises:
            OurFault: what lies between is missing.
        """
        known = self.reached[told.partition]
        if told.begin > known:
            raise OurFault(f"signs of partition {told.partition} from {known} to {told.begin} are missing")
        self._signs += [one for one in told.signs if one.at.offset >= known]
        self.reached[told.partition] = max(known, told.until)

    def read(self, entries: EntryBatch) -> None:
        """Entries that go to all, from where ``state`` and what was read before end; by :func:`shared_of`."""
        self._entries = entries if self._entries is None else merge([self._entries, entries])

    def step(self, policies: Policies) -> Stepped:
        """Step as far as all partitions have come: outcomes of the kinds told here, and results of acts on them.

        ``policies``: of what :func:`across_of` makes of each configuration.
        """
        waits = 0 if self._entries is None else len(self._entries)
        ready = min(min(self.reached) - self.state.offset, waits)
        if self._entries is None or ready <= 0:
            return Stepped()
        first, entries = self.state.offset, self._entries.slice(0, ready)
        self._entries = self._entries.slice(ready, waits)
        self.state.signs = [one for one in self._signs if one.at.offset < first + ready]
        self._signs = [one for one in self._signs if one.at.offset >= first + ready]
        said = step(self.state, entries, policies, first=first)
        said.outcomes = [one for one in said.outcomes if one.episode.kind in TELLS]
        return said
