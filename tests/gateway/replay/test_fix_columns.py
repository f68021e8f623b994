"""The columns of a fixes table against its rows: the same values, and the same words for the first fault."""

from __future__ import annotations

import csv
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from met import must_meet
from timeline import at, county

from gateway.engine.policy import compile_policy
from gateway.errors import UserFault
from gateway.replay import fixes
from gateway.replay.fix_columns import FixColumns, columns_of, gathered
from gateway.replay.fix_rows import BESIDE, row_of

NAMES = [
    "device", "time", "received_at", "source", "latitude", "longitude", "accuracy_m", "speed_kmh", *BESIDE
]  # fmt: skip
DEVICES = {"B0001": 0, "B0002": 1}
T = int(at(0, 13))
PATH = Path("fixes.csv")
USUAL = {
    "device": ["B0001", "B0002"], "time": [f"{T}", f"{T}.25", f" {T + 1} ", "1_793_595_600", "1.7e9", "0", "-0.0"],
    "received_at": ["", f"{T + 3}", f"{T + 4}.001"], "source": ["gnss", "wifi", "cell", "beacon", "phone"],
    "latitude": ["24.33", "-24", "0", "90", "+24.3", "１２"], "longitude": ["109.41", "-180", "0.000", "1e2"],
    "accuracy_m": ["", "12.5", "0", "-0.0"], "speed_kmh": ["", "3.6", "1e300"], "course_deg": ["", "90", "360.0"],
    "cells": ["", "460-0-1-2@-70/1", "460-0-1-3;460-11-2-68719476735@19"], "wifi": ["", "0a1b2c3d4e5f@-40"],
}  # fmt: skip
ODD = {
    "device": ["B0009", "", " B0001"], "source": ["gps", "", "none"],
    "time": ["", "nan", "inf", "-1", f"{T}000", "4102444800", "noon", "2026-11-02", "20261102"],
    "received_at": ["nan", "-5", "later", "2026-11-02 13:00"],
    "latitude": ["", "nan", "90.5", "north", "1,5"], "longitude": ["", "inf", "-181", "0x10"],
    "course_deg": ["north", "-1", "361", "nan"], "accuracy_m": ["-1", "nan", "12.5m", "-inf"],
    "speed_kmh": ["-0.1", "inf", "fast"],
    "cells": ["，", "\x00", "x" * (csv.field_size_limit() + 1), "460-0-1", "460-0-1-2;"],
    "wifi": ["网吧", "0a1b@-40"],
}  # fmt: skip
MOMENTS = ["2026-11-02T13:00:00+08:00", "2026-11-02T05:00:01Z", "2026-11-02T05:00:00.123456+00:00", "20261102T05Z"]


@st.composite
def tables(draw) -> tuple[list[str], list[str]]:
    """Names of columns and lines: usual ones, and now and then something odd in them."""
    names = draw(st.sampled_from([NAMES, NAMES[::-1], NAMES[:2] + NAMES[3:6]]))
    how = draw(st.sampled_from(["seconds", "moments", "both"]))
    rows = []
    for _ in range(draw(st.integers(1, 5))):
        row = {name: draw(st.sampled_from(USUAL[name])) for name in names}
        if how == "moments" or (how == "both" and draw(st.booleans())):
            row["time"] = draw(st.sampled_from(MOMENTS))
        rows.append([row[name] for name in names])
    if draw(st.booleans()):
        name, row = draw(st.sampled_from(sorted(set(ODD) & set(names)))), draw(st.sampled_from(rows))
        row[names.index(name)] = draw(st.sampled_from(ODD[name]))
    lines = [_line(row, draw(st.sampled_from(["plain", "plain", "plain", "quoted", "short"]))) for row in rows]
    if draw(st.integers(0, 5)) == 0:
        lines[-1] += draw(st.sampled_from([",", ",9,9", '"', ',"', " "]))
    return names, lines


def _line(row: list[str], way: str) -> str:
    if way == "quoted":
        return ",".join(f'"{cell}"' for cell in row)
    return ",".join(row).rstrip(",") if way == "short" else ",".join(row)


def by_rows(names: list[str], lines: list[str]) -> FixColumns | str:
    """What the rows say, or the words for the first fault."""
    try:
        return gathered([row_of(PATH, number, line, names, DEVICES) for number, line in enumerate(lines, 2)])
    except UserFault as fault:
        return str(fault)


