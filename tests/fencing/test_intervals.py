"""Tables of intervals by key."""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from met import must_meet

from fencing.intervals import KeyedIntervals
from fencing.span import Span

ROWS = [(7, 100.0, 200.0, 1), (7, 200.0, np.inf, 2), (3, 150.0, 160.0, 9), (-4, -5.0, 5.0, 0)]
TABLE = KeyedIntervals.build(ROWS)


@pytest.mark.parametrize(
    ("key", "time", "value"),
    [
        (7, 99.9, -1),
        (7, 100.0, 1),
        (7, 199.9, 1),
        (7, 200.0, 2),
        (7, 1e18, 2),
        (7, np.inf, -1),
        (7, np.nan, -1),
        (3, 149.0, -1),
        (3, 155.0, 9),
        (3, 160.0, -1),
        (-4, 0.0, 0),
        (-5, 0.0, -1),
        (5, 155.0, -1),
        (99, 155.0, -1),
    ],
)
def test_lookup(key, time, value):
    assert TABLE.lookup(np.array([key]), np.array([time])).tolist() == [value]


@must_meet("found", "not found", "at an edge")
@given(
    st.lists(st.tuples(st.integers(0, 4), st.integers(0, 60), st.integers(1, 9), st.integers(0, 99)), max_size=12),
    st.lists(st.tuples(st.integers(-1, 5), st.floats(-5, 80)), max_size=30),
)
@example([(1, 0, 5, 7), (1, 5, 5, 8), (2, 0, 5, 9)], [(1, 0.0), (1, 5.0), (1, 10.0), (3, 1.0)])
def test_lookup_agrees_with_a_plain_search(met, drawn, asked):
    rows = []
    for key, start, length, value in drawn:
        if not any(key == other[0] and start < other[2] and other[1] < start + length for other in rows):
            rows.append((key, float(start), float(start + length), value))
    expected = [next((row[3] for row in rows if row[0] == key and row[1] <= t < row[2]), -1) for key, t in asked]
    keys, times = [key for key, _ in asked], [time for _, time in asked]
    assert KeyedIntervals.build(rows).lookup(np.array(keys, np.int64), np.array(times, float)).tolist() == expected
    met["found"] += sum(value >= 0 for value in expected)
    met["not found"] += expected.count(-1)
    met["at an edge"] += any(time in row[1:3] for time in times for row in rows)


@pytest.mark.parametrize(
    ("key", "time", "span"),
    [
        (7, 99.9, Span(-np.inf, 100.0, holds=False)),
        (7, 100.0, Span(100.0, 200.0, holds=True)),
        (7, 1e18, Span(200.0, np.inf, holds=True)),
        (3, 149.0, Span(-np.inf, 150.0, holds=False)),
        (3, 160.0, Span(160.0, np.inf, holds=False)),
        (-4, -9.0, Span(-np.inf, -5.0, holds=False)),
        (-4, 5.0, Span(5.0, np.inf, holds=False)),
        (5, 155.0, Span(-np.inf, np.inf, holds=False)),
        (-5, 0.0, Span(-np.inf, np.inf, holds=False)),
        (99, 155.0, Span(-np.inf, np.inf, holds=False)),
    ],
)
def test_the_span_of_a_key_is_an_interval_or_lies_between_two(key, time, span):
    assert TABLE.span(key, time) == span
    assert KeyedIntervals.build([]).span(key, time) == Span(-np.inf, np.inf, holds=False)


def test_between_two_intervals_of_a_key_both_bound_the_span():
    apart = KeyedIntervals.build([(1, 0.0, 5.0, 1), (2, 4.0, 6.0, 1), (1, 9.0, 12.0, 1)])
    assert apart.span(1, 5.0) == apart.span(1, 8.9) == Span(5.0, 9.0, holds=False)


def test_an_empty_table_knows_nothing():
    assert KeyedIntervals.build([]).lookup(np.array([1, 2]), np.zeros(2)).tolist() == [-1, -1]


def test_overlap_names_both():
    with pytest.raises(
        ValueError, match=r"overlap: key 1 from 0.0 until 10.0 \(value 5\) and key 1 from 9.0 until 12.0"
    ):
        KeyedIntervals.build([(1, 9.0, 12.0, 6), (2, 9.0, 12.0, 7), (1, 0.0, 10.0, 5)])


@pytest.mark.parametrize("row", [(1, 5.0, 5.0, 0), (1, 6.0, 5.0, 0), (1, np.nan, 5.0, 0), (1, 0.0, np.nan, 0)])
def test_an_interval_needs_an_extent(row):
    with pytest.raises(ValueError, match="no interval: key 1"):
        KeyedIntervals.build([row])


@must_meet("begun", "ended", "neither")
@given(
    st.lists(st.tuples(st.integers(0, 4), st.integers(0, 60), st.integers(1, 9)), max_size=12),
    st.lists(st.tuples(st.integers(-1, 5), st.floats(-5, 80)), max_size=30),
)
@example([(1, 0, 5), (1, 5, 5), (2, 0, 5)], [(1, 0.0), (1, 5.0), (1, 10.0), (3, 1.0)])
def test_begins_and_ends_agree_with_a_plain_search(met, drawn, asked):
    rows, last = [], {}
    for key, start, length in sorted(drawn):
        begin = max(start, last.get(key, start))
        rows.append((key, float(begin), float(begin + length), 1))
        last[key] = begin + length
    table = KeyedIntervals.build(rows)
    keys, times = [key for key, _ in asked], [time for _, time in asked]
    for key, time, begun, ended in zip(
        keys, times, table.start_of(keys, times), table.ended_before(keys, times), strict=True
    ):
        within = [start for one, start, until, _ in rows if one == key and start <= time < until]
        assert begun == (within[0] if within else -np.inf)
        if not within:
            assert ended == max((until for one, _, until, _ in rows if one == key and until <= time), default=-np.inf)
        met["begun" if within else "ended" if np.isfinite(ended) else "neither"] += 1


def test_a_span_is_read_of_the_table_itself():
    """Keys with none of their own lie between; nothing is remembered of one that was asked for."""
    table = KeyedIntervals.build([(key, 10.0 * key, 10.0 * key + 5.0, key) for key in range(0, 10, 2)])
    for key in (*range(0, 10, 2), *range(0, 10, 2)):
        assert table.span(key, 10.0 * key + 1.0) == Span(10.0 * key, 10.0 * key + 5.0, holds=True)
        assert table.span(key + 1, 10.0 * key) == Span(-np.inf, np.inf, holds=False)
    assert len(table._views) == 1
