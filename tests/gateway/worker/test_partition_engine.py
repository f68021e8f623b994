"""The engine of a partition: silent behind its owner, and in its place from the floor on; all that one engine says."""

from __future__ import annotations

import pytest
from structlog.testing import capture_logs
from timeless import timeless
from virtual import Told, tell

from gateway.errors import OurFault, TransientFault
from gateway.history.days import DayHistory
from gateway.journal import FileJournal
from gateway.partition.across import Across, across_of, shared_of
from gateway.replay.reading import PolicyShelf
from gateway.store.snapshots import Snapshots
from gateway.upstream.cloudevents import event_of
from gateway.worker.engine import PartitionEngine
from gateway.worker.kept import Kept
from gateway.worker.share import Share


@pytest.fixture(scope="module")
def told(tmp_path_factory) -> Told:
    return tell(tmp_path_factory.mktemp("county"), "handover", days=1)


@pytest.fixture(scope="module")
def journal(told, tmp_path_factory) -> FileJournal:
    return FileJournal(told.journaled(tmp_path_factory.mktemp("journal"), 500))


@pytest.fixture
def engine_in(told, journal):
    opened = []

    def make(directory, partition=0, partitions=1) -> PartitionEngine:
        share = Share(told.policy.configuration.county.code, partition, partitions)
        made = PartitionEngine(
            journal, Kept(Snapshots(directory / "snapshots")), DayHistory(directory / "history"),
            PolicyShelf(journal, part=share.part), share, lambda _: None, {},
        )  # fmt: skip
        opened.append(made.history)
        return made

    yield make
    for each in opened:
        each.close()


def taken(engine: PartitionEngine, told: Told, first: int, until: int, most: int = 1000) -> list[bytes]:
    """What an owner says of entries, that come in pieces."""
    said = []
    for begin in range(first, until, most):
        part = told.entries.slice(begin, min(begin + most, until))
        said += [event.body for event in engine.take(begin, part).events]
    return said


def test_an_owner_says_all_that_one_machine_says(told, engine_in, tmp_path):
    engine = engine_in(tmp_path)
    engine.begin(0)
    assert taken(engine, told, 0, len(told.entries)) == told.bodies()
    assert len(told.bodies()) >= 3


