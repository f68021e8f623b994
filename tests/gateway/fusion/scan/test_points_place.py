"""Where a report was made, of its access points: known ones, moved ones, made-up radio of many seeds."""

from __future__ import annotations

import numpy as np
import pytest
from radio import PLANE, Street, known, survey, wifi
from scans import scans

from gateway.fusion.radius import NORMAL95
from gateway.fusion.scan import points_place as points_place_of
from gateway.fusion.scan.constants import REACH_POINT
from gateway.fusion.scan.learnt import learn
from gateway.fusion.scan.points_place import points_place
from gateway.fusion.towers import NO_COUNTRY, point_names

NORMAL67 = 1.4823
"""Radius in sigmas that holds 67 % of a circular normal distribution."""
NORMAL67 = 1.4823
"""Radius in sigmas that holds 67 % of a circular normal distribution: sqrt(-2 ln 0.33)."""
A, B, C, D, E = (0x0000_5E00_5000 + 0x100 * number for number in range(5))


def place(heard, what, reports=1):
    """Places by report: ``(x, y, sigma, points)``; None where there is none."""
    found = points_place(heard, reports, what, PLANE)
    assert (np.isnan(found.x) == (found.points == 0)).all()
    assert (np.isnan(found.sigma) == (found.points == 0)).all()
    rows = zip(*(column.tolist() for column in found), strict=True)
    return [row if row[3] else None for row in rows]


def test_a_point_is_a_cell_of_a_network_that_no_country_has():
    names = point_names(np.array([0xFEDC_BA98_7654, -1]))
    assert [column.tolist() for column in names] == [[1023, 1023], [1023, 1023], [0xFED, -1], [0xC_BA98_7654, -1]]
    assert NO_COUNTRY > 999


def test_one_surveyed_point_is_enough_and_the_louder_the_nearer():
    what = survey((A, 50.0, -20.0, 5.0))
    faint, loud, untold = place(wifi((0, A, -90), (1, A, -50), (2, A, 0)), what, 3)
    for found in (faint, loud, untold):
        assert found[:2] == pytest.approx((50.0, -20.0), abs=0.01)
        assert found[3] == 1
    assert loud[2] < 0.5 * faint[2]
    assert untold[2] == pytest.approx(faint[2])
    assert faint[2] == pytest.approx(REACH_POINT, rel=0.1)


def test_no_place_is_made_up_where_no_point_is_known():
    assert place(wifi((0, B, -40)), survey((A, 0.0, 0.0, 5.0)), 3) == [None] * 3
    assert place(wifi(), known(), 2) == [None, None]
    assert place(wifi(), known(), 0) == []


@pytest.mark.parametrize("bssid", [0, 0xFFFF_FFFF_FFFF, 0x0200_0000_0001, 0x0100_5E00_0001])
def test_made_up_and_shared_names_are_no_points_though_a_table_has_them(bssid):
    assert place(wifi((0, bssid, -40)), survey((bssid, 0.0, 0.0, 5.0))) == [None]


def test_the_place_is_nearer_to_the_louder_and_surer_the_more_agree():
    what = survey((A, 0.0, 0.0, 5.0), (B, 40.0, 0.0, 5.0), (C, 20.0, 30.0, 5.0))
    two, other, three = place(
        wifi((0, A, -50), (0, B, -75), (1, A, -75), (1, B, -50), (2, A, -70), (2, B, -70), (2, C, -70)), what, 3
    )
    assert two[0] < 15.0
    assert other[0] > 25.0
    assert three[:2] == pytest.approx((20.0, 10.0), abs=3.0)
    assert three[3] == 3
    (alone,) = place(wifi((0, A, -70)), what)
    assert three[2] < alone[2]


def test_one_that_has_moved_house_is_refused_where_most_agree():
    what = survey((A, 0.0, 0.0, 5.0), (B, 20.0, 0.0, 5.0), (C, 4000.0, 0.0, 5.0))
    with_it, without = place(wifi((0, A, -60), (0, B, -60), (0, C, -40), (1, A, -60), (1, B, -60)), what, 2)
    assert with_it == without
    assert with_it[3] == 2


def test_where_no_side_has_most_nobody_knows():
    what = survey((A, 0.0, 0.0, 5.0), (B, 20.0, 0.0, 5.0), (C, 4000.0, 0.0, 5.0), (D, 4020.0, 0.0, 5.0))
    heard = wifi((0, A, -60), (0, C, -40), (1, A, -60), (1, B, -60), (1, C, -60), (1, D, -60))
    assert place(heard, what, 2) == [None, None]


def test_networks_of_one_box_are_one_witness_and_the_loudest_known_speaks():
    what = survey((A, 0.0, 0.0, 5.0), (B, 4000.0, 0.0, 5.0), (B + 1, 4000.0, 0.0, 5.0), (B + 2, 4000.0, 0.0, 5.0))
    of_box = wifi((0, A, -60), (0, B, -50), (0, B + 1, -50), (0, B + 2, -50))
    assert place(of_box, what) == [None]
    one, all_of_it = place(wifi((0, B, -50), (1, B + 3, -30), (1, B, -50), (1, B + 1, -80)), what, 2)
    assert one == all_of_it


