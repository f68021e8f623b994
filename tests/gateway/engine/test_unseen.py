"""A bracelet that is carried about without a fix; one that says that it is jammed; and garages, lifts, dead cells."""

from __future__ import annotations

from dataclasses import replace

import pytest
from heard_rows import BEGIN, Row, shaken, tell
from timeline import FOREVER, HOME, HOUR, MINUTE, Timeline, alarm_policies, at, authority, brief, clock, county, raised

from gateway.engine.snapshot import restore, snapshot_of
from gateway.settings.alarm_policy import AlarmPolicy
from gateway.settings.model import Assignment
from protocols.report import Flag

KIND = "motion_no_gnss"
TOWN = (4000.0, 0.0)


def quiet(**changes) -> Timeline:
    """Nobody is asked to be anywhere."""
    return Timeline.of(at(0, 12), **({"rules": (), "alarms": alarm_policies()} | changes))


def trip(dark, *, minutes=90, every=60.0, sigma=450.0, heard=None, speed=0.0) -> list[Row]:
    """From 13 h on at home, from 13:30 to 14:00 on the way to town; ``dark``: whether there is no fix."""
    made = []
    for number in range(int(minutes * MINUTE / every)):
        seconds = number * every
        share = min(max((seconds - 1800.0) / 1800.0, 0.0), 1.0)
        place = (TOWN[0] * share, 0.0)
        scan = shaken(place, number) if heard is None else heard(seconds, place, number)
        made.append(Row(BEGIN + seconds, None if dark(seconds) else place, scan, sigma=sigma, speed=speed))
    return made


def under_way(seconds: float) -> bool:
    return 1800 <= seconds < 4200


def test_who_is_heard_elsewhere_without_a_fix_is_told_and_it_is_over_with_the_next_one():
    events = tell(quiet(), trip(under_way))
    assert brief(events) == [("raised", KIND), ("cleared", KIND)]
    data, over = events[0]["data"], events[1]["data"]
    assert clock(over["ended"]) == BEGIN + 4200
    assert BEGIN + 1800 <= clock(data["onset"]) <= BEGIN + 2400
    assert clock(data["onset"]) + 20 * MINUTE <= clock(data["decided"]) <= clock(data["onset"]) + 22 * MINUTE
    assert (data["severity"], data["probability"]) == ("warning", 0.95)
    assert data["facts"]["moved_m"] > 2000
    assert "the cells heard have moved about" in data["text"]["en"]


def test_the_county_says_for_how_long_that_is_everyday():
    alarms = alarm_policies() | {KIND: AlarmPolicy("serious", after_seconds=HOUR)}
    assert raised(tell(quiet(alarms=alarms), trip(under_way)), KIND) == []


def unheard(seconds, place, number):
    return None if 1800 <= seconds < 4200 else shaken(place, number)


def test_who_was_neither_seen_nor_heard_and_comes_to_light_elsewhere_is_told():
    events = tell(quiet(), trip(under_way, heard=unheard))
    assert brief(events) == [("raised", KIND), ("cleared", KIND)]
    data = events[0]["data"]
    assert (clock(data["onset"]), clock(data["decided"])) == (BEGIN + 1800, BEGIN + 4200)
    assert data["facts"]["unheard"] == 1
    assert data["facts"]["moved_m"] == pytest.approx(4000, abs=50)
    assert "neither satellites nor cells" in data["text"]["en"]


def basement(seconds):
    return 1800 <= seconds < 5000


def garage_scans(_seconds, _place, number):
    return shaken(HOME, number, 600.0) if number % 5 else (24_000.0, 0.0)


