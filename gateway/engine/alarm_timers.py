"""Timers of alarms: what was agreed with a wearer is looked at when it is due, by what is known then.

It fires at its due time, before its group's first report at or after it, however the log was cut; and before a past
that is decided anew later. What was found stays: later data correct the alarm itself, and say so there.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from typing import TYPE_CHECKING, Final, NamedTuple

import msgspec
import numpy as np

from fencing.verdict import IN, OUT
from gateway.engine import at_first, charge, removal, strap
from gateway.engine.hand_over import end_wearings
from gateway.engine.ledger import At
from gateway.engine.night import STALE
from gateway.engine.shapes import HOME
from gateway.engine.silence import GRACE
from gateway.engine.watching import WatchKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from numpy.typing import NDArray

    from gateway.engine.act_lines import FollowUp
    from gateway.engine.context import Context
    from gateway.engine.episode import Episode
    from gateway.engine.ledger import Ledger
    from gateway.engine.policy import Policy
    from gateway.engine.state import EngineState

    Look = Callable[[Ledger, str, At], None]

MET, NOT_MET, UNKNOWN = "met", "not_met", "unknown"
NOBODY: Final = -1
"""The group of an alarm that is about no device or person of the configuration."""


class Recheck(NamedTuple):
    """An alarm to be looked at: when, in receive time (UTC epoch seconds); of which group; its identity; how."""

    due: float
    group: int
    alarm: str
    look: Look


def pending(state: EngineState, policy: Policy) -> Iterator[Recheck]:
    """All that is to come. While nobody listens nothing is due; and after a start bracelets need to find us again."""
    if not state.listening:
        return
    for episode in state.episodes.values():
        agreed, group = episode.follow_up, None
        if agreed is not None and agreed.is_pending:
            grace = GRACE if agreed.expects in LOOKS else 0.0
            group = policy.groups.group_of(episode, policy.device_index, policy.group)
            yield Recheck(max(agreed.at, state.listening_since + grace), group, episode.id, check)
        if removal.is_open(episode):
            group = policy.groups.group_of(episode, policy.device_index, policy.group) if group is None else group
            due = max(removal.ends(policy, episode), state.listening_since + GRACE)
            yield Recheck(due, group, episode.id, give_back)
        if (due := strap.due_of(state, policy, episode)) < math.inf:
            group = policy.groups.group_of(episode, policy.device_index, policy.group) if group is None else group
            yield Recheck(max(due, state.listening_since + GRACE), group, episode.id, strap.not_closed)
        if at_first.waits(policy, episode):
            group = policy.groups.group_of(episode, policy.device_index, policy.group) if group is None else group
            due = max(at_first.due_of(episode), state.listening_since + GRACE)
            yield Recheck(due, group, episode.id, at_first.still_holds)


def next_due(state: EngineState, policy: Policy) -> float:
    """Earliest due time of all; inf when there is none, or the configuration is yet to be applied."""
    if state.digest != policy.configuration.digest:
        return math.inf
    return min((one.due for one in pending(state, policy)), default=math.inf)


def falls_due(context: Context, root: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Reports of a run before which something of their group is due, bool (n,); ``root``: the group of each."""
    received, found = context.reports.received, np.zeros(len(root), np.bool_)
    if len(root) and received[-1] >= context.state.rings:
        for one in pending(context.state, context.policy):
            found |= (root == one.group) & (received >= one.due)
    # What is raised in this very run may have to be looked at in it.
    found |= strap.opens_in_run(context, root) | charge.runs_low(context, root)
    for each in context.policy.configuration.removals:
        if len(root) and received[0] < each.until <= received[-1]:
            found |= (root == context.policy.groups.of_person.get(each.person, NOBODY)) & (received >= each.until)
    return found


def keep(context: Context, until: Mapping[int, float]) -> None:
    """Look at what is due of some groups, each at or before its time in ``until``; wearings that end before, first."""
    if not until or max(until.values()) < context.state.rings:
        return
    ready = [one for one in pending(context.state, context.policy) if one.due <= until.get(one.group, -math.inf)]
    for one in _in_order(ready):
        if one.group != NOBODY:
            watch = context.policy.groups.seats["watch"].rows(one.group)
            end_wearings(context, np.full(len(watch), one.due), watch)
        key = context.policy.devices[one.group] if one.group != NOBODY else ""
        one.look(context.ledger, one.alarm, context.due_at(one.due, key))


