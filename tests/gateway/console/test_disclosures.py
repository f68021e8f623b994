"""Packages of one case at the desk: two people, one day, each step in the audit log."""

from __future__ import annotations

import asyncio
import hashlib
import io
import zipfile
from dataclasses import replace

import msgspec
import pytest
from desk_accounts import looked_at
from opened_desk import client_of, daemon_of, desk_of, stored, written

from gateway.console.accounts.disclosures import OPEN_FOR
from gateway.engine import Episode
from gateway.engine.act_lines import ActLine

NOW = 1_793_530_800.0
FORM = {
    "person": "P0001", "since": "2026-10-31 00:00", "until": "", "recipient": "procuratorate", "purpose": "supervision",
    "document": "J-1",
}  # fmt: skip


@pytest.fixture
def desk(tmp_path):
    desk = desk_of(written(tmp_path / "county"), NOW)
    acts = [ActLine(NOW - 1000, "D01", "attempt", 1, whom="wearer", result="no_answer", note="met P0002")]
    stored(desk, [Episode(
        "ab" * 16, "strap_cut", "critical", "person", "P0001", "B1", "SFS-01", "strict", "", "", "", "",
        NOW - 1800, NOW - 1700, NOW - 1700, 1, 1, latitude=24.31, longitude=109.43, radius_m=20.0, acts=acts,
        facts={"home_m": 3210.0, "home_deg": 135.0, "placed": NOW - 1900, "source": "gnss"},
    )])  # fmt: skip
    yield desk
    desk.books.close()


def visited(desk, *steps):
    """Answers to steps: who, a path, and the form that is sent there, if any. ``ID`` in a path: the last one asked."""

    async def run():
        answers = []
        async with daemon_of(desk, keep_history={}):
            for number, path, *form in steps:
                async with client_of(desk, number) as client:
                    row = await desk.books.ask(lambda db: db.rows("SELECT id FROM disclosure ORDER BY at DESC LIMIT 1"))
                    where = path.replace("ID", row[0][0] if row else "")
                    answers.append(await (client.post(where, data=form[0]) if form else client.get(where)))
        return answers

    return asyncio.run(run())


def looks(desk):
    return [(one.number, one.what, one.person, one.purpose, one.ok) for one in looked_at(desk)]


def test_one_asks_another_approves_and_both_may_take_it_within_a_day(desk):
    asked, waiting, early, approved, taken, again = visited(
        desk, ("D01", "/disclosures", FORM), ("L01", "/disclosures"), ("D01", "/disclosures/ID/package.zip"),
        ("L01", "/disclosures/ID/approve", {}), ("D01", "/disclosures/ID/package.zip"),
        ("L01", "/disclosures/ID/package.zip"),
    )  # fmt: skip
    assert "等待负责人批准" in asked.text
    assert "检察机关 · 不含位置" in waiting.text
    assert (early.status_code, approved.status_code, taken.status_code) == (403, 303, 200)
    assert taken.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(taken.content)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    sums = dict(line.split("  ")[::-1] for line in files["SHA256SUMS"].decode().splitlines())
    assert {name: hashlib.sha256(octets).hexdigest() for name, octets in files.items() if name != "SHA256SUMS"} == sums
    assert set(files) == {
        "acts.html", "alarms/abababab.html", "cover.html", "looks.html", "manifest.json", "SHA256SUMS"
    }  # fmt: skip
    whole = b"".join(files.values()).decode()
    assert "未接" in whole
    assert "P0002" not in whole
    assert "109.43" not in whole
    manifest = msgspec.json.decode(files["manifest.json"])
    assert (manifest["by"], manifest["approved_by"], manifest["document"]) == ("D01", "L01", "J-1")
    digest, said = hashlib.sha256(files["SHA256SUMS"]).hexdigest(), "procuratorate supervision J-1"
    rows = looks(desk)
    assert rows[:4] == [
        ("D01", "disclose", "P0001", f"asked {said}", True), ("D01", "disclose", "P0001", f"taken {said}", False),
        ("L01", "disclose", "P0001", f"approved {said}", True),
        ("D01", "disclose", "P0001", f"taken {digest} {said}", True),
    ]  # fmt: skip
    assert again.status_code == 200
    desk.clock.at = NOW + OPEN_FOR
    late, page = visited(desk, ("D01", "/disclosures/ID/package.zip"), ("D01", "/disclosures"))
    assert late.status_code == 403
    assert "已过下载时限" in page.text


