"""Whose places somebody was shown in the queue and on an alarm: written down, once a session."""

from __future__ import annotations

import asyncio

import pytest
from desk_accounts import looked_at
from made_episodes import KNOWN, episode
from opened_desk import client_of, desk_of, stored, visit, visitor, written
from timeline import at

from gateway.console import shown

NOW = at(0, 22.8)


@pytest.fixture
def desk(tmp_path):
    return desk_of(written(tmp_path / "county"), NOW)


def looks(desk):
    return [(one.number, one.what, one.person, one.purpose, int(one.ok)) for one in looked_at(desk)]


def alarm(name: str, **known):
    return episode("curfew_late", id=f"{name:0<32}", **KNOWN | {"office": "SFS-01"} | known)


def test_each_place_in_the_queue_is_one_look_a_session_with_the_alarm_for_its_purpose(desk):
    stored(desk, [alarm("a"), alarm("b", person="P0002")])

    async def run():
        async with client_of(desk) as client:
            for _ in range(3):
                await client.get("/queue/rows")

    asyncio.run(run())
    assert looks(desk) == [("D01", "place", "P0001", f"{'a':0<32}", 1), ("D01", "place", "P0002", f"{'b':0<32}", 1)]
    visit(desk, "/", "D02")
    assert [each[0] for each in looks(desk)] == ["D01", "D01", "D02", "D02"]


def test_who_sees_no_places_looks_at_none(desk):
    stored(desk, [alarm("a")])
    visit(desk, "/", "A01")
    visit(desk, f"/alarm/{'a':0<32}", "A01")
    assert looks(desk) == []


def test_sessions_that_were_forgotten_are_written_down_again(desk, monkeypatch):
    monkeypatch.setattr(shown, "MOST", 1)

    async def run():
        for number in ("D01", "D02", "D01"):
            await desk.shown.tell(visitor(number), [("P0001", "a")])

    asyncio.run(run())
    assert [each[0] for each in looks(desk)] == ["D01", "D02", "D01"]


def test_the_page_of_an_alarm_its_map_and_a_refusal_stand_in_the_audit_log(desk):
    stored(desk, [alarm("a")])
    path = f"/alarm/{'a':0<32}"
    visit(desk, path)
    visit(desk, f"{path}/map.json")
    visit(desk, path, "S02")
    visit(desk, f"{path}/live", "D02")
    expected = [("D01", "place", 1), ("D01", "track", 1), ("S02", "alarms", 0), ("D02", "place", 1)]
    assert [(number, what, ok) for number, what, _, _, ok in looks(desk)] == expected
    assert {(person, purpose) for _, _, person, purpose, ok in looks(desk) if ok} == {("P0001", f"{'a':0<32}")}


def test_nothing_is_shown_that_cannot_be_written_down(desk):
    stored(desk, [alarm("a")])
    (desk.readings.directory / "console.db").write_bytes(b"no database" * 100)
    answer = visit(desk, f"/alarm/{'a':0<32}")
    assert answer.status_code in (500, 503)
    assert "公里" not in answer.text
