"""Answers that do not come, servers that end, writers that should not be there: nothing twice, nothing lost."""

from __future__ import annotations

import pytest
from gateway_entries import batch, contents
from stream_loop import StreamLoop
from stream_server import StreamServer

from gateway.errors import OurFault, TransientFault
from gateway.journal.entries import EntryKind, Gathering, Origin
from gateway.stream.connection import Connection
from gateway.stream.faults import Full, InDoubt, TooLarge, WrongLast
from gateway.stream.journal import StreamJournal
from gateway.stream.names import Partition

FRAME_1, FRAME_2, FRAME_3 = b"frame 1.0", b"frame 2.0", b"frame 3.0"


@pytest.fixture
def opened(stream_loop, stream_county):
    return lambda **more: StreamJournal(stream_loop.connection, Partition(stream_county, 0, 1), **more)


def large(count=900, size=1000):
    gathering = Gathering()
    for number in range(count):
        gathering.add(EntryKind.FRAME, 1.0, Origin(f"B{number % 7}"), number.to_bytes(4, "big") * (size // 4))
    return gathering.batch()


class Unanswered:
    """Publishes whose answer does not come: ``does`` says of each whether it arrives all the same."""

    def __init__(self, monkeypatch, does):
        self.does, publish = list(does), Connection.publish

        async def unanswered(connection, subject, payload, headers=None, **more):
            if not self.does:
                return await publish(connection, subject, payload, headers, **more)
            if self.does.pop(0):
                await publish(connection, subject, payload, headers, **more)
            raise InDoubt("no answer")

        monkeypatch.setattr(Connection, "publish", unanswered)


@pytest.mark.parametrize("does", [[True], [False], [False, True], [False, False, True], [True, True]])
@pytest.mark.parametrize("made", [lambda: batch(2.0), large], ids=["one message", "several"])
def test_an_append_that_was_not_answered_is_found_or_made_good(opened, monkeypatch, does, made):
    journal, entries = opened(), made()
    wanted = [FRAME_1, *[entries.bytes_of(index) for index in range(len(entries))], FRAME_3]
    journal.append(batch(1.0))
    silent = Unanswered(monkeypatch, does)
    while True:
        try:
            first = journal.append(made())
            break
        except InDoubt:
            assert journal.next_offset == 1
    assert (first, journal.next_offset) == (1, len(wanted) - 1)
    del silent.does[:]
    journal.append(batch(3.0))
    assert contents(opened(read_only=True)) == wanted
    assert journal.head == opened(read_only=True).head


def test_one_that_arrives_after_we_have_asked_is_not_stored_twice(opened, monkeypatch):
    journal = opened()
    publish, late = Connection.publish, []

    async def lagging(connection, subject, payload, headers=None, **more):
        if not late:
            late.append((subject, payload, headers))
            raise InDoubt("no answer")
        await publish(connection, *late[0])
        return await publish(connection, subject, payload, headers, **more)

    monkeypatch.setattr(Connection, "publish", lagging)
    with pytest.raises(InDoubt):
        journal.append(batch(1.0))
    assert (journal.append(batch(1.0)), contents(journal)) == (0, [FRAME_1])


def test_another_batch_after_one_that_was_stored_unanswered_is_our_fault(opened, monkeypatch):
    journal = opened()
    Unanswered(monkeypatch, [True])
    with pytest.raises(InDoubt):
        journal.append(batch(1.0))
    with pytest.raises(OurFault, match="Begin anew"):
        journal.append(batch(1.0, 2.0))
    assert contents(journal) == [FRAME_1]
    assert (journal.append(batch(2.0)), contents(opened())) == (1, [FRAME_1, FRAME_2])


def test_another_batch_after_one_that_was_not_stored_goes_its_way(opened, monkeypatch):
    journal = opened()
    Unanswered(monkeypatch, [False])
    with pytest.raises(InDoubt):
        journal.append(batch(1.0))
    assert (journal.append(batch(2.0)), contents(journal)) == (0, [FRAME_2])


def test_a_batch_that_breaks_off_in_the_middle_leaves_nothing_and_goes_in_whole_later(opened, monkeypatch):
    journal, entries = opened(), large()
    request, sent = Connection.request, []

    async def breaking(connection, subject, payload=b"", headers=None, wait=None):
        if headers and "Nats-Batch-Id" in headers:
            sent.append(headers)
            if len(sent) == 3:
                raise InDoubt("no answer")
        return await request(connection, subject, payload, headers, wait)

    monkeypatch.setattr(Connection, "request", breaking)
    with pytest.raises(InDoubt):
        journal.append(entries)
    assert contents(opened(read_only=True)) == []
    assert journal.append(entries) == 0
    found = [one for _, one in opened(read_only=True).read(0)]
    assert len(found) > 3
    assert contents(journal) == [entries.bytes_of(index) for index in range(len(entries))]
    assert [len(one) for _, one in journal.read_long(0, 10_000)] == [len(entries)]


def test_an_entry_that_fits_into_no_message_is_refused_and_the_journal_goes_on(opened):
    journal = opened()
    with pytest.raises(TooLarge, match="max_payload"):
        journal.append(large(3, 300_000))
    assert (journal.append(batch(1.0)), contents(journal)) == (0, [FRAME_1])


def test_of_two_writers_the_one_who_was_not_looking_is_told_that_somebody_else_writes(opened):
    first = opened()
    first.append(batch(1.0))
    second = opened()
    second.append(batch(2.0))
    for entries in (batch(3.0), large()):
        with pytest.raises(WrongLast, match="somebody else writes"):
            first.append(entries)
    second.append(batch(3.0))
    assert contents(opened(read_only=True)) == [FRAME_1, FRAME_2, FRAME_3]


def test_a_full_stream_takes_nothing_loses_nothing_and_goes_on_when_it_has_room(stream_loop, stream_county):
    partition, entries = Partition(stream_county, 0, 1), large(60)
    journal = StreamJournal(stream_loop.connection, partition, max_bytes=100_000)
    journal.append(entries)
    for each in (entries, large(900)):
        with pytest.raises(Full, match="is full"):
            journal.append(each)
    assert journal.next_offset == 60
    ask = stream_loop.connection.ask
    config = stream_loop.run(ask(f"STREAM.INFO.{journal.stream}"))["config"]
    stream_loop.run(ask(f"STREAM.UPDATE.{journal.stream}", config | {"max_bytes": 10_000_000}))
    assert journal.append(large(900)) == 60
    assert len(contents(journal)) == 960


def killed(tmp_path, rounds):
    """Appends while their server is killed: what was acknowledged, and what is there at the end."""
    server, acknowledged = StreamServer(tmp_path).start(), []
    try:
        with StreamLoop(server.url, 2.0) as loop:
            journal = StreamJournal(loop.connection, Partition("1", 0, 1))
            for number in range(rounds):
                for each in (
                    batch(4.0 * number),
                    batch(4.0 * number + 1.0),
                    batch(4.0 * number + 2.0, 4.0 * number + 3.0),
                ):
                    pending = loop.loop.call_soon_threadsafe(server.kill) if len(each) > 1 else None
                    while True:
                        try:
                            acknowledged.append((journal.append(each), len(each)))
                            break
                        except TransientFault:
                            if pending is not None:
                                server.kill()
                                server.start()
                                pending = None
            return (
                acknowledged,
                contents(journal),
                journal.head,
                StreamJournal(loop.connection, Partition("1", 0, 1), read_only=True).head,
            )
    finally:
        server.kill()


@pytest.mark.parametrize("rounds", [2, pytest.param(50, marks=pytest.mark.torture)])
def test_a_server_that_is_killed_while_we_append_loses_and_doubles_nothing(tmp_path, rounds):
    acknowledged, found, head, again = killed(tmp_path, rounds)
    assert found == [f"frame {float(number)}".encode() for number in range(4 * rounds)]
    assert acknowledged == [
        each for number in range(rounds) for each in ((4 * number, 1), (4 * number + 1, 1), (4 * number + 2, 2))
    ]
    assert head == again
