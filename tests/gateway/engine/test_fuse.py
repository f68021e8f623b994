"""Fixes into tracks: what the engine keeps of them."""

from __future__ import annotations

import numpy as np
import pytest
from timeline import CAFE, Timeline, at

from gateway.engine.fuse import radii_of
from protocols.report import Source


@pytest.mark.parametrize(("source", "metres"), [(Source.GNSS, 5.0), (Source.WIFI, 20.0), (Source.CELL, 200.0)])
def test_no_number_of_fixes_makes_a_place_surer_than_the_error_they_share(source, metres):
    told = Timeline.of()
    told.fixes([(at(0, 13) + 60.0 * minute, CAFE, source) for minute in range(200)])
    assert told.state.track["bias"][0] == metres
    assert float(radii_of(told.state, np.array([0]))["sigma"][0]) > metres
