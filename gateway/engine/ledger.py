"""Step: transitions become episodes, episodes become outcomes. Identities are minted here and nowhere else."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gateway.engine.episode import Change, Episode, mint
from gateway.kinds import KINDS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gateway.engine.episode import Fact
    from gateway.engine.policy import Policy
    from gateway.engine.state import EngineState

RETROSPECTIVE_AFTER = 1800.0
"""Seconds between onset evidence and receipt beyond which an alarm is about the past, and says so."""


@dataclass(frozen=True, slots=True)
class At:
    """Where in the log something happens: timers (phase 0) come before the entry (phase 1) that they precede."""

    offset: int
    phase: int
    time: float
    device: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a step says to the outside: a copy of the episode as it stood, and what happened to it."""

    change: Change
    episode: Episode
    decided: float
    order: tuple[int, int, float, str, str]


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule found, before it becomes an episode. Times in UTC epoch seconds."""

    kind: str
    device: str
    person: str
    onset: float
    evidence_time: float
    opening: bytes
    first_offset: int
    zone: str = ""
    zone_name: str = ""
    rule: str = ""
    basis: str = ""
    probability: float | None = None
    latitude: float | None = None
    longitude: float | None = None
    radius_m: float | None = None
    facts: Mapping[str, Fact] = field(default_factory=dict)


@dataclass(slots=True)
class Ledger:
    """Opens, revises and ends episodes of one step, and collects its outcomes."""

    state: EngineState
    policy: Policy
    outcomes: list[Outcome] = field(default_factory=list)

    def raise_(self, finding: Finding, at: At) -> str:
        """Open an episode; one that already exists under the minted identity is left alone. Returns the identity."""
        identity = mint(finding.device, finding.kind, finding.zone, finding.onset, finding.opening)
        if identity in self.state.episodes:
            self.state.count("alarm_already_raised")
            return identity
        episode = self._episode(identity, finding, at)
        self.state.episodes[identity] = episode
        self.state.open[slot_of(episode)] = identity
        self._say(Change.RAISED, episode, at)
        return identity

    def ongoing(self, kind: str, person: str, device: str, zone: str = "", rule: str = "") -> Episode | None:
        """The open episode for a condition, if there is one."""
        identity = self.state.open.get((kind, person or device, rule, zone))
        return self.state.episodes.get(identity) if identity else None

    def of_device(self, kind: str, device: str) -> list[Episode]:
        """Standing episodes of a kind that a device opened, whoever wore it then."""
        known = self.state.episodes.values()
        return [episode for episode in known if (episode.kind, episode.device) == (kind, device) and episode.is_ongoing]

    def revise(self, episode: Episode, at: At, facts: Mapping[str, Fact], kind: str = "") -> None:
        """Say more of an episode that stands; ``kind`` turns it into another (late return becoming whole absence)."""
        if kind and kind != episode.kind:
            self.state.open.pop(slot_of(episode), None)
            episode.kind, episode.ends = kind, KINDS[kind].ends
            episode.severity = self.policy.configuration.alarms[kind].severity
            self.state.open[slot_of(episode)] = episode.id
        episode.facts = {**episode.facts, **facts}
        episode.last_offset = at.offset
        self._say(Change.UPDATED, episode, at)

    def clear(self, episode: Episode, ended: float, at: At, facts: Mapping[str, Fact] | None = None) -> None:
        """The condition is over. Latched kinds have no clear: only a person ends them."""
        if not episode.may(Change.CLEARED):
            return
        episode.ended, episode.last_offset = ended, at.offset
        episode.facts = {**episode.facts, **(facts or {})}
        self.state.open.pop(slot_of(episode), None)
        self._say(Change.CLEARED, episode, at)
        self.forget_resolved(episode)

    def say(self, change: Change, episode: Episode, at: At) -> None:
        """An officer's act on an episode."""
        if episode.closed is not None:
            self.state.open.pop(slot_of(episode), None)
        self._say(change, episode, at)
        self.forget_resolved(episode)

    def forget_resolved(self, episode: Episode) -> None:
        """Resolved episodes live on in the store; the engine needs them no more."""
        if episode.resolved:
            self.state.episodes.pop(episode.id, None)

    def _say(self, change: Change, episode: Episode, at: At) -> None:
        episode.revision += 1
        order = (at.offset, at.phase, at.time, at.device, f"{episode.kind}/{episode.id}/{episode.revision:06d}")
        self.outcomes.append(Outcome(change, copy.deepcopy(episode), at.time, order))

    def _episode(self, identity: str, finding: Finding, at: At) -> Episode:
        kind = KINDS[finding.kind]
        person = self.policy.configuration.people.get(finding.person)
        alarm = self.policy.configuration.alarms[finding.kind]
        wait = alarm.escalate_after_seconds
        deadline: dict[str, Fact] = {} if wait is None else {"verify_by": at.time + wait}
        return Episode(
            id=identity, kind=finding.kind, severity=alarm.severity,
            ends=kind.ends, person=finding.person, device=finding.device,
            office=person.office if person else "", level=person.level if person else "",
            zone=finding.zone, zone_name=finding.zone_name, rule=finding.rule, basis=finding.basis,
            onset=finding.onset, decided=at.time, received=at.time, first_offset=finding.first_offset,
            last_offset=at.offset, probability=finding.probability, latitude=finding.latitude,
            longitude=finding.longitude, radius_m=finding.radius_m,
            retrospective=at.time - finding.evidence_time > RETROSPECTIVE_AFTER, facts={**finding.facts, **deadline},
        )  # fmt: skip


def slot_of(episode: Episode) -> tuple[str, str, str, str]:
    """Where the ledger looks for the episode of a condition: kind, person or device, rule, zone or place."""
    place = str(episode.facts.get("place", "")) if episode.kind == "repeated_place" else episode.zone
    return (episode.kind, episode.person or episode.device, episode.rule, place)
