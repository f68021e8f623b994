"""Approaches to somebody protected: warned of before the buffer, or not; what could be known; what is false."""

import pytest
from scored_files import EPOCH, HOUR, MINUTE, alarm, event, gateway

from firmware_sim.score.tally import share

KIND = "protected_near"
ONSET, BARRED, UNTIL = HOUR, HOUR + 4 * MINUTE, 2 * HOUR


def pair(device="B0001"):
    return {"record": "pair", "person": "P0001", "device": device}


def approach(onset=ONSET, barred=BARRED, until=UNTIL, shown=ONSET - MINUTE):
    """An event and what is more to say of it; times in seconds of the scenario."""
    more = {"record": "approach", "onset": EPOCH + onset, "until": EPOCH + until}
    more |= {name: None if at is None else EPOCH + at for name, at in (("barred", barred), ("shown", shown))}
    happened = event(KIND, onset, until)
    return [happened, {name: value for name, value in happened.items() if name != "kind"} | more]


def counts(column):
    figures = column.approaches
    return (figures.before_buffer.count, figures.before_barred.count, figures.before_buffer.of, figures.false.count)


@pytest.mark.parametrize(
    ("decided", "ended", "expected"),
    [
        (ONSET - 20, UNTIL, (1, 1, 1, 0)),
        (ONSET, UNTIL, (0, 1, 1, 0)),
        (BARRED, UNTIL, (0, 0, 1, 0)),
        (ONSET - 9 * MINUTE, ONSET - 5 * MINUTE, (0, 0, 1, 0)),
        (ONSET - 20 * MINUTE, ONSET - 15 * MINUTE, (0, 0, 1, 1)),
    ],
)
def test_an_alarm_warns_if_it_stands_before_the_moment(tmp_path, decided, ended, expected):
    column = gateway(tmp_path, [pair(), *approach()], alarm("a", decided, ended, kind=KIND))
    assert counts(column) == expected


def test_an_alarm_of_somebody_else_warns_of_nothing(tmp_path):
    column = gateway(tmp_path, [pair(), *approach()], alarm("a", ONSET - 20, UNTIL, kind=KIND, device="B0002"))
    assert counts(column) == (0, 0, 1, 1)


def test_who_comes_into_the_buffer_alone_is_no_approach_and_no_false_alarm(tmp_path):
    column = gateway(tmp_path, [pair(), *approach(barred=None)], alarm("a", ONSET + 60, UNTIL, kind=KIND))
    assert counts(column) == (0, 0, 0, 0)
    assert column.approaches.before_buffer.share is None


@pytest.mark.parametrize(("shown", "could"), [(ONSET - 1, 1), (ONSET, 0), (None, 0)])
def test_what_came_in_too_late_nobody_could_know(tmp_path, shown, could):
    assert gateway(tmp_path, [pair(), *approach(shown=shown)]).approaches.could.count == could


def test_false_ones_are_counted_by_pairs_and_months(tmp_path):
    column = gateway(tmp_path, [pair(), pair("B0002")], alarm("a", ONSET, UNTIL, kind=KIND), days=15)
    assert column.approaches.pair_months == 1.0
    assert column.approaches.false.per_device_month == 1.0
    assert gateway(tmp_path, []).approaches.false is None


def test_the_interval_is_wilsons():
    """90 of 100: 82.56 to 94.48 %, as tables of it have it."""
    known = share(90, 100)
    assert (round(known.lower95, 4), round(known.upper95, 4)) == (0.8256, 0.9448)
    assert share(100, 100).upper95 == 1.0
    assert share(0, 0).share is None
