"""Receive time over steps, suspended machines and slewing: what the log is told, and that it never decreases else."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from met import must_meet

from gateway.clock import ScaledClock, SystemClock
from gateway.intake.receive_time import STEP, Look, ReceiveTime, look_at
from gateway.journal.controls import ClockStep

BEGUN = 1_793_595_600.0
HOUR = 3600.0


class Machine:
    """A wall clock that can be set and slewed, beside a monotonic one."""

    def __init__(self, wall: float = BEGUN, last: float | None = None) -> None:
        self.wall, self.monotonic = wall, 77.0
        self.time = ReceiveTime()
        if last is not None:
            self.time.resume(last)

    def wait(self, seconds: float, *, counted: bool = True) -> None:
        self.wall += seconds
        self.monotonic += seconds * counted

    def now(self) -> float:
        return self.time.now(Look(self.wall, self.monotonic))

    def stamp(self) -> tuple[float, ClockStep | None]:
        return self.time.stamp(Look(self.wall, self.monotonic))

    def steady(self) -> float:
        return self.time.steady(Look(self.wall, self.monotonic))


@pytest.mark.parametrize("seconds", [HOUR, -HOUR, 2.01, -2.01, 30 * 86400.0])
def test_a_step_is_told_once_and_time_goes_on_at_once(seconds):
    machine = Machine()
    machine.stamp()
    machine.wait(10.0)
    machine.wall += seconds
    now, step = machine.stamp()
    assert now == machine.wall
    assert step == ClockStep(pytest.approx(BEGUN + 10.0), BEGUN + 10.0 + seconds, 10.0)
    machine.wait(1.0)
    assert machine.stamp() == (machine.wall, None)
    assert (machine.time.steps, machine.time.last_step) == (1, step)


def test_a_machine_that_slept_is_a_step():
    machine = Machine()
    machine.stamp()
    machine.wait(HOUR, counted=False)
    now, step = machine.stamp()
    assert now == BEGUN + HOUR
    assert step == ClockStep(BEGUN, BEGUN + HOUR, 0.0)


def test_a_step_is_seen_at_any_look_and_told_with_the_next_batch():
    machine = Machine()
    machine.stamp()
    machine.wait(10.0)
    machine.wall -= HOUR
    assert machine.now() == machine.wall
    machine.wait(20.0)
    assert machine.now() == machine.wall
    now, step = machine.stamp()
    assert (now, step) == (machine.wall, ClockStep(machine.wall + HOUR, machine.wall, 30.0))


def test_steps_before_a_batch_are_told_as_one_and_not_at_all_where_they_took_each_other_back():
    machine = Machine()
    machine.stamp()
    for seconds in (HOUR, 2 * HOUR):
        machine.wall += seconds
        machine.now()
    assert machine.stamp()[1] == ClockStep(BEGUN, BEGUN + 3 * HOUR, 0.0)
    for seconds in (HOUR, -HOUR - 1.5):
        machine.wall += seconds
        machine.now()
    assert machine.stamp() == (BEGUN + 3 * HOUR, None)


def test_slewing_is_no_step_and_time_holds_still_until_it_is_passed():
    machine = Machine()
    machine.stamp()
    machine.wall -= 1.9
    assert machine.stamp() == (BEGUN, None)
    machine.wait(1.0)
    assert machine.stamp() == (BEGUN, None)
    machine.wait(2.0)
    assert machine.stamp() == (machine.wall, None)


def test_time_does_not_hold_still_for_ever_while_the_clock_is_put_back_little_by_little():
    machine, told = Machine(), []
    machine.stamp()
    for _ in range(20):
        machine.wait(0.5)
        machine.wall -= 0.9
        now, step = machine.stamp()
        assert abs(now - machine.wall) <= STEP
        told += [step] if step else []
    assert told
    assert all(step.new < step.old for step in told)


def test_a_start_before_the_end_of_the_log_is_a_step_and_a_little_before_is_not():
    machine = Machine(last=BEGUN + HOUR)
    assert machine.stamp() == (BEGUN, ClockStep(BEGUN + HOUR, BEGUN, None))
    machine = Machine(last=BEGUN + 1.5)
    assert machine.stamp() == (BEGUN + 1.5, None)
    machine = Machine(last=BEGUN - 30 * 86400.0)
    assert machine.stamp() == (BEGUN, None)


def test_steady_time_knows_of_no_steps():
    machine = Machine(last=BEGUN + HOUR)
    began = machine.steady()
    for seconds in (HOUR, -5 * HOUR, 86400.0):
        machine.wait(10.0)
        machine.wall += seconds
    assert machine.steady() == pytest.approx(began + 30.0)


def test_a_machine_that_takes_long_between_two_readings_has_not_stepped():
    class Slow:
        def __init__(self):
            self.time, self.pause = BEGUN, 0.0

        def now(self):
            self.time += self.pause
            return self.time

        def monotonic(self):
            self.time += self.pause
            return self.time

    clock, time = Slow(), ReceiveTime()
    time.stamp(look_at(clock))
    for pause in (30.0, 0.0, 3.0, 90.0, 0.0):
        clock.pause = pause
        assert time.stamp(look_at(clock))[1] is None


@pytest.mark.parametrize(
    "clock", [SystemClock(), ScaledClock(BEGUN, 0.0, 3600.0), ScaledClock(BEGUN, 4e9, 3600.0)],
    ids=["machine", "scaled", "scaled, before its anchor"],
)  # fmt: skip
def test_the_clocks_there_are_make_no_steps_of_their_own(clock):
    time = ReceiveTime()
    assert [time.stamp(look_at(clock))[1] for _ in range(1000)] == [None] * 1000


SECONDS = st.floats(-3 * HOUR, 3 * HOUR) | st.floats(-3.0, 3.0)


@must_meet("a step ahead", "a step back", "moved by less than a step", "a log that ends ahead", "no log")
@given(st.lists(st.tuples(st.floats(0.0, 100.0), SECONDS, st.booleans()), max_size=40), st.none() | SECONDS)
@example([(1.0, HOUR, True), (1.0, -HOUR, True), (1.0, 1.0, True)], None)
@example([(1.0, 0.0, True)], HOUR)
def test_the_log_never_goes_back_but_at_a_step_it_tells_of(met, turns, before):
    """Elapsed time is kept over every step: what the log says has passed is what has, but for the slewing."""
    machine = Machine(last=None if before is None else BEGUN + before)
    log = [machine.stamp()]
    for wait, seconds, is_batch in turns:
        machine.wait(wait)
        machine.wall += seconds
        machine.now()
        log += [machine.stamp()] if is_batch else []
    for (last, _), (now, step) in pairwise(log):
        assert now >= last or step is not None
        assert step is None or (step.new == now and abs(step.new - step.old) > STEP - 1e-6 and step.old >= last - 1e-6)
        assert not math.isnan(now)
        met["a step ahead"] += step is not None and step.new > step.old
        met["a step back"] += step is not None and step.new < step.old
    met["moved by less than a step"] += any(0.0 < abs(seconds) < STEP for _, seconds, _ in turns)
    met["a log that ends ahead"] += before is not None and before > STEP
    met["no log"] += before is None
    assert abs(machine.now() - machine.wall) <= STEP + 1e-6
