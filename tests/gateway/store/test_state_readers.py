"""Pages that are loaded again and again beside the gateway: state.db's -wal stays small, for nobody holds it open.

Counted in pages of what is written, not in time.
"""

from __future__ import annotations

from contextlib import ExitStack, closing
from typing import TYPE_CHECKING

import pytest
from timeline import at

from gateway.engine.presence import Interval, Presence
from gateway.store.state_db import Beside, StateStore

if TYPE_CHECKING:
    from pathlib import Path

READERS, COMMITS = 10, 200
ALLOWED = 8 << 20
"""Bytes: an eighth of what the gateway is allowed, so that the test need not write all that."""


def intervals(number: int) -> list[Interval]:
    """Some ten kilobytes, each time other rows."""
    zone = f"{number}" * 40
    return [
        Interval((f"P{one:04d}", f"rule{number}/3", zone), at(0, 22), at(1, 8), Presence.HOME, (number, 1, 0.0))
        for one in range(200)
    ]


def wal_of(path: Path) -> int:
    return path.with_name(path.name + "-wal").stat().st_size


def look(store: StateStore) -> None:
    """What a page asks for."""
    store.episodes(unresolved=True)
    store.commands(pending=False)
    store.presence("P0001", at(0, 0), at(2, 0))


def written(path: Path, *, is_held: bool) -> tuple[int, int]:
    """The widest -wal while ten readers load after each commit, and all that was written."""
    widest = 0
    with closing(StateStore(path)) as store, ExitStack() as readers:
        store.commit([], [], 0, Beside(presence=intervals(0)))
        if is_held:
            held = readers.enter_context(closing(StateStore(path, read_only=True)))
            held._db.execute("BEGIN").execute("SELECT count(*) FROM presence").fetchone()
        for number in range(1, COMMITS):
            store.commit([], [], number, Beside(presence=intervals(number)))
            for _ in range(READERS):
                with closing(StateStore(path, read_only=True)) as reader:
                    look(reader)
            widest = max(widest, wal_of(path))
        return widest, path.stat().st_size


@pytest.mark.parametrize(
    "is_held",
    [
        pytest.param(False, id="each question by itself"),
        pytest.param(True, id="one holds what it reads", marks=pytest.mark.torture),
    ],
)
def test_the_wal_stays_small_while_ten_readers_load(tmp_path, is_held):
    widest, whole = written(tmp_path / "state.db", is_held=is_held)
    if is_held:
        assert widest > ALLOWED, "what the test is there to see"
    else:
        assert widest < ALLOWED
        assert whole > 0.75 * ALLOWED, "enough was written to see it"
