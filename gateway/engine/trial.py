"""Step: a test alarm, raised by a person's word to see that alarms arrive. It is over as it begins."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from gateway.engine.ledger import Finding

if TYPE_CHECKING:
    from gateway.engine.ledger import At, Ledger
    from gateway.journal.controls import TestAlarm

KIND: Final = "test"


def raise_test(ledger: Ledger, test: TestAlarm, at: At) -> None:
    """A TEST entry: nothing where nobody wears the device under an authority then."""
    policy, moment = ledger.policy, np.array([at.time])
    seat = policy.device_index.get(test.device, -1)
    wearing = policy.wearing_at(np.array([seat]), moment) if seat >= 0 else np.array([-1])
    if not policy.lawful(wearing, moment)[0]:
        ledger.state.count("test_of_nobody")
        return
    identity = ledger.raise_(
        Finding(
            kind=KIND, device=test.device, person=policy.wearings[int(wearing[0])][1], onset=at.time,
            evidence_time=at.time, opening=test.id.encode(), first_offset=at.offset, facts={"by": test.by},
        ),
        at,
    )  # fmt: skip
    episode = ledger.state.episodes.get(identity)
    if episode is not None:
        ledger.clear(episode, at.time, at)
