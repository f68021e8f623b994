"""Shares as they are printed, and quantiles."""

from __future__ import annotations

import pytest

from gateway.reports.shares import Share, quantile


@pytest.mark.parametrize(
    ("true", "count", "said"),
    [
        (4, 45, "4/45 8.9% [3.5, 20.7]"), (3, 40, "3/40 7.5% [2.6, 19.9]"), (1, 5, "1/5 20.0% [3.6, 62.4]"),
        (42, 45, "42/45 93.3% [82.1, 97.7]"), (37, 40, "37/40 92.5% [80.1, 97.4]"), (5, 5, "5/5 100% [56.6, 100]"),
        (0, 0, "—"), (0, 4, "0/4 0.0% [0.0, 49.0]"),
    ],
)  # fmt: skip
def test_a_share_is_printed_with_its_interval(true, count, said):
    assert str(Share(true, count)) == said


def test_of_nothing_all_is_possible_and_below_ten_it_is_small():
    assert Share(0, 0).interval == (0.0, 100.0)
    assert [Share(0, count).is_small for count in (9, 10)] == [True, False]


def test_quantiles_lie_between_the_nearest_in_proportion():
    assert quantile([], 0.5) is None
    assert quantile([60.0], 0.9) == 60.0
    assert quantile([0.0, 100.0], 0.5) == 50.0
    assert quantile([float(each) for each in range(11)], 0.9) == 9.0
