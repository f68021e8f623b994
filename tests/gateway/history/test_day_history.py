"""The history in files: what a memory holds, over restarts, kills and damage, and nothing twice."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing

import numpy as np
import pytest
from history_rows import DAY, DEVICES, NOON, minutes, of, rows
from hypothesis import given
from hypothesis import strategies as st

from gateway.engine import PAST, MemoryHistory, with_imported
from gateway.errors import TransientFault
from gateway.history import days
from gateway.history.days import DayHistory
from gateway.history.file import HistoryDamaged, NewerHistory, is_history
from gateway.history.reader import HistoryReader

ORDERS = st.one_of(
    st.floats(NOON - 12 * DAY, NOON + DAY), st.just(-np.inf), st.sampled_from([NOON, NOON + 43_200.0, NOON - 9 * DAY])
)
BATCHES = st.lists(st.lists(st.tuples(st.integers(0, 2), ORDERS), min_size=1, max_size=6), min_size=1, max_size=7)


def chunks_in(path) -> int:
    with closing(sqlite3.connect(path)) as db:
        return db.execute("SELECT count(*) FROM chunk").fetchone()[0]


def day_files(directory) -> list:
    return sorted(path for path in directory.iterdir() if is_history(path) and path.name != "newest.history")


def flush_often(history, until: int) -> None:
    for _ in range(5):
        history.flush(until)


def leave_unfinished(path) -> None:
    """A file in its first transaction: what undoes it lies beside it, and whoever only reads may not do that."""
    other = path.with_name("other")
    with closing(sqlite3.connect(other, isolation_level=None)) as db:
        db.executescript("CREATE TABLE one (x); PRAGMA cache_size = 1; BEGIN IMMEDIATE")
        db.execute("INSERT INTO one VALUES (zeroblob(99999))")
        for beside in ("", "-journal"):
            shutil.copyfile(f"{other}{beside}", f"{path}{beside}")
    other.unlink()


@pytest.fixture
def folded(tmp_path):
    """Three days of a device in the days' files, and an hour of another in the newest; nothing is open."""
    history, memory = DayHistory(tmp_path / "history"), MemoryHistory()
    offset = 0
    for begin in range(0, 3 * 24, 3):
        part = minutes(180, offset, NOON + begin * 3600.0)
        for each in (history, memory):
            each.add(DEVICES, part, offset)
            each.flush(offset + 180)
        offset += 180
    part = minutes(60, offset, NOON + 3 * DAY, device=1)
    for each in (history, memory):
        each.add(DEVICES, part, offset)
        each.flush(offset + 60)
    history.close()
    assert len(day_files(tmp_path / "history")) == 4
    return tmp_path / "history", memory, offset + 60


@given(BATCHES, st.data())
def test_it_holds_what_a_memory_holds_however_often_it_is_flushed_folded_and_opened(tmp_path_factory, batches, data):
    directory = tmp_path_factory.mktemp("history")
    history, memory, offset = DayHistory(directory), MemoryHistory(), 0
    for batch in batches:
        part = np.concatenate([rows([order], offset + at, device) for at, (device, order) in enumerate(batch)])
        part["received"] = NOON + DAY + offset * 600.0
        for each in (history, memory):
            each.add(DEVICES, part, offset)
        offset += len(batch)
        if data.draw(st.booleans(), "flushed"):
            history.flush(offset)
            if data.draw(st.booleans(), "opened again"):
                history.close()
                history = DayHistory(directory)
        since, until = sorted((data.draw(ORDERS, "since"), data.draw(ORDERS, "until")))
        assert of(history, since=since, until=until) == of(memory, since=since, until=until)
    history.close()


def test_what_came_later_is_not_told(folded):
    directory, memory, end = folded
    history = DayHistory(directory)
    for before in (0, 1, 700, 4320, end):
        assert [row[2] for row in of(history, before=before)] == list(range(before))
        assert of(history, before=before) == of(memory, before=before)


def test_after_a_restart_it_goes_as_far_as_the_last_flush(folded):
    directory, memory, end = folded
    history = DayHistory(directory)
    assert history.until == end
    assert of(history) == of(memory)


def test_what_was_flushed_before_a_kill_and_comes_again_counts_once(tmp_path):
    history = DayHistory(tmp_path)
    history.add(DEVICES, minutes(100, 0), 0)
    history.flush(60)
    history.add(DEVICES, minutes(40, 100, NOON + 6000.0), 100)
    history.flush(140)
    history.close()  # killed before the snapshot of 140 was saved: the one of 60 is gone on from
    again = DayHistory(tmp_path)
    again.cut(60)
    assert again.until == 60
    assert len(of(again)) == 60
    again.add(DEVICES, minutes(80, 60, NOON + 3600.0), 60)
    again.flush(140)
    again.close()
    assert [row[2] for row in of(DayHistory(tmp_path))] == list(range(140))


