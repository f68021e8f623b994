"""A county's log stepped by one engine, and by as many as it has partitions, with what each says told alike."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import msgspec

from gateway.engine.families import FAMILIES
from gateway.engine.policy import compile_policy
from gateway.engine.role import Role
from gateway.engine.state import EngineState
from gateway.engine.step import step
from gateway.partition.across import Across, Handed, across_of, handed, shared_of
from gateway.partition.owned import owned
from gateway.partition.part import part_of
from gateway.partition.router import Router
from gateway.upstream.cloudevents import event_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from gateway.engine.ledger import Outcome
    from gateway.engine.policy import Policy
    from gateway.journal.entries import EntryBatch
    from gateway.partition.placed import Placed
    from gateway.settings.model import Configuration

BY_OFFSET = frozenset({
    "battery_dead", "clock_fault", "comms_lost", "entry_skipped", "location_lost", "mass_outage", "shielding",
})  # fmt: skip
"""Kinds whose identity is made of an entry's offset."""


def told(outcomes: Iterable[Outcome], county: Configuration) -> list[dict]:
    """Events of outcomes, without what is of one log alone: offsets, and identities that are made of one."""
    bodies = (event_of(outcome, county.county.code, county.county.timezone).body for outcome in outcomes)
    return [untimed(json.loads(body)) for body in bodies]


def untimed(event: dict) -> dict:
    """The same without its place in a log."""
    found = {**event, "data": {**event["data"]}}
    del found["data"]["journal"]
    if found["data"]["kind"] in BY_OFFSET:
        for part, name in ((found, "id"), (found, "subject"), (found["data"], "alarm")):
            part[name] = ""
    return found


def alike(events: Iterable[dict]) -> list[str]:
    """In an order of their own, to compare those of several logs with those of one."""
    return sorted(json.dumps(event, sort_keys=True, ensure_ascii=False) for event in events)


def of_place_and_device_time(events: Iterable[dict]) -> list[dict]:
    """Those that are decided by these."""
    return [event for event in events if event["data"]["kind"] in FAMILIES]


def whole(log: Iterable[EntryBatch], shelf: Mapping[str, Policy]) -> list[dict]:
    """What one engine says."""
    state, said = EngineState(), []
    for batch in log:
        said += step(state, batch, shelf.__getitem__, first=state.offset).outcomes
    return told(said, next(iter(shelf.values())).configuration)


class Divided:
    """Partitions of a county's log, each with its engine, and the second step over all of them.

    ``heard``: entries by partition. ``said``: what each may tell; ``across``: what the second step tells, of
    ``messages`` and of the entries that go to all, ``shared``.
    """

    def __init__(self, partitions: int, shelf: Mapping[str, Policy]) -> None:
        self.partitions = partitions
        self.county = {digest: policy.configuration for digest, policy in shelf.items()}
        self.states = [EngineState(role=Role.PART) for _ in range(partitions)]
        self.second = Across(partitions)
        self.across: list[Outcome] = []
        self.messages: list[bytes] = []
        self.shared: list[EntryBatch] = []
        self.over_all = {digest: compile_policy(across_of(one)) for digest, one in self.county.items()}
        self.heard = [0] * partitions
        self.said: list[list[Outcome]] = [[] for _ in range(partitions)]
        self._policies: dict[tuple[int, str], Policy] = {}

    def step(self, log: Iterable[EntryBatch]) -> list[dict]:
        """What all of them may tell together."""
        router = Router(next(iter(self.county.values())).county.code, self.partitions)
        for batch in log:
            for at, mine, offsets in router.route(batch, self.county.__getitem__):
                assert len(mine) == len(offsets)
                self._step(at, mine, router.placed)
            self.across += self.second.step(self.over_all.__getitem__).outcomes
        return told([one for each in [*self.said, self.across] for one in each], next(iter(self.county.values())))

    def _step(self, at: int, mine: EntryBatch, placed: Placed) -> None:
        state, first = self.states[at], self.states[at].offset
        stepped = step(state, mine, lambda digest: self._policy(at, digest), first=first)
        self.said[at] += owned(stepped.outcomes, placed, at)
        self.heard[at] += len(mine)
        on = handed(mine, first, self.second.reached[at], stepped.signs, placed, at)
        self.messages.append(msgspec.json.encode(on))
        self.second.hear(msgspec.json.decode(self.messages[-1], type=Handed))
        if at == 0:
            self.shared.append(shared_of(mine))
            self.second.read(self.shared[-1])

    def _policy(self, at: int, digest: str) -> Policy:
        if (at, digest) not in self._policies:
            part = part_of(self.county[digest], at, self.partitions)
            self._policies[at, digest] = compile_policy(part)
        return self._policies[at, digest]
