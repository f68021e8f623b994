"""Fixes into tracks: what the engine keeps of them."""

from __future__ import annotations

import numpy as np
import pytest
from timeline import CAFE, Timeline, at, record

from firmware_sim.firmware.messages import Message
from gateway.engine.fuse import LONGEST, radii_of
from gateway.fusion.radius import SETTLED
from protocols.report import Source


@pytest.mark.parametrize(("source", "metres"), [(Source.CELL, 200.0), (Source.PHONE, 200.0)])
def test_no_number_of_fixes_makes_a_place_surer_than_the_error_they_share(source, metres):
    told = Timeline.of()
    told.fixes([(at(0, 13) + 60.0 * minute, CAFE, source) for minute in range(200)])
    assert told.state.track["bias"][0] == metres
    assert float(radii_of(told.state, np.array([0]))["sigma"][0]) > metres


def test_a_fix_brings_a_minute_of_rest_however_long_the_pause_before_it():
    told = Timeline.of()
    told.report(at(0, 13), CAFE)
    told.report(at(0, 14), CAFE)
    told.run()
    assert told.state.track["idle"][0] == LONGEST
    for minute in range(1, 3):
        told.report(at(0, 14) + 60.0 * minute, CAFE)
    told.run()
    assert told.state.track["idle"][0] == 3 * LONGEST >= SETTLED
    assert told.state.track["pxx"][0] < told.state.track["variance"][0], "from here on the place is of several fixes"


def test_a_place_that_leaps_at_rest_has_a_radius_for_both_places_until_the_wearer_goes():
    told, there = Timeline.of(), (CAFE[0] + 45.0, CAFE[1])
    told.stay(CAFE, at(0, 13), at(0, 14), 60.0)
    told.run()
    before = float(radii_of(told.state, np.array([0]))["r95"][0])
    told.report(at(0, 14), there)
    told.run()
    assert told.state.track["leap"][0] == pytest.approx(22.5**2, rel=0.1)
    assert float(radii_of(told.state, np.array([0]))["r95"][0]) > 45.0 > 2.0 * before
    later = at(0, 14) + 60.0
    told.frame(Message.LOCATION, record(later, there, speed_kmh=5.0), later)
    told.run()
    assert told.state.track["leap"][0] == 0.0