def same(one: FixColumns, other: FixColumns) -> bool:
    """To the bit, NaN like NaN and types too."""
    pairs = [(getattr(one, field.name), getattr(other, field.name)) for field in fields(FixColumns)]
    return all(
        left.dtype == right.dtype and left.tobytes() == right.tobytes() if isinstance(left, np.ndarray)
        else left == right for left, right in pairs
    )  # fmt: skip


@must_meet("read in columns", "left to the rows, which read it", "refused by both")
@given(table=tables())
@example(table=(NAMES, [",".join([*(USUAL[name][0] for name in NAMES[:-1]), "x"])]))
@example(table=(NAMES, [f"B0001,{T},,gnss,1,1,,,,,", f"B0001,{MOMENTS[0]},,gnss,1,1,,,,,"]))
@example(table=(NAMES, [f"B0001,{T},,gps,1,1,,,,,", f"B0009,{T},,gnss,1,1,,,,,"]))
def test_columns_say_what_the_rows_say_or_nothing(table, met):
    truth, found = by_rows(*table), columns_of(table[1], table[0], DEVICES)
    if isinstance(truth, str):
        assert found is None
        met["refused by both"] += 1
    elif found is None:
        met["left to the rows, which read it"] += 1
    else:
        assert same(found, truth)
        met["read in columns"] += 1


@pytest.mark.parametrize(
    "lines",
    [
        [f"B0001,{T},{T + 5}.5,gnss,24.33,109.41,12.5,3.6,90,460-0-1-2@-70/1,"],
        [f"B0001,{T},,gnss,,,,,,,", f"B0002,{T},{T},cell,0,0.0,,,,,"],
        [f"B0001,{moment},{moment},gnss,24.33,109.41,,,,," for moment in MOMENTS],
        [f'B0001,{T},,gnss,24.33,"109.41",,,,"460-0-1-2;460-0-1-3",'],
        [f"B0001,{T},,gnss,24.33,109.41", f"B0001,{T},,gnss,24.33,109.41,,,,,"],
    ],
    ids=["usual", "without a place", "ISO 8601", "quoted", "cut short"],
)
def test_what_people_write_is_read_in_columns(lines):
    found, truth = columns_of(lines, NAMES, DEVICES), by_rows(NAMES, lines)
    assert isinstance(truth, FixColumns)
    assert found is not None
    assert same(found, truth)
    assert found.beside.shape == (len(lines), len(BESIDE))


def test_columns_of_one_name_are_left_to_the_rows():
    """The last of them counts there."""
    names, line = [*NAMES, "cells"], f"B0001,{T},,gnss,24.33,109.41,,,,460-0-1-2,,460-0-1-3"
    assert columns_of([line], names, DEVICES) is None
    (row,) = [row_of(PATH, 2, line, names, DEVICES)]
    assert row.line == f"B0001,{T},,gnss,24.33,109.41,,,,460-0-1-3,".encode()


@pytest.fixture
def table(tmp_path, monkeypatch):
    policy = compile_policy(county())
    monkeypatch.setattr(fixes, "AT_ONCE", 4)

    def read(lines: list[str]):
        path = tmp_path / "fixes.csv"
        path.write_text("\n".join([",".join(NAMES), *lines]), "utf-8")
        return fixes.read_fixes(path, policy)

    return read


def test_a_table_of_many_stretches_is_one(table):
    """Odd lines in the second, empty ones in the third, and rows that came before those of an earlier stretch."""
    late = [-1, 9, 3, 7, 5, 5, 8, 2, 0, 6, 4]
    lines = [
        f"B000{1 + each % 2},{T},{T + each},gnss,{24.1 + each / 100:.2f},109.41,,,,460-0-1-{each + 1}," for each in late
    ]
    lines[5] = f"B0002,{MOMENTS[0]},{T + 5},gnss,24.99,109.41,,,90,,"
    found = table([*lines[:8], "", "", *lines[8:9], "", "", *lines[9:]])
    ordered = sorted(lines, key=lambda line: int(line.split(",")[2]))
    assert found.lines == tuple(line.encode() for line in ordered)
    assert found.reports.received.tolist() == [T + each for each in sorted(late)]
    assert [f"{each:.2f}" for each in found.reports.latitude] == [line.split(",")[4] for line in ordered]
    assert len(set(found.reports.digest.tolist())) == len(late)


def test_the_first_fault_of_the_file_is_named_whatever_follows_it(table):
    good = f"B0001,{T},,gnss,24.33,109.41,,,,,"
    lines = [good, good, "", good, good, f"B0001,{T},,gps,24.33,109.41,,,,,", '"', good, "，", good]
    with pytest.raises(UserFault, match=r"fixes.csv:7: source 'gps' is not known"):
        table(lines)