def _in_order(rechecks: Iterable[Recheck]) -> list[Recheck]:
    return sorted(rechecks, key=lambda one: (one.due, one.group, one.alarm, one.look.__name__))


def keep_all(context: Context, now: float) -> None:
    """The same of everybody."""
    keep(context, dict.fromkeys([NOBODY, *context.policy.groups.names], now))


def keep_passed_over(ledger: Ledger, now: float, offset: int) -> None:
    """What is due already as the wall clock is set, or another configuration comes, is looked at with that."""
    for one in _in_order(pending(ledger.state, ledger.policy)):
        if one.due <= now:
            one.look(ledger, one.alarm, At(offset, 1, now, ""))


def check(ledger: Ledger, alarm: str, at: At) -> None:
    """Look, and say what is found."""
    episode = ledger.state.episodes.get(alarm)
    if episode is None or episode.follow_up is None:
        return  # a wearing that ended just now took it away
    look = LOOKS.get(episode.follow_up.expects)
    verdict = UNKNOWN if look is None else look(ledger, episode, episode.follow_up, at.time)
    episode.follow_up = msgspec.structs.replace(episode.follow_up, checked=at.time, verdict=verdict)
    ledger.revise(episode, at, {})


def give_back(ledger: Ledger, alarm: str, at: At) -> None:
    """The bracelet is to be back."""
    episode = ledger.state.episodes.get(alarm)
    if episode is not None and removal.is_open(episode):
        removal.look_back(ledger, episode, at)


def _at_home(ledger: Ledger, episode: Episode, agreed: FollowUp, now: float) -> str:
    """The last verdict on the wearer's home, or the place of a curfew; old ones say nothing of now."""
    del agreed
    state, policy = ledger.state, ledger.policy
    watch = _home_watch(policy, episode)
    if watch is None or not _observed(policy, episode.person, now) or state.watch["over"][watch]:
        return UNKNOWN
    if not now - state.watch["seen"][watch] <= STALE:
        return UNKNOWN
    return VERDICTS.get(int(state.watch["verdict"][watch]), UNKNOWN)


def _home_watch(policy: Policy, episode: Episode) -> int | None:
    """The watch that says whether somebody is home: the alarm's own place first, then the home, then a curfew's."""
    watches, person = policy.watches, bisect_left(policy.people, episode.person)
    if episode.person not in policy.configuration.people:
        return None
    home, first = f"{HOME}:{episode.person}", int(watches.first[person])
    zone = {at: policy.zone_ids[watches.zone[at]] for at in range(first, first + int(watches.count[person]))}
    fit = [at for at in zone if zone[at] == home or watches.kind[at] == WatchKind.BE_THERE]
    fit = [at for at in fit if watches.kind[at] in {WatchKind.BE_THERE, WatchKind.STAY_INSIDE}]
    return min(fit, key=lambda at: (zone[at] != episode.zone, zone[at] != home, at), default=None)


def worn_by(policy: Policy, person: str, now: float) -> list[int]:
    """Devices that somebody wears at a time."""
    devices = np.arange(len(policy.devices))
    worn = policy.wearing_at(devices, np.full(len(devices), now))
    return [at for at, wearing in enumerate(worn.tolist()) if wearing >= 0 and policy.wearings[wearing][1] == person]


def _observed(policy: Policy, person: str, now: float) -> bool:
    """Whether the law lets anybody say where somebody is."""
    devices = np.array(worn_by(policy, person, now), np.int64)
    when = np.full(len(devices), now)
    return bool(policy.lawful(policy.wearing_at(devices, when), when).any())


def _reports(ledger: Ledger, episode: Episode, agreed: FollowUp, now: float) -> str:
    """Whether anything has come since from what the wearer has on, or else from the alarm's own device."""
    policy = ledger.policy
    devices = worn_by(policy, episode.person, now) if episode.person else []
    devices = devices or [policy.device_index[each] for each in [episode.device] if each in policy.device_index]
    if not devices:
        return UNKNOWN
    return MET if (ledger.state.device["heard_offset"][devices] > agreed.offset).any() else NOT_MET


VERDICTS: Final = {IN: MET, OUT: NOT_MET}
LOOKS: Final[Mapping[str, Callable[[Ledger, Episode, FollowUp, float], str]]] = {"home": _at_home, "reports": _reports}
"""What a machine can look at. A call or a visit it cannot see: the alarm only comes back."""
