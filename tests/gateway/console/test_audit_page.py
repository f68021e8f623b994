"""The page of who looked at what: for whom it is, what is found, and what is taken away as a table."""

from __future__ import annotations

import asyncio
import csv
import io

import pytest
from desk_accounts import looks
from opened_desk import client_of, desk_of, submit, visit, written

from gateway.console.accounts.audit_rows import ON_A_PAGE
from gateway.control.rights import NEEDS
from gateway.journal.aside import append_aside
from gateway.journal.controls import DOORS, Audited
from gateway.words import audit_list

NOW = 1_793_456_400.0
"""2026-10-31 22:20 in the county."""
ALARM = "a" * 32


@pytest.fixture
def desk(tmp_path):
    return desk_of(written(tmp_path / "county"), NOW)


def told(desk, *rows):
    for one in rows:
        append_aside(desk.storage, [one], max(NOW, one.at))


def look(number="D01", person="P0001", what="place", purpose=ALARM, at=NOW, **more):
    return Audited(
        what, number, office="SFS-01", door="console", person=person, purpose=purpose, at=at, **more
    )  # fmt: skip


def found(desk, query="", number="A01"):
    page = visit(desk, f"/audit?{query}", number).text
    body = page.split("<tbody>")[1]
    return [row.split("</td>")[1].split("<td>")[1] for row in body.split("<tr")[1:] if row.count("<td") == 10]


@pytest.mark.parametrize(
    ("number", "status"), [("A01", 200), ("D01", 403), ("L01", 403), ("S01", 403), ("T01", 403), ("P01", 200)]
)
def test_it_is_for_the_auditor_alone_and_others_are_written_down(desk, number, status):
    assert visit(desk, "/audit", number).status_code == status
    assert submit(desk, "/audit.csv", number)[0].status_code == status
    refused = [one for one in asyncio.run(looks(desk)) if not one.ok]
    assert [(one.number, one.what) for one in refused] == [(number, "audit")] * (2 if status == 403 else 0)


@pytest.mark.parametrize("number", ["A01", "P01", "D01", "L01"])
def test_the_menu_leads_there_whoever_may_go(desk, number):
    assert ('href="/audit"' in visit(desk, "/help", number).text) is (number in {"A01", "P01"})


def test_a_row_says_all_of_a_look_in_both_languages(desk):
    told(desk, look(ip="192.0.2.7", session="5e55"), look(what="number", purpose="回访核实", ok=False))
    page = visit(desk, "/audit", "A01").text
    for said in (
        "2026-10-31 22:20:00",
        "D01",
        "SFS-01",
        "位置",
        "P0001",
        ALARM,
        "192.0.2.7",
        "5e55",
        "已显示",
        "值班台",
    ):
        assert said in page
    for said in ("联系方式", "回访核实", "已拒绝"):
        assert said in page
    assert "refused" in visit(desk, "/audit", "A01", "en").text


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("", ["4", "3", "2", "1"]),
        ("number=2", ["2"]),
        ("person=P0002", ["3"]),
        ("what=number", ["3"]),
        ("purpose=visit", ["3"]),
        ("purpose=%25", []),
        ("day=2026-11-01", ["4"]),
        ("day=2026-10-31", ["3", "2", "1"]),
        ("day=nonsense", ["4", "3", "2", "1"]),
        ("day=9999-12-31", ["4", "3", "2", "1"]),
        ("before=2", ["2", "1"]),
        ("before=99999999999999999999999999", ["4", "3", "2", "1"]),
        ("number=2&person=P0002", []),
        ("number=%27+OR+1=1--", []),
    ],
)
def test_rows_are_found_by_staff_person_day_and_purpose(desk, query, numbers):
    told(desk, look("1"), look("2"), look("3", "P0002", "number", "a visit"), look("4", at=NOW + 6000))
    assert found(desk, query) == numbers


def test_the_pages_go_on_to_the_first_row(desk):
    append_aside(desk.storage, [look(str(each)) for each in range(ON_A_PAGE + 3)], NOW)
    first = visit(desk, "/audit?person=P0001", "A01").text
    assert "/audit?person=P0001&amp;before=3" in first
    rest = found(desk, "person=P0001&before=3")
    assert rest == ["2", "1", "0"]


def test_what_is_taken_away_is_written_down_with_what_was_sought(desk):
    told(desk, look(), look(person="P0002"))
    answer, _ = submit(desk, "/audit.csv?person=P0001&day=2026-10-31", "A01")
    assert answer.headers["content-type"].startswith("text/csv")
    table = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert [(row["person"], row["what"]) for row in table] == [("P0001", "audit_export"), ("P0001", "place")]
    last = asyncio.run(looks(desk))[-1]
    assert (last.number, last.what, last.purpose) == ("A01", "audit_export", "person=P0001 day=2026-10-31")


def test_no_cell_of_the_table_is_a_formula(desk):
    told(desk, look(purpose="=HYPERLINK(1)"), look(purpose="+1"), look(purpose="@x"), look(purpose='a, "b"\n=c'))
    answer, _ = submit(desk, "/audit.csv", "A01")
    purposes = [row["purpose"] for row in csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff")))]
    assert purposes[1:] == ['a, "b"\n=c', "'@x", "'+1", "'=HYPERLINK(1)"]


def test_what_was_typed_is_text(desk):
    told(desk, look(purpose="<script>x</script>", number="<b>"))
    assert "<script>x" not in visit(desk, "/audit", "A01").text


def test_there_is_no_way_to_take_a_row_away(desk):
    told(desk, look())

    async def run():
        statuses = []
        async with client_of(desk, "A01") as client:
            for path in ("/audit", "/audit/1", "/audit.csv"):
                answers = [await client.request(method, path) for method in ("DELETE", "PUT", "PATCH")]
                statuses += [answer.status_code for answer in answers]
            statuses.append((await client.post("/audit", data={"id": "1", "delete": "1"})).status_code)
        return statuses

    assert set(asyncio.run(run())) <= {404, 405}
    assert len(asyncio.run(looks(desk))) == 1


def test_all_that_is_written_down_has_words():
    assert set(NEEDS) <= set(audit_list.WHATS)
    assert set(DOORS) == set(audit_list.DOORS)
