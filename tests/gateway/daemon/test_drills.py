"""When a drill begins and ends by itself, when a leader may begin one, and what puts it off."""

from __future__ import annotations

import asyncio
import math
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import msgspec
import pytest
from made_episodes import episode
from timeline import county

from gateway.control.messages import Request
from gateway.control.rights import Caller
from gateway.daemon.drill import DrillWatch, first_due, next_due, opened
from gateway.engine import About, EngineState
from gateway.engine.act_lines import ActLine
from gateway.engine.notice import Ladder
from gateway.errors import UserFault
from gateway.in_force import InForce
from gateway.journal.controls import TestAlarm
from gateway.settings.canary import Canary, Drill
from gateway.store.state_db import Event, StateStore

ZONE = ZoneInfo("Asia/Shanghai")
DAY = 86_400.0
MONTHLY = Drill(day=1, minute=10 * 60)
LEADER = Caller("L01", "root")


def local(written: str) -> float:
    return datetime.fromisoformat(written).replace(tzinfo=ZONE).timestamp()


class Inline:
    """A writer without a thread."""

    async def run(self, write, *arguments):
        return write(*arguments)


class Month:
    """A watch over a real store and a state; what it asks for is done as the engine does it."""

    def __init__(self, store, drill=MONTHLY):
        self.store, self.now, self.said = store, local("2026-11-01 09:00"), []
        self.state = EngineState()
        intake = SimpleNamespace(now=lambda: self.now, control=self.control)
        self.pipeline = SimpleNamespace(
            intake=intake, writer=Inline(), store=store, wake=lambda: None, state=self.state
        )  # fmt: skip
        canary = None if drill is None else Canary("B0002", drill=drill)
        self.watch = DrillWatch(self.pipeline, SimpleNamespace(), InForce(replace(county(), canary=canary)))

    def control(self, _, payload):
        test = msgspec.json.decode(payload, type=TestAlarm)
        self.said.append(test)
        if test.drill:
            self.put(episode("drill", id=f"{test.id:0>32}", severity="info", ends="self", ended=None, closed=None))
        else:
            one = self.state.episodes.pop(test.ends)
            facts = {"called_off": 1} if test.called_off else {}
            self.put(msgspec.structs.replace(one, ended=self.now, facts=facts))

    def put(self, one):
        one = msgspec.structs.replace(one, decided=self.now if one.ended is None else one.decided)
        self.store.commit([Event(f"{one.id}.{self.now}", one.id, one.severity, b"{}", one)], [], 0)
        if one.ended is None:
            self.state.episodes[one.id] = one

    def critical(self):
        self.state.episodes["real"] = episode("sos", id="real", severity="critical", ended=None, closed=None)

    def look(self, seconds=0.0):
        self.now += seconds
        asyncio.run(self.watch.look())
        return [("begin" if one.drill else "off" if one.called_off else "end") for one in self.said]

    def asked(self, why="new colleagues"):
        request = Request("drill", why=why)
        return asyncio.run(self.watch.answers()["drill"](request, LEADER))


@pytest.fixture
def store(tmp_path):
    with closing(StateStore(tmp_path / "state.db")) as store:
        yield store


@pytest.mark.parametrize(
    ("now", "first", "begins", "following"),
    [
        ("2026-11-01 09:59", "2026-11-01 10:00", False, "2026-11-01 10:00"),
        ("2026-11-01 10:00", "2026-11-01 10:00", True, "2026-12-01 10:00"),
        ("2026-11-01 12:00", "2026-11-01 10:00", False, "2026-12-01 10:00"),
        ("2026-11-17 11:59", "2026-11-01 10:00", True, "2026-12-01 10:00"),
        ("2026-12-31 03:00", "2026-12-01 10:00", False, "2027-01-01 10:00"),
    ],
)
def test_it_may_begin_within_two_hours_of_its_hour_on_its_day_or_a_later_one(now, first, begins, following):
    moment = local(now)
    assert first_due(MONTHLY, moment, ZONE) == local(first)
    assert opened(MONTHLY, moment, ZONE) is begins
    assert next_due(MONTHLY, moment, ZONE) == local(following)
    assert (opened(Drill(), moment, ZONE), next_due(Drill(), moment, ZONE)) == (False, math.inf)


def test_it_begins_once_a_month_and_ends_when_time_is_over(store):
    month = Month(store)
    assert month.look() == []
    assert month.watch.figures(month.now) == {"drill": "waiting", "drill_due": "2026-11-01T02:00:00Z"}
    assert month.look(3600) == ["begin"]
    assert month.watch.figures(month.now)["drill"] == "under_way"
    assert month.look(1799) == ["begin"]
    assert month.look(1) == ["begin", "end"]
    assert [month.look(each) for each in (60, 3600, DAY)][-1] == ["begin", "end"]
    again = DrillWatch(month.pipeline, SimpleNamespace(), month.watch.in_force)
    asyncio.run(again.look())
    assert len(month.said) == 2
    month.now = local("2026-12-01 10:00")
    assert month.look()[-1] == "begin"


def test_while_something_critical_is_unresolved_it_is_put_off_and_the_status_says_so(store):
    month = Month(store)
    month.critical()
    assert month.look(3600) == []
    assert month.watch.figures(month.now)["drill"] == "put_off"
    with pytest.raises(UserFault) as refused:
        month.asked()
    assert "something critical is unresolved" in str(refused.value)
    month.state.episodes.clear()
    assert month.look(5 * 3600) == []
    assert month.watch.figures(month.now)["drill"] == "waiting"
    month.now = local("2026-11-02 10:00")
    assert month.look() == ["begin"]


def test_one_that_something_critical_calls_off_is_begun_again(store):
    month = Month(store)
    month.look(3600)
    month.critical()
    assert month.look(60) == ["begin", "off"]
    assert month.look(60) == ["begin", "off"]
    month.state.episodes.clear()
    assert month.look(60) == ["begin", "off", "begin"]


def test_it_is_over_as_soon_as_everybody_who_was_told_has_answered(store):
    month = Month(store)
    month.look(3600)
    (one,) = month.state.episodes.values()
    about = About("drill", "critical", "", "B0002", "", month.now)
    month.state.ladders[one.id] = Ladder("ABCD", "drill", "critical", about, told=["D01", "D02"])
    one.acts = [ActLine(month.now, "D01", "acknowledge", 2)]
    assert month.look(60) == ["begin"]
    one.acts = [*one.acts, ActLine(month.now, "D02", "acknowledge", 3)]
    assert month.look(1) == ["begin", "end"]


def test_a_leader_begins_one_with_a_reason_and_no_second_beside_it(store):
    month = Month(store, Drill())
    assert month.look(3600) == []
    for why in ("", " "):
        with pytest.raises(UserFault, match="say why"):
            month.asked(why)
    assert month.asked().data == {"minutes": 30}
    assert [(one.by, one.reason, one.device, one.drill) for one in month.said] == [
        ("L01", "new colleagues", "B0002", True)
    ]
    with pytest.raises(UserFault):
        month.asked()
    with pytest.raises(UserFault, match="canary"):
        Month(store, None).asked()
