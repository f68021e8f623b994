"""How far a fix may be off, by where it comes from and what it says of itself: the numbers, written out."""

from __future__ import annotations

import math

import numpy as np
import pytest

from gateway.fusion.sigma import variance
from protocols.report import Source


def sigma(source: Source, satellites: int = -1, accuracy: float = math.nan) -> float:
    fix = (np.array([source], np.uint8), np.array([accuracy]), np.array([satellites], np.int16))
    return float(np.sqrt(variance(*fix))[0])


@pytest.mark.parametrize(
    ("source", "metres"),
    [(Source.NONE, 100.0), (Source.GNSS, 12.0), (Source.WIFI, 40.0), (Source.CELL, 400.0), (Source.BEACON, 30.0),
     (Source.PHONE, 400.0)],
)  # fmt: skip
def test_a_fix_that_states_no_accuracy_has_that_of_its_source(source, metres):
    assert sigma(source) == metres


@pytest.mark.parametrize(
    ("satellites", "metres"), [(-1, 12.0), (0, 35.0), (3, 35.0), (4, 30.0), (6, 13.5), (8, 9.5), (12, 4.0), (40, 3.0)]
)
def test_the_fewer_satellites_the_more_a_fix_may_be_off_that_states_no_accuracy(satellites, metres):
    assert sigma(Source.GNSS, satellites) == metres
    assert sigma(Source.GNSS, satellites, 20.0) == 56.0
    assert sigma(Source.WIFI, satellites) == 40.0


@pytest.mark.parametrize(
    ("source", "stated", "metres"),
    [(Source.GNSS, 0.2, 1.0), (Source.GNSS, 2.0, 3.8), (Source.GNSS, 10.0, 28.0), (Source.WIFI, 50.0, 50.0),
     (Source.WIFI, 3.0, 10.0), (Source.CELL, 900.0, 900.0), (Source.CELL, 1.0, 50.0), (Source.BEACON, 3.0, 10.0),
     (Source.PHONE, 1.0, 150.0)],
)  # fmt: skip
def test_a_stated_accuracy_is_widened_for_satellites_and_never_believed_below_a_floor(source, stated, metres):
    assert sigma(source, accuracy=stated) == pytest.approx(metres)
