"""Cells found among sorted keys: every one that is there, and none that is not."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from met import must_meet

from gateway.fusion import towers
from gateway.fusion.tower_sigma import sigma_of
from gateway.fusion.towers import (
    AREA_BITS,
    CELL_BITS,
    MOST_AREAS,
    NETWORK_BITS,
    KeyIndex,
    Places,
    Towers,
    area_of,
    empty,
    gathered,
    spread,
    table_of,
)

NAMES = st.tuples(
    st.sampled_from([1, 310, 460, 461, 999, 1023]), st.sampled_from([0, 1, 11, 999, 1023]),
    st.one_of(st.integers(1, 3), st.sampled_from([0xFFFF, 0x10000, 0xFF_FFFF])),
    st.one_of(st.integers(1, 4), st.sampled_from([0xFFFF, (1 << 28) - 1, 1 << 28, (1 << 36) - 1])),
)  # fmt: skip
FAR_NAMES = st.tuples(*(st.integers(-(1 << 62), 1 << 62) for _ in range(4)))


def columns(names):
    return [np.array(column, np.int64) for column in zip(*names, strict=True)] or [np.empty(0, np.int64)] * 4


def table(names, latitude=None, samples=None):
    """Cells whose latitude is their number from 0, unless stated."""
    if not names:
        return empty()
    mcc, mnc, lac, cid = columns(names)
    count = len(names)
    stated = np.arange(count, dtype=np.float64) if latitude is None else np.array(latitude, np.float64)
    return table_of(
        area_of(mcc, mnc, lac), cid,
        Places(stated, stated + 100, np.full(count, 50.0, np.float32), np.array(samples or [3] * count, np.int32)),
    )  # fmt: skip


@must_meet("found", "unknown", "taken back", "in the overlay")
@given(
    base=st.lists(NAMES, unique=True, max_size=40), overlay=st.lists(NAMES, unique=True, max_size=8),
    asked=st.lists(st.one_of(NAMES, FAR_NAMES), min_size=1, max_size=40), gone=st.integers(0, 8),
)  # fmt: skip
@example(base=[(460, 0, 1, 1)], overlay=[(460, 0, 1, 1)], asked=[(460, 0, 1, 1), (460, 0, 1, 2)], gone=1)
@example(base=[(460, 0, 1, 1)], overlay=[(460, 0, 1, 2)], asked=[(460, 0, 1, 2), (-1, -1, -1, -1)], gone=0)
def test_every_cell_that_is_there_is_found_and_no_other(base, overlay, asked, gone, met):
    said = {name: float(row) for row, name in enumerate(base)}
    newer = [np.nan if row < gone else 1000.0 + row for row in range(len(overlay))]
    said.update(zip(overlay, newer, strict=True))
    version = Towers(table(base), table(overlay, newer))
    asked = [*asked, *base, *overlay]
    index = version.look_up(*columns(asked))
    found = version.at(index)
    wanted = np.array([said.get(name, np.nan) for name in asked])
    assert np.array_equal(found.latitude, wanted, equal_nan=True)
    assert np.array_equal(found.longitude, wanted + 100, equal_nan=True)
    assert (index == -1).tolist() == np.isnan(wanted).tolist()
    assert found.samples.tolist() == np.where(np.isnan(wanted), 0, 3).tolist()
    met["found"] += bool(set(asked) & set(base))
    met["unknown"] += any(name not in said for name in asked)
    met["taken back"] += any(np.isnan(said.get(name, 0.0)) and name in base for name in asked)
    met["in the overlay"] += any(said.get(name, 0.0) >= 1000.0 for name in asked)


@pytest.mark.parametrize(
    "other",
    [(460, 0, 1, 1 << 36), (460, 0, 1 << 24, 0), (460, 1 << 10, 0, 0), (460 + (1 << 10), 0, 0, 0), (460, -1, 0, 0)],
    ids=["NCI of 37 bits", "TAC of 25", "MNC of 11", "MCC of 11", "absent"],
)
def test_a_number_beyond_its_bits_is_no_other_cell(other):
    """As packed, one more bit would be the next field's first."""
    names = [(460, 0, 2, 0), (460, 0, 1, 0), (460, 1, 0, 0), (460, 0, 0, 0), (461, 0, 0, 0), (459, 1023, 0, 0)]
    assert Towers(table(names), empty()).look_up(*columns([other])).tolist() == [-1]


