"""The digest of what a report says: every column is in it, in any company, and nothing else is."""

from __future__ import annotations

import math
from dataclasses import fields, replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from protocols.content import content_of, heard_in
from protocols.report import CellColumns, SignalUnit, Source, SourceDatum, WifiColumns
from protocols.rows import AccessPoint, Cell, Row, batch_of

FEW = st.integers(0, 3)
FLOATS = st.one_of(st.just(math.nan), st.floats(allow_nan=False), FEW.map(float))
WORDS = st.one_of(FEW, st.integers(0, 2**64 - 1))
SMALL = st.one_of(st.integers(-1, 2), st.integers(-(2**15), 2**15 - 1))
NUMBERS = st.one_of(FEW, st.integers(0, 2**40))
SIGNALS = st.one_of(st.integers(-2, 2), st.integers(-(2**31), 2**31 - 1))
CELLS = st.builds(Cell, NUMBERS, NUMBERS, NUMBERS, NUMBERS, SIGNALS, st.sampled_from(SignalUnit), SIGNALS)
POINTS = st.builds(AccessPoint, st.one_of(FEW, st.integers(0, 2**48 - 1)), st.integers(-128, 127))
COLUMNS = {
    "time": FLOATS, "located": st.booleans(), "latitude": FLOATS, "longitude": FLOATS,
    "datum": st.sampled_from(SourceDatum), "altitude_m": FLOATS, "speed_kmh": FLOATS, "course_deg": FLOATS,
    "accuracy_m": FLOATS, "satellites": SMALL, "battery_percent": SMALL, "source": st.sampled_from(Source),
    "flags": WORDS, "stated": WORDS, "momentary": WORDS,
    "cells": st.lists(CELLS, max_size=3).map(tuple), "wifi": st.lists(POINTS, max_size=3).map(tuple),
}  # fmt: skip
ROWS = st.builds(Row, st.integers(0, 9), stored=st.booleans(), **COLUMNS)
HERE = Cell(460, 0, 1, 2, -70, SignalUnit.DBM, 1)


def digests(*rows: Row) -> list[int]:
    batch = batch_of(rows)
    return content_of(batch, heard_in(batch)).tolist()


def same(one: object, other: object) -> bool:
    """Equal as what a report says: absent is absent."""
    return one == other or [str(one), str(other)] == ["nan", "nan"]


def test_every_column_is_thought_of():
    assert {field.name for field in fields(Row)} - {"frame", "stored"} == set(COLUMNS)


@pytest.mark.parametrize("column", COLUMNS)
@given(data=st.data(), row=ROWS)
def test_another_value_in_one_column_is_another_report(column, data, row):
    other = replace(row, **{column: data.draw(COLUMNS[column])})
    (one,), (two,) = digests(row), digests(other)
    assert (one == two) == same(getattr(row, column), getattr(other, column))


@given(row=ROWS, cell=CELLS, data=st.data())
def test_another_number_of_one_cell_is_another_report(row, cell, data):
    heard = (*row.cells, cell)
    at, name = data.draw(st.integers(0, len(heard) - 1)), data.draw(st.sampled_from(Cell._fields))
    value = data.draw(st.sampled_from(SignalUnit) if name == "unit" else st.integers(0, 2**31 - 1))
    changed = (*heard[:at], heard[at]._replace(**{name: value}), *heard[at + 1 :])
    one, two = digests(replace(row, cells=heard), replace(row, cells=changed))
    assert (one == two) == (heard == changed)


@pytest.mark.parametrize(
    "others",
    [
        pairwise([(HERE,), (HERE, HERE), (HERE, HERE, HERE)]),
        [((HERE._replace(cid=4), HERE._replace(cid=6)), (HERE._replace(cid=6), HERE._replace(cid=4)))],
        [((HERE._replace(ta=4), HERE._replace(ta=6)), (HERE._replace(ta=6), HERE._replace(ta=4)))],
    ],
    ids=["as often as it was heard", "which is the serving one", "whose distance is whose"],
)
def test_cells_count_in_their_order(others):
    for one, two in others:
        assert len(set(digests(Row(0, cells=one), Row(0, cells=two)))) == 2


