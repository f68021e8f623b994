"""Texts of configurations: each once on disk, whole when they are read, also those that an older version wrote."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing

import pytest

from gateway.errors import OurFault
from gateway.journal import FileJournal

TEXTS = {"gateway.yaml": "county: 县\n" * 100, "zones/cafes.geojson": "x" * 200_000, "desk.json": ""}


@pytest.fixture
def journal(tmp_path):
    one = FileJournal(tmp_path)
    yield one
    one.close()


def test_what_many_configurations_share_is_kept_once(tmp_path, journal):
    for number in range(50):
        journal.store_configuration(f"d{number}", {**TEXTS, "desk.json": f"deed {number}\n" * (number + 1)})
    for number in (0, 49):
        assert journal.configuration(f"d{number}") == {**TEXTS, "desk.json": f"deed {number}\n" * (number + 1)}
    size = sum(path.stat().st_size for path in tmp_path.glob("configurations*"))
    assert size < 5 * len(TEXTS["zones/cafes.geojson"])


def test_what_an_older_version_wrote_is_read_and_stays(tmp_path, journal):
    with closing(sqlite3.connect(tmp_path / "configurations")) as db, db:
        db.execute("CREATE TABLE configuration (digest TEXT PRIMARY KEY, sources TEXT NOT NULL) STRICT")
        db.execute("INSERT INTO configuration VALUES ('old', ?)", (json.dumps(TEXTS),))
    assert journal.configuration("old") == TEXTS
    journal.store_configuration("new", TEXTS)
    assert journal.configuration("old") == journal.configuration("new") == TEXTS


@pytest.mark.parametrize("damage", ["DELETE FROM text", "UPDATE text SET body = 'y'"])
def test_a_text_that_is_not_what_was_written_is_named(tmp_path, journal, damage):
    journal.store_configuration("d", TEXTS)
    with closing(sqlite3.connect(tmp_path / "configurations")) as db, db:
        db.execute(damage)
    with pytest.raises(OurFault, match="damaged"):
        journal.configuration("d")
    with pytest.raises(OurFault, match="not in the journal"):
        journal.configuration("another")


def test_one_goes_once_nobody_has_needed_it_for_long_and_its_texts_with_the_last_that_has_them(tmp_path, journal):
    for number in range(3):
        journal.store_configuration(f"d{number}", {**TEXTS, "desk.json": f"deed {number}\n" * 100})
    assert journal.keep_configurations({"d0"}, 10.0) == 0
    journal.store_configuration("late", {"desk.json": "proposed\n" * 100})
    assert journal.keep_configurations({"d1"}, 20.0, horizon=15.0) == 2  # d0 and d2 were last needed at 10
    assert journal.configuration("d1") == {**TEXTS, "desk.json": "deed 1\n" * 100}
    assert journal.configuration("late")  # stored, and looked at for the first time
    for gone in ("d0", "d2"):
        with pytest.raises(OurFault, match="not in the journal"):
            journal.configuration(gone)
    with closing(sqlite3.connect(tmp_path / "configurations")) as db:
        assert db.execute("SELECT count(*) FROM text").fetchone() == (4,)
    assert journal.keep_configurations(set(), 30.0, horizon=30.0) == 2


def test_a_needed_one_is_never_put_back_in_time(journal):
    journal.store_configuration("d", TEXTS)
    journal.keep_configurations({"d"}, 100.0)
    assert journal.keep_configurations({"d"}, 50.0, horizon=90.0) == 0
    assert journal.configuration("d") == TEXTS


def test_a_year_of_deeds_does_not_grow_for_ever(tmp_path, journal):
    sizes = []
    for day in range(400):
        journal.store_configuration(f"d{day}", {**TEXTS, "desk.json": f"deed {day}\n" * 500})
        journal.keep_configurations({f"d{day}"}, float(day), horizon=day - 30.0)
        sizes.append((tmp_path / "configurations").stat().st_size)
    assert sizes[-1] <= sizes[100]
