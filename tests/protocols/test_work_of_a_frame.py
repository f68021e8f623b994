"""What a frame costs, in calls: columns are read for all at once, and no session looks back at what it has had."""

import pytest
from gt06_frames import LOGIN, cell, gps
from gt06_frames import frame as gt06_frame
from jt808_frames import frame, location
from met import work_of

from protocols.registry import FAMILIES
from protocols.session import FrameBatch

NOW = 1_770_000_000.0
JT808 = frame(0x0200, location(items=[(0x31, b"\x09")]))
GT06 = gt06_frame(0x22, gps() + cell())
R16H = b"@GPSD,861000000000207,R,20260202,024000,31.2,N,121.4,E,3.5,90,120,88,L,$"
SAMPLES = {"gt06": GT06, "jt808": JT808, "r16h": R16H}
IN_COLUMNS = ("gt06", "jt808")
MOST_CALLS = {"gt06": 110, "jt808": 80, "r16h": 240}
"""Of a session for one frame."""


def decoding(name, count):
    batch = FrameBatch.of([SAMPLES[name]] * count, "standard")
    return work_of(lambda: FAMILIES[name].decode(batch))


@pytest.mark.parametrize("name", IN_COLUMNS)
def test_columns_make_no_call_for_a_single_frame(name):
    assert decoding(name, 2) > 10
    assert decoding(name, 2000) - decoding(name, 1000) < 10


def feeding(name, count):
    session = FAMILIES[name].session("standard")
    session.feed(LOGIN if name == "gt06" else SAMPLES[name], NOW)
    return work_of(lambda: [session.feed(SAMPLES[name], NOW) for _ in range(count)])


@pytest.mark.parametrize("name", SAMPLES)
def test_a_frame_costs_a_session_so_many_calls_and_the_thousandth_no_more_than_the_first(name):
    first, all_of_them = feeding(name, 10), feeding(name, 1000)
    assert 10 < first < 10 * MOST_CALLS[name]
    assert all_of_them <= 100 * first


@pytest.mark.parametrize("name", SAMPLES)
def test_many_frames_in_one_piece_cost_no_more_than_one_by_one(name):
    session = FAMILIES[name].session("standard")
    session.feed(LOGIN if name == "gt06" else SAMPLES[name], NOW)
    assert work_of(lambda: session.feed(SAMPLES[name] * 1000, NOW)) <= feeding(name, 1000)
