"""Pass: the evidence and the nights of a stretch, report by report; what is to be said of them is said on the way.

A compiled loop goes on to the next point that somebody has to look at, and from there again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from fencing.formula import Loop
from gateway.engine.curfew import watch_night
from gateway.engine.night import REPORT, is_plain, pass_by
from gateway.engine.state import CURFEW, WATCH, fresh
from gateway.engine.weigh import PAIR, STAYS, find_out, follow, is_asked, tell

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gateway.engine.context import Context

DONE, ASKED, NIGHT = 10, 11, 12
"""Where the loop stops, beside what comes of a pair: at the end; to find out where a fix lies; to look at a night."""


def judge(context: Context, pairs: NDArray[np.void], nights: NDArray[np.void]) -> None:
    """Take what fixes say of watches (``weigh.PAIR``) and reports at curfew (``night.REPORT``), both by row."""
    at, state = np.zeros(2, np.int64), context.state
    while (what := _go_on(at, pairs, state.watch.records, nights, state.curfew.records)) != DONE:
        if what == ASKED:
            find_out(context, pairs[at[0] :])
        elif what == NIGHT:
            watch_night(context, nights[at[1] - 1])
        else:
            tell(context, pairs[at[0] - 1], what)


def prepare() -> None:
    """Compile the pass."""
    _go_on(np.zeros(2, np.int64), np.empty(0, PAIR), fresh(WATCH, 0), np.empty(0, REPORT), fresh(CURFEW, 0))


@Loop
def _go_on(
    at: NDArray[np.int64], pairs: NDArray[np.void], watches: NDArray[np.void], nights: NDArray[np.void],
    curfews: NDArray[np.void],
) -> int:  # fmt: skip
    """From ``at`` (the next pair, the next night) on; of one row the pairs go first."""
    while at[0] < len(pairs) or at[1] < len(nights):
        if at[0] < len(pairs) and (at[1] == len(nights) or pairs[at[0]].row <= nights[at[1]].row):
            pair = pairs[at[0]]
            evidence = watches[pair.watch]
            if is_asked(evidence, pair):
                return ASKED
            at[0] += 1
            what = follow(evidence, pair)
            if what != STAYS:
                return what
        else:
            report = nights[at[1]]
            at[1] += 1
            night = curfews[report.curfew]
            if not is_plain(night, watches[report.watch], report):
                return NIGHT
            pass_by(night, watches[report.watch], report)
    return DONE
