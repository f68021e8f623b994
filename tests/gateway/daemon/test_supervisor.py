"""A task's fault is said under its name and the task begun again; it ends nothing else."""

from __future__ import annotations

import asyncio

import pytest

from gateway.daemon.supervisor import end, supervise


def test_a_fault_is_said_and_the_work_begun_again_beside_others_that_go_on():
    said, begun, turns = [], [], 0

    async def failing():
        begun.append(len(begun))
        if len(begun) < 4:
            raise ZeroDivisionError("odd")
        await asyncio.Event().wait()

    async def steady():
        nonlocal turns
        while len(begun) < 4:
            turns += 1
            await asyncio.sleep(0)

    async def run():
        async with asyncio.timeout(60), asyncio.TaskGroup() as tasks:
            one = tasks.create_task(supervise("city", failing, lambda *what: said.append(what), longest=0.01))
            await steady()
            one.cancel()

    asyncio.run(run())
    assert said == [("city", "ZeroDivisionError: odd")] * 3
    assert turns > 3


def test_work_without_a_fault_for_so_long_is_well_again():
    said = []

    async def failing_once():
        if not said:
            raise OSError("away")
        await asyncio.Event().wait()

    async def run():
        task = asyncio.create_task(
            supervise("city", failing_once, lambda *what: said.append(what), longest=0.01, well_after=0.02)
        )
        async with asyncio.timeout(60):
            while len(said) < 2:  # noqa: ASYNC110  the last of it is told by a timer
                await asyncio.sleep(0.001)
        task.cancel()
        await asyncio.wait((task,))

    asyncio.run(run())
    assert said == [("city", "OSError: away"), ("city", "")]


def test_work_that_ends_is_over_and_a_cancellation_goes_through():
    async def short():
        return

    async def cancelled():
        raise asyncio.CancelledError

    asyncio.run(supervise("short", short, lambda *_: None))
    with pytest.raises(asyncio.CancelledError):
        asyncio.run(supervise("long", cancelled, lambda *_: None))


def test_who_loses_a_request_to_end_is_asked_again():
    lost = []

    async def loses_one():
        while len(lost) < 2:
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                lost.append(True)
        await asyncio.Event().wait()

    async def story():
        tasks = [asyncio.create_task(each) for each in (loses_one(), asyncio.Event().wait())]
        await asyncio.sleep(0)
        async with asyncio.timeout(60):
            await end(tasks, told_again=0.01)
        await end([])
        return [task.cancelled() for task in tasks]

    assert asyncio.run(story()) == [True, True]
    assert len(lost) == 2
