"""Entries that are made without a daemon: under its lock, durable, and never before the journal's end."""

from __future__ import annotations

import fcntl

import numpy as np
import pytest

from gateway.errors import TransientFault
from gateway.journal import FileJournal, aside, verify
from gateway.journal.aside import LOCK, append_aside
from gateway.journal.controls import Audited

LOOK = Audited("track", "D01", door="files", person="P0001")


def received(storage) -> list[float]:
    journal = FileJournal(storage / "journal", read_only=True)
    return np.concatenate([batch.received for _, batch in journal.read(0)]).tolist()


def test_receive_time_goes_on_where_the_clock_stands_before_the_journals_end(tmp_path):
    for now in (1000.0, 400.0, 1001.0):
        append_aside(tmp_path, [LOOK], now)
    assert received(tmp_path) == [1000.0, 1000.0, 1001.0]
    assert verify(FileJournal(tmp_path / "journal", read_only=True)).entries == 3


def test_beside_a_daemon_nothing_is_written_and_so_nothing_may_be_shown(tmp_path, monkeypatch):
    append_aside(tmp_path, [LOOK], 1000.0)
    monkeypatch.setattr(aside, "PATIENCE", 0.0)
    with (tmp_path / LOCK).open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(TransientFault):
            append_aside(tmp_path, [LOOK], 1001.0)
    assert received(tmp_path) == [1000.0]
