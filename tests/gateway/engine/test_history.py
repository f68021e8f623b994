"""A history in memory: against a plain list of what came."""

from __future__ import annotations

import numpy as np
from effort import examples
from hypothesis import example, given, settings
from hypothesis import strategies as st
from met import must_meet

from gateway.engine.history import KEPT, PAST, MemoryHistory

DEVICES = ("B0001", "B0002", "B0003")
ROW = st.tuples(st.integers(0, 40), st.integers(0, 3), st.integers(0, 2))
"""Order in hours, tie, device."""
STEPS = st.lists(st.tuples(st.lists(ROW, max_size=5), st.integers(0, 6)), min_size=1, max_size=8)
"""What an addition brings, and by how many entries the next one goes back: after a crash entries come again."""


def rows_of(many: list[tuple[int, int, int]], first: int) -> np.ndarray:
    rows = np.zeros(len(many), PAST)
    for index, (hours, tie, device) in enumerate(many):
        rows[index]["order"], rows[index]["tie"], rows[index]["device"] = hours * 3600.0, tie, device
        rows[index]["offset"] = first + index
    return rows


def plain(rows: np.ndarray) -> list[tuple]:
    return [(row["order"], int(row["tie"]), int(row["offset"]), DEVICES[row["device"]]) for row in rows]


@must_meet("looked at", "came again", "cut by offset", "cut by order", "one device")
@settings(max_examples=examples(100))
@given(steps=STEPS, since=st.integers(0, 40), until=st.integers(0, 40), before=st.integers(0, 40))
@example(steps=[([(1, 0, 0), (2, 0, 0)], 1), ([(3, 0, 0)], 0)], since=0, until=40, before=40)
@example(steps=[([(1, 0, 0), (2, 0, 1)], 0), ([(3, 0, 1)], 0)], since=2, until=40, before=2)
def test_it_holds_what_came_once_in_its_order(met, steps, since, until, before):
    history, model, first = MemoryHistory(), [], 0
    for many, back in steps:
        history.add(DEVICES, rows_of(many, first), first)
        met["came again"] += any(offset >= first for *_, offset, _ in model)
        model = [one for one in model if one[2] < first] + plain(rows_of(many, first))
        first = max(0, first + len(many) - back)
    for wanted in (DEVICES, DEVICES[1:2]):
        held = history.between(wanted, since * 3600.0, until * 3600.0, before)
        names = [(row["order"], int(row["tie"]), int(row["offset"]), wanted[row["device"]]) for row in held]
        kept = [one for one in model if one[3] in wanted and since * 3600.0 <= one[0] <= until * 3600.0]
        assert sorted(names) == sorted(one for one in kept if one[2] < before)
        assert [one[:2] for one in names] == sorted(one[:2] for one in names)
        met["looked at"] += bool(names)
        met["one device"] += bool(names) and wanted != DEVICES
        met["cut by offset"] += any(one[2] >= before for one in kept)
        met["cut by order"] += len(kept) < len([one for one in model if one[3] in wanted])


def test_what_is_too_old_to_matter_goes_and_a_day_more_than_a_week_stays():
    history = MemoryHistory()
    days = rows_of([(24 * day, 0, 0) for day in range(20)], 0)
    history.add(DEVICES, days, 0)
    held = history.between(DEVICES[:1], -np.inf, np.inf, 100)
    assert held["order"].tolist() == days["order"][-10:].tolist()
    assert held["order"][-1] - held["order"][0] == KEPT


def test_the_devices_of_an_addition_are_its_own_indices():
    history = MemoryHistory()
    history.add(("B0002", "B0001"), rows_of([(1, 0, 0), (2, 0, 1)], 0), 0)
    history.add(("B0001",), rows_of([(3, 0, 0)], 2), 2)
    assert history.between(("B0001",), 0.0, 1e9, 9)["order"].tolist() == [7200.0, 10_800.0]
    assert history.between(("B0003", "B0002"), 0.0, 1e9, 9)["device"].tolist() == [1]
    assert len(history.between((), 0.0, 1e9, 9)) == 0
