"""The sustained rate of a connection, in frames and in bytes."""

from __future__ import annotations

import numpy as np
import pytest

from gateway.listeners.rate import Rate
from gateway.settings.model import Limits


def charged(rate: Rate, *came: tuple[int, int, float]) -> list[float]:
    """What came, frames and bytes and when; the wait after each."""
    paid, waits = 0.0, []
    for frames, size, now in came:
        paid = rate.charge(paid, frames, size, now)
        waits.append(rate.wait(paid, now))
    return waits


def test_a_burst_may_come_at_once_and_what_is_above_it_waits():
    rate = Rate.of(Limits(frames_per_second=10.0, burst_seconds=2.0))
    waits = charged(rate, (20, 100, 1000.0), (5, 100, 1000.0), (1, 100, 1000.6))
    assert waits == pytest.approx([0.0, 0.5, 0.0])


def test_bytes_count_where_they_cost_more():
    rate = Rate.of(Limits(frames_per_second=10.0, bytes_per_second=100.0, burst_seconds=1.0))
    assert charged(rate, (1, 300, 0.0)) == pytest.approx([2.0])


def test_a_long_silence_saves_no_more_than_a_burst():
    rate = Rate.of(Limits(frames_per_second=10.0, burst_seconds=1.0))
    assert charged(rate, (1, 1, 0.0), (15, 1, 1e6)) == pytest.approx([0.0, 0.5])


def test_many_connections_are_charged_as_one_is():
    rate = Rate.of(Limits(frames_per_second=10.0, bytes_per_second=100.0, burst_seconds=1.0))
    frames, size, paid = np.array([20, 1, 3]), np.array([10, 300, 50]), np.array([0.0, 5.0, 12.0])
    many = rate.charge(paid, frames, size, 10.0)
    each = [rate.charge(*one, 10.0) for one in zip(paid.tolist(), frames.tolist(), size.tolist(), strict=True)]
    assert many.tolist() == each
    assert rate.wait(many, 10.0).tolist() == [rate.wait(one, 10.0) for one in each]