def test_an_access_point_is_no_cell_and_a_place_in_a_list_no_number():
    rows = [Row(0), Row(0, cells=(Cell(0, 0, 0, 0),)), Row(0, wifi=(AccessPoint(0),))]
    rows += [Row(0, wifi=(AccessPoint(1), AccessPoint(0))), Row(0, wifi=(AccessPoint(0), AccessPoint(1)))]
    assert len(set(digests(*rows))) == len(rows)


@given(rows=st.lists(ROWS, min_size=1, max_size=5), data=st.data())
@example(rows=[Row(0), Row(1, wifi=(AccessPoint(3),))], data=None)
def test_neighbours_and_their_order_change_nothing(rows, data):
    alone = [digests(row)[0] for row in rows]
    order = data.draw(st.permutations(range(len(rows)))) if data else [1, 0]
    assert digests(*(rows[index] for index in order)) == [alone[index] for index in order]


@given(row=ROWS)
def test_in_which_frame_it_came_and_out_of_which_memory_changes_nothing(row):
    assert len(set(digests(row, replace(row, frame=row.frame + 1), replace(row, stored=not row.stored)))) == 1


def test_both_zeros_are_one_and_every_absence_is_one():
    strange = np.frombuffer(np.uint64(0xFFF8000000000001).tobytes(), np.float64)[0]
    assert np.isnan(strange)
    for one, two in ((0.0, -0.0), (math.nan, strange)):
        assert len(set(digests(Row(0, speed_kmh=one), Row(0, speed_kmh=two)))) == 1


def test_lists_may_stand_in_any_order_of_reports():
    """Columns are ragged: what belongs to which report is said by number, and by nothing else."""
    batch = batch_of([Row(0, cells=(HERE, HERE._replace(cid=9)), wifi=(AccessPoint(7),)), Row(1, cells=(HERE,))])
    cells, wifi = batch.cells, batch.wifi
    mixed = CellColumns(*(getattr(cells, field.name)[[0, 2, 1]] for field in fields(CellColumns)))
    other = replace(batch, cells=mixed, wifi=WifiColumns(wifi.report, wifi.bssid, wifi.rssi_dbm))
    assert heard_in(other).tolist() == heard_in(batch).tolist()


def test_no_digest_is_nought():
    """0 is an empty seat to whoever keeps them. Here is the word that makes the sum come out at it."""
    batch = batch_of([Row(0)])
    heard = heard_in(batch)
    heard[:] = _leads_to_nought(batch)
    assert content_of(batch, heard).tolist() == [1]


WHOLE = 2**64 - 1


def _leads_to_nought(batch) -> int:
    """What ``heard`` must be for the digest to be 0: all words but the last are summed, and the rest is undone."""
    names = ("time", "latitude", "longitude", "altitude_m", "speed_kmh", "course_deg", "accuracy_m")
    words = [int(np.float64(getattr(batch, name)[0]).view(np.uint64)) for name in names]
    words += [0, WHOLE, 0, 0xFFFF_FFFF]
    factors = [_finished(place * 0x9E3779B97F4A7C15 & WHOLE) | 1 for place in range(1, len(words) + 2)]
    each = [(word ^ word >> 32) * factor & WHOLE for word, factor in zip(words, factors, strict=False)]
    missing = -sum(value ^ value >> 29 for value in each) & WHOLE
    missing ^= missing >> 29 ^ missing >> 58
    missing = missing * pow(factors[-1], -1, 2**64) & WHOLE
    return missing ^ missing >> 32


def _finished(value: int) -> int:
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB), (31, 1)):
        value = (value ^ value >> shift) * factor & WHOLE
    return value
