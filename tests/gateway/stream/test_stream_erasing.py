"""Erased in a stream: no byte stays in the server's store, all else is there, whoever is killed between two steps."""

from __future__ import annotations

import asyncio
from contextlib import aclosing, asynccontextmanager

import pytest
from gateway_entries import batch, contents
from stream_loop import StreamLoop
from stream_server import StreamServer

from gateway.errors import OurFault, TransientFault
from gateway.journal.entries import NO_ORIGIN, EntryKind, Gathering, Origin
from gateway.settings.model import Credential
from gateway.stream.connection import Connection
from gateway.stream.journal import StreamJournal
from gateway.stream.names import Partition, erased_stream, journal_subject
from gateway.stream.owned import Owned

SECRET = b"31.230417,121.473701"
WHO = Origin(device="860000000000001", peer="a peer of hers")
MESSAGES, EACH = 12, 3
HERS = (0, 1, 2, 5, 6, 7, 8, 9, 10, 11, 16, 34)
"""All of some messages, the first among them, and one or two of others."""


class Cut(Exception):
    """Whoever erases is killed."""


def entries(first):
    """A message's: those that are to go hold what nobody may find."""
    gathering = Gathering()
    for offset in range(first, first + EACH):
        said = SECRET + b" %d" % offset if offset in HERS else b"kept %d" % offset
        gathering.add(EntryKind.FRAME, 100.0 + offset, WHO if offset in HERS else NO_ORIGIN, said)
    return gathering.batch()


class Erasable:
    """A partition's stream that somebody's entries are in."""

    def __init__(self, server, connection, county):
        self.server, self.connection, self.county = server, connection, county
        self.journal = self.opened()
        for number in range(MESSAGES):
            self.journal.append(entries(number * EACH), number)
        self.journal.append(batch(200.0), MESSAGES)

    def opened(self, **more):
        return StreamJournal(self.connection, Partition(self.county, 0, 1), **more)

    def found(self):
        """Whether the bytes are in a file of the server."""
        return any(
            SECRET in path.read_bytes() for path in (self.server.directory / "store").rglob("*") if path.is_file()
        )

    def expected(self, hers=HERS):
        kept = [b"" if offset in hers else self.payload(offset) for offset in range(MESSAGES * EACH)]
        return [*kept, b"frame 200.0"]

    @staticmethod
    def payload(offset):
        return SECRET + b" %d" % offset if offset in HERS else b"kept %d" % offset

    def is_whole(self, hers=HERS):
        """All that was not erased is there, at its offset, read by whoever comes anew."""
        reader = self.opened(read_only=True)
        assert contents(reader) == contents(reader, 0) == self.expected(hers)
        assert (reader.begins, reader.head, reader.source) == (0, self.journal.head, MESSAGES)


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    """A server of this module's alone: what is in its files is ours."""
    server = StreamServer(tmp_path_factory.mktemp("erased"))
    try:
        with StreamLoop(server.start().url) as loop:
            yield server, loop
    finally:
        server.kill()


@pytest.fixture
def place(own, stream_county):
    server, loop = own
    place = Erasable(server, loop.connection, stream_county)
    yield place
    if place.found():
        place.journal.erase(HERS)


async def again_up(connection):
    async with asyncio.timeout(30):
        while not connection.is_up:  # noqa: ASYNC110  the client says nothing when it is
            await asyncio.sleep(0.01)


def asked(monkeypatch, after):
    """Whoever erases is killed once so many of its changes are done; what it was to change next is never sent."""
    left = [after]
    ask, publish = Connection.ask, Connection.publish

    def count():
        left[0] -= 1
        if left[0] < 0:
            raise Cut

    async def counted_ask(self, name, body=None):
        if name.startswith(("STREAM.MSG.DELETE", "STREAM.CREATE")):
            count()
        return await ask(self, name, body)

    async def counted_publish(self, *args, **more):
        count()
        return await publish(self, *args, **more)

    monkeypatch.setattr(Connection, "ask", counted_ask)
    monkeypatch.setattr(Connection, "publish", counted_publish)


def test_what_is_erased_is_in_no_file_and_all_else_is_there(place, own):
    assert place.found()
    assert place.journal.erase(HERS) == 6
    assert not place.found()
    place.is_whole()
    gone = next(part for _, part in place.opened().read(16))
    assert (gone.kind[0], gone.origin_of(0), float(gone.received[0])) == (EntryKind.ERASED, NO_ORIGIN, 115.0)
    again = place.opened()
    assert [float(each.received[-1]) for each in again.backwards(9)] == [108.0, 105.0, 102.0]
    assert [again.first_since(time) for time in (0.0, 107.5, 116.0)] == [0, 6, 15]
    assert (again.offset_behind(1), again.offset_behind(4)) == (3, 12)
    assert again.append(batch(300.0)) == MESSAGES * EACH + 1
    server, loop = own
    server.kill()
    server.start()
    loop.run(again_up(place.connection))
    assert not place.found()
    assert contents(place.opened(read_only=True))[:-1] == place.expected()


