"""Who audits sees that there was an alarm and what was done, and nowhere a place: in no field, no text, no answer."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace

import msgspec
import pytest
from made_episodes import episode

from gateway.cli.alarm_json import json_lines
from gateway.control.answers import Answers
from gateway.control.desk import Desk
from gateway.control.messages import Request
from gateway.control.rights import NEEDS, Caller
from gateway.engine import LOCATE, Command, CommandRecord, End, Episode
from gateway.settings.model import Role
from gateway.words.alarm_text import text_of

BLIND = sorted(set(Role) - NEEDS["where"])
PLACE = "109.4"
ANSWER = "Lat:N24.3,Lon:E109.4"


def caller(role):
    return Caller("N01", "user", frozenset({role}))


def placed() -> Episode:
    facts = {"home_m": 3200.0, "home_deg": 135.0, "placed": 1.0, "outside": "square", "source": "gnss"}
    return episode("curfew_late", latitude=24.31, longitude=109.43, radius_m=30.0, facts=facts)


def locating() -> CommandRecord:
    command = Command("77", "B0001", LOCATE, "D01", 0.0, 900.0)
    return CommandRecord(command, 1.0, 5, End.DONE, ANSWER, 2.0, "B0001")


class Writer:
    async def run(self, work, *args):
        return work(*args)


def answers() -> Answers:
    store = SimpleNamespace(episodes=lambda **_: [placed()], commands=lambda *_, **__: [locating()])
    offices = SimpleNamespace(of_alarm=lambda _: "SFS-01", of_order=lambda _: "SFS-01")
    return Answers(store, Writer(), *[None] * 4, offices, lambda _: None)


def asked(do, role, **how):
    return asyncio.run(answers().answers()[do](Request(do, everything=True, **how), caller(role))).data


@pytest.mark.parametrize("role", [role for role in BLIND if role in NEEDS["alarms"]])
def test_an_alarm_tells_the_auditor_no_place(role):
    (one,) = msgspec.convert(asked("alarms", role)["alarms"], list[Episode])
    assert (one.kind, one.person, one.onset) == (placed().kind, placed().person, placed().onset)
    assert (one.latitude, one.longitude, one.radius_m) == (None, None, None)
    assert one.facts == {"places_hidden": 1}
    county = SimpleNamespace(timezone="Asia/Shanghai", maps="gcj02")
    said = " ".join(json_lines([one], county))
    assert PLACE not in said
    assert "3.2" not in text_of(one, "", county.timezone, county.maps).en


@pytest.mark.parametrize("role", sorted(NEEDS["where"]))
def test_who_answers_alarms_sees_it(role):
    (one,) = msgspec.convert(asked("alarms", role)["alarms"], list[Episode])
    assert one == placed()


def test_one_alarm_alone_is_told_where_one_alone_is_asked_for():
    identity = placed().id
    assert len(asked("alarms", Role.DUTY, alarm=identity[:6])["alarms"]) == 1
    assert asked("alarms", Role.DUTY, alarm="f" * 32)["alarms"] == []


@pytest.mark.parametrize("role", Role)
def test_the_answer_to_a_locating_is_told_to_who_may_see_places(role):
    desk = Desk(*[None] * 3, lambda _: None, SimpleNamespace(of_device=lambda _: {"latitude": 24.31}), None)

    async def read(_):
        return locating()

    desk.read, desk.offices = read, SimpleNamespace(check_order=lambda *_: None)
    waited = asyncio.run(desk.answers()["wait"](Request("wait", id="77"), caller(role))).data
    listed = asked("orders", role)["orders"][0]
    may = role in NEEDS["where"]
    assert [ANSWER in str(waited), "24.31" in str(waited), ANSWER in str(listed)] == [may] * 3
