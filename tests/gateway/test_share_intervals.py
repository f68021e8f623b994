"""The interval of a share."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.intervals import NORMAL95, wilson

SCIPY = [
    (0, 1, 0.000000000000, 0.793450685623), (1, 1, 0.206549314377, 1.000000000000),
    (0, 10, 0.000000000000, 0.277532799863), (1, 10, 0.017876213095, 0.404150026795),
    (5, 10, 0.236593090513, 0.763406909487), (10, 10, 0.722467200137, 1.000000000000),
    (4, 45, 0.035111116726, 0.207335753343), (3, 40, 0.025836025775, 0.198642335243),
    (1, 5, 0.036224108632, 0.624465370237), (42, 45, 0.821433980364, 0.977067967401),
    (37, 40, 0.801357664757, 0.974163974225), (5, 5, 0.565517535217, 1.000000000000),
    (1, 3, 0.061491944720, 0.792340399198), (50, 100, 0.403831530366, 0.596168469634),
    (1, 1000, 0.000176546371, 0.005642558598), (999, 1000, 0.994357441402, 0.999823453629),
    (263, 2000, 0.117392900855, 0.147019962991),
]  # fmt: skip
"""Of scipy 1.17.1: ``binomtest(true, count).proportion_ci(method="wilson")``."""


@pytest.mark.parametrize(("true", "count", "low", "high"), SCIPY)
def test_the_interval_is_the_one_that_scipy_has(true, count, low, high):
    assert wilson(true, count) == (pytest.approx(low, abs=1e-11), pytest.approx(high, abs=1e-11))


@given(st.integers(1, 5000).flatmap(lambda count: st.tuples(st.integers(0, count), st.just(count))))
def test_both_ends_are_where_the_score_test_turns(share):
    """Wilson's ends are the p at which |k/n - p| is as many standard errors of p as the quantile says."""
    true, count = share
    low, high = wilson(true, count)
    assert 0.0 <= low <= true / count + 1e-15
    assert true / count - 1e-15 <= high <= 1.0
    for end in (low, high):
        turns = (true / count - end) ** 2 - NORMAL95**2 * end * (1 - end) / count
        assert turns == pytest.approx(0.0, abs=1e-9)
    other = wilson(count - true, count)
    assert other == (pytest.approx(1 - high, abs=1e-12), pytest.approx(1 - low, abs=1e-12))
