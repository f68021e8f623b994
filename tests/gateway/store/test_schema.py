"""Versions of state.db: whoever comes from an older one has the same tables; a step that fails changes nothing."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from importlib import resources

import pytest
from sqlite_utils import Database

from gateway.errors import OurFault
from gateway.store.schema import VERSION
from gateway.store.state_db import StateStore

OWED = (
    "INSERT INTO outbox (upstream, seq) VALUES ('city', 1)",
    "INSERT INTO outbox (upstream, seq, alarm, rank) VALUES ('city', 1, 'e', 0)",
)
"""Before version 3, and since."""


def left_by(path, version):
    """A state.db as a gateway of some version left it, with one event owed."""
    with closing(sqlite3.connect(path)) as db:
        for step in range(1, version + 1):
            script = resources.files("gateway.store.schema").joinpath(f"state_v{step}.sql").read_text("utf-8")
            db.executescript(f"BEGIN; {script}; PRAGMA user_version = {step}; COMMIT")
        db.execute("INSERT INTO event VALUES (1, 'e.1', 'e', x'7B7D')")
        db.execute(OWED[version >= 3])
        db.commit()


def seen(path):
    with closing(sqlite3.connect(path)) as db:
        return Database(db).schema, db.execute("PRAGMA user_version").fetchone()[0]


@pytest.mark.parametrize("version", range(1, VERSION + 1))
def test_the_tables_of_an_older_database_become_those_of_a_new_one(tmp_path, version):
    StateStore(tmp_path / "new.db").close()
    left_by(tmp_path / "state.db", version)
    with closing(StateStore(tmp_path / "state.db")) as store:
        assert [one.id for one in store.outbox.fresh("city", 9)] == ["e.1"]
    assert seen(tmp_path / "state.db") == seen(tmp_path / "new.db")
    assert seen(tmp_path / "new.db")[1] == VERSION


@pytest.mark.parametrize("version", range(1, VERSION))
def test_a_step_that_fails_half_way_leaves_the_database_as_it_was(tmp_path, version):
    path = tmp_path / "state.db"
    left_by(path, version)
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE taken (seq)")
        db.execute("CREATE INDEX paper_form ON taken (seq)")
    before = seen(path)
    with pytest.raises(OurFault, match=r"cannot open .*state\.db: .*index paper_form already exists"):
        StateStore(path)
    assert seen(path) == before
    with closing(sqlite3.connect(path, timeout=0)) as db:
        db.execute("DROP TABLE taken")
    with closing(StateStore(path)) as store:
        assert store.figures()["owed"] == 1


def test_a_trigger_that_somebody_has_set_outlives_the_steps(tmp_path):
    path, trigger = tmp_path / "state.db", "CREATE TRIGGER odd AFTER DELETE ON event BEGIN SELECT 1; END"
    left_by(path, 1)
    with closing(sqlite3.connect(path)) as db:
        db.execute(trigger)
    StateStore(path).close()
    assert trigger in seen(path)[0]


def test_a_database_that_is_up_to_date_is_opened_without_what_migrates(tmp_path):
    path = tmp_path / "state.db"
    StateStore(path).close()
    opening = (
        "import sys; from pathlib import Path; from gateway.store.state_db import StateStore;"
        "StateStore(Path(sys.argv[1])).close(); sys.exit('sqlite_utils' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", opening, path], check=False).returncode == 0
