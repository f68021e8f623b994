"""The clock that waits for the work, with wall time as an argument; and its file, as the gateway follows it."""

from __future__ import annotations

import math

import pytest

from firmware_sim.clock import LAG, LONGEST_STEP, PATIENCE, Attention, ScaledClock, WaitingClock
from firmware_sim.clock_file import ClockFile
from gateway.clock import FollowedClock, parse_clock
from gateway.errors import UserFault

SPEED, EPOCH = 4000.0, 1_793_548_800.0
LOOK = 0.02
FAR = EPOCH + 1e9


class Walk:
    """A clock, looked at every ``LOOK`` wall seconds."""

    def __init__(self, **more):
        self.clock, self.wall = WaitingClock(EPOCH, SPEED, **more), 1000.0
        self.clock.move(self.wall, FAR, math.inf)

    def look(self, due=FAR, limit=math.inf, after=LOOK):
        """How far the clock has come, and whether it waits."""
        self.wall += after
        waits = self.clock.move(self.wall, due, limit)
        return self.clock.now() - EPOCH, waits


def test_it_goes_at_its_pace():
    walk = Walk()
    assert walk.look() == (pytest.approx(80.0), False)
    assert walk.look() == (pytest.approx(160.0), False)


def test_it_stops_at_what_happens_next_and_makes_up_for_it():
    walk = Walk()
    assert walk.look(due=EPOCH + 50.0) == (50.0, False)
    assert walk.clock.pause(EPOCH + 50.0 + 30.0, math.inf) == pytest.approx(0.0, abs=1e-9)
    assert walk.clock.pause(EPOCH + 50.0 + 34.0, math.inf) == pytest.approx(0.001)
    assert walk.look() == (pytest.approx(160.0), False)


def test_it_goes_no_further_than_the_work_allows_however_long_that_takes():
    walk = Walk()
    for _ in range(round(PATIENCE / LOOK) - 2):
        assert walk.look(limit=EPOCH + 60.0)[0] <= 60.0
    assert walk.look(limit=EPOCH + 60.0) == (60.0, True)
    assert walk.clock.pause(FAR, EPOCH + 60.0) == LONGEST_STEP


def test_the_time_it_stood_is_not_made_up_for():
    walk = Walk()
    for _ in range(100):
        walk.look(limit=EPOCH)
    assert walk.look()[0] <= LONGEST_STEP * SPEED


def test_a_process_that_was_kept_from_running_neither_jumps_nor_loses_its_patience():
    walk = Walk()
    assert walk.look(after=3600.0)[0] == LONGEST_STEP * SPEED
    for _ in range(10):
        assert walk.look(limit=EPOCH, after=3600.0)[0] == LONGEST_STEP * SPEED


def test_what_never_comes_stops_it_for_a_while_at_a_time():
    walk = Walk()
    looks = 0
    while walk.look(limit=EPOCH)[0] < LAG:
        looks += 1
    assert looks == pytest.approx(PATIENCE / LOOK, abs=2)
    for _ in range(round(PATIENCE / LOOK) - 2):
        assert walk.look(limit=EPOCH) == (LAG, True)


def test_it_waits_without_end_for_whoever_holds_it():
    held = [EPOCH + 100.0]
    walk = Walk(hold=lambda: held[0])
    for _ in range(round(3 * PATIENCE / LOOK)):
        assert walk.look()[0] <= 100.0
    assert walk.look() == (100.0, False)
    assert walk.clock.pause(FAR, math.inf) == LONGEST_STEP
    held[0] = math.inf
    assert walk.look()[0] > 100.0


def test_it_shows_every_step_and_the_end():
    shown = []
    walk = Walk(show=lambda *what: shown.append(what))
    walk.look(due=EPOCH + 7.0)
    walk.look(due=EPOCH + 7.0)
    walk.clock.tell_over()
    assert shown == [(EPOCH, False), (EPOCH + 7.0, False), (EPOCH + 7.0, True)]


def test_a_clock_that_runs_by_itself_waits_for_nobody():
    clock = ScaledClock(EPOCH, 0.0, SPEED)
    assert not clock.move(0.0, EPOCH, EPOCH)
    assert clock.now() > EPOCH


def test_attention_counts_what_could_be_looked_at():
    attention = Attention()
    assert [attention.since_last(wall) for wall in (5.0, 5.01, 9.0, 9.0, 8.0)] == [
        0.0, pytest.approx(0.01), LONGEST_STEP, 0.0, 0.0,
    ]  # fmt: skip


def test_the_gateway_follows_the_file_that_the_simulator_writes(tmp_path):
    followed = FollowedClock.begin(tmp_path / "clock", EPOCH, SPEED)
    assert (followed.now(), followed.is_over, followed.real_seconds(SPEED)) == (EPOCH, False, 1.0)
    file = ClockFile(tmp_path / "clock", 2.0 * SPEED)
    walk = Walk(show=file.show, hold=file.hold)
    walk.look(due=EPOCH + 7.5)
    assert (followed.now(), followed.monotonic()) == (EPOCH + 7.5, EPOCH + 7.5)
    assert followed.real_seconds(SPEED) == 0.5
    followed.hold(EPOCH + 20.0)
    assert walk.look() == (20.0, False)
    walk.clock.tell_over()
    assert followed.is_over
    assert parse_clock(followed.name).now() == EPOCH + 20.0


def test_a_file_that_the_simulator_makes_holds_nothing(tmp_path):
    assert ClockFile(tmp_path / "clock", SPEED).hold() == math.inf


@pytest.mark.parametrize("content", [None, b"", b"short"])
def test_a_file_that_is_none_is_said(tmp_path, content):
    if content is not None:
        (tmp_path / "clock").write_bytes(content)
    with pytest.raises(UserFault, match="no clock that could be followed"):
        parse_clock(f"file:{tmp_path / 'clock'}")
