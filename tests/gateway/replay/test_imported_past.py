"""A past exported from one county, imported into another that has none: both ways the same verdicts, and no alarm."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import msgspec
import numpy as np
import pytest
from rich.console import Console
from virtual import Told, tell

from gateway.control.imports import MOST, Imports
from gateway.control.messages import Request
from gateway.control.rights import Caller
from gateway.engine import EngineState, MemoryHistory
from gateway.engine.step import step
from gateway.errors import UserFault
from gateway.evidence.record import fixes_of, json_of, record_of
from gateway.history.days import DayHistory
from gateway.history.reader import HistoryReader
from gateway.journal import FileJournal
from gateway.journal.entries import EntryKind, Gathering
from gateway.replay.derive import derive
from gateway.replay.explain import Asked, explained
from gateway.replay.imported_nights import imported_nights
from gateway.replay.past import past_of
from gateway.replay.reading import StoredPolicies
from gateway.replay.run import Request as Replayed
from gateway.replay.run import run
from gateway.replay.their_fixes import read_their_fixes
from gateway.replay.whose import Whose
from gateway.settings.fix_mapping import FixMapping
from gateway.settings.load import load
from gateway.store.state_db import Beside, StateStore
from gateway.upstream.cloudevents import event_of

if TYPE_CHECKING:
    from pathlib import Path

DAY = 86_400.0
BY = Caller("T01", "technician")
DECIDED_BY_PLACE = {"exclusion_enter", "inclusion_exit", "curfew_late", "curfew_early_leave", "curfew_absent"}


@dataclass
class County:
    """A county on disk, its engine, and the daemon's side of an import, without sockets."""

    told: Told
    storage: Path
    journal: FileJournal = field(init=False)
    state: EngineState = field(default_factory=EngineState)
    said: list[dict] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.journal = FileJournal(self.storage / "journal")
        known = self.told.policy.configuration
        self.journal.store_configuration(known.digest, known.sources)
        self.state.history = DayHistory(self.storage / "history")
        self.store = StateStore(self.storage / "state.db")

    @property
    def digest(self) -> str:
        return self.told.policy.configuration.digest

    def take(self, entries) -> None:
        """Journal entries and step them, as a daemon does."""
        first = self.state.offset
        self.journal.append(entries)
        stepped = step(self.state, entries, lambda _: self.told.policy, first=first)
        events = [event_of(one, "sim", "Asia/Shanghai") for one in stepped.outcomes]
        self.store.commit(events, [("city", frozenset())], self.state.offset, Beside(presence=stepped.presence))
        self.said += [json.loads(one.body) for one in events]
        self.state.history.flush(self.state.offset, self.state.epochs)

    def imports(self, now: float) -> Imports:
        async def put(origin, payloads):
            gathering = Gathering()
            for payload in payloads:
                gathering.add(EntryKind.IMPORTED, now, origin, payload)
            self.take(gathering.batch())

        async def keep():
            pass

        policy = self.told.policy

        def lawful(device, time):
            wearing = policy.wearing_at(np.array([policy.device_index[device]]), np.array([time]))
            return bool(policy.lawful(wearing, np.array([time]))[0])

        return Imports(
            lambda: (policy, now), HistoryReader(self.storage / "history").rows, keep, lawful, lambda: 180, put
        )

    def imported(self, fixes, now, do="import"):
        """What the daemon answers to fixes of one device, piece by piece: taken, known, refused by reason."""
        answers, total = self.imports(now).answers(), [0, 0, {}]
        for first in range(0, len(fixes), MOST):
            request = Request(
                do, device=fixes[0].device, document="D-7", source="old.csv", digest="ab" * 32,
                fixes=tuple(one.fix for one in fixes[first : first + MOST]),
            )  # fmt: skip
            said = asyncio.run(answers[do](request, BY)).data
            total[0] += said["taken"]
            total[1] += said["known"]
            for reason, rows in said["refused"].items():
                total[2].setdefault(reason, []).extend(first + row for row in rows)
        return total

    def close(self) -> None:
        self.journal.close()
        self.store.close()
        self.state.history.close()


