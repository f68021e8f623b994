"""Starts a load and ends it: by itself, or early on a signal, with the figures so far."""

from __future__ import annotations

import asyncio
import signal
from typing import TYPE_CHECKING

from firmware_sim.load import machine
from firmware_sim.load.engine import Load

if TYPE_CHECKING:
    from collections.abc import Callable

    from firmware_sim.load.options import Options
    from firmware_sim.load.result import Result


def perform(options: Options) -> Result:
    """As :func:`run`, on a loop of its own, uvloop's where it is installed; SIGINT and SIGTERM end it in order."""
    with asyncio.Runner(loop_factory=_loop_factory()) as runner:
        return runner.run(_until_signal(options))


async def run(options: Options, stop: asyncio.Event) -> Result:
    """Open the connections, send the planned reports, wait for the answers; ends by itself, or early on ``stop``.

    Returns:
        The figures, after a stop those so far.

    Raises:
        LoadFault: the host is not this machine, or it has not enough ports or descriptors.
    """
    load = Load(options)
    machine.provide_descriptors(options.connections)
    work, halt = asyncio.ensure_future(load.work()), asyncio.ensure_future(stop.wait())
    try:
        await asyncio.wait((work, halt), return_when=asyncio.FIRST_COMPLETED)
        if work.done():
            work.result()  # raises what went wrong
        return load.result(stopped=not work.done())
    finally:
        for task in (work, halt):
            task.cancel()
        await asyncio.gather(work, halt, return_exceptions=True)
        load.close()


async def _until_signal(options: Options) -> Result:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    return await run(options, stop)


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    try:
        import uvloop  # noqa: PLC0415  it does not install everywhere
    except ImportError:
        return None
    return uvloop.new_event_loop
