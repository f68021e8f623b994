"""``inspect``: what is stored is told, nothing of it changes, and no frame, message or configuration is shown."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from contextlib import closing
from dataclasses import replace

import numpy as np
import pytest
from gateway_entries import DAY, batch
from made_episodes import episode
from timeline import Timeline

from gateway.cli.inspection import facts_of, files_of, inspect, rows_of
from gateway.engine import PAST, Interval, Presence
from gateway.errors import OurFault, UserFault
from gateway.history.days import DayHistory
from gateway.journal import FileJournal
from gateway.settings.model import Storage
from gateway.store.schema import VERSION
from gateway.store.state_db import Beside, Event, StateStore
from gateway.towers.store import TowerStore
from gateway.words.phrases import LANGUAGE

WORDS = "words of somebody"
FILES = ["state.db", "configurations", "1970-01-01.journal", "1970-01-02.journal", "newest.history"]


@pytest.fixture
def storage(tmp_path):
    """Two days of a county, thirty alarms, a configuration."""
    journal = FileJournal(tmp_path / "journal")
    journal.store_configuration("d" * 64, {"people.csv": WORDS})
    for times in ((10.0, 20.0), (30.0,), (DAY + 40.0,)):
        journal.append(batch(*times))
    journal.close()
    history, rows = DayHistory(tmp_path / "history"), np.ones(3, PAST)
    rows["device"] = 0
    history.add(["B0001"], rows, 0)
    history.flush(2)
    history.close()
    said = [Event(f"e{n}.1", f"e{n}", "critical", WORDS.encode(), made(n)) for n in range(30)]
    with closing(StateStore(tmp_path / "state.db")) as store:
        store.commit(said, [("city", frozenset())], 2)
    return tmp_path


def made(number):
    return episode("sos", id=f"e{number}", decided=1000.0 - number, office=WORDS)


@pytest.fixture
def county(storage):
    configuration = Timeline.of().policy.configuration
    token = LANGUAGE.set("en")
    yield replace(configuration, storage=Storage(str(storage), 30))
    LANGUAGE.reset(token)


def digests(storage):
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in storage.rglob("*") if path.is_file()}


def told(capsys, county, what="", most=20, *, as_json=True):
    inspect(county, what, most, as_json=as_json)
    said = capsys.readouterr().out
    return [json.loads(line) for line in said.splitlines()] if as_json else said


def test_presence_is_shown_with_its_times(storage, county, capsys):
    with closing(StateStore(storage / "state.db")) as store:
        night = Interval(("P1", "nights/3", "home:P1"), 3600.0, 7200.0, Presence.HOME, (1, 1, 0.0))
        area = Interval(("P1", "stay/1", "square"), 7200.0, float("inf"), Presence.NOT_HOME, (1, 1, 0.0))
        store.commit([], [], 3, Beside(presence=[area, night]))
    one, two = told(capsys, county, "presence")
    assert one == {
        "person": "P1", "rule": "nights", "duty": "curfew", "zone": "home:P1", "since": "1970-01-01T01:00:00Z",
        "until": "1970-01-01T02:00:00Z", "state": "home",
    }  # fmt: skip
    assert (two["duty"], two["until"], two["state"]) == ("area", None, "not_home")
    (facts,) = [line for line in told(capsys, county, "state.db") if line["table"] == "presence"]
    assert (facts["rows"], facts["oldest"], facts["newest"]) == (2, one["since"], two["since"])
    assert "not_home" in told(capsys, county, "presence", as_json=False)


def test_every_table_of_every_file_is_told_with_rows_and_ages(county, capsys):
    lines = told(capsys, county)
    tables = {(line["file"], line["table"]): line for line in lines}
    assert list(dict.fromkeys(line["file"] for line in lines)) == FILES
    assert tables["state.db", "event"]["rows"] == tables["state.db", "outbox"]["rows"] == 30
    assert tables["state.db", "outbox"]["version"] == VERSION
    assert tables["configurations", "configuration"]["rows"] == 1
    aged = tables["1970-01-01.journal", "batch"]
    assert (aged["rows"], aged["oldest"], aged["newest"]) == (2, "1970-01-01T00:00:10Z", "1970-01-01T00:00:30Z")
    assert (tables["newest.history", "chunk"]["rows"], tables["newest.history", "progress"]["rows"]) == (1, 1)
    alarms = tables["state.db", "episode"]
    assert (alarms["oldest"], alarms["newest"]) == ("1970-01-01T00:16:11Z", "1970-01-01T00:16:40Z")
    assert all(line["bytes"] > 0 for line in lines)


def test_the_cells_that_were_imported_are_told_too(county, storage, capsys):
    TowerStore(storage / "towers.db").close()
    tables = {line["table"]: line for line in told(capsys, county, "towers.db")}
    assert set(tables) == {"cell", "file", "progress", "staged"}
    assert {line["version"] for line in tables.values()} == {1}
    assert told(capsys, county, "towers.db/cell") == []


def test_one_file_is_told_alone(county, capsys):
    assert {line["file"] for line in told(capsys, county, FILES[3])} == {FILES[3]}


def test_the_newest_rows_are_told_oldest_first_and_no_more_than_asked_for(county, capsys):
    rows = told(capsys, county, "episode", 3)
    assert [row["id"] for row in rows] == ["e2", "e1", "e0"]
    assert rows == told(capsys, county, "state.db/episode", 3)
    assert rows[0]["decided"] == "1970-01-01T00:16:38Z"
    assert [row["seq"] for row in told(capsys, county, "outbox", 2)] == [29, 30]


@pytest.mark.parametrize("as_json", [True, False])
@pytest.mark.parametrize(
    "what", ["", "episode", "event", "configurations/configuration", f"{FILES[2]}/batch", f"{FILES[2]}/opened"]
)
def test_of_frames_messages_and_configurations_only_the_length_is_told(county, capsys, what, as_json):
    said = str(told(capsys, county, what, as_json=as_json))
    assert "frame" not in said
    assert WORDS not in said
    assert b"frame 10.0".hex() not in said


def test_lengths_are_in_bytes(storage):
    files = files_of(storage)
    (row,) = rows_of(files["configurations"], "configuration", 9)
    assert row == {"digest": "d" * 64, "sources_bytes": len(json.dumps({"people.csv": WORDS}))}
    with closing(sqlite3.connect(files[FILES[2]])) as db:
        stored = db.execute("SELECT body, chain FROM batch ORDER BY first").fetchall()
    rows = rows_of(files[FILES[2]], "batch", 9)
    assert [(row["body_bytes"], row["chain"]) for row in rows] == [(len(body), chain.hex()) for body, chain in stored]


def test_what_was_erased_is_told_with_when_and_an_origin_with_its_digest(storage):
    with closing(FileJournal(storage / "journal")) as journal:
        journal.erase([3], "an order of the court", by="D01", time=5.0)
    files = files_of(storage)
    (erased,) = rows_of(files[FILES[3]], "erased", 9)
    assert (erased["offset"], erased["time"]) == (3, 5.0)
    tables = {each.table: each for each in facts_of(files[FILES[3]]).tables}
    assert (tables["erased"].oldest, tables["erased"].newest) == (5.0, 5.0)
    (origin,) = rows_of(files[FILES[2]], "origin", 9)
    assert origin["digest"] == hashlib.sha256(origin["said"].encode()).hexdigest()


def test_nothing_is_changed_while_the_gateway_runs_and_what_it_holds_back_is_seen(storage):
    with closing(StateStore(storage / "state.db")) as running, closing(FileJournal(storage / "journal")) as journal:
        running.commit([Event("late.1", "late", "critical", b"{}", made(99))], [], 3)
        journal.append(batch(DAY + 50.0))
        before = digests(storage)
        facts = {
            file.name: {each.table: each.rows for each in file.tables}
            for file in map(facts_of, files_of(storage).values())
        }
        assert (facts["state.db"]["event"], facts[FILES[3]]["batch"]) == (31, 2)
        rows_of(storage / "state.db", "event", 5)
        after = digests(storage)
    assert after.keys() == before.keys()
    assert [name for name in after if after[name] != before[name] and not name.endswith("-shm")] == []


def test_a_newer_version_is_shown_and_left_alone(storage):
    with closing(sqlite3.connect(storage / "state.db")) as db:
        db.execute(f"PRAGMA user_version = {VERSION + 1}")
    assert facts_of(storage / "state.db").version == VERSION + 1
    assert len(rows_of(storage / "state.db", "event", 5)) == 5
    assert facts_of(storage / "state.db").version == VERSION + 1


@pytest.mark.parametrize("language", ["zh", "en"])
def test_people_read_it_in_their_language_and_the_countys_time(county, capsys, language):
    LANGUAGE.set(language)
    said = told(capsys, county, as_json=False)
    wanted = {
        "zh": "batch：2 行，1970-01-01 08:00:10+08:00 至 1970-01-01 08:00:30+08:00",
        "en": "batch: 2 rows, 1970-01-01 08:00:10+08:00 to 1970-01-01 08:00:30+08:00",
    }
    assert wanted[language] in " ".join(said.split())


def test_a_damaged_file_is_named_and_the_others_are_told_all_the_same(county, storage, capsys):
    (storage / "journal" / FILES[2]).write_bytes(b"no database, " * 1000)
    lines = told(capsys, county)
    assert [line["fault"].split(".")[0] for line in lines if "fault" in line] == [
        "the file is damaged (file is not a database)"
    ]
    assert {line["file"] for line in lines} == set(FILES)
    assert "file is not a database" in told(capsys, county, as_json=False)
    with pytest.raises(
        OurFault, match=r"1970-01-01\.journal cannot be read: the file is damaged \(file is not a database\)"
    ):
        inspect(county, f"{FILES[2]}/batch", 5, as_json=True)


@pytest.mark.parametrize("what", ["nothing", "state.db/nothing", "sqlite_sequence", "2020-01-01.journal/batch", "../x"])
def test_what_is_not_there_is_refused_with_what_there_is(county, what):
    with pytest.raises(UserFault) as refused:
        inspect(county, what, 5, as_json=True)
    assert "command, episode, event" in str(refused.value)


def test_a_place_where_it_never_ran_is_refused_in_words(tmp_path):
    with pytest.raises(UserFault, match="the gateway has not run here yet"):
        files_of(tmp_path / "none")
    assert not (tmp_path / "none").exists()


def test_a_table_of_a_state_that_is_not_there_is_refused_in_words(county, storage):
    (storage / "state.db").unlink()
    with pytest.raises(UserFault, match=r"state\.db does not exist"):
        inspect(county, "outbox", 5, as_json=True)


def test_an_account_that_may_not_read_a_file_is_told_whose_it_is(county, monkeypatch):
    monkeypatch.setattr("os.access", lambda path, _: path.name != FILES[3])
    with pytest.raises(UserFault, match=r"this account may not read .*1970-01-02\.journal"):
        inspect(county, "", 5, as_json=True)


def test_an_account_that_may_not_look_into_the_storage_is_told_so(county, monkeypatch):
    def closed(_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pathlib.Path.iterdir", closed)
    with pytest.raises(UserFault, match="this account may not read"):
        inspect(county, "", 5, as_json=True)