def test_nobody_approves_his_own_and_a_decision_stands(desk):
    answers = visited(
        desk, ("L01", "/disclosures", FORM), ("L01", "/disclosures/ID/approve", {}),
        ("D01", "/disclosures/ID/approve", {}),
        ("L01", "/disclosures/ID/other", {}), ("L01", "/disclosures/none/approve", {}),
    )  # fmt: skip
    assert [one.status_code for one in answers] == [200, 403, 403, 404, 404]
    assert "不能由申请人自己批准" in answers[1].text
    refused = visited(
        desk, ("D01", "/disclosures", FORM | {"document": "J-2"}), ("L01", "/disclosures"),
    )[1].text  # fmt: skip
    assert refused.count("/approve") == 1, "of two that wait the other's alone"


def test_what_was_refused_is_not_taken(desk):
    answers = visited(
        desk, ("D01", "/disclosures", FORM), ("L01", "/disclosures/ID/refuse", {}),
        ("L01", "/disclosures/ID/approve", {}),
        ("D01", "/disclosures/ID/package.zip"), ("D01", "/disclosures"),
    )  # fmt: skip
    assert [one.status_code for one in answers] == [200, 303, 403, 403, 200]
    assert "不予批准" in answers[4].text


@pytest.mark.parametrize(("change", "says"), [
    ({"person": "P9999"}, "没有这个对象编号"), ({"since": "yesterday"}, "时间有误"),
    ({"since": "2026-09-01 00:00"}, "最多 31 天"),
    ({"until": "2026-10-30 00:00"}, "时间有误"), ({"recipient": "press"}, "请选择接收机关"),
    ({"purpose": "merit"}, "请选择接收机关"),
    ({"document": " "}, "请写明文号"),
])  # fmt: skip
def test_what_is_wrong_is_said_and_what_was_typed_stays(desk, change, says):
    [answer] = visited(desk, ("L01", "/disclosures", FORM | {"document": "<J-1>"} | change))
    assert answer.status_code == 422
    assert says in answer.text
    assert "<J-1>" not in answer.text
    assert looks(desk) == []


def test_a_minor_needs_a_reason_and_the_protected_are_never_disclosed(desk):
    people = desk.configuration.people

    def is_now(**changes):
        entry = replace(people["P0001"], **changes)
        desk.in_force.configuration = replace(desk.configuration, people={**people, "P0001": entry})

    is_now(minor=True)
    without, reasoned = visited(desk, ("D01", "/disclosures", FORM), ("D01", "/disclosures", FORM | {"minor": "令3号"}))
    assert "未成年人" in without.text
    assert without.status_code == 422
    assert reasoned.status_code == 200
    assert looks(desk)[1][3] == "asked procuratorate supervision J-1 令3号"
    is_now(protected=True)
    [guarded] = visited(desk, ("D01", "/disclosures", FORM))
    assert "受保护人" in guarded.text


def test_an_office_has_its_own_people_and_others_none(desk):
    own, other, auditor, technician = visited(
        desk, ("S01", "/disclosures", FORM), ("S02", "/disclosures", FORM), ("A01", "/disclosures"),
        ("T01", "/disclosures"),
    )  # fmt: skip
    assert [one.status_code for one in (own, other, auditor, technician)] == [200, 403, 403, 403]
    [page] = visited(desk, ("S02", "/disclosures"))
    assert "J-1" not in page.text
    assert 'href="/disclosures"' in page.text
    [helped] = visited(desk, ("A01", "/help"))
    assert 'href="/disclosures"' not in helped.text
