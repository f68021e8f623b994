"""Which offset of a device's clock is believed, and when: whatever was stored or delayed shows none."""

from __future__ import annotations

import math
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from intake_door import Door
from timeline import AWAY, HOME, QUIET, Timeline, at, clock, county, raised, record

from firmware_sim.firmware.messages import Alarm, batch_body
from gateway.engine.step import step
from gateway.intake.device_clock import Clocks, DeviceClock
from gateway.journal import FileJournal
from gateway.journal.facts import joined, parted

if TYPE_CHECKING:
    from gateway.intake.visit import Visit

NOW = 1_795_939_200.0
HOUR, DAY = 3600.0, 86_400.0
ROLLED = -7168 * DAY


def told(clock: DeviceClock, ahead: float, count: int = 1, every: float = 60.0, start: float = NOW) -> float:
    """Live reports of a clock that is ahead; its offset afterwards."""
    for index in range(count):
        now = start + every * index
        clock.heard(now + ahead, now)
    return clock.ahead


@pytest.mark.parametrize("hours", [0.5, 1, 2, 5.5, 8, 13.5, 14])
@pytest.mark.parametrize("jitter", [-85.0, 0.0, 85.0])
def test_ahead_by_half_hours_is_a_zone_at_the_first_live_report(hours, jitter):
    assert told(DeviceClock(), hours * HOUR + jitter) == hours * HOUR


@pytest.mark.parametrize("ahead", [0.0, 40.0, 299.0, -299.0, -60.0])
def test_a_clock_a_little_off_is_right(ahead):
    assert told(DeviceClock(), ahead, 20) == 0.0


@pytest.mark.parametrize("ahead", [HOUR + 120.0, 14.5 * HOUR, 700.0, 20 * DAY, -HOUR, -8 * HOUR, -400.0, ROLLED])
def test_any_other_constant_takes_five_live_reports(ahead):
    clock = DeviceClock()
    assert told(clock, ahead, 4) == 0.0
    assert told(clock, ahead, 1, start=NOW + 240.0) == ahead


@pytest.mark.parametrize("every", [1.0, 10.0, 30.0, 300.0, 3600.0])
def test_at_any_cadence_and_with_delays_on_the_way(every):
    clock = DeviceClock()
    for index, delay in enumerate([30.0, 2.0, 20.0, 5.0, 3.0, 8.0, 2.0, 2.0, 2.0, 2.0] * 6):
        sent = NOW + 60.0 + every * index
        clock.heard(sent - 8 * HOUR, max(sent + min(delay, every / 3.0), 0.0))
    assert clock.ahead == -8 * HOUR


@pytest.mark.parametrize("apart", [1.0, 10.0, 20.0])
def test_what_was_stored_and_comes_at_once_shows_nothing(apart):
    clock = DeviceClock()
    for index in range(20):
        clock.heard(NOW - 3 * HOUR + apart * index, NOW + 0.5 * index)
    assert clock.ahead == 0.0


def test_reports_later_and_later_show_nothing():
    clock = DeviceClock()
    for index in range(50):
        clock.heard(NOW - 2 * HOUR + 20.0 * index, NOW + 60.0 * index)
    assert clock.ahead == 0.0


def test_of_what_comes_within_a_second_the_last_is_one_reading():
    """An outage's reports are no readings each; the live ones behind them count as ever."""
    clock = DeviceClock()
    for index in range(40):
        clock.heard(NOW - 30 * HOUR + 10.0 * index, NOW + 0.02 * index)
    clock.heard(NOW + 0.9 - 8 * HOUR, NOW + 0.9)
    assert told(clock, -8 * HOUR, 3, start=NOW + 60.0) == 0.0
    assert told(clock, -8 * HOUR, 1, start=NOW + 240.0) == -8 * HOUR


def test_of_a_turn_whoever_keeps_nothing_has_heard_nothing():
    """What a clock is told and does not keep leaves it as one that was never told; another one's is kept."""
    clocks = Clocks()
    first, second, third = (DeviceClock(clocks=clocks) for _ in range(3))
    for one in (first, second, third):
        told(one, -8 * HOUR, 3)
    shown = np.array([200.0 - 8 * HOUR, 200.0 + 5 * HOUR, 210.0 - 8 * HOUR]) + NOW
    rows, begin, end = np.array([first.row, third.row]), np.array([0, 2]), np.array([2, 3])
    assert clocks.keep(rows, begin, end, shown, NOW + 200.0).tolist() == [False, True]
    assert first.state() == second.state()
    second.heard(float(shown[2]), NOW + 200.0)
    assert third.state() == second.state()


