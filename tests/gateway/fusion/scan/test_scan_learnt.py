"""What reports teach: numbers written out, and what may be published of them."""

from __future__ import annotations

import numpy as np
import pytest
from scans import same, scans

from gateway.fusion.scan import learnt as learnt_of
from gateway.fusion.scan.constants import ADVANCE_SPREAD, LEVEL_SPREAD, PLACES_A_CELL, WEARERS
from gateway.fusion.scan.learnt import learn, shareable

FAR = 1000.0


def test_a_place_is_the_mean_of_its_reports_and_a_cell_has_what_was_heard_there():
    learnt = learn(np.array([10.0, 20.0, FAR]), np.array([10.0, 30.0, FAR]), scans([(7, -80.0)], [(7, -90.0)], [(9,)]))
    assert learnt.x.tolist() == [15.0, FAR]
    assert learnt.y.tolist() == [20.0, FAR]
    assert learnt.visits.tolist() == [2.0, 1.0]
    assert learnt.cell.tolist() == [7, 9]
    assert learnt.first.tolist() == [0, 1, 2]
    assert learnt.place.tolist() == [0, 1]
    assert learnt.hits.tolist() == [2.0, 1.0]
    assert learnt.level[0] == -85.0
    assert learnt.level_variance[0] == pytest.approx((2.0 * 25.0 + LEVEL_SPREAD**2) / 3.0)
    assert learnt.cell_x.tolist() == [15.0, FAR]


def test_timing_advance_is_learnt_of_the_reports_that_state_one():
    heard = scans([(7, -80.0, 156.0)], [(7, -80.0, 312.0)], [(7, -80.0)])
    learnt = learn(np.array([10.0, 10.0, 10.0]), np.array([10.0, 10.0, 10.0]), heard)
    assert learnt.hits.tolist() == [3.0]
    assert learnt.advances.tolist() == [2.0]
    assert learnt.advance.tolist() == [234.0]
    assert learnt.advance_variance[0] == pytest.approx(78.0**2 + ADVANCE_SPREAD**2)


def test_places_next_door_lend_each_other_their_counts_and_others_do_not():
    learnt = learn(np.array([45.0, 55.0, FAR]), np.array([10.0, 10.0, 10.0]), scans([(7, -80.0)], [(8,)], [(7, -80.0)]))
    share = np.exp(-0.5 * (10.0 / 20.0) ** 2)
    assert learnt.visits.tolist() == pytest.approx([1.0 + share, 1.0 + share, 1.0])
    assert learnt.hits[learnt.first[0] : learnt.first[1]].tolist() == pytest.approx([1.0, share, 1.0])


def test_of_a_cell_heard_everywhere_the_places_are_kept_where_it_was_heard_most():
    places = PLACES_A_CELL + 10
    often = 1 + np.arange(places) % 5
    x = np.repeat(np.arange(places) * FAR + 25.0, often)
    learnt = learn(x, np.zeros(len(x)), scans(*[[(7, -80.0)]] * len(x)))
    assert len(learnt.x) == places
    assert learnt.first.tolist() == [0, PLACES_A_CELL]
    assert sorted(learnt.hits.tolist()) == sorted(often.tolist())[-PLACES_A_CELL:]
    assert (np.diff(learnt.place) > 0).all()


@pytest.mark.parametrize(("x", "y"), [(np.nan, 10.0), (10.0, np.nan), (np.inf, 10.0), (10.0, -np.inf)])
def test_a_report_without_a_place_teaches_nothing(x, y):
    alone = learn(np.array([15.0]), np.array([15.0]), scans([(7, -80.0)]))
    both = learn(np.array([15.0, x]), np.array([15.0, y]), scans([(7, -80.0)], [(8, -70.0)]))
    assert same(alone, both)


def test_a_version_is_the_same_however_many_reports_are_taken_at_a_time(monkeypatch):
    rng = np.random.default_rng(3)
    x, y, cells = rng.uniform(0.0, 400.0, 90), rng.uniform(0.0, 400.0, 90), rng.integers(0, 9, (90, 3))
    heard = scans(*[[(cell, -80.0 - cell, 78.0 * cell) for cell in set(row)] for row in cells.tolist()])
    whole = learn(x, y, heard)
    for parts in (1, 7, 89):
        monkeypatch.setattr(learnt_of, "AT_ONCE", parts)
        assert same(learn(x, y, heard), whole)


def test_no_report_teaches_nothing_and_one_without_a_cell_that_somebody_was_there():
    assert learn(np.empty(0), np.empty(0), scans()).cell.size == 0
    silent = learn(np.array([15.0]), np.array([15.0]), scans([]))
    assert silent.visits.tolist() == [1.0]
    assert silent.cell.size == 0


def test_others_learn_of_places_and_cells_that_three_wearers_share():
    assert WEARERS == 3
    x = np.array([10.0, 12.0, 14.0, FAR, FAR, FAR, FAR])
    heard = scans([(7,), (8,)], [(7,), (8,)], [(7,), (5,)], [(9,)], [(9,)], [(9,)], [(9,)])
    rows, left = shareable(x, np.zeros(7), heard, np.array([1, 2, 3, 1, 1, 2, 2]))
    assert rows.tolist() == [True] * 3 + [False] * 4
    assert left.cell[:, :2].tolist() == [[7, -1], [7, -1], [7, -1]]


def test_a_home_is_not_published_though_its_cells_are_heard_by_all():
    x = np.array([10.0, 10.0, 10.0, FAR, FAR])
    rows, _ = shareable(x, np.zeros(5), scans(*[[(7,)]] * 5), np.array([1, 2, 3, 4, 4]))
    assert rows.tolist() == [True, True, True, False, False]


def test_who_heard_a_cell_at_home_alone_is_not_counted_among_its_wearers():
    x = np.array([10.0, 10.0, 10.0, FAR])
    rows, left = shareable(x, np.zeros(4), scans([(7,), (8,)], [(7,), (8,)], [(7,)], [(8,)]), np.array([1, 2, 3, 4]))
    assert rows.tolist() == [True, True, True, False]
    assert left.cell[:, 1].tolist() == [-1, -1, -1]


def test_a_report_without_a_place_is_no_wearer_of_any():
    x = np.array([10.0, 10.0, np.nan])
    rows, left = shareable(x, np.zeros(3), scans(*[[(7,)]] * 3), np.array([1, 2, 3]))
    assert not rows.any()
    assert len(left.cell) == 0