def test_the_order_in_which_points_are_stated_and_what_else_is_asked_change_nothing():
    rng = np.random.default_rng(5)
    what = survey(*((A + 0x100 * n, *rng.uniform(-30.0, 30.0, 2), 8.0) for n in range(24)))
    rows = [(0, A + 0x100 * n, int(level)) for n, level in enumerate(rng.integers(-90, -40, 24))]
    rows += [(0, rows[3][1], -30), (0, rows[4][1], 0)]
    expected = place(wifi(*rows), what)
    assert expected != [None]
    for _ in range(5):
        rng.shuffle(rows)
        assert place(wifi(*((int(r), int(b), int(level)) for r, b, level in rows)), what) == expected
    others = [(2, A, -50), *((1, b, level) for _, b, level in rows)]
    assert place(wifi(*others), what, 3)[1] == expected[0]


def points_of_reports(*where):
    """Learnt points of reports ``(x, bssid, dBm, how often)``."""
    x = np.repeat([row[0] for row in where], [row[3] for row in where])
    heard = scans(*[[(bssid, float(level))] for _, bssid, level, often in where for _ in range(often)])
    return learn(x, np.zeros(len(x)), heard)


def test_a_learnt_point_stands_where_it_is_loud_and_whoever_hears_it_loud_is_near():
    what = known(points=points_of_reports((25.0, A, -50, 5), (225.0, A, -85, 50)))
    loud, faint, untold = place(wifi((0, A, -50), (1, A, -85), (2, A, 0)), what, 3)
    for found in (loud, faint, untold):
        assert found[0] == pytest.approx(25.0, abs=5.0)
    assert loud[2] < 0.8 * faint[2] < 0.9 * untold[2]


def test_reports_that_state_no_level_outweigh_none_that_do():
    both = known(points=points_of_reports((25.0, A, -50, 5), (225.0, A, np.nan, 50)))
    assert place(wifi((0, A, -50)), both)[0][0] == pytest.approx(25.0, abs=5.0)
    untold = known(points=points_of_reports((25.0, A, np.nan, 5), (125.0, A, np.nan, 5)))
    assert place(wifi((0, A, -50)), untold)[0][0] == pytest.approx(75.0, abs=1.0)


def test_points_that_spread_wider_than_radio_is_taken_for_make_the_place_less_sure():
    near, wide = (
        place(
            wifi(*((0, name, -70) for name in (A, B, C, D))),
            survey(*((name, x * far, y * far, 5.0) for name, x, y in ((A, 1, 0), (B, -1, 0), (C, 0, 1), (D, 0, -1)))),
        )[0]
        for far in (5.0, 40.0)
    )
    assert near[3] == wide[3] == 4
    assert wide[2] > 1.5 * near[2]


def test_the_more_often_a_point_was_heard_the_surer_is_its_place():
    few, many = (
        place(wifi((0, A, -60)), known(points=points_of_reports((25.0, A, -60, often))))[0] for often in (1, 50)
    )
    assert few[2] > many[2] > 10.0


def test_survey_and_own_reports_that_lie_far_apart_are_a_point_that_has_moved():
    surveyed = survey((A, 25.0, 0.0, 5.0), (B, 25.0, 0.0, 5.0))
    both = known(surveyed.towers, points_of_reports((25.0, B, -60, 5), (2025.0, A, -60, 5)))
    moved, stays = place(wifi((0, A, -60), (1, B, -60)), both, 2)
    assert moved is None
    assert stays == place(wifi((0, B, -60)), surveyed)[0]


def test_what_a_survey_has_beyond_the_county_is_no_place():
    assert place(wifi((0, A, -60)), survey((A, 150_000.0, 0.0, 5.0))) == [None]


def covered(seeds, what):
    """Shares of the listeners' places within 67 and 95 % radii, each street weighing the same, twice their standard
    errors, and how far off the middle street is."""
    shares = []
    for seed in seeds:
        street = Street(seed)
        found = points_place(street.heard(), len(street.at), what(street), PLANE)
        off = np.hypot(found.x - street.at[:, 0], found.y - street.at[:, 1])[found.points > 0]
        sigma = found.sigma[found.points > 0]
        if len(off):
            shares.append([(off <= NORMAL67 * sigma).mean(), (off <= NORMAL95 * sigma).mean(), np.median(off)])
    (r67, r95, _), error = np.mean(shares, axis=0), 2.0 * np.std(shares, axis=0) / np.sqrt(len(shares))
    return r67, r95, error[:2], np.median([off for *_, off in shares])


@pytest.mark.parametrize(
    "what",
    [
        pytest.param(Street.surveyed, id="surveyed"),
        pytest.param(lambda street: street.surveyed(0.02), id="moved"),
        pytest.param(Street.learnt, id="learnt", marks=pytest.mark.torture),
    ],
)
def test_radii_hold_what_they_say_over_made_up_radio_of_many_seeds(what):
    r67, r95, (error67, error95), off = covered(range(9000, 9200), what)
    assert 0.64 - error67 <= r67 <= 0.70 + error67
    assert 0.93 - error95 <= r95 <= 0.97 + error95
    assert max(error67, error95) < 0.04
    assert off < 22.0


def test_the_loop_does_what_its_formulas_do(monkeypatch):
    street = Street(9001)
    heard, what = street.heard(), street.learnt()
    compiled = points_place(heard, len(street.at), what, PLANE)
    monkeypatch.setattr(points_place_of, "_fill", points_place_of._fill.function)
    interpreted = points_place(heard, len(street.at), what, PLANE)
    assert [column.tobytes() for column in compiled] == [column.tobytes() for column in interpreted]
