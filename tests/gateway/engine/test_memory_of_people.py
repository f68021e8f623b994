"""What a person costs in memory, as Python's allocator counts it: a guard against doubling, not a record."""

from __future__ import annotations

import gc
import tracemalloc
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from timeline import FOREVER, HOME, at, authority, county, person

from gateway.engine import EngineState, compile_policy
from gateway.engine.image import Image, prepare
from gateway.settings.model import Assignment, Device

if TYPE_CHECKING:
    from collections.abc import Callable

    from gateway.engine import Policy
    from gateway.settings.model import Configuration

Made = TypeVar("Made")
COUNT = 300
MOST_DRAWN, MOST_STATE, MOST_IMAGE = 4200, 3800, 320
"""Bytes a person under three rules: of what is drawn of the configuration, of the engine's state, and of its image once
it is saved; measured 2,790, 2,520 and 209."""


def of_many() -> Configuration:
    wearers, devices = ([f"{letter}{number:05d}" for number in range(COUNT)] for letter in "PB")
    return county(
        devices={name: Device(name, "jt808", f"139{number:08d}", "g10ls") for number, name in enumerate(devices)},
        people={one: person(one, HOME) for one in wearers},
        assignments=tuple(Assignment(*worn, at(-30, 0), FOREVER) for worn in zip(devices, wearers, strict=True)),
        authorities=tuple(map(authority, wearers)),
        rules=tuple(replace(rule, people=tuple(wearers)) for rule in county().rules),
    )


def seated(policy: Policy) -> EngineState:
    state = EngineState()
    state.seat(policy, "d")
    return state


def saved(state: EngineState) -> Image:
    image = Image()
    for _ in image.follow(state):
        pass
    image.note_saved("it")
    return image


def test_a_person_costs_no_more_than_so_many_bytes():
    prepare()
    configuration = of_many()
    compile_policy(county())
    counted: list[float] = []

    def counting(make: Callable[[], Made]) -> Made:
        before = tracemalloc.get_traced_memory()[0]
        made = make()
        gc.collect()
        counted.append((tracemalloc.get_traced_memory()[0] - before) / COUNT)
        return made

    tracemalloc.start()
    try:
        policy = counting(lambda: compile_policy(configuration))
        state = counting(lambda: seated(policy))
        counting(lambda: saved(state))
    finally:
        tracemalloc.stop()
    assert counted[0] < MOST_DRAWN
    assert counted[1] < MOST_STATE
    assert counted[2] < MOST_IMAGE


def test_who_has_the_same_rules_and_the_same_days_has_the_same_texts_and_arrays():
    policy = compile_policy(of_many())
    assert len({id(text) for _, text, _ in policy.watches.key}) == len({text for _, text, _ in policy.watches.key})
    assert len({id(each) for each in policy.assignment_starts}) == 1
    assert len({id(each) for each in policy.authority_starts}) == 1
