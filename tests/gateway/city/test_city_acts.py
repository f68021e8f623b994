"""A county's alarm is urged from the city's page: written down, kept to be sent, and told how far it has come."""

from __future__ import annotations

import asyncio
import re

import pytest
from city_desk import FIRST, STREAMED, client_of, desk_of, tell, written
from city_events import NOW, alarm
from looked import found_in

from gateway.city.acts import made
from gateway.engine.act_lines import ActLine

ALARM = f"{'a':0<32}"
FORM = f"/county/{STREAMED}/alarm/{ALARM}"


@pytest.fixture
def desk(tmp_path):
    one = desk_of(written(tmp_path / "city"))
    yield one
    one.store.close()
    one.books.close()


def visit(desk, work, number="C01", told=None, language="zh"):
    async def run():
        events = [(STREAMED, alarm(STREAMED, "a"), NOW), (FIRST, alarm(FIRST, "a"), NOW)] if told is None else told
        await tell(desk, events)
        async with client_of(desk, number, language) as client:
            return await work(client)

    return asyncio.run(run())


def over_alarm(desk):
    (found,) = asyncio.run(desk.store.closed(STREAMED, 0, 9))
    return found


def looks(desk):
    return [(one.said.number, one.said.what, one.said.purpose, one.said.ok) for one in found_in(desk.storage)]


def test_an_urging_is_written_down_kept_once_and_shown_until_the_county_says_so(desk):
    told = asyncio.Event()
    desk.ways[STREAMED] = told

    async def urge(client):
        form = await client.get(FORM)
        identity = re.search('name="id" value="([0-9a-f]{32})"', form.text)[1]
        typed = {"doing": "urge", "note": "请十分钟内回电", "id": identity}
        answers = [await client.post(FORM, data=typed) for _ in range(2)]
        return form.text, answers, (await client.get(f"/county/{STREAMED}")).text, await desk.store.unsent(STREAMED)

    form, answers, page, unsent = visit(desk, urge)
    assert "4502/C01" in form
    assert [(one.status_code, one.headers["location"]) for one in answers] == [(303, f"/county/{STREAMED}")] * 2
    assert told.is_set()
    (act,) = unsent
    assert (act.doing, act.note, act.who) == ("note", "【督办】请十分钟内回电", "4502/C01")
    assert looks(desk)[0] == ("C01", "city_act", f"{STREAMED} {ALARM} urge 请十分钟内回电", True)
    assert f'href="{FORM}"' in page
    assert "4502/C01 备注 【督办】请十分钟内回电: 待发送" in page
    line = ActLine(NOW + 5, "4502/C01", "note", 2)
    done = [(STREAMED, alarm(STREAMED, "a", revision=2, acts=[line]), NOW)]
    after = visit(desk, lambda client: client.get(f"/county/{STREAMED}"), told=done).text
    assert "请十分钟内回电: 该县已记录" in after


@pytest.mark.parametrize("typed", [{"doing": "urge"}, {"doing": "close", "note": "x"}, {"note": "x"}])
def test_what_is_no_act_is_asked_for_again_and_what_was_typed_stays(desk, typed):
    answer = visit(desk, lambda client: client.post(FORM, data={"id": "f" * 32} | typed), language="en")
    assert answer.status_code == 422
    assert "Choose what, and write" in answer.text
    assert f'value="{typed.get("note", "")}"' in answer.text
    assert asyncio.run(desk.store.unsent(STREAMED)) == []


def test_a_county_without_streams_an_alarm_that_is_over_and_who_reads_alone_are_refused_in_words(desk):
    typed = {"doing": "acknowledge", "id": "f" * 32}
    over = [(STREAMED, alarm(STREAMED, "a", revision=3, closed=NOW, outcome="false"), NOW)]
    other = visit(desk, lambda client: client.post(f"/county/{FIRST}/alarm/{ALARM}", data=typed))
    assert (other.status_code, "不经消息流上报" in other.text) == (409, True)
    reader = visit(desk, lambda client: client.post(FORM, data=typed), number="A01")
    assert (reader.status_code, looks(desk)) == (403, [("A01", "acts", "", False)])
    closed = visit(desk, lambda client: client.post(FORM, data=typed), told=over)
    assert (closed.status_code, "该报警已办结" in closed.text) == (409, True)
    assert visit(desk, lambda client: client.get(f"{FORM[:-1]}b")).status_code == 404
    asyncio.run(desk.store.add(made("d" * 32, over_alarm(desk), "4502/C01", "acknowledge", "", NOW)))
    assert asyncio.run(desk.store.forget(NOW + 1)) == 1
    assert asyncio.run(desk.store.acts(STREAMED)) == []
    pages = visit(desk, lambda client: client.get(f"/county/{FIRST}")).text
    assert f"/county/{FIRST}/alarm/" not in pages
