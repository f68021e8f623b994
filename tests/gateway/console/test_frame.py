"""What stands around every page: the door, the headers, the language, and that the daemon is away."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import pytest
from opened_desk import client_of, daemon_of, desk_of, visit, written

from gateway.console import changes as changes_module
from gateway.console.changes import Changes
from gateway.console.headers import HEADERS
from gateway.console.link import Link
from gateway.console.words.texts import TABLES, TEXTS
from gateway.control.messages import Reply, Request
from gateway.errors import TransientFault, UserFault

OWN = r"<script(?![^>]*\ssrc=)|<style|\sstyle=|\son\w+=|\|\s*safe"
"""Script, style or unescaped text inside a page."""
NOW = 1_793_530_800.0
TEMPLATES = Path(__file__).resolve().parents[3] / "gateway" / "console" / "templates"


@pytest.fixture
def desk(tmp_path):
    return desk_of(written(tmp_path / "county"), NOW)


def test_nobody_is_led_to_the_login_and_back(desk):
    answer = visit(desk, "/help?a=1", number="")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/login?next=%2Fhelp%3Fa%3D1"


def test_a_part_of_a_page_brings_the_whole_window_to_the_login(desk):
    async def run():
        async with client_of(desk, "") as client:
            return await client.get("/link", headers={"HX-Request": "true"})

    answer = asyncio.run(run())
    assert (answer.status_code, answer.headers["hx-redirect"]) == (401, "/login")


@pytest.mark.parametrize(
    ("method", "headers", "there"),
    [
        ("GET", {"HX-Request": "true", "HX-Current-URL": "http://desk/help?a=1"}, "/login?next=%2Fhelp%3Fa%3D1"),
        ("POST", {"HX-Request": "true", "HX-Current-URL": "http://desk/help"}, "/login?next=%2Fhelp"),
        ("POST", {"referer": "http://desk/help"}, "/login?next=%2Fhelp"),
        ("POST", {"referer": "http://elsewhere/help"}, "/login"),
        ("POST", {}, "/login"),
    ],
)
def test_from_the_login_one_comes_back_to_the_page_one_was_on_and_nothing_is_done_twice(desk, method, headers, there):
    async def run():
        async with client_of(desk, "") as client:
            return await client.request(method, "/queue/act", headers=headers)

    answer = asyncio.run(run())
    assert answer.headers["hx-redirect" if "HX-Request" in headers else "location"] == there


def test_news_of_whoever_is_nobody_are_no_page(desk):
    async def run():
        async with client_of(desk, "") as client:
            return await client.get("/events", headers={"Accept": "text/event-stream"})

    assert asyncio.run(run()).status_code == 401


@pytest.mark.parametrize("path", ["/help", "/nothing", "/static/desk.css"])
def test_every_answer_keeps_the_browser_at_home(desk, path):
    answer = visit(desk, path)
    assert {name: answer.headers[name] for name in HEADERS} == HEADERS
    assert "unsafe" not in answer.headers["content-security-policy"]


def test_pages_are_in_the_language_that_was_switched_to(desk):
    assert "值班台" in visit(desk, "/help").text
    english = visit(desk, "/help", language="en").text
    assert "Duty desk" in english
    assert 'lang="en"' in english


def test_the_switch_goes_back_to_our_own_pages_alone(desk):
    async def run(came):
        async with client_of(desk) as client:
            return await client.get("/language", headers={"referer": came})

    back, away = asyncio.run(run("http://desk/help?a=1")), asyncio.run(run("http://elsewhere/help"))
    assert (back.headers["location"], away.headers["location"]) == ("/help?a=1", "/")
    assert "language=en" in back.headers["set-cookie"]


def test_a_page_says_that_the_daemon_is_away(desk):
    assert "网关没有应答" in visit(desk, "/help").text
    desk.changes.here = True
    assert "网关没有应答" not in visit(desk, "/help").text


def test_no_template_holds_script_or_style_of_its_own():
    for path in TEMPLATES.rglob("*.html"):
        assert re.search(OWN, path.read_text("utf-8")) is None, path


def test_every_text_that_a_template_asks_for_is_there_and_no_key_stands_twice():
    told = [path.read_text("utf-8") for path in TEMPLATES.rglob("*.html")]
    asked = {key for each in told for key in re.findall(r'\bt\("(\w+)"[,)]', each)}
    assert asked <= set(TEXTS)
    assert sum(map(len, TABLES)) == len(TEXTS)


def test_the_link_asks_in_the_visitors_name_and_tells_refusals(desk):
    def answer(request: Request):
        return Reply(ok=False, error="no", refused=True) if request.id == "x" else {"by": request.by}

    async def run():
        visitor = await desk.sessions.visitor("D01")
        async with daemon_of(desk, where=answer) as daemon:
            good = await desk.link.ask(Request(do="where", id="P0001"), visitor)
            with pytest.raises(UserFault, match="no"):
                await desk.link.ask(Request(do="where", id="x"), visitor)
            return good, daemon.asked[0]

    good, asked = asyncio.run(run())
    assert good == {"by": "D01"}
    assert (asked.for_staff, asked.language) == (True, "zh")


def test_a_daemon_that_is_away_or_says_nothing_is_said(desk):
    async def run():
        with pytest.raises(TransientFault):
            await desk.link.ask(Request(do="status"))
        async with daemon_of(desk, status={}):
            slow = Link(desk.link.path, patience=0.01)
            with pytest.raises(TransientFault):
                await slow.ask(Request(do="follow"))

    asyncio.run(asyncio.wait_for(run(), 30))


class Talking:
    """A daemon that is heard anew each time, and says nothing more in the end."""

    def __init__(self, *digests):
        self.digests = list(digests)

    async def follow(self):
        if not self.digests:
            await asyncio.Event().wait()
        yield {"digest": self.digests.pop(0), "now": 7.0}


def test_news_that_cannot_be_taken_stop_no_other(monkeypatch):
    monkeypatch.setattr(changes_module, "AGAIN", 0.01)

    def take(digest):
        if digest == "bad":
            raise ValueError(digest)

    async def run():
        changes = Changes(link=Talking("bad", "good"), on_configuration=take)
        page = changes.news()
        told = asyncio.create_task(anext(page))
        following = asyncio.create_task(changes.run())
        kinds = {await told}
        while "configuration" not in kinds:
            kinds.add(await anext(page))
        following.cancel()
        await page.aclose()
        return kinds

    assert "alarms" in asyncio.run(asyncio.wait_for(run(), 30)), "all is read anew"


def test_news_reach_every_page_once_each_and_the_configuration_is_taken(desk):
    taken = []

    async def run():
        changes = Changes(link=desk.link, on_configuration=taken.append)
        async with daemon_of(desk) as daemon:
            following = asyncio.create_task(changes.run())
            pages = [changes.news() for _ in range(2)]
            told = [asyncio.create_task(anext(page)) for page in pages]
            await daemon.news.put({"digest": "abc", "now": 7.0})
            first = await asyncio.gather(*told)
            await daemon.news.put({"alarms": ["1", "2"]})
            later = [[first[0]], [first[1]]]
            for page, seen in zip(pages, later, strict=True):
                while seen.count("alarms") < 2:
                    seen.append(await anext(page))
            following.cancel()
            return later, changes.now, changes.here

    later, now, here = asyncio.run(asyncio.wait_for(run(), 30))
    assert taken == ["abc"]
    assert (now, here) == (7.0, True)
    for seen in later:
        assert seen.count("configuration") == 1
        assert "link" in seen
