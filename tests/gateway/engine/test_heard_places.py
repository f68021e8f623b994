"""Reports without a fix lie where their cells put them, by the version of their own time, however late they come."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
from effort import is_thorough
from known_cells import MASTS, NEAR, POINTS, VERSIONS, Heard, body, version
from timeline import CAFE, HOME, HOUR, MINUTE, PLANE, alarm_policies, at, raised

from firmware_sim.firmware.messages import batch_body
from gateway.clock import iso
from gateway.engine.fuse import radii_of
from gateway.engine.heard import hear_places
from gateway.engine.snapshot import restore, snapshot_of
from gateway.engine.state import EngineState
from gateway.engine.step import step
from gateway.journal.entries import merge
from gateway.replay.heard import cells_of_texts, wifi_of_texts
from protocols.report import Flag, Source, blank


def test_a_report_without_a_fix_lies_where_its_cells_are():
    told = Heard.of()
    told.towers(at(0, 12), "here")
    told.frame(0x0200, body(at(0, 13), NEAR), at(0, 13))
    told.run()
    (row,), (place,) = told.rows(), told.metres()
    assert row["located"]
    assert row["inferred"]
    assert (row["source"], row["heard_n"]) == (Source.CELL, 3)
    assert np.hypot(*place) < 400.0
    assert 150.0 < row["accuracy_m"] < 800.0
    assert row["accuracy_m"] == row["heard_sigma"]
    assert np.isnan(row["speed_kmh"])


@pytest.mark.parametrize(
    ("cells", "named"), [(NEAR, ""), ((9001, 9002), "here"), ((), "here")], ids=["no version", "unknown", "none heard"]
)
def test_no_place_is_made_up(cells, named):
    told = Heard.of()
    if named:
        told.towers(at(0, 12), named)
    told.frame(0x0200, body(at(0, 13), cells), at(0, 13))
    told.run()
    (row,) = told.rows()
    assert not row["located"]
    assert not row["inferred"]
    assert np.isnan(row["heard_sigma"])
    assert row["heard_n"] == (len(cells) or -1)


def test_a_fix_stays_what_it_is_and_the_cells_are_told_beside_it():
    told = Heard.of()
    told.towers(at(0, 12), "here")
    told.frame(0x0200, body(at(0, 13), NEAR, (3000.0, 3000.0)), at(0, 13))
    told.run()
    (row,), (place,) = told.rows(), told.metres()
    assert row["source"] == Source.GNSS
    assert not row["inferred"]
    assert place == pytest.approx((3000.0, 3000.0), abs=0.1)
    heard = np.array(PLANE.forward(row["heard_latitude"], row["heard_longitude"]))
    assert np.hypot(*heard) < 400.0


def test_a_version_holds_for_reports_of_its_own_time_however_late_they_come():
    told = Heard.of()
    told.towers(at(0, 12), "here")
    told.frame(0x0200, body(at(0, 13), NEAR), at(0, 13))
    told.towers(at(0, 14), "moved")
    told.frame(0x0200, body(at(0, 15), NEAR), at(0, 15))
    told.frame(0x0704, batch_body([body(at(0, 13.5), NEAR)]), at(0, 16))
    told.run()
    rows, places = told.rows(), told.metres()
    assert rows["late"].tolist() == [False, True, False]
    assert np.hypot(*places[1]) < 400.0
    assert places[2] - places[0] == pytest.approx((0.0, 5000.0), abs=1.0)
    assert (places[1] == places[0]).all()


def test_the_cells_of_a_false_base_station_give_no_place_and_access_points_still_do():
    VERSIONS["survey"] = version(MASTS, CAFE)
    cells = ";".join(f"460-0-77-{cell}@-70" for cell in NEAR)
    points = ";".join(f"{point:012x}@-60" for point in POINTS)
    batch = replace(
        blank(3), cells=cells_of_texts([cells, cells, cells]), wifi=wifi_of_texts(["", "", points]),
        time=np.full(3, at(0, 13)), flags=np.array([0, Flag.PSEUDO_BASE_STATION, Flag.PSEUDO_BASE_STATION], np.uint64),
    )  # fmt: skip
    told, state = Heard.of(), EngineState(towers=[(at(0, 12), "survey")])
    found = hear_places(
        state, told.policy, VERSIONS.__getitem__, np.zeros(3, np.int64), np.full(3, at(0, 13)), batch
    )  # fmt: skip
    assert found.source.tolist() == [Source.CELL, Source.NONE, Source.WIFI]
    assert np.isfinite(found.sigma).tolist() == [True, False, True]
    assert found.number.tolist() == [3, 3, 6], "it is told how many were heard"


def a_day() -> Heard:
    """Fixes with gaps in which cells alone are heard; a third comes an hour late; another version at noon."""
    told = Heard.of(at(0, 6))
    told.towers(at(0, 6), "here")
    late: list[bytes] = []
    for number, time in enumerate(np.arange(at(0, 7), at(0, 18), 5 * MINUTE)):
        if number == 60:
            told.towers(float(time), "moved")
        place = (30.0 * (number % 3), 20.0) if (number // 6) % 2 else None
        cells = NEAR if number % 4 else (*NEAR, 2001)
        if number % 3 == 1:
            late.append(body(float(time), cells, place))
        else:
            told.frame(0x0200, body(float(time), cells, place), float(time))
        if number % 12 == 11:
            told.frame(0x0704, batch_body(late), float(time) + 1.0)
            late.clear()
    told.tick(at(0, 20))
    return told


def test_cuts_and_snapshots_change_nothing():
    told = a_day()
    told.run()
    entries, whole = merge(told.stepped), told.rows()
    assert whole["inferred"].sum() > 40
    assert whole["late"].sum() > 20
    assert len({known for _, known in told.state.towers}) == 2
    every = [*itertools.product((1, 7, 50), (False, True))]
    for size, kept in every if is_thorough() else [(1, False), (7, True)]:
        state, first = EngineState(), 0
        while first < len(entries):
            part = entries.slice(first, first + size)
            step(state, part, told.policies, first=first, towers=VERSIONS.__getitem__)
            first += len(part)
            if kept:
                history = state.history
                state = restore(snapshot_of(state))
                state.seat(told.policies(state.digest), state.digest) if state.digest else None
                state.history = history
        again = replace(told, state=state)
        assert again.rows().tobytes() == whole.tobytes(), size
        assert state.track.records.tobytes() == told.state.track.records.tobytes(), size


@pytest.mark.parametrize("known", [True, False])
def test_who_sits_among_known_access_points_of_a_barred_cafe_is_found_there(known):
    """Without a single fix: a survey has the cafe's access points."""
    VERSIONS["survey"] = version(MASTS, CAFE if known else (-9000.0, 0.0))
    told = Heard.of(at(0, 12))
    told.towers(at(0, 12), "survey")
    told.stay(HOME, at(0, 12), at(0, 13), every=MINUTE)
    for time in np.arange(at(0, 13), at(0, 13) + 10 * MINUTE, MINUTE):
        told.frame(0x0200, body(float(time), NEAR, points=tuple(POINTS)), float(time))
    told.run()
    rows = told.rows()[60:]
    assert rows["inferred"].all()
    assert (rows["source"] == Source.WIFI).all()
    assert (rows["accuracy_m"] < 60.0).all()
    found = raised(told.events, "exclusion_enter")
    assert len(found) == known
    assert all(each["decided"] <= iso(at(0, 13) + 4 * MINUTE) for each in found)


