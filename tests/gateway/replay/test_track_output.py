"""The track of a replay: each report that was used stands in it once, in its order, however late it came."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime

import numpy as np
import pytest
from timeline import AWAY, CAFE, FOREVER, HOME, HOUR, MINUTE, RULES, Timeline, at, record

from gateway.engine import EngineState
from gateway.engine.step import step
from gateway.journal.entries import merge
from gateway.replay.track_output import TrackOutput
from gateway.settings.model import Assignment

WALK = [(at(0, 13) + 2 * MINUTE * number, (20.0 * number, 0.0)) for number in range(90)]
"""Of three hours."""


def track_of(told: Timeline) -> list[dict[str, str]]:
    told.run()
    out, state, entries = io.StringIO(), EngineState(), merge(told.stepped)
    with TrackOutput(out) as track:
        step(state, entries, told.policies, track, first=0)
    assert state.waiting == {}
    return list(csv.DictReader(io.StringIO(out.getvalue())))


def sent(delivered: list[tuple[float, int]], **changes: object) -> Timeline:
    """The walk, report by report: received when, which."""
    told = Timeline.of(at(0, 12), **changes)
    for received, number in delivered:
        told.report(*WALK[number], received=received)
    told.tick(at(0, 23))
    return told


END = WALK[-1][0] + MINUTE
ORDERS = {
    "in order": [(time, number) for number, (time, _) in enumerate(WALK)],
    "newest first": [(END + number, 89 - number) for number in range(90)],
    "twice": [(END + number, 89 - number) for number in [*range(90), *range(50)]],
    "a late middle": [
        *((WALK[number][0], number) for number in [*range(30), *range(60, 90)]),
        *((END + number, number) for number in range(30, 60)),
    ],
    "in two uploads": [
        *((WALK[number][0], number) for number in [*range(30), *range(60, 90)]),
        *((END + number, number) for number in range(45, 60)),
        *((END + HOUR + number, number) for number in range(30, 45)),
    ],
}


@pytest.mark.parametrize("order", ORDERS.values(), ids=ORDERS)
def test_each_stands_in_it_once_and_in_its_order(order):
    rows = track_of(sent(order))
    assert [row["time"] for row in rows] == [
        datetime.fromtimestamp(time, UTC).isoformat().replace("+00:00", "Z") for time, _ in WALK
    ]
    # A place is what all reports up to it make, those that came late with them.
    assert rows == track_of(sent(ORDERS["in order"]))


def test_what_precedes_a_configuration_and_comes_first_after_it_is_in_it():
    told = Timeline.of(at(0, 12))
    told.report(*WALK[0])
    told.reconfigure(at(0, 14), rules=(RULES["stay"],), digest="d2")
    for number in range(1, 20):
        told.report(*WALK[number], received=at(0, 14) + number)
    told.tick(at(0, 16))
    assert len(track_of(told)) == 20


def test_a_clock_that_is_set_back_between_two_uploads_makes_nothing_twice():
    told = Timeline.of(at(0, 12))
    for number in [*range(30), *range(60, 90)]:
        told.report(*WALK[number])
    for number in range(45, 60):
        told.report(*WALK[number], received=END + number)
    told.tick(END + HOUR)
    told.set_clock(END + HOUR + 1.0, END - 60.0)
    for number in range(30, 45):
        told.report(*WALK[number], received=END - 50.0 + number)
    told.tick(END + 2 * HOUR)
    assert len(track_of(told)) == 90


def test_devices_stand_in_it_by_time():
    told = Timeline.of(at(0, 12))
    for time in np.arange(at(0, 13), at(0, 14), 5 * MINUTE).tolist():
        told.report(time, HOME, device="B0002")
    told.stored(at(0, 14.1), [record(time, CAFE) for time in np.arange(at(0, 13), at(0, 14), 5 * MINUTE).tolist()])
    told.tick(at(0, 15))
    assert [row["device"] for row in track_of(told)] == ["B0001", "B0002"] * 12


def test_what_is_somebody_elses_by_a_later_hand_over_stands_once():
    told = Timeline.of(at(0, 12))
    told.stay(AWAY, at(0, 13), at(0, 14), 5 * MINUTE)
    handed = (Assignment("B0001", "P0001", at(-30, 0), at(0, 13.5)), Assignment("B0001", "P0002", at(0, 13.5), FOREVER))
    told.reconfigure(at(0, 15), assignments=handed, digest="d2")
    told.report(at(0, 13.2), AWAY, received=at(0, 15) + 1.0)
    told.tick(at(0, 16))
    assert len(track_of(told)) == 13


def test_a_replay_that_fails_writes_none():
    out = io.StringIO()
    with pytest.raises(KeyError), TrackOutput(out):
        raise KeyError
    assert len(out.getvalue().splitlines()) == 1
