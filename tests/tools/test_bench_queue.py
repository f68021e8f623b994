"""The benchmark of the queue looks at as many rows as it says."""

from __future__ import annotations

import asyncio
import re
from datetime import date

from gateway.clock import SystemClock
from gateway.console.desk import Desk
from gateway.settings.init import write_sample
from gateway.settings.load import load
from tools.bench_queue import Anybody, rounds, store


def test_a_round_reads_every_alarm(tmp_path, monkeypatch):
    write_sample(tmp_path, "zh", date(2026, 11, 1))
    desk = Desk.of(load(tmp_path), SystemClock(), Anybody())
    desk.readings.directory.mkdir(parents=True)
    store(desk, 12)
    said = []
    monkeypatch.setattr("httpx.Response.raise_for_status", lambda answer: said.append(answer.text))
    spent = asyncio.run(rounds(desk))
    desk.books.close()
    assert len(spent) == len(said)
    assert {len(re.findall(r'<li class="row', page)) for page in said} == {12}
    assert min(spent) > 0.0
