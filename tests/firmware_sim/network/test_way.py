"""One direction of the bad network."""

import itertools
import math

import numpy as np
import pytest
from effort import examples
from hypothesis import example, given, settings
from hypothesis import strategies as st
from met import must_meet

from firmware_sim.network.way import DatagramWay, StreamWay
from firmware_sim.network.weather import FAIR, Weather


def generator(seed=1):
    return np.random.default_rng(seed)


def drained(way):
    """(moment, data) of everything under way, in order."""
    found = []
    while (due := way.due()) < math.inf and not way.is_broken(due):
        found += [(due, data) for data in way.arrive(due)]
    return [*found, *((due, data) for data in way.arrive(due))] if due < math.inf else found


@pytest.mark.parametrize("make", [DatagramWay, StreamWay])
def test_fair_weather_changes_nothing(make):
    way = make(FAIR, generator())
    for number in range(9):
        way.send(bytes((number,)) * 9, 100.0)
    assert way.due() == 100.0
    assert way.arrive(99.9) == []
    assert way.arrive(100.0) == [bytes((number,)) * 9 for number in range(9)]
    assert way.due() == math.inf


@must_meet("nothing", "cut", "whole")
@settings(max_examples=examples(60))
@given(st.lists(st.binary(min_size=1, max_size=40), max_size=8), st.integers(0, 2**32), st.floats(0, 1))
@example([], 1, 0.0)
@example([bytes(40)] * 8, 1, 1.0)
@example([bytes(40)], 1, 0.0)
def test_a_stream_keeps_every_byte_in_order_however_it_is_cut(met, writes, seed, splits):
    way = StreamWay(Weather(delay_ms=50, jitter_ms=400, splits=splits), generator(seed))
    for number, data in enumerate(writes):
        way.send(data, number * 0.1)
    arrivals = drained(way)
    assert b"".join(data for _, data in arrivals) == b"".join(writes)
    assert [moment for moment, _ in arrivals] == sorted(moment for moment, _ in arrivals)
    met["cut" if {data for _, data in arrivals} - set(writes) else "whole" if writes else "nothing"] += 1


def test_a_stream_is_cut_at_every_byte_sooner_or_later():
    lengths = set()
    for seed in range(200):
        way = StreamWay(Weather(splits=1.0), generator(seed))
        way.send(bytes(10), 0.0)
        lengths.add(len(way.arrive(0.0)[0]))
    assert lengths == set(range(1, 11))


@must_meet("a beginning", "nothing at all")
@settings(max_examples=examples(60))
@given(st.integers(0, 2**32))
@example(12)
def test_a_break_lets_a_beginning_through_and_nothing_after_it(met, seed):
    way = StreamWay(Weather(delay_ms=100, breaks=0.3, splits=0.5), generator(seed))
    sent = b""
    for number in range(30):
        way.send(bytes((number,)) * 7, float(number))
        sent += bytes((number,)) * 7
    arrived = b"".join(data for _, data in drained(way))
    assert sent.startswith(arrived)
    assert way.is_broken(1000.0)
    assert len(arrived) < len(sent)
    met["a beginning" if arrived else "nothing at all"] += 1
    way.send(b"more", 1001.0)
    assert way.arrive(2000.0) == []


def test_datagrams_are_lost_doubled_and_overtaken_as_often_as_said():
    way = DatagramWay(Weather(delay_ms=10, loss=0.2, duplication=0.1, reordering=0.05), generator())
    count = 4000
    for number in range(count):
        way.send(number.to_bytes(4), number * 1.0)
    order = [int.from_bytes(data) for _, data in drained(way)]
    lost = 1 - len(set(order)) / count
    doubled = len(order) / len(set(order)) - 1
    overtaken = sum(later < earlier for earlier, later in itertools.pairwise(order)) / len(order)
    assert lost == pytest.approx(0.2, abs=0.03)
    assert doubled == pytest.approx(0.1, abs=0.03)
    assert 0.03 < overtaken < 0.12


def test_delay_and_jitter_are_milliseconds():
    way = DatagramWay(Weather(delay_ms=200, jitter_ms=100), generator())
    for _ in range(50):
        way.send(b"x", 0.0)
    moments = [moment for moment, _ in drained(way)]
    assert min(moments) >= 0.2
    assert 0.28 < max(moments) <= 0.3


@pytest.mark.parametrize("changes", [{"loss": 1.5}, {"breaks": -0.1}, {"delay_ms": -1.0}, {"herd_seconds": -1.0}])
def test_what_is_no_chance_and_no_time_is_refused(changes):
    with pytest.raises(ValueError, match=next(iter(changes))):
        Weather(**changes)
