"""An alarm that one report raises by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gateway.engine.ledger import Finding

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gateway.engine.context import Context
    from gateway.engine.episode import Fact


def raise_row(
    context: Context, row: int, kind: str, facts: Mapping[str, Fact], *, late: bool = False, severity: str = ""
) -> str:  # fmt: skip
    """Raise ``kind`` as of a report's time and place, with its charge beside ``facts``. Returns the identity.

    ``severity``: milder than its kind's; empty: as its kind.
    """
    time, battery = float(context.reports.time[row]), int(context.reports.battery_percent[row])
    charge: dict[str, Fact] = {"battery_percent": battery} if battery >= 0 else {}
    return context.ledger.raise_(
        Finding(
            kind=kind, device=context.device_key(row), person=context.person(row), onset=time, evidence_time=time,
            opening=context.opening(row), first_offset=context.offset(row), facts={**charge, **facts}, late=late,
            severity=severity, **context.place(row),
        ),
        context.at(row),
    )  # fmt: skip
