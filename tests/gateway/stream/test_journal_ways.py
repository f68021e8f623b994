from __future__ import annotations

from math import inf

import pytest
from gateway_entries import DAY, batch, contents
from stream_loop import StreamLoop

from gateway.errors import OurFault, TransientFault
from gateway.journal.entries import NO_ORIGIN, EntryKind, Gathering
from gateway.stream.bucket import Bucket
from gateway.stream.faults import NotThere
from gateway.stream.journal import StreamJournal
from gateway.stream.layout import JOURNAL_WINDOW
from gateway.stream.names import Partition


@pytest.fixture
def opened(stream_loop, stream_county):
    return lambda **more: StreamJournal(stream_loop.connection, Partition(stream_county, 0, 1), **more)


def one(kind, time, payload):
    gathering = Gathering()
    gathering.add(kind, time, NO_ORIGIN, payload)
    return gathering.batch()


def skip(offset, fault):
    return one(EntryKind.SKIPPED, 9.0, f'{{"offset":{offset},"fault":"{fault}"}}'.encode())


def test_how_far_the_county_is_covered_stands_in_the_stream_itself(opened):
    journal = opened()
    assert journal.source == -1
    journal.append(batch(1.0, 2.0), 7)
    journal.move(9)
    journal.move(12)
    again = opened()
    assert (again.source, again.next_offset, again.sequence, again.head) == (12, 2, 3, journal.head)
    assert (again.append(batch(3.0)), again.source, opened().source) == (2, 12, 12)
    assert contents(again) == contents(again, 0) == [b"frame 1.0", b"frame 2.0", b"frame 3.0"]
    assert [float(each.received[0]) for each in again.backwards(3)] == [3.0, 1.0]
    assert [again.first_since(time) for time in (1.5, 2.5, 4.0)] == [0, 2, 3]
    assert again.begins == 0


def test_who_answers_with_less_than_is_known_to_be_there_is_not_believed(opened):
    """A leader that was just elected may know less than a consumer has given out: its end is none."""
    writer, reader = opened(), opened(read_only=True)
    writer.append(batch(1.0))
    assert (contents(reader), reader.offset_behind(1)) == ([b"frame 1.0"], 1)
    reader.heard_of(2)
    for ask in (lambda: contents(reader), lambda: reader.offset_behind(1), lambda: reader.offset_behind(2),
                lambda: list(reader.backwards(9)), lambda: reader.begins, lambda: reader.first_since(0.0)):  # fmt: skip
        with pytest.raises(TransientFault, match="no replica gives"):
            ask()
    writer.append(batch(2.0))
    assert (contents(reader), reader.offset_behind(2)) == ([b"frame 1.0", b"frame 2.0"], 2)


def test_entries_that_were_erased_are_not_appended(opened):
    with pytest.raises(OurFault, match="erased"):
        opened().append(one(EntryKind.ERASED, 1.0, b""))


def test_a_clock_that_went_back_hides_nothing_from_who_asks_since_when(opened):
    journal = opened()
    for time in (100.0, 900.0, 200.0, 300.0, 950.0):
        journal.append(batch(time))
    assert [journal.first_since(time) for time in (-inf, 150.0, 900.0, 920.0, 960.0)] == [0, 1, 1, 4, 5]
    assert journal.retire(901.0, lambda: 5) == ["1", "2", "3", "4"]
    assert [journal.first_since(time) for time in (0.0, 951.0)] == [4, 5]


def test_what_was_received_before_an_hour_is_found_behind_what_was_removed(opened):
    journal = opened()
    for time in (900.0, 200.0, 300.0):
        journal.append(batch(time))
    assert journal.retire(1000.0, lambda: 1) == ["1"]
    assert [journal.first_since(time) for time in (100.0, 250.0, 500.0)] == [1, 2, 3]


def test_what_was_skipped_is_found_without_reading_all_and_goes_with_its_message(opened, monkeypatch):
    journal = opened()
    for number in range(40):
        journal.append(skip(number, "ValueError") if number in {0, 17, 30} else batch(float(number)))
    journal.append(skip(17, "KeyError"))
    reader, read = type(journal._reader), []
    one_of = reader.one

    async def counted(self, sequence):
        read.append(sequence)
        return await one_of(self, sequence)

    monkeypatch.setattr(reader, "one", counted)
    assert opened(read_only=True).skipped() == {0: "ValueError", 17: "KeyError", 30: "ValueError"}
    assert len(read) < 12
    journal.retire(inf, lambda: 18)
    assert journal.skipped() == {17: "KeyError", 30: "ValueError"}


def test_nothing_is_removed_within_the_window_for_duplicates(opened, stream_loop):
    """An id outlives a message that is removed earlier, and swallows the next message that has it."""
    journal = opened()
    for time in (1.0, 2.0, 3.0):
        journal.append(batch(time))
    stored_at = -stream_loop.run(journal._reader.age(2, 0.0))
    assert journal.retire(10.0, lambda: 3) == ["1", "2"]
    assert stream_loop.run(journal._reader.extent()).time - stored_at >= JOURNAL_WINDOW
    assert journal.begins == 2


