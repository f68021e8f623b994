"""Timelines of evidence: what raises, what must not, how soon; and the table of verdicts."""

from random import Random

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from met import must_meet

from fencing.verdict import (
    BAND,
    ENOUGH,
    MARGIN,
    Verdict,
    add,
    judged,
    posterior,
    probability_beyond,
    runs_on,
)  # fmt: skip
from fencing.verdict import counts as counts_by

TAU, CAP = 90.0, 9.0
RAISE_AT, CLEAR_AT = 4.6, 4.6
"""As the gateway uses them (gateway/engine/weigh.py)."""
CALM, ALARMED = -CAP, CAP
CADENCES = [5.0, 15.0, 30.0, 60.0, 120.0, 300.0]


def accumulate(log_odds, probability, elapsed, constant, cap):
    rows = np.broadcast_arrays(*(np.asarray(each, np.float64) for each in (log_odds, probability, elapsed)))
    return np.array([add(*row, constant, cap) for row in zip(*(each.tolist() for each in rows), strict=True)])


def counts(lies, since):
    return np.array([counts_by(*each) for each in zip(lies, np.asarray(since).tolist(), strict=True)])


def follow_run(run, log_odds, lies, counting):
    rows = zip(run, *log_odds, np.sign(lies), counting, strict=True)
    return np.array([runs_on(*row) for row in rows])


def decide(previous, log_odds, run, raise_at, clear_at):
    return np.array([judged(*row, raise_at, clear_at, ENOUGH) for row in zip(previous, log_odds, run, strict=True)])


def follow(depths, cadence, start=CALM):
    """Log-odds after each fix; ``depths`` are sigmas beyond the boundary, negative inside."""
    evidence, course = np.array([start]), []
    for depth in depths:
        evidence = accumulate(evidence, probability_beyond(float(depth), 1.0), np.array([cadence]), TAU, CAP)
        course.append(float(evidence[0]))
    return np.array(course)


def fixes_to_raise(depth, cadence, start=CALM):
    return int(np.argmax(follow([depth] * 60, cadence, start) >= RAISE_AT)) + 1


@pytest.mark.parametrize(("start", "fixes"), [(CALM, 3), (-4.0, 3), (-1.0, 2), (0.0, 2)])
@pytest.mark.parametrize("depth", [4.0, 5.0, 5.5])
def test_a_clear_breach_raises_on_the_second_or_third_fix_a_minute_apart(depth, start, fixes):
    assert fixes_to_raise(depth, 60.0, start) == fixes


@pytest.mark.parametrize("start", [CALM, -4.0, 0.0])
@pytest.mark.parametrize("depth", [2.5, 2.7, 3.0])
def test_a_lasting_stay_beyond_two_and_a_half_sigma_is_found_within_eight_minutes(depth, start):
    assert 2 < fixes_to_raise(depth, 60.0, start) <= 8


@pytest.mark.parametrize("depth", [6.5, 30.0])
def test_at_a_fix_every_15_seconds_it_takes_one_to_two_minutes(depth):
    assert 60.0 <= (fixes_to_raise(depth, 15.0) - 1) * 15.0 <= 120.0


def verdicts(depths, cadence, start=Verdict.IN):
    """Verdict after each fix, of a track that goes wherever the last fix lies."""
    evidence, verdict = np.array([CALM if start == Verdict.IN else ALARMED]), np.array([start], np.uint8)
    run, course = np.array([ENOUGH]), []
    for depth in depths:
        breach = probability_beyond(float(depth), 1.0)
        elapsed, before = np.array([cadence]), evidence
        evidence = accumulate(before, breach, elapsed, TAU, CAP)
        run = follow_run(run, (before, evidence), [depth], counts([depth], elapsed))
        verdict = decide(verdict, evidence, run, RAISE_AT, CLEAR_AT)
        course.append(Verdict(int(verdict[0])))
    return course


@pytest.mark.parametrize("depth", [5.5, 6.1, 30.0])
@pytest.mark.parametrize("cadence", [300.0, 3000.0, 20_000.0])
def test_two_fixes_in_a_row_decide_and_one_does_not_however_seldom_they_come(depth, cadence):
    assert verdicts([depth, depth], cadence) == [Verdict.UNKNOWN, Verdict.OUT]
    assert verdicts([-depth, -depth], cadence, Verdict.OUT) == [Verdict.UNKNOWN, Verdict.IN]
    assert Verdict.OUT not in verdicts([depth, -3.0, -3.0, -3.0, depth, -3.0], cadence)


def test_a_fix_that_does_not_lie_there_itself_confirms_nothing():
    """The fused place may remember a bad fix when a good one comes: evidence stays, the count does not."""
    there = follow_run([0], ([0.0], [5.9]), [300.0], [True])
    back = follow_run(there, ([5.9], [8.0]), [-20.0], [True])
    assert (there.tolist(), back.tolist()) == ([1], [0])
    assert decide([Verdict.UNKNOWN], [8.0], back, RAISE_AT, CLEAR_AT).tolist() == [Verdict.UNKNOWN]


