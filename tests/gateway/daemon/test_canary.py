"""The canary: when a test alarm of it is raised, how far it came, and what is said while it has not arrived."""

from __future__ import annotations

import asyncio
import math
from contextlib import closing
from dataclasses import replace
from types import SimpleNamespace

import msgspec
import pytest
from made_episodes import episode
from timeline import at, county

from gateway.daemon.canary import PATH, CanaryWatch
from gateway.daemon.health import Health
from gateway.in_force import InForce
from gateway.journal.controls import TestAlarm
from gateway.journal.entries import EntryKind
from gateway.kinds import CANARY
from gateway.settings.canary import Canary
from gateway.store.outbox import UNCONFIRMED, Marks
from gateway.store.state_db import Event, StateStore

DRAWER, EVERY, START = "B0002", 300.0, at(0, 12)
NOBODY = frozenset()


class Inline:
    """A writer without a thread."""

    async def run(self, write, *arguments):
        return write(*arguments)


class Way:
    """A watch over a real store; ``commits``: whether what is asked for is committed at all."""

    def __init__(self, store, upstreams=("city", "duty")):
        self.store, self.upstreams, self.now, self.commits = store, list(upstreams), START, True
        self.tests, self.newest = [], {}
        intake = SimpleNamespace(now=lambda: self.now, control=self.control, presence=self, frame_of=str)
        self.pipeline = SimpleNamespace(intake=intake, health=Health(), writer=Inline(), store=store, wake=lambda: None)
        self.in_force = InForce(replace(county(), canary=Canary(DRAWER, EVERY)))
        self.watch = CanaryWatch(self.pipeline, SimpleNamespace(), self.in_force, lambda: self.upstreams)

    def control(self, kind, payload):
        assert kind is EntryKind.TEST
        self.tests.append(msgspec.json.decode(payload, type=TestAlarm))
        if self.commits:
            self.commit(self.tests[-1])

    def commit(self, test):
        known = episode(
            "test", id=f"{test.id:0>32}", device=test.device, person="", severity="info", ends="self", onset=self.now,
            decided=self.now, received=self.now, ended=self.now, facts={CANARY: 1},
        )  # fmt: skip
        events = [Event(f"{known.id}.{each}", known.id, "info", b"{}", known) for each in (1, 2)]
        self.store.commit(events, [(name, frozenset({"critical"})) for name in self.upstreams], 0)

    def after(self, seconds):
        self.now += seconds
        asyncio.run(self.watch.look())
        return self.watch.figures(self.now)

    def delivers(self, *names):
        for name in names:
            while rows := self.store.outbox.claim(name, 9, NOBODY, self.now):
                self.store.outbox.note(name, Marks(delivered=[one.seq for one in rows]), self.now)

    def said(self, language="en"):
        return self.pipeline.health.troubles[PATH].of(language)


@pytest.fixture
def store(tmp_path):
    with closing(StateStore(tmp_path / "state.db")) as store:
        yield store


@pytest.fixture
def way(store):
    return Way(store)


def test_each_period_one_goes_the_whole_way_and_the_path_is_proven(way):
    assert way.after(0.0)["state"] == "begun"
    assert (way.tests[0].device, way.tests[0].canary, way.tests[0].by) == (DRAWER, True, "")
    way.delivers("city", "duty")
    assert way.after(10.0) == {
        "state": "proven", "device": DRAWER, "every_seconds": EVERY, "heard_seconds": "", "committed_seconds": 10.0,
        "proven_seconds": {"city": 10.0, "duty": 10.0}, "held_up": "",
    }  # fmt: skip
    assert way.after(100.0)["proven_seconds"]["city"] == 110.0
    assert len(way.tests) == 1
    way.after(190.0)
    assert len(way.tests) == 2
    assert way.pipeline.health.is_well
    assert way.store.episodes(unresolved=True) == []


def test_the_device_itself_is_heard_whenever_it_has_spoken_since_the_last_look(way):
    assert way.after(0.0)["heard_seconds"] == ""
    way.newest[DRAWER] = "3.2"
    assert way.after(10.0)["heard_seconds"] == 0.0
    assert way.after(10.0)["heard_seconds"] == 10.0
    way.newest[DRAWER] = "3.3"
    assert way.after(10.0)["heard_seconds"] == 0.0
    way.newest.clear()
    assert way.after(10.0)["heard_seconds"] == 10.0