@given(st.lists(st.integers(0, (1 << 64) - 1), unique=True, min_size=1))
def test_keys_that_differ_are_spread_to_keys_that_differ(keys):
    found = spread(np.array(keys, np.uint64))
    assert len(set(found.tolist())) == len(keys)
    assert gathered(found).tolist() == keys


def test_ids_that_crowd_lie_apart():
    """A network numbers its cells one after the other; else a bucket would hold them all."""
    keys = np.sort(spread(np.arange(100_000, dtype=np.uint64)))
    held = np.bincount((keys >> np.uint64(64 - 17)).astype(np.int64))
    assert held.max() <= 8


def test_a_bucket_is_searched_to_its_end_and_no_further():
    keys = np.array([5, 6, 7, 1 << 63, (1 << 64) - 2], np.uint64)
    asked = np.array([4, 5, 6, 7, 8, 1 << 63, (1 << 64) - 3, (1 << 64) - 2], np.uint64)
    for index, wanted in (
        (KeyIndex(keys), [-1, 0, 1, 2, -1, 3, -1, 4]),
        (KeyIndex(keys[:4]), [-1, 0, 1, 2, -1, 3, -1, -1]),
    ):
        at, is_there = index.search(asked)
        assert np.where(is_there, at, -1).tolist() == wanted


def test_what_stands_behind_the_last_key_is_no_cells_name():
    (name,) = gathered(np.array([(1 << 64) - 1], np.uint64)).tolist()
    assert name >= 1 << (2 * NETWORK_BITS + AREA_BITS)
    assert name >> CELL_BITS > MOST_AREAS


def test_more_areas_than_a_key_can_number_are_refused(monkeypatch):
    monkeypatch.setattr(towers, "MOST_AREAS", 2)
    assert len(table([(460, 0, 1, 1), (460, 0, 2, 1)])) == 2
    with pytest.raises(ValueError, match="3 areas, a key has room for 2"):
        table([(460, 0, 1, 1), (460, 0, 2, 1), (460, 0, 3, 1)])


def test_however_many_are_asked_for_at_once(monkeypatch):
    names = [(460, n % 3, 1 + n % 5, n) for n in range(100)]
    version = Towers(table(names), table(names[:7], [1000.0 + n for n in range(7)]))
    whole = version.look_up(*columns(names))
    monkeypatch.setattr(towers, "AT_ONCE", 9)
    assert version.look_up(*columns(names)).tolist() == whole.tolist()
    assert len(set(whole.tolist())) == 100


def test_nothing_is_found_where_nothing_is():
    version = Towers(empty(), empty())
    index = version.look_up([460], [0], [1], [1])
    assert index.tolist() == [-1]
    assert np.isnan(version.at(index).latitude).all()
    assert version.look_up([], [], [], []).tolist() == []


def test_a_cell_that_is_there_twice_is_refused():
    with pytest.raises(ValueError, match="twice"):
        table([(460, 0, 1, 1), (460, 0, 1, 1)])


def test_an_mnc_is_a_number():
    """460-00 and 460-000 are one network, as every source of them writes them."""
    assert Towers(table([(460, int("00"), 1, 1)]), empty()).look_up([460], [int("000")], [1], [1]).tolist() == [0]


def test_a_place_of_few_samples_is_less_sure_and_the_range_says_little():
    ranges = np.array([1000.0, 1000.0, 0.0, 100_000.0, 1.0])
    sigma = sigma_of(ranges, np.array([1000, 1, 1000, 1000, 0])).tolist()
    assert sigma[0] == pytest.approx(585.0, rel=0.01)
    assert sigma[1] == pytest.approx(1.466 * 585.0, rel=0.01)
    assert sigma[2] == sigma[0]
    assert sigma[0] < sigma[3] < 2 * sigma[0]
    assert 0.5 * sigma[0] < sigma[4] < sigma[0]
