"""From the cells of reports to scans: names, units, repetitions, and where a tower version has them."""

from __future__ import annotations

import numpy as np
import pytest

from fencing.plane import LocalPlane
from gateway.fusion.scan.constants import DRAWN, SLOTS
from gateway.fusion.scan.heard import drawn, scans_of
from gateway.fusion.scan.names import NO_CELL, UNKNOWN, keys_of
from gateway.fusion.towers import NO_COUNTRY, Places, Towers, area_of, empty, table_of
from protocols.report import CellColumns, SignalUnit

PLANE = LocalPlane(30.0, 120.0)
NOTHING = Towers(empty(), empty())


def columns(*rows):
    """Cells of ``(report, lac, cid, signal, unit, steps)``, all of one network."""
    report, lac, cid, signal, unit, steps = np.array(rows, np.int64).reshape(-1, 6).T
    network = np.full(len(rows), 460), np.zeros(len(rows), np.int64)
    return CellColumns(
        report, *network, lac, cid, signal.astype(np.int32), unit.astype(np.uint8), steps.astype(np.int32)
    )


def towers(**places):
    """A version that has cells of area 5 by ``c17=(latitude, longitude)``."""
    cid = np.array([int(name[1:]) for name in places])
    latitude, longitude = np.array(list(places.values())).T
    network = np.full(len(cid), 460), np.zeros(len(cid), np.int64)
    at = Places(latitude, longitude, np.full(len(cid), 500.0, np.float32), np.ones(len(cid), np.int32))
    return Towers(table_of(area_of(*network, np.full(len(cid), 5)), cid, at), empty())


def read(cells, reports, known=NOTHING, step=78.07):
    return scans_of(cells, reports, np.full(reports, step), known, PLANE)


@pytest.mark.parametrize(
    ("unit", "raw", "dbm"),
    [(SignalUnit.DBM, -83, -83.0), (SignalUnit.CSQ, 20, -73.0), (SignalUnit.CSQ, 99, np.nan),
     (SignalUnit.RXLEV, 40, -70.0), (SignalUnit.RXLEV, 99, np.nan), (SignalUnit.RAW, 40, np.nan),
     (SignalUnit.NONE, -1, np.nan), (SignalUnit.DBM, 0, np.nan), (SignalUnit.CSQ, -1, np.nan)],
)  # fmt: skip
def test_levels_are_dbm_where_the_unit_is_known(unit, raw, dbm):
    heard, _ = read(columns((0, 5, 17, raw, unit, -1)), 1)
    assert heard.level[0, 0] == pytest.approx(dbm, nan_ok=True)


def test_advances_are_metres_of_the_devices_own_step():
    cells = columns((0, 5, 17, -80, SignalUnit.DBM, 3), (1, 5, 17, -80, SignalUnit.DBM, -1))
    assert read(cells, 2, step=156.14)[0].advance[:, 0] == pytest.approx([468.42, np.nan], nan_ok=True)
    assert np.isnan(read(cells, 2, step=np.nan)[0].advance).all()


def test_a_report_keeps_its_cells_in_their_order_each_once_and_no_name_that_is_none():
    names = [(1, 5, 21), (0, 5, 17), (0, 5, 17), (0, 5, 0xFFFF), (0, 6, 17), (1, 5, 17), (0, 5, -1)]
    cells = columns(*[(*name, -80 - number, SignalUnit.DBM, -1) for number, name in enumerate(names)])
    heard, where = read(cells, 3)
    assert heard.level[0, :3].tolist()[:2] == [-81.0, -84.0]
    assert heard.level[1, :2].tolist() == [-80.0, -85.0]
    assert (heard.cell >= 0).sum(axis=1).tolist() == [2, 2, 0]
    assert heard.cell[0, 0] == heard.cell[1, 1]
    assert len(set(heard.cell[heard.cell >= 0].tolist())) == 3
    assert np.isnan(where.x).all()


