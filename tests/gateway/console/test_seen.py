"""What of the queue somebody has seen is kept, also over a restart of the console."""

from __future__ import annotations

import pytest
from desk_accounts import real_desk, run

from gateway.console.accounts.books import Books
from gateway.console.seen import KEPT, Seen

NOW = 1_793_530_800.0


@pytest.fixture
def desk(tmp_path):
    return real_desk(tmp_path / "county", NOW)


def test_what_somebody_has_seen_is_his_and_stays_after_a_restart(desk):
    async def story():
        await desk.seen.mark("D01", {"a": 2, "b": 0})
        await desk.seen.mark("D02", {"a": 1})
        again = Seen(Books(desk.books.path.parent), desk.clock)
        try:
            return [await again.of(number) for number in ("D01", "D02", "D03")]
        finally:
            again.books.close()

    assert run(desk, story()) == [{"a": 2, "b": 0}, {"a": 1}, {}]


def test_what_was_seen_later_stays_seen(desk):
    async def story():
        for revision in (3, 1, 2):
            await desk.seen.mark("D01", {"a": revision})
        return await desk.seen.of("D01")

    assert run(desk, story()) == {"a": 3}


def test_what_nobody_looks_at_any_more_is_forgotten(desk):
    async def story():
        await desk.seen.mark("D01", {"old": 1})
        desk.clock.at = NOW + KEPT + 1
        await desk.seen.mark("D02", {"new": 1})
        return await desk.seen.of("D01")

    assert run(desk, story()) == {}
