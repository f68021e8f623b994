"""What is said of an outage: how many and who is silent, who of them is odd, and when that is said again.

An alarm is no counter: it is told anew at once when it has doubled, else a window after what was told last.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

from gateway.engine.silence import GRACE
from gateway.engine.usual import WINDOW

if TYPE_CHECKING:
    from gateway.engine.context import Context
    from gateway.engine.episode import Fact
    from gateway.engine.ledger import At
    from gateway.engine.policy import Policy
    from gateway.engine.state import EngineState
    from gateway.engine.together import Faint, Outage

TWICE: Final = 2
"""An outage is told of again at once when so many times more are in it."""
NAMED: Final = 20
"""Odd ones that an alarm names."""
LISTED: Final = 100
"""Wearers that it lists."""


def facts_of(outage: Outage) -> dict[str, Fact]:
    """How many are silent, who (the first LISTED of them), where, and who is odd."""
    odd = {"odd": " ".join(outage.odd[:NAMED])} if outage.odd else {}
    people = {"people": " ".join(sorted(outage.people))} if outage.people else {}
    return {"silent": outage.total, **people, "where": " ".join(outage.where), **odd}


def note(outage: Outage, at: At) -> None:
    """What it is now has been told."""
    outage.said, outage.said_odd, outage.said_at = outage.total, len(outage.odd), at.time


def list_one(context: Context, outage: Outage, device: str, one: Faint) -> None:
    """One more of it has a name in the list; who is odd, beside it."""
    person = _wearer(context.policy, device, one.at)
    if person and len(outage.people) < LISTED:
        outage.people.append(person)
    if one.odd:
        name_odd(context, outage, device, one.odd[0], one.at)


def name_odd(context: Context, outage: Outage, device: str, word: str, time: float) -> None:
    """Name somebody as odd, and why."""
    person = _wearer(context.policy, device, time)
    if person:
        outage.odd.append(f"{person}:{word}")


def _wearer(policy: Policy, device: str, time: float) -> str:
    wearing = int(policy.wearing_at(np.array([policy.device_index[device]]), np.array([time]))[0])
    return policy.wearings[wearing][1] if wearing >= 0 else ""


def tell_doubled(context: Context, outage: Outage, at: At) -> None:
    """Say how large it has become, where it has doubled."""
    if outage.total >= TWICE * outage.said or len(outage.odd) >= max(1, TWICE * outage.said_odd):
        _tell(context, outage, at)


def next_due(state: EngineState, policy: Policy) -> float:
    """When it is to be said that an outage has grown; inf: it has not."""
    del policy
    outage = state.outage
    if not state.listening or outage is None or not _has_grown(outage):
        return math.inf
    return max(outage.said_at + WINDOW, state.listening_since + GRACE)


def tell_grown(context: Context, until: float) -> None:
    """Say how large an outage has become, where that is due by a receive time."""
    due, outage = next_due(context.state, context.policy), context.state.outage
    if outage is not None and due <= until:
        _tell(context, outage, context.due_at(due, ""))


def _has_grown(outage: Outage) -> bool:
    return outage.total > outage.said or len(outage.odd) > outage.said_odd


def _tell(context: Context, outage: Outage, at: At) -> None:
    note(outage, at)
    episode = context.state.episodes.get(outage.alarm)
    if episode is not None:
        context.ledger.revise(episode, at, facts_of(outage))
