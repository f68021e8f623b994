"""Files of cells into a real towers.db, and what can be looked up then."""

from __future__ import annotations

import gzip
import os
import sqlite3
import tracemalloc
from contextlib import closing

import numpy as np
import pytest
from tower_files import HEADER, NOW, Told, imported, places, row, written

from gateway.errors import OurFault, TransientFault, UserFault
from gateway.towers import build, importing, store
from gateway.towers.lock import ImportLock
from gateway.towers.versions import TowerVersions

PLACE = (24.33, 109.41)


@pytest.fixture
def storage(tmp_path):
    return tmp_path / "storage"


def rows(storage, statement):
    with closing(sqlite3.connect(storage / "towers.db")) as db:
        return db.execute(statement).fetchall()


@pytest.mark.parametrize("name", ["cells.csv", "cells.csv.gz", "packed-without-saying-so"])
@pytest.mark.parametrize("header", [HEADER, ""], ids=["with its columns named", "without"])
def test_a_table_as_it_is_downloaded_is_taken(storage, tmp_path, name, header):
    path = written(tmp_path / name, row(1), "", row(2, lat="25"), header=header, end="\r\n")
    if name.startswith("packed"):
        path.write_bytes(gzip.compress(path.read_bytes()))
    told = imported(storage, path)
    counts = told.counts[name]
    assert (counts.rows, counts.good, counts.new, counts.broken) == (2, 2, 2, {})
    assert places(storage, 1, 2, 3) == [PLACE, (25.0, 109.41), None]


def test_columns_in_another_order_and_by_other_names_are_found_by_their_names(storage, tmp_path):
    header = "\ufeffupdated,MNC, LAC ,Latitude,longitude,radio,mcc,cellid,samples,note"
    path = written(tmp_path / "c.csv", '1,0,6334,24.33,109.41,"LTE",460,9,4,"a, b"', header=header)
    assert imported(storage, path).broken == []
    assert places(storage, 9) == [PLACE]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "the file is empty"), (b"\n\r\n  \n", "the file is empty"), (gzip.compress(b""), "the file is empty"),
        (HEADER.encode(), "has no row"), (b"mcc,mnc,lac,cid,lat,lon\n460,0,1,1,24,109\n", "no column radio"),
        (b"county: {code: a}\n", "no table of cell"), (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 50, "no table"),
        (b"a,b,c,d,e,f,g,h,i,j,k,l,m,n\n" * 200, "no table of cell towers"),
    ],
    ids=["nothing", "empty lines", "nothing packed", "no row", "no radio", "yaml", "a picture", "another table"],
)  # fmt: skip
def test_a_file_that_is_no_table_of_cells_is_refused_and_nothing_is_done(storage, tmp_path, content, said):
    foreign, good = tmp_path / "foreign", written(tmp_path / "good.csv", row())
    foreign.write_bytes(content)
    with pytest.raises(UserFault, match=said):
        imported(storage, good, foreign)
    assert not storage.exists()


def test_a_file_that_cannot_be_read_is_named(storage, tmp_path):
    for path in (tmp_path / "none.csv", tmp_path):
        with pytest.raises(UserFault, match=f"{path}: cannot be read"):
            imported(storage, path)


def test_broken_rows_are_named_by_their_lines_and_counted_and_the_others_kept(storage, tmp_path):
    lines = [row(1), "rubbish", row(2, lat="109.41", lon="24.33"), "", row(3, range=-1), row(4), "x" * 10_000, row(5)]
    told = imported(storage, written(tmp_path / "c.csv", *lines))
    assert [each.split(":")[0] for each in told.broken] == ["3", "4", "6", "8"]
    assert "latitude and longitude are swapped" in told.broken[1]
    counts = told.counts["c.csv"]
    assert counts.broken == {"columns": 2, "swapped": 1, "range": 1}
    assert (counts.rows, counts.good) == (7, 3)
    assert places(storage, 1, 2, 3, 4, 5) == [PLACE, None, None, PLACE, PLACE]


