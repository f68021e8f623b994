"""What a stream may be that is none of ours, or no longer: said in both languages, and nothing is written to it."""

from __future__ import annotations

import pytest
from gateway_entries import batch, contents

from gateway.errors import OurFault, UserFault
from gateway.journal import JournalHole
from gateway.stream import layout, stored
from gateway.stream.faults import NotThere
from gateway.stream.journal import StreamJournal
from gateway.stream.names import CHAIN, COUNT, FIRST, SCHEMA_HEADER, Partition, configurations_bucket
from gateway.text import Text


class Place:
    """A county's first partition of two, and what somebody else does to its stream."""

    def __init__(self, loop, county):
        self.loop, self.partition = loop, Partition(county, 0, 2)
        self.stream, self.subject = f"JOURNAL_{county}_0", f"journal.{county}.0"

    def opened(self, **more):
        return StreamJournal(self.loop.connection, self.partition, **more)

    def ask(self, name, **body):
        return self.loop.run(self.loop.connection.ask(f"{name}.{self.stream}", body or None))

    def publish(self, body, headers=None):
        self.loop.run(self.loop.connection.publish(self.subject, body, headers))


@pytest.fixture
def place(stream_loop, stream_county):
    return Place(stream_loop, stream_county)


def told(fault, *, zh):
    """Its words are there in both languages."""
    said = fault.value.args[0]
    return isinstance(said, Text) and zh in said.zh and said.zh != said.en


def test_a_stream_that_nobody_made_is_made_by_who_writes_alone(place):
    with pytest.raises(NotThere):
        place.opened(read_only=True)
    assert place.opened().next_offset == 0
    assert place.opened(read_only=True).next_offset == 0


def test_another_number_of_partitions_is_refused(place):
    place.opened().append(batch(1.0))
    place.partition = place.partition._replace(of=4)
    for read_only in (False, True):
        with pytest.raises(UserFault, match="has partitions 2, and it has to be 4") as refused:
            place.opened(read_only=read_only)
        assert told(refused, zh="分区数")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"metadata": {"schema": "2", "partitions": "2"}}, "has schema 2, and it has to be 1"),
        ({"metadata": {}}, "has schema None"),
        ({"discard": "old"}, "has discard old"),
        ({"max_age": 3_600_000_000_000}, "has max_age"),
        ({"max_msgs": 10}, "has max_msgs 10"),
        ({"subjects": ["others.of.us"]}, "has subjects"),
    ],
)
def test_another_stream_under_the_name_is_refused_and_left_as_it_is(place, change, said):
    config = {**layout.journal(place.partition).whole, "metadata": {"schema": "1", "partitions": "2"}, **change}
    place.loop.run(place.loop.connection.ask(f"STREAM.CREATE.{place.stream}", config))
    before = place.ask("STREAM.INFO")["config"]
    for read_only in (False, True):
        with pytest.raises(UserFault, match=said) as refused:
            place.opened(read_only=read_only)
        assert told(refused, zh="没有读写任何内容")
    assert place.ask("STREAM.INFO")["config"] == before


def test_a_stream_with_other_limits_is_refused_to_its_writer_and_may_be_read(place):
    place.opened(max_bytes=1_000_000).append(batch(1.0))
    with pytest.raises(UserFault, match="has max_bytes 1000000, and it has to be 2000000"):
        place.opened(max_bytes=2_000_000)
    assert contents(place.opened(read_only=True)) == [b"frame 1.0"]


def test_a_writer_who_asks_for_no_limits_takes_stream_and_bucket_as_they_were_made(place):
    place.opened(max_bytes=1_000_000).append(batch(1.0))
    bucket = layout.objects(configurations_bucket(place.partition.code))
    place.loop.run(layout.lay(place.loop.connection, bucket))
    journal = place.opened()
    journal.store_configuration("d1", {"gateway.yaml": "x"})
    assert journal.append(batch(2.0)) == 1


@pytest.mark.parametrize("headers", [None, {SCHEMA_HEADER: "2", FIRST: "1", COUNT: "1"}])
def test_a_message_of_another_schema_is_refused(place, headers):
    journal = place.opened()
    journal.append(batch(1.0))
    place.publish(b"hello", headers)
    for work in (place.opened, lambda: contents(journal)):
        with pytest.raises(UserFault, match=r"message 2 of stream .* has the schema") as refused:
            work()
        assert told(refused, zh="消息格式")


@pytest.mark.parametrize(
    "change", [{FIRST: "x"}, {COUNT: "-1"}, {COUNT: "0"}, {CHAIN: "zz"}, {FIRST: "-5"}, {FIRST: ""}], ids=str
)
def test_headers_that_are_damaged_are_told(place, change):
    journal = place.opened()
    (one,) = stored.written(journal.stream, batch(1.0), journal._writer.end, None, 100_000, b"secret")
    place.publish(one.body, {**stored.headers(one), **change})
    with pytest.raises(OurFault, match="do not fit it") as fault:
        place.opened()
    assert told(fault, zh="标头")


@pytest.mark.parametrize("count", ["2", "3"])
def test_a_message_with_other_entries_than_its_headers_say_is_told(place, count):
    journal = place.opened()
    (one,) = stored.written(journal.stream, batch(1.0), journal._writer.end, None, 100_000, b"secret")
    place.publish(one.body, {**stored.headers(one), COUNT: count})
    with pytest.raises(OurFault, match="do not fit it"):
        contents(place.opened())


@pytest.mark.parametrize("kept", [0, 1])
def test_offsets_that_do_not_follow_are_told(place, kept):
    """The chain ties each message to the one before: one that was written for another place does not fit in."""
    journal = place.opened()
    journal.append(batch(1.0))
    before = journal._writer.end
    journal.append(batch(2.0))
    for entries in (batch(3.0), batch(4.0))[kept:]:
        (one,) = stored.written(journal.stream, entries, before, None, 100_000, b"secret")
        place.publish(one.body, stored.headers(one))
    with pytest.raises(OurFault, match="does not follow from the one before") as fault:
        contents(place.opened(read_only=True))
    assert told(fault, zh="不相接")


def test_a_message_that_was_removed_in_the_middle_is_noticed(place):
    journal = place.opened()
    for time in (1.0, 2.0, 3.0, 4.0):
        journal.append(batch(time))
    place.ask("STREAM.MSG.DELETE", seq=2)
    with pytest.raises(OurFault, match="does not follow"):
        contents(journal)
    with pytest.raises(JournalHole) as hole:
        contents(journal, 1)
    assert (hole.value.wanted, hole.value.found) == (1, 2)
    assert contents(journal, 2) == [b"frame 3.0", b"frame 4.0"]


def test_a_stream_that_lost_all_of_its_messages_is_not_begun_anew(place):
    place.opened().append(batch(1.0))
    place.ask("STREAM.PURGE")
    with pytest.raises(OurFault, match="all were removed") as fault:
        place.opened()
    assert told(fault, zh="全部被删除")


def test_an_object_bucket_that_is_another_stream_is_refused(place, stream_county):
    name = f"OBJ_configurations_{stream_county}"
    config = {"name": name, "subjects": [f"other.{stream_county}"]}
    place.loop.run(place.loop.connection.ask(f"STREAM.CREATE.{name}", config))
    with pytest.raises(UserFault, match=f"stream {name} has subjects"):
        place.opened().store_configuration("d1", {})
