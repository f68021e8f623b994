"""The page that says why no alarm was raised: who may ask, what for, and what it shows of the evidence."""

from __future__ import annotations

import asyncio
import re
from zoneinfo import ZoneInfo

import pytest
from desk_accounts import looked_at
from opened_desk import client_of, daemon_of, desk_of, written

from gateway.console.lawful import lawful_people
from gateway.console.why_none import MOST_ROWS, TALL, shown
from gateway.words.alarm_words import Words
from gateway.words.explained import Explanation, Flip, Step

NOW = 1_793_530_800.0
WORDS = Words("zh", ZoneInfo("Asia/Shanghai"), NOW)


def fix(minutes: float, p: float = 0.5, beyond: float = -4.0, sigma: float = 8.0) -> Step:
    return Step(
        NOW + 60.0 * minutes, NOW + 60.0 * minutes, "B1", "gnss", beyond, sigma, 0.3, None, 600.0, 0.0, 0.0, p,
        "unknown", 2, soft=False, lifted=False,
    )  # fmt: skip


def explanation(**known) -> Explanation:
    given = {
        "person": "P0012", "rule": "no-cafes", "zone": "cafes", "zone_name": "<网吧>", "asks": "keep_out",
        "text": {"zh": "不得进入", "en": "keep out"}, "basis": "禁止令2026-90", "configuration": "c", "raised": False,
        "why": "undecided", "threshold": 0.99, "threshold_log_odds": 4.6, "home_m": -50.0,
        "steps": [fix(n) for n in range(3)], "flips": [Flip("boundary", metres=15)],
    }  # fmt: skip
    return Explanation(**given | known)


def test_an_error_that_covers_home_and_barred_zone_is_said_and_only_then():
    both, at_work = explanation(), explanation(home_m=900.0)
    sure = explanation(steps=[fix(0, beyond=-40.0)])
    said = [shown(one, WORDS).said for one in (both, at_work, sure, explanation(why="keeps"))]
    assert said[0] == "没有报警：误差覆盖住处和禁入区，证据不足"
    assert said[1] == said[2] == "没有报警：证据不足以判断"
    assert said[3] == "没有报警：定位表明符合规定"


def test_the_curve_is_of_being_inside_whatever_the_rule_asks():
    barred = shown(explanation(steps=[fix(n, p=0.2) for n in range(3)]), WORDS)
    home = shown(explanation(asks="be_there", zone="home:P0012", steps=[fix(n, p=0.2) for n in range(3)]), WORDS)
    heights = [{float(point.partition(",")[2]) for point in one.points.split()} for one in (barred, home)]
    assert heights == [{0.8 * TALL}, {0.2 * TALL}]
    assert (barred.level, home.level) == (pytest.approx(0.01 * TALL, abs=0.1), pytest.approx(0.99 * TALL, abs=0.1))
    assert home.rule == "规定 no-cafes · 家"
    assert barred.rows[0][1] == "外侧 4 米"
    assert home.rows[0][1] == "内侧 4 米"


def test_only_the_last_fixes_are_listed_and_without_one_there_is_no_curve():
    long = shown(explanation(steps=[fix(n) for n in range(200)], left_out=50), WORDS)
    assert (len(long.rows), long.of) == (MOST_ROWS, 250)
    none = shown(explanation(steps=[], why="nothing"), WORDS)
    assert (none.points, none.rows, none.ticks) == ("", [], [])


class Evidence:
    """In the place of a history: what is asked of it is kept."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, float]] = []

    async def explained(self, _, person: str, rule: str, at: float) -> list[Explanation]:
        self.asked.append((person, rule, at))
        return [explanation(person=person)]


@pytest.fixture
def desk(tmp_path):
    desk = desk_of(written(tmp_path / "county"), NOW)
    desk.tracks = Evidence()
    return desk


@pytest.fixture
def person(desk):
    people = desk.configuration.people
    return next(one for one in lawful_people(desk.configuration, NOW) if people[one].office == "SFS-01")


def browse(desk, number, *paths, purpose=True):
    """What each path answers, in one session."""

    async def run():
        async with daemon_of(desk), client_of(desk, number) as client:
            if purpose:
                token = {"csrf": f"csrf {number}", "purpose": "verification"}
                await client.post(f"/person/{paths[0].split('/')[2]}/purpose", data=token)
            return [await client.get(path) for path in paths]

    return asyncio.run(run())


def test_what_is_said_stands_on_the_page_and_the_look_in_the_audit_log(desk, person):
    [page] = browse(desk, "D01", f"/person/{person}/why")
    assert "误差覆盖住处和禁入区，证据不足" in page.text
    assert "&lt;网吧&gt;" in page.text
    assert "<网吧>" not in page.text
    assert len(re.findall("<tr>", page.text)) == 4
    assert "边界外移 15 米" in page.text
    assert [one.what for one in looked_at(desk) if one.person == person][-1] == "explain"
    assert desk.tracks.asked == [(person, "", NOW)]


def test_a_time_and_a_rule_are_asked_for_and_what_is_no_time_is_refused(desk, person):
    rule = next(one.id for one in desk.configuration.rules if person in one.people)
    path = f"/person/{person}/why"
    good, bad, coming, gone = browse(
        desk, "D01", f"{path}?at=2026-11-01T08:00&rule={rule}", f"{path}?at=gestern", f"{path}?at=2027-01-01T00:00",
        f"{path}?at=2020-01-01T00:00",
    )  # fmt: skip
    assert good.status_code == 200
    assert f'value="{rule}" selected' in good.text
    assert [answer.status_code for answer in (bad, coming, gone)] == [422, 422, 422]
    assert "没有这个时间：gestern" in bad.text
    assert len(desk.tracks.asked) == 1


def test_without_a_purpose_one_is_asked_for_and_leads_back(desk, person):
    [asked] = browse(desk, "D01", f"/person/{person}/why?at=2026-11-01T08:00", purpose=False)
    assert asked.status_code == 303
    assert asked.headers["location"] == f"/person/{person}?at=2026-11-01T08%3A00&to=why"

    async def run():
        async with daemon_of(desk), client_of(desk, "D01") as client:
            form = {"csrf": "csrf D01", "purpose": "visit"}
            return await client.post(f"/person/{person}/purpose?at=2026-11-01T08%3A00&to=why", data=form)

    assert asyncio.run(run()).headers["location"] == f"/person/{person}/why?at=2026-11-01T08%3A00"
    assert desk.tracks.asked == []


@pytest.mark.parametrize(("number", "status"), [("S02", 403), ("T01", 403), ("A01", 403), ("S01", 200), ("L01", 200)])
def test_only_who_may_see_the_track_is_told(desk, person, number, status):
    answer = browse(desk, number, f"/person/{person}/why", purpose=status == 200)[-1]
    assert answer.status_code == status
    assert bool(desk.tracks.asked) == (status == 200)


def test_the_queue_leads_there_from_a_person_without_an_alarm(desk, person):
    for number, leads in (("D01", True), ("A01", False)):
        [page] = browse(desk, number, f"/?person={person.lower()}", purpose=False)
        assert (f'href="/person/{person}/why"' in page.text) == leads
