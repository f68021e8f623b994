"""A story through the engine in virtual time: no sockets, no threads, no waiting."""

from __future__ import annotations

import heapq
import shutil
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from firmware_sim import configuration as sim_configuration
from firmware_sim import story as sim_story
from gateway.demo.tally import Count, Expected, Platform, count
from gateway.engine.policy import compile_policy
from gateway.engine.state import EngineState
from gateway.engine.step import step
from gateway.journal import FileJournal
from gateway.journal.controls import Configured, Start, Stop
from gateway.journal.entries import EntryBatch, EntryKind, Gathering, Origin, merge
from gateway.settings.load import load
from gateway.upstream.cloudevents import event_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from firmware_sim.schedule import Story
    from gateway.engine.policy import Policy

TICK = 60.0


@dataclass
class Told:
    """A story as entries, and the policy it was told under."""

    story: Story
    policy: Policy
    entries: EntryBatch

    @cached_property
    def whole(self) -> tuple[bytes, ...]:
        """Event bodies of stepping the entries at once."""
        return tuple(self._stepped([0, len(self.entries)], EngineState()))

    def bodies(self, cuts: list[int] | None = None, state: EngineState | None = None) -> list[bytes]:
        """Event bodies of stepping the entries in pieces that end at ``cuts``."""
        if cuts is None and state is None:
            return list(self.whole)
        return self._stepped([0, *(cuts or []), len(self.entries)], state or EngineState())

    def _stepped(self, edges: list[int], state: EngineState) -> list[bytes]:
        county = self.policy.configuration.county
        said = []
        for first, until in pairwise(edges):
            stepped = step(state, self.entries.slice(first, until), lambda _: self.policy, first=state.offset)
            said += [event_of(outcome, county.code, county.timezone).body for outcome in stepped.outcomes]
        return said

    def between(self, start: float, until: float) -> Told:
        """A stretch of the story, start <= receive time < until, as a gateway would tell it that began then."""
        first, last = np.searchsorted(self.entries.received, [start, until])
        stretch = self.entries.slice(int(first), int(last))
        return replace(self, entries=merge([_beginning(self.policy, start).batch(), stretch]))

    def part(self, first: int, until: int) -> Told:
        """Some of its entries."""
        return replace(self, entries=self.entries.slice(first, until))

    def journaled(self, directory: Path, entries_a_row: int) -> Path:
        """The story in a journal's files, with the configuration it was told under; returns the directory."""
        journal, configuration = FileJournal(directory), self.policy.configuration
        journal.store_configuration(configuration.digest, configuration.sources)
        for first in range(0, len(self.entries), entries_a_row):
            journal.append(self.entries.slice(first, first + entries_a_row))
        journal.close()
        return directory

    def count(self, bodies: list[bytes]) -> Count:
        """The bodies against the story's truth."""
        platform = Platform()
        for body in bodies:
            platform.receive(body)
        expected = [Expected(e.device, e.kind, e.zone, e.onset, e.until) for e in self.story.expected]
        return count(expected, platform)


def tell(folder: Path, name: str, *, seed: int = 1, **how: object) -> Told:
    """Build a story and its county, and write down the entries a gateway would have journaled."""
    story = sim_story.build(name, seed=seed, **how)  # type: ignore[arg-type]
    shutil.rmtree(folder, ignore_errors=True)
    sim_configuration.write(
        story, folder, sim_configuration.Surroundings(7611, str(folder / "s"), "mqtt://127.0.0.1:1")
    )
    policy = compile_policy(load(folder))
    gathering = _beginning(policy, story.epoch)
    origins = {
        d.device: Origin(d.device, "l", "p", d.protocol, d.profile) for d in policy.configuration.devices.values()
    }
    nobody = Origin()
    for time, frame in heapq.merge(_frames(story), _ticks(story), key=lambda item: item[0]):
        if frame is None:
            gathering.add(EntryKind.TICK, time, nobody, b"")
        else:
            gathering.add(EntryKind.FRAME, time, origins[frame.device], frame.frame_bytes)
    gathering.add(EntryKind.STOP, story.until, nobody, msgspec.json.encode(Stop()))
    return Told(story, policy, gathering.batch())


def _beginning(policy: Policy, time: float) -> Gathering:
    """The entries of a gateway that starts."""
    gathering = Gathering()
    gathering.add(EntryKind.START, time, Origin(), msgspec.json.encode(Start("test")))
    configured = msgspec.json.encode(Configured(policy.configuration.digest))
    gathering.add(EntryKind.CONFIGURATION, time, Origin(), configured)
    return gathering


def _frames(story: Story) -> Iterator[tuple[float, sim_story.TimedFrame | None]]:
    for frame in sim_story.frames(story):
        yield min(frame.receive_time, story.until), frame


def _ticks(story: Story) -> Iterator[tuple[float, None]]:
    at = story.epoch
    while at < story.until:
        at += TICK
        yield min(at, story.until), None
