"""Alarms in a file: torn and foreign lines stop nothing, and a crash between writing and marking doubles nothing."""

from __future__ import annotations

import asyncio
import threading
from contextlib import asynccontextmanager

import pytest
from upstream_room import SteppedTiming, event

from gateway.clock import SystemClock
from gateway.settings.model import Credential, Upstream, UpstreamKind
from gateway.store.outbox import Marks
from gateway.store.state_db import StateStore
from gateway.upstream import file
from gateway.upstream.file import FileUpstream
from gateway.upstream.rows import OwnRows
from gateway.writer import Writer


@asynccontextmanager
async def filing(path, *events):
    store, writer = StateStore(path / "state.db"), Writer()
    store.commit(events, [("file", frozenset())], 0)
    where = Upstream("file", UpstreamKind.FILE, str(path / "alarms.jsonl"), Credential())
    upstream = FileUpstream(where, OwnRows("file", store, writer, SystemClock()), SteppedTiming())
    task = asyncio.create_task(upstream.run())
    try:
        yield upstream
        async with asyncio.timeout(60):
            while (await writer.run(store.figures))["owed"]:
                assert not task.done(), task
                upstream.timing.advance(1.0)
                await asyncio.sleep(0.002)
    finally:
        task.cancel()
        await asyncio.wait((task,))
        writer.close()
        store.close()


def written(path, *events):
    async def run():
        async with filing(path, *events):
            pass

    asyncio.run(run())
    return (path / "alarms.jsonl").read_bytes().split(b"\n")


def test_urgent_alarms_come_first_and_each_once(tmp_path):
    lines = written(tmp_path, event("low"), event("a", 1), event("a", 2, "critical"), event("sos", severity="critical"))
    wanted = [event("a", 1), event("a", 2, "critical"), event("sos", severity="critical"), event("low")]
    assert lines == [*(one.body for one in wanted), b""]


@pytest.mark.parametrize(
    "torn", [b'{"id": "to', b"\xff\xfe", b"[" * 100_000, b"{}", b'{"id": 7}', b'{"id": "\\ud800"}']
)
def test_a_torn_or_foreign_last_line_stands_alone_and_stops_nothing(tmp_path, torn):
    (tmp_path / "alarms.jsonl").write_bytes(b'{"id": "before.1"}\n' + torn)
    store = StateStore(tmp_path / "state.db")
    store.commit([event("a"), event("b")], [("file", frozenset())], 0)
    store.outbox.claim("file", 9, frozenset(), 1.0)
    store.close()
    assert written(tmp_path) == [b'{"id": "before.1"}', torn, event("a").body, event("b").body, b""]


def test_what_a_crash_left_unmarked_is_known_by_its_line(tmp_path, monkeypatch):
    """Only the end of the file is read, however long it is."""
    monkeypatch.setattr(file, "TAIL", 4096)
    before = b'{"id": "old.1", "pad": "%s"}\n' % (b"x" * 100_000)
    (tmp_path / "alarms.jsonl").write_bytes(before + event("a").body + b"\n" + event("b").body[:20])
    store = StateStore(tmp_path / "state.db")
    store.commit([event("a"), event("b")], [("file", frozenset())], 0)
    store.outbox.claim("file", 9, frozenset(), 1.0)
    store.close()
    lines = written(tmp_path, event("c"))
    assert lines[1:] == [event("a").body, event("b").body[:20], event("b").body, event("c").body, b""]


def test_a_file_that_cannot_be_written_is_said_and_tried_again(tmp_path):
    (tmp_path / "alarms.jsonl").mkdir()

    async def run():
        async with filing(tmp_path, event("a")) as upstream:
            async with asyncio.timeout(60):
                while upstream.trouble is None:  # noqa: ASYNC110  it happens in the writer thread
                    await asyncio.sleep(0.002)
            assert "the alarm file cannot be written" in upstream.trouble.en
            assert not upstream.connected
            (tmp_path / "alarms.jsonl").rmdir()
        assert upstream.trouble is None

    asyncio.run(run())


def test_a_file_on_a_server_that_hangs_holds_up_nobody_else(tmp_path, monkeypatch):
    """What every alarm waits for is the writer of state.db."""
    hangs, append = threading.Event(), file.append

    def hanging(*arguments):
        assert hangs.wait(60)
        append(*arguments)

    monkeypatch.setattr(file, "append", hanging)

    async def run():
        async with filing(tmp_path, event("a")) as upstream:
            async with asyncio.timeout(60):
                while not await upstream.rows.unsettled():  # noqa: ASYNC110  it happens in another thread
                    await asyncio.sleep(0.002)
                await upstream.rows.writer.run(
                    upstream.rows.store.commit, [event("b")], [("other", frozenset()), ("file", frozenset())], 0
                )
                assert (await upstream.rows.writer.run(upstream.rows.store.outbox.owed)) == {"file": 2, "other": 1}
                await upstream.rows.writer.run(upstream.rows.store.outbox.note, "other", Marks(delivered=[2]), 1.0)
            hangs.set()
            upstream.notify()

    asyncio.run(run())
    assert (tmp_path / "alarms.jsonl").read_bytes().split(b"\n") == [event("a").body, event("b").body, b""]
