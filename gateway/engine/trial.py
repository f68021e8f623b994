"""Step: a test alarm, raised to see that alarms arrive: by a person's word, or by itself of a device that nobody wears.

It is over as it begins; but for a drill, which rings whoever is on duty until an entry ends it. While something
critical is unresolved there is none: nobody may take the one for the other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from gateway.engine.ledger import Finding
from gateway.kinds import CANARY, DRILL, TRIALS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gateway.engine.episode import Episode
    from gateway.engine.ledger import At, Ledger
    from gateway.engine.policy import Policy
    from gateway.journal.controls import TestAlarm

KIND: Final = "test"
MILD: Final = "info"
"""Of one that is sent by itself, and of a drill, whatever the county makes of the kind: they are nobody's alarms."""


def raise_test(ledger: Ledger, test: TestAlarm, at: At) -> None:
    """A TEST entry: nothing where nobody wears the device under an authority then, unless it is the county's canary."""
    if test.ends:
        _end(ledger, test, at)
    elif test.drill:
        _drill(ledger, test, at)
    else:
        _test(ledger, test, at)


def stands_in_the_way(episodes: Iterable[Episode]) -> bool:
    """Whether there can be no drill now: something critical is unresolved, or one is under way."""
    return any(one.kind == DRILL or _is_urgent(one) for one in episodes if not one.resolved)


def is_overtaken(episodes: Iterable[Episode]) -> bool:
    """Whether something critical is unresolved."""
    return any(_is_urgent(one) for one in episodes if not one.resolved)


def _is_urgent(episode: Episode) -> bool:
    return episode.severity == "critical" and episode.kind not in TRIALS


def _test(ledger: Ledger, test: TestAlarm, at: At) -> None:
    seat = ledger.policy.device_index.get(test.device, -1)
    person = "" if test.canary and seat >= 0 else _wearer(ledger.policy, seat, at.time)
    if person is None:
        ledger.state.count("test_of_nobody")
        return
    identity = ledger.raise_(
        Finding(
            kind=KIND, device=test.device, person=person, onset=at.time, evidence_time=at.time,
            opening=test.id.encode(), first_offset=at.offset, severity=MILD if test.canary else "",
            facts={CANARY: 1} if test.canary else {"by": test.by},
        ),
        at,
    )  # fmt: skip
    episode = ledger.state.episodes.get(identity)
    if episode is not None:
        ledger.clear(episode, at.time, at)


def _drill(ledger: Ledger, test: TestAlarm, at: At) -> None:
    """Of the canary alone, and of nobody; one that cannot be is counted."""
    canary = ledger.policy.configuration.canary
    if canary is None or canary.device != test.device:
        ledger.state.count("drill_of_nobody")
    elif stands_in_the_way(ledger.state.episodes.values()):
        ledger.state.count("drill_put_off")
    else:
        facts = {"like": canary.drill.like, "by": test.by, "reason": test.reason}
        ledger.raise_(
            Finding(
                kind=DRILL, device=test.device, person="", onset=at.time, evidence_time=at.time,
                opening=test.id.encode(), first_offset=at.offset, severity=MILD,
                facts={name: fact for name, fact in facts.items() if fact},
            ),
            at,
        )  # fmt: skip


def _end(ledger: Ledger, test: TestAlarm, at: At) -> None:
    """A drill is over; one that a person has closed meanwhile was so before."""
    episode = ledger.state.episodes.get(test.ends)
    if episode is not None and episode.kind == DRILL:
        ledger.clear(episode, at.time, at, {"called_off": 1} if test.called_off else None)


def _wearer(policy: Policy, seat: int, time: float) -> str | None:
    """Who wears a device under an authority at a time; None: nobody."""
    moment = np.array([time])
    wearing = policy.wearing_at(np.array([seat]), moment) if seat >= 0 else np.array([-1])
    return policy.wearings[int(wearing[0])][1] if policy.lawful(wearing, moment)[0] else None