def test_the_same_fix_told_again_at_once_counts_once():
    assert counts([300.0] * 3, [2.0, 15.0, np.nan]).tolist() == [False, True, True]
    assert follow_run([1], ([5.0], [5.1]), [300.0], [False]).tolist() == [1]
    assert follow_run([1], ([5.0], [5.1]), [300.0], [True]).tolist() == [2]


def test_a_fix_on_the_boundary_does_not_count():
    assert counts([0.0, -0.1], [60.0, 60.0]).tolist() == [False, True]


def test_a_run_ends_where_the_evidence_changes_sides():
    assert follow_run([7], ([-5.0], [2.0]), [300.0], [True]).tolist() == [1]
    assert follow_run([7], ([5.0], [0.3]), [300.0], [True]).tolist() == [0]


@pytest.mark.parametrize("start", [CALM, -1.0, 0.0])
@pytest.mark.parametrize("cadence", [15.0, 30.0, 45.0, 60.0, 90.0])
def test_a_single_outlier_never_raises(cadence, start):
    course = follow([1000.0] + [-3.0] * 15, cadence, start)
    assert course.max() < RAISE_AT
    assert course[-1] <= -CLEAR_AT


def test_the_first_fix_of_all_does_not_raise_but_leans_to_what_it_says():
    assert follow([1000.0], np.nan, 0.0)[0] < RAISE_AT
    assert -CLEAR_AT < follow([-3.0], np.nan, 0.0)[0] < -BAND


@pytest.mark.parametrize("start", [CALM, 0.0])
@pytest.mark.parametrize("cadence", CADENCES)
def test_an_error_that_stays_at_one_and_a_half_sigma_for_hours_does_not_raise(cadence, start):
    hours = int(2 * 3600 / cadence)
    assert follow([1.5] * hours, cadence, start).max() < RAISE_AT - 0.3


@pytest.mark.parametrize("cadence", CADENCES)
def test_nor_does_it_clear_on_the_other_side(cadence):
    hours = int(2 * 3600 / cadence)
    assert follow([-1.5] * hours, cadence, ALARMED).min() > -CLEAR_AT + 0.3


@pytest.mark.parametrize(("period", "height"), [(240.0, 3.0), (900.0, 2.0), (3600.0, 1.5)])
@pytest.mark.parametrize("cadence", [15.0, 60.0])
def test_an_error_that_drifts_out_and_back_does_not_raise(cadence, period, height):
    time = np.arange(0.0, 4.0 * period, cadence)
    course = follow(height * np.sin(2.0 * np.pi * time / period), cadence)
    assert course.max() < RAISE_AT


@pytest.mark.parametrize("seed", range(5))
def test_a_correlated_error_of_one_sigma_does_not_raise_half_a_sigma_inside(seed):
    noise = np.random.default_rng(seed).normal(size=1500)
    drift = np.zeros(1500)
    for index in range(1, 1500):
        drift[index] = 0.85 * drift[index - 1] + 0.53 * noise[index]
    assert drift.max() > 2.0
    assert follow(drift - 0.5, 15.0).max() < RAISE_AT


@pytest.mark.parametrize("cadence", [15.0, 30.0, 60.0])
def test_a_lasting_breach_of_four_sigma_is_found_within_four_minutes(cadence):
    assert fixes_to_raise(4.0, cadence) * cadence <= 240.0


@pytest.mark.parametrize(("cadence", "fixes"), [(15.0, 10), (60.0, 3), (300.0, 2)])
def test_coming_back_clears_but_not_on_a_single_fix(cadence, fixes):
    assert verdicts([-4.0] * 20, cadence, Verdict.OUT).index(Verdict.IN) + 1 == fixes


@pytest.mark.parametrize("depth", [-1.25, -0.6, 0.0, 0.6, 1.25])
@pytest.mark.parametrize("cadence", CADENCES)
def test_a_place_near_the_boundary_says_neither(cadence, depth):
    assert (follow([depth] * 50, cadence, 0.0) == 0.0).all()


@pytest.mark.parametrize("start", [CALM, ALARMED])
def test_fixes_that_say_nothing_let_certainty_fade_to_unknown(start):
    course = follow([0.0] * 60, 60.0, start)
    assert (np.diff(np.abs(course)) < 0.0).all()
    assert abs(course[29]) > BAND
    assert abs(course[-1]) < BAND


def test_nothing_is_learnt_in_no_time_or_against_it():
    evidence = np.array([3.0, 3.0, -2.0])
    assert accumulate(evidence, [1.0, 0.0, 1.0], [0.0, 0.0, -50.0], TAU, CAP).tolist() == evidence.tolist()


def test_nan_probability_says_nothing_and_nan_elapsed_starts_afresh():
    assert accumulate([4.0], [np.nan], [0.0], TAU, CAP).tolist() == [4.0]
    assert accumulate([9.0], [0.5], [np.nan], TAU, CAP).tolist() == [0.0]


def test_evidence_is_capped():
    assert follow([50.0] * 50, 60.0).max() == CAP
    assert follow([-50.0] * 50, 15.0, 0.0).min() >= -CAP


