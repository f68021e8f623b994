"""Why an alarm was raised that rests on no zone's evidence, worked out anew from the journal.

The entries of its wearer's devices go through the engine once more, in a world of their own, and the number that
decides is looked at with each; what would have made it otherwise is tried there. By kind: ``gateway.replay.reasons``.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from gateway.engine import ENGINE, EngineState, decode_run
from gateway.journal.entries import EntryKind
from gateway.replay.gather import MOST_OF_ALL, MOST_READ
from gateway.replay.otherwise import Otherwise
from gateway.replay.probes import Moment, Whose
from gateway.replay.reasons import REASONS, reason_of
from gateway.replay.rule_text import rule_text
from gateway.replay.scene import batch_of
from gateway.words.accounts import Account, Measure, Seen
from protocols.report import Flag

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gateway.engine import Episode, Policy
    from gateway.replay.gather import Source
    from gateway.replay.reasons import Reason
    from gateway.replay.scene import Entry, Scene

MOST_SEEN: Final = 40
"""Entries that are listed; of so many the number is looked at."""
DIGITS: Final = 12
"""Of a configuration's digest that are shown."""
OF_COURSE: Final = frozenset({EntryKind.START, EntryKind.CONFIGURATION, EntryKind.TOWERS, EntryKind.ACT})
"""Entries that are not listed: they tell nothing of a device."""


class Sought(NamedTuple):
    """What is to be explained: whose alarm of which kind, as it stood at a receive time (UTC epoch seconds).

    ``episode``: the alarm as it is stored; None: whichever stood then, if any.
    """

    person: str
    device: str
    kind: str
    at: float
    rule: str = ""
    zone: str = ""
    episode: Episode | None = None

    @classmethod
    def of(cls, episode: Episode) -> Sought:
        """An alarm at the time at which it was raised."""
        return cls(
            episode.person, episode.device, episode.kind, episode.decided, episode.rule, episode.zone, episode
        )  # fmt: skip

    @property
    def reason(self) -> Reason:
        """Why it was raised, or would be."""
        return reason_of(self.kind, {} if self.episode is None else self.episode.facts)

    def is_answered_by(self, one: Episode) -> bool:
        """Whether an alarm is of what is sought, and stands at the end or is over as it begins."""
        mine = (one.kind, one.person) == (self.kind, self.person) and one.rule in {self.rule, self.rule or one.rule}
        mine = mine and self.zone in {"", one.zone}
        since = self.at if self.episode is None else self.episode.onset
        lasts = one.ended is None or one.ended >= since
        return mine and (one.device in {self.device, ""} or not self.device) and lasts and not one.retracted


class _Said(NamedTuple):
    """What an entry says: device time, flags, percent, latitude and longitude."""

    time: float | None = None
    flags: int = 0
    battery: int = -1
    place: tuple[float, float] | None = None


@dataclass(slots=True)
class _Watch:
    """The number at each of the last entries."""

    reason: Reason
    whose: Whose
    said: Sequence[_Said]
    entries: Sequence[Entry]
    at: float
    values: dict[int, float] = field(default_factory=dict)
    limit: float = math.nan

    def before(self, state: EngineState, policy: Policy, index: int) -> None:
        if self.reason.before:
            self._look(state, policy, index)

    def after(self, state: EngineState, policy: Policy, index: int) -> None:
        if not self.reason.before:
            self._look(state, policy, index)

    def _look(self, state: EngineState, policy: Policy, index: int) -> None:
        is_end = index == len(self.entries)
        one = self.said[index - 1 if is_end else index] if self.said else _Said()
        time = self.at if is_end else self.entries[index].received
        moment = Moment(state, policy, self.whose, time, one.flags, one.battery, one.place)
        if not self.whose.device or self.whose.device in policy.device_index:
            self.values[index], self.limit = self.reason.value(moment), self.reason.limit(moment)

    @property
    def value(self) -> float:
        """As it was in the end: the last one that is known."""
        known = [value for _, value in sorted(self.values.items()) if not math.isnan(value)]
        return known[-1] if known else math.nan


def account_of(source: Source, sought: Sought, *, tries: bool = True) -> Account:
    """Explain one kind of alarm of one wearer or device; ``tries``: and what would have made it otherwise.

    Raises:
        OurFault: the journal cannot be read.
    """
    reason, policy = sought.reason, source.in_force(sought.at)
    names = _everybody(policy) if reason.whole else _near(policy, sought)
    most = MOST_OF_ALL if reason.whole else MOST_READ
    scene = source.scene(*names, sought.at - reason.back, sought.at, most)
    said = _said(scene, policy)
    watch, ends = _watched(scene, sought, said)
    stands = [one for one in ends if sought.is_answered_by(one)]
    if sought.episode is None and stands:  # its facts are asked for, too
        sought = sought._replace(episode=stands[-1], rule=stands[-1].rule)
        watch, _ = _watched(scene, sought, said)
    anew = sought.episode is None or any(one.id == sought.episode.id for one in stands)
    tried = Otherwise(scene, sought.reason, sought.is_answered_by, watch.whose, raised=sought.episode is not None)
    return _account(policy, sought, watch, anew=anew, tried=tried if tries else None)