def test_looks_stay_and_what_is_behind_them(opened):
    journal = opened()
    journal.append(batch(1.0))
    journal.append(one(EntryKind.AUDIT, DAY, b"{}"))
    journal.append(batch(DAY + 1.0))
    journal.append(batch(DAY + 2.0))
    assert journal.retire(9 * DAY, lambda: 4, looks=DAY) == ["1"]
    assert journal.retire(9 * DAY, lambda: 4, looks=DAY + 0.5) == ["2", "3"]


def test_long_batches_are_many_messages_as_one(opened):
    journal = opened()
    for number in range(20):
        journal.append(batch(float(number)))
    assert [(first, len(each)) for first, each in journal.read_long(3, 8)] == [(3, 8), (11, 8), (19, 1)]
    assert [len(each) for each in journal.backwards(20)] == [1] * 20
    journal.turn_over(5)
    assert journal.append(batch(20.0)) == 20


def test_a_configuration_goes_when_nobody_has_needed_it_for_long(opened):
    journal = opened()
    for digest in ("d1", "d2"):
        journal.store_configuration(digest, {"gateway.yaml": digest * 100_000, "leer": ""})
    assert journal.keep_configurations({"d1"}, 100.0) == 0
    assert journal.keep_configurations({"d1"}, 200.0, 150.0) == 1
    assert journal.configuration("d1") == {"gateway.yaml": "d1" * 100_000, "leer": ""}
    with pytest.raises(OurFault, match="d2 is not in the stream"):
        journal.configuration("d2")
    journal.store_configuration("d2", {"gateway.yaml": "again"})
    assert journal.keep_configurations((), 200.0, 150.0) == 0
    assert journal.configuration("d2") == {"gateway.yaml": "again"}


def test_a_bucket_gives_what_was_put_last_and_says_what_is_missing_or_damaged(stream_loop, stream_county):
    async def work():
        bucket = Bucket(stream_loop.connection, f"snapshots_{stream_county}")
        with pytest.raises(NotThere):
            await bucket.get("a/0")
        await bucket.lay()
        assert (await bucket.keys(), await bucket.has("a/0")) == ([], False)
        for data in (b"first", bytes(1_000_000), b""):
            await bucket.put("a/0", data)
            assert await bucket.get("a/0") == data
        await bucket.put("a/1", b"other")
        assert sorted(await bucket.keys()) == ["a/0", "a/1"]
        await bucket.remove("a/0")
        await bucket.remove("a/0")
        with pytest.raises(NotThere, match="no object"):
            await bucket.get("a/0")
        assert await bucket.keys() == ["a/1"]

    stream_loop.run(work())


def test_an_object_whose_parts_are_gone_is_not_waited_for_for_ever(stream_server, stream_county):
    with StreamLoop(stream_server.url, 0.3) as loop:
        bucket = Bucket(loop.connection, f"snapshots_{stream_county}")
        loop.run(bucket.lay())
        loop.run(bucket.put("a/0", bytes(300_000)))
        nuid = loop.run(bucket._store.get_info("a/0")).nuid
        loop.run(loop.connection.ask(f"STREAM.MSG.DELETE.OBJ_{bucket.name}", {"seq": 2}))
        with pytest.raises(TransientFault, match="no replica gives"):
            loop.run(bucket.get("a/0"))
        loop.run(loop.connection.publish(f"$O.{bucket.name}.C.{nuid}", b"another part"))
        with pytest.raises(OurFault, match="not what was written"):
            loop.run(bucket.get("a/0"))


def test_of_objects_that_were_removed_nothing_stays_that_would_be_too_much_to_list(
    stream_loop, stream_county, monkeypatch
):
    """The server lists no more than 1,024 at once, and the library leaves word of each one that there was."""
    monkeypatch.setattr("gateway.stream.bucket.MOST_KEYS", 2)
    bucket, connection = Bucket(stream_loop.connection, f"many_{stream_county}"), stream_loop.connection

    async def work():
        await bucket.lay()
        for number in range(7):
            await bucket.put(f"c/0/{number}", b"%d" % number)
        listed = await bucket.keys()
        for key in listed[:3]:
            await bucket.remove(key)
        await bucket._store.delete("c/0/3")
        left = await bucket.keys()
        await bucket.remove("c/0/3")
        await bucket.remove("c/0/99")
        return listed, left, (await connection.ask(f"STREAM.INFO.OBJ_many_{stream_county}"))["state"]["messages"]

    keys = [f"c/0/{number}" for number in range(7)]
    assert stream_loop.run(work()) == (keys, keys[4:], 2 * len(keys[4:]))
