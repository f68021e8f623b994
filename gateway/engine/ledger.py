"""Step: transitions become episodes, episodes become outcomes. Identities are minted here and nowhere else."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gateway.engine.episode import Change, Episode, mint
from gateway.engine.families import FAMILIES
from gateway.engine.notice import TELL
from gateway.engine.removal import MILD, off_with_leave
from gateway.engine.state import closing_key, seat_of
from gateway.kinds import KINDS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gateway.engine.episode import Fact
    from gateway.engine.policy import Policy
    from gateway.engine.presence import Interval
    from gateway.engine.state import EngineState

CALLS = frozenset({"sos"})
"""Kinds at which somebody goes there at once, and is told the wearer's care codes."""
APART: Mapping[str, str] = {"repeated_place": "place", "wearers_together": "with", "protected_near": "with"}
"""The fact by which alarms of a kind and rule are told apart that have no zone."""
RETROSPECTIVE_AFTER = 1800.0
"""Seconds between onset evidence and receipt beyond which an alarm is about the past, and says so."""


@dataclass(frozen=True, slots=True)
class At:
    """Where in the log something happens: timers (phase 0) come before the entry (phase 1) that they precede."""

    offset: int
    phase: int
    time: float
    device: str
    order: float | None = None
    """Of a report, its place in its group's order."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a step says to the outside: a copy of the episode as it stood, and what happened to it."""

    change: Change
    episode: Episode
    decided: float
    order: tuple[int, int, float, str, str]

    @property
    def entry(self) -> int:
        """Offset of the entry that brought it about: of a timer's, the one by which time had come so far."""
        return self.order[0]


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
    severity: str = ""
    """Milder than its kind's; empty: as its kind."""
    late: bool = False
    """Of before the newest report of its device, which says otherwise."""


