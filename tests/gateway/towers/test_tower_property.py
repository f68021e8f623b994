"""Whatever rows come in whatever files: what can be looked up is what a plain reckoning says."""

from __future__ import annotations

import tempfile
from pathlib import Path
from unittest.mock import patch

from effort import examples
from hypothesis import example, given, settings
from hypothesis import strategies as st
from met import must_meet
from tower_files import imported, places, row, written

from gateway.errors import UserFault
from gateway.towers import build, importing

CELLS = (1, 2, 3)
PLACES = {"24.33": 0, "24.34": 0, "39.9": 1}
"""Latitudes; those of one number are near each other."""
ROWS = st.tuples(st.sampled_from(CELLS), st.sampled_from(sorted(PLACES)), st.integers(1, 3), st.integers(1, 2))
FILES = st.lists(st.lists(ROWS, min_size=1, max_size=8), min_size=1, max_size=3, unique_by=tuple)


def reckoned(files):
    """Of each cell the latitude; None: disputed by the file it is of."""
    stored = {}
    for rows in files:
        for cell in CELLS:
            mine = [each[1:] for each in rows if each[0] == cell]
            if not mine:
                continue
            (held, *others), disputed = mine, False
            for there in others:
                disputed |= PLACES[there[0]] != PLACES[held[0]]
                held = there if there[1:] > held[1:] else held
            if cell not in stored or held[1:] > stored[cell][0][1:]:
                stored[cell] = held, disputed
    return {cell: None if disputed else float(held[0]) for cell, (held, disputed) in stored.items()}


@must_meet("disputed", "an overlay", "a base anew", "a file without any use")
@settings(max_examples=examples(60))
@given(files=FILES, at_once=st.sampled_from([1, 3]), fold=st.sampled_from([0, 10_000]))
@example(files=[[(1, "24.33", 1, 1), (1, "39.9", 2, 1)], [(2, "24.33", 1, 1)]], at_once=1, fold=10_000)
@example(files=[[(1, "24.33", 1, 1)], [(1, "39.9", 2, 1)]], at_once=1, fold=0)
def test_what_is_looked_up_is_what_the_rows_say(files, at_once, fold, met):
    with (
        tempfile.TemporaryDirectory() as folder, patch.object(importing, "AT_ONCE", at_once),
        patch.object(build, "FOLD_ROWS", fold), patch.object(build, "AT_ONCE", at_once),
    ):  # fmt: skip
        storage, is_there = Path(folder) / "storage", False
        for number, rows in enumerate(files):
            lines = [row(cell, lat=lat, updated=at, samples=samples) for cell, lat, at, samples in rows]
            try:
                imported(storage, written(Path(folder) / f"{number}.csv", *lines))
                is_there = True
            except UserFault:
                met["a file without any use"] += 1
                continue
        wanted = reckoned(files)
        met["disputed"] += None in wanted.values()
        met["an overlay" if fold else "a base anew"] += len(files) > 1
        if is_there:
            imported(storage, written(Path(folder) / "last.csv", row(9)))
            found = [place and place[0] for place in places(storage, *CELLS)]
            assert found == [wanted.get(cell) for cell in CELLS]