@pytest.mark.parametrize("share", [0.3, 0.6, 0.8])
def test_who_followed_goes_on_from_the_floor_and_says_the_rest(told, engine_in, tmp_path, share):
    floor, end = int(share * len(told.entries)), len(told.entries)
    owner, standby = engine_in(tmp_path / "owner"), engine_in(tmp_path / "standby")
    owner.begin(0)
    said = taken(owner, told, 0, floor)
    standby.begin(floor // 2)
    standby.follow(floor)
    assert standby.offset == floor
    assert said + taken(standby, told, floor, end) == told.bodies()


class Behind:
    """A journal that has not heard of all yet, as a replica that was just elected."""

    def __init__(self, journal, until: int):
        self._journal, self.until = journal, until

    def __getattr__(self, name):
        return getattr(self._journal, name)

    def read_long(self, first, most):
        for offset, batch in self._journal.read_long(first, most):
            if offset < self.until:
                yield offset, batch.slice(0, min(len(batch), self.until - offset))


def test_what_is_known_to_be_there_and_is_not_read_is_waited_for_and_never_passed_over(told, engine_in, tmp_path):
    engine, floor, end = engine_in(tmp_path), len(told.entries) // 2, len(told.entries)
    engine.begin(0)
    sound = engine.journal
    engine.journal = Behind(sound, floor - 10)
    with pytest.raises(TransientFault, match="no replica gives"):
        engine.follow(floor)
    with pytest.raises(TransientFault, match="no replica gives"):
        engine.take(floor, told.entries.slice(floor, end))
    assert engine.offset == floor - 10
    engine.journal = sound
    engine.follow(floor)
    assert "entry_lost" not in engine.state.counts
    silent = engine_in(tmp_path / "silent")
    silent.begin(floor)
    assert taken(engine, told, floor, end) == taken(silent, told, floor, end)


def test_what_is_handed_on_is_what_was_given_and_not_read_once_more(told, engine_in, tmp_path):
    engine = engine_in(tmp_path, partitions=2)
    engine.begin(0)
    engine.journal = Behind(engine.journal, 0)
    handed = engine.take(0, told.entries.slice(0, 100)).handed
    assert handed is not None
    assert engine.offset == 100


def test_what_comes_again_is_not_stepped_again(told, engine_in, tmp_path):
    engine, half = engine_in(tmp_path), len(told.entries) // 2
    engine.begin(0)
    said = taken(engine, told, 0, half)
    assert engine.take(half - 600, told.entries.slice(half - 600, half)).events == []
    said += [event.body for event in engine.take(half - 600, told.entries.slice(half - 600, half + 600)).events]
    assert said + taken(engine, told, half + 600, len(told.entries)) == told.bodies()


def test_a_worker_goes_on_from_what_another_has_packed(told, engine_in, tmp_path):
    floor = len(told.entries) // 2
    owner, other = engine_in(tmp_path / "owner"), engine_in(tmp_path / "other")
    owner.begin(0)
    said = taken(owner, told, 0, floor)
    owner.kept.floor = floor
    owner.save()
    until, packed = owner.kept.packed()
    assert until == floor
    other.kept.unpack(packed)
    other.begin(floor)
    assert said + taken(other, told, floor, len(told.entries)) == told.bodies()


def test_what_was_packed_and_damaged_is_refused(told, engine_in, tmp_path):
    owner = engine_in(tmp_path / "owner")
    owner.begin(0)
    taken(owner, told, 0, 2000)
    owner.kept.floor = 2000
    owner.save()
    _, packed = owner.kept.packed()
    other = engine_in(tmp_path / "other")
    with pytest.raises(OurFault):
        other.kept.unpack(packed[: len(packed) // 2])
    assert list(other.kept.load_snapshots()) == []


def test_partitions_and_the_second_step_say_together_what_one_machine_says(told, journal, engine_in, tmp_path):
    """Every entry goes to both: what is told comes of whose person it is, and of nothing else."""
    said, across, configuration = [], Across(2), told.policy.configuration
    for partition in range(2):
        engine = engine_in(tmp_path / str(partition), partition, 2)
        engine.begin(0)
        for begin in range(0, len(told.entries), 300):
            found = engine.take(begin, told.entries.slice(begin, begin + 300))
            said += [event.body for event in found.events]
            across.hear(found.handed)
    across.read(shared_of(told.entries))
    stepped = across.step(PolicyShelf(journal, part=across_of))
    said += [event_of(one, configuration.county.code, configuration.county.timezone).body for one in stepped.outcomes]
    assert sorted(map(timeless, said)) == sorted(map(timeless, told.bodies()))
    assert {"comms_lost"} <= {one.episode.kind for one in stepped.outcomes}


def test_a_recovery_counts_on_what_all_partitions_have(told, engine_in, tmp_path):
    """Who begins anew hands on the same numbers as one who went on."""
    half, handed = len(told.entries) // 2, []
    for name, partition in (("on", 0), ("anew", 0)):
        engine = engine_in(tmp_path / name, partition, 2)
        engine.begin(0 if name == "on" else half)
        if name == "on":
            taken(engine, told, 0, half)
        handed.append(engine.take(half, told.entries.slice(half, len(told.entries))).handed)
    assert handed[0] == handed[1]
    assert 0 < handed[0].begin < handed[0].until


def test_an_entry_that_cannot_be_stepped_is_named_and_passed_over(told, engine_in, tmp_path, monkeypatch):
    engine, named = engine_in(tmp_path), []
    engine.name = named.append
    engine.begin(0)
    bad, real = 1234, __import__("gateway.worker.engine", fromlist=["step"]).step

    def failing(state, entries, *args, first, skipped=(), **more):
        if first <= bad < first + len(entries) and bad not in skipped:
            raise ValueError("no such report")
        return real(state, entries, *args, first=first, skipped=skipped, **more)

    for module in ("gateway.worker.engine", "gateway.daemon.recovery"):
        monkeypatch.setattr(f"{module}.step", failing)
    with capture_logs():
        taken(engine, told, 0, len(told.entries))
    assert [(one.offset, one.fault) for one in named] == [(bad, "ValueError")]
    assert (engine.offset, engine.skipped) == (len(told.entries), {bad: "ValueError"})
