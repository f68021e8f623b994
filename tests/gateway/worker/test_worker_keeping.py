"""What is over by the county's time of keeping is nowhere at the city either, and a worker that is new goes on."""

from __future__ import annotations

import asyncio

import pytest
import worker_stage
from virtual import Told, tell
from worker_stage import Stage, staged, tick, until

from gateway.clock import SystemClock
from gateway.history.days import DayHistory
from gateway.store.snapshots import Snapshots
from gateway.worker import partition
from gateway.worker.across import needed_by

LATER = 400 * 86_400.0


class Later(SystemClock):
    def now(self) -> float:
        return super().now() + LATER


@pytest.fixture(scope="module")
def told(tmp_path_factory) -> Told:
    return tell(tmp_path_factory.mktemp("county"), "handover", days=1)


@pytest.fixture(autouse=True)
def often(monkeypatch):
    for name in ("KEEP_EVERY", "SHIP_EVERY", "SAVE_EVERY"):
        monkeypatch.setattr(partition, name, 0.05)


async def begins(stage: Stage) -> int:
    return await asyncio.to_thread(lambda: stage.journals[0].begins)


async def later(stage: Stage) -> None:
    time = float(stage.told.entries.received[-1]) + LATER
    await asyncio.to_thread(stage.journals[0].append, tick(time))


async def has_let_go(stage: Stage) -> bool:
    await later(stage)
    return await begins(stage) >= len(stage.told.entries)


@pytest.fixture
def asked(monkeypatch):
    """What histories are asked to let go of: now, and how long reports are kept."""
    found, retire = [], DayHistory.retire

    def noted(self, now, keep_seconds, *held):
        found.append((now, keep_seconds))
        return retire(self, now, keep_seconds, *held)

    monkeypatch.setattr(DayHistory, "retire", noted)
    return found


@pytest.mark.torture
def test_what_is_over_leaves_the_city_and_a_new_worker_goes_on(stream_server, told, tmp_path, monkeypatch, asked):
    last, keep = float(told.entries.received[-1]), told.policy.configuration.storage.keep_days * 86_400.0

    async def scenario() -> None:
        async with staged(stream_server, told, tmp_path) as stage:
            async with stage.worker("w1"):
                await stage.forward(1.0)
                await until(lambda: stage.has_said(len(told.bodies())))
                asked.clear()
                await until(lambda: _has_asked(stage, asked))
                assert await begins(stage) == 0
                assert max(now for now, _ in asked) < last + LATER
            monkeypatch.setattr(worker_stage, "SystemClock", Later)
            async with stage.worker("w1"):
                await until(lambda: has_let_go(stage))
            assert asked[-1] == (last + LATER, keep)
            said = await stage.said()
            async with stage.worker("w2"):
                await until(lambda: _has_begun(stage, "w2"))
            assert await stage.said() == said

    asyncio.run(scenario())


async def _has_asked(stage: Stage, asked: list) -> bool:
    """A clock that is wrong alone, the county's here, removes nothing."""
    await later(stage)
    return len(asked) > 3


async def _has_begun(stage: Stage, name: str) -> bool:
    return Snapshots(stage.directory / name / f"{stage.county}-0" / "snapshots").offset > len(stage.told.entries)


def test_the_second_step_keeps_what_it_reads_on_from():
    keys = ["a/across/00000000000000000007-3-5-1", "a/across/00000000000000000010-4-9-2", "a/0/77", "b/across/1-2-3-4"]
    assert [needed_by(keys, county) for county in ("a", "c")] == [9, 0]