NEAR_MISSES = {
    "a basement, cells as ever": [replace(row, fix=row.fix and HOME) for row in trip(
        basement, heard=lambda _s, _p, n: shaken(HOME, n, 600.0))],
    "a garage where one cell of a wrong place is heard": [replace(row, fix=row.fix and HOME) for row in trip(
        basement, heard=garage_scans)],
    "its first scan is the wrong one": [replace(row, fix=row.fix and HOME) for row in trip(
        basement, heard=lambda s, _p, n: (9000.0, 0.0) if 1800 <= s < 1860 else shaken(HOME, n))],
    "so deep that nothing is heard, and out where it went in": [replace(row, fix=row.fix and HOME) for row in trip(
        basement, heard=lambda s, _p, n: None if basement(s) else shaken(HOME, n))],
    "a lift": trip(lambda s: 1800 <= s < 1920),
    "a tunnel of five minutes": trip(lambda s: 2400 <= s < 2700),
    "a ride of a quarter of an hour after an afternoon in a basement": trip(lambda s: s < 2700, minutes=60),
    "a ride with a fix now and then": trip(lambda s: under_way(s) and s % 600 != 0),
    "a cell that jumps once": trip(
        lambda s: 1800 <= s < 4200, heard=lambda s, *_: (9000.0, 0.0) if s > 3000 else HOME),
    "a ride while its reports were out of a dead cell": trip(under_way, heard=lambda *_: None),
    "indoors all the afternoon, then away": [replace(row, fix=None if 600 < n * 60 < 3600 else row.fix)
        for n, row in enumerate(trip(lambda _s: False, heard=lambda s, p, n: None if 600 < s < 1800 else shaken(p, n)))
        if n * 60 < 1800 or n * 60 >= 3600],
}  # fmt: skip


@pytest.mark.parametrize("why", NEAR_MISSES)
def test_what_is_no_ride_unseen(why):
    assert raised(tell(quiet(), NEAR_MISSES[why])) == []


@pytest.mark.parametrize("order", ["one by one", "through a snapshot", "the newest first"])
@pytest.mark.parametrize("scans", [None, unheard], ids=["heard", "unheard"])
def test_late_reports_and_cuts_decide_the_same(order, scans):
    told, made = quiet(), trip(under_way, heard=scans)
    if order == "the newest first":
        end = made[-1].time
        made = [
            replace(row, received=row.time if row.time < BEGIN + 1200 else end + (end - row.time) / 50) for row in made
        ]
        tell(told, made)
    else:
        for first in range(0, len(made), 1 if order == "one by one" else 7):
            tell(told, made[first : first + (1 if order == "one by one" else 7)])
            if order == "through a snapshot":
                history, told.state = told.state.history, restore(snapshot_of(told.state))
                told.state.history = history
    told.tick(at(0, 18))
    told.run()
    whole = tell(quiet(), trip(under_way, heard=scans))
    (last,) = {event["data"]["alarm"]: event["data"] for event in told.events if event["data"]["kind"] == KIND}.values()
    assert (last["onset"], last["ended"]) == (whole[1]["data"]["onset"], whole[1]["data"]["ended"])


def test_a_device_that_says_it_is_jammed_is_believed_and_over_when_it_says_so():
    told = quiet()
    made = [Row(BEGIN + 60.0 * n, HOME, HOME, flags=Flag.JAMMING if 10 <= n < 20 else 0) for n in range(40)]
    events = tell(told, made)
    assert brief(events) == [("raised", "jam_gnss"), ("cleared", "jam_gnss")]
    assert clock(events[0]["data"]["onset"]) == BEGIN + 600
    assert clock(events[1]["data"]["ended"]) == BEGIN + 1200


def test_with_satellites_and_without_cells_it_is_the_network_that_is_jammed():
    made = [Row(BEGIN + 60.0 * n, HOME, None if n >= 10 else HOME, flags=Flag.JAMMING if n >= 10 else 0)
            for n in range(20)]  # fmt: skip
    assert brief(tell(quiet(), made)) == [("raised", "jam_cell")]


@pytest.mark.parametrize("kind", [KIND, "jam_gnss"])
def test_a_bracelet_that_passes_to_somebody_else_ends_it(kind):
    passed = at(0, 14.05)
    told = quiet(
        assignments=(Assignment("B0001", "P0001", at(-30, 0), passed), Assignment("B0001", "P0002", passed, FOREVER)),
        devices={"B0001": county().devices["B0001"]}, authorities=(authority("P0001"), authority("P0002")),
    )  # fmt: skip
    made = trip(lambda s: s >= 1800, minutes=80) if kind == KIND else [
        Row(BEGIN + 60.0 * n, HOME, HOME, flags=Flag.JAMMING) for n in range(80)
    ]  # fmt: skip
    events = [event for event in tell(told, made) if event["data"]["person"] == "P0001"]
    assert brief(events) == [("raised", kind), ("cleared", kind)]
    assert clock(events[1]["data"]["ended"]) == passed
    assert "handed_over" in events[1]["data"]["facts"]
