"""Beside long work in a thread the loop gets the lock soon, and no memory is collected; then all is as before."""

from __future__ import annotations

import asyncio
import gc
import sys
from threading import Event

import pytest

from gateway.daemon.beside import MOMENT, beside


def now():
    return pytest.approx(sys.getswitchinterval()), gc.isenabled()


@pytest.fixture(autouse=True)
def _as_before():
    interval = sys.getswitchinterval()
    gc.enable()
    yield
    sys.setswitchinterval(interval)
    gc.enable()
    gc.unfreeze()


def test_the_loop_gets_the_lock_soon_until_the_last_work_is_over():
    before, gone = now(), Event()

    async def two():
        slow = asyncio.ensure_future(beside(gone.wait))
        await beside(int)
        during = now()
        gone.set()
        assert await slow
        return during

    assert asyncio.run(two()) == (pytest.approx(MOMENT), False)
    assert now() == before


def test_work_that_fails_leaves_all_as_it_was():
    before = now()
    with pytest.raises(ValueError, match="invalid literal"):
        asyncio.run(beside(int, "x"))
    assert now() == before


def test_what_came_to_be_is_not_gone_through_again():
    gc.unfreeze()
    made = asyncio.run(beside(lambda: [[one] for one in range(5000)]))
    assert gc.get_freeze_count() >= len(made)


def test_collections_that_were_off_stay_off():
    gc.disable()
    asyncio.run(beside(int))
    assert not gc.isenabled()