@dataclass(slots=True)
class Ledger:
    """Opens, revises and ends episodes of one step, and collects its outcomes; beside them intervals of presence."""

    state: EngineState
    policy: Policy
    outcomes: list[Outcome] = field(default_factory=list)
    presence: list[Interval] = field(default_factory=list)

    def raise_(self, finding: Finding, at: At) -> str:
        """Open an episode; one that already exists under the minted identity is left alone. Returns the identity."""
        identity = mint(finding.device, finding.kind, finding.zone, finding.onset, finding.opening)
        if identity in self.state.episodes or identity in self.state.settled:
            self.state.count("alarm_already_raised")
            return identity
        episode = self._episode(identity, finding, at)
        self.state.episodes[identity] = episode
        self._open(episode)
        self._say(Change.RAISED, episode, at)
        return identity

    def enter(self, episode: Episode, at: At) -> None:
        """Take over an alarm that another engine has raised, as it was raised: this one tells of it from here on."""
        if episode.id in self.state.episodes or episode.id in self.state.settled:
            self.state.count("alarm_already_raised")
            return
        mine = self.state.episodes[episode.id] = episode.copied()
        mine.revision = 0
        self._open(mine)
        self.state.rings = -math.inf  # what is to come of it may be due before all that the timers know of
        self._say(Change.RAISED, mine, at)

    def ongoing(
        self, kind: str, person: str, device: str, zone: str = "", rule: str = "", time: float = -math.inf
    ) -> Episode | None:  # fmt: skip
        """The open episode for a condition at a device time, if there is one."""
        if kind in FAMILIES:
            episode = self.state.found.get(person or device, {}).get((kind, rule, zone))
            return None if episode is None or self._is_closed(episode, time) else episode
        identity = self.state.open.get((kind, person or device, rule, zone))
        return self.state.episodes.get(identity) if identity else None

    def standing(self, kind: str, person: str, rule: str, time: float) -> list[Episode]:
        """What stands of a kind and a rule at a device time, at any place."""
        held = self.state.found.get(person, {}).values()
        mine = [episode for episode in held if (episode.kind, episode.rule) == (kind, rule)]
        return [episode for episode in mine if not self._is_closed(episode, time)]

    def of_device(self, kind: str, device: str) -> list[Episode]:
        """Standing episodes of a kind that a device opened, whoever wore it then."""
        known = list(self.state.episodes.values())
        if kind in FAMILIES:
            known = [each for held in self.state.found.values() for each in held.values()]
        return [one for one in known if (one.kind, one.device) == (kind, device) and one.ended is None]

    def closed_before(self, kind: str, who: str, rule: str, time: float) -> float:
        """When a person last closed an alarm of this kind and rule, up to a time; -inf: never."""
        return self._closed(closing_key(kind, who, rule), time)

    def _is_closed(self, episode: Episode, time: float) -> bool:
        """Whether a person has closed it by then: what comes later is another one."""
        kind, rule, place = seat_of(episode)
        key = closing_key(kind, episode.person or episode.device, rule, place)
        return self._closed(key, time) > episode.onset

    def _closed(self, key: str, time: float) -> float:
        return max((close for close in self.state.closes.get(key, ()) if close <= time), default=-math.inf)

    def _open(self, episode: Episode) -> None:
        if episode.kind in FAMILIES:
            self.state.stand(episode)
        else:
            self.state.open[slot_of(episode)] = episode.id

    def _shut(self, episode: Episode) -> None:
        if episode.kind in FAMILIES:
            self.state.fall(episode)
        else:
            self.state.open.pop(slot_of(episode), None)

    def revise(
        self, episode: Episode, at: At, facts: Mapping[str, Fact], kind: str = "", severity: str = ""
    ) -> None:  # fmt: skip
        """Say more of an episode that stands; ``kind`` turns it into another (late return becoming whole absence).

        ``severity``: milder than that kind's; empty: as that kind.
        """
        if kind and kind != episode.kind:
            self._shut(episode)
            episode.kind, episode.ends = kind, KINDS[kind].ends
            episode.severity = severity or self.policy.configuration.alarms[kind].severity
            facts = {**facts, **({} if severity else self.deadline(kind, at))}
            episode.facts = {name: fact for name, fact in episode.facts.items() if name != "verify_by"}
            self._open(episode)
        if TELL in facts:
            self.state.rings = -math.inf  # it may be due before all that the timers know of
        if episode.may(Change.UPDATED):
            episode.facts = {**episode.facts, **facts}
            episode.last_offset = at.offset
            self._say(Change.UPDATED, episode, at)

    def begins(self, one: Finding, at: At) -> tuple[str, dict[str, Fact]]:
        """How severe an alarm is that begins now, and by when somebody has to have looked at it."""
        off = off_with_leave(self.policy, one.kind, one.person, (one.onset, at.time), late=one.late)
        if off:
            self.state.rings = -math.inf  # its end may be due before all that the timers know of
            return MILD, off
        if TELL in one.facts:
            self.state.rings = -math.inf  # likewise
        if one.severity:
            return one.severity, {}
        return self.policy.configuration.alarms[one.kind].severity, self.deadline(one.kind, at)

    def deadline(self, kind: str, at: At) -> dict[str, Fact]:
        """By when somebody has to have looked at an alarm that becomes one of this kind now; empty: no such time."""
        wait = self.policy.configuration.alarms[kind].escalate_after_seconds
        return {} if wait is None else {"verify_by": at.time + wait}

    def clear(self, episode: Episode, ended: float, at: At, facts: Mapping[str, Fact] | None = None) -> None:
        """The condition is over. Latched kinds have no clear: only a person ends them."""
        if episode.ends == "person":
            return
        self._shut(episode)
        episode.over = at.order
        if not episode.may(Change.CLEARED):
            return
        episode.ended, episode.last_offset = ended, at.offset
        episode.facts = {**episode.facts, **(facts or {})}
        self._say(Change.CLEARED, episode, at)
        self.forget_resolved(episode)

    def say(self, change: Change, episode: Episode, at: At) -> None:
        """An officer's act on an episode.

        What stands of a place and device does so whatever officers do: what begins anew after a close is another alarm.
        """
        if change is Change.DISPUTED:
            self.state.settled.pop(episode.id, None)
            self.state.episodes[episode.id] = episode
        elif change is Change.EXAMINED:
            # What comes about it before this is stored has to find it so.
            self.state.settled[episode.id] = episode
        elif change is Change.CLOSED and episode.kind not in FAMILIES:
            self._shut(episode)
        elif change is Change.CLOSED:
            kind, rule, place = seat_of(episode)
            for where in {place, "*"}:
                key = closing_key(kind, episode.person or episode.device, rule, where)
                self.state.closes.setdefault(key, []).append(at.time)
        self._say(change, episode, at)
        self.forget_resolved(episode)

    def withdraw(self, identity: str) -> Episode | None:
        """Unsay an alarm that this run has raised, as it was raised; None: it has raised no such one."""
        said = [outcome for outcome in self.outcomes if outcome.episode.id == identity]
        if not said or said[0].change is not Change.RAISED:
            return None
        self.outcomes = [outcome for outcome in self.outcomes if outcome.episode.id != identity]
        self.state.episodes.pop(identity, None)
        if self.state.open.get(slot_of(said[0].episode)) == identity:
            del self.state.open[slot_of(said[0].episode)]
        return said[0].episode

    def forget_resolved(self, episode: Episode) -> None:
        """Resolved episodes live on in the store; the engine needs them while their past may be decided anew."""
        if episode.resolved and episode.id in self.state.episodes:
            del self.state.episodes[episode.id]
            if episode.kind in FAMILIES:
                self.state.settled[episode.id] = episode

    def _say(self, change: Change, episode: Episode, at: At) -> None:
        episode.revision += 1
        order = (at.offset, at.phase, at.time, at.device, f"{episode.kind}/{episode.id}/{episode.revision:06d}")
        self.outcomes.append(Outcome(change, episode.copied(), at.time, order))

    def _episode(self, identity: str, finding: Finding, at: At) -> Episode:
        kind = KINDS[finding.kind]
        person = self.policy.configuration.people.get(finding.person)
        severity, facts = self.begins(finding, at)
        if finding.kind in CALLS and person is not None:
            facts |= {"care": " ".join(person.care)} if person.care else {}
            facts |= {"protected": 1} if person.protected else {}
        return Episode(
            id=identity, kind=finding.kind, severity=severity,
            ends=kind.ends, person=finding.person, device=finding.device,
            office=person.office if person else "", level=person.level if person and not person.protected else "",
            zone=finding.zone, zone_name=finding.zone_name, rule=finding.rule, basis=finding.basis,
            onset=finding.onset, decided=at.time, received=at.time, first_offset=finding.first_offset,
            last_offset=at.offset, evidence=at.order, probability=finding.probability, latitude=finding.latitude,
            longitude=finding.longitude, radius_m=finding.radius_m,
            retrospective=at.time - finding.evidence_time > RETROSPECTIVE_AFTER, facts={**finding.facts, **facts},
        )  # fmt: skip


def slot_of(episode: Episode) -> tuple[str, str, str, str]:
    """Where the ledger looks for the episode of a condition: kind, person or device, rule, zone or place."""
    place = str(episode.facts.get(APART[episode.kind], "")) if episode.kind in APART else episode.zone
    return (episode.kind, episode.person or episode.device, episode.rule, place)