def sought_at(policy: Policy, person: str, kind: str, rule: str, at: float) -> Sought | None:
    """Whether a kind of alarm stood at a time: of which device and rule; None: no rule asks for it, or nothing is worn.

    Args:
        policy: in force then.
        person: whose.
        kind: a key of ``REASONS``.
        rule: one of those that ask for it; empty: the first.
        at: receive time, UTC epoch seconds.
    """
    field = REASONS[kind].rule
    asking = [
        one.id for one in policy.configuration.rules
        if person in one.people and rule in {"", one.id} and field and getattr(one, field)
    ]  # fmt: skip
    seats = np.flatnonzero(policy.phone == kind.startswith("phone_"))
    wearing = policy.wearing_at(seats, np.full(len(seats), at))
    worn = [policy.devices[seat] for seat, one in zip(seats.tolist(), wearing.tolist(), strict=True)
            if one >= 0 and policy.wearings[one][1] == person]  # fmt: skip
    if not worn or (field and not asking):
        return None
    return Sought(person, worn[0], kind, at, asking[0] if asking else "")


def _watched(scene: Scene, sought: Sought, said: Sequence[_Said]) -> tuple[_Watch, list[Episode]]:
    watch = _Watch(sought.reason, _whose(sought), said, scene.entries, sought.at)
    return watch, scene.watched(watch.before, watch.after, MOST_SEEN)


def _whose(sought: Sought) -> Whose:
    one = sought.episode
    facts = {} if one is None else {**one.facts, "waited": one.received - one.onset, "onset": one.onset}
    return Whose(sought.person, sought.device, sought.kind, sought.rule, sought.zone, facts)


def _everybody(policy: Policy) -> tuple[frozenset[str], frozenset[str]]:
    return frozenset(policy.configuration.people), frozenset(policy.configuration.devices)


def _near(policy: Policy, sought: Sought) -> tuple[frozenset[str], frozenset[str]]:
    """People and devices that can have a part in it: who shares devices, and who is held against them by a rule."""
    both = [key[1:] for key in policy.pairs.key if sought.person in key[1:]]
    names: set[str] = {sought.person, sought.device}
    for person in {sought.person, *(each for pair in both for each in pair)}:
        group = policy.groups.of_person.get(person, -1)
        names |= {person, *(policy.groups.names[group] if group >= 0 else ())}
    people, devices = _everybody(policy)
    return people & names, devices & names


def _said(scene: Scene, policy: Policy) -> list[_Said]:
    """What each entry says."""
    found = [_Said() for _ in scene.entries]
    if not found:
        return found
    reports = decode_run(EngineState(), batch_of(scene.entries), scene.policy(policy.configuration.digest))
    for row, index in enumerate(reports.entry.tolist()):
        known, is_placed = found[index], bool(reports.located[row])
        place = (float(reports.latitude[row]), float(reports.longitude[row])) if is_placed else known.place
        battery = int(reports.battery_percent[row])
        time = known.time if np.isnan(reports.time[row]) else float(reports.time[row])
        found[index] = _Said(
            time, known.flags | int(reports.flags[row]), battery if battery >= 0 else known.battery, place
        )
    return found


def _account(policy: Policy, sought: Sought, watch: _Watch, *, anew: bool, tried: Otherwise | None) -> Account:
    one, rule = sought.episode, policy.rules.get(sought.rule)
    mine = _last_contacts(watch) if watch.reason.whole else [
        index for index, entry in enumerate(watch.entries) if _is_of(entry, sought)
    ]  # fmt: skip
    shown = (mine[:MOST_SEEN] if watch.reason.whole else mine[-MOST_SEEN:]) if watch.reason.listed else []
    seen = [_seen(watch, index) for index in shown]
    return Account(
        person=sought.person, device=sought.device, kind=sought.kind, at=sought.at,
        since=watch.entries[0].received, configuration=policy.configuration.digest[:DIGITS], engine=ENGINE,
        raised=one is not None, anew=anew, measure=_measure(watch), alarm="" if one is None else one.id,
        onset=None if one is None else one.onset, decided=None if one is None else one.decided, rule=sought.rule,
        basis="" if one is None else one.basis,
        text={} if rule is None else rule_text(policy, sought.person, sought.rule), seen=seen,
        left_out=len(mine) - len(shown), turns=list(tried.all(shown)) if anew and tried is not None else [],
    )  # fmt: skip


def _is_of(entry: Entry, sought: Sought) -> bool:
    """Whether an entry is listed: of the device, or a control that is no matter of course."""
    if entry.offset < 0 or entry.kind in OF_COURSE:
        return False
    return entry.origin.device in {sought.device, ""} or not sought.device


def _last_contacts(watch: _Watch) -> list[int]:
    """Of each device its last frame, the oldest first: who has fallen silent stands before the others."""
    frames = (index for index, entry in enumerate(watch.entries) if entry.kind == EntryKind.FRAME)
    return sorted({watch.entries[index].origin.device: index for index in frames}.values())


def _seen(watch: _Watch, index: int) -> Seen:
    entry, one, value = watch.entries[index], watch.said[index], watch.values.get(index, math.nan)
    return Seen(
        offset=entry.offset, received=entry.received, time=one.time, device=entry.origin.device,
        what=EntryKind(entry.kind).name.lower(), says=[str(flag.name).lower() for flag in Flag if one.flags & flag],
        battery_percent=one.battery if one.battery >= 0 else None, located=one.place is not None, value=number(value),
    )  # fmt: skip


def _measure(watch: _Watch) -> Measure:
    reason = watch.reason
    return Measure(number(watch.value), number(watch.limit), reason.unit, reason.over, reason.source)


def number(value: float) -> float | None:
    """A number that may not be known."""
    return value if math.isfinite(value) else None