odds = st.floats(-CAP, CAP)
chances = st.floats(0.0, 1.0)
waits = st.floats(0.0, 2000.0)


@given(odds, chances, chances, waits)
def test_more_probability_never_lowers_the_evidence(before, one, other, elapsed):
    low, high = sorted((one, other))
    after = accumulate([before, before], [low, high], [elapsed, elapsed], TAU, CAP)
    assert after[0] <= after[1]


@given(odds, odds, chances, waits)
def test_more_evidence_before_is_never_less_after(one, other, chance, elapsed):
    low, high = sorted((one, other))
    after = accumulate([low, high], [chance, chance], [elapsed, elapsed], TAU, CAP)
    assert after[0] <= after[1]


@must_meet("a fresh row", "a row that goes on", "several rows")
@given(st.lists(st.tuples(odds, chances, st.one_of(waits, st.just(np.nan))), min_size=1, max_size=40), st.randoms())
@example([(0.5, 0.9, np.nan), (0.5, 0.9, 10.0)], Random(1))  # noqa: S311  # an order of a test
def test_rows_do_not_see_each_other(met, rows, random):
    order = list(range(len(rows)))
    random.shuffle(order)
    before, chance, elapsed = np.array(rows, float).T
    whole = accumulate(before, chance, elapsed, TAU, CAP)
    shuffled = accumulate(before[order], chance[order], elapsed[order], TAU, CAP)
    assert whole[order].tobytes() == shuffled.tobytes()
    single = [accumulate([a], [b], [c], TAU, CAP) for a, b, c in rows]
    assert whole.tobytes() == np.concatenate(single).tobytes()
    met["a fresh row"] += int(np.isnan(elapsed).sum())
    met["a row that goes on"] += int((~np.isnan(elapsed)).sum())
    met["several rows"] += len(rows) > 1


@pytest.mark.parametrize(
    ("distance", "sigma", "expected"),
    [
        (0.0, 10.0, 0.5),
        (10.0, 10.0, 0.8413447460685429),
        (-20.0, 10.0, 0.022750131948179195),
        (5.0, 0.0, 1.0),
        (-5.0, 0.0, 0.0),
        (0.0, 0.0, 0.5),
        (5.0, np.nan, 0.5),
        (np.nan, 5.0, 0.5),
        (5.0, -1.0, 0.5),
        (5.0, np.inf, 0.5),
        (np.inf, 5.0, 1.0),
        (np.inf, np.inf, 0.5),
    ],
)
def test_probability_beyond(distance, sigma, expected):
    assert probability_beyond(distance, sigma) == pytest.approx(expected, abs=1e-14)


IN, OUT, UNKNOWN = Verdict.IN, Verdict.OUT, Verdict.UNKNOWN


@pytest.mark.parametrize(
    ("evidence", "was_in", "was_unknown", "was_out"),
    [
        (9.0, OUT, OUT, OUT),
        (4.6, OUT, OUT, OUT),
        (4.59, UNKNOWN, UNKNOWN, OUT),
        (0.51, UNKNOWN, UNKNOWN, OUT),
        (0.5, UNKNOWN, UNKNOWN, UNKNOWN),
        (0.0, UNKNOWN, UNKNOWN, UNKNOWN),
        (-0.5, UNKNOWN, UNKNOWN, UNKNOWN),
        (-0.51, IN, UNKNOWN, UNKNOWN),
        (-4.59, IN, UNKNOWN, UNKNOWN),
        (-4.6, IN, IN, IN),
        (-9.0, IN, IN, IN),
        (np.nan, UNKNOWN, UNKNOWN, UNKNOWN),
    ],
)
def test_table_of_verdicts(evidence, was_in, was_unknown, was_out):
    before = np.array([IN, UNKNOWN, OUT], np.uint8)
    verdict = decide(before, np.full(3, evidence), np.full(3, ENOUGH), RAISE_AT, CLEAR_AT)
    assert np.array_equal(verdict, verdict.astype(np.uint8)), "as the bank of watches stores it"
    assert verdict.tolist() == [was_in, was_unknown, was_out]


def test_too_few_fixes_keep_a_verdict_and_make_none():
    for evidence, kept in ((9.0, OUT), (-9.0, IN)):
        verdict = decide([IN, UNKNOWN, OUT], [evidence] * 3, [ENOUGH - 1] * 3, RAISE_AT, CLEAR_AT)
        assert verdict.tolist() == [kept if before == kept else UNKNOWN for before in (IN, UNKNOWN, OUT)]


def test_posterior():
    assert posterior(np.array([0.0, 4.59511985013459, -4.59511985013459])) == pytest.approx([0.5, 0.99, 0.01])
    assert posterior(np.array([-1000.0, 1000.0])).tolist() == [0.0, 1.0]
    assert float(posterior(2.0)) == pytest.approx(0.8807970779778823)


def test_margin_is_that_of_one_point_three_sigma():
    beyond = probability_beyond(1.28, 1.0)
    assert np.log(beyond / (1.0 - beyond)) == pytest.approx(MARGIN, abs=0.02)
