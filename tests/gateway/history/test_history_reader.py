"""Who only looks reads the files beside the gateway that writes them: all that was put down, each report once."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing

import numpy as np
import pytest

from gateway.engine import PAST
from gateway.errors import OurFault, TransientFault
from gateway.history.days import FOLD_AFTER, DayHistory
from gateway.history.file import FORMAT
from gateway.history.files import NEWEST
from gateway.history.reader import HistoryReader

BEGIN = 20_000 * 86_400.0
DEVICES = ("B0001", "B0002")
EVERYTHING = (-np.inf, np.inf)


def rows_of(first: int, times: list[float], device: int = 0) -> np.ndarray:
    rows = np.zeros(len(times), PAST)
    rows["order"] = rows["time"] = times
    rows["received"], rows["offset"], rows["device"] = np.array(times) + 2.0, first + np.arange(len(times)), device
    rows["tie"] = np.arange(len(times))
    return rows


def filled(directory, hours: int) -> DayHistory:
    """An hour at a time, a report a minute and device; every two hours it goes to the days."""
    history, offset = DayHistory(directory), 0
    for hour in range(hours):
        times = [BEGIN + hour * 3600.0 + minute * 60.0 for minute in range(60)]
        for device in (0, 1):
            history.add(DEVICES, rows_of(offset, times, device), offset)
            offset += len(times)
        history.flush(offset, [(BEGIN, "d1")])
    return history


def read(directory, devices=DEVICES, since=-np.inf, until=np.inf):
    return HistoryReader(directory).rows(devices, since, until)


def test_what_lies_in_the_newest_and_in_the_days_is_read_in_its_order(tmp_path):
    history = filled(tmp_path, 30)
    assert len(list(tmp_path.glob("*.history"))) == 3
    found = read(tmp_path)
    assert len(found) == 30 * 60 * 2
    assert (np.diff(found["order"]) >= 0).all()
    assert found.tobytes() == history.between(DEVICES, -np.inf, np.inf, 1 << 40).tobytes()
    part = read(tmp_path, DEVICES[1:], BEGIN + 86_000.0, BEGIN + 87_000.0)
    assert (part["order"] >= BEGIN + 86_000.0).all()
    assert (part["order"] <= BEGIN + 87_000.0).all()
    assert len(part) == 17
    assert set(part["device"].tolist()) == {0}
    assert len(read(tmp_path, since=BEGIN + 59 * 60.0, until=BEGIN + 59 * 60.0)) == 2
    history.close()


def test_what_is_put_down_is_seen_at_once_and_what_is_not_is_not(tmp_path):
    history = filled(tmp_path, 1)
    history.add(DEVICES, rows_of(120, [BEGIN + 4000.0]), 120)
    assert len(read(tmp_path)) == 120
    history.flush(121)
    assert len(read(tmp_path)) == 121
    history.close()


def test_what_is_on_its_way_to_the_days_is_seen_once(tmp_path):
    """As somebody finds it who looks between the steps of a fold, or after a kill in its midst.

    What goes to the days with it, without having been in the newest file, may be seen already.
    """
    history = filled(tmp_path / "before", 2)
    history.close()
    shutil.copytree(tmp_path / "before", tmp_path / "between")
    again = DayHistory(tmp_path / "between")
    again.add(DEVICES, rows_of(240, [BEGIN + 2.0 * FOLD_AFTER]), 240)
    again.flush(241)
    again.close()
    shutil.copy(tmp_path / "before" / NEWEST, tmp_path / "between" / NEWEST)
    with closing(sqlite3.connect(tmp_path / "between" / NEWEST)) as db:
        assert db.execute("SELECT count(*) FROM chunk").fetchone() != (0,)
    assert read(tmp_path / "between")[:-1].tobytes() == read(tmp_path / "before").tobytes()


def test_rules_are_told_since_when_until_their_reports_are_gone(tmp_path):
    history = DayHistory(tmp_path)
    history.flush(1, [(BEGIN, "d1")])
    history.flush(2, [(BEGIN, "d1"), (BEGIN + 86_400.0, "d2")])
    history.flush(3, [(BEGIN + 86_400.0, "d2"), (BEGIN + 40 * 86_400.0, "d1")])
    reader = HistoryReader(tmp_path)
    assert reader.epochs() == [(BEGIN, "d1"), (BEGIN + 86_400.0, "d2"), (BEGIN + 40 * 86_400.0, "d1")]
    history.retire(BEGIN + 60 * 86_400.0, 30 * 86_400.0)
    assert reader.epochs() == [(BEGIN + 86_400.0, "d2"), (BEGIN + 40 * 86_400.0, "d1")]
    history.close()


def test_a_file_of_before_there_were_epochs_tells_none_and_learns_them(tmp_path):
    filled(tmp_path, 1).close()
    with closing(sqlite3.connect(tmp_path / NEWEST)) as db:
        db.executescript("DROP TABLE epoch; PRAGMA user_version=1")
    assert HistoryReader(tmp_path).epochs() == []
    history = DayHistory(tmp_path)
    history.flush(120, [(BEGIN, "d1")])
    history.close()
    assert HistoryReader(tmp_path).epochs() == [(BEGIN, "d1")]
    with closing(sqlite3.connect(tmp_path / NEWEST)) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (FORMAT,)


def test_where_nothing_is_there_is_nothing(tmp_path):
    reader = HistoryReader(tmp_path / "none")
    assert len(reader.rows(DEVICES, *EVERYTHING)) == 0
    assert reader.epochs() == []


def test_a_damaged_file_is_said_and_stays(tmp_path):
    filled(tmp_path, 30).close()
    day = next(path for path in sorted(tmp_path.glob("*.history")) if path.name != NEWEST)
    day.write_bytes(b"no database" * 1000)
    with pytest.raises(OurFault, match=day.name):
        read(tmp_path)
    assert day.exists()


def test_a_chunk_that_is_not_what_was_written_is_said(tmp_path):
    filled(tmp_path, 1).close()
    with closing(sqlite3.connect(tmp_path / NEWEST)) as db:
        db.execute("UPDATE chunk SET crc = crc + 1")
        db.commit()
    with pytest.raises(OurFault, match="not what was written"):
        read(tmp_path)
    assert (tmp_path / NEWEST).exists()


def test_who_has_read_holds_nothing_up(tmp_path):
    """Bytes can only be taken out of a file that nobody reads: so that is what is tried."""
    history, reader = filled(tmp_path, 31), HistoryReader(tmp_path)
    found = [reader.rows(DEVICES, *EVERYTHING) for _ in range(10)]
    history.erase([5])
    with closing(sqlite3.connect(f"{(tmp_path / NEWEST).as_uri()}?mode=ro", uri=True)) as db:
        held = db.execute("SELECT id FROM chunk")
        held.fetchone()
        with pytest.raises(TransientFault, match="while somebody reads"):
            history.erase([6])
        held.close()
    history.erase([6])
    assert len(reader.rows(DEVICES, *EVERYTHING)) == len(found[0]) - 2
    history.close()
