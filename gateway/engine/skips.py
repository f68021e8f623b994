"""Step: an entry that the engine could not stand was passed over. Somebody has to know: nothing was judged from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gateway.engine.ledger import Finding

if TYPE_CHECKING:
    from gateway.engine.ledger import At, Ledger
    from gateway.engine.policy import Policy
    from gateway.journal.controls import Skipped


def tell_skipped(ledger: Ledger, skipped: Skipped, at: At) -> None:
    """Raise ``entry_skipped`` for the device, and for its wearer where the law lets us look at one now."""
    ledger.raise_(
        Finding(
            kind="entry_skipped", device=skipped.device, person=_wearer(ledger.policy, skipped.device, at.time),
            onset=at.time, evidence_time=at.time, opening=f"entry {skipped.offset} skipped".encode(),
            first_offset=skipped.offset, facts={"offset": skipped.offset, "fault": skipped.fault},
        ),
        at,
    )  # fmt: skip


def _wearer(policy: Policy, device: str, time: float) -> str:
    seat, moment = policy.device_index.get(device, -1), np.array([time])
    if seat < 0:
        return ""
    wearing = policy.wearing_at(np.array([seat]), moment)
    return policy.wearings[int(wearing[0])][1] if policy.lawful(wearing, moment)[0] else ""