def test_cells_alone_raise_nothing():
    """They lie at the cafe at night, for hours: nobody was seen there."""
    told = Heard.of(at(0, 12))
    told.towers(at(0, 12), "here")
    told.stay((0.0, 0.0), at(0, 12), at(0, 21))
    VERSIONS["cafe"] = version({cell: (x + 3000.0, y) for cell, (x, y) in MASTS.items()})
    told.towers(at(0, 21), "cafe")
    for time in np.arange(at(0, 21), at(0, 27), MINUTE):
        told.frame(0x0200, body(float(time), NEAR), float(time))
    told.run()
    assert (told.rows()["inferred"].sum()) == 360
    assert [event["data"]["kind"] for event in told.events] == []


def test_who_lies_by_cells_alone_is_still_not_placed():
    told = Heard.of(at(0, 12), alarms=alarm_policies(lasting=True))
    told.towers(at(0, 12), "here")
    told.stay((0.0, 0.0), at(0, 12), at(0, 13))
    for time in np.arange(at(0, 13), at(0, 13) + 14 * HOUR, 10 * MINUTE):
        told.frame(0x0200, body(float(time), NEAR), float(time))
    told.run()
    (lost,) = [event["data"] for event in told.events]
    assert lost["kind"] == "location_lost"
    assert lost["facts"]["source"] == "cell"


@pytest.mark.parametrize(("off", "together"), [(20.0, True), (400.0, False)])
def test_a_fix_between_walls_and_access_points_that_agree_make_one_sharp_place(off, together):
    """Nine satellites are 8 m an axis: those of fewer are 30 and more; access points know it within some ten."""
    VERSIONS["survey"] = version(MASTS, CAFE)
    told = Heard.of(at(0, 12))
    told.towers(at(0, 12), "survey")
    there = (CAFE[0] + off, CAFE[1])
    for time in np.arange(at(0, 13), at(0, 13) + 12 * MINUTE, MINUTE):
        told.frame(0x0200, body(float(time), NEAR, there, tuple(POINTS), satellites=4), float(time))
    told.run()
    rows, (track,) = told.rows(), told.state.track.records[:1]
    assert (rows["source"] == Source.GNSS).all(), "the history keeps what the device stated"
    assert not rows["inferred"].any()
    assert told.metres()[-1] == pytest.approx(there, abs=0.1)
    assert bool(track["sharp"]) == together
    sigma = float(radii_of(told.state, np.array([0]))["sigma"][0])
    away = np.hypot(track["x"] - CAFE[0], track["y"] - CAFE[1])
    assert (sigma < 12.0, away < 0.7 * off) == (together, together)
    assert len(raised(told.events, "exclusion_enter")) == together


def test_scans_of_cells_between_leave_a_sharp_place_what_it_is():
    VERSIONS["survey"] = version(MASTS, CAFE)
    told = Heard.of(at(0, 12))
    told.towers(at(0, 12), "survey")
    for number, time in enumerate(np.arange(at(0, 13), at(0, 13) + 20 * MINUTE, MINUTE)):
        told.frame(0x0200, body(float(time), NEAR, points=tuple(POINTS) if number % 2 == 0 else ()), float(time))
    told.run()
    (found,) = raised(told.events, "exclusion_enter")
    assert found["decided"] <= iso(at(0, 13) + 8 * MINUTE)
    track = told.state.track.records[0]
    assert not track["sharp"]
    assert np.hypot(track["x"] - CAFE[0], track["y"] - CAFE[1]) < 30.0
