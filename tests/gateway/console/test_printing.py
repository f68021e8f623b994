"""Documents of the desk: for whom, on which conditions, each look written down, and under a policy of their own."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import msgspec
import pytest
from desk_accounts import looked_at
from opened_desk import Pasts, client_of, daemon_of, desk_of, stored, visit, written

from gateway.console.lawful import lawful_people
from gateway.control.messages import Reply
from gateway.engine import Episode, Fix, Past, Told
from gateway.engine.act_lines import ActLine
from gateway.journal.controls import PaperAct, PaperLine
from gateway.papers.paper import begun
from gateway.settings.absences import Leave

NOW = 1_793_530_800.0
ALARM = "ab" * 16
WORDS = {"words": "协查 2026-7"}


@pytest.fixture
def desk(tmp_path):
    desk = desk_of(written(tmp_path / "county"), NOW)
    places = [(NOW - 3600 + 60 * at, 24.31, 109.41 + at * 1e-4) for at in range(20)]
    fixes = [Fix(*place, 10.0, 0.0, "well", "gnss", "B1") for place in places]
    told = [Told(*place, 14.0, "gnss", "B1", place[0], used=True) for place in places]
    desk.tracks = Pasts(Past(fixes, told=told), desk.configuration)
    return desk


@pytest.fixture
def person(desk):
    people = desk.configuration.people
    lawful = lawful_people(desk.configuration, NOW)
    return next(one for one in lawful if people[one].office == "SFS-01" and not people[one].minor)


@pytest.fixture
def alarm(desk, person):
    acts = [ActLine(NOW - 1000, "D01", "attempt", 1, whom="wearer", result="no_answer", note="met P0002")]
    one = Episode(
        ALARM, "strap_cut", "critical", "person", person, "B1", "SFS-01", "strict", "home", "home", "R1", "文书1号",
        NOW - 1800, NOW - 1700, NOW - 1700, 1, 1, latitude=24.31, longitude=109.43, radius_m=20.0,
        facts={"home_m": 3210.0, "home_deg": 135.0, "placed": NOW - 1900, "source": "gnss"}, acts=acts,
    )  # fmt: skip
    stored(desk, [one])
    return one


def posted(desk, path, number, form=None, language="zh"):
    async def run():
        async with daemon_of(desk), client_of(desk, number, language) as client:
            return await client.post(path, data=form or WORDS)

    return asyncio.run(run())


def looks(desk):
    return [(one.what, one.person, one.purpose, one.ok) for one in looked_at(desk)]


@pytest.mark.parametrize(("language", "title"), [("zh", "轨迹情况说明"), ("en", "Statement of a track")])
def test_a_statement_is_made_on_an_exports_conditions_and_marked(desk, person, language, title):
    answer = posted(desk, f"/person/{person}/statement", "S01", language=language)
    assert answer.status_code == 200
    assert f"<h1>{title}</h1>" in answer.text
    assert "S01" in answer.text.split('class="mark"')[1].split("</p>")[0]
    assert "协查 2026-7" in answer.text
    assert looks(desk) == [("export", person, "协查 2026-7", True)]
    assert desk.tracks.asked == [("S01", person, NOW - 86_400, NOW)]


def test_who_may_not_export_gets_no_statement(desk, person):
    path = f"/person/{person}/statement"
    assert posted(desk, path, "D01").status_code == 403
    assert posted(desk, path, "L01", {"words": " "}).status_code == 422
    assert looks(desk) == [("export", person, "", False)]
    entry = replace(desk.configuration.people[person], protected=True)
    desk.in_force.configuration = replace(desk.configuration, people={**desk.configuration.people, person: entry})
    assert posted(desk, path, "L01").status_code == 403


def test_a_record_is_a_look_at_a_place_for_who_sees_places_and_none_for_the_auditor(desk, person, alarm):
    own, auditor = visit(desk, f"/alarm/{ALARM}/record"), visit(desk, f"/alarm/{ALARM}/record", "A01")
    assert "3.2公里" in own.text
    assert "未接" in own.text
    assert "P0002" not in own.text
    assert "3.2公里" not in auditor.text
    assert "本件不含位置" in auditor.text
    assert looks(desk) == [("place", person, alarm.id, True), ("alarms", person, alarm.id, True)]
    assert visit(desk, f"/alarm/{ALARM}/record", "S02").status_code == 403
    assert visit(desk, f"/alarm/{'0' * 32}/record").status_code == 404
    assert f'href="/alarm/{ALARM}/record"' in visit(desk, f"/alarm/{ALARM}", "A01").text


def test_a_slip_and_a_notice_are_of_the_registers(desk, person):
    assert "没有登记的请假" in visit(desk, f"/print/leave/{person}", "T01").text
    leave = Leave(person, "", NOW - 9000, NOW + 9000, "SFS-01")
    desk.in_force.configuration = replace(desk.configuration, leave=(leave,))
    assert "截至制作时尚未销假" in visit(desk, f"/print/leave/{person}", "T01").text
    assert "电子定位告知书" in visit(desk, f"/print?person={person}&kind=notice", "S01").text
    assert looks(desk) == [("registers", person, kind, True) for kind in ("leave", "leave", "notice")]
    assert visit(desk, f"/print/leave/{person}", "S02").status_code == 403
    assert visit(desk, f"/print/other/{person}").status_code == 404
    assert visit(desk, "/print/leave/P9999").status_code == 404


def test_a_document_may_load_nothing_but_its_own_style(desk, person):
    answer = visit(desk, f"/print/notice/{person}")
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "'self'" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"
    again = visit(desk, f"/print/notice/{person}")
    assert again.content == answer.content


def test_the_page_of_the_registers_leads_to_them_for_its_people_alone(desk):
    own = visit(desk, "/registers", "S01").text
    assert '<form action="/print"' in own
    assert "<option>P0001</option>" in own
    assert "<option>P0003</option>" not in own


def test_a_sheet_of_the_office_is_printed_as_the_daemon_tells_it(desk):
    line = PaperLine("a", "unresolved", "P0001", zh="失联", en="silent")
    paper = begun(
        PaperAct("p1", "begin", 1, by="D01", form="hand_over", since=NOW - 9000, until=NOW, lines=(line,)), NOW
    )

    async def run(**answers):
        async with daemon_of(desk, **answers) as daemon, client_of(desk) as client:
            return await client.get("/print/paper/p1"), daemon.asked

    page, asked = asyncio.run(run(paper={"paper": msgspec.to_builtins(paper), "digest": ""}))
    assert "<h1>交接班单</h1>" in page.text
    assert "失联" in page.text
    assert [(one.do, one.id, one.by, one.for_staff) for one in asked] == [("paper", "p1", "D01", True)]
    refused, _ = asyncio.run(run(paper=Reply(ok=False, error="不是本所的", refused=True)))
    assert "不是本所的" in refused.text
