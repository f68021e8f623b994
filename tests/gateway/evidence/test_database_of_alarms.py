"""Alarms as a database: what is in it and for whom, and that nobody is found by what is for statistics."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
import pytest
from made_episodes import episode
from timeline import at, county, person

from gateway.cli import databases
from gateway.cli.databases import Stretch, _checked, _shown
from gateway.cli.disclosure import Asked
from gateway.control.rights import Caller
from gateway.engine.act_lines import ActLine
from gateway.errors import UserFault
from gateway.evidence.database import Names, database_of
from gateway.settings.model import Role, Staff
from gateway.words.phrases import spoken

ZONE = ZoneInfo("Asia/Shanghai")
NOTE = ActLine(at(0, 23), "D01", "close", 2, outcome="excused", note="at his mother's, 3 Yard Lane")
PLACE = {"latitude": 24.3, "longitude": 109.4, "radius_m": 30.0, "zone": "cafes", "zone_name": "cafe 3"}
ASKED = Asked(Path("nowhere.db"), "auditor", "audit", "D-8", "L01", "", minor=False)


def alarms():
    marked = ActLine(at(0, 23.5), "L01", "cause", 3, cause="redrawn")
    done = {
        "acts": [NOTE, marked],
        "outcome": "excused",
        "closed": at(0, 23),
        "closed_by": "D01",
        "acknowledged_by": "",
    }
    first = episode(basis="order 2026-12", facts={"home_m": 900.0}, **done, **PLACE)
    return [first, msgspec.structs.replace(first, id="b" * 32, person="P0002", retracted=True, acts=[], outcome="")]


def written(tmp_path, names, *, places=False):
    path = tmp_path / "alarms.db"
    path.write_bytes(database_of(alarms(), names, {"to": "auditor"}, ZONE, places=places))
    return path


def table(path, name):
    with closing(sqlite3.connect(path)) as db:
        db.row_factory = sqlite3.Row
        return [dict(row) for row in db.execute(f"SELECT * FROM {name}")]  # noqa: S608  our own names


def test_an_auditor_reads_alarms_acts_and_counts_and_no_place(tmp_path):
    path = written(tmp_path, Names())
    assert {row["person"] for row in table(path, "alarms")} == {"P0001", "P0002"}
    assert [(row["by"], row["do"], row["note"]) for row in table(path, "acts")] == [
        ("D01", "close", NOTE.note), ("L01", "cause", ""),
    ]  # fmt: skip
    assert [row["cause"] for row in table(path, "acts")] == ["", "redrawn"]
    (count,) = table(path, "counts")
    assert (count["alarms"], count["retracted"], count["excused"], count["open"]) == (2, 1, 1, 0)
    assert table(path, "about") == [{"key": "to", "value": "auditor"}]
    assert not {"latitude", "zone", "facts"} & table(path, "alarms")[0].keys()
    octets = path.read_bytes()
    assert b"cafe 3" not in octets
    assert b"home_m" not in octets
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []


def test_places_are_in_it_where_they_were_asked_for(tmp_path):
    row = table(written(tmp_path, Names(), places=True), "alarms")[0]
    assert {name: row[name] for name in PLACE} == PLACE
    assert "home_m" in row["facts"]


def test_by_what_is_for_statistics_nobody_can_be_found(tmp_path):
    path = written(tmp_path, Names(list.reverse))
    assert {row["person"] for row in table(path, "alarms")} == {"P1", "P2"}
    assert table(path, "alarms")[0]["person"] == "P2"
    act, _ = table(path, "acts")
    assert (act["by"], act["note"], act["alarm"]) == ("S2", "", table(path, "alarms")[0]["alarm"])
    octets = path.read_bytes()
    for known in (b"P0001", b"D01", b"B0001", b"Yard Lane", alarms()[0].id.encode(), alarms()[0].basis.encode()):
        assert known not in octets


def test_who_may_not_is_told_why(monkeypatch):
    monkeypatch.setattr(databases.time, "time", lambda: at(5, 0))
    known = county(staff={"L01": Staff("L01", "", frozenset({Role.LEADER}))})
    root, stretch = Caller("root", "root"), Stretch("2026-11-02", "", places=False)
    assert _checked(known, root, ASKED, stretch) == (at(0, 0), at(5, 0))
    placed = replace(stretch, places=True)
    assert _checked(known, root, replace(ASKED, to="procuratorate"), placed) == (at(0, 0), at(5, 0))
    office = Caller("O01", "user", frozenset({Role.OFFICE}), "S01")
    for caller, asked, asked_for, says in (
        (root, ASKED, placed, "--places is for procuratorate alone"),
        (root, replace(ASKED, approved_by=""), stretch, "another person, of role leader"),
        (root, replace(ASKED, to="press"), stretch, "press"),
        (office, ASKED, stretch, "the people of an office alone"),
        (Caller("T01", "user", frozenset({Role.TECHNICIAN})), ASKED, stretch, "T01"),
        (root, ASKED, Stretch("2027-01-01", "", places=False), "no time from"),
    ):  # fmt: skip
        with pytest.raises(UserFault) as refused:
            _checked(known, caller, asked, asked_for)
        assert says in spoken(refused.value, "en")


def test_protected_people_are_left_out_and_minors_unless_they_are_needed():
    people = {"P0001": replace(person("P0001", (0.0, 0.0)), minor=True), "P0002": person("P0002", (0.0, 0.0))}
    known = county(people=people | {"P0003": replace(people["P0002"], person="P0003", protected=True)})
    held = [*alarms(), msgspec.structs.replace(alarms()[0], person="P0003")]
    shown = {
        (to, minor): [one.person for one in _shown(known, held, replace(ASKED, to=to, minor=minor))]
        for to in ("auditor", "statistics") for minor in (False, True)
    }  # fmt: skip
    assert shown["auditor", True] == ["P0001", "P0002"]
    assert shown["auditor", False] == shown["statistics", False] == shown["statistics", True] == ["P0002"]
