"""What the truth says of people who come near somebody protected, on foot and by car, and of those who pass by."""

import numpy as np
import pytest
from recorded_scenarios import sent, told

from firmware_sim.configuration import BARRED_M, BUFFER_M
from firmware_sim.people.tricks import BESIDE
from firmware_sim.people.ways import CAR
from firmware_sim.recording.truth_writer import records

HOW = {"devices": 6, "days": 5, "seed": 3}


@pytest.fixture(scope="module")
def rows():
    return list(records(told("protected", **HOW), sent("protected", **HOW)))


def apart(device, moments):
    worn = told("protected", **HOW).worn
    one, other = next(each for each in worn if each.life.device == device), worn[-1]
    (x, y), (other_x, other_y) = one.person.at(moments), other.person.at(moments)
    return np.hypot(x - other_x, y - other_y)


def test_an_approach_begins_in_the_second_in_which_the_buffer_is_reached(rows):
    approaches = [row for row in rows if row["record"] == "approach"]
    assert len(approaches) > 10
    for row in approaches:
        before, at = apart(row["device"], np.array([row["onset"] - 1.0, row["onset"]]))
        assert before >= BARRED_M + BUFFER_M > at


def test_it_says_when_what_is_barred_is_reached_if_ever(rows):
    approaches = [row for row in rows if row["record"] == "approach"]
    assert {row["barred"] is None for row in approaches} == {True, False}
    for row in approaches:
        within = apart(row["device"], np.arange(row["onset"], row["until"] + 1.0)) < BARRED_M
        reached = row["onset"] + int(np.argmax(within)) if within.any() else None
        assert row["barred"] == reached


def test_what_shows_an_approach_was_measured_on_the_way_and_has_come(rows):
    reports = sent("protected", **HOW)
    shown = [row for row in rows if row["record"] == "approach" and row["shown"] is not None]
    assert len(shown) > 10
    for row in shown:
        at = np.flatnonzero(np.round(reports.received, 1) == row["shown"])
        assert (reports.measured.moment[at] < row["onset"]).any()


def test_each_who_is_to_keep_away_is_a_pair(rows):
    kept_away = {each.life.device for each in told("protected", **HOW).worn if each.life.kept_away}
    assert {row["device"] for row in rows if row["record"] == "pair"} == kept_away
    assert len(kept_away) == HOW["devices"] - 1


def test_some_come_by_car_and_some_stay_beside_the_buffer():
    whole = told("protected", **HOW)
    speeds = np.concatenate([each.person.speed() for each in whole.worn])
    assert (np.abs(speeds - CAR) < 0.5).any()
    refuge = whole.stage.refuge
    away = [
        np.hypot(visit.place.x - refuge.x, visit.place.y - refuge.y)
        for each in whole.worn
        for visit in each.life.visits
    ]
    assert any(BESIDE[0] <= metres < BESIDE[1] for metres in away)
