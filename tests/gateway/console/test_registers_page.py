"""Forms of the registers: what the daemon is asked, faults beside their fields, and what is for whom."""

from __future__ import annotations

import asyncio
import re

import pytest
from opened_desk import client_of, daemon_of, desk_of, submit, visit, visitor, written
from timeline import at

from gateway.console.register_forms import deed_of, faults_of, fields, offered
from gateway.console.words.registers import REGISTERS
from gateway.control.deed_rights import DEEDS
from gateway.control.messages import Reply
from gateway.deeds import FORMS
from gateway.settings.absences import RemovalReason
from gateway.settings.model import AuthorityKind, Ground
from gateway.words.deed_words import DEED_NAMES, VALUES

NOW = at(0, 22.8)
LEAVE = {
    "id": "5" * 32, "person": "P0001", "from": "2026-11-03 08:00", "until": "2026-11-04 18:00", "approved_by": "SFS-01",
}  # fmt: skip


@pytest.fixture
def desk(tmp_path):
    return desk_of(written(tmp_path / "county"), NOW)


def done(request):
    return {"done": "done", "deed": request.deed.do}


@pytest.mark.parametrize("do", list(FORMS))
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_deed_has_a_form_with_a_labelled_field_for_each_of_its_values(desk, do, language):
    page = visit(desk, f"/registers/{do}", "L01", language)
    names = [*FORMS[do].required, *FORMS[do].optional]
    if not DEEDS[do] & visitor("L01").roles:
        assert page.status_code == 403
        return
    assert DEED_NAMES[do].of(language) in page.text
    assert re.findall(r'<label for="field-(\w+)"', page.text) == names
    for name in names:
        assert VALUES[name].of(language) in page.text
        assert f'name="{name}" id="field-{name}"' in page.text


def test_a_form_becomes_the_deed_that_the_daemon_is_asked_for(desk):
    answer, asked = submit(desk, "/registers/leave", "S01", {"register": done}, **LEAVE)
    assert answer.status_code == 200
    assert "已登记，立即生效" in answer.text
    deed = asked[0].deed
    assert (asked[0].do, asked[0].by, asked[0].for_staff) == ("register", "S01", True)
    assert (deed.do, deed.id) == ("leave", "5" * 32)
    expected = {"from": "2026-11-03 08:00", "until": "2026-11-04 18:00", "person": "P0001", "approved_by": "SFS-01"}
    assert deed.values == expected


def test_faults_stand_beside_their_fields_with_what_was_typed(desk):
    said = "person: 没有“P0001”这个人\nperson: 请核对\n登记簿已满\nuntil: 时间有误"
    refusal = Reply(ok=False, error=said, refused=True)
    answer, _ = submit(desk, "/registers/leave", "S01", {"register": refusal}, **LEAVE)
    page = answer.text
    assert 'id="about-person" class="fault">没有“P0001”这个人 请核对<' in page
    assert 'id="about-until" class="fault">时间有误<' in page
    assert page.count('aria-invalid="true"') == 2
    assert "登记簿已满" in page.split('id="register-fault"')[1].split("</div>")[0]
    assert 'value="2026-11-03 08:00"' in page
    assert 'name="id" value="5555' not in page


def test_the_daemon_away_keeps_what_was_typed_and_the_id(desk):
    async def run():
        async with client_of(desk, "S01") as client:
            return await client.post("/registers/leave", data=LEAVE)

    page = asyncio.run(run()).text
    assert "网关没有运行" in page
    assert 'name="id" value="5555' in page
    assert 'value="P0001"' in page


def test_an_extension_tells_when_it_is_to_be_reviewed(desk):
    told = {"done": "done", "reviews": ["2026-12-01", "2026-12-31"]}
    answer, _ = submit(desk, "/registers/extend", "L01", {"register": told}, id="1", person="P0001")
    assert "2026-12-01, 2026-12-31" in answer.text


def test_what_is_not_for_a_role_is_neither_shown_nor_asked(desk):
    assert offered(visitor("A01")) == []
    assert "leave" not in offered(visitor("D01"))
    for number, do in (("D01", "leave"), ("T01", "extend"), ("A01", "fit"), ("L01", "nothing")):
        answer, asked = submit(desk, f"/registers/{do}", number, {"register": done}, id="1")
        assert (answer.status_code, asked) == (403, []), (number, do)
    assert visit(desk, "/registers", "A01").status_code == 403
    assert "/registers" not in visit(desk, "/help", "A01").text
    assert 'href="/registers"' in visit(desk, "/help", "T01").text


def test_an_office_is_offered_its_own_people_alone(desk):
    own = visit(desk, "/registers/fit", "S01").text
    assert '<option value="P0001">' in own
    assert '<option value="P0003">' not in own
    assert '<option value="P0003">' in visit(desk, "/registers/fit", "D01").text


def test_what_is_not_written_back_is_listed_and_markup_stays_text(desk):
    deed = {"id": "1", "do": "fit", "by": "D01", "at": NOW, "values": {"device": "<b>B1</b>", "person": "P0001"}}

    async def run():
        async with daemon_of(desk, registers={"deeds": [deed]}), client_of(desk) as client:
            return (await client.get("/registers")).text

    page = asyncio.run(run())
    assert "&lt;b&gt;B1" in page
    assert "佩戴：设备" in page
    assert "暂时读不到登记" in visit(desk, "/registers").text


def test_an_address_fills_a_form(desk):
    assert 'value="P0002"' in visit(desk, "/registers/fit?person=P0002").text
    assert "<script>" not in visit(desk, '/registers/fit?person="><script>').text.replace("<script src", "")


def test_a_fault_that_names_no_field_is_about_the_whole():
    assert faults_of("fit", "note: no\nplain") == ({}, ["note: no", "plain"])
    assert faults_of("fit", "") == ({}, [])


def test_what_is_empty_is_not_said(desk):
    assert deed_of("fit", {"id": "1", "device": "B1", "person": " ", "from": "", "account": "root"}).values == {
        "device": "B1"
    }
    kinds = {one.name: one.kind for one in fields("extend", desk.configuration, ["P0001"], "en")}
    assert (kinds["from"], kinds["wearer_informed"], kinds["ground"]) == ("day", "day", "choice")
    assert {f"ground_{one}" for one in Ground} | {f"kind_{one}" for one in AuthorityKind} <= set(REGISTERS)
    assert {f"reason_{one}" for one in RemovalReason} <= set(REGISTERS)
