"""A stream that begins in the middle of a county's journal: of cells its worker knows what the county's daemon does."""

from __future__ import annotations

from functools import partial
from types import SimpleNamespace

import numpy as np
import pytest
from known_cells import MASTS, NEAR, VERSIONS, Heard, body
from timeline import HOUR, at, compile_policy, county

from gateway.engine.state import EngineState
from gateway.engine.step import step
from gateway.forward.forwarder import Forwarder
from gateway.forward.in_force import towers_before, towers_of
from gateway.forward.running import Forwarding
from gateway.fusion.towers import empty
from gateway.journal import FileJournal
from gateway.journal.controls import TowersNamed
from gateway.journal.entries import EntryKind
from gateway.stream.bucket import Bucket
from gateway.stream.journal import StreamJournal
from gateway.stream.names import Partition, configurations_bucket
from gateway.towers.named import FILE, Named, name, named
from gateway.towers.shelf import TowerShelf
from gateway.towers.versions import TowerVersions, Version
from gateway.worker.towers import FetchedTowers

BEGIN = 40
"""The first day whose entries the county's journal still has."""
CONFIGURATION = county(sources={"digest": "d1"})
POLICY = compile_policy(CONFIGURATION)


def kept(versions, which):
    """A version of :data:`VERSIONS` as files; its digest."""
    base, overlay = versions.keep_table(VERSIONS[which].towers.base), versions.keep_table(empty())
    return versions.use(Version(base, overlay, len(MASTS), (), 1.0, 0))


class Recorded:
    """A county's journal and versions, as its daemon would have left them."""

    def __init__(self, path):
        self.path, self.versions, self.told = path, TowerVersions(path), Heard.of(None)
        self.digests = {which: kept(self.versions, which) for which in VERSIONS}
        self.journal = FileJournal(path / "journal")
        self.journal.store_configuration("d1", {"digest": "d1"})

    def use(self, time, which):
        """As the daemon has it: what is about to be named is written down, then journaled."""
        name(self.versions.directory, self.digests[which], time - 0.5)
        self.told.control(EntryKind.TOWERS, time, TowersNamed(self.digests[which]))

    def write(self):
        batch, self.told.waiting = self.told.waiting.batch(), type(self.told.waiting)()
        self.told.stepped.append(batch)
        self.journal.append(batch)

    def forwarded(self, loop, code):
        """What the city's stream has of it."""
        one = Forwarding(SimpleNamespace(
            county=SimpleNamespace(code=code), storage=SimpleNamespace(directory=str(self.path))
        ))  # fmt: skip
        stream = StreamJournal(loop.connection, Partition(code, 0, 1))
        reader = FileJournal(self.path / "journal", read_only=True)
        for _ in range(2):  # a second start finds that it has begun
            forwarder = Forwarder(
                "demo", reader, [stream], lambda _: CONFIGURATION, 1e9, lambda _: False,
                partial(one._send_towers, loop.connection), one._towers, over_gap=True,
            )  # fmt: skip
            forwarder.begin()
            while forwarder.step():
                pass
        assert stream.source == reader.next_offset
        return stream


def stepped(batches, towers):
    state = EngineState()
    for batch in batches:
        step(state, batch, lambda _: POLICY, first=state.offset, towers=towers)
    return state


def fixes(state, since):
    """The history's columns, of what was received from a time on, but for offsets."""
    rows = state.history.between(POLICY.devices, -np.inf, np.inf, 10**9)
    rows = rows[rows["received"] >= since]
    return {each: rows[each] for each in rows.dtype.names if each != "offset"}


@pytest.mark.parametrize("was_begun", [False, True])
def test_fixes_of_a_stream_that_has_nothing_of_the_entry_are_those_of_the_county(
    tmp_path, stream_loop, stream_county, was_begun
):
    """Also of a report that was made while the version before was in force; its entry has gone with its day, too."""
    told = Recorded(tmp_path)
    told.told.start(at(0, 12))
    told.use(at(0, 13), "moved")
    told.write()
    if was_begun:
        told.forwarded(stream_loop, stream_county)
    told.use(at(BEGIN - 2, 12), "here")
    told.write()
    told.told.start(at(BEGIN, 1))
    for hour in range(2, 6):
        told.told.frame(0x0200, body(at(BEGIN, hour), NEAR), at(BEGIN, hour))
    told.told.frame(0x0200, body(at(BEGIN - 3, 12), NEAR), at(BEGIN, 6))
    told.write()
    assert told.journal.retire(at(BEGIN, 0) - HOUR, lambda: told.journal.next_offset)
    assert told.journal.begins > 0
    stream = told.forwarded(stream_loop, stream_county)
    here = TowerVersions(tmp_path / "worker")
    bucket = Bucket(stream_loop.connection, configurations_bucket(stream_county))
    fetched = FetchedTowers(stream_loop.connection, bucket, here, TowerShelf(here))
    worker = stepped([batch for _, batch in stream.read(0)], fetched)
    daemon = stepped(told.told.stepped, TowerShelf(told.versions))
    rows = fixes(worker, at(BEGIN, 0))
    assert len(rows["latitude"]) == 5
    assert rows["located"].all()
    assert np.ptp(rows["latitude"]) > 0.03  # the late one lies where the version before had it
    np.testing.assert_equal(rows, fixes(daemon, at(BEGIN, 0)))
    kinds = [int(kind) for _, batch in stream.read(0) for kind in batch.kind]
    start, towers = [EntryKind.START, EntryKind.CONFIGURATION], [EntryKind.TOWERS]
    assert kinds[: -len(rows["latitude"])] == [*(start if was_begun else []), *towers, *towers, *start]
    told.journal.close()


def test_what_is_in_force_is_taken_from_the_journal_where_it_has_it(tmp_path):
    told, first = Recorded(tmp_path), at(0, 12)
    told.told.start(first)
    told.use(first + 100.0, "moved")
    told.write()
    told.told.tick(first + 200.0)
    told.use(first + 300.0, "here")
    told.told.start(first + 400.0)
    told.write()
    moved, here = told.digests["moved"], told.digests["here"]

    def before(position, known=None):
        batch = towers_before(told.journal, named(told.versions.directory) if known is None else known, position)
        return None if batch is None else towers_of(batch)

    assert [before(offset) for offset in (0, 2)] == [None, None]
    assert before(3) == [(first + 100.0, moved)]
    both = [(first + 100.0, moved), (first + 300.0, here)]
    assert (before(5), before(told.journal.next_offset)) == (both, both)
    # One that the daemon was about to name when it ended was never in force.
    assert before(5, [Named(first + 50.0, "f" * 64), *named(told.versions.directory)]) == both
    # What another followed long ago is looked up by nobody.
    old = [Named(first - 20 * 86_400.0, moved), Named(first - 13 * 86_400.0, here)]
    assert before(2, old) == [(first - 13 * 86_400.0, here)]
    told.journal.close()
    (told.versions.directory / FILE).write_bytes(b"[")
    broken = Forwarding(SimpleNamespace(storage=SimpleNamespace(directory=str(tmp_path))))
    assert broken._towers() == []


def test_versions_are_none_where_a_county_knows_of_no_cells(tmp_path):
    journal = FileJournal(tmp_path / "journal")
    assert towers_before(journal, named(tmp_path), 0) is None
    with pytest.raises(StopIteration):
        next(journal.read_long(0, 1))
    journal.close()
