"""A sheet of the office on paper: every line and mark, who signed, and the hash that was signed."""

from __future__ import annotations

import msgspec
from timeline import at, county

from gateway.journal.controls import PaperAct, PaperLine
from gateway.papers.paper import begun, changed, digest_of
from gateway.printed.page import page_of
from gateway.printed.paper_sheet import paper_sheet
from gateway.printed.sheet import Making

LINES = (
    PaperLine("a", "unresolved", "P0001", zh="失联", en="silent", since=at(0, 22), due=at(1, 9), owner="D01"),
    PaperLine("b", "calls", "P0002", zh="约定来电", en="a call was promised"),
    PaperLine("c", "unresolved", device="B0003", zh="电量低", en="battery low", last=("已通知", "told", at(0, 21))),
)


def sheet(*acts, language="en"):
    """One that D01 had made at eight, after acts at five minutes from each other."""
    paper = begun(
        PaperAct("p1", "begin", 1, by="D01", form="hand_over", since=at(0, 20), until=at(1, 8), lines=LINES), at(1, 8)
    )
    for number, act in enumerate(acts, start=1):
        told = msgspec.structs.replace(act, revision=paper.revision + 1)
        if told.do == "sign":
            told = msgspec.structs.replace(told, digest=digest_of(paper))
        paper = changed(paper, told, at(1, 8) + 300.0 * number)
    return paper, paper_sheet(paper, Making(county().county, language, "D01", at(1, 9)))


def act(do, by="D01", **more):
    return PaperAct("p1", do, 0, by=by, **more)


def test_lines_stand_under_their_headings_in_the_sheets_order():
    _, document = sheet()
    titles = [part.title for part in document.parts]
    assert titles == ["The sheet", "Unresolved alarms", "calls", "Signatures"]
    first, second = document.parts[1].rows
    assert first[:7] == ["1", "P0001", "silent", "11-02 22:00", "11-03 09:00", "", "D01"]
    assert second[:7] == ["2", "B0003", "battery low", "", "", "told 11-02 21:00", ""]
    assert document.title == "Hand-over sheet"
    assert document.subject == "whole county 2026-11-03"


def test_what_was_added_corrected_ticked_and_struck_says_by_whom_and_what_it_was():
    better = msgspec.structs.replace(LINES[0], zh="失联三小时", en="silent for three hours")
    paper, document = sheet(
        act("add", lines=(PaperLine("d", "calls", zh="补充", en="one more"),), note="forgotten"),
        act("correct", "D02", lines=(better,)), act("tick", key="b", note="called"),
        act("strike", key="c", note="twice"),
    )  # fmt: skip
    marks = {row[2]: row[7] for part in document.parts[1:3] for row in part.rows}
    assert marks == {
        "silent for three hours": "corrected by D02 11-03 08:10; it was: silent",
        "battery low": "struck out by D01 11-03 08:20: twice",
        "a call was promised": "looked at by D01 11-03 08:15: called",
        "one more": "added by D01 11-03 08:05: forgotten",
    }
    assert dict(document.parts[0].rows)["Digest (SHA-256)"] == digest_of(paper)


def test_who_has_signed_stands_there_and_who_has_not_has_a_line():
    _, none = sheet()
    _, one = sheet(act("sign"))
    paper, both = sheet(act("sign"), act("sign", "D02"))
    assert [len(each.signs) for each in (none, one, both)] == [2, 1, 0]
    assert [row[1] for row in both.parts[-1].rows] == ["signed by D01", "signed by D02"]
    facts = dict(both.parts[0].rows)
    assert facts["Closed"] == "2026-11-03 08:10:00"
    assert facts["Digest (SHA-256)"] == paper.digest
    assert dict(one.parts[0].rows)["Closed"] == "not signed by all yet"
    _, again = sheet(act("sign"), act("reopen", "D02", note="one is missing"))
    assert [row[1] for row in again.parts[-1].rows] == [
        "signed by D01", "signature void: reopened by D02: one is missing"
    ]  # fmt: skip


def test_it_is_a_page_in_chinese_and_the_same_bytes():
    (_, one), (_, again) = sheet(act("sign"), language="zh"), sheet(act("sign"), language="zh")
    assert page_of(one) == page_of(again)
    assert "<h1>交接班单</h1>" in page_of(one).octets.decode()


def test_a_minor_stands_there_without_a_number_unless_that_is_asked_for():
    paper, _ = sheet()
    making = Making(county().county, "zh", "D01", at(1, 9))
    rows = [row[1] for part in paper_sheet(paper, making, {"P0001"}).parts[1:3] for row in part.rows]
    assert rows == ["未成年人（编号不打印）", "B0003", "P0002"]
