"""Scan after scan: what is carried on, what is not, and that nobody's answer depends on anybody else's."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from effort import examples
from hypothesis import given, settings
from hypothesis import strategies as some
from scans import heard_at, same, scans, sites, town

from gateway.fusion.scan.belief import believe, follow, heard, nothing
from gateway.fusion.scan.candidates import candidates, consider
from gateway.fusion.scan.constants import AGE, HYPOTHESES, R67, R95, SPEED
from gateway.fusion.scan.learnt import learn
from gateway.fusion.scan.position import position, settle
from gateway.fusion.scan.shapes import Position, Scans, Sites

OFTEN = 20
STREET = learn(
    np.repeat([25.0, 25.0, 1025.0, 1025.0], OFTEN), np.full(4 * OFTEN, 25.0),
    scans(*[[(cell,)] for cell in (7, 6, 7, 5) for _ in range(OFTEN)]),
)  # fmt: skip
LEARNT, (CX, CY) = town(3)


def after(*steps, learnt=STREET, **where):
    """A belief after scans of one device, each (seconds, cells)."""
    belief = nothing(1)
    for seconds, cells in steps:
        scan = scans([(cell,) for cell in cells])
        belief = heard(belief, scan, sites(scan, **where), np.array([seconds]), learnt)
    return belief


def placed(belief, seconds=0.0):
    return position(belief, np.full(len(belief.age), seconds))


def many(seed, devices, *, database=True):
    """Scans of devices all over the town, and where the database has some of the cells."""
    rng = np.random.default_rng(seed)
    x, y = rng.uniform(-1200.0, 1200.0, (2, devices))
    found = heard_at(x, y, CX, CY, rng)
    cell = np.where(rng.random(found.cell.shape) < 0.1, 99, found.cell)
    level = np.where(rng.random(cell.shape) < 0.2, np.nan, found.level)
    has = (cell >= 0) & (cell < len(CX)) & (rng.random(cell.shape) < 0.7) & database
    taken = np.where(has, cell, 0)
    return Scans(cell, level, found.advance), Sites(np.where(has, CX[taken], np.nan), np.where(has, CY[taken], np.nan))


def test_before_the_first_scan_and_after_unknown_cells_alone_nobody_is_anywhere():
    for belief in (nothing(1), after((0.0, [99])), after((0.0, []), (60.0, [98, 99]))):
        assert all(np.isnan(getattr(placed(belief), name)).all() for name in ("x", "y", "r67", "r95"))


def test_a_cell_heard_at_two_places_is_told_apart_by_the_scan_before():
    assert placed(after((0.0, [6]), (20.0, [7]))).x[0] == pytest.approx(25.0, abs=40.0)
    assert placed(after((0.0, [5]), (20.0, [7]))).x[0] == pytest.approx(1025.0, abs=40.0)


def test_after_hours_the_scan_before_tells_nothing():
    weight = after((0.0, [6]), (7200.0, [7])).weight
    assert weight.max() < 0.6


def test_a_scan_that_says_nothing_leaves_the_belief_and_lets_it_age():
    before, now = after((0.0, [6])), after((0.0, [6]), (30.0, [99]), (15.0, []))
    assert now.age[0] == 45.0
    assert now.weight.tobytes() == before.weight.tobytes()
    assert placed(now).r95[0] == pytest.approx(placed(before, 45.0).r95[0])
    assert after((0.0, [6]), (30.0, [99]), (15.0, [6])).age[0] == 0.0


def test_radii_grow_with_the_time_since():
    belief = after((0.0, [6]))
    for one, other in pairwise((0.0, 10.0, 60.0, 3600.0)):
        assert placed(belief, one).r95[0] < placed(belief, other).r95[0]
    assert placed(belief, 3600.0).r95[0] == pytest.approx(R95 * SPEED * 3600.0, rel=0.01)
    assert placed(belief).r67[0] >= R67 * AGE


@pytest.mark.parametrize("seconds", [-5.0, np.nan])
def test_times_that_are_equal_or_none_or_run_back_count_as_no_time(seconds):
    assert same(after((0.0, [6]), (0.0, [7])), after((0.0, [6]), (seconds, [7])))
    assert placed(after((0.0, [6])), seconds).r95[0] == placed(after((0.0, [6]))).r95[0]


def test_repetitions_of_what_the_database_says_do_not_make_it_sure():
    where = {"c7": (0.0, 0.0), "c8": (200.0, 0.0)}
    nobody = learn(np.empty(0), np.empty(0), scans())
    once = placed(after((0.0, [7, 8]), learnt=nobody, **where))
    often = placed(after(*[(1.0, [7, 8])] * 50, learnt=nobody, **where))
    assert often.r95[0] == pytest.approx(once.r95[0], rel=1e-6)


def test_where_own_reports_and_the_database_disagree_the_radius_spans_both():
    home = learn(np.full(100, 25.0), np.full(100, 25.0), scans(*[[(6,), (7,), (8,)]] * 100))
    stays = [(20.0, [6, 7, 8])] * 20
    there, elsewhere = (after(*stays, learnt=home, c6=(east, 25.0), c7=(east, 0.0)) for east in (25.0, 825.0))
    assert placed(there).x[0] == pytest.approx(placed(elsewhere).x[0], abs=20.0)
    assert placed(elsewhere).r95[0] > placed(there).r95[0] + 700.0


def some_of(place, rows):
    return Position(place.x[rows], place.y[rows], place.r67[rows], place.r95[rows])


@settings(max_examples=examples(12))
@given(seed=some.integers(0, 1000), cut=some.integers(1, 130), database=some.booleans())
def test_an_answer_does_not_depend_on_which_others_are_asked(seed, cut, database):
    devices = 131
    first, there = many(seed, devices, database=database)
    second, then = many(seed + 5000, devices, database=database)
    seconds = np.random.default_rng(seed).uniform(0.0, 300.0, devices)

    def told(rows):
        size = len(seconds[rows])
        belief = heard(nothing(size), first.rows(rows), there.rows(rows), seconds[rows], LEARNT)
        return heard(belief, second.rows(rows), then.rows(rows), seconds[rows], LEARNT)

    every = told(slice(None))
    for rows in (slice(cut, None), slice(None, cut), slice(cut, cut + 1), slice(None, None, 3)):
        assert same(told(rows), every.rows(rows))
        assert same(position(told(rows), seconds[rows]), position(every.rows(rows), seconds[rows]))
        assert same(position(every.rows(rows), seconds[rows]), some_of(position(every, seconds), rows))


def test_what_is_compiled_does_what_python_does_to_the_bit():
    first, there = many(11, 12)
    says, nobody = candidates(first, there, LEARNT), scans(*[[]] * 12)
    plain = candidates(nobody, sites(nobody), LEARNT)
    consider.function(first, there, LEARNT, plain)
    assert same(says, plain)
    compiled = follow(nothing(12), says, np.arange(12.0))
    python = nothing(12)
    python.age[:] = np.arange(12.0)
    believe.function(python, says)
    assert same(compiled, python)
    place = Position(*np.full((4, 12), np.nan))
    settle.function(python, python.age + 5.0, place)
    assert same(position(compiled, np.full(12, 5.0)), place)


def test_empty_slots_change_nothing():
    first, there = many(8, 40)
    wide = Scans(*(np.hstack([each, np.full((40, 9), fill)]) for each, fill in
                   ((first.cell, -1), (first.level, np.nan), (first.advance, np.nan))))  # fmt: skip
    beside = Sites(*(np.hstack([each, np.full((40, 9), np.nan)]) for each in (there.x, there.y)))
    seconds = np.zeros(40)
    assert same(heard(nothing(40), first, there, seconds, LEARNT), heard(nothing(40), wide, beside, seconds, LEARNT))


def test_weights_are_shares_and_there_is_no_more_than_is_kept():
    first, there = many(9, 200)
    belief = heard(nothing(200), first, there, np.zeros(200), LEARNT)
    total = belief.weight.sum(axis=1)
    assert belief.weight.shape == (200, HYPOTHESES)
    assert (belief.weight >= 0.0).all()
    assert (np.isclose(total, 1.0) | (total == 0.0)).all()
    assert np.isfinite(belief.x).all()


def test_whoever_goes_through_a_known_town_is_found():
    rng = np.random.default_rng(4)
    x, y = np.linspace(-800.0, 800.0, 60), np.linspace(-500.0, 300.0, 60)
    walk, belief, errors = heard_at(x, y, CX, CY, rng), nothing(1), []
    for number in range(60):
        row = slice(number, number + 1)
        belief = heard(belief, walk.rows(row), Sites(*np.full((2, 1, 8), np.nan)), np.array([20.0]), LEARNT)
        place = placed(belief)
        errors.append(np.hypot(place.x[0] - x[number], place.y[0] - y[number]))
    assert np.median(errors) < 100.0
