"""Damage as an operator meets it: one plain line, one command, and the gateway goes on with what is left."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from gateway_process import eventually
from plain_terminal import POSITION, SOS, Terminal, position
from pressed_county import phone

if TYPE_CHECKING:
    from pathlib import Path

    from gateway_process import Gateway

REPORTS = 200


def _lived(gateway: Gateway) -> None:
    """It has had reports and an alarm, and was stopped."""
    moment = int(time.time()) - 2 * REPORTS
    with Terminal(gateway.county.port, phone(0)) as terminal:
        terminal.log_in()
        for second in range(REPORTS):
            terminal.ask(POSITION, position(moment + second))
        terminal.ask(POSITION, position(moment + REPORTS, alarm=SOS))
    eventually(lambda: gateway.events() and gateway.owed() == 0, "the alarm is out")
    assert gateway.stop() == 0


def _newest(gateway: Gateway) -> Path:
    return max((gateway.county.storage / "journal").glob("*.journal"))


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


@pytest.mark.parametrize("damaged", [pytest.param("the newest day", marks=pytest.mark.torture), "state.db"])
def test_one_line_one_command_and_it_goes_on(gateway: Gateway, damaged: str) -> None:
    _lived(gateway)
    path = _newest(gateway) if damaged == "the newest day" else gateway.county.storage / "state.db"
    before = gateway.events()
    _cut(path)
    refused = gateway.command("run")
    assert refused.returncode == 1
    assert path.name in refused.stderr
    assert "bracelet-gateway rebuild" in refused.stderr
    assert "Traceback" not in refused.stderr

    done = gateway.command("rebuild")
    assert done.returncode == 0, done.stderr
    assert path.name in done.stdout
    assert path.with_name(f"{path.name}.damaged-1").exists()
    gateway.start()
    with Terminal(gateway.county.port, phone(1)) as terminal:
        terminal.log_in()
        terminal.ask(POSITION, position(time.time(), alarm=SOS))
    eventually(lambda: len(gateway.events()) == len(before) + 1, "a new alarm is raised")
    assert [event["id"] for event in gateway.events()][: len(before)] == [event["id"] for event in before]
    assert gateway.tracebacks() == 0
    assert gateway.stop() == 0
    assert gateway.command("verify").returncode == 0


def test_nothing_to_rebuild_is_said_so_and_a_running_gateway_is_left_alone(gateway: Gateway) -> None:
    running = gateway.command("rebuild")
    assert running.returncode == 2
    assert "another gateway is running" in running.stderr
    assert gateway.stop() == 0
    done = gateway.command("rebuild")
    assert (done.returncode, done.stdout) == (0, "journal and state.db are sound: nothing was changed\n")


def test_verify_names_the_first_entry_that_was_changed(gateway: Gateway) -> None:
    _lived(gateway)
    whole = gateway.command("verify")
    assert whole.returncode == 0
    assert "the journal is whole" in whole.stdout
    assert "erased entries: 0" in whole.stdout
    with closing(sqlite3.connect(_newest(gateway), isolation_level=None)) as db:
        (first,) = db.execute("SELECT first FROM batch ORDER BY first LIMIT 1 OFFSET 20").fetchone()
        (body,) = db.execute("SELECT body FROM batch WHERE first = ?", (first,)).fetchone()
        db.execute("UPDATE batch SET body = ? WHERE first = ?", (body[:-1] + bytes((body[-1] ^ 1,)), first))
    changed = gateway.command("verify")
    assert changed.returncode == 1
    assert f"broken at offset {first}" in changed.stderr
    assert "Traceback" not in changed.stderr
    nowhere = gateway.command("verify", "--journal", str(gateway.county.directory / "none"))
    assert nowhere.returncode == 2
