"""A journal on its way to real streams: each entry in each partition that needs it, once, wherever it was cut off."""

from __future__ import annotations

from functools import partial
from itertools import pairwise
from types import SimpleNamespace

import msgspec
import pytest
from forwarded_county import DEVICES, NOW, PARTITIONS, expected, made, opened, rows_of, there, written

from gateway.errors import OurFault, TransientFault
from gateway.forward.forwarder import Forwarder, Stopped
from gateway.forward.running import Forwarding
from gateway.fusion.scan.known import NOTHING_KNOWN
from gateway.fusion.towers import empty
from gateway.journal import FileJournal
from gateway.journal.controls import TowersNamed
from gateway.journal.entries import NO_ORIGIN, EntryKind, Gathering
from gateway.stream.bucket import Bucket
from gateway.stream.faults import WrongLast
from gateway.stream.journal import StreamJournal
from gateway.stream.names import Partition, configurations_bucket
from gateway.towers.shelf import TowerShelf
from gateway.towers.versions import TowerVersions, Version
from gateway.worker.towers import FetchedTowers

CONFIGURATION = EntryKind.CONFIGURATION


class Killed(BaseException):
    """As ``kill -9``, at any call."""


def forwarder(path, streams, **more):
    journal = FileJournal(path / "journal", read_only=True)
    return Forwarder(
        "demo", journal, streams, made, 1e9, more.pop("pause", lambda _: False), more.pop("send_towers", str), **more
    )


def forwarded(one):
    one.begin()
    while one.step():
        pass
    return one


def killing(stream, calls, *, after):
    """A stream whose appends end the process, each ``calls``-th; ``after``: once it is stored."""
    count = iter(range(1, 10**6))
    append = stream.append

    def cut(batch, source=-1):
        is_due = next(count) % calls == 0
        if is_due and not after:
            raise Killed
        stored = append(batch, source)
        if is_due:
            raise Killed
        return stored

    stream.append = cut
    return stream


@pytest.mark.parametrize("after", [False, True])
def test_killed_anywhere_again_and_again_each_partition_has_each_entry_once(
    tmp_path, stream_loop, stream_county, monkeypatch, after
):
    monkeypatch.setattr("gateway.forward.forwarder.MOST", 5)
    batches, kills = written(tmp_path), 0
    for calls in [2, 1, 3, 1, 2] * 50:
        streams = [killing(one, calls, after=after) for one in opened(stream_loop.connection, stream_county)]
        try:
            forwarded(forwarder(tmp_path, streams))
        except Killed:
            kills += 1
        else:
            break
    streams = opened(stream_loop.connection, stream_county)
    assert kills >= 10
    assert there(streams) == expected(batches)
    assert {one.source for one in streams} == {sum(map(len, batches))}
    assert streams[0].configuration("d2") == {"digest": "d2"}


def test_what_is_not_answered_is_tried_again_as_it_was_and_the_end_may_come_meanwhile(
    tmp_path, stream_loop, stream_county
):
    batches, streams, waits = written(tmp_path), opened(stream_loop.connection, stream_county), []
    append, fails = streams[1].append, iter([1, 1, 0])

    def failing(batch, source=-1):
        if next(fails, 0):
            raise TransientFault("nobody answers")
        return append(batch, source)

    streams[1].append = failing
    forwarded(forwarder(tmp_path, streams, pause=lambda seconds: bool(waits.append(seconds))))
    assert len(waits) == 2
    assert there(streams) == expected(batches)
    journal = FileJournal(tmp_path / "journal")
    journal.append(rows_of([(EntryKind.TICK, "")], sum(map(len, batches))))
    fails = iter([1])
    ending = forwarder(tmp_path, streams, pause=lambda _: True)
    ending.begin()
    with pytest.raises(Stopped):
        ending.step()


def test_a_county_whose_journal_is_full_at_the_city_waits_in_words_and_goes_on(tmp_path, stream_loop, stream_county):
    batches, waits, told = written(tmp_path), [], []
    small = StreamJournal(stream_loop.connection, Partition(stream_county, 1, PARTITIONS), max_bytes=1_000)
    streams = opened(stream_loop.connection, stream_county)

    def pause(seconds):
        waits.append(seconds)
        if len(waits) == 2:
            config = stream_loop.run(stream_loop.connection.ask(f"STREAM.INFO.{small.stream}"))["config"]
            more = {**config, "max_bytes": 1_000_000}
            stream_loop.run(stream_loop.connection.ask(f"STREAM.UPDATE.{small.stream}", more))

    forwarded(forwarder(tmp_path, streams, pause=pause, waits=lambda fault: told.append(str(fault))))
    assert len(told) == 2
    assert all(f"journal.{stream_county}.1 is full" in one for one in told)
    assert there(streams) == expected(batches)


