"""What one scan says: of the database alone, of own reports, of both, of neither."""

from __future__ import annotations

import numpy as np
import pytest
from scans import scans, sites, town

from gateway.fusion.scan.candidates import candidates
from gateway.fusion.scan.constants import CANDIDATES, GRID, SITE
from gateway.fusion.scan.learnt import learn
from gateway.fusion.scan.standing import middle, stand

NOBODY = learn(np.empty(0), np.empty(0), scans())
OFTEN = 20


def street(*rows):
    """What reports a kilometre apart have taught, each made OFTEN."""
    return learn(
        np.repeat(25.0 + 1000.0 * np.arange(len(rows)), OFTEN), np.full(OFTEN * len(rows), 25.0),
        scans(*[row for row in rows for _ in range(OFTEN)]),
    )  # fmt: skip


STREET = street([(7, -70.0, 78.0)], [(7, -90.0, 780.0)], [(8, -70.0, 78.0)])


def stood(heard, where, learnt):
    """Where the cells of the first scan stand, and how many of them the database has."""
    slots = heard.cell.shape[1]
    at, towers = np.empty(slots, np.int64), np.empty((3, slots))
    _, told = stand(heard.cell[0], heard.level[0], (where.x[0], where.y[0]), learnt, at, towers)
    return towers, told


def likeliest(heard, where, learnt):
    says = candidates(heard, where, learnt)
    best = np.argmax(says.score, axis=1)
    return says.x[np.arange(len(best)), best].tolist()


def test_unknown_cells_alone_give_no_place():
    heard = scans([(99, -70.0, 78.0), (98,)], [])
    for learnt in (NOBODY, STREET):
        says = candidates(heard, sites(heard), learnt)
        assert says.x.shape == (2, GRID + CANDIDATES)
        assert np.isneginf(says.score).all()
        assert np.isnan(says.other_x).all()


def test_level_and_timing_advance_tell_places_of_one_cell_apart():
    heard = scans([(7, -71.0)], [(7, -89.0)], [(7, np.nan, 78.0)], [(7, np.nan, 780.0)])
    says = candidates(heard, sites(heard), STREET)
    learnt = np.argmax(says.score[:, GRID:], axis=1) + GRID
    assert says.x[np.arange(4), learnt].tolist() == [25.0, 1025.0, 25.0, 1025.0]


def test_a_second_cell_tells_places_apart():
    heard = scans([(7,), (8,)])
    assert likeliest(heard, sites(heard), street([(7,)], [(7,), (8,)])) == [1025.0]


def test_where_nobody_has_been_the_database_says_it():
    heard = scans([(7, -70.0), (9, -70.0), (5, -70.0)])
    says = candidates(heard, sites(heard, c7=(0.0, 0.0), c9=(300.0, 0.0), c5=(150.0, 200.0)), NOBODY)
    assert says.other_x[0] == pytest.approx(150.0, abs=30.0)
    assert np.isfinite(says.score[0, :GRID]).all()
    assert np.isneginf(says.score[0, GRID:]).all()
    assert says.x[0, np.argmax(says.score[0])] == says.other_x[0]


def test_where_many_have_been_they_overrule_a_database_that_is_wrong():
    heard = scans([(7, -70.0)])
    assert likeliest(heard, sites(heard, c7=(3000.0, 0.0)), street([(7, -70.0)])) == [25.0]


def test_one_cell_kilometres_off_does_not_carry_the_middle_with_it():
    heard = scans([(7, -70.0), (8, -70.0), (9, -70.0), (5, -70.0)])
    where = sites(heard, c7=(0.0, 0.0), c8=(200.0, 0.0), c9=(100.0, 100.0), c5=(9e6, 9e6))
    x, y, spread = middle(*stood(heard, where, NOBODY))
    assert x == pytest.approx(100.0, abs=20.0)
    assert y == pytest.approx(33.0, abs=30.0)
    assert SITE < spread < 2.0 * SITE


def test_the_fewer_cells_the_database_has_the_less_is_known():
    heard = scans([(cell, -70.0) for cell in range(8)], slots=8)
    few = ({f"c{cell}": (0.0, 0.0) for cell in range(cells)} for cells in (8, 4, 2, 1))
    spreads = [middle(*stood(heard, sites(heard, **where), NOBODY))[2] for where in few]
    assert spreads == sorted(spreads)
    assert spreads[-1] > 1.8 * spreads[0]


@pytest.mark.parametrize(("levels", "nearer"), [((-60.0, -90.0), 0.0), ((-90.0, -60.0), 1000.0), ((-75.0,), 0.0)])
def test_the_loudest_cell_draws_the_middle_most_and_one_without_a_level_is_a_faint_one(levels, nearer):
    heard = scans([(cell, *level) for cell, level in zip((7, 8), [*zip(levels, strict=True), ()], strict=False)])
    x, _, _ = middle(*stood(heard, sites(heard, c7=(0.0, 0.0), c8=(1000.0, 0.0)), NOBODY))
    assert x == pytest.approx(nearer, abs=200.0)


def test_a_cell_that_the_database_has_not_stands_in_the_middle_of_where_it_was_heard():
    heard = scans([(7, -70.0)])
    towers, told = stood(heard, sites(heard), STREET)
    assert towers[0, 0] == pytest.approx(525.0)
    assert told == 0
    assert np.isnan(candidates(heard, sites(heard), STREET).other_x[0])


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_levels_advances_and_sites_that_are_no_numbers_say_nothing(bad):
    heard, plain = scans([(7, bad, bad)]), scans([(7,)])
    says = candidates(heard, sites(heard, c7=(bad, 0.0)), STREET)
    assert np.isfinite(says.score).any()
    assert not np.isnan(says.score).any()
    assert says.score.tobytes() == candidates(plain, sites(plain), STREET).score.tobytes()


def test_a_database_and_reports_at_the_other_end_of_the_world_overflow_nothing():
    cells = [(cell, -70.0) for cell in range(16)]
    learnt = learn(np.full(500, 9e6), np.full(500, -9e6), scans(*[cells] * 500, slots=16))
    heard = scans(cells, slots=16)
    says = candidates(heard, sites(heard, **{f"c{cell}": (-9e6, 9e6) for cell in range(16)}), learnt)
    assert np.isfinite(says.score[0, GRID]).all()
    assert says.score[0, GRID] > says.score[0, :GRID].max()


def test_no_scans_and_scans_without_slots_say_nothing():
    learnt, _ = town(1)
    none = scans()
    assert candidates(none, sites(none), learnt).x.shape == (0, GRID + CANDIDATES)
    bare = scans([], [], slots=0)
    assert np.isneginf(candidates(bare, sites(bare), learnt).score).all()
