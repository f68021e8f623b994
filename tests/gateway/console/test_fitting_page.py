"""The page of a fitting check: its items as they come, what begins it, and for whom it is."""

from __future__ import annotations

import asyncio

import pytest
from opened_desk import client_of, daemon_of, desk_of, submit, visit, written
from timeline import at

from gateway.control.messages import Reply
from gateway.words.deed_words import ITEMS, STATES

NOW = at(0, 22.8)


@pytest.fixture
def desk(tmp_path):
    return desk_of(written(tmp_path / "county"), NOW)


def told(state="passed"):
    items = [{"item": item, "state": state, "age_seconds": 125.0 if state == "passed" else None} for item in ITEMS]
    return {"person": "P0001", "device": "B0001", "since": "", "items": items, "passed": state == "passed"}


def looked(desk, path, answers, number="D01", language="zh"):
    async def run():
        async with daemon_of(desk, **answers) as daemon, client_of(desk, number, language) as client:
            return await client.get(path), daemon.asked

    return asyncio.run(run())


@pytest.mark.parametrize("state", list(STATES))
@pytest.mark.parametrize("language", ["zh", "en"])
def test_each_item_is_said_with_its_state_and_age(desk, state, language):
    answer, asked = looked(desk, "/fitting/P0001", {"fitting": told(state)}, language=language)
    page = answer.text
    assert (asked[0].do, asked[0].id, asked[0].by) == ("fitting", "P0001", "D01")
    assert all(item.of(language) in page for item in ITEMS.values())
    assert page.count(f'data-state="{state}"') == len(ITEMS)
    assert STATES[state].of(language) in page
    assert (("2分钟" if language == "zh" else "2 min") in page) is (state == "passed")
    assert (("尚未全部通过" if language == "zh" else "not all passed yet") in page) is (state != "passed")


def test_beginning_asks_the_daemon_and_shows_how_it_stands(desk):
    answer, asked = submit(desk, "/fitting/P0001", answers={"fitting_begin": {}, "fitting": told("not_yet")})
    assert [(one.do, one.id) for one in asked] == [("fitting_begin", "P0001"), ("fitting", "P0001")]
    assert "还没有" in answer.text


def test_a_refusal_and_a_daemon_that_is_away_are_said(desk):
    refusal = Reply(ok=False, error="现在没有依法佩戴的腕带", refused=True)
    answer, _ = submit(desk, "/fitting/P0001", answers={"fitting_begin": refusal, "fitting": told()})
    assert 'role="alert">现在没有依法佩戴的腕带' in answer.text
    assert "表带已扣好" in answer.text
    assert "网关没有运行" in visit(desk, "/fitting/P0001").text


def test_it_is_for_who_answers_for_the_person(desk):
    for number in ("A01", "T01", "S02"):
        assert visit(desk, "/fitting/P0001", number).status_code == 403
    assert visit(desk, "/fitting/P0001", "S01").status_code == 200
    assert visit(desk, "/fitting/P9999").status_code == 404


def test_a_fitting_leads_to_its_check(desk):
    form = {"id": "1", "device": "B0001", "person": "P0001"}
    answer, _ = submit(desk, "/registers/fit", answers={"register": {"done": "done"}}, **form)
    assert 'href="/fitting/P0001"' in answer.text
