"""A part of the journal as a small world of its own: entries of some devices, and what would come of them otherwise."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, NamedTuple

import msgspec
import numpy as np

from gateway.decoded import from_json
from gateway.engine import ENGINE, EngineState, MemoryHistory, compile_policy
from gateway.engine.step import step
from gateway.journal.controls import Configured, Start
from gateway.journal.entries import NO_ORIGIN, EntryKind, Gathering

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from gateway.engine import Episode, Policies, Policy, TowersByDigest
    from gateway.journal.entries import EntryBatch, Origin
    from gateway.settings.model import Configuration

    Change = Callable[[Configuration], Configuration]
    Look = Callable[[EngineState, Policy, int], None]

NOWHERE: Final = -1
"""Offset of an entry that the journal does not have."""


class Entry(NamedTuple):
    """One entry: its offset in the journal, kind, receive time, origin and payload."""

    offset: int
    kind: int
    received: float
    origin: Origin
    payload: bytes


@dataclass(slots=True)
class Scene:
    """Entries of some devices up to a receive time, and the configurations by which they are judged.

    Attributes:
        entries: in log order; the first two are START and CONFIGURATION, the journal's own or such as stood then.
        at: receive time of the end, up to which timers run.
        policies: the configurations.
        people, devices: these alone are in the world.
        skipped: offsets of entries that are passed over.
        towers: what is known of cells. ``named``: the version in the beginning; empty: none.
    """

    entries: Sequence[Entry]
    at: float
    policies: Policies
    people: frozenset[str]
    devices: frozenset[str]
    skipped: frozenset[int]
    towers: TowersByDigest
    named: str = ""
    _compiled: dict[str, Policy] = field(default_factory=dict)

    def policy(self, digest: str) -> Policy:
        """A configuration of these people and devices alone."""
        if digest not in self._compiled:
            self._compiled[digest] = compile_policy(self._narrowed(digest))
        return self._compiled[digest]

    def last_policy(self) -> Policy:
        """The configuration in force at the end."""
        said = [one.payload for one in self.entries if one.kind == EntryKind.CONFIGURATION]
        return self.policy(from_json(said[-1], Configured).digest)

    def watched(self, before: Look, after: Look, last: int) -> list[Episode]:
        """All alarms that were said, as they stand in the end.

        ``before`` and ``after`` each of the ``last`` entries, and the end, are told of the state and of its index.
        Those entries keep their offsets, so that an alarm has the identity that it had.
        """
        run = _Run(self, self.policy, self.entries[0].offset)
        head = max(0, len(self.entries) - last)
        if head:
            run.begin_before(self.entries[head].offset if head < len(self.entries) else 0, head)
            run.take(self.entries[:head])
        for index in range(head, len(self.entries)):
            one = self.entries[index]
            run.begin_before(one.offset, 0)
            run.look(before, index)
            run.take([one])
            run.look(after, index)
        run.look(before, len(self.entries))
        said = run.end()
        run.look(after, len(self.entries))
        return said

    def otherwise(
        self, change: Change | None = None, *, without: int = NOWHERE, more: Sequence[Entry] = ()
    ) -> list[Episode]:  # fmt: skip
        """The same with another configuration, without an entry (its offset), or with some more of one time."""
        kept = [one for one in self.entries if one.offset != without or without == NOWHERE]
        for one in more:
            kept.insert(sum(each.received <= one.received for each in kept), one)
        run = _Run(self, self.policy if change is None else self._changed(change), 0)
        run.take(kept)
        return run.end()

    def _narrowed(self, digest: str) -> Configuration:
        return of_some(self.policies(digest).configuration, self.people, self.devices)

    def _changed(self, change: Change) -> Policies:
        compiled: dict[str, Policy] = {}

        def policy(digest: str) -> Policy:
            if digest not in compiled:
                compiled[digest] = compile_policy(change(self._narrowed(digest)))
            return compiled[digest]

        return policy


class _Run:
    """Entries through a state of their own."""

    def __init__(self, scene: Scene, policies: Policies, offset: int) -> None:
        self.scene, self.policies = scene, policies
        self.state = EngineState(offset=offset, keeps_fences=False)
        self.state.history = MemoryHistory()
        self.state.towers = [(-np.inf, scene.named)] if scene.named else []
        self.said: dict[str, Episode] = {}

    def begin_before(self, offset: int, count: int) -> None:
        """So many entries end before an offset: those between are of others."""
        self.state.offset = max(self.state.offset, offset - count)

    def look(self, look: Look, index: int) -> None:
        if self.state.digest:
            look(self.state, self.policies(self.state.digest), index)

    def take(self, entries: Sequence[Entry]) -> None:
        first = self.state.offset
        passed = [first + at for at, one in enumerate(entries) if one.offset in self.scene.skipped]
        stepped = step(
            self.state, batch_of(entries), self.policies, first=first, skipped=passed, towers=self.scene.towers
        )
        self.said.update({outcome.episode.id: outcome.episode for outcome in stepped.outcomes})

    def end(self) -> list[Episode]:
        self.take([Entry(NOWHERE, int(EntryKind.TICK), self.scene.at, NO_ORIGIN, b"")])
        return list(self.said.values())


def batch_of(entries: Sequence[Entry]) -> EntryBatch:
    """Entries as columns."""
    gathering = Gathering()
    for one in entries:
        gathering.add(EntryKind(one.kind), one.received, one.origin, one.payload)
    return gathering.batch()


def beginning(received: float, digest: str) -> list[Entry]:
    """The gateway listens from a time on, by a configuration."""
    said = {EntryKind.START: Start("", engine=ENGINE), EntryKind.CONFIGURATION: Configured(digest)}
    return [
        Entry(NOWHERE, int(kind), received, NO_ORIGIN, msgspec.json.encode(payload)) for kind, payload in said.items()
    ]


def of_some(given: Configuration, people: frozenset[str], devices: frozenset[str]) -> Configuration:
    """A configuration with these people and devices, and of rules, zones and registers what is about them."""
    bound = [replace(one, people=tuple(each for each in one.people if each in people)) for one in given.rules]
    rules = tuple(one for one in bound if one.people)
    leave = tuple(one for one in given.leave if one.person in people)
    appointments = tuple(one for one in given.appointments if one.person in people)
    named = {zone for rule in rules for zone in (rule.stay_inside, rule.keep_out)}
    named |= {one.zone for one in leave} | {one.zone for one in appointments}
    return replace(
        given, rules=rules, leave=leave, appointments=appointments,
        people={name: one for name, one in given.people.items() if name in people},
        devices={name: one for name, one in given.devices.items() if name in devices},
        assignments=tuple(one for one in given.assignments if one.device in devices and one.person in people),
        authorities=tuple(one for one in given.authorities if one.person in people),
        removals=tuple(one for one in given.removals if one.person in people),
        zones={name: one for name, one in given.zones.items() if name in named},
    )  # fmt: skip
