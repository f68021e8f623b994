"""A journal read through the engine: the configurations it was under, its rows in long batches, and what they say."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np

from gateway.decoded import from_json
from gateway.engine import EngineState, Policy, compile_policy, no_towers
from gateway.engine.blend import blended
from gateway.engine.step import Stepped, step
from gateway.journal import FileJournal
from gateway.journal.controls import Configured, TowersNamed
from gateway.journal.entries import EntryBatch, EntryKind, merge
from gateway.settings.registers import Composer

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator
    from pathlib import Path

    from gateway.engine import Drawn, Observer, Outcome, TowersByDigest
    from gateway.journal.contract import Journal
    from gateway.settings.model import Configuration

COMPILED = 32
"""Compiled configurations at hand, the newest: a desk makes some each day, and what is older is in the journal."""
MERGED = 65_536
"""Entries stepped at once in replay."""


def _whole(configuration: Configuration) -> Configuration:
    return configuration


@dataclass(slots=True)
class PolicyShelf:
    """Compiled configurations by digest: the one in force, and those the journal remembers.

    ``towers``: what was known of cells, by version. ``part``: what of each configuration of the journal is gone by.
    """

    journal: Journal | None
    override: Policy | None = None
    """Used for every digest: what all of this would have said."""
    rules: Policy | None = None
    """Its zones, rules and homes stand in for those of every digest, whose registers stay."""
    compiled: dict[str, Policy] = field(default_factory=dict)
    towers: TowersByDigest = no_towers
    part: Callable[[Configuration], Configuration] = _whole
    _composer: Composer = field(default_factory=Composer)

    def put(
        self, configuration: Configuration, drawn: Drawn | None = None, before: Policy | None = None
    ) -> Policy:  # fmt: skip
        """Compile and keep one, as ``compile_policy`` does; where there is a journal, the oldest goes in the end."""
        policy = self.compiled[configuration.digest] = compile_policy(configuration, drawn, before)
        for digest in list(self.compiled)[: -COMPILED if self.journal is not None else 0]:
            del self.compiled[digest]
        return policy

    def __call__(self, digest: str) -> Policy:
        """The policy of a digest; loaded from the journal when it is not at hand."""
        if self.override is not None:
            return self.override
        policy = self.compiled.get(digest)
        if policy is None and self.journal is not None:
            policy = self.put(self.part(self._composer.loaded(self.journal.configuration(digest))))
        policy = self.compiled[digest] if policy is None else policy
        return policy if self.rules is None else blended(self.rules, policy)


@dataclass(slots=True)
class StoredPolicies:
    """Compiled configurations by digest, of a journal's directory; from any thread, and no more than COMPILED at once.

    Raises:
        OurFault: it is not there, or cannot be read.
    """

    directory: Path
    _kept: dict[str, Policy] = field(default_factory=dict)
    _composer: Composer = field(default_factory=Composer)
    _one: Lock = field(default_factory=Lock)

    def __call__(self, digest: str) -> Policy:
        """The policy of a digest; compiled where it is not at hand, which takes a second."""
        with self._one:
            if digest not in self._kept:
                with closing(FileJournal(self.directory, read_only=True)) as journal:
                    policy = compile_policy(self._composer.loaded(journal.configuration(digest)))
                self._kept[digest] = policy
                for old in list(self._kept)[:-COMPILED]:
                    del self._kept[old]
            return self._kept[digest]


def merged(journal: Journal, first: int, until: int, most: int = MERGED) -> Iterator[tuple[int, EntryBatch]]:
    """Entries first <= offset < until in large batches, each with the offset of its first entry.

    Nothing but a declared gap of the journal stands between two batches.
    """
    for offset, batch in journal.read_long(first, most):
        if offset >= until:
            break
        yield offset, batch if offset + len(batch) <= until else batch.slice(0, until - offset)


def recut(batches: Iterable[EntryBatch], most: int) -> Iterator[EntryBatch]:
    """The same entries, ``most`` at a time: a batch has as many rounds as its busiest device has reports in it."""
    waiting: list[EntryBatch] = []
    for batch in batches:
        waiting.append(batch)
        if sum(map(len, waiting)) >= most:
            whole = merge(waiting)
            full = len(whole) - len(whole) % most
            yield from (whole.slice(first, first + most) for first in range(0, full, most))
            waiting = [whole.slice(full, len(whole))]
    if any(map(len, waiting)):
        yield merge(waiting)


def cross_gap(state: EngineState, first: int) -> None:
    """Go on behind entries that were lost: the journal has said that they are, or it would not have been read."""
    if first > state.offset:
        state.count("entry_lost", first - state.offset)
        state.offset = first


def begin_at(journal: Journal) -> EngineState:
    """A fresh state that can take the journal's first entry, whichever that is."""
    return EngineState(offset=journal.begins)


def replay(  # noqa: PLR0913  one parameter a wish
    journal: Journal, policies: PolicyShelf, *, most: int = MERGED, until: float = float("inf"),
    observer: Observer | None = None, with_skipped: bool = False, state: EngineState | None = None,
) -> Iterator[tuple[EngineState, Outcome]]:  # fmt: skip
    """Outcomes of the whole journal, in order, with the state they left; as :func:`stepped_anew`."""
    told = stepped_anew(
        journal, policies, most=most, until=until, observer=observer, with_skipped=with_skipped, state=state
    )
    for left, stepped in told:
        for outcome in stepped.outcomes:
            yield left, outcome


def stepped_anew(  # noqa: PLR0913  as replay
    journal: Journal, policies: PolicyShelf, *, most: int = MERGED, until: float = float("inf"),
    observer: Observer | None = None, with_skipped: bool = False, state: EngineState | None = None,
) -> Iterator[tuple[EngineState, Stepped]]:  # fmt: skip
    """What the whole journal says, piece by piece, and the state it leaves, up to the first entry after ``until``.

    Entries that the engine could not stand are passed over as they were live, unless ``with_skipped``. ``state``: what
    it begins with, at the journal's first entry; a fresh one by default.
    """
    state = state or begin_at(journal)
    skipped: Collection[int] = () if with_skipped else journal.skipped()
    for offset, batch in merged(journal, state.offset, journal.next_offset, most):
        cross_gap(state, offset)
        later = (batch.received > until).nonzero()[0]
        wanted = int(later[0]) if len(later) else len(batch)
        for first in range(0, wanted, most):
            part = batch.slice(first, min(first + most, wanted))
            stepped = step(
                state, part, policies, observer, first=offset + first, skipped=skipped, towers=policies.towers
            )
            yield state, stepped
        if len(later):
            return


def digest_at(journal: Journal, offset: int) -> str:
    """The configuration in force before an entry; where the journal does not reach back to it, the first after it.

    Empty: there is none.
    """
    for batch in journal.backwards(offset):
        if found := configured(batch):
            return found[-1]
    for _, batch in journal.read(offset):
        if found := configured(batch):
            return found[0]
    return ""


def towers_before(journal: Journal, offset: int) -> str:
    """The version of what is known of cells that was in force before an entry; empty: none, as far as is on record."""
    for batch in journal.backwards(offset):
        at = np.flatnonzero(batch.kind == EntryKind.TOWERS).tolist()
        if at:
            return from_json(batch.bytes_of(at[-1]), TowersNamed).digest
    return ""


def configured(batch: EntryBatch) -> list[str]:
    """Digests that a batch's CONFIGURATION entries name."""
    at = np.flatnonzero(batch.kind == EntryKind.CONFIGURATION).tolist()
    return [from_json(batch.bytes_of(index), Configured).digest for index in at]
