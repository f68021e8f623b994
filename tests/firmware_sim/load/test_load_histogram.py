"""The histogram against numpy's quantiles of the same values."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_sim.load.histogram import GREATEST, LEAST, Histogram

SPANS = st.lists(st.floats(LEAST, GREATEST), min_size=1, max_size=300)


def recorded(spans):
    histogram = Histogram()
    for span in spans:
        histogram.record(span)
    return histogram


@given(SPANS, st.sampled_from([0.5, 0.9, 0.99, 0.999]) | st.floats(0.001, 1.0))
def test_a_quantile_is_within_one_percent(spans, share):
    expected = np.quantile(spans, share, method="inverted_cdf")
    assert recorded(spans).quantile(share) == pytest.approx(expected, rel=0.01)


@given(SPANS)
def test_the_longest_is_exact(spans):
    histogram = recorded(spans)
    assert histogram.greatest == histogram.quantile(1.0) == max(spans)
    assert histogram.count == len(spans)


def test_what_is_out_of_range_counts_in_the_outermost_buckets():
    histogram = recorded([-1.0, 0.0, 1e-9, 2 * GREATEST, 1e9])
    assert histogram.quantile(0.5) <= LEAST * 1.02
    assert histogram.quantile(0.8) >= GREATEST * 0.98
    assert histogram.quantile(1.0) <= 1e9


def test_nothing_recorded_has_no_quantile():
    assert Histogram().quantile(0.5) is None


def test_memory_does_not_grow():
    assert len(recorded([1e-3] * 10_000)._buckets) == len(recorded([1e9])._buckets) < 2000
