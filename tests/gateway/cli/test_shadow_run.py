"""`shadow` over a small county: a day that was lived through, beside a made-up export of another system."""

from __future__ import annotations

import getpass
import html
import json
import re
import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest
from gateway_entries import listed
from looked import looked_in
from timeline import at, county
from typer.testing import CliRunner
from virtual import tell

from gateway.cli import shadowed
from gateway.cli.app import app
from gateway.cli.shadowed import withheld
from gateway.engine import EngineState
from gateway.engine.step import step
from gateway.errors import UserFault
from gateway.history.days import DayHistory
from gateway.history.reader import HistoryReader
from gateway.journal import FileJournal
from gateway.journal.entries import EntryKind, merge
from gateway.settings.model import Role, Staff, Storage
from gateway.store.state_db import StateStore
from gateway.upstream.cloudevents import event_of

NOW = at(10, 0)
THEIRS = """\
设备,报警类型,开始时间,结束时间,姓名
B0001,离线,2026/11/2 14:05,2026/11/2 16:00,甲
B0001,离线,2026/11/2 15:00,2026/11/2 15:10,甲
B0001,越界,2026-11-02 15:00:00,2026-11-02 15:10:00,甲
B0001,离线,2026/11/2 12:05,2026/11/2 12:15,甲
B0001,越界,2026/11/2 10:05,2026/11/2 10:15,甲
B0001,拆卸,2026/11/2 11:05,,甲
B0009,拆卸,2026/11/2 11:05,,甲
B0001,登录,2026/11/2 11:05,,甲
B0001,未知,2026/11/2 11:05,,甲
B0001,离线,2026/11/1 14:05,2026/11/1 16:00,甲
"""
KINDS = "theirs,ours\n离线,comms_lost\n越界,exclusion_enter\n越界,inclusion_exit\n拆卸,strap_cut\n登录,-\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A county's configuration, the storage of a gateway that lived through a day, and the other system's files."""
    folder = tmp_path_factory.mktemp("beside") / "county"
    told = tell(folder, "handover", days=1)
    storage = folder / "s"
    told.journaled(storage / "journal", 400)
    state = EngineState()
    state.history = DayHistory(storage / "history")
    said = step(state, told.entries, lambda _: told.policy, first=0).outcomes
    state.history.flush(state.offset, state.epochs)
    state.history.close()
    store = StateStore(storage / "state.db")
    store.commit([event_of(one, "sim", "Asia/Shanghai") for one in said], [], len(told.entries))
    store.close()
    (folder / "theirs.csv").write_bytes(THEIRS.encode("gb18030"))
    (folder / "kinds.csv").write_text(KINDS, "utf-8")
    return folder


@pytest.fixture(autouse=True)
def _in_time(monkeypatch):
    monkeypatch.setattr(shadowed.time, "time", lambda: NOW)


def run(folder, *more: object, lang: str = "en", document: str = "D-15"):
    words = (
        folder / "theirs.csv", "--since", "2026-11-02", "--until", "2026-11-03", "--kinds", folder / "kinds.csv",
        "--times-in", "Asia/Shanghai", "--document", document, "--config", folder, "--by", "D01", "--lang", lang, *more,
    )  # fmt: skip
    return CliRunner().invoke(app, ["shadow", *map(str, words)])


def looks(folder) -> list[tuple[str, ...]]:
    found = looked_in(folder / "s", what="shadow")
    return [(one.number, one.what, one.person, one.purpose, int(one.ok)) for one in found]


def files_of(folder):
    """What is stored, but for who looked at it."""
    kept = [*(folder / "s" / "history").iterdir(), folder / "s" / "state.db"]
    files = {path: path.read_bytes() for path in kept if path.is_file() and not path.name.endswith(("-shm", "-wal"))}
    journal = merge([batch for _, batch in FileJournal(folder / "s" / "journal", read_only=True).read(0)])
    return files, [one for one in listed(journal) if one[0] != EntryKind.AUDIT]


@pytest.fixture(scope="module")
def written(folder, tmp_path_factory):
    """What it writes: the page, the data, and what was said."""
    there = tmp_path_factory.mktemp("written")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shadowed.time, "time", lambda: NOW)
        before = files_of(folder)
        ran = run(folder, "-o", there / "one.html", "-o", there / "one.json")
        assert files_of(folder) == before, "nothing that is stored is changed"
    assert ran.exit_code == 2, ran.output
    return (there / "one.html").read_text("utf-8"), json.loads((there / "one.json").read_text("utf-8")), ran


def test_lines_that_cannot_be_used_are_said_and_counted(folder, written):
    _, data, ran = written
    assert [(one["line"], one["reason"]) for one in data["refused"]] == [(8, "device"), (10, "kind")]
    assert f"{folder / 'theirs.csv'}:8: device 'B0009' is not known" in ran.output
    assert "2 lines were not counted" in ran.output
    assert "both have 2, only theirs 3, only ours 0" in ran.output
    assert (data["outside"], data["passed"]) == (1, 1)


