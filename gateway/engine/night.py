"""Formulas: one report of a wearer who is under curfew. What was known of the night, and the stay elsewhere.

Most reports change nothing but this account (:func:`is_plain`, :func:`pass_by`). ``curfew`` looks at all others.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from fencing.verdict import IN, OUT, UNKNOWN
from formulas.formula import Loop, Record, formula
from gateway.engine.state import CURFEW, fresh

if TYPE_CHECKING:
    from numpy.typing import NDArray

WELL, LATE, EARLY, OVER = 0, 1, 2, 3
"""Where a night stands: nothing raised; late; left early; no longer observed."""
STALE = 1800.0
"""Seconds without a fix after which nobody can say where the wearer is."""
SAME_PLACE = 150.0
"""Metres between two fixes, or two nights, of one place: indoor error of both ends."""
DWELL = 7200.0
"""Seconds that make a stay, of which COUNTED at most between two fixes."""
COUNTED = 1800.0
"""Seconds after which nobody can say where the wearer is: the rest of a gap is no time spent there."""
LONGEST_GAP = 10800.0
"""Seconds between two fixes of one stay. Indoors hours pass without one, and who is at the same place before and after
is likely to have stayed; after longer it is another visit."""
REPORT = np.dtype([
    ("row", "i8"), ("curfew", "i8"), ("watch", "i8"), ("time", "f8"), ("start", "f8"), ("until", "f8"), ("grace", "f8"),
    ("x", "f8"), ("y", "f8"), ("leave", "?"), ("since", "f8"),
])  # fmt: skip
"""A report against a curfew of its wearer.

