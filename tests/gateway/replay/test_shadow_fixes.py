"""Another system's positions beside ours: metres apart, alarms that would have stood, and no place on the page."""

from __future__ import annotations

import json
import re
from zoneinfo import ZoneInfo

import pytest
from timeline import CAFE, MINUTE, at, county, degrees

from gateway.engine import Fix, Past, compile_policy
from gateway.journal.controls import Imported
from gateway.replay import shadow_fixes
from gateway.replay.shadow import matched
from gateway.replay.shadow_fixes import Beside, would_have
from gateway.replay.their_fixes import TheirFix
from gateway.words.fix_shadow_page import fixes_json_of, fixes_page_of
from gateway.words.fix_shadows import Apart, FixShadow
from gateway.words.shadows import Ours, Tally

NOON = at(0, 12)
SHANGHAI = ZoneInfo("Asia/Shanghai")


def their(time, place, person="P0001", device="B0001"):
    latitude, longitude = (None, None) if place is None else degrees(place)
    return TheirFix(0, person, device, Imported(time, time, 1, latitude, longitude, 5.0))


def ours(time, place):
    return Fix(time, *degrees(place), 20.0, 0.0, "well", "gnss", "B0001")


@pytest.fixture
def beside(monkeypatch):
    """Our track: at home, every minute of ten, then nothing, and on the next day once."""
    held = [ours(NOON + minute * MINUTE, (0.0, 0.0)) for minute in range(10)] + [ours(at(1, 12), (0.0, 0.0))]

    def past_of(_history, _policies, person, since, until, _digest):
        return Past([one for one in held if person == "P0001" and since <= one.time < until])

    monkeypatch.setattr(shadow_fixes, "past_of", past_of)
    return Beside(None, None, compile_policy(county()), SHANGHAI)


def test_each_of_theirs_is_held_against_the_nearest_of_ours_in_time(beside):
    theirs = [their(NOON + minute * MINUTE + 20.0, (30.0 + 10.0 * minute, 0.0)) for minute in range(8)]
    theirs += [their(NOON + 3600.0, (0.0, 0.0)), their(NOON, None), their(NOON, (5.0, 0.0), "P0002", "B0002")]
    theirs.append(their(at(1, 12) + 100.0, (0.0, 400.0)))
    by_day, by_person = beside.apart(theirs, at(0, 0), at(9, 0))
    assert [(one.person, one.day, one.theirs, one.met) for one in by_person] == [
        ("P0001", "2026-11-02", 9, 8), ("P0001", "2026-11-03", 1, 1), ("P0002", "2026-11-02", 1, 0),
    ]  # fmt: skip
    first, second, third = by_person
    assert (first.median_m, first.p95_m) == (pytest.approx(65.0, abs=0.5), pytest.approx(96.5, abs=0.5))
    assert (second.median_m, second.beyond) == (pytest.approx(400.0, abs=0.5), 1)
    assert third == Apart("P0002", "2026-11-02", 1, 0, None, None, 0)
    assert [(one.person, one.day, one.theirs, one.met) for one in by_day] == [
        ("", "2026-11-02", 10, 8),
        ("", "2026-11-03", 1, 1),
    ]
    assert beside.apart([], at(0, 0), at(9, 0)) == ([], [])


def test_alarms_that_their_positions_make_come_out_of_the_engine_itself():
    policy = compile_policy(county())
    walk = [their(NOON + minute * MINUTE, CAFE if 20 <= minute < 50 else (0.0, 0.0)) for minute in range(0, 80, 2)]
    stood = would_have([*reversed(walk), their(NOON, CAFE, "P0009", "B0009")], policy)
    assert [(one.person, one.said, one.kinds) for one in stood] == [("P0001", "exclusion_enter", ("exclusion_enter",))]
    assert stood[0].since == pytest.approx(NOON + 20 * MINUTE, abs=240.0)
    assert stood[0].until == pytest.approx(NOON + 50 * MINUTE, abs=240.0)
    one = Ours("a" * 32, "P0001", "B0001", "exclusion_enter", "critical", stood[0].since + 60.0, stood[0].since + 90.0)
    assert [pair.ours for pair in matched(stood, [one]).both] == [one]
    assert would_have([], policy) == []


def test_the_page_has_metres_and_no_place():
    apart = Apart("P0001", "2026-11-02", 9, 8, 65.0, 96.5, 2)
    stood = would_have([their(NOON + minute * MINUTE, CAFE) for minute in range(10)], compile_policy(county()))
    shadow = FixShadow(
        "<theirs>.csv", "D-1", "D01", "Asia/Shanghai", at(0, 0), at(1, 0), 9, 1, 2, {"minor": 2, "over": 5}, [],
        [replace_person(apart, "")], [apart], [Tally("exclusion_enter", only_theirs=1)], [], stood, [],
    )  # fmt: skip
    page = fixes_page_of(shadow)
    assert "&lt;theirs&gt;.csv" in page
    assert "fewer than 3" in page
    assert re.search(r"<td>2026-11-02</td><td>9</td><td>8</td><td>65</td><td>96</td><td>2</td>", page)
    said = json.loads(fixes_json_of(shadow))
    assert said["by_person"][0]["median_m"] == 65.0
    for text in (page, fixes_json_of(shadow)):
        assert not re.search(r"\b(24|109)\.\d{3,}", text)
        assert "latitude" not in text


def replace_person(one, person):
    return type(one)(person, *(getattr(one, name) for name in one.__struct_fields__[1:]))
