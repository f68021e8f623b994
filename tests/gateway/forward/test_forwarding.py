"""The forwarder as a process has it: alone on its machine, told to end, and saying how far it is and what is wrong."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from forwarded_county import PARTITIONS, expected, made, opened, there, written
from timeline import county

from gateway.demo.broker import free_port
from gateway.errors import UserFault
from gateway.forward.progress import NAME, Progress, read
from gateway.forward.running import Forwarding
from gateway.journal import FileJournal
from gateway.settings.model import Credential, Forward, Storage

PATIENCE = 60


@pytest.fixture(autouse=True)
def by_name(monkeypatch):
    monkeypatch.setattr("gateway.forward.running.ANSWER_WAIT", 2.0)
    monkeypatch.setattr("gateway.forward.running.load_sources", made)


def of(path, code, url, partitions=PARTITIONS):
    forward = Forward(url, Credential(), "order 7", partitions)
    base = county(storage=Storage(str(path), 180), forward=forward)
    return Forwarding(replace(base, county=replace(base.county, code=code)))


async def until(look):
    async with asyncio.timeout(PATIENCE):
        while not look():  # noqa: ASYNC110  another thread does it
            await asyncio.sleep(0.02)


def test_it_goes_on_until_it_is_told_to_end_alone_and_says_how_far_it_is(tmp_path, stream_server, stream_loop):
    """The county is demo, whose streams are this test's alone."""
    batches = written(tmp_path)
    entries = sum(map(len, batches))

    async def work():
        one, other = (of(tmp_path, "demo", stream_server.url) for _ in range(2))
        running = asyncio.create_task(one.run())
        await until(lambda: read(tmp_path).offset == entries)
        with pytest.raises(UserFault, match="another forwarder"):
            await other.run()
        one.ended.set()
        await running
        with pytest.raises(UserFault, match=r"partitions.*3.*2|partitions.*2.*3"):
            await of(tmp_path, "demo", stream_server.url, partitions=2).run()

    asyncio.run(work())
    assert there(opened(stream_loop.connection, "demo")) == expected(batches)
    progress = read(tmp_path)
    assert progress == Progress(entries, float(batches[-1].received[-1]))
    journal = FileJournal(tmp_path / "journal")
    assert progress.behind(journal, progress.received + 60) == 0.0
    journal.append(batches[0])
    assert progress.behind(journal, progress.received + 60) == 60.0


def test_what_is_in_the_way_is_noted_in_words_and_without_the_section_nothing_is_done(tmp_path):
    (tmp_path / NAME).write_bytes(b"no json")

    async def work():
        one = of(tmp_path, "demo", f"nats://127.0.0.1:{free_port()}")
        running = asyncio.create_task(one.run())
        await until(lambda: "连不上消息服务器" in read(tmp_path).trouble[0])
        one.ended.set()
        await running
        with pytest.raises(UserFault, match="no section forward"):
            await Forwarding(county(storage=Storage(str(tmp_path), 180))).run()

    asyncio.run(work())
    assert "the message server is not reached" in read(tmp_path).trouble[1]
