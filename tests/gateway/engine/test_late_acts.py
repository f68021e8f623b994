"""What officers have done stays done, whatever comes late."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np
import pytest
from deliveries import deliver, held_back, life, live_first, newest_first, repeated, shuffled
from doings import closing, doing
from effort import named
from hypothesis import example, given
from hypothesis import strategies as st
from met import must_meet
from timeline import Timeline, clock

from gateway.engine.families import FAMILIES, LATCHED

if TYPE_CHECKING:
    from collections.abc import Callable

    from deliveries import Life, Order

ORDERS = (held_back, live_first, newest_first, shuffled)
CLOSES = 1 / 6
"""Of what they do, so much is a close."""


def acting(seed: int):
    """Officers who do whatever can be done, on whatever they see, at any time."""
    draw = np.random.default_rng(seed)

    def act(told: Timeline, received: float) -> None:
        may = sorted(key for key, one in told.state.episodes.items() if one.closed is None)
        for number in range(int(draw.integers(0, 6)) if may else 0):
            chance = int(draw.integers(1000))
            do, said = ("close", closing(chance)) if draw.random() < CLOSES else doing(chance, received)
            alarm = may[int(draw.integers(len(may)))]
            told.act(received, do, alarm, f"{received} {number}", **said)

    return act


def histories(events: list[dict]) -> dict[str, list[tuple[str, dict]]]:
    """By alarm, what was said of it: change and data."""
    told: dict[str, list[tuple[str, dict]]] = {}
    for event in events:
        told.setdefault(event["data"]["alarm"], []).append(
            (event["type"].removeprefix("bracelet.alarm."), event["data"])
        )
    return told


@must_meet("closed", "supports", "contradicts", "acknowledged and retracted", "latched and late", "checked")
@named(2)
@given(seed=st.integers(0, 8), order=st.sampled_from(ORDERS), chance=st.integers(0, 1000))
@example(seed=1, order=held_back, chance=8)
def test_nothing_closed_is_opened_again_and_nothing_acknowledged_is_forgotten(met, seed, order, chance):
    _told_with_acts(met, seed, order, chance)


@pytest.mark.torture
@pytest.mark.parametrize("seed", range(9, 49))
def test_of_many_lives_nothing_closed_is_opened_again(seed):
    _told_with_acts(Counter(), seed, ORDERS[seed % len(ORDERS)], seed)


def _told_with_acts(met: Counter, seed: int, order: Callable[[Life, int], Order], chance: int) -> None:
    one = life(seed)
    events = deliver(one, repeated(order(one, chance), chance), acting(chance)).events
    for told in histories(events).values():
        _after_a_close(met, told)
        _acknowledged(met, told)
        changes = {change for change, _ in told}
        if told[0][1]["kind"] in LATCHED:
            assert "retracted" not in changes
            met["latched and late"] += told[0][1]["retrospective"]
    _none_within_a_closed_one(events)


def _after_a_close(met, told: list[tuple[str, dict]]) -> None:
    """Later data, one word a time, and nothing else."""
    at = next((index for index, (change, _) in enumerate(told) if change == "closed"), None)
    if at is None:
        return
    met["closed"] += 1
    closed, word = told[at][1], None
    for change, data in told[at + 1 :]:
        assert change == "updated"
        assert data["facts"]["later_data"] in {"supports", "contradicts"} - {word}
        same = ("kind", "onset", "ended", "closed", "closed_by", "outcome", "notes", "acts")
        assert [data[name] for name in same] == [closed[name] for name in same]
        word = data["facts"]["later_data"]
        met[word] += 1


def _acknowledged(met, told: list[tuple[str, dict]]) -> None:
    """Once acknowledged it is so for good, whatever becomes of it; so is each act, and whose alarm it is."""
    first, acts = None, []
    for change, data in told:
        assert first in {None, data["acknowledged"]}
        assert data["acts"][: len(acts)] == acts
        first, acts = data["acknowledged"], data["acts"]
        takers = [one["by"] for one in acts if one["do"] == "take_over"]
        owners = takers[-1:] or [one["by"] for one in acts if one["do"] == "acknowledge"][:1]
        assert data["owner"] == (owners[0] if owners else None)
        agreed = data["follow_up"]
        met["checked"] += agreed is not None and agreed["checked"] is not None
        met["acknowledged and retracted"] += change == "retracted" and first is not None


def _none_within_a_closed_one(events: list[dict]) -> None:
    """No other alarm of the same thing is raised over what a person has closed."""
    closed: list[dict] = []
    for event in events:
        data = event["data"]
        if event["type"].endswith(".closed") and data["kind"] in FAMILIES and data["ended"]:
            closed.append(data)
        if event["type"].endswith(".raised") and data["retrospective"]:
            assert not [one for one in closed if _lies_in(data, one)]


def _lies_in(data: dict, one: dict) -> bool:
    names = ("person", "device", "zone", "rule") if one["kind"] in LATCHED else ("person", "zone", "rule")
    same = FAMILIES.get(data["kind"]) == FAMILIES[one["kind"]] and all(data[name] == one[name] for name in names)
    within = clock(one["onset"]) <= clock(data["onset"]) < clock(one["ended"])
    return same and within and data["alarm"] != one["alarm"]