def test_of_a_turn_nobody_keeps_what_would_be_a_first_reading():
    clocks = Clocks()
    right = DeviceClock(clocks=clocks)
    told(right, 0.0, 2)
    before = right.state()
    at_once = np.array([right.row]), np.array([0]), np.array([1]), np.array([NOW + 200.0 - HOUR]), NOW + 200.0
    assert clocks.keep(*at_once).tolist() == [False]
    assert right.state() == before


def test_only_clocks_that_gather_readings_have_a_place_for_them():
    """Found at the fifth, a clock gives it back; so does one that is right again, and one that is gone."""
    clocks = Clocks()
    many = [DeviceClock(clocks=clocks) for _ in range(60)]
    alone = [DeviceClock() for _ in many]
    for one in (many, alone):
        for number, each in enumerate(one):
            told(each, -HOUR - 7.0 * number, 1 + number % 5)
    assert [each.state() for each in many] == [each.state() for each in alone]
    places = clocks.rows["place"]
    assert np.count_nonzero(places) == len(np.unique(places)) - 1 == 48
    told(many[0], 0.0, start=NOW + 600.0)
    del many[1:]
    assert not clocks.rows["place"].any()
    assert len(clocks.readings) == 65


def test_a_row_goes_to_another_clock_as_new():
    clocks = Clocks()
    gone = DeviceClock(base=HOUR, known=ROLLED, clocks=clocks)
    told(gone, ROLLED, 5)
    row = gone.row
    del gone
    assert (new := DeviceClock(clocks=clocks)).row == row
    assert new.state() == DeviceClock().state()
    several = [DeviceClock(base=float(at), clocks=clocks) for at in range(40)]
    assert [one.base for one in several] == list(range(40))


def test_a_clock_put_right_is_believed_at_once():
    clock = DeviceClock()
    told(clock, ROLLED, 5)
    assert told(clock, 0.0, start=NOW + 600.0) == 0.0


def test_another_offset_begins_anew():
    clock = DeviceClock()
    told(clock, ROLLED, 5)
    assert told(clock, -HOUR, 4, start=NOW + 600.0) == ROLLED
    assert told(clock, -HOUR, 1, start=NOW + 840.0) == -HOUR


def test_what_the_last_session_has_shown_holds_from_the_first_live_report_on():
    clock = DeviceClock(known=ROLLED)
    assert clock.ahead == 0.0
    assert told(clock, ROLLED + 30.0) == ROLLED
    assert told(DeviceClock(known=ROLLED), ROLLED + 300.0) == 0.0


def test_a_configured_zone_holds_at_once_and_a_wrong_one_is_found_out():
    clock = DeviceClock(base=-8 * HOUR)
    assert clock.time(NOW - 8 * HOUR) == NOW
    assert told(clock, -8 * HOUR, 3) == -8 * HOUR
    assert told(clock, 0.0) == 0.0


def test_a_clock_that_stands_says_nothing_until_it_goes():
    clock = DeviceClock()
    for index in range(5):
        clock.heard(NOW, NOW + 60.0 * index)
    assert not clock.is_frozen
    clock.heard(NOW, NOW + 300.0)
    assert clock.is_frozen
    assert math.isnan(clock.time(NOW))
    clock.heard(NOW + 360.0, NOW + 360.0)
    assert clock.time(NOW + 360.0) == NOW + 360.0


def test_an_invalid_time_shows_nothing():
    clock = DeviceClock()
    clock.heard(math.nan, NOW)
    assert clock.ahead == 0.0


@pytest.mark.parametrize("facts", ["", "28800", "2011"])
@pytest.mark.parametrize("ahead", [0.0, -28800.0, ROLLED, math.nan])
def test_facts_keep_the_familys_and_the_clocks(facts, ahead):
    own, clock = parted(joined(facts, ahead))
    assert own == facts
    assert clock == ahead or (math.isnan(clock) and math.isnan(ahead))


def test_facts_of_a_clock_that_is_right_are_the_familys_alone():
    assert joined("28800", 0.0) == "28800"


def live(door: Door, visit: Visit, shown: float, now: float, alarm: Alarm = QUIET) -> None:
    door.clock.time = now
    door.send(visit, 0x0200, record(shown, HOME, alarm=alarm))