def test_what_both_have_is_paired_and_told_how_much_earlier(written):
    _, data, _ = written
    pairs = [(one["theirs"]["line"], one["ours"]["kind"]) for one in data["both"]]
    assert pairs == [(2, "comms_lost"), (4, "exclusion_enter")]
    assert data["both"][0]["onset_s"] == pytest.approx(-144.6)
    assert data["both"][0]["told_s"] == pytest.approx(3455.4)
    assert data["lag"]["told"] == {"earlier": 0, "later": 2, "median_s": pytest.approx(3827.9)}
    assert (data["covered"]["count"], data["covered"]["of"], data["known"]["count"], data["known"]["of"]) == (
        3,
        6,
        2,
        2,
    )
    assert data["by_kind"][0] | {"name": "comms_lost", "both": 1, "theirs_again": 1} == data["by_kind"][0]
    assert (data["load"]["theirs_each"], data["load"]["ours_each"]) == (6.0, 2.0)
    assert {one["name"] for one in data["by_day"]} == {"2026-11-02"}


def test_each_that_only_they_have_says_what_was_known(written):
    _, data, _ = written
    known = {one["theirs"]["line"]: [text["en"] for text in one["known"]] for one in data["only_theirs"]}
    assert set(known) == {5, 6, 7}
    assert any("145 s; an alarm from 3,600 s on" in text for text in known[5])
    assert sum("the evidence says that the rule is kept" in text for text in known[6]) == 2
    assert "the last report did not say so" in known[7]
    for texts in known.values():
        assert re.search(r"in the hour before \d+ reports had come", " ".join(texts))


def test_the_page_has_no_place_no_name_and_nothing_from_outside(written):
    page, data, _ = written
    for text in (page, json.dumps(data, ensure_ascii=False)):
        assert not re.search(r"\b(24|109)\.\d{3}", text), "no coordinates"
        assert not re.search(r"\d+ ?(m|metres|米)\b", text), "no distances"
        assert "甲" not in text
    for word in ("http", "src=", "href", "@import", "url(", "<script"):
        assert word not in page
    told = html.unescape(page)
    for text in (text for one in data["only_theirs"] for text in one["known"]):
        assert text["zh"] in told
        assert text["en"] in told
    assert "3 / 6 = 50.0 % (18.8-81.2 %)" in page


@pytest.mark.usefixtures("written")
def test_the_audit_log_has_it_and_whose_past_was_looked_at(folder):
    assert looks(folder)[:2] == [("D01", "shadow", "", "D-15", 1), ("D01", "shadow", "P0001", "D-15", 1)]


@pytest.mark.parametrize(
    ("more", "says"),
    [
        (("-o", "x.pdf"), ".html or .json"), (("-o", "x.html", "--times-in", "Mars"), "no time zone"),
        (("-o", "x.html", "--until", "2026-11-01"), "later than --since"),
        (("-o", "x.html", "--since", "soon"), "--since"),
        (("-o", "x.html", "--kinds", "nothing.csv"), "cannot be read"),
        (("-o", "x.html", "--document", " "), "--document"), (("-o", __file__), ".html or .json"),
    ],
)  # fmt: skip
def test_what_cannot_be_so_is_refused_before_anything_is_written(folder, tmp_path, monkeypatch, more, says):
    monkeypatch.chdir(tmp_path)
    ran = run(folder, *more)
    assert ran.exit_code != 0
    assert says in f"{ran.output}{ran.exception}"
    assert not list(tmp_path.iterdir())


def test_whose_term_is_over_who_is_a_minor_and_who_is_protected_are_left_out(folder, tmp_path, monkeypatch):
    known = county().people
    people = {
        "P0001": replace(known["P0001"], term_until=NOW), "P0002": replace(known["P0002"], minor=True),
        "P0003": replace(known["P0001"], person="P0003", protected=True, minor=True),
        "P0004": replace(known["P0001"], person="P0004"),
    }  # fmt: skip
    assert withheld(county(people=people), NOW) == {"P0001": "over", "P0002": "minor", "P0003": "protected"}
    monkeypatch.setattr(shadowed, "withheld", lambda *_: {"P0001": "minor"})
    assert run(folder, "-o", tmp_path / "none.json").exit_code == 2
    data = json.loads((tmp_path / "none.json").read_text("utf-8"))
    assert (data["both"], data["only_theirs"], data["by_person"]) == ([], [], [])
    assert data["withheld"] == {"minor": 8}
    assert "P0001" not in json.dumps(data)


