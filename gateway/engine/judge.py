"""Pass: the evidence and the nights of a stretch, report by report; what is to be said of them is said on the way.

A compiled loop goes on to the next point that somebody has to look at, and from there again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from formulas.formula import Loop, Record, formula
from gateway.engine.curfew import watch_night
from gateway.engine.night import REPORT, ends_quietly, is_plain, pass_by, turn_page
from gateway.engine.pairing import PAIR
from gateway.engine.presence import follow_presence, is_told, known_by
from gateway.engine.state import CURFEW, PRESENCE, WATCH, fresh
from gateway.engine.weigh import ASKED, STAYS, find_out, follow, tell

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gateway.engine.context import Context

DONE, NIGHT, SHOWN = 10, 11, 12
"""Where the loop stops, beside what comes of a pair: at the end; to look at a night; where a pair changes presence."""


AT_ONCE = 4096
"""Pairs among which those are found out at once that may be asked, too."""


def judge(context: Context, pairs: NDArray[np.void], nights: NDArray[np.void]) -> None:
    """Take what fixes say of watches (``weigh.PAIR``) and reports at curfew (``night.REPORT``), both by row."""
    at, state = np.zeros(3, np.int64), context.state
    banks = state.watch.records, state.curfew.records, state.presence.records
    while (what := _go_on(at, pairs, nights, *banks)) != DONE:
        if what == SHOWN:
            _show(context, pairs[at[0] - 1], int(at[2]))
        elif what == ASKED:
            find_out(context, pairs[at[0] : at[0] + AT_ONCE])
        elif what == NIGHT:
            watch_night(context, nights[at[1] - 1])
        else:
            tell(context, pairs[at[0] - 1], what)


def _show(context: Context, pair: NDArray[np.void], what: int) -> None:
    follow_presence(context, int(pair["watch"]), int(pair["row"]))
    if what != STAYS:
        tell(context, pair, what)


def prepare() -> None:
    """Compile the pass."""
    banks = (fresh(spec, 0) for spec in (WATCH, CURFEW, PRESENCE))
    _go_on(np.zeros(3, np.int64), np.empty(0, PAIR), np.empty(0, REPORT), *banks)


@formula
def shows(standing: Record, pair: Record, verdict: int) -> bool:
    """Whether a fix changes what stands of a duty; cells do so only where they made the verdict another."""
    if pair.soft:
        return bool(standing.said != known_by(verdict))
    return not is_told(standing, pair.time, verdict)


@Loop
def _go_on(
    at: NDArray[np.int64], pairs: NDArray[np.void], nights: NDArray[np.void], watches: NDArray[np.void],
    curfews: NDArray[np.void], presences: NDArray[np.void],
) -> int:  # fmt: skip
    """From ``at`` (the next pair, the next night) on; of one row the pairs go first. SHOWN: what comes is in ``at``."""
    while at[0] < len(pairs) or at[1] < len(nights):
        if at[0] < len(pairs) and (at[1] == len(nights) or pairs[at[0]].row <= nights[at[1]].row):
            pair = pairs[at[0]]
            evidence = watches[pair.watch]
            what = follow(evidence, pair)
            if what == ASKED:
                return what
            pair.after, pair.verdict = evidence.log_odds, evidence.verdict
            at[0] += 1
            if pair.duty and shows(presences[pair.watch], pair, evidence.verdict):
                at[2] = what
                return SHOWN
            if what != STAYS:
                return what
        else:
            report = nights[at[1]]
            at[1] += 1
            night = curfews[report.curfew]
            if not ends_quietly(night, report):
                return NIGHT
            turn_page(night, report)
            if not is_plain(night, watches[report.watch], report):
                return NIGHT
            pass_by(night, watches[report.watch], report)
    return DONE
