"""How sure a fix is, by where it comes from and what it says of itself."""

from __future__ import annotations

import numpy as np
import pytest
from timeline import CAFE, HOME, Timeline, at

from gateway.engine.fuse import sigma_of, variance_of
from gateway.engine.reports import assemble
from protocols.report import Source, blank


def sigma(source, satellites=-1, accuracy=np.nan):
    batch = blank(1)
    batch.source[:], batch.satellites[:], batch.accuracy_m[:] = source, satellites, accuracy
    reports = assemble(np.arange(1), np.zeros(1), np.zeros(1, np.int64), batch)
    return float(np.sqrt(variance_of(reports, np.arange(1)))[0])


@pytest.mark.parametrize(
    ("source", "metres"), [(Source.GNSS, 12.0), (Source.WIFI, 40.0), (Source.CELL, 400.0), (Source.PHONE, 400.0)]
)
def test_a_fix_that_states_no_accuracy_has_that_of_its_source(source, metres):
    assert sigma(source) == metres


@pytest.mark.parametrize(("satellites", "factor"), [(-1, 1.0), (0, 2.0), (3, 2.0), (4, 2.0), (5, 1.0), (12, 1.0)])
def test_few_satellites_double_what_a_fix_may_be_off(satellites, factor):
    assert sigma(Source.GNSS, satellites) == factor * 12.0
    assert sigma(Source.GNSS, satellites, 20.0) == factor * 40.0


@pytest.mark.parametrize(
    ("source", "stated", "metres"),
    [(Source.GNSS, 10.0, 20.0), (Source.GNSS, 1.0, 6.0), (Source.WIFI, 50.0, 50.0), (Source.WIFI, 3.0, 25.0),
     (Source.CELL, 900.0, 900.0), (Source.CELL, 1.0, 150.0)],
)  # fmt: skip
def test_a_stated_accuracy_is_doubled_for_satellites_and_never_believed_below_a_floor(source, stated, metres):
    assert sigma(source, accuracy=stated) == metres


@pytest.mark.parametrize(("source", "metres"), [(Source.GNSS, 5.0), (Source.WIFI, 20.0), (Source.CELL, 200.0)])
def test_no_number_of_fixes_makes_a_place_surer_than_the_error_they_share(source, metres):
    told = Timeline.of()
    told.fixes([(at(0, 13) + 60.0 * minute, CAFE if source is Source.CELL else HOME, source) for minute in range(200)])
    wearing = np.array([0])
    assert told.state.track["bias"][0] == metres
    assert float(sigma_of(told.state, wearing)[0]) > metres
