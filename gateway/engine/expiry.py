"""Timers of the calendar: an authority that ends soon, and one that has ended while the device is still worn.

Told 14, 7 and 3 days before, in one alarm, which an extension ends. What ends by itself says nothing of the wearer.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

from gateway.engine.ledger import At, Finding

if TYPE_CHECKING:
    from gateway.engine.context import Context
    from gateway.engine.episode import Episode, Fact
    from gateway.engine.ledger import Ledger
    from gateway.engine.policy import Policy
    from gateway.engine.state import EngineState

SOON, ENDED = "authority_expiring", "authority_ended"
DAY: Final = 86400.0
AHEAD: Final = (14.0, 7.0, 3.0)
"""Days before the end at which it is told."""
END: Final = len(AHEAD)
"""What is left to tell once all of these are told; beyond it nothing is."""


def next_due(state: EngineState, policy: Policy) -> float:
    """Earliest due time of all; inf when there is none, or the configuration is yet to be applied."""
    due = state.banks["grant"]["due"]
    if not state.listening or not len(due) or state.digest != policy.configuration.digest:
        return math.inf
    return max(float(due.min()), state.listening_since)


def expect(state: EngineState, policy: Policy) -> None:
    """By this configuration, when something of each row may have to be told at the soonest."""
    bank, grants = state.banks["grant"], policy.grants
    ahead = np.array([*AHEAD, 0.0, -math.inf])[np.minimum(bank["told"], END + 1)]
    bank["due"][:] = np.maximum(grants.until - ahead * DAY, grants.start)


def _due(policy: Policy, row: int, told: int, after: float) -> float:
    """When the next step of a row is due, where somebody wears what it is for then; inf: never."""
    grants = policy.grants
    until = float(grants.until[row])
    if told < END:
        at = grants.worn_from(row, max(until - AHEAD[told] * DAY, float(grants.start[row]), after))
        if at < until:
            return at
    if told > END:
        return math.inf
    return until if told or grants.wears(row, until) else math.inf


def tell_due(context: Context, now: float) -> None:
    """Tell what is due up to ``now``."""
    state, policy = context.state, context.policy
    while next_due(state, policy) <= now:
        due = state.banks["grant"]["due"]
        row = int(np.argmin(due))
        moment = max(float(due[row]), state.listening_since)
        _tell(context.ledger, row, context.due_at(moment, policy.grants.wears(row, moment)))


def _tell(ledger: Ledger, row: int, at: At) -> None:
    state, policy = ledger.state, ledger.policy
    bank, until = state.banks["grant"], float(policy.grants.until[row])
    if at.time >= until:
        _end(ledger, row, at)
        bank["told"][row] = END + 1
    elif policy.grants.wears(row, at.time):
        _say_soon(ledger, row, at)
        bank["told"][row] = max(1, sum(until - days * DAY <= at.time for days in AHEAD))
    bank["due"][row] = _due(policy, row, int(bank["told"][row]), at.time)


def _end(ledger: Ledger, row: int, at: At) -> None:
    """It is over; somebody who wears on without another one is to be relieved of it."""
    grants = ledger.policy.grants
    for episode in _standing(ledger, row):
        ledger.clear(episode, at.time, at, {"authority_over": float(grants.until[row])})
    if grants.wears(row, at.time) and not grants.covers(row, at.time):
        _raise(ledger, ENDED, row, at, {})


def _say_soon(ledger: Ledger, row: int, at: At) -> None:
    days: dict[str, Fact] = {"days": math.ceil((float(ledger.policy.grants.until[row]) - at.time) / DAY)}
    review = ledger.policy.grants.review(row, at.time)
    if review is not None:
        days["review"] = review
    for episode in _standing(ledger, row):
        ledger.revise(episode, at, days)
        return
    _raise(ledger, SOON, row, at, days)


def _standing(ledger: Ledger, row: int) -> list[Episode]:
    """What stands of a row."""
    if not ledger.state.banks["grant"]["told"][row]:
        return []
    key = ledger.policy.grants.key[row]
    newest = ledger.ongoing(SOON, key[0], "")
    if newest is not None and _key(newest) == key:
        return [newest]
    return [one for one in _all_soon(ledger) if _key(one) == key]


def _key(episode: Episode) -> tuple[str, str, float]:
    """Of the row that an alarm is about."""
    return episode.person, str(episode.facts["authority"]), float(str(episode.facts["authority_until"]))


def _all_soon(ledger: Ledger) -> list[Episode]:
    known = sorted(ledger.state.episodes.values(), key=lambda one: one.id)
    return [one for one in known if one.kind == SOON and one.is_ongoing]


def _raise(ledger: Ledger, kind: str, row: int, at: At, facts: dict[str, Fact]) -> None:
    grants = ledger.policy.grants
    person, of, until = grants.key[row]
    said: dict[str, Fact] = {"authority": of, "authority_until": until, "document": grants.last[row].document}
    if ledger.policy.configuration.people[person].protected:
        said["consent"] = 1
    ledger.raise_(
        Finding(
            kind=kind, device=grants.wears(row, at.time), person=person, onset=until if kind == ENDED else at.time,
            evidence_time=at.time, opening=f"{of} of {person} until {until:.0f}".encode(), first_offset=at.offset,
            facts={**said, **facts},
        ),
        at,
    )  # fmt: skip


def tell_changed(ledger: Ledger, at: At) -> None:
    """Another configuration: what it has extended, taken away or has nobody wear under any more ends no more soon."""
    grants = ledger.policy.grants
    for episode in _all_soon(ledger):
        person, of, until = _key(episode)
        rows = {float(grants.until[row]): row for row in grants.of.get((person, of), ())}
        if until in rows and grants.wears(rows[until], at.time):
            continue
        later = max(rows, default=-math.inf)
        is_extended = until not in rows and later > max(until, at.time)
        ledger.clear(episode, at.time, at, {"extended_until": later} if is_extended else {"handed_over": at.time})