def test_bytes_that_are_no_text_cost_their_row_alone(storage, tmp_path):
    path = tmp_path / "c.csv"
    path.write_bytes("\n".join([HEADER, row(1), row(2)]).encode() + b"\nLT\xff\xfe,460\n" + row(3).encode())
    assert imported(storage, path).counts["c.csv"].broken == {"columns": 1}
    assert places(storage, 1, 2, 3) == [PLACE] * 3


def test_countries_that_are_not_asked_for_are_left_out(storage, tmp_path):
    path = written(tmp_path / "c.csv", row(1), row(2, mcc=461), row(3, mcc=310), row(4, radio="CDMA", mcc=310))
    counts = imported(storage, path, mccs=(461, 460)).counts["c.csv"]
    assert (counts.rows, counts.good, counts.other_country, counts.other_radio) == (4, 2, 1, 1)
    assert rows(storage, "SELECT DISTINCT mcc FROM cell ORDER BY mcc") == [(460,), (461,)]
    with pytest.raises(UserFault, match="of 4 rows none is of --mcc 466"):
        imported(storage, path, mccs=(466,))
    assert imported(storage, path).counts["c.csv"].new == 1


def test_a_newer_row_holds_whichever_file_comes_first(tmp_path):
    old = written(tmp_path / "old.csv", row(1, lat="24", updated=100), row(2, lat="24"), row(3, lat="24", samples=9))
    new = written(tmp_path / "new.csv", row(1, lat="25", updated=200), row(3, lat="25", samples=8), row(4))
    for order in ((old, new), (new, old)):
        storage = tmp_path / order[0].stem
        told = imported(storage, *order)
        assert places(storage, 1, 2, 3, 4) == [(25.0, 109.41), (24.0, 109.41), (24.0, 109.41), PLACE]
        assert (told.counts["new.csv"].changed, told.counts["old.csv"].changed) == (
            (1, 0) if order[0] is old else (0, 1)
        )


def test_a_file_that_is_in_is_not_read_again_and_the_version_stays(storage, tmp_path):
    path = written(tmp_path / "c.csv", row(1), "rubbish")
    first, version = imported(storage, path), TowerVersions(storage).current()
    again = imported(storage, path.rename(tmp_path / "renamed.csv"))
    assert again.known == {"renamed.csv"}
    assert (again.broken, again.read) == ([], [])
    assert again.counts["renamed.csv"] == first.counts["c.csv"]
    assert TowerVersions(storage).current() == version


def test_a_row_that_is_swapped_is_known_by_the_others_of_its_country(storage, tmp_path):
    """Of a country where both orders are places on the earth; of one with few rows nothing is said."""
    qatar = [row(n, mcc=427, lat=f"25.{n}", lon=f"51.{n}") for n in range(10, 70)]
    far = [row(70, mcc=427, lat="-25.2", lon="-51.4"), row(71, mcc=427, lat="51.4", lon="25.2", radio="GSM")]
    few = [row(n, mcc=428, lat="47.9", lon="106.9") for n in range(5)[1:]] + [row(9, mcc=428, lat="80", lon="47.9")]
    told = imported(storage, written(tmp_path / "c.csv", *qatar, *far, *few))
    assert told.broken == ["63: lat 51.4, lon 25.2: latitude and longitude are swapped"]
    counts = told.counts["c.csv"]
    assert (counts.rows, counts.good, counts.new, counts.broken) == (67, 66, 66, {"swapped": 1})
    assert places(storage, 10, 71, mcc=427) == [(25.1, 51.1), None]


