"""A low battery says when it was charged last and about how long it lasts, as far as its reports tell."""

from __future__ import annotations

import numpy as np
import pytest
from timeline import HOME, HOUR, MINUTE, Timeline, at, clock, county, raised

NOON = at(0, 12.5)


def drained(*levels: tuple[float, float]) -> dict:
    """Levels by hours after noon, straight between them, each quarter of an hour; the alarm's data."""
    told = Timeline.of(at(0, 12), rules=(), assignments=county().assignments[:1])
    hours, percents = zip(*levels, strict=True)
    for hour in np.arange(hours[0], hours[-1] + 0.01, 0.25).tolist():
        told.report(NOON + hour * HOUR, HOME, battery=round(float(np.interp(hour, hours, percents))))
    (data,) = raised(told.run(), "battery_low")
    return data


def test_what_is_left_goes_on_at_the_pace_since_the_last_charge():
    data = drained((0, 40), (2, 100), (10.5, 15))
    assert clock(data["facts"]["charged"]) == NOON + 2 * HOUR
    assert data["facts"]["left_seconds"] == pytest.approx(1.5 * HOUR, abs=10 * MINUTE)
    assert "（电量15%），预计还能用1小时30分，上次充电14:30。" in data["text"]["zh"]
    assert "about 1 h 30 min left, last charged 14:30" in data["text"]["en"]


def test_where_no_charge_was_seen_the_pace_alone_is_told():
    facts = drained((0, 60), (4.5, 15))["facts"]
    assert "charged" not in facts
    assert facts["left_seconds"] == pytest.approx(1.5 * HOUR, abs=10 * MINUTE)


def test_small_dips_are_no_charge_and_a_short_past_tells_nothing():
    facts = drained((0, 20), (0.5, 17), (1, 19), (1.75, 15))["facts"]
    assert "charged" not in facts
    assert "left_seconds" not in facts