def test_of_whom_no_authority_covers_now_nothing_is_looked_at(folder, tmp_path, monkeypatch):
    monkeypatch.setattr(shadowed.time, "time", lambda: at(400, 0))
    assert run(folder, "-o", tmp_path / "later.json").exit_code == 2
    data = json.loads((tmp_path / "later.json").read_text("utf-8"))
    assert {len(one["known"]) for one in data["only_theirs"]} == {1}
    assert "no authority covers this wearer now" in data["only_theirs"][0]["known"][0]["en"]


def test_before_the_journal_begins_nothing_was_known(folder, tmp_path):
    ran = run(folder, "-o", tmp_path / "before.json", "--since", "2026-11-01", "--until", "2026-11-02")
    assert ran.exit_code == 2
    (one,) = json.loads((tmp_path / "before.json").read_text("utf-8"))["only_theirs"]
    assert [text["en"] for text in one["known"]] == ["our journal begins at 11-02 00:00: of that time it has nothing"]


def test_what_officers_found_is_told_and_what_they_wrote_is_never_markup(folder, tmp_path):
    """In a copy of the county, whose alarms were closed and whose other system calls a kind <b>."""
    copy = tmp_path / "copy"
    shutil.copytree(folder, copy)
    main = copy / "gateway.yaml"
    main.write_text(main.read_text("utf-8").replace(str(folder / "s"), str(copy / "s")), "utf-8")
    with closing(sqlite3.connect(copy / "s" / "state.db")) as db, db:
        db.execute(
            "UPDATE episode SET body = json_set(body, '$.closed', decided, '$.outcome',"
            " CASE kind WHEN 'comms_lost' THEN 'confirmed' ELSE 'false' END)"
        )
    (copy / "theirs.csv").write_text("device,kind,from\nB0001,<b>,2026-11-02T10:00:00+08:00\n", "utf-8")
    (copy / "kinds.csv").write_text("<b>,sos\n", "utf-8")
    ran = run(copy, "-o", tmp_path / "one.html", "-o", tmp_path / "one.json")
    assert ran.exit_code == 0, ran.output
    (alone,) = [one for one in json.loads((tmp_path / "one.json").read_text("utf-8"))["closed"] if one["outcomes"]]
    assert (alone["group"], alone["open"]) == ("only_ours", 0)
    assert {name: (one["count"], one["of"]) for name, one in alone["outcomes"].items()} == {
        "confirmed": (1, 2), "false": (1, 2),
    }  # fmt: skip
    page = (tmp_path / "one.html").read_text("utf-8")
    assert "<b>" not in page
    assert "&lt;b&gt;" in page
    assert "kinds that theirs does not have" in page


def test_who_sees_an_office_alone_is_refused():
    staff = {"O01": Staff("O01", getpass.getuser(), frozenset({Role.OFFICE}), "S01")}
    with pytest.raises(UserFault, match="sees the people of S01 alone"):
        shadowed.caller_of_all(county(staff=staff, storage=Storage(".", 90)), "")


@pytest.mark.usefixtures("written")
def test_their_positions_are_held_against_ours_in_metres_and_nothing_is_changed(folder, tmp_path):
    rows = HistoryReader(folder / "s" / "history").rows(["B0001"], at(0, 0), at(1, 0))
    rows = rows[rows["located"]]
    lines = [f"B0001,{row['time']},{row['latitude'] + 15 / 111_000:.7f},{row['longitude']:.7f}" for row in rows]
    file = tmp_path / "fixes.csv"
    file.write_text("\n".join(["device,time,latitude,longitude", *lines, "B0009,1,24,109"]) + "\n", "utf-8")
    before, seen = files_of(folder), len(looks(folder))
    words = (
        file, "--since", "2026-11-02", "--until", "2026-11-03", "-o", tmp_path / "a.html", "-o", tmp_path / "a.json",
        "--document", "D-16", "--config", folder, "--by", "D01", "--lang", "en",
    )  # fmt: skip
    ran = CliRunner().invoke(app, ["shadow-fixes", *map(str, words)])
    assert ran.exit_code == 2, ran.output
    assert "device 'B0009' is not known" in ran.output
    assert files_of(folder) == before
    data = json.loads((tmp_path / "a.json").read_text("utf-8"))
    (one,) = data["by_day"]
    assert (one["day"], one["theirs"]) == ("2026-11-02", sum(each["theirs"] for each in data["by_person"]))
    assert [each["person"] for each in data["by_person"]] == ["P0001", "P0002"]
    assert one["theirs"] + data["unlawful"] == data["fixes"] == len(rows)
    assert one["met"] > 0.9 * len(rows)
    assert 8.0 < one["median_m"] < 40.0
    assert [pair["ours"]["kind"] for pair in data["both"]] == ["exclusion_enter"]
    page = (tmp_path / "a.html").read_text("utf-8")
    assert not re.search(r"\b(24|109)\.\d{3}", page + json.dumps(data))
    assert looks(folder)[seen:] == [("D01", "shadow", person, "D-16", 1) for person in ("", "P0001", "P0002")]
