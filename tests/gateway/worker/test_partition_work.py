"""One partition at a worker, with all around it scripted: it follows warm, asks, and lets go whatever happens."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace

import pytest

from gateway.backoff import Backoff
from gateway.stream.stored import Tail
from gateway.worker import partition
from gateway.worker.partition import PartitionWork
from gateway.worker.standing import Standing


async def nothing(*_, **__):
    return None


async def empty():
    return {}


class Server:
    """A partition's consumer and stream: ``floors`` of the owner before us, and then ``given`` to us."""

    pin = "ours"

    def __init__(self, floors=(0,), given=()):
        self.floors, self.given = iter(floors), list(given)
        self.standing, self.told, self.acknowledged, self.is_pulling = None, [], [], False
        self.is_over, self.waited = asyncio.Event(), []

    async def __aenter__(self):
        return self

    async def __aexit__(self, *_):
        return None

    async def floor(self):
        self.waited.append(self.standing.waits)
        try:
            self.at = next(self.floors)
        except StopIteration:
            self.is_over.set()
        return self.at

    async def pinned(self):
        await self.is_over.wait()
        return self.at

    async def messages(self):
        self.is_pulling = True
        try:
            for each in self.given:
                yield each
        finally:
            self.is_pulling = False

    async def acknowledge(self, message):
        self.acknowledged.append(message.tail.sequence)

    def offset_behind(self, sequence):
        self.told.append(("offset behind", sequence))
        return 10 * sequence

    def heard_of(self, sequence):
        self.told.append(("heard of", sequence))


def message(sequence):
    return SimpleNamespace(tail=Tail(sequence=sequence), first=10 * sequence, count=10, entries=lambda _: None)


def work_on(server, take=lambda *_: SimpleNamespace(events=[], handed=None)):
    """A partition whose engine says nothing: what it is told stands in ``server.told``."""

    def told(name):
        return lambda *words: server.told.append((name, *words))

    kept = SimpleNamespace(snapshots=SimpleNamespace(offset=0), floor=0, packed=lambda: None)
    engine = SimpleNamespace(
        begin=told("begin"), follow=told("follow"), save=lambda: None, kept=kept, offset=0, skipped={},
        share=SimpleNamespace(county="a", partition=0), state=SimpleNamespace(now=0.0),
        take=lambda first, _: (server.told.append(("take", first)), take(first))[1],
    )  # fmt: skip
    journal = SimpleNamespace(offset_behind=server.offset_behind, heard_of=server.heard_of, begins=0)
    nobody = SimpleNamespace(offset=nothing, put=nothing)
    server.standing = Standing("a", 0)
    around = SimpleNamespace(known=empty, look=nothing, rest=nothing)
    return PartitionWork(
        None, journal, engine, nobody, lambda: server, server.standing, SimpleNamespace(known=empty),
        around, SimpleNamespace(look=nothing), lambda: 0.0, lambda: False,
    )  # fmt: skip


def attempted(work):
    async def scenario():
        try:
            await work._attempt(Backoff())
        finally:
            await asyncio.to_thread(work._thread.close)

    asyncio.run(scenario())


def test_a_standby_is_warm_and_reads_only_where_the_owner_has_come_further(monkeypatch):
    monkeypatch.setattr(partition, "FOLLOW_EVERY", 0.0)
    server = Server(floors=[3, 3, 3, 3, 4, 4, 5])
    attempted(work_on(server))
    assert [words for words in server.told if words[0] == "follow"] == [("follow", 30), ("follow", 40), ("follow", 50)]
    assert server.told.count(("offset behind", 3)) == 3  # before it begins, twice, and once to follow
    assert server.waited[:2] == [False, False]
    assert set(server.waited[2:]) == {True}  # the others may give it to us from here on
    assert not server.standing.waits


def test_all_that_is_given_is_heard_of_before_it_is_taken_and_answered_for_behind_it(monkeypatch):
    monkeypatch.setattr(partition, "FOLLOW_EVERY", 0.0)
    server = Server(given=[message(1), message(2)])
    attempted(work_on(server))
    assert server.told[-4:] == [("heard of", 1), ("take", 10), ("heard of", 2), ("take", 20)]
    assert server.acknowledged == [1, 2]


def test_who_fails_pulls_no_more_by_the_time_that_anybody_hears_of_it(monkeypatch):
    monkeypatch.setattr(partition, "FOLLOW_EVERY", 0.0)

    def take(first):
        if first == 20:
            raise ValueError("nobody has thought of it")
        return SimpleNamespace(events=[], handed=None)

    server = Server(given=[message(1), message(2), message(3)])
    work = work_on(server, take)

    async def scenario():
        with pytest.raises(ValueError, match="nobody"):
            await work._attempt(Backoff())
        assert not server.is_pulling
        await asyncio.to_thread(work._thread.close)

    asyncio.run(scenario())
    assert server.acknowledged == [1]
    assert (server.standing.is_owner, server.standing.pin) == (False, "")