def test_rows_of_entries_that_come_again_give_way(tmp_path):
    history = DayHistory(tmp_path)
    history.add(DEVICES, minutes(10, 0), 0)
    history.flush(10)
    history.add(DEVICES, minutes(3, 4, NOON + 9000.0, device=2), 4)
    assert [row[2] for row in of(history)] == [0, 1, 2, 3, 4, 5, 6]
    assert history.until == 4


@pytest.mark.parametrize("writes", range(1, 7))
def test_a_fold_that_is_broken_off_costs_and_doubles_nothing(folded, monkeypatch, writes):
    directory, memory, end = folded
    history, left = DayHistory(directory), [writes]

    def written(path):
        left[0] -= 1
        if left[0] < 0:
            raise KeyboardInterrupt
        return real(path)

    real = days.writing
    monkeypatch.setattr(days, "writing", written)
    late = minutes(1, end, NOON + 4 * DAY, device=1)
    history.add(DEVICES, late, end)
    with pytest.raises(KeyboardInterrupt):
        flush_often(history, end + 1)
    monkeypatch.undo()
    history.close()
    again = DayHistory(directory)
    if again.until == end:
        again.add(DEVICES, late, end)
    memory.add(DEVICES, late, end)
    assert of(again) == of(memory)
    again.flush(end + 1)
    assert of(again) == of(memory)


