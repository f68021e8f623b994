"""A journal of both formats, and one of a format that is not known yet."""

from __future__ import annotations

import itertools
import os
import sqlite3
import tarfile
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from gateway_entries import batch, contents, listed

from gateway.daemon.backup import back_up
from gateway.errors import OurFault
from gateway.journal import FileJournal, segment, verify
from gateway.journal.entries import EntryBatch, EntryKind, merge
from gateway.journal.faults import NewerJournal, UnknownKind
from gateway.journal.salvage import salvage
from gateway.journal.segment import FORMAT, PLAIN
from gateway.replay.reading import PolicyShelf, replay
from gateway.words.phrases import spoken

OLD = Path(__file__).parents[1] / "daemon" / "old"
END = 1455


@pytest.fixture(params=["first", "before"])
def old(request, tmp_path) -> Path:
    with tarfile.open(OLD / f"{request.param}.tar.gz") as archive:
        archive.extractall(tmp_path, filter="data")
    return tmp_path / "journal"


def formats(directory: Path) -> list[bytes]:
    """What each row begins with, in order, once where it goes on."""
    found: list[bytes] = []
    for path in FileJournal(directory, read_only=True).segments():
        with closing(sqlite3.connect(path)) as db:
            found += [body[:4] for (body,) in db.execute("SELECT body FROM batch ORDER BY first")]
    return [magic for magic, _ in itertools.groupby(found)]


def appended(directory: Path) -> FileJournal:
    """The last entries of an old journal once more, in its last file, by this version."""
    journal = FileJournal(directory)
    last = merge([one for _, one in journal.read(END - 200)])
    for first in range(0, len(last), 20):
        journal.append(last.slice(first, first + 20))
    return journal


def test_one_journal_of_both_formats_is_one_chain(old):
    before = FileJournal(old, read_only=True)
    entries = merge([one for _, one in before.read(0)])
    journal = appended(old)
    assert formats(old) == [b"BGE1", b"BGE2"]
    seen = verify(journal)
    assert (seen.begins, seen.ends, seen.entries, seen.erased) == (0, END + 200, END + 200, 0)
    found = merge([one for _, one in FileJournal(old, read_only=True).read(0)])
    assert listed(found) == listed(entries) + listed(entries.slice(END - 200, END))
    assert verify(journal, last_file=True).ends == END + 200


def test_it_is_replayed_from_end_to_end(old):
    def said(journal):
        return [(one.episode.kind, one.change.value) for _, one in replay(journal, PolicyShelf(journal))]

    before = said(FileJournal(old, read_only=True))
    journal = appended(old)
    assert before
    assert said(journal)[: len(before)] == before


@pytest.mark.parametrize(("place", "magic"), [(-1, b"BGE1"), (0, b"BGE2")])
def test_a_change_where_the_formats_meet_is_found(old, place, magic):
    appended(old)
    path = FileJournal(old, read_only=True).segments()[-1]
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        rows = [row for row in db.execute("SELECT first, body FROM batch ORDER BY first") if row[1][:4] == magic]
        first, body = rows[place]
        db.execute("UPDATE batch SET body = ? WHERE first = ?", (body[:-1] + bytes((body[-1] ^ 1,)), first))
    with pytest.raises(OurFault, match=f"broken at offset {first}"):
        verify(FileJournal(old, read_only=True))


def test_a_backup_of_it_is_as_good(old, tmp_path):
    appended(old)
    (old.parent / "secret").write_bytes(b"s" * 32)
    assert back_up(old.parent, tmp_path / "copy").entries == END + 200
    copy = FileJournal(tmp_path / "copy" / "journal")
    assert copy.append(batch(2e9)) == END + 200


def test_damage_costs_what_cannot_be_read_of_either_format(old):
    """The last page of the last file is of new rows, the root of its rows is not; what is before it stays."""
    appended(old)
    path = FileJournal(old).segments()[-1]
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0
    content = path.read_bytes()
    path.write_bytes(content[:-4096])
    names, lost = salvage(old, END + 200)
    assert names == [path.name]
    assert END < lost[-1].first < lost[-1].until == END + 200
    assert formats(old) == [b"BGE1", b"BGE2"]
    seen = verify(FileJournal(old, read_only=True))
    assert seen.entries == END + 200 - sum(gap.until - gap.first for gap in lost)


def version_of(path: Path) -> int:
    with closing(sqlite3.connect(path)) as db:
        return int(db.execute("PRAGMA user_version").fetchone()[0])


def test_a_file_says_its_format_and_an_old_one_does_once_it_is_written_to(old):
    paths = sorted(old.glob("*.journal"))
    assert {version_of(path) for path in paths} == {0}
    FileJournal(old, read_only=True)
    assert version_of(paths[-1]) == 0
    FileJournal(old)
    assert [version_of(path) for path in paths] == [0, PLAIN]


@pytest.mark.parametrize("which", ["oldest", "newest"])
def test_what_a_newer_version_wrote_is_refused_in_words_and_left_as_it_is(tmp_path, which):
    journal = FileJournal(tmp_path)
    for day in range(3):
        journal.append(batch(day * 86400.0))
    journal.close()
    path = tmp_path / {"oldest": "1970-01-01.journal", "newest": "1970-01-03.journal"}[which]
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute(f"PRAGMA user_version={FORMAT + 1}")
    before = path.read_bytes()
    for read_only in (False, True):
        with pytest.raises(NewerJournal, match=rf"{path.name} has format 4.*none above 3.*newer version"):
            FileJournal(tmp_path, read_only=read_only)
    with pytest.raises(NewerJournal):
        salvage(tmp_path, 3)
    with pytest.raises(NewerJournal):
        journal.append(batch(2 * 86400.0 + 5.0)) if which == "newest" else contents(journal)
    assert path.read_bytes() == before


@pytest.mark.parametrize("kind", [EntryKind.AUDIT, EntryKind.IMPORTED])
def test_a_file_is_of_the_later_format_from_the_first_entry_on_that_needs_it(tmp_path, monkeypatch, kind):
    journal, path = FileJournal(tmp_path), tmp_path / "1970-01-01.journal"
    journal.append(batch(1.0, 2.0))
    assert version_of(path) == PLAIN
    journal.append(of_kind(kind))
    assert version_of(path) == FORMAT
    journal.append(batch(3.0))
    journal.close()
    FileJournal(tmp_path).close()
    assert version_of(path) == FORMAT
    with monkeypatch.context() as before:
        before.setattr(segment, "FORMAT", PLAIN)
        with pytest.raises(NewerJournal, match="newer version"):
            FileJournal(tmp_path)
    os.truncate(path, path.stat().st_size - 1)
    salvage(tmp_path, 5)
    assert version_of(path) == FORMAT


@pytest.mark.parametrize("kind", [0, 99])
@pytest.mark.parametrize("read", [lambda one: list(one.read(0)), lambda one: list(one.read_long(0, 64))])
def test_an_entry_of_a_kind_that_nobody_knows_is_said_in_words_and_the_chain_holds(tmp_path, kind, read):
    with closing(FileJournal(tmp_path)) as journal:
        for time in range(4):
            journal.append(batch(float(time)))
        journal.append(of_kind(kind))
        with pytest.raises(UnknownKind, match=rf"kind {kind}, which this version does not know") as refused:
            read(journal)
        assert f"种类为 {kind} 的条目，本版本不认识" in spoken(refused.value, "zh")
        assert verify(journal).entries == 5


def of_kind(kind: int) -> EntryBatch:
    return replace(batch(9.0), kind=np.array([kind], np.uint8))