``start``, ``until``: the period that it falls in, NaN where none; ``grace``: seconds; ``x``, ``y``: the fused place,
metres of the plane, NaN where it brought none but of cells; ``leave``: one lifts the duty; ``since``: when the duty
began to bind its wearer, which may be in the middle of the period.
"""


@formula
def presence(evidence: Record, time: float) -> int:
    """Whether the wearer is at the curfew's place: the watch's verdict while it is fresh, else UNKNOWN."""
    return int(evidence.verdict) if time - evidence.seen <= STALE else UNKNOWN


@formula
def is_seamless(night: Record, report: Record) -> bool:
    """Whether a period began as the last one ended, and who had been home then goes on from there."""
    return bool(night.until == report.start and report.time >= report.start and night.seen_in)


@formula
def ends_quietly(night: Record, report: Record) -> bool:
    """Whether nothing is to be said of a night that ended before the report, or none did."""
    is_quiet = night.phase == WELL and night.stay_n == 0
    return bool(report.time < night.until or math.isnan(night.until) or (is_quiet and not is_seamless(night, report)))


@formula
def turn_page(night: Record, report: Record) -> None:
    """End a night that ended before the report, of which all is said; begin the one that the report falls in."""
    if report.time >= night.until:
        forget(night)
    if not math.isnan(report.start) and night.start != report.start:
        # Where other hours came with a configuration in the middle of a night, it is the same night.
        if math.isnan(night.start):
            forget(night)
        night.start, night.until = report.start, report.until


@formula
def forget(night: Record) -> None:
    """No night runs: the initial values of the bank (``state.CURFEW``)."""
    night.start, night.until, night.phase, night.seen_in, night.goes_on = math.nan, math.nan, WELL, False, False
    night.last, night.last_verdict, night.out_first, night.out_last = math.nan, UNKNOWN, math.nan, math.nan
    night.out_s, night.in_s, night.unknown_s = 0.0, 0.0, 0.0
    night.stay_x, night.stay_y, night.stay_n, night.stay_spread, night.stay_s = 0.0, 0.0, 0, 0.0, 0.0
    night.stay_from, night.stay_until = math.nan, math.nan


@formula
def is_plain(night: Record, evidence: Record, report: Record) -> bool:
    """Whether a report in its period does no more than lengthen the account: nothing is to be said."""
    if report.leave:
        return bool(night.phase == WELL)
    if math.isnan(report.start):
        return True
    verdict = presence(evidence, report.time)
    says = is_away(night, evidence, report, verdict) or is_back(night, verdict)
    return not says and not ends_stay(night, report, verdict) and not makes_stay(night, report, verdict)


@formula
def pass_by(night: Record, evidence: Record, report: Record) -> None:
    """Take such a report."""
    if report.leave:
        night.last = math.nan
    elif not math.isnan(report.start):
        verdict = presence(evidence, report.time)
        keep_account(night, verdict, report.time)
        if verdict == OUT and not math.isnan(report.x):
            extend_stay(night, report)


@formula
def keep_account(night: Record, verdict: int, time: float) -> None:
    """Account for the time since the last report."""
    # What has no time of its own may stand behind a report that is of a little later.
    elapsed = 0.0 if math.isnan(night.last) else max(time - night.last, 0.0)
    held = night.last_verdict == verdict and elapsed <= STALE
    if held and verdict == OUT:
        night.out_s += elapsed
    elif held and verdict == IN:
        night.in_s += elapsed
    else:
        night.unknown_s += elapsed
    night.last, night.last_verdict = time, verdict
    if verdict == IN:
        night.seen_in = True
    if verdict == OUT:
        night.out_last = time
        if math.isnan(night.out_first):
            night.out_first = time


@formula
def is_away(night: Record, evidence: Record, report: Record, verdict: int) -> bool:
    """Whether an absence is to be said: the grace is over, and a fix has shown it since the duty holds.

    Who is bound from the middle of a night on has the grace from then. Leave may have ended with no fix yet.
    """
    graced = night.goes_on or report.time >= max(night.start, report.since) + report.grace
    return bool(verdict == OUT and night.phase == WELL and graced and evidence.breach_fixes > 0)


@formula
def is_back(night: Record, verdict: int) -> bool:
    """Whether an absence is over."""
    return bool(verdict == IN and night.phase != WELL)


@formula
def ends_stay(night: Record, report: Record, verdict: int) -> bool:
    """Whether a fix ends the stay: the wearer is home, elsewhere, or has not been found for LONGEST_GAP."""
    if night.stay_n == 0 or math.isnan(report.x):
        return False
    dx, dy = report.x - night.stay_x, report.y - night.stay_y
    is_lost = report.time - night.stay_until > LONGEST_GAP
    return bool(is_lost or verdict == IN or math.sqrt(dx * dx + dy * dy) > SAME_PLACE)


@formula
def makes_stay(night: Record, report: Record, verdict: int) -> bool:
    """Whether with a fix the stay has become long enough to be one."""
    if night.stay_n == 0 or math.isnan(report.x) or verdict != OUT:
        return False
    longer = night.stay_s + min(report.time - night.stay_until, COUNTED)
    return bool(night.stay_s < DWELL <= longer)


@formula
def extend_stay(night: Record, report: Record) -> None:
    """Running mean and sum of squares of the stay (Welford 1962)."""
    if night.stay_n == 0:
        night.stay_from = report.time
    else:
        night.stay_s += min(report.time - night.stay_until, COUNTED)
    night.stay_n += 1
    dx, dy = report.x - night.stay_x, report.y - night.stay_y
    if night.stay_n == 1:
        night.stay_x, night.stay_y, night.stay_spread = report.x, report.y, 0.0
    else:
        night.stay_x += dx / night.stay_n
        night.stay_y += dy / night.stay_n
        night.stay_spread += dx * (report.x - night.stay_x) + dy * (report.y - night.stay_y)
    night.stay_until = report.time


def prepare() -> None:
    """Compile the list of nights."""
    whole, real, all_of = np.empty(0, np.int64), np.empty(0), np.empty((0, 0))
    list_nights(
        whole, whole, real, whole, whole, whole, whole, whole, real, all_of, all_of, fresh(CURFEW, 0),
        np.empty(0, REPORT),
    )  # fmt: skip


@Loop
def list_nights(  # noqa: PLR0913, PLR0917  columns
    rows: NDArray[np.int64], people: NDArray[np.int64], time: NDArray[np.float64], first: NDArray[np.int64],
    count: NDArray[np.int64], by_watch: NDArray[np.int64], schedule: NDArray[np.int64], watch: NDArray[np.int64],
    grace: NDArray[np.float64], starts: NDArray[np.float64], ends: NDArray[np.float64], bank: NDArray[np.void],
    nights: NDArray[np.void],
) -> int:  # fmt: skip
    """Reports of wearers whose night runs, or begins in this stretch, against each of their curfews; how many.

    ``starts``, ``ends``: by schedule, the night of each report, or the one of all.
    """
    runs = np.zeros(len(bank), np.bool_)
    is_one = starts.shape[1] == 1
    for at in range(len(rows)):
        for of in range(first[people[at]], first[people[at]] + count[people[at]]):
            curfew = by_watch[of]
            if curfew >= 0:
                start = starts[schedule[curfew], 0 if is_one else at]
                if not math.isnan(start) or not math.isnan(bank[curfew].start):
                    runs[curfew] = True
    made = 0
    for at in range(len(rows)):
        for of in range(first[people[at]], first[people[at]] + count[people[at]]):
            curfew = by_watch[of]
            if curfew >= 0 and runs[curfew]:
                night, column = nights[made], 0 if is_one else at
                night.row, night.curfew, night.watch, night.time = rows[at], curfew, watch[curfew], time[at]
                night.start, night.until = starts[schedule[curfew], column], ends[schedule[curfew], column]
                night.grace = grace[curfew]
                made += 1
    return made
