"""A drill has no minor in it, and its seconds are real ones, whatever its clock waited for."""

from __future__ import annotations

from dataclasses import replace

import pytest
from rich.console import Console
from timeline import county

from firmware_sim.story import build
from gateway.clock import FollowedClock
from gateway.demo import drill as module
from gateway.demo.drill import Drill, check_minors
from gateway.errors import OurFault


def test_no_minor_takes_part():
    known = county()
    check_minors(known)
    with pytest.raises(OurFault):
        check_minors(replace(known, people=known.people | {"P0002": replace(known.people["P0002"], minor=True)}))


def test_its_time_counts_from_when_the_bracelets_set_the_clock_going(tmp_path, monkeypatch):
    clock = FollowedClock.begin(tmp_path / "clock", 1_793_584_800.0, 4.0)
    drill = Drill(tmp_path, 1.0, 4.0, "en", Console())
    real = iter((100.0, 110.0, 130.0))
    monkeypatch.setattr(module.time, "monotonic", lambda: next(real))
    shown = iter((1_793_584_800.0, 1_793_584_804.0, 1_793_584_844.0, 1_793_584_844.0))
    monkeypatch.setattr(FollowedClock, "now", lambda _: next(shown))
    assert [drill.lasted(clock) for _ in range(4)] == [0.0, 0.0, 10.0, 30.0]
    assert drill.elapsed(1_793_584_804.0, 1_793_584_824.0) == 5.0


def test_its_story_asks_the_desk_something_within_the_first_hour():
    story = build("drill", seed=1, days=1, devices=20, epoch=1_793_584_800.0)
    told = sorted((alarm.onset - story.epoch, alarm.kind) for alarm in story.expected)
    assert [kind for _, kind in told if kind != "exclusion_enter"] == ["sos", "strap_cut", "sos", "strap_cut"]
    assert {kind for _, kind in told} == {"sos", "strap_cut", "exclusion_enter"}
    assert told[0][0] == 240.0
    assert told[-1][0] <= 3600.0
    with pytest.raises(ValueError, match="5 parts"):
        build("drill", seed=1, days=1, devices=4)
