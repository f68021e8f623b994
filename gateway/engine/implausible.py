"""Places that cannot be true: what is heard contradicts them, or nobody can have made the way. A person has to look."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from gateway.engine.credible import FAR, LEAPT, LEFT, how_sure, jumped
from gateway.engine.ledger import Finding
from gateway.engine.phones import is_phone
from gateway.fusion.radius import NORMAL95
from protocols.report import Flag, Source

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

    from gateway.engine.context import Context
    from gateway.engine.episode import Fact

KIND: Final = "position_implausible"
CASES: Final = {FAR: "far", LEAPT: "leap", LEFT: "left"}
"""By what speaks against a place: how its columns of the bank begin."""
JUMPS_SURE: Final = 0.95
"""How probable it is that so many jumps are no receiver's mishap: a judgement, for nothing measured tells."""


def watch_jumps(context: Context) -> None:
    """Fixes of the stretch that no wearer could have reached from the place before, and that no second one confirms."""
    fused, reports = context.fused, context.reports
    if fused is None or not len(fused.refused):
        return
    rows = fused.refused[(reports.source[fused.refused] == Source.GNSS) & ~is_phone(context, fused.refused)]
    for row in rows.tolist():
        _jump(context, row)


def _jump(context: Context, row: int) -> None:
    reports, wearing = context.reports, int(context.reports.wearing[row])
    with context.then(row):
        track = context.state.track.records[wearing]
        metres = math.hypot(float(reports.x[row] - track["x"]), float(reports.y[row] - track["y"]))
        elapsed, source = float(reports.time[row] - track["time"]), int(track["source"])
    trust = context.state.trust.open(wearing)
    # Between two sources of one time lies no way.
    if elapsed <= 0.0 or source != Source.GNSS or not jumped(trust, reports.time[row], metres, context.offset(row)):
        return
    facts: dict[str, Fact] = {"jumps": int(trust.jumps), "jump_m": round(float(trust.jump_m))}
    raise_once(context, row, KIND, float(trust.jump_from), int(trust.jump_offset), JUMPS_SURE, facts)


def tell_contradiction(context: Context, sign: NDArray[np.void], what: int) -> None:
    """What comes of a sign (bits of ``credible``): several reports were heard far from where their fixes lie."""
    trust = context.state.trust.records[int(sign["wearing"])]
    for case, name in CASES.items():
        if what & case:
            facts: dict[str, Fact] = {
                "apart_m": round(float(trust[f"{name}_m"])), "case": name,
                "heard_radius_m": round(NORMAL95 * float(sign["sigma"])),
            }  # fmt: skip
            sure = round(how_sure(float(trust[name])), 4)
            onset, first = float(trust[f"{name}_from"]), int(trust[f"{name}_offset"])
            raise_once(context, int(sign["row"]), KIND, onset, first, sure, facts)


def raise_once(  # noqa: PLR0913, PLR0917  what a finding has
    context: Context, row: int, kind: str, onset: float, first: int, sure: float, facts: Mapping[str, Fact]
) -> None:  # fmt: skip
    """Say what a report shows of its own truth, unless it stands: one false place is one alarm."""
    reports, device, person = context.reports, context.device_key(row), context.person(row)
    if context.ledger.ongoing(kind, person, device, time=float(reports.time[row])) is not None:
        return
    context.ledger.raise_(
        Finding(
            kind=kind, device=device, person=person, onset=onset, evidence_time=float(reports.time[row]),
            opening=context.opening(row), first_offset=first, probability=sure,
            facts={**context.last_known(row), **facts, **false_cell(context, row)}, **context.place(row),
        ),
        context.at(row),
    )  # fmt: skip


def false_cell(context: Context, row: int) -> dict[str, Fact]:
    """``false_cell``: 1 where the report says that a false base station is near."""
    return {"false_cell": 1} if int(context.reports.flags[row]) & Flag.PSEUDO_BASE_STATION else {}