def test_a_flush_that_fails_loses_nothing_and_is_tried_again(tmp_path):
    history = DayHistory(tmp_path)
    history.add(DEVICES, minutes(5, 0), 0)
    with closing(sqlite3.connect(tmp_path / "newest.history", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr("gateway.history.file.PATIENCE", 0.0)
            with pytest.raises(TransientFault, match=r"newest\.history cannot be used: .*database is locked"):
                history.flush(5)
    assert history.until == 0
    history.flush(5)
    assert len(of(DayHistory(tmp_path))) == 5


@pytest.mark.parametrize("which", ["newest.history", 0, 1, 2, 3])
@pytest.mark.parametrize("how", ["gone", "rubbish", "cut short", "empty", "being made"])
def test_what_is_missing_is_noticed_and_all_can_be_put_in_again(folded, which, how):
    directory, memory, end = folded
    path = directory / which if isinstance(which, str) else day_files(directory)[which]
    damage = {"rubbish": b"no database" * 900, "cut short": path.read_bytes()[:5000], "empty": b""}
    {"gone": path.unlink, "being made": lambda: leave_unfinished(path)}.get(
        how, lambda: path.write_bytes(damage[how])
    )()
    history = DayHistory(directory)
    assert history.until == 0
    with pytest.raises(HistoryDamaged):
        of(history)
    with pytest.raises(HistoryDamaged):
        history.flush(end)
    history.close()
    history = DayHistory(directory)
    assert history.until == 0
    history.cut(0)
    assert of(history) == []
    held = memory.between(DEVICES, -np.inf, np.inf, end)
    history.add(DEVICES, held[np.argsort(held["offset"])], 0)
    history.flush(end)
    history.close()
    again = DayHistory(directory)
    assert again.until == end
    assert of(again) == of(memory)


@pytest.mark.parametrize("gone", ["the directory", "the newest", "a day"])
def test_what_somebody_removes_meanwhile_is_noticed_and_does_not_pass_for_whole(folded, gone):
    directory, memory, end = folded
    history = DayHistory(directory)
    if gone == "the directory":
        shutil.rmtree(directory)
    else:
        (directory / "newest.history" if gone == "the newest" else day_files(directory)[-1]).unlink()
    history.close()
    late = minutes(1, end, NOON + 4 * DAY, device=1)
    history.add(DEVICES, late, end)
    with pytest.raises(HistoryDamaged):
        history.flush(end + 1) if gone != "a day" else of(history)
    assert history.until == 0
    history.cut(0)
    memory.add(DEVICES, late, end)
    held = memory.between(DEVICES, -np.inf, np.inf, end + 1)
    history.add(DEVICES, held[np.argsort(held["offset"])], 0)
    history.flush(end + 1)
    history.close()
    again = DayHistory(directory)
    assert (again.until, of(again)) == (end + 1, of(memory))


def test_a_flipped_bit_is_noticed_where_it_is_read(folded):
    directory, _, _ = folded
    path = day_files(directory)[1]
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        identity, body = db.execute("SELECT id, rows FROM chunk LIMIT 1").fetchone()
        db.execute("UPDATE chunk SET rows = ? WHERE id = ?", (bytes([body[0] ^ 1]) + body[1:], identity))
    history = DayHistory(directory)
    assert of(history, since=NOON + 2 * DAY)
    with pytest.raises(HistoryDamaged, match=path.name):
        of(history)
    assert history.until == 0
    with pytest.raises(HistoryDamaged, match="not whole"):
        history.add(DEVICES, minutes(1, 1 << 30), 1 << 30)
    assert DayHistory(directory).until == 0


@pytest.mark.parametrize("which", ["newest.history", 0])
def test_a_file_of_a_newer_version_is_refused_in_words_and_stays(folded, which):
    directory, _, _ = folded
    path = directory / which if isinstance(which, str) else day_files(directory)[which]
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA user_version=9")
    with pytest.raises(NewerHistory, match=f"{path.name} has format 9, and this version knows none above 2"):
        DayHistory(directory)
    assert path.exists()


def test_columns_that_an_older_version_did_not_know_are_empty(folded):
    directory, memory, _ = folded
    path = day_files(directory)[0]
    older = np.dtype([(name, PAST[name]) for name in PAST.names[::-1] if name not in {"battery_percent", "digest"}])
    columns = json.dumps([[name, older[name].str] for name in older.names])
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("INSERT INTO layout VALUES (9, ?)", (columns,))
        for identity, body in db.execute("SELECT id, rows FROM chunk").fetchall():
            kept, held = np.zeros(len(body) // PAST.itemsize, older), np.frombuffer(body, PAST)
            for name in older.names:
                kept[name] = held[name]
            db.create_function("crc", 1, __import__("zlib").crc32)
            db.execute(
                "UPDATE chunk SET layout = 9, rows = ?1, crc = crc(?1) WHERE id = ?2", (kept.tobytes(), identity)
            )
    found = DayHistory(directory).between(DEVICES, -np.inf, np.inf, 1 << 40)
    expected = memory.between(DEVICES, -np.inf, np.inf, 1 << 40)
    day = expected["order"] < np.floor(NOON / DAY) * DAY + DAY
    assert day.any()
    expected["battery_percent"][day], expected["digest"][day] = 0, 0
    assert found.tolist() == expected.tolist()


def test_a_report_a_minute_costs_a_chunk_every_two_hours(folded):
    directory, _, _ = folded
    whole_day = day_files(directory)[1]
    assert chunks_in(whole_day) == 8
    assert chunks_in(directory / "newest.history") == 1


def test_many_reports_are_folded_before_their_time(tmp_path, monkeypatch):
    monkeypatch.setattr(days, "FOLD_ROWS", 100)
    history = DayHistory(tmp_path)
    for first in range(0, 300, 50):
        history.add(DEVICES, rows(NOON + np.arange(50) / 1000, first), first)
        history.flush(first + 50)
    (path,) = day_files(tmp_path)
    assert chunks_in(path) == 3
    assert sorted(row[2] for row in of(history)) == list(range(300))


def test_masses_go_to_the_days_at_once_with_what_came_before_and_are_told_once_meanwhile(tmp_path, monkeypatch):
    """Whoever asks between any two writes, as the engine does from another thread, finds each report once."""
    history, told = DayHistory(tmp_path), []
    history.add(DEVICES, minutes(1, 0), 0)
    history.flush(1)
    assert (chunks_in(tmp_path / "newest.history"), day_files(tmp_path)) == (1, [])
    real = days.writing

    def written(path):
        told.append([row[2] for row in of(history)])
        return real(path)

    monkeypatch.setattr(days, "writing", written)
    history.add(DEVICES, rows(NOON + DAY + np.arange(days.LONG_CHUNK), 1, device=1), 1)
    history.flush(1 + days.LONG_CHUNK)
    assert chunks_in(tmp_path / "newest.history") == 0
    assert [chunks_in(path) for path in day_files(tmp_path)] == [1, 1]
    history.add(DEVICES, minutes(1, 1 + days.LONG_CHUNK, NOON + 2 * DAY), 1 + days.LONG_CHUNK)
    history.flush(2 + days.LONG_CHUNK)
    assert told == [list(range(1 + days.LONG_CHUNK))] * 4 + [list(range(2 + days.LONG_CHUNK))]


@pytest.mark.parametrize("writes", range(1, 5))
def test_the_first_fold_of_all_that_is_broken_off_costs_and_doubles_nothing(tmp_path, monkeypatch, writes):
    history, left = DayHistory(tmp_path), [writes]
    history.add(DEVICES, minutes(10, 0), 0)
    history.flush(10)
    real = days.writing

    def written(path):
        left[0] -= 1
        if left[0] < 0:
            raise KeyboardInterrupt
        return real(path)

    monkeypatch.setattr(days, "writing", written)
    late = minutes(1, 10, NOON + DAY)
    history.add(DEVICES, late, 10)
    with pytest.raises(KeyboardInterrupt):
        flush_often(history, 11)
    monkeypatch.undo()
    history.close()
    again = DayHistory(tmp_path)
    if again.until == 10:
        again.add(DEVICES, late, 10)
    assert [row[2] for row in of(again)] == list(range(11))
    again.flush(11)
    again.close()
    assert [row[2] for row in of(DayHistory(tmp_path))] == list(range(11))


def test_days_go_as_a_whole_when_their_time_is_over_but_never_those_that_are_asked_for(folded):
    directory, _, end = folded
    history = DayHistory(directory)
    names = [path.name for path in day_files(directory)]
    midnight = np.floor(NOON / DAY) * DAY
    assert history.retire(midnight + 10 * DAY - 1, DAY) == []
    assert history.retire(midnight + 10 * DAY, DAY) == names[:1]
    assert history.retire(midnight + 32 * DAY, 30 * DAY) == names[1:2]
    history.close()
    again = DayHistory(directory)
    assert again.until == end
    assert [path.name for path in day_files(directory)] == names[2:]


@pytest.mark.parametrize("opened_again", [False, True])
def test_what_is_erased_is_nowhere(folded, opened_again):
    directory, memory, end = folded
    gone = [0, 700, 701, 2500, 4300, end - 1]
    held = memory.between(DEVICES, -np.inf, np.inf, end)
    digests = [row["digest"].tobytes() for row in held[np.isin(held["offset"], gone)]]
    assert len(digests) == len(gone)
    stored = b"".join(path.read_bytes() for path in directory.iterdir())
    assert all(digest in stored for digest in digests)
    history = DayHistory(directory)
    assert len(of(history)) == end
    history.erase(gone)
    history.erase(gone)
    if opened_again:
        history.close()
        history = DayHistory(directory)
    assert history.until == end
    assert [row[2] for row in of(history)] == [offset for offset in range(end) if offset not in gone]
    stored = b"".join(path.read_bytes() for path in directory.iterdir())
    assert not any(digest in stored for digest in digests)


def test_what_is_erased_before_it_is_on_disk_never_comes_there(tmp_path):
    history = DayHistory(tmp_path)
    history.add(DEVICES, minutes(5, 0), 0)
    history.erase([3])
    history.flush(5)
    assert [row[2] for row in of(DayHistory(tmp_path))] == [0, 1, 2, 4]


def test_where_it_cannot_be_made_the_words_say_so(tmp_path):
    (tmp_path / "history").write_bytes(b"")
    with pytest.raises(TransientFault, match=r"newest\.history cannot be used: .*(File exists|Not a directory)"):
        DayHistory(tmp_path / "history")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "newest.history").mkdir()
    with pytest.raises(TransientFault, match=r"newest\.history cannot be used: .*Is a directory"):
        DayHistory(tmp_path / "other")


def test_its_files_are_for_our_account_alone(folded):
    directory, _, _ = folded
    assert {path.stat().st_mode & 0o077 for path in (directory, *directory.iterdir())} == {0}


def test_what_was_imported_lies_beside_goes_with_its_days_and_is_held_with_its_device(tmp_path):
    """The days of a device's imported past are kept by what is held of the device, and read by whoever looks alone."""
    directory, names = tmp_path / "history", with_imported(DEVICES[:2])
    history = DayHistory(directory)
    history.add(names, np.concatenate([minutes(5, 0, device=2), minutes(5, 5, device=3)]), 0)
    history.add(DEVICES, minutes(2, 10, NOON + 30 * DAY), 10)
    history.flush(12)
    history.close()
    history = DayHistory(directory)
    history.add(DEVICES, minutes(200, 12, NOON + 30 * DAY + 7_200.0), 12)
    history.flush(212)
    assert [row[2] for row in of(history)] == list(range(10, 212))
    reader = HistoryReader(directory)
    assert reader.rows(names, -np.inf, np.inf)["offset"].tolist()[:10] == [0, 5, 1, 6, 2, 7, 3, 8, 4, 9]
    now = NOON + 40 * DAY
    assert history.retire(now, 20 * DAY, {"B0001": ((NOON - DAY, NOON + DAY),)}) == []
    assert reader.rows(names, -np.inf, NOON + DAY)["offset"].tolist() == [0, 1, 2, 3, 4]
    assert len(history.retire(now, 20 * DAY)) == 1
    assert len(reader.rows(names, -np.inf, NOON + DAY)) == 0
    history.close()
