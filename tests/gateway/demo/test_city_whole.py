"""The whole city under blows: nothing is lost, doubled or out of order, and who takes over does so in time.

After each run what the city has is held against the counties' own journals, entry for entry, with the nodes begun
anew from their disks; and what its workers said against what the counties' own gateways said, byte for byte.
"""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest
from city_compared import say_the_same, streams_have_all_once_and_in_order
from rich.console import Console

from gateway.demo.city.chaos import TURNS
from gateway.demo.city.counting import within
from gateway.demo.city.run import City
from gateway.demo.city.town import Town

ROUND = (*TURNS, "worker", "worker")
"""Workers more often than others, for the hundredths of what is left."""
ROUNDS = 5
CUTS = 120.0, 180.0, 20.0, 20.0, 20.0
"""Seconds for which a line is cut under torture: every other time without a word to either end."""
LIMITS = {"worker": 3.0, "node": 15.0}
"""Seconds within which 95 of a hundred takeovers are over."""
ANSWER = 10.0
"""Seconds of a county's time within which 99.9 of a hundred answers come, whatever is hit."""


def told(city: City) -> str:
    """Run it; what it said. Nothing may be lost, doubled or out of order."""
    with (city.town.directory / "said.txt").open("w", buffering=1) as said:
        city.console.file = said
        code = asyncio.run(city.run())
    text = (city.town.directory / "said.txt").read_text("utf-8")
    assert code == 0, text
    assert [one.name for one in city.town.processes.values() if one.ends != one.kills] == []
    for one in city.counts.values():
        assert one.found
        assert (one.missing, one.false, one.doubled, one.disordered) == ([], [], [], [])
    assert asyncio.run(streams_have_all_once_and_in_order(city.town)) > 0
    assert say_the_same(city.town) > 0
    return text


def took(city: City, role: str) -> list[float]:
    """Seconds of each takeover."""
    return [one.seconds for one in city.takeovers.done if one.role == role]


def test_a_city_that_is_hit_a_few_times_has_everything_once_and_in_order(tmp_path):
    town = Town(tmp_path, 40, 60.0, ("310101",), ("w1", "w2"), partitions=2)
    turns = iter(("both", "uplink"))
    city = City(town, 1.0, "en", Console(width=160), turns, counts_blows=True, cuts=(2.0,), gap=2.0, calm=2.0)
    told(city)
    assert city.chaos.dealt == {"both": 1, "uplink": 1}
    assert {one.role for one in city.takeovers.done} >= {"node"}


@pytest.mark.torture
def test_a_city_under_many_blows_loses_nothing_and_goes_on_in_time(tmp_path, capsys):
    town = Town(tmp_path, 600, 6.0, partitions=2)
    city = City(town, 1.0, "en", Console(width=160), iter(ROUND * ROUNDS), counts_blows=True, cuts=CUTS)
    said = told(city)
    with capsys.disabled():
        print(said)  # noqa: T201  the figures are what it is run for
    assert city.chaos.dealt == Counter(ROUND * ROUNDS)
    assert city.chaos.dealt.total() >= 50
    for role, limit in LIMITS.items():
        assert within(took(city, role)) <= limit
    assert city.answers.total > 0
    assert city.answers.within(0.999) <= ANSWER
