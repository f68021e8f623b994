"""A small batch waits once for company, and for nothing where much or something urgent waits, or all ends."""

from __future__ import annotations

import asyncio

import pytest

from gateway.daemon.company import Company
from gateway.intake.batching import COMPANY, ENOUGH, Batching
from gateway.journal.entries import EntryKind


class Clock:
    """Stands still until it is set."""

    time = 1000.0

    def now(self):
        return self.time

    def monotonic(self):
        return self.time

    def real_seconds(self, seconds):
        return seconds / 10


@pytest.fixture
def intake():
    made = Batching(Clock())
    made.control(EntryKind.TICK, b"")
    made.next_batch()
    return made


def test_after_a_pause_nothing_waits_and_soon_after_a_batch_the_rest_of_the_time(intake):
    intake.control(EntryKind.TICK, b"")
    intake._clock.time += COMPANY / 4
    assert intake.company() == pytest.approx(COMPANY * 3 / 4 / 10)
    intake._clock.time += COMPANY
    assert intake.company() == 0.0


def test_enough_of_it_and_what_is_urgent_goes_at_once(intake):
    for _ in range(ENOUGH - 1):
        intake.control(EntryKind.TICK, b"")
    assert intake.company() > 0.0
    intake.control(EntryKind.TICK, b"")
    assert intake.company() == 0.0
    intake.next_batch()
    intake.control(EntryKind.ACT, b"{}")
    assert intake.company() == 0.0


def test_it_waits_once_even_where_the_clock_stands_still_and_is_woken_then():
    async def story():
        company, woken = Company(), asyncio.Event()
        assert company.keeps(0.001, woken.set)
        assert company.keeps(0.001, woken.set)
        await woken.wait()
        return [company.keeps(0.001, woken.set) for _ in range(2)]

    assert asyncio.run(story()) == [False, True]


def test_where_nothing_is_to_be_waited_for_any_more_nobody_is_woken_later():
    async def story():
        company, woken = Company(), []
        assert company.keeps(0.001, lambda: woken.append(1))
        assert not company.keeps(0.0, lambda: woken.append(2))
        again = asyncio.Event()
        assert company.keeps(0.002, again.set)
        await again.wait()
        return woken

    assert asyncio.run(story()) == []
