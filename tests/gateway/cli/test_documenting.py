"""`document`: who may have which, each look in the audit log before the page is written, equal bytes of equal data."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from looked import looked_in
from made_episodes import episode
from opened_county import county_with
from timeline import at
from typer.testing import CliRunner

from gateway.cli.app import app
from gateway.cli.disclosure import Asked
from gateway.cli.documenting import _times, moment, write_notice, write_record, write_slip, write_statement
from gateway.engine import About, Notice, NoticeRecord, NoticeState
from gateway.engine.act_lines import ActLine
from gateway.errors import UserFault
from gateway.settings.absences import Leave
from gateway.settings.load import inspect
from gateway.settings.model import Role, Staff
from gateway.store.state_db import Beside, Event, StateStore
from gateway.words.phrases import LANGUAGE, spoken

WHEN = "2026-11-05 09:00"
STAFF = {
    number: Staff(number, "", frozenset({role}), office)
    for number, role, office in (
        ("D01", Role.DUTY, ""), ("S02", Role.OFFICE, "SFS-02"), ("A01", Role.AUDITOR, ""), ("L01", Role.LEADER, ""),
        ("T01", Role.TECHNICIAN, ""),
    )
}  # fmt: skip
ASKED = Asked(Path("nowhere.html"), "court", "penalty", "D-7", "L01", "D01", minor=False)
WRITERS = {
    "alarm": lambda county, path, by: write_record(county, "000", path, by, WHEN),
    "leave": lambda county, path, by: write_slip(county, "P0001", path, by, ("", WHEN)),
    "notice": lambda county, path, by: write_notice(county, "P0001", path, by, WHEN),
}


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    return county_with(tmp_path_factory.mktemp("documents"))[0]


@pytest.fixture(scope="module")
def known(files):
    """The sample county, P0001 of which has been on leave."""
    configuration, faults = inspect(files, "en")
    assert configuration is not None, faults
    return replace(configuration, staff=STAFF, leave=(Leave("P0001", "", at(1, 8), at(2, 18), "SFS-01"),))


@pytest.fixture
def county(known, tmp_path):
    """Its gateway has raised an alarm, told D01 of it, and does not run."""
    LANGUAGE.set("en")
    acts = [ActLine(at(0, 22.8), "D01", "attempt", 1, whom="wearer", result="no_answer", note="asked P0002")]
    one = episode("curfew_late", office="SFS-01", latitude=24.31, longitude=109.43, radius_m=30.0, acts=acts)
    about = About(one.kind, one.severity, "P0001", "B0001", "SFS-01", one.onset)
    told = NoticeRecord(Notice("1" * 16, one.id, "D01", one.onset, about), NoticeState.SENT, at(0, 22.77), "sms")
    (tmp_path / "data").mkdir()
    with closing(StateStore(tmp_path / "data" / "state.db")) as store:
        store.commit([Event("1", one.id, one.severity, b"{}", one)], [], 1, Beside(notices=[told]))
    return replace(known, storage=replace(known.storage, directory=str(tmp_path / "data")))


def refused(write) -> str:
    with pytest.raises(UserFault) as told:
        write()
    return spoken(told.value, "en")


def looked(county):
    found = looked_in(Path(county.storage.directory))
    return [(one.what, one.number, one.person, one.about, one.ok) for one in found]


@pytest.mark.parametrize(("kind", "what", "about"), [
    ("alarm", "alarms", "00000000"), ("leave", "registers", "leave"), ("notice", "registers", "notice"),
])  # fmt: skip
def test_a_document_is_written_for_its_reader_and_the_same_again(county, tmp_path, kind, what, about):
    one, again = tmp_path / "one.html", tmp_path / "again.html"
    said = WRITERS[kind](county, one, "D01")
    assert looked(county) == [(what, "D01", "P0001", about, True)]
    assert said.split("digest ")[1] in one.read_text("utf-8")
    assert one.stat().st_mode & 0o777 == 0o600
    WRITERS[kind](county, again, "D01")
    assert one.read_bytes() == again.read_bytes()
    assert "is there already" in refused(lambda: WRITERS[kind](county, one, "D01"))


def test_a_record_has_calls_and_notices_and_names_nobody_else(county, tmp_path):
    WRITERS["alarm"](county, tmp_path / "one.html", "D01")
    page = (tmp_path / "one.html").read_text("utf-8")
    assert "no answer" in page
    assert "2026-11-02 22:46:12" in page, "when D01 was told"
    assert "P0002" not in page
    assert "（另一人 somebody else）" in page
    WRITERS["alarm"](county, tmp_path / "two.html", "A01")
    assert "No places stand here" in (tmp_path / "two.html").read_text("utf-8")
    assert "last change" in refused(
        lambda: write_record(county, "000", tmp_path / "three.html", "D01", "2026-11-01 09:00")
    )


def test_of_a_protected_person_and_after_the_term_a_record_has_no_places(county, tmp_path):
    for name, change in (("a", {"protected": True}), ("b", {"term_until": at(1, 0)})):
        person = replace(county.people["P0001"], **change)
        WRITERS["alarm"](replace(county, people={**county.people, "P0001": person}), tmp_path / name, "L01")
        assert "No places stand here" in (tmp_path / name).read_text("utf-8")


def test_a_slip_is_of_the_leave_that_was_asked_for(county, tmp_path):
    WRITERS["leave"](county, tmp_path / "one.html", "T01")
    assert "2026-11-04 18:00:00" in (tmp_path / "one.html").read_text("utf-8")
    path = tmp_path / "two.html"
    assert "has no leave" in refused(lambda: write_slip(county, "P0001", path, "D01", ("2026-11-01 00:00", WHEN)))
    assert "P0099" in refused(lambda: write_notice(county, "P0099", path, "D01", WHEN))


@pytest.mark.parametrize(("kind", "number"), [("alarm", "S02"), ("alarm", "T01"), ("leave", "S02"), ("notice", "S02")])
def test_what_is_not_for_somebody_is_refused_and_written_down(county, tmp_path, kind, number):
    assert number in refused(lambda: WRITERS[kind](county, tmp_path / "one.html", number))
    assert not (tmp_path / "one.html").exists()
    assert [row[4] for row in looked(county)] == [False]


@pytest.mark.parametrize(("change", "since", "says"), [
    ({"approved_by": "D01"}, "2026-11-02 00:00", "may not approve"),
    ({"purpose": "merit"}, "2026-11-02 00:00", "none of search"),
    ({}, "2026-09-01 00:00", "31 days at most"), ({}, "2026-11-05 10:00", "no time from"),
])  # fmt: skip
def test_a_statement_of_a_track_is_approved_like_an_export(county, change, since, says):
    assert says in refused(lambda: write_statement(county, "P0001", replace(ASKED, **change), (since, "", WHEN)))
    assert [(row[0], row[4]) for row in looked(county)] == [("export", False)]


def test_no_document_is_as_of_a_time_to_come(known):
    assert moment(known, WHEN) == at(3, 9)
    assert moment(known, "") > at(0, 0)
    assert _times(known, ("2026-11-02 00:00", "2026-11-20 00:00", WHEN)) == (at(0, 0), at(3, 9), at(3, 9))
    for typed, says in (("2100-01-01 00:00", "has not come"), ("yesterday", "yesterday")):
        assert says in refused(lambda typed=typed: moment(known, typed))


def test_the_command_line_writes_one(files, county, tmp_path):
    storage = county.storage.directory
    main = files / "gateway.yaml"
    main.write_text(main.read_text("utf-8").replace("directory: data", f"directory: {storage}"), "utf-8")
    words = ["document", "notice", "P0001", "-o", str(tmp_path / "n.html"), "--config", str(files), "--lang", "zh"]
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 0, done.output
    assert "电子定位告知书" in (tmp_path / "n.html").read_text("utf-8")
