"""What is said of a bracelet that moves unseen, or says that its radio is suppressed; and what ends that."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from gateway.engine.apart import KIND as APART_KIND
from gateway.engine.implausible import raise_once
from gateway.engine.unseen import JAMMED, MOVES, SEEN, UNHEARD, UNJAMMED

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gateway.engine.context import Context
    from gateway.engine.episode import Fact

UNSEEN_KIND: Final = "motion_no_gnss"
JAM_KINDS: Final = ("jam_gnss", "jam_cell")
KINDS: Final = (UNSEEN_KIND, *JAM_KINDS, APART_KIND)
"""Those that a device's reports raise and end."""
HEARD_SURE, UNHEARD_SURE, SAID_SURE = 0.95, 0.9, 0.9
"""How probable the condition is: that it moved, by three places heard; by where it came to light; by the device's own
word. Judgements: what is measured of them is how often they are wrong (docs/accuracy.md)."""


def tell_unseen(context: Context, sign: NDArray[np.void], what: int) -> None:
    """Say what comes of a sign (bits of ``unseen``)."""
    row, time = int(sign["row"]), float(sign["time"])
    if what & MOVES:
        raise_once(context, row, UNSEEN_KIND, *_begun(context, sign, "dark_left"), HEARD_SURE, _moved(context, sign))
    if what & UNHEARD:
        raise_once(
            context,
            row,
            UNSEEN_KIND,
            *_begun(context, sign, "dark_from"),
            UNHEARD_SURE,
            {**_moved(context, sign), "unheard": 1},
        )
    if what & (SEEN | UNHEARD):
        _end(context, row, UNSEEN_KIND, time)
    if what & JAMMED:
        seen_alone = bool(not np.isnan(sign["x"]) and sign["n"] < 0)
        raise_once(context, row, JAM_KINDS[seen_alone], time, context.offset(row), SAID_SURE, {})
    if what & UNJAMMED:
        for kind in JAM_KINDS:
            _end(context, row, kind, time)


def end_former(context: Context, rows: NDArray[np.int64]) -> None:
    """What stands of a device's former wearers ends with the hand-over: nobody observes it any more."""
    trust, reports, policy = context.state.trust, context.reports, context.policy
    for wearing in np.flatnonzero(trust["unseen"] | trust["jammed"] | trust["apart"]).tolist():
        device = policy.wearings[wearing][0]
        of_device = rows[reports.device[rows] == policy.device_index[device]]
        later = of_device[reports.wearing[of_device] != wearing]
        if len(later):
            ended = float(policy.fitted_since(reports.device[later[:1]], reports.time[later[:1]])[0])
            for kind in KINDS:
                _end(context, int(later[0]), kind, ended, {"handed_over": ended})
            for name in ("unseen", "jammed", "apart"):
                trust[name][wearing] = False
            trust["dark_n"][wearing] = trust["apart_n"][wearing] = 0


def _begun(context: Context, sign: NDArray[np.void], since: str) -> tuple[float, int]:
    trust = context.state.trust.records[int(sign["wearing"])]
    return float(trust[since]), int(trust["dark_offset"])


def _moved(context: Context, sign: NDArray[np.void]) -> dict[str, Fact]:
    return {"moved_m": round(float(context.state.trust["dark_m"][int(sign["wearing"])]))}


def _end(context: Context, row: int, kind: str, ended: float, facts: dict[str, Fact] | None = None) -> None:
    for episode in context.ledger.of_device(kind, context.device_key(row)):
        context.ledger.clear(episode, ended, context.at(row), facts)
