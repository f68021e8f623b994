"""The audit log is added to and never changed, and ends with its days alone."""

from __future__ import annotations

import asyncio
import os
import sqlite3
from contextlib import closing, suppress

import pytest
from desk_accounts import Look, looks, real_desk, run
from opened_desk import daemon_of, visitor

from gateway.console.accounts.audit import DAY, forget
from gateway.console.accounts.books import opened
from gateway.daemon.lock import Lock
from gateway.errors import TransientFault
from gateway.journal import aside
from gateway.journal.aside import LOCK
from gateway.words.phrases import spoken

NOW = 1_793_530_800.0
DAYS = 184
REPLACING = (
    "INSERT OR REPLACE INTO audit (id, at, number, office, what, person, purpose, session, ip, ok)"
    " VALUES (1, 0, '', '', '', '', '', '', '', 1)"
)


@pytest.fixture
def desk(tmp_path):
    return real_desk(tmp_path / "county", NOW)


@pytest.fixture
def db(tmp_path):
    with closing(opened(tmp_path / "console.db")) as one:
        yield one


def at(moment):
    return Look(moment, "D01", "", "place", "P0001", "why")


def write(db, looks):
    """As an older version wrote them."""
    db.executemany(
        "INSERT INTO audit (at, number, office, what, person, purpose, session, ip, ok) VALUES (?,?,?,?,?,?,?,?,?)",
        [tuple(one) for one in looks],
    )


def test_a_look_says_who_at_whom_what_for_when_and_where_from(desk):
    async def story():
        await desk.audit.look(visitor("S01"), "P0001", "place", "x" * 300)
        await desk.audit.looks(visitor("D01"), ["P0001", "P0002"], "track", "a search")
        await desk.audit.note(visitor("S02"), "P0001", "number", "")
        return await looks(desk)

    first, *many, refused = run(desk, story())
    assert first == Look(NOW, "S01", "SFS-01", "place", "P0001", "x" * 200, "session S01")
    assert [(one.person, one.what, one.ok) for one in many] == [("P0001", "track", True), ("P0002", "track", True)]
    assert (refused.number, refused.ok) == ("S02", False)


@pytest.mark.parametrize(
    "statement",
    [
        REPLACING,
        "UPDATE audit SET number = 'D02'",
        "UPDATE audit SET ok = 0 WHERE id = 1",
        "DELETE FROM audit",
        "DELETE FROM audit WHERE id = 1",
        "REPLACE INTO audit SELECT id, at, 'D02', office, what, person, purpose, session, ip, ok FROM audit",
    ],
)
def test_no_statement_changes_a_row(db, statement):
    write(db, [at(NOW), at(NOW + 1)])
    before = db.rows("SELECT * FROM audit")
    with pytest.raises(sqlite3.IntegrityError, match="audit log is"):
        db.execute(statement)
    assert db.rows("SELECT * FROM audit") == before


def test_rows_end_with_their_days_and_none_before(db):
    write(db, [at(NOW - age * DAY) for age in (400, 185, 184.5, 184, 183, 0)])
    assert forget(db, NOW, DAYS * DAY) == 3
    assert [NOW - row[0] for row in db.rows("SELECT at FROM audit")] == [184 * DAY, 183 * DAY, 0]
    assert forget(db, NOW, DAYS * DAY) == 0


def test_what_is_configured_longer_is_kept_longer(db):
    write(db, [at(NOW - age * DAY) for age in (400, 366, 300, 0)])
    assert forget(db, NOW, 365 * DAY) == 2


def test_a_clock_that_is_years_ahead_takes_nothing_away(db):
    write(db, [at(NOW - 100 * DAY), at(NOW)])
    assert forget(db, NOW + 3650 * DAY, DAYS * DAY) == 0


def test_an_id_is_never_given_again(db):
    write(db, [at(NOW - 400 * DAY), at(NOW - 399 * DAY)])
    write(db, [at(NOW)])
    forget(db, NOW, DAYS * DAY)
    write(db, [at(NOW)])
    assert db.rows("SELECT id FROM audit") == [(3,), (4,)]


def test_what_an_older_version_kept_is_brought_into_the_journal_once_with_its_time(desk):
    old = [at(NOW - age * DAY)._replace(number=f"D{age}", ok=age != 3) for age in range(120, 0, -1)]

    async def story():
        await desk.books.change(lambda db: write(db, old))
        await desk.audit.carry_over()
        await desk.audit.carry_over()
        await desk.books.change(lambda db: write(db, [at(NOW)]))
        await desk.audit.carry_over()
        return await looks(desk)

    assert run(desk, story()) == [*old, at(NOW)]


def test_the_desk_forgets_them_in_its_own_file_after_the_configured_days(desk):
    async def story():
        await desk.books.change(lambda db: write(db, [at(NOW - 200 * DAY), at(NOW)]))
        keeping = asyncio.create_task(desk.audit.keep(desk.audit_days))
        while (count := await desk.books.ask(lambda db: db.rows("SELECT count(*) FROM audit"))) != [(1,)]:  # noqa: ASYNC110  the other end is a statement of SQL
            await asyncio.sleep(0)
        keeping.cancel()
        with suppress(asyncio.CancelledError):
            await keeping
        return count, await looks(desk)

    count, kept = run(desk, asyncio.wait_for(story(), 60))
    assert (count, [one.at for one in kept]) == ([(1,)], [NOW - 200 * DAY, NOW])


def test_a_journal_that_cannot_be_written_shows_nothing_and_is_tried_again(desk, monkeypatch):
    monkeypatch.setattr(aside, "PATIENCE", 0.0)
    held = desk.storage / LOCK

    async def story():
        with Lock(held), pytest.raises(TransientFault) as refused:
            await desk.audit.look(visitor("D01"), "P0001", "place", "why")
        await desk.audit.look(visitor("D01"), "P0001", "place", "why")
        return spoken(refused.value, "en"), await looks(desk)

    desk.storage.mkdir(parents=True)
    said, kept = run(desk, story())
    assert "nothing is shown" in said
    assert len(kept) == 1


def test_beside_a_daemon_it_is_the_daemon_that_writes(desk, monkeypatch):
    monkeypatch.setattr(aside, "PATIENCE", 0.0)

    async def story():
        async with daemon_of(desk):
            with Lock(desk.storage / LOCK), pytest.raises(TransientFault):
                await desk.audit.look(visitor("D01"), "P0001", "place", "why")
            await desk.audit.look(visitor("D01"), "P0001", "place", "why")
        return await looks(desk)

    desk.storage.mkdir(parents=True)
    assert len(run(desk, story())) == 1


def test_a_directory_that_cannot_be_written_is_a_fault_that_may_pass(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(TransientFault):
        opened(tmp_path / "file" / "console.db")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can be somebody else")
def test_what_root_makes_is_the_storages_owners(tmp_path):
    """Accounts are made by root, and served by the daemon's own account."""
    storage = tmp_path / "storage"
    storage.mkdir()
    os.chown(storage, 12_345, 12_346)
    with closing(opened(storage / "console.db")) as db:
        write(db, [at(NOW)])
        owners = {(path.stat().st_uid, path.stat().st_gid) for path in storage.iterdir()}
        assert len(list(storage.iterdir())) > 1
    assert owners == {(12_345, 12_346)}
