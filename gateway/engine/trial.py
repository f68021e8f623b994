"""Step: a test alarm, raised to see that alarms arrive: by a person's word, or by itself of a device that nobody wears.

It is over as it begins.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from gateway.engine.ledger import Finding
from gateway.kinds import CANARY

if TYPE_CHECKING:
    from gateway.engine.ledger import At, Ledger
    from gateway.engine.policy import Policy
    from gateway.journal.controls import TestAlarm

KIND: Final = "test"


MILD: Final = "info"
"""Of one that is sent by itself, whatever the county makes of the kind: nobody has to look at it."""


def raise_test(ledger: Ledger, test: TestAlarm, at: At) -> None:
    """A TEST entry: nothing where nobody wears the device under an authority then, unless it is the county's canary."""
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


def _wearer(policy: Policy, seat: int, time: float) -> str | None:
    """Who wears a device under an authority at a time; None: nobody."""
    moment = np.array([time])
    wearing = policy.wearing_at(np.array([seat]), moment) if seat >= 0 else np.array([-1])
    return policy.wearings[int(wearing[0])][1] if policy.lawful(wearing, moment)[0] else None
