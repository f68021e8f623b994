"""The ledger of devices: each bracelet in one state, nothing of whom no authority covers, and what is to be done."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from zoneinfo import ZoneInfo

import msgspec
import numpy as np
import pytest
from test_battery_wear import AGED
from timeline import DAY, FOREVER, HOUR, at, authority, county

from gateway.control.battery_wear import Wear
from gateway.control.device_rows import device_rows, with_wear
from gateway.control.ledger import MEASURED, Ledger
from gateway.control.messages import Request
from gateway.control.rights import Caller
from gateway.engine import PAST, compile_policy
from gateway.engine.pace import spend
from gateway.engine.state import EngineState
from gateway.errors import UserFault
from gateway.settings.absences import Removal, RemovalReason
from gateway.settings.canary import Canary
from gateway.settings.model import Assignment, Device, Role
from gateway.words.ledger_words import Ledger as Words
from gateway.words.phrases import spoken

ZONE = ZoneInfo("Asia/Shanghai")
NOW = at(40, 12)
HEARD = at(40, 11.5)
REPAIR = Removal("P0001", RemovalReason.REPAIR, at(40, 8), at(41, 18), "head A")


def view(configuration=None, *, heard=HEARD, silent=False):
    configuration = configuration or county()
    policy = compile_policy(configuration)
    state = EngineState()
    state.seat(policy, configuration.digest)
    state.device["heard"][:], state.device["silent"][:] = heard, silent
    return state, policy, NOW


def rows(*of, **more):
    return {one.device: one for one in device_rows(*view(*of, **more))}


def test_each_bracelet_is_in_one_state():
    known = county()
    more = {name: Device(name, "jt808", f"13{index}", "standard") for index, name in enumerate(("C1", "C2"))}
    more["C2"] = replace(more["C2"], put_away=True)
    configuration = replace(known, devices={**known.devices, **more}, removals=(REPAIR,))
    found = rows(configuration)
    assert {key: (one.state, one.person) for key, one in found.items()} == {
        "B0001": ("repair", "P0001"), "B0002": ("worn", "P0002"), "C1": ("stock", ""), "C2": ("put_away", ""),
    }  # fmt: skip
    assert (found["B0001"].since, found["B0001"].until) == (REPAIR.start, REPAIR.until)
    assert (found["B0002"].contact, found["B0002"].office) == (HEARD, "SFS-01")
    assert rows(replace(configuration, removals=()))["B0001"].state == "worn"
    proving = rows(replace(configuration, canary=Canary("C1")))["C1"]
    assert (proving.state, proving.contact, proving.person) == ("canary", HEARD, "")


def test_who_is_not_heard_for_three_days_is_lost_since_then():
    long_ago, lately = NOW - 4 * DAY, NOW - 2 * DAY
    assert [(one.state, one.since) for one in rows(heard=long_ago, silent=True).values()] == [("lost", long_ago)] * 2
    assert {one.state for one in rows(heard=lately, silent=True).values()} == {"worn"}
    # Nobody listened meanwhile: that is no silence.
    assert {one.state for one in rows(heard=long_ago).values()} == {"worn"}
    never = rows(heard=np.nan)["B0001"]
    assert (never.state, never.contact) == ("lost", None)


def test_of_whom_no_authority_covers_nothing_is_told_but_that_it_is_due_back():
    ended = tuple(authority(one, until=at(39, 0)) for one in ("P0001", "P0002"))
    one = rows(county(authorities=ended))["B0001"]
    assert (one.state, one.person) == ("due_back", "P0001")
    assert (one.contact, one.battery, one.hours, one.flat_at) == (None, None, None, None)
    worn = Assignment("B0001", "P0001", at(-20, 0), at(39, 0)), Assignment("B0002", "P0002", at(-20, 0), FOREVER)
    assert rows(county(assignments=worn))["B0001"].state == "stock"


def said(row, language):
    return Words(language, ZONE, NOW).remarks(msgspec.to_builtins(row))


def test_when_it_is_flat_and_by_when_it_is_replaced_is_said():
    state, policy, now = view()
    level = state.levels.open(policy.device_index["B0001"])
    level.battery = 40
    for percent in range(100, 39, -10):
        spend(level, percent, at(39, 20) + (100 - percent) / 60 * 15.5 * HOUR)
    row = next(device_rows(state, policy, now))
    assert row.hours == pytest.approx(15.5 / 0.6)
    aged = with_wear(row, Wear(26.0, 40.0, 26.0, 23 * 60), now, ZONE)
    assert aged.flat_at == round(at(39, 35.5) + 40 * 15.5 * HOUR / 60)
    assert aged.replace_by == NOW + 3 * DAY
    assert (said(aged, "zh"), said(aged, "en")) == (
        "按习惯21:50没电；请在周二前更换", "flat at 21:50 by its habits; replace by Tuesday",
    )  # fmt: skip
    sound = with_wear(row, Wear(26.0, 26.0, 24.0, 20 * 60), now, ZONE)
    assert (said(sound, "zh"), sound.aged) == ("一般20:00充电，不充可用到21:50", False)


def test_a_short_discharge_is_foretold_by_those_before_and_what_is_not_known_is_said_to_be():
    state, policy, now = view()
    state.levels["battery"][:] = 95
    row = next(device_rows(state, policy, now))
    assert row.flat_at is None
    assert with_wear(row, Wear(hours=30.0), now, ZONE).flat_at == HEARD + 0.95 * 30 * HOUR
    cells = Words("zh", ZONE, now).cells(msgspec.to_builtins(row))
    assert (cells["battery"], cells["before"], cells["flat_at"], cells["to_do"]) == ("95%", "不详", "不详", "")
    stock = msgspec.to_builtins(row) | {"state": "stock", "hours": None}
    assert Words("en", ZONE, now).cells(stock)["hours"] == ""


def ledger(configuration=None, asked=None):
    levels, times = (np.concatenate(one) for one in zip(*AGED, strict=True))

    async def past(devices, since, until):
        if asked is not None:
            asked.append(tuple(devices))
        found = np.zeros(len(levels), PAST)
        found["order"], found["battery_percent"], found["sound"] = times, levels, True
        return found[(times >= since) & (times <= until)]

    return Ledger(lambda: view(configuration), past)


def ask(desk, who=None, **said):
    who = who or Caller("T01", "t", frozenset({Role.TECHNICIAN}))
    return asyncio.run(desk.answers()["devices"](Request("devices", **said), who)).data


def test_the_past_is_read_once_for_half_a_day_and_an_office_gets_its_own():
    asked = []
    desk = ledger(asked=asked)
    told = ask(desk)
    assert [(one["device"], one["aged"], one["charged_at"]) for one in told["rows"]] == [
        ("B0001", True, 1200), ("B0002", None, None),
    ]  # fmt: skip
    assert (told["counts"]["worn"], told["left"], len(ask(desk)["rows"]), len(asked)) == (2, 0, 2, 1)
    elsewhere = Caller("S02", "s", frozenset({Role.OFFICE}), "SFS-02", "SFS-02")
    assert ask(desk, elsewhere)["rows"] == []
    assert [one["device"] for one in ask(desk, device="B0002")["rows"]] == ["B0002"]
    assert ask(desk, kind="stock")["rows"] == []
    with pytest.raises(UserFault) as refused:
        ask(desk, kind="eaten")
    assert "due_back" in spoken(refused.value, "en")


def test_of_many_so_many_are_read_before_the_answer_and_the_rest_behind_it():
    known = county()
    names = [f"P1{number:03d}" for number in range(MEASURED + 7)]
    people = {one: replace(known.people["P0002"], person=one) for one in names}
    many = replace(
        known, people={**known.people, **people},
        devices={f"D{one}": Device(f"D{one}", "jt808", one[1:], "standard") for one in names},
        assignments=tuple(Assignment(f"D{one}", one, at(0, 0), FOREVER) for one in names),
        authorities=tuple(authority(one) for one in names), rules=(),
    )  # fmt: skip
    asked = []
    desk = ledger(many, asked)
    who = Caller("T01", "t", frozenset({Role.TECHNICIAN}))

    async def run():
        answer = desk.answers()["devices"]
        first = await answer(Request("devices"), who)
        await desk.read_rest()
        second = await answer(Request("devices"), who)
        await desk.read_rest()
        return first.data, second.data

    first, second = asyncio.run(run())
    assert (first["left"], second["left"]) == (7, 0)
    assert sorted(one for each in asked for one in each) == sorted(many.devices), "each once"
