from __future__ import annotations

import time

import pytest

from gateway.clock import ScaledClock, SystemClock, parse_clock
from gateway.errors import UserFault


def test_no_clock_is_the_machines():
    clock = parse_clock("")
    assert isinstance(clock, SystemClock)
    before = time.time()
    assert before <= clock.now() <= time.time()
    assert clock.real_seconds(7.0) == 7.0


def test_a_scaled_clock_runs_from_its_anchor(monkeypatch):
    clock = parse_clock("2026-11-02T00:00+08:00,1000,60")
    assert clock == ScaledClock(1793548800.0, 1000.0, 60.0)
    for machine, scaled in ((900.0, 0.0), (1000.0, 0.0), (1001.0, 60.0), (1060.0, 3600.0)):
        monkeypatch.setattr(time, "time", lambda machine=machine: machine)
        assert clock.now() == 1793548800.0 + scaled
    assert clock.real_seconds(60.0) == 1.0


def test_the_epoch_may_be_seconds():
    assert parse_clock("1793548800.5,0,2") == ScaledClock(1793548800.5, 0.0, 2.0)


@pytest.mark.parametrize("text", ["now", "1,2", "1,2,3,4", "yesterday,0,1", "1,2,fast"])
def test_anything_else_is_refused_with_an_example(text):
    with pytest.raises(UserFault, match="write EPOCH,ANCHOR,SPEED, for example 2026"):
        parse_clock(text)
