"""Bracelets taken off with leave: what the strap, the case and silence tell meanwhile is recorded, and no alarm yet.

It is raised as ``info``. At the removal's end, or when it is taken away, it is looked at once more: where the bracelet
is not back, or tells the same again later, the alarm is as severe as ever.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

from gateway.engine.families import FLAG_KINDS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gateway.engine.episode import Episode, Fact
    from gateway.engine.ledger import At, Ledger
    from gateway.engine.policy import Policy
    from gateway.engine.state import EngineState

OFF: Final = {kind: flag for flag, kind in FLAG_KINDS.items() if kind != "sos"}
"""What a bracelet that is off tells of itself, and the flag that says so."""
SILENT: Final = frozenset({"comms_lost", "battery_dead", "shielding"})
MILD: Final = "info"
FACTS: Final = ("removal", "removal_until", "removal_over", "removal_back")
"""Of an alarm that a removal makes mild."""


def removed_until(policy: Policy, person: str, time: float) -> float:
    """When the removal ends in which a time lies; -inf where it lies in none."""
    if person not in policy.configuration.people:
        return -math.inf
    seat = np.array([policy.people.index(person)])
    lies = policy.removed.lookup(seat, [time])[0] >= 0
    return float(policy.removed.until_of(seat, [time])[0]) if lies else -math.inf


def off_with_leave(
    policy: Policy, kind: str, person: str, times: tuple[float, float], *, late: bool
) -> dict[str, Fact]:  # fmt: skip
    """What an alarm says of a removal that makes it mild; nothing where none does.

    Of the strap it is when the device says that it opened, of silence when it is told.

    Args:
        policy: the one in force.
        kind: of the alarm.
        person: whose.
        times: its onset, and the receive time at which it is raised.
        late: a newer report of the device has said otherwise, so that a removal that is over is kept.
    """
    onset, now = times
    if kind not in OFF and kind not in SILENT:
        return {}
    then = onset if kind in OFF else now
    until = removed_until(policy, person, then)
    if until <= now and not (late and math.isfinite(until)):
        return {}
    mine = [each for each in policy.configuration.removals if each.person == person and each.start <= then < each.until]
    kept: dict[str, Fact] = {"removal_over": until, "removal_back": 1} if until <= now else {}
    return {"removal": mine[-1].reason.value, "removal_until": until, **kept}


def is_open(episode: Episode) -> bool:
    """Whether an alarm waits for the end of a removal."""
    return "removal" in episode.facts and "removal_over" not in episode.facts


def ends(policy: Policy, episode: Episode) -> float:
    """When that is, by what is entered now; -inf: it was taken away."""
    return removed_until(policy, episode.person, episode.decided)


def tell_moved(ledger: Ledger, at: At) -> None:
    """Another configuration has made a removal longer, or shorter: alarms that wait for its end say so."""
    for episode in sorted(ledger.state.episodes.values(), key=lambda each: each.id):
        until = ends(ledger.policy, episode) if is_open(episode) else -math.inf
        if until > at.time and until != episode.facts["removal_until"]:
            ledger.revise(episode, at, {"removal_until": until})


def look_back(ledger: Ledger, episode: Episode, at: At) -> None:
    """The removal is over: who has the bracelet on again has done what was agreed."""
    if _is_back(ledger.state, ledger.policy, episode):
        ledger.revise(episode, at, {"removal_over": at.time, "removal_back": 1})
    else:
        make_severe(ledger, episode, at, {"removal_over": at.time})


def make_severe(ledger: Ledger, episode: Episode, at: At, facts: Mapping[str, Fact]) -> None:
    """It is an alarm as any of its kind, from now on."""
    episode.severity = ledger.policy.configuration.alarms[episode.kind].severity
    ledger.revise(episode, at, {**facts, **ledger.deadline(episode.kind, at)})


def tells_again(ledger: Ledger, episode: Episode, at: At, facts: Mapping[str, Fact]) -> None:
    """A device says once more what a mild alarm of its already says: after the removal that is news."""
    if "removal" in episode.facts and "removal_over" in episode.facts and episode.severity == MILD:
        make_severe(ledger, episode, at, facts)


def _is_back(state: EngineState, policy: Policy, episode: Episode) -> bool:
    """Whether the device says no more what it said; of one that is entered no more nobody can tell."""
    seat = policy.device_index.get(episode.device)
    if seat is None or episode.kind not in OFF:
        return False
    return not int(state.levels["held"][seat]) & int(OFF[episode.kind])
