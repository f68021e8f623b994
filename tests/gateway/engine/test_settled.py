"""What is settled is remembered as long as it matters, and what was closed long ago hides nothing new."""

from __future__ import annotations

import pytest
from timeline import ABROAD, CAFE, HOME, MINUTE, Timeline, at, brief

from firmware_sim.firmware.messages import Alarm


def close_all(told: Timeline, time: float) -> None:
    for alarm in {event["data"]["alarm"] for event in told.run()}:
        told.close(alarm, time)
    told.run()


@pytest.mark.parametrize("days", [1, 5, 8, 10, 30])
@pytest.mark.parametrize(("alarm", "kind"), [(Alarm.SOS, "sos"), (Alarm.REMOVAL, "strap_cut")])
def test_the_same_word_again_long_after_a_close_is_another_alarm(days, alarm, kind):
    told = Timeline.of(at(0, 12))
    told.report(at(0, 12.5))
    told.report(at(0, 13), alarm=alarm)
    told.report(at(0, 13.1))
    close_all(told, at(0, 14))
    for day in range(1, days):
        told.report(at(day, 14))
        told.run()
    told.report(at(days, 15), alarm=alarm)
    assert brief(told.run()) == [("raised", kind)]


def test_what_began_before_a_long_silence_and_was_closed_is_not_raised_by_what_comes_late_after_it():
    told = Timeline.of(at(0, 12))
    told.stay(HOME, at(0, 12), at(0, 13), 5 * MINUTE)
    told.stay(ABROAD, at(0, 13), at(0, 13.8), 5 * MINUTE)
    close_all(told, at(0, 15))
    assert back_after(told, 20) == []


@pytest.mark.parametrize("days", [2, 8, 20])
def test_what_began_before_a_long_silence_is_not_taken_back_by_what_comes_late_after_it(days):
    told = Timeline.of(at(0, 12))
    told.stay(HOME, at(0, 12), at(0, 13), 5 * MINUTE)
    told.stay(ABROAD, at(0, 13), at(0, 13.8), 5 * MINUTE)
    told.run()
    assert back_after(told, days) == [("cleared", "inclusion_exit")]


def back_after(told: Timeline, days: int) -> list[tuple[str, str]]:
    """Home again, which comes in the wrong order."""
    for day in range(1, days):
        told.tick(at(day, 12))
        told.run()
    told.stay(HOME, at(days, 12), at(days, 13), 5 * MINUTE)
    for step in range(5):
        told.report(at(days - 1, 12) + 5 * MINUTE * step, HOME, received=at(days, 13))
    told.tick(at(days, 14))
    said = brief(told.run())
    assert told.counts["report_decided_again"] > 0
    return [said[0]] if said and {change for change, _ in said[1:]} <= {"updated"} else said


def test_what_nobody_has_to_look_at_is_forgotten_after_a_week():
    told = Timeline.of(at(0, 12))
    told.stay(HOME, at(0, 12), at(0, 13), 5 * MINUTE)
    told.stay(CAFE, at(0, 13), at(0, 14), 5 * MINUTE)
    told.stay(HOME, at(0, 14), at(0, 15), 5 * MINUTE)
    close_all(told, at(0, 16))
    assert len(told.state.settled) == 1
    for day, kept in ((7, 1), (9, 0)):
        told.tick(at(day, 12))
        told.run()
        assert len(told.state.settled) == kept
