"""Stays: where somebody was at rest, for how long as far as is known, and what is registered there."""

from __future__ import annotations

import numpy as np
import pytest
from timeline import CAFE, HOME, Timeline, at, degrees

from gateway.engine import Fix
from gateway.replay.stays import stays_of

REGISTERED = Timeline.of().policy.registered


def fixes(
    place: tuple[float, float], since: float, until: float, every: float = 60.0, radius: float = 20.0
) -> list[Fix]:  # fmt: skip
    """Fixes about a place, each some metres off."""
    draw = np.random.default_rng(int(since) % 1000)
    made = []
    for time in np.arange(since, until, every).tolist():
        east, north = draw.normal(0.0, radius / 4.0, 2)
        made.append(Fix(time, *degrees((place[0] + east, place[1] + north)), radius, 0.0, "well", "gnss", "B0001"))
    return made


def way(start: tuple[float, float], end: tuple[float, float], since: float, minutes: int) -> list[Fix]:
    """Under way from one place to another, a fix a minute."""
    share = (np.arange(minutes) + 1) / (minutes + 1)
    places = [(start[0] + part * (end[0] - start[0]), start[1] + part * (end[1] - start[1])) for part in share]
    return [
        Fix(since + 60.0 * index, *degrees(place), 20.0, 9.0, "well", "gnss", "B0001")
        for index, place in enumerate(places)
    ]


def test_rests_are_stays_and_the_way_between_them_is_none():
    track = [
        *fixes(HOME, at(0, 9), at(0, 10)), *way(HOME, CAFE, at(0, 10), 20),
        *fixes(CAFE, at(0, 10) + 1200.0, at(0, 11)),
    ]  # fmt: skip
    home, cafe = stays_of(track, REGISTERED)
    assert (home.since, home.until) == (at(0, 9), pytest.approx(at(0, 10), abs=120.0))
    assert (cafe.since, cafe.until) == (pytest.approx(at(0, 10) + 1200.0, abs=60.0), at(0, 11) - 60.0)
    assert (home.places, cafe.places) == ([], ["cafe 3"])
    assert cafe.latitude == pytest.approx(degrees(CAFE)[0], abs=2e-4)
    assert cafe.longitude == pytest.approx(degrees(CAFE)[1], abs=2e-4)
    assert 15.0 < cafe.radius_m < 120.0


@pytest.mark.parametrize(("minutes", "count"), [(9, 0), (12, 1)])
def test_a_stay_takes_ten_minutes(minutes, count):
    assert len(stays_of(fixes(HOME, at(0, 9), at(0, 9) + 60.0 * minutes), REGISTERED)) == count


def test_what_nobody_saw_is_no_stay():
    """Half an hour without a fix may be a walk: two stays, though the place is the same."""
    track = [*fixes(HOME, at(0, 9), at(0, 10)), *fixes(HOME, at(0, 11), at(0, 12))]
    assert [(one.since, one.until) for one in stays_of(track, REGISTERED)] == [
        (at(0, 9), at(0, 10) - 60.0), (at(0, 11), at(0, 12) - 60.0),
    ]  # fmt: skip
    seldom = fixes(HOME, at(0, 9), at(0, 13), every=1500.0)
    assert [(one.since, one.until) for one in stays_of(seldom, REGISTERED)] == [(seldom[0].time, seldom[-1].time)]


def test_coarse_places_about_one_are_one_stay_with_a_wide_circle():
    (stay,) = stays_of(fixes(HOME, at(0, 9), at(0, 11), radius=800.0), REGISTERED)
    assert stay.radius_m >= 800.0


def test_the_circle_holds_its_fixes_and_one_that_strays_does_not_move_it():
    track = fixes(HOME, at(0, 9), at(0, 10))
    strayed = Fix(track[30].time, *degrees((90.0, 0.0)), 300.0, 0.0, "well", "cell", "B0001")
    (plain,), (stay,) = stays_of(track, REGISTERED), stays_of([*track[:30], strayed, *track[31:]], REGISTERED)
    assert abs(stay.latitude - plain.latitude) < 1e-5
    assert stay.radius_m < plain.radius_m + 5.0


def test_no_track_has_no_stays():
    assert stays_of([], REGISTERED) == []
