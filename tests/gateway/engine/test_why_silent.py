"""Foil, a flat battery, a garage: what a silence looks like from before."""

from __future__ import annotations

from dataclasses import replace

import pytest
from heard_rows import Row, shaken, tell
from timeline import HOME, HOUR, MINUTE, Timeline, alarm_policies, at, brief, clock, county, raised

KIND = "shielding"
OFFICE = (5000.0, 0.0)
LAST = at(1, 12)


def quiet() -> Timeline:
    """One bracelet, of which nothing is asked but that it is heard."""
    alarms, worn = alarm_policies(silence=20 * MINUTE), county().assignments[:1]
    return Timeline.of(at(0, 12.45), rules=(), alarms=alarms, assignments=worn)


def told_of(rows: list[Row], battery: int = 80) -> Timeline:
    """A day of reports, then silence."""
    told = quiet()
    for first in range(0, len(rows), 50):
        tell(told, rows[first : first + 50])
    told.state.levels["battery"][0] = battery
    told.tick(rows[-1].time + HOUR)
    told.run()
    return told


def day(place=HOME) -> list[Row]:
    """From 12:30 until the next noon, each five minutes, seen and heard well."""
    count = int((LAST - at(0, 12.5)) / 300.0)
    return [Row(at(0, 12.5) + 300.0 * n, place, shaken(place, n)) for n in range(count)]


def faded(before: Row, *, n: int = 1, reports: int = 2) -> list[Row]:
    """What is heard while something is wrapped: a cell, then nothing."""
    return [Row(before.time + 60.0 * (each + 1), None, before.heard if each < reports - 1 and n else None, n=n)
            for each in range(reports)]  # fmt: skip


def test_who_fades_within_minutes_where_there_is_coverage_and_falls_silent_is_perhaps_shielded():
    rows = day()
    rows += faded(rows[-1])
    told = told_of(rows)
    both = raised(told.events)
    assert sorted(each["kind"] for each in both) == ["comms_lost", KIND]
    shielded = next(each for each in both if each["kind"] == KIND)
    silent = next(each for each in both if each["kind"] == "comms_lost")
    assert (shielded["probability"], clock(shielded["onset"])) == (0.8, rows[-2].time)
    assert shielded["decided"] == silent["decided"]
    assert "it may be shielded" in silent["text"]["en"]
    tell(told, [Row(rows[-1].time + 2 * HOUR, HOME, HOME)])
    assert sorted(brief(told.events)[-2:]) == [("cleared", "comms_lost"), ("cleared", KIND)]


def before_a_garage() -> list[Row]:
    """The same wearer faded here yesterday, in the garage, and came out again."""
    rows = day()
    at_ = 60
    return [*rows[: at_ + 1], *faded(rows[at_], reports=3), *rows[at_ + 2 :]]


CASES = {
    "sudden": (day(), 80, None),
    "flat": (day(), 6, "flat"),
    "flat, and faded": ([*day(), *faded(day()[-1])], 6, "flat"),
    "never been here for long": ([*day(OFFICE)[:-4], *day()[-4:], *faded(day()[-1])], 80, "coverage"),
    "faded here before": ([*before_a_garage(), *faded(day()[-1])], 80, "coverage"),
    "fades for an hour": ([*day(), *faded(day()[-1], reports=40)], 80, None),
    "satellites alone are gone": ([*day(), *faded(day()[-1], n=5, reports=3)[:-1]], 80, None),
    "cells alone are gone": ([*day(), Row(LAST, HOME, None)], 80, None),
    "a bracelet that never tells of cells": (
        [replace(row, heard=None) for row in [*day(), *faded(day()[-1])]], 80, None,
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_what_speaks_for_which_reason(case):
    rows, battery, why = CASES[case]
    told = told_of(rows, battery)
    (silent,) = raised(told.events)
    assert (silent["kind"], silent["facts"].get("why")) == ("comms_lost", why)


@pytest.mark.parametrize("size", [1, 17])
def test_cuts_change_nothing(size):
    rows = day()
    rows += faded(rows[-1])
    told = quiet()
    for first in range(len(rows) - 40, len(rows), size):
        tell(told, rows[first : first + size]) if first > len(rows) - 40 else tell(told, rows[: first + size])
    told.tick(rows[-1].time + HOUR)
    assert brief(told.run()) == brief(told_of(rows).events)
