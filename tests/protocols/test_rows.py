"""What several families take for a place on the globe and for a cell."""

from __future__ import annotations

import math

import pytest

from protocols.rows import is_cell, is_place

REAL = (460, 0, 9712, 4251234)


@pytest.mark.parametrize(
    ("latitude", "longitude", "is_one"),
    [
        (24.33, 109.41, True),
        (0.0, 109.41, True),
        (24.33, 0.0, True),
        (0.0, 0.0, False),
        (90.0, 180.0, True),
        (-90.0, -180.0, True),
        (90.000001, 0.0, False),
        (0.0, 180.000001, False),
        (-90.000001, 0.0, False),
        (0.0, -180.000001, False),
        (math.nan, 109.41, False),
        (24.33, math.nan, False),
        (math.nan, math.nan, False),
    ],
)
def test_only_both_zeros_and_what_is_off_the_globe_are_no_place(latitude, longitude, is_one):
    assert is_place(latitude, longitude) is is_one


@pytest.mark.parametrize(
    ("number", "value"),
    [(0, None), (0, 0), (1, None), (1, -1), (1, 1000), (2, None), (2, 0), (2, 0xFFFE), (2, 0xFFFF), (2, 0xFFFFFF),
     (3, None), (3, 0), (3, 0xFFFF), (3, 0xFFFFFFF), (3, 0xFFFFFFFF)],
)  # fmt: skip
def test_each_of_the_four_numbers_may_say_that_there_is_no_cell(number, value):
    assert is_cell(*REAL)
    assert not is_cell(*REAL[:number], value, *REAL[number + 1 :])