def test_a_second_one_is_fenced_and_another_journal_or_a_gap_is_refused_in_words(tmp_path, stream_loop, stream_county):
    batches = written(tmp_path)
    first, second = (forwarder(tmp_path, opened(stream_loop.connection, stream_county)) for _ in range(2))
    for one in (first, second):
        one.begin()
    assert first.step()
    with pytest.raises(WrongLast, match="somebody else writes"):
        second.step()
    assert there(first.streams) == expected(batches)
    shorter = tmp_path / "shorter"
    written(shorter, rounds=2)
    with pytest.raises(OurFault, match="restored from a backup"):
        forwarder(shorter, opened(stream_loop.connection, stream_county)).begin()


class _Retired:
    """A journal of which the beginning is gone."""

    def __init__(self, journal, begins):
        self._journal, self.begins = journal, begins

    def __getattr__(self, name):
        return getattr(self._journal, name)


def test_new_streams_begin_where_they_can_be_judged_and_what_is_gone_is_passed_over_only_when_told(
    tmp_path, stream_loop, stream_county
):
    batches, streams = written(tmp_path), opened(stream_loop.connection, stream_county)
    half = sum(map(len, batches[:6]))
    begun = forwarder(tmp_path, streams)
    begun.journal = _Retired(begun.journal, half - 3)
    forwarded(begun)
    expect = expected(batches)
    assert all(len(one) > len(other) for one, other in zip(expect, there(streams), strict=True))
    assert [one[-len(other) :] for one, other in zip(expect, there(streams), strict=True)] == there(streams)
    assert {other[0][0] for other in there(streams)} == {EntryKind.START}
    journal, ends = FileJournal(tmp_path / "journal"), sum(map(len, batches))
    journal.append(rows_of([(EntryKind.TICK, "")] * 4, ends))
    late = forwarder(tmp_path, streams)
    late.journal = _Retired(late.journal, ends + 2)
    with pytest.raises(OurFault, match=f"entries {ends} to {ends + 1} of the journal went.*--over-gap"):
        late.begin()
    late.over_gap = True
    forwarded(late)
    assert [one[-2:] == other[-2:] for one, other in pairwise(there(streams))] == [True] * (PARTITIONS - 1)
    assert {one.source for one in streams} == {ends + 4}


def test_the_configuration_whose_entry_has_gone_from_the_journal_is_that_of_the_streams(
    tmp_path, stream_loop, stream_county
):
    """As where nobody has changed anything for longer than the journal is kept."""
    batches = written(tmp_path)
    streams = opened(stream_loop.connection, stream_county)
    forwarded(forwarder(tmp_path, streams))
    journal = FileJournal(tmp_path / "journal")
    batches.append(rows_of([(EntryKind.FRAME, device) for device in DEVICES], 40 * 86_400))
    journal.append(batches[-1])
    assert journal.retire(NOW + 20 * 86_400, lambda: journal.next_offset)
    assert not [batch for batch in journal.backwards(journal.next_offset) if (batch.kind == CONFIGURATION).any()]
    journal.close()
    forwarded(forwarder(tmp_path, streams))
    assert there(streams) == expected(batches)


def test_no_more_goes_in_a_second_than_is_allowed(tmp_path, stream_loop, stream_county):
    waits = []
    written(tmp_path)
    one = forwarder(tmp_path, opened(stream_loop.connection, stream_county), pause=waits.append)
    one.per_second = 10.0
    forwarded(one)
    assert sum(waits) > 8.0


def test_what_is_known_of_cells_goes_before_the_entry_that_names_it_and_a_worker_finds_it(
    tmp_path, stream_loop, stream_county
):
    """Whoever steps the entry can open what it names; a version that nobody has any more costs no more than itself."""
    written(tmp_path)
    versions = TowerVersions(tmp_path)
    table = versions.keep_table(empty())
    there_is = versions.use(Version(table, table, 0, (), 1.0, 0))
    journal = FileJournal(tmp_path / "journal")
    for digest in (there_is, "f" * 64):
        gathering = Gathering()
        gathering.add(EntryKind.TOWERS, NOW + 1000.0, NO_ORIGIN, msgspec.json.encode(TowersNamed(digest)))
        journal.append(gathering.batch())
    journal.close()
    county = SimpleNamespace(
        county=SimpleNamespace(code=stream_county), storage=SimpleNamespace(directory=str(tmp_path))
    )
    send = partial(Forwarding(county)._send_towers, stream_loop.connection)
    streams = opened(stream_loop.connection, stream_county)
    forwarded(forwarder(tmp_path, streams, send_towers=send))
    here = TowerVersions(tmp_path / "worker")
    bucket = Bucket(stream_loop.connection, configurations_bucket(stream_county))
    fetched = FetchedTowers(stream_loop.connection, bucket, here, TowerShelf(here))
    assert fetched(there_is) is not NOTHING_KNOWN
    assert here.about(there_is) == versions.about(there_is)
    assert fetched("f" * 64) is NOTHING_KNOWN
    assert streams[0].keep_configurations([], NOW + 1e9, NOW + 1e9) >= 0
    assert stream_loop.run(bucket.has(f"{there_is}.version"))
