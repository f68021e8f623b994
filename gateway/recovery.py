"""After a crash, and for replay: the state rebuilt from snapshot and journal, the same ``step`` as live."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gateway.engine.policy import Policy, compile_policy
from gateway.engine.state import EngineState
from gateway.engine.step import Observer, Stepped, step
from gateway.entries import EntryBatch, merge
from gateway.errors import OurFault
from gateway.settings.load import load_sources
from gateway.snapshot import restore

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gateway.engine.ledger import Outcome
    from gateway.journal import FileJournal
    from gateway.settings.model import Configuration
    from gateway.store import StateStore

MERGED = 65_536
"""Entries stepped at once in replay."""


@dataclass(slots=True)
class PolicyShelf:
    """Compiled configurations by digest: the one in force, and those the journal remembers."""

    journal: FileJournal | None
    override: Policy | None = None
    """Used for every digest: what these rules would have said."""
    compiled: dict[str, Policy] = field(default_factory=dict)

    def put(self, configuration: Configuration) -> Policy:
        """Compile and keep one."""
        self.compiled[configuration.digest] = compile_policy(configuration)
        return self.compiled[configuration.digest]

    def __call__(self, digest: str) -> Policy:
        """The policy of a digest; loaded from the journal when it is not at hand."""
        if self.override is not None:
            return self.override
        if digest not in self.compiled and self.journal is not None:
            self.put(load_sources(self.journal.configuration(digest)))
        return self.compiled[digest]


def merged(journal: FileJournal, first: int, until: int, most: int = MERGED) -> Iterator[EntryBatch]:
    """Entries first <= offset < until in large batches."""
    waiting: list[EntryBatch] = []
    size = 0
    for offset, batch in journal.read(first):
        part = batch if offset + len(batch) <= until else batch.slice(0, max(0, until - offset))
        if len(part):
            waiting.append(part)
            size += len(part)
        if size >= most or offset + len(batch) >= until:
            if waiting:
                yield merge(waiting)
            waiting, size = [], 0
            if offset + len(batch) >= until:
                return
    if waiting:
        yield merge(waiting)


def recover(store: StateStore, journal: FileJournal, policies: PolicyShelf) -> tuple[EngineState, Stepped]:
    """State after the whole journal; entries before the applied offset say nothing, the tail what is still owed.

    Raises:
        OurFault: the journal is shorter than what was applied.
    """
    snapshot = store.load_snapshot()
    state = (restore(snapshot) if snapshot is not None else None) or EngineState()
    applied, end = store.applied_offset(), journal.next_offset
    if applied > end:
        raise OurFault(
            f"state.db has applied {applied} entries but the journal holds {end}: it has been lost or replaced."
            " Restore it from the backup; to begin anew on purpose, move state.db away as well"
        )
    for batch in merged(journal, state.offset, min(applied, end)):
        step(state, batch, policies)
    tail = Stepped()
    for batch in merged(journal, state.offset, end):
        said = step(state, batch, policies)
        tail.outcomes += said.outcomes
        tail.commands += said.commands
    return state, tail


def replay(
    journal: FileJournal, policies: PolicyShelf, *, most: int = MERGED, until: float = float("inf"),
    observer: Observer | None = None,
) -> Iterator[tuple[EngineState, Outcome]]:  # fmt: skip
    """Outcomes of the whole journal, in order, with the state they left; entries received at or before ``until``."""
    state = EngineState()
    for batch in merged(journal, 0, journal.next_offset, most):
        wanted = int((batch.received <= until).sum())
        for first in range(0, wanted, most):
            stepped = step(state, batch.slice(first, min(first + most, wanted)), policies, observer)
            for outcome in stepped.outcomes:
                yield state, outcome