def test_of_a_report_with_a_thousand_cells_the_first_are_looked_at():
    heard, _ = read(columns(*[(0, 5, 10 + cid, -80, SignalUnit.DBM, -1) for cid in range(1000)]), 1)
    assert heard.cell.shape == (1, SLOTS)
    assert heard.cell[0, 0] == keys_of(*(np.array([number]) for number in (460, 0, 5, 10)))[0]


def test_no_cells_at_all_are_scans_that_say_nothing():
    heard, where = read(columns(), 2)
    assert (heard.cell == NO_CELL).all()
    assert where.x.shape == (2, SLOTS)


def test_what_modems_say_when_they_do_not_know_is_no_cell():
    cid = np.array([*UNKNOWN, 17, 1 << 36, -1])
    mcc, mnc, lac = (np.full(len(cid), number) for number in (460, 0, 5))
    assert (keys_of(mcc, mnc, lac, cid) == NO_CELL).tolist() == [True] * 4 + [False, True, True]
    assert keys_of(np.array([-1, 460, 1024]), mnc[:3], np.array([5, -1, 5]), np.full(3, 17)).tolist() == [NO_CELL] * 3


def test_a_cell_of_the_network_that_access_points_are_kept_under_is_none():
    network = np.array([NO_COUNTRY, NO_COUNTRY, 460])
    keys = keys_of(network, np.array([NO_COUNTRY, 0, NO_COUNTRY]), np.full(3, 5), np.full(3, 17))
    assert (keys == NO_CELL).tolist() == [True, True, False]


def test_a_hundred_thousand_cells_have_as_many_keys():
    cid, lac = (each.ravel() for each in np.meshgrid(np.arange(1, 1001), np.arange(1, 101)))
    key = keys_of(np.full(len(cid), 460), np.full(len(cid), 1), lac, cid)
    assert (key >= 0).all()
    assert len(np.unique(key)) == 100_000


def test_a_cell_stands_where_the_database_has_it():
    x, y = PLANE.forward([30.01], [120.02])
    _, where = read(columns((0, 5, 70_017, -80, SignalUnit.DBM, -1), (0, 5, 99, -80, SignalUnit.DBM, -1)), 1,
                    towers(c70017=(30.01, 120.02), c70018=(31.0, 121.0)))  # fmt: skip
    assert (where.x[0, 0], where.y[0, 0]) == (pytest.approx(x[0]), pytest.approx(y[0]))
    assert np.isnan(where.x[0, 1])


def test_cells_of_one_gsm_site_are_drawn_together():
    _, where = read(columns((0, 5, 17, -80, SignalUnit.DBM, -1)), 1,
                    towers(c17=(30.0, 120.0), c18=(30.004, 120.0), c19=(30.008, 120.0), c20=(40.0, 120.0)))  # fmt: skip
    assert where.y[0, 0] == pytest.approx(DRAWN * PLANE.forward([30.004], [120.0])[1][0])


@pytest.mark.parametrize("place", [(np.nan, np.nan), (-30.0, 120.0), (30.0, -60.0), (90.0, 0.0), (31.0, 120.0)])
def test_a_database_that_has_a_cell_elsewhere_on_earth_does_not_have_it(place):
    _, where = read(columns((0, 5, 17, -80, SignalUnit.DBM, -1), (0, 5, 18, -80, SignalUnit.DBM, -1)), 1,
                    towers(c17=place, c18=(30.0, 120.001)))  # fmt: skip
    assert np.isnan(where.x[0, 0])
    assert where.x[0, 1] == pytest.approx(PLANE.forward([30.0], [120.001])[0][0])


def test_drawn_to_the_middle_of_the_mates_and_nowhere_stays_nowhere():
    gap = np.full(7, np.nan)
    mates = np.array([[0.0, 100.0, 400.0, *gap], [0.0, 100.0, np.nan, *gap], [0.0, *gap, *gap[:2]], [np.nan] * 10])
    nearer = drawn(np.array([0.0, 0.0, 0.0, np.nan]), mates)
    assert nearer == pytest.approx([DRAWN * 100.0, DRAWN * 50.0, 0.0, np.nan], nan_ok=True)
