"""Somebody looks at the files while no gateway runs, and the wall clock is set back before the next start."""

from __future__ import annotations

import asyncio
import time
from contextlib import closing
from dataclasses import replace

import msgspec
import numpy as np
import pytest
from timeline import HOUR, MINUTE, at, county

from gateway.clock import ScaledClock
from gateway.daemon.daemon import Daemon
from gateway.journal import FileJournal
from gateway.journal.aside import append_aside
from gateway.journal.controls import Audited, ClockStep
from gateway.journal.entries import EntryKind, merge

NOON = at(0, 12)


async def lives(configuration, begun):
    """A gateway's life, whose clock goes on from ``begun``; it is stopped once it is ready."""
    daemon, ready = Daemon(configuration, ScaledClock(begun, time.time(), 1.0)), asyncio.Event()
    running = asyncio.create_task(daemon.run(ready))
    await asyncio.wait([asyncio.create_task(ready.wait()), running], return_when=asyncio.FIRST_COMPLETED)
    daemon.stop()
    await running


def test_receive_time_goes_back_with_a_word_of_it_alone_and_nobody_is_missed_for_the_looks(tmp_path):
    given = county(listeners=(), upstreams=())
    given = replace(given, storage=replace(given.storage, directory=str(tmp_path)))
    asyncio.run(lives(given, NOON))
    append_aside(tmp_path, [Audited("where", "D01", person="P0001")], NOON + 5 * HOUR)
    asyncio.run(lives(given, NOON + 10 * MINUTE))
    with closing(FileJournal(tmp_path / "journal", read_only=True)) as journal:
        log = merge([batch for _, batch in journal.read(0)])
    (back,) = np.flatnonzero(np.diff(log.received) < 0.0) + 1
    assert log.kind[back - 1 : back + 2].tolist() == [EntryKind.AUDIT, EntryKind.CLOCK, EntryKind.START]
    step = msgspec.json.decode(log.bytes_of(back), type=ClockStep)
    assert step.old == pytest.approx(log.received[back - 2], abs=MINUTE)
    assert step.new == log.received[back] < NOON + HOUR