def test_the_only_upstream_that_is_away_is_named_after_three_periods_and_owed_one_test_alone(store):
    way = Way(store, upstreams=["duty"])
    way.after(0.0)
    found = [way.after(EVERY / 2) for _ in range(8)]
    assert [one["state"] for one in found] == ["begun"] * 6 + ["late"] * 2
    assert len(way.tests) == 1
    assert way.said() == (
        "for 20 min nothing has shown that alarms reach duty:"
        " the test alarm has not gone out: see whether it is connected"
    )
    assert "duty" in way.said("zh")
    assert found[-1]["held_up"]["zh"] == way.said("zh")
    [row] = store.outbox.claim("duty", 9, NOBODY, way.now)
    way.after(1.0)
    assert "nothing answers" in way.said()
    store.outbox.note("duty", Marks(acked=[row.seq]), way.now)
    way.after(1.0)
    assert "has not come back" in way.said()
    store.outbox.note("duty", Marks(set_aside={row.seq: UNCONFIRMED}), way.now)
    way.after(1.0)
    assert "bracelet-gateway resend" in way.said()
    store.outbox.resend("duty")
    way.delivers("duty")
    assert way.after(1.0)["proven_seconds"] == {"duty": 1.0}
    assert way.pipeline.health.is_well
    assert len(way.tests) == 2, "and the next goes at once"


def test_beside_one_that_is_away_the_others_are_proven_and_one_slower_than_a_period_too(way):
    way.after(0.0)
    for _ in range(4):
        way.delivers("city")
        way.after(EVERY)
    found = way.after(1.0)
    assert (len(way.tests), found["state"]) == (5, "late")
    assert way.said().startswith("for 20 min nothing has shown that alarms reach duty")
    assert found["proven_seconds"] == {"city": EVERY + 1.0, "duty": ""}
    [oldest] = way.store.outbox.claim("duty", 1, NOBODY, way.now)
    way.store.outbox.note("duty", Marks(delivered=[oldest.seq]), way.now)
    assert way.after(1.0)["state"] == "proven"


def test_what_is_not_committed_is_told_and_asked_for_again(way):
    way.commits = False
    for _ in range(8):
        way.after(EVERY / 2)
    assert "not committed" in way.said()
    assert len(way.tests) == 2
    way.commit(way.tests[-1])
    way.delivers("city", "duty")
    assert way.after(1.0)["state"] == "proven"


def test_a_start_finds_what_was_proven_and_takes_nothing_old_for_a_proof(way, store):
    way.after(0.0)
    way.delivers("city", "duty")
    way.after(1.0)
    again = Way(store)
    again.now = way.now + EVERY - 20.0
    assert again.after(0.0)["state"] == "proven"
    assert again.tests == []
    later = Way(store)
    later.now = way.now + 20 * EVERY
    found = later.after(0.0)
    assert (found["state"], found["proven_seconds"]["city"]) == ("begun", 20 * EVERY + 1.0)
    assert len(later.tests) == 1


def test_a_county_without_upstreams_proves_the_way_as_far_as_its_desk(store):
    way = Way(store, upstreams=())
    way.after(0.0)
    assert way.after(1.0)["proven_seconds"] == {"": 1.0}
    way.commits = False
    for _ in range(5):
        way.after(EVERY)
    assert "alarms are committed" in way.said()


def test_without_a_canary_nothing_is_raised_and_nothing_is_said(way):
    way.commits = False
    for _ in range(8):
        way.after(EVERY / 2)
    assert not way.pipeline.health.is_well
    way.in_force.configuration = replace(way.in_force.configuration, canary=None)
    assert way.after(1.0) == {
        "state": "off", "device": "", "every_seconds": "", "heard_seconds": "", "committed_seconds": "",
        "proven_seconds": {}, "held_up": "",
    }  # fmt: skip
    assert way.pipeline.health.is_well
    assert math.isnan(way.watch.raised)
