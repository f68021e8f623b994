"""What a county has erased goes from the streams and from every worker's disk, whoever dies among it."""

from __future__ import annotations

import asyncio
import json
from math import inf

import msgspec
import numpy as np
import pytest
from virtual import Told, tell
from worker_stage import Stage, staged, tick, until

from gateway.daemon.erasure_desk import spans_of
from gateway.history.reader import HistoryReader
from gateway.journal.controls import Erasing
from gateway.journal.entries import NO_ORIGIN, EntryKind, Gathering
from gateway.replay.whose import Whose
from gateway.store.snapshots import Snapshots
from gateway.stream.connection import Connection
from gateway.stream.keys import Keys
from gateway.stream.names import ALARMS, ERASURES
from gateway.worker import partition
from gateway.worker.erasing import Plan

ORDER = "0123456789ab"
CHANGES = ("STREAM.MSG.DELETE", "STREAM.CREATE.ERASED")


@pytest.fixture(scope="module")
def told(tmp_path_factory) -> Told:
    return tell(tmp_path_factory.mktemp("county"), "handover", days=1)


@pytest.fixture(autouse=True)
def often(monkeypatch):
    monkeypatch.setattr(partition, "ERASE_EVERY", 0.05)


class Erased:
    """Whose places are erased, and which entries that are."""

    def __init__(self, told: Told):
        configuration = told.policy.configuration
        self.person = min(configuration.people)
        self.spans = spans_of(configuration, self.person, float(told.entries.received[-1]))
        whose = Whose(told.policy, self.person, self.spans)
        self.offsets = sorted(whose.look(0, told.entries))
        self.bytes = [told.entries.bytes_of(offset) for offset in self.offsets]

    async def confirm(self, stage: Stage) -> None:
        """By two, as it comes through each partition's stream; and what comes behind it."""
        now, gathering = float(stage.told.entries.received[-1]), Gathering()
        said = Erasing("confirmed", ORDER, self.person, "case 17", "served", "L02", "", "L01", self.spans)
        gathering.add(EntryKind.ERASURE, now, NO_ORIGIN, msgspec.json.encode(said))
        for journal in stage.journals:
            await asyncio.to_thread(journal.append, gathering.batch())
            await asyncio.to_thread(journal.append, tick(now))

    def found(self, stage: Stage) -> list[str]:
        """The server's files of journals in which the bytes of one of her entries are."""
        paths = [path for path in (stage.server.directory / "store").rglob("*.blk") if stage.county in str(path)]
        held = {path: path.read_bytes() for path in paths}
        return [str(path) for path, data in held.items() if any(one in data for one in self.bytes)]


@pytest.fixture(scope="module")
def hers(told) -> Erased:
    return Erased(told)


async def plans(stage: Stage) -> list[Plan]:
    said = await Keys(stage.connection, ERASURES).under(f"{stage.county}.")
    return [msgspec.json.decode(one, type=Plan) for one in said.values()]


async def is_done(stage: Stage, partitions: int) -> bool:
    found = await plans(stage)
    return len(found) == partitions and all(one.is_done for one in found)


async def goes_on(stage: Stage) -> None:
    """Something comes, without which nobody is the owner."""
    now = float(stage.told.entries.received[-1])
    for journal in stage.journals:
        await asyncio.to_thread(journal.append, tick(now))


def rows(stage: Stage, name: str, hers: Erased) -> tuple[int, int]:
    """Reports in a worker's history of her devices: hers, and those of who else wore them."""
    found = HistoryReader(stage.directory / name / f"{stage.county}-0" / "history").rows(sorted(hers.spans), -inf, inf)
    mine = np.isin(found["offset"], hers.offsets)
    return int(mine.sum()), int((~mine).sum())


async def has_applied(stage: Stage, name: str, number: int = 0) -> bool:
    await goes_on(stage)
    path = stage.directory / name / f"{stage.county}-{number}" / "erased.json"
    return path.exists() and json.loads(path.read_bytes()) == [ORDER]


