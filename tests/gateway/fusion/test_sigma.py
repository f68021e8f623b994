"""How far a fix may be off, by where it comes from and what it says of itself: the numbers, written out."""

from __future__ import annotations

import math

import numpy as np
import pytest

from gateway.fusion.sigma import bias, variance
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


@pytest.mark.parametrize(("satellites", "factor"), [(-1, 1.0), (0, 2.0), (3, 2.0), (4, 2.0), (5, 1.0), (12, 1.0)])
def test_few_satellites_double_what_a_fix_may_be_off(satellites, factor):
    assert sigma(Source.GNSS, satellites) == factor * 12.0
    assert sigma(Source.GNSS, satellites, 20.0) == factor * 40.0


@pytest.mark.parametrize(
    ("source", "stated", "metres"),
    [(Source.GNSS, 10.0, 20.0), (Source.GNSS, 1.0, 6.0), (Source.WIFI, 50.0, 50.0), (Source.WIFI, 3.0, 25.0),
     (Source.CELL, 900.0, 900.0), (Source.CELL, 1.0, 150.0), (Source.BEACON, 3.0, 10.0), (Source.PHONE, 1.0, 150.0)],
)  # fmt: skip
def test_a_stated_accuracy_is_doubled_for_satellites_and_never_believed_below_a_floor(source, stated, metres):
    assert sigma(source, accuracy=stated) == metres


@pytest.mark.parametrize(
    ("source", "metres"),
    [(Source.NONE, 50.0), (Source.GNSS, 5.0), (Source.WIFI, 20.0), (Source.CELL, 200.0), (Source.BEACON, 15.0),
     (Source.PHONE, 200.0)],
)  # fmt: skip
def test_part_of_an_error_is_shared_by_all_fixes_of_a_source(source, metres):
    assert bias(np.array([source], np.uint8)).tolist() == [metres]
