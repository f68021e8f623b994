"""The sustained rate of a connection, in frames and in bytes."""

from __future__ import annotations

import pytest

from gateway.listeners.rate import Rate
from gateway.settings.model import Limits


def test_a_burst_may_come_at_once_and_what_is_above_it_waits():
    rate = Rate.of(Limits(frames_per_second=10.0, burst_seconds=2.0))
    assert rate.charge(20, 100, 1000.0) == 0.0
    assert rate.charge(5, 100, 1000.0) == pytest.approx(0.5)
    assert rate.charge(1, 100, 1000.6) == 0.0


def test_bytes_count_where_they_cost_more():
    rate = Rate.of(Limits(frames_per_second=10.0, bytes_per_second=100.0, burst_seconds=1.0))
    assert rate.charge(1, 300, 0.0) == pytest.approx(2.0)


def test_a_long_silence_saves_no_more_than_a_burst():
    rate = Rate.of(Limits(frames_per_second=10.0, burst_seconds=1.0))
    rate.charge(1, 1, 0.0)
    assert rate.charge(15, 1, 1e6) == pytest.approx(0.5)