def said(door: Door, told: Timeline) -> list[dict]:
    """What the engine says of what waits at intake."""
    waiting = door.intake.next_batch().entries.batch()
    return told._said(step(told.state, waiting, told.policies, first=told.state.offset))


def both(**changes: object) -> tuple[Door, Timeline]:
    told = Timeline.of(at(0, 12), **changes)
    told.run()
    return Door(**changes), told


@pytest.mark.parametrize(
    ("ahead", "needed", "line"),
    [
        (6 * HOUR, 1, "time: fixed, zone_hours: 14"), (8 * HOUR, 1, ""), (HOUR, 1, "time: fixed, zone_hours: 9"),
        (-HOUR, 5, "time: fixed, zone_hours: 7"), (-8 * HOUR, 5, "time: fixed, zone_hours: 0"), (ROLLED, 5, ""),
    ],
)  # fmt: skip
def test_law_and_engine_read_the_same_correction_and_the_operator_is_told_once(ahead, needed, line):
    door, told = both()
    lines: list[tuple[str, float, str]] = []
    door.intake.memory.on_clock = lambda *each: lines.append(each)
    visit, start = door.visit(), at(0, 13)
    for index in range(needed + 3):
        live(door, visit, start + ahead + 60.0 * index, start + 60.0 * index)
    said(door, told)
    assert told.counts["clock_corrected"] == 4
    assert told.state.track["time"][0] == start + 60.0 * (needed + 2)
    assert door.intake.counts["device_clock_corrected"] == 1
    assert lines == [("B0001", ahead, line)]
    assert "report_outside_authority" not in door.intake.counts


def test_what_it_had_stored_in_the_same_session_is_set_right_too():
    door, told = both()
    visit, start = door.visit(), at(0, 13)
    for index in range(6):
        live(door, visit, start + ROLLED + 60.0 * index, start + 60.0 * index)
        said(door, told)
    door.clock.time = start + 900.0
    door.send(visit, 0x0704, batch_body([record(start + ROLLED + 600.0, HOME)]))
    said(door, told)
    assert told.state.track["time"][0] == start + 600.0


def test_a_new_session_begins_with_what_a_live_report_shows_and_not_with_what_was_stored():
    door, told = both()
    visit, start = door.visit(), at(0, 13)
    for index in range(5):
        live(door, visit, start + ROLLED + 60.0 * index, start + 60.0 * index)
    again = door.visit()
    door.clock.time = start + 900.0
    door.send(again, 0x0704, batch_body([record(start + 300.0, HOME)]))
    live(door, again, start + ROLLED + 900.0, start + 900.0)
    said(door, told)
    assert told.counts["clock_corrected"] == 2
    assert told.state.track["time"][0] == start + 900.0


def test_a_clock_in_utc_raises_no_curfew_alarm_and_hides_none():
    """It shows eight hours less: unconfigured it is found out, configured it holds from the first report on."""
    device = replace(county().devices["B0001"], zone_seconds=0.0)
    door, told = both(devices={**county().devices, "B0001": device})
    visit = door.visit()
    for index in range(30):
        now = at(0, 22.5) + 60.0 * index
        door.clock.time = now
        door.send(visit, 0x0200, record(now - 8 * HOUR, AWAY))
    assert [event["data"]["kind"] for event in said(door, told)] == ["curfew_late"]
    assert told.counts["clock_corrected"] == 30


def test_a_clock_that_stands_is_a_fault_and_its_places_are_not_used():
    door, told = both()
    visit, start = door.visit(), at(0, 13)
    for index in range(8):
        live(door, visit, start, start + 60.0 * index, Alarm.SOS if index == 7 else QUIET)
    (alarm,) = raised(said(door, told))
    assert clock(alarm["onset"]) == start + 420.0
    assert told.counts["clock_fault"] == 3
    assert door.intake.counts["device_clock_stands"] == 1


def test_the_journal_tells_a_new_life_what_the_last_has_found(tmp_path):
    door, told = both()
    visit, start = door.visit(), at(0, 13)
    for index in range(5):
        live(door, visit, start + ROLLED + 60.0 * index, start + 60.0 * index)
    with closing(FileJournal(tmp_path)) as journal:
        journal.append(door.intake.next_batch().entries.batch())
        later, _ = both()
        later.intake.memory.remember(journal)
    live(later, later.visit(), start + ROLLED + 900.0, start + 900.0)
    said(later, told)
    assert told.counts["clock_corrected"] == 1
