"""What alarms state and do not hold is told to the operator: in the status, and in the log once."""

from __future__ import annotations

import asyncio
from contextlib import closing
from types import SimpleNamespace

import pytest
from made_episodes import episode
from structlog.testing import capture_logs
from timeline import at, county

from gateway.daemon import drifts
from gateway.daemon.drifts import DRIFTS, drifting, look_for_drifts
from gateway.daemon.health import Health
from gateway.engine.episode import Change
from gateway.engine.ledger import Outcome
from gateway.store.state_db import StateStore
from gateway.upstream.cloudevents import event_of
from gateway.writer import Writers

SAID = ["inclusion_exit over", "inclusion_exit model jt808/g10ls over", "inclusion_exit office S01 over"]


class Stopped(BaseException):
    """The test has seen enough."""


@pytest.fixture
def directory(tmp_path):
    """A state.db of twenty alarms that were stated as likely, and closed as false."""
    store = StateStore(tmp_path / "state.db")
    alarms = [
        episode(
            "inclusion_exit",
            id=f"{n:032x}",
            office="S01",
            probability=0.95,
            closed=at(1, 9),
            outcome="false",
            revision=1,
        )
        for n in range(20)
    ]
    outcomes = [Outcome(Change.CLOSED, one, at(1, 9), (n, 1, at(1, 9), "", "")) for n, one in enumerate(alarms)]
    store.commit([event_of(one, "demo", "Asia/Shanghai") for one in outcomes], (), 1)
    store.close()
    return tmp_path


def look(directory, monkeypatch, times: int) -> Health:
    waits = iter(range(times + 1))

    async def sleep(_):
        if next(waits) == times:
            raise Stopped

    policy, writers = SimpleNamespace(configuration=county()), Writers()
    pipeline = SimpleNamespace(policy=policy, health=Health(), writers=writers)
    monkeypatch.setattr(drifts.asyncio, "sleep", sleep)
    with closing(writers), pytest.raises(Stopped):
        asyncio.run(look_for_drifts(pipeline, directory))
    return pipeline.health


def test_a_drift_is_found_by_kind_office_and_model_and_names_nobody(directory):
    assert sorted(drifting(directory / "state.db", county().devices)) == sorted(SAID)


def test_it_stands_in_the_health_and_is_logged_once(directory, monkeypatch):
    with capture_logs() as lines:
        health = look(directory, monkeypatch, 3)
    assert sorted(health.drifts) == sorted(SAID)
    assert health.is_well
    assert sorted(line["drift"] for line in lines) == sorted(SAID)


def test_a_store_that_cannot_be_read_is_a_trouble_and_stops_nothing(tmp_path, monkeypatch):
    (tmp_path / "state.db").write_bytes(b"no database at all, but a text of some length" * 50)
    assert DRIFTS in look(tmp_path, monkeypatch, 2).troubles
