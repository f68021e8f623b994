"""Calendar fields as seconds, held against the standard library on every day there is, and on some that are none."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from itertools import product

import numpy as np

from protocols.civil import moment, moments


def by_the_library(year: int, *others: int) -> float:
    try:
        return datetime(2000 + year, *others, tzinfo=UTC).timestamp()
    except ValueError:
        return math.nan


def test_every_day_of_the_century_and_days_that_are_none():
    fields = np.array([*product(range(100), range(14), range(33), [23], [59], [59])], np.int64)
    expected = [by_the_library(*row) for row in fields.tolist()]
    np.testing.assert_array_equal(moments(fields), expected)
    assert np.isfinite(expected).sum() == 36_525
    np.testing.assert_array_equal([moment(bytes(row)) for row in fields[::7].tolist()], expected[::7])


def test_hours_minutes_and_seconds_and_what_is_beyond_them():
    fields = [(26, 2, 3, *time) for time in product((0, 9, 23, 24, 255), (0, 59, 60, 255), (0, 1, 59, 60, 255))]
    fields += [(year, 1, 1, 0, 0, 0) for year in (0, 99, 100, 255)]
    expected = [by_the_library(*row) if row[0] < 100 else math.nan for row in fields]
    np.testing.assert_array_equal(moments(np.array(fields, np.int64)), expected)
    np.testing.assert_array_equal([moment(bytes(row)) for row in fields], expected)