def verdicts(events):
    """Episodes as they stand in the end, of the kinds that places and device time decide."""
    standing: dict[str, tuple[str, ...]] = {}
    for one in events:
        data = one["data"]
        standing[one["id"].rpartition(".")[0]] = tuple(
            data[name] for name in ("person", "kind", "zone", "onset", "ended")
        )
    return sorted((one for one in standing.values() if one[1] in DECIDED_BY_PLACE), key=str)


def replayed(alarms, **how):
    request = {
        "config": None,
        "journal": None,
        "fixes": None,
        "alarms": alarms,
        "track": None,
        "until": "",
        "batch": 5000,
    } | how
    run(Replayed(**request), Console(quiet=True))
    return [json.loads(line) for line in alarms.read_text("utf-8").splitlines()]


@pytest.fixture(scope="module", params=[3, pytest.param(7, marks=pytest.mark.torture)])
def both(request, tmp_path_factory):
    """A county that lived through some days, its export, and another that has imported it."""
    folder = tmp_path_factory.mktemp("both")
    told = tell(folder / "county", "cafe", seed=1, days=request.param)
    (folder / "a").mkdir()
    (folder / "b").mkdir()
    ours, theirs = County(told, folder / "a"), County(told, folder / "b")
    ours.take(told.entries)
    begin, end = told.story.epoch, told.story.until
    (person,) = told.policy.people
    record = record_of(ours.storage, person, begin, end)
    file = folder / "past.fixes.csv"
    file.write_text(fixes_of(record, "for the other county"), "utf-8")
    configuration = load(folder / "county")
    read = read_their_fixes(file, configuration, FixMapping(), None)
    theirs.take(told.between(end + DAY, end + DAY).entries)
    yield ours, theirs, read, file, (begin, end, person)
    ours.close()
    theirs.close()


@pytest.fixture(scope="module")
def imported(both):
    """The same, once it is imported; nothing was said."""
    ours, theirs, read, file, (begin, end, person) = both
    before = len(theirs.said)
    total = theirs.imported(read.fixes, end + DAY)
    assert total == [len(read.fixes), 0, {}]
    assert len(theirs.said) == before
    assert (read.refused, len(read.fixes) > 1000) == ([], True)
    return ours, theirs, read, file, (begin, end, person)


def test_nobody_is_called_out_and_nothing_of_it_is_in_the_state(imported):
    _, theirs, *_ = imported
    assert theirs.said == []
    assert theirs.state.counts["report_imported"] > 1000
    assert np.isnan(theirs.state.track["time"]).all()
    assert not theirs.state.waiting


def test_both_ways_the_verdicts_are_equal(imported, tmp_path):
    ours, theirs, _, file, _ = imported
    lived = verdicts(ours.said)
    assert {kind for _, kind, *_ in lived} >= {"exclusion_enter", "curfew_absent"}
    of_file = replayed(tmp_path / "file.jsonl", config=file.with_name("county"), fixes=file)
    of_journal = replayed(tmp_path / "journal.jsonl", journal=theirs.storage / "journal", imported=True)
    assert verdicts(of_file) == lived
    assert verdicts(of_journal) == lived
    assert {one["id"] for one in of_journal} == {one["id"] for one in of_file}