def test_whoever_is_killed_between_two_steps_leaves_a_whole_journal_and_the_next_one_ends_it(place, monkeypatch):
    """Each change of twelve, and then the eraser of the second order, which finds stand-ins of the first."""
    first, done = HERS[::2], 0
    for hers, before in ((first, ()), (HERS, first)):
        for after in range(20):
            with monkeypatch.context() as killing:
                asked(killing, after % 4)
                try:
                    place.journal.erase(hers)
                except Cut:
                    done += 1
                else:
                    break
            reader = place.opened(read_only=True)
            pairs = zip(contents(reader), place.expected(before), place.expected(hers), strict=True)
            assert all(found in {least, most} for found, least, most in pairs)
    place.is_whole()
    assert done > 8
    assert not place.found()


def test_of_two_who_erase_at_once_the_later_brings_nothing_back(place, monkeypatch):
    """One stands still before his first stand-in is stored, the other ends that order and a second one."""
    publish, has_stood = Connection.publish, []

    async def standing(self, *args, **more):
        if not has_stood:
            has_stood.append(True)
            monkeypatch.setattr(Connection, "publish", publish)
            await asyncio.to_thread(lambda: place.opened(read_only=True).erase(HERS))
        return await publish(self, *args, **more)

    reader = place.opened(read_only=True)
    monkeypatch.setattr(Connection, "publish", standing)
    with pytest.raises(TransientFault, match="somebody else erases"):
        reader.erase([0])
    place.is_whole()
    assert not place.found()


@asynccontextmanager
async def owner(place, name):
    url = place.connection.client.connected_url.geturl()
    async with Connection(url, Credential()) as connection, Owned(connection, place.journal.stream, name, "a") as owned:
        yield owned


async def given(owned, last):
    """The floor, and the sequences that an owner is given; the last one he acknowledges."""
    floor = await owned.pinned()
    async with aclosing(owned.messages()) as messages:
        found = [await anext(messages) for _ in range(last - floor)]
        await owned.acknowledge(found[-1])
        await owned._connection.client.flush()
    return floor, [one.tail.sequence for one in found]


def test_whoever_owns_it_is_given_stand_ins_in_their_order_wherever_he_begins(place):
    async def work():
        async with owner(place, "w") as owned:
            first = await given(owned, 4)
            await asyncio.to_thread(lambda: place.opened(read_only=True).erase(HERS))
        async with owner(place, "w") as owned:
            return first, await given(owned, 6), await given(owned, MESSAGES + 1)

    first, second, third = asyncio.run(work())
    assert first == (0, [1, 2, 3, 4])
    assert second[0] == 4
    assert third[1] == list(range(third[0] + 1, MESSAGES + 2))
    assert second[1] + third[1] == list(range(5, MESSAGES + 2))


def test_an_owner_in_the_middle_goes_on_while_what_he_has_done_is_erased(place):
    """And more than that: what is erased before it was given out is given as it stands in."""

    async def work():
        async with owner(place, "middle") as owned:
            await owned.pinned()
            async with aclosing(owned.messages()) as messages:
                found = [await anext(messages) for _ in range(5)]
                await owned.acknowledge(found[-1])
                await asyncio.to_thread(lambda: place.opened(read_only=True).erase(HERS))
                found += [await anext(messages) for _ in range(MESSAGES - 4)]
                await owned.acknowledge(found[-1])
                await owned._connection.client.flush()
            return [one.tail.sequence for one in found], await owned.floor()

    assert asyncio.run(work()) == (list(range(1, MESSAGES + 2)), MESSAGES + 1)


def test_the_last_message_waits_for_another(place):
    with pytest.raises(TransientFault, match="once another one has come behind it"):
        place.journal.erase([MESSAGES * EACH])
    place.journal.append(batch(201.0))
    assert place.journal.erase([MESSAGES * EACH]) == 1
    assert contents(place.opened())[-2:] == [b"", b"frame 201.0"]


def test_what_has_no_stand_in_is_missed_and_what_is_not_there_is_said(place):
    place.journal.erase(HERS)
    connection, loop = place.connection, place.connection.loop

    def ask(name, **said):
        return asyncio.run_coroutine_threadsafe(connection.ask(name, said), loop).result()

    with pytest.raises(OurFault, match="has no entry 99"):
        place.journal.erase([99])
    ask(f"STREAM.PURGE.{erased_stream(place.journal.stream)}", filter=f"erased.{place.county}_0.6")
    with pytest.raises(OurFault, match="does not follow"):
        contents(place.opened())


def test_what_is_left_of_a_stream_of_the_same_name_stands_in_for_nothing(place):
    place.journal.erase(HERS)
    connection, loop = place.connection, place.connection.loop
    asyncio.run_coroutine_threadsafe(connection.ask(f"STREAM.DELETE.{place.journal.stream}"), loop).result()
    again = type(place)(place.server, connection, place.county)
    assert again.journal.erase(HERS[3:]) == 5
    again.is_whole(HERS[3:])
    again.journal.erase(HERS)


def test_what_stands_in_goes_with_the_time_of_keeping(place):
    place.journal.erase(HERS)
    assert place.journal.retire(109.5, lambda: 1000) == ["1", "2", "3"]
    reader = place.opened()
    assert (reader.begins, contents(reader, 9)) == (9, place.expected()[9:])
    assert place.journal.retire(1000.0, lambda: 1000) == [str(number) for number in range(4, MESSAGES + 1)]
    info = place.connection.ask(f"STREAM.INFO.{erased_stream(place.journal.stream)}")
    assert asyncio.run_coroutine_threadsafe(info, place.connection.loop).result()["state"]["messages"] == 0
    assert journal_subject(place.county, 0) == f"journal.{place.county}.0"