@pytest.mark.parametrize("at_once", [1, 2, 50_000])
def test_a_cell_at_two_far_places_in_one_file_is_used_at_neither(storage, tmp_path, monkeypatch, at_once):
    monkeypatch.setattr(importing, "AT_ONCE", at_once)
    lines = [row(1), row(2), row(1, lat="39.9", lon="116.4", updated=1_600_000_000), row(2, lat="24.34"), row(3)]
    told = imported(storage, written(tmp_path / "c.csv", *lines))
    assert told.broken == ["4: the same as in line 2, 1851 km away from there: neither is used"]
    assert told.counts["c.csv"].broken == {"contradiction": 2}
    assert told.counts["c.csv"].good == 3
    assert places(storage, 1, 2, 3) == [None, PLACE, PLACE]
    later = written(tmp_path / "later.csv", row(1, updated=1_700_000_000))
    imported(storage, later)
    assert places(storage, 1) == [PLACE]


def test_a_file_that_contradicts_itself_throughout_is_refused_with_its_counts(storage, tmp_path):
    imported(storage, written(tmp_path / "good.csv", row(9)))
    path = written(tmp_path / "c.csv", row(1), row(1, lat="39.9", lon="116.4"))
    with pytest.raises(UserFault, match="of 2 rows none can be used; 2 of them are broken"):
        imported(storage, path)
    assert places(storage, 1, 9) == [None, PLACE]


def test_what_is_good_of_the_other_files_is_in_where_one_has_nothing_of_use(storage, tmp_path):
    bad = written(tmp_path / "bad.csv", "rubbish")
    good = [written(tmp_path / f"{cell}.csv", row(cell)) for cell in (1, 2)]
    with pytest.raises(UserFault, match="none can be used"):
        imported(storage, good[0], bad, good[1])
    assert places(storage, 1, 2) == [PLACE, PLACE]


def test_a_file_that_is_cut_short_is_not_taken_and_the_version_of_before_holds(storage, tmp_path, monkeypatch):
    monkeypatch.setattr(importing, "AT_ONCE", 100)
    imported(storage, written(tmp_path / "before.csv", row(1)))
    version = TowerVersions(storage).current()
    rng = np.random.default_rng(1)
    path = written(tmp_path / "c.csv.gz", *(row(2 + n, lat=f"{rng.uniform(20, 30):.6f}") for n in range(3000)))
    path.write_bytes(path.read_bytes()[:-2000])
    with pytest.raises(UserFault, match=r"c\.csv\.gz:\d{3,}: it cannot be read on behind this line"):
        imported(storage, path)
    assert TowerVersions(storage).current() == version
    assert rows(storage, "SELECT count(*) FROM cell UNION ALL SELECT count(*) FROM staged") == [(1,), (0,)]


class Killed(BaseException):
    """As if the process were gone: nothing catches it."""


@pytest.mark.parametrize("where", ["stage", "merge", "build"])
def test_after_a_kill_the_version_of_before_holds_and_the_same_command_goes_on(storage, tmp_path, monkeypatch, where):
    monkeypatch.setattr(importing, "AT_ONCE", 10)
    imported(storage, written(tmp_path / "before.csv", row(1)))
    version = TowerVersions(storage).current()
    path = written(tmp_path / "c.csv", *(row(1 + n, lat="25", updated=1_600_000_000) for n in range(45)), "rubbish")
    read, broken = [], []

    def watched(number):
        read.append(number)
        if where == "stage" and len(read) == 3:
            raise Killed

    with monkeypatch.context() as patch:
        if where == "merge":
            patch.setattr(store, "MERGE", store.MERGE + " AND killed()")
        if where == "build":
            patch.setattr(build, "_about", lambda *_: (_ for _ in ()).throw(Killed))
        told = Told()
        watch = importing.Watch(lambda *_: None, watched, lambda *said: broken.append(said), lambda *_: None)
        with pytest.raises((Killed, OurFault)):
            importing.import_files(storage, [path], (), watch, NOW)
    assert TowerVersions(storage).current() == version
    assert places(storage, 1, 2) == [PLACE, None]
    assert rows(storage, "SELECT count(*) FROM cell") == [(45 if where == "build" else 1,)]
    told = imported(storage, path)
    counts = told.counts["c.csv"]
    assert (counts.rows, counts.good, counts.new, counts.changed, counts.broken) == (46, 45, 44, 1, {"columns": 1})
    assert places(storage, 1, 45, 46) == [(25.0, 109.41), (25.0, 109.41), None]
    assert len(told.read) == {"stage": 2, "merge": 0, "build": 0}[where]
    assert rows(storage, "SELECT count(*) FROM staged") == [(0,)]