def test_a_track_an_account_and_the_nights_are_those_of_the_county_that_was_there(imported):
    ours, theirs, _, _, (begin, end, person) = imported
    policies = [StoredPolicies(one.storage / "journal") for one in (ours, theirs)]
    readers = [HistoryReader(one.storage / "history") for one in (ours, theirs)]
    pasts = [past_of(*each, person, begin, end, ours.digest) for each in zip(readers, policies, strict=True)]
    assert {fix.state.rpartition(";")[2] for fix in pasts[1].fixes} == {"imported"}
    plain = [msgspec.structs.replace(fix, state=fix.state.removesuffix(";imported")) for fix in pasts[1].fixes]
    assert pasts[0].fixes == plain
    assert pasts[0].curves == pasts[1].curves
    alarm = next(one for one in ours.store.episodes_of(person) if one.kind == "exclusion_enter")
    asked = Asked(person, rule=alarm.rule, kind=alarm.kind, at=alarm.decided + 60.0, tries=False)
    accounts = [explained(*each, asked, ours.digest) for each in zip(readers, policies, strict=True)]
    assert [(one.kind, one.onset) for one in accounts[0]] == [(alarm.kind, alarm.onset)]
    assert [(one.kind, one.onset, one.steps) for one in accounts[0]] == [
        (one.kind, one.onset, one.steps) for one in accounts[1]
    ]
    known = ours.store.presence(person, begin, end)
    devices = [device for device, wearer in ours.told.policy.wearings if wearer == person]
    seen = imported_nights(readers[1], policies[1], person, devices, begin, end, ours.digest)
    assert [(one.rule, one.duty, one.state) for one in seen] == [(one.rule, one.duty, one.state) for one in known]
    off = [abs(a.since - b.since) for a, b in zip(seen, known, strict=True)]
    assert max(off) <= 60.0
    said = json.loads(json_of(record_of(theirs.storage, person, begin, end), ""))
    assert len(said["presence"]) == len(seen)
    assert imported_nights(readers[0], policies[0], person, devices, begin, end, "no such digest") == []


def test_the_same_file_twice_changes_nothing(imported):
    _, theirs, read, _, (_, end, _) = imported
    before = theirs.journal.next_offset
    assert theirs.imported(read.fixes, end + DAY) == [0, len(read.fixes), {}]
    assert theirs.imported(read.fixes, end + DAY, "import_look") == [0, len(read.fixes), {}]
    assert theirs.journal.next_offset == before


def test_where_it_came_from_stands_with_each_entry_and_a_history_made_anew_has_it(imported):
    _, theirs, read, *_ = imported
    peers, count = set(), 0
    for _, batch in theirs.journal.read(theirs.journal.begins):
        rows = np.flatnonzero(batch.kind == EntryKind.IMPORTED)
        count += len(rows)
        peers |= {(batch.origin_of(at).listener, batch.origin_of(at).peer) for at in rows.tolist()}
    assert peers == {("import", f"old.csv sha256:{'ab' * 32} D-7 T01")}
    assert count == len(read.fixes)
    anew, state = MemoryHistory(), theirs.state
    derive(anew, theirs.journal, lambda _: theirs.told.policy, state, whole=True)
    name = f"imported/{read.fixes[0].device}"
    newest = HistoryReader(theirs.storage / "history").rows([name], -np.inf, np.inf)
    assert anew.of(name)["digest"].tolist() == newest["digest"].tolist()


def test_what_the_gateway_heard_itself_holds_and_what_the_law_does_not_allow_stays_out(both):
    ours, theirs, read, _, (begin, end, _) = both
    first, now = read.fixes[0], end + DAY
    ended = min(one.until for one in theirs.told.policy.configuration.authorities)

    def moved(time):
        return [msgspec.structs.replace(first.fix, time=time, received=time)]

    def one(fix):
        return [type(first)(1, first.person, first.device, fix[0])]

    assert ours.imported(read.fixes[:3], now)[2] == {"own": [0, 1, 2]}
    assert theirs.imported(one(moved(now + 5.0)), now)[2] == {"future": [0]}
    assert theirs.imported(one(moved(begin)), begin + 200 * DAY)[2] == {"old": [0]}
    assert theirs.imported(one(moved(ended + DAY)), ended + 2 * DAY)[2] == {"authority": [0]}
    with pytest.raises(UserFault, match="--document"):
        asyncio.run(theirs.imports(now).answers()["import"](Request("import", device=first.device), BY))


def test_an_erasure_finds_what_was_imported(imported):
    _, theirs, read, _, (begin, end, person) = imported
    half = (begin + end) / 2.0
    whose = Whose(theirs.told.policy, person, {read.fixes[0].device: [(begin, half)]})
    found = [each for first, batch in theirs.journal.read(0) for each in whose.look(first, batch)]
    assert len(found) == sum(begin <= one.fix.time < half for one in read.fixes)
