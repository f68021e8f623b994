"""Presence where a configuration changes the duties, and where the past is decided anew.

What stood before a mark stays; of each duty what stands from there on is said anew, if it is otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from gateway.engine.duties import IS_DUTY, bound_at
from gateway.engine.lifted import leave_of
from gateway.engine.presence import NONE, UNKNOWN, Standing, lapse_one, record_of, say, standing_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from gateway.engine.ledger import At, Ledger
    from gateway.engine.marks import Mark
    from gateway.engine.policy import Policy
    from gateway.engine.presence import Interval

    Key = tuple[str, str, str]

SAME: Final = ("time", "said", "state", "since", "until", "trace")
"""Columns that tell whether the same was said."""


def configured(ledger: Ledger, before: Policy | None, records: NDArray[np.void], at: At) -> None:
    """Another configuration is in force: what it no longer asks for ends, and what bounds it otherwise bounds it.

    ``records``: the bank as it was before it was seated anew, by the policy of before.
    """
    if before is not None:
        end_gone(ledger, before.watches.key, records, at, at.time)
    ledger.state.presence["look"][:] = -np.inf
    bind(ledger, np.flatnonzero(_shortened(ledger)), at)


def end_gone(ledger: Ledger, watches: Sequence[Key], records: NDArray[np.void], at: At, time: float) -> None:
    """Duties that are no more end at a device time; what had become stale by then was not known up to there."""
    if watches == ledger.policy.watches.key:
        return
    seated = set(ledger.policy.watches.key)
    for place in np.flatnonzero(records["state"] != NONE).tolist():
        if watches[place] not in seated:
            _end(ledger, watches[place], Standing(*records[place].item()), at, time)


def _end(ledger: Ledger, watch: Key, one: Standing, at: At, time: float) -> None:
    if one.is_fading and one.lapses < time:
        say(ledger, watch, at, one.lapses, one.until, UNKNOWN)
    if time < one.until:
        ended = max(time, one.since)
        say(ledger, watch, at, ended, ended, NONE)


def _shortened(ledger: Ledger) -> NDArray[np.bool_]:
    """Watches of which what stands may end sooner than was said."""
    policy, bank = ledger.policy, ledger.state.presence
    every, time = np.arange(len(policy.watches.key)), bank["time"]
    worn = np.where(policy.worn.lookup(every, time) >= 0, policy.worn.until_of(every, time), -np.inf)
    away = np.isin(every, leave_of(ledger.state, policy).key) | np.isin(every, policy.idle.key)
    wearing = np.full(len(policy.people), -1)
    phones = {policy.devices[seat] for seat in np.flatnonzero(policy.phone).tolist()}
    bracelets = np.array([at for at, (device, _) in enumerate(policy.wearings) if device not in phones], np.int64)
    wearing[policy.wearing_person[bracelets]] = bracelets
    mine = wearing[policy.watches.person]
    lawful = np.where(policy.lawful(mine, time), policy.authorised.until_of(mine, time), -np.inf)
    shortened: NDArray[np.bool_] = (bank["state"] != NONE) & (away | (np.minimum(worn, lawful) < bank["until"]))
    return shortened


def bind(ledger: Ledger, watches: NDArray[np.int64], at: At) -> None:
    """What stands of watches ends with wearing and authority, and at a leave, as they are known now.

    It alone: a fact that is entered afterwards decides nothing anew.
    """
    for watch in watches.tolist():
        one = standing_of(ledger.state, watch)
        if one.state == NONE:
            continue
        bound = bound_at(ledger.state, ledger.policy, watch, one.time)
        ends = bound.until if bound.holds else bound.begin if bound.begin > one.since else one.time
        if ends < one.until:
            say(ledger, ledger.policy.watches.key[watch], at, ends, ends, NONE)
            one.until = ends
            ledger.state.presence.records[watch] = record_of(one)


@dataclass(slots=True)
class Retold:
    """What the passes find of a group's duties from a mark on.

    Attributes:
        found: in order.
        watches: duties that were looked at.
        policy: by which they were last.
    """

    found: list[Interval] = field(default_factory=list)
    watches: set[Key] = field(default_factory=set)
    policy: Policy | None = None

    def begin(self, ledger: Ledger, group: int, held: NDArray[np.void], since: float, at: At) -> None:
        """The group's part is seated on a bench: by rules that came at ``since``, ``held`` of those of before."""
        if self.policy is not None:
            end_gone(ledger, _watches(self.policy, group), held, at, since)
        self.policy = ledger.policy
        rows = ledger.policy.groups.seats["presence"].rows(group)
        ledger.state.presence["look"][rows] = -np.inf
        bind(ledger, rows, at)
        duties = rows[IS_DUTY[ledger.policy.watches.kind[rows]]].tolist()
        self.watches.update(ledger.policy.watches.key[row] for row in duties)

    def say(self, ledger: Ledger, group: int, before: NDArray[np.void], mark: Mark, at: At) -> None:
        """The new part is in the place of the old one, ``before``: say what is otherwise since the mark."""
        rows, bank = ledger.policy.groups.seats["presence"].rows(group), ledger.state.presence
        now = bank.records[rows]
        known = dict(zip(_watches(ledger.policy, group), _same(before, now).tolist(), strict=True))
        marked = dict(zip(*mark.rows["presence"], strict=True))
        for watch in sorted(watch for watch in self.watches if not known.get(watch, False)):
            _restate(ledger, watch, marked.get("/".join(watch)), mark.time, at)
        order = (at.offset, at.phase, at.time)
        ledger.presence += [replace(one, order=order) for one in self.found if not known.get(one.watch, False)]
        missed = before["lapsed"] & (before["time"] == now["time"])
        for row, is_known in zip(rows[missed].tolist(), np.array([*known.values()])[missed].tolist(), strict=True):
            if is_known:
                bank["lapsed"][row] = True
            else:
                lapse_one(ledger, row, at)


def _watches(policy: Policy, group: int) -> list[Key]:
    return [policy.watches.key[row] for row in policy.groups.seats["presence"].rows(group).tolist()]


def _same(before: NDArray[np.void], now: NDArray[np.void]) -> NDArray[np.bool_]:
    """Of which records the same was said."""
    same: NDArray[np.bool_] = before["lapsed"] | ~now["lapsed"]
    for name in SAME:
        same &= (before[name] == now[name]) | ((before[name] != before[name]) & (now[name] != now[name]))
    return same


def _restate(ledger: Ledger, watch: Key, held: np.void | None, since: float, at: At) -> None:
    """What stood at the mark, in the place of all that was said since."""
    one = Standing(*held.item()) if held is not None else None
    if one is not None and one.state != NONE:
        say(ledger, watch, at, one.since, one.until, one.state)
        if one.lapsed and one.is_fading:
            say(ledger, watch, at, one.lapses, one.until, UNKNOWN)
    else:
        begin = since if one is None or np.isnan(one.time) else one.time
        say(ledger, watch, at, begin, begin, NONE)