def test_what_is_staged_of_a_file_that_was_replaced_is_let_go_of(storage, tmp_path, monkeypatch):
    monkeypatch.setattr(importing, "AT_ONCE", 1)
    path = written(tmp_path / "c.csv", row(1), row(2))

    def killed(*_):
        raise Killed

    with pytest.raises(Killed):
        importing.import_files(storage, [path], (), importing.Watch(killed, killed, killed, killed), NOW)
    watch = importing.Watch(lambda *_: None, killed, killed, killed)
    with pytest.raises(Killed):
        importing.import_files(storage, [path], (), watch, NOW)
    assert rows(storage, "SELECT count(*) FROM staged") == [(1,)]
    imported(storage, written(path, row(3)))
    assert rows(storage, "SELECT count(*) FROM staged UNION ALL SELECT count(*) FROM file") == [(0,), (1,)]
    assert places(storage, 1, 3) == [None, PLACE]


def test_a_file_goes_through_memory_in_pieces(storage, tmp_path, monkeypatch):
    """Twenty times the rows take no more of it, but for the arrays of the version."""
    monkeypatch.setattr(importing, "AT_ONCE", 200)
    monkeypatch.setattr(store, "SAMPLE", 200)
    peaks = []
    for rows_of_file in (400, 8000):
        path = written(tmp_path / f"{rows_of_file}.csv", *(row(1 + n) for n in range(rows_of_file)))
        with monkeypatch.context() as patch:
            patch.setattr(importing, "build", lambda *_: "")
            tracemalloc.start()
            imported(storage, path)
            peaks.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()
    assert peaks[1] < 1.3 * peaks[0]


def test_one_imports_at_a_time(storage, tmp_path):
    path = written(tmp_path / "c.csv", row(1))
    imported(storage, path)
    with ImportLock(storage), pytest.raises(TransientFault, match="somebody else is importing"):
        imported(storage, path)
    imported(storage, path)


def test_a_damaged_store_and_one_of_a_newer_version_are_told_and_left_alone(storage, tmp_path):
    path = written(tmp_path / "c.csv", row(1))
    imported(storage, path)
    file = storage / "towers.db"
    with closing(sqlite3.connect(file)) as db:
        db.execute(f"PRAGMA user_version = {store.VERSION + 1}")
    with pytest.raises(OurFault, match="has version 2, this gateway knows 1"):
        imported(storage, path)
    file.write_bytes(b"no database, " * 1000)
    with pytest.raises(OurFault, match=r"is damaged .*remove it and import again"):
        imported(storage, path)
    assert places(storage, 1) == [PLACE]
    file.unlink()
    imported(storage, path)
    assert places(storage, 1) == [PLACE]


def test_files_are_the_accounts_alone(storage, tmp_path):
    imported(storage, written(tmp_path / "c.csv", row(1)))
    assert {path.stat().st_mode & 0o077 for path in storage.rglob("*")} == {0}


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can be somebody else")
def test_where_root_imports_all_is_the_storages_owners(storage, tmp_path):
    """The daemon would not start on files of somebody else's."""
    storage.mkdir()
    os.chown(storage, 1234, 1234)
    imported(storage, written(tmp_path / "c.csv", row(1)))
    found = {path.name: path.stat().st_uid for path in storage.rglob("*")}
    assert set(found.values()) == {1234}
    assert len(found) >= 6
