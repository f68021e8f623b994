"""Step: what a phone located by its carrier may say: region, absent, off. Never a curfew, never a small zone.

A carrier's answer may come from the wrong mast, and an absent subscriber is not elsewhere. So a phone is held only
against zones that are much wider than its place is sure, only by several answers, and silence means nothing of it:
that it is off is what the carrier says, not that nobody asked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from formulas.formula import formula
from gateway.engine.ledger import Finding
from protocols.report import Flag

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gateway.engine.context import Context

REGION_SIGMAS = 4.0
"""Standard deviations of a phone's place that the largest circle in a zone must hold: 95 % lies within 2.4."""
TIME_CONSTANT = 1800.0
"""Seconds over which a carrier's answers repeat each other's error; evidence outlasts the hours between them."""
LEAST_ANSWERS = 3
"""Answers in the run of evidence: a mast across the border may be heard once or twice."""
LEAST_SPAN = 600.0
"""Seconds over which they are spread: answers asked for in one minute come from one mast."""
OLDEST = 3600.0
"""Seconds; an older place ("last known") is no observation of where the phone is."""
OFF = "phone_off"


def is_phone(context: Context, rows: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Rows of devices that are located by their carrier."""
    return context.policy.phone[context.reports.device[rows]]


def watch_phones(context: Context, rows: NDArray[np.int64]) -> None:
    """One round's answers of carriers (at most one a phone): how long each has been out of reach."""
    reports = context.reports
    absent = (reports.flags[rows] & np.uint64(Flag.ABSENT)) != 0
    for row in rows[reports.located[rows]]:
        _found(context, int(row))
    for row in rows[absent & (reports.wearing[rows] >= 0)]:
        _absent(context, int(row))


@formula
def is_founded(region: bool, answers: int, span: float) -> bool:  # noqa: FBT001  a formula
    """Of a region: enough answers, over long enough (seconds). Of any other watch: nothing to add."""
    return not region or (answers >= LEAST_ANSWERS and span >= LEAST_SPAN)


def _found(context: Context, row: int) -> None:
    """A place: the phone was on at that time, which may be long ago."""
    reports, bank = context.reports, context.state.device
    device, time = int(reports.device[row]), float(reports.time[row])
    if not bank["heard"][device] >= time:
        bank["heard"][device], bank["heard_offset"][device] = time, context.offset(row)
    if time <= bank["absent_from"][device]:
        return
    bank["absent_from"][device] = np.nan
    if bank["off"][device]:
        bank["off"][device] = False
        for episode in context.ledger.of_device(OFF, context.device_key(row)):
            context.ledger.clear(episode, time, context.at(row))


def _absent(context: Context, row: int) -> None:
    """Out of reach: since the first such answer, and only while we listened, for nobody asked in between."""
    reports, bank = context.reports, context.state.device
    device, now = int(reports.device[row]), float(reports.received[row])
    if np.isnan(bank["absent_from"][device]):
        bank["absent_from"][device], bank["absent_offset"][device] = now, context.offset(row)
        bank["missed"][device] = 0.0
        bank["absent_n"][device] = 0
    bank["absent_n"][device] += 1
    since = float(bank["absent_from"][device])
    lasted = now - since - float(bank["missed"][device])
    if bank["off"][device] or lasted < context.policy.phone_off_after:
        return
    bank["off"][device] = True
    context.ledger.raise_(
        Finding(
            kind=OFF, device=context.device_key(row), person=context.person(row), onset=since, evidence_time=now,
            opening=context.opening(row), first_offset=int(bank["absent_offset"][device]),
            facts={"answers": int(bank["absent_n"][device]), **context.last_known(row)}, **context.place(row),
        ),
        context.at(row),
    )  # fmt: skip
