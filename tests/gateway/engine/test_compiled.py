"""The compiled passes say what their formulas say in Python, to the bit."""

import math

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st
from met import must_meet

from gateway.engine.fuse import FIX, take_all
from gateway.engine.judge import DONE, NIGHT, SHOWN, _go_on
from gateway.engine.night import REPORT, forget
from gateway.engine.presence import known_by
from gateway.engine.state import CURFEW, PRESENCE, TRACK, WATCH, fresh
from gateway.engine.weigh import ASKED, CLEARS, PAIR, RAISES
from protocols.report import Source

WEARINGS, CURFEWS = 3, 2
FIXES = st.lists(
    st.tuples(
        st.integers(0, WEARINGS - 1), st.floats(0, 5000), st.floats(-3e5, 3e5), st.floats(-900, 900), st.floats(1, 1e5),
        st.sampled_from([1, 1, 1, 3]), st.sampled_from([0.0, 0.0, 1.5, math.nan]),
    ),
    min_size=1, max_size=25,
)  # fmt: skip


def in_python(loop, *arrays):
    """The same in Python, on copies; what it returns, and the copies."""
    copies = [array.copy() for array in arrays]
    views = [copy.view(np.recarray) if copy.dtype.names else copy for copy in copies]
    return loop.function(*views), copies


def compiled(loop, *arrays):
    copies = [array.copy() for array in arrays]
    return loop(*copies), copies


def same(one, other):
    assert one[0] == other[0]
    for here, there in zip(one[1], other[1], strict=True):
        assert here.tobytes() == there.tobytes()


@must_meet("taken", "doubted")
@given(FIXES)
@example([(0, 60.0, 0.0, 0.0, 100.0, 1, 0.0)] * 5 + [(0, 10.0, 2e5, 0.0, 100.0, 1, 0.0)] * 2)
@example(
    [(0, 60.0, 0.0, 0.0, 100.0, 1, 0.0)] * 5 + [(0, 60.0, 70.0, 0.0, 100.0, 1, 0.0), (0, 960.0, 0.0, 9.0, 25.0, 1, 0.0)]
)
@example([(0, 10.0, 15.0 * n, 3.0, 100.0, 1, 1.5) for n in range(9)])
def test_fixes_into_tracks(met, rows):
    tracks, fixes, time = fresh(TRACK, WEARINGS), np.zeros(len(rows), FIX), 0.0
    for index, (wearing, elapsed, x, y, variance, source, speed) in enumerate(rows):
        time += elapsed
        fixes[index] = (wearing, time, x, y, variance, source, speed, source == Source.WIFI and variance <= 3600.0)
    after, taken = fresh(TRACK, len(rows)), np.zeros(len(rows), np.bool_)
    found = compiled(take_all, tracks, fixes, after, taken)
    same(in_python(take_all, tracks, fixes, after, taken), found)
    met["taken"] += int(found[1][3].sum())
    met["doubted"] += int((~found[1][3]).sum())


PAIRS = st.lists(
    st.tuples(
        st.floats(1, 4000), st.floats(-99, 99), st.sampled_from([-1.0, math.nan, 1.0]), st.booleans(), st.booleans(),
    ),
    min_size=1, max_size=30,
)  # fmt: skip


@must_meet("raised", "cleared", "a night to look at", "passed by", "presence changed", "and raised")
@given(PAIRS)
@example([(60.0, 70.0, 1.0, False, False)] * 8 + [(60.0, -70.0, -1.0, False, False)] * 12)
def test_evidence_and_nights(met, rows):
    watches, curfews, presences = fresh(WATCH, 1), fresh(CURFEW, CURFEWS), fresh(PRESENCE, 1)
    curfews["start"], curfews["until"] = 0.0, 40_000.0
    pairs, nights = np.zeros(len(rows), PAIR), np.zeros(len(rows), REPORT)
    for index, (elapsed, beyond, lies, soft, leave) in enumerate(rows):
        time = elapsed + (float(pairs["time"][index - 1]) if index else 0.0)
        said = (beyond, 10.0, 90.0, lies, 2 + index % 2)
        pairs[index] = (index, 0, time, time + 1.0, index, 0, *said, soft, leave, False, True, True, 0.0, 0)
        since = 300.0 if index % 3 == 0 else -np.inf
        nights[index] = (index, index % CURFEWS, 0, time, 0.0, 40_000.0, 600.0, abs(beyond), 0.0, leave, since)
    at, what = np.zeros(3, np.int64), -1
    while what != DONE:
        found = compiled(_go_on, at, pairs, nights, watches, curfews, presences)
        same(in_python(_go_on, at, pairs, nights, watches, curfews, presences), found)
        what, (at, pairs, _, watches, curfews, presences) = found
        if what == SHOWN:
            what = at[2]
            presences["time"], presences["look"] = pairs["time"][at[0] - 1], np.inf
            presences["said"] = presences["state"] = known_by(int(watches["verdict"][0]))
            met["presence changed"] += 1
            met["and raised"] += what == RAISES
        if what == ASKED:
            pairs["lies"][at[0]] = 1.0
        watches["raised"] = (watches["raised"] | (what == RAISES)) & (what != CLEARS)
        met["raised"] += what == RAISES
        met["cleared"] += what == CLEARS
        met["a night to look at"] += what == NIGHT
    met["passed by"] += int((curfews["in_s"] + curfews["out_s"] + curfews["unknown_s"]).sum() > 0.0)


def test_a_night_that_is_forgotten_is_as_fresh_as_the_bank_makes_one():
    used = fresh(CURFEW, 1)
    for name in used.dtype.names:
        used[name] = 1
    forget(used.view(np.recarray)[0])
    assert used.tobytes() == fresh(CURFEW, 1).tobytes()