def test_the_owner_and_who_stands_by_keep_nothing_of_what_was_erased(stream_server, told, hers, tmp_path):
    async def scenario() -> None:
        async with staged(stream_server, told, tmp_path) as stage, stage.worker("w1"):
            await stage.forward(1.0)
            await until(lambda: stage.has_said(len(told.bodies())))
            async with stage.worker("w2"):
                await hers.confirm(stage)
                await until(lambda: _done_while_it_goes_on(stage, 1))
                for name in ("w1", "w2"):
                    await until(lambda name=name: has_applied(stage, name))
            assert hers.found(stage) == []
            assert rows(stage, "w1", hers) == rows(stage, "w2", hers)
            assert rows(stage, "w1", hers)[0] == 0 < rows(stage, "w1", hers)[1]
            (plan,) = await plans(stage)
            assert plan.until == len(told.entries)
            assert plan.entries == len(hers.offsets) > 10
            await is_whole(stage, hers)
            for name in ("w1", "w2"):
                kept = Snapshots(tmp_path / name / f"{stage.county}-0" / "snapshots")
                assert kept.floor > plan.until
            await begins_behind_it(stage, told, plan)

    asyncio.run(scenario())


async def is_whole(stage: Stage, hers: Erased) -> None:
    """What was not erased is there, where it was."""
    journal, entries = stage.journals[0], stage.told.entries
    found = await asyncio.to_thread(lambda: list(journal.read(0)))
    kinds = np.concatenate([batch.kind for _, batch in found])
    payloads = [batch.bytes_of(index) for _, batch in found for index in range(len(batch))]
    assert np.flatnonzero(kinds == EntryKind.ERASED).tolist() == hers.offsets
    expected = [entries.bytes_of(offset) for offset in range(len(entries))]
    for offset in hers.offsets:
        expected[offset] = b""
    assert payloads[: len(expected)] == expected


async def begins_behind_it(stage: Stage, told: Told, plan: Plan) -> None:
    """A worker that has nothing yet goes on from a snapshot, and not by what is left."""
    async with stage.worker("w3") as worker:
        await until(lambda: _stands(worker))
        assert Snapshots(stage.directory / "w3" / f"{stage.county}-0" / "snapshots").offset > plan.until
        assert await stage.said() == told.bodies()


async def _stands(worker) -> bool:
    return any(one.offset > 0 for one in worker.standings.values())


def held_up(monkeypatch, after: int) -> asyncio.Event:
    """The change behind so many is never sent: whoever makes it stands still until he is killed."""
    reached, left, ask, publish = asyncio.Event(), [after], Connection.ask, Connection.publish

    async def count() -> None:
        left[0] -= 1
        if left[0] < 0:
            reached.set()
            await asyncio.Future()

    async def counted_ask(self, name, body=None):
        if name.startswith(CHANGES):
            await count()
        return await ask(self, name, body)

    async def counted_publish(self, subject, *args, **more):
        if subject.startswith(("erased.", f"$KV.{ERASURES}.")):
            await count()
        return await publish(self, subject, *args, **more)

    monkeypatch.setattr(Connection, "ask", counted_ask)
    monkeypatch.setattr(Connection, "publish", counted_publish)
    return reached


@pytest.mark.torture
@pytest.mark.parametrize("kills", [[3], [0, 1, 2, 3, 6, 21]], ids=["one", "many"])
def test_whoever_dies_among_it_the_next_owner_ends_it(stream_server, told, hers, tmp_path, monkeypatch, kills):
    """Each a new worker, cold: before the plan, before the stand-ins' stream, between one's storing and deleting."""

    async def scenario() -> None:
        async with staged(stream_server, told, tmp_path, partitions=2) as stage:
            async with stage.worker("first"):
                await stage.forward(1.0)
                await until(lambda: stage.has_said(len(told.bodies())))
            said = await stage.said()
            await hers.confirm(stage)
            for number, after in enumerate(kills):
                with monkeypatch.context() as holding:
                    reached = held_up(holding, after)
                    async with stage.worker(f"w{number}"):
                        await until(lambda reached=reached: _moved(stage, reached))
            async with stage.worker("last"):
                await until(lambda: _done_while_it_goes_on(stage, 2))
            assert hers.found(stage) == []
            assert sum(plan.entries for plan in await plans(stage)) >= len(hers.offsets)
            for journal in stage.journals:
                found = await asyncio.to_thread(lambda journal=journal: list(journal.read(0)))
                assert sum(len(batch) for _, batch in found) == journal.next_offset
            assert await stage.said() == said
            assert (await stage.connection.ask(f"STREAM.INFO.{ALARMS}"))["state"]["messages"] == len(said)

    asyncio.run(scenario())


async def _moved(stage: Stage, reached: asyncio.Event) -> bool:
    await goes_on(stage)
    return reached.is_set()


async def _done_while_it_goes_on(stage: Stage, partitions: int) -> bool:
    await goes_on(stage)
    return await is_done(stage, partitions)
