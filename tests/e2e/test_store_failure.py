"""While the store fails nothing is acknowledged and health is red; afterwards nothing is lost or doubled."""

from __future__ import annotations

import json
import re
import sqlite3
import time
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from gateway_process import eventually, locked
from plain_terminal import POSITION, SOS, Terminal, position
from pressed_county import phone

if TYPE_CHECKING:
    from gateway_process import Gateway

SENT = 5


def test_nothing_is_acknowledged_while_the_journal_is_locked(gateway: Gateway) -> None:
    moment = int(time.time()) - 60
    with Terminal(gateway.county.port, phone(0)) as terminal:
        terminal.log_in()
        terminal.ask(POSITION, position(moment))
        first = terminal.serial
        with closing(locked(gateway)):
            for second in range(1, SENT + 1):
                terminal.send(terminal.frame(POSITION, position(moment + second, alarm=SOS)))
            eventually(lambda: not gateway.status()["healthy"], "health is red")
            assert "another program holds the file (database is locked)" in gateway.status()["store"]["en"]
            with pytest.raises(TimeoutError):
                terminal.receive(1.0)
            table = gateway.command("status").stdout
            assert re.search(r"^healthy\s+no$", table, re.MULTILINE)
        for second in range(SENT):
            terminal.expect(POSITION, first + second)
        terminal.ask(POSITION, position(moment + SENT + 1))
    assert gateway.status()["healthy"]
    assert [report for report in gateway.journaled() if report[0] == "B0000"] == [
        ("B0000", moment + second) for second in range(SENT + 2)
    ]
    eventually(lambda: gateway.events() and gateway.owed() == 0, "the alarm is out")
    lines = (gateway.county.directory / "alarms.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(line)["data"]["kind"] for line in lines] == ["sos"]
    assert gateway.tracebacks() == 0


def test_killed_while_the_store_fails_the_terminal_still_holds_its_reports(gateway: Gateway) -> None:
    moment = int(time.time()) - 60
    with Terminal(gateway.county.port, phone(1)) as terminal:
        terminal.log_in()
        terminal.ask(POSITION, position(moment))
        with closing(locked(gateway)):
            terminal.send(terminal.frame(POSITION, position(moment + 1)))
            with pytest.raises(TimeoutError):
                terminal.receive(1.0)
            gateway.kill()
        assert terminal.receive() is None
    gateway.start()
    assert ("B0001", moment + 1) not in gateway.journaled()
    with Terminal(gateway.county.port, phone(1)) as terminal:
        terminal.log_in()
        terminal.ask(POSITION, position(moment + 1))
    assert gateway.journaled().count(("B0001", moment + 1)) == 1


def test_an_outcome_waits_until_state_db_can_be_written(gateway: Gateway) -> None:
    """The report is durable and acknowledged; its alarm follows once state.db is free."""
    with (
        Terminal(gateway.county.port, phone(2)) as terminal,
        closing(sqlite3.connect(gateway.county.storage / "state.db", isolation_level=None, timeout=20)) as holder,
    ):
        terminal.log_in()
        holder.execute("BEGIN IMMEDIATE")
        terminal.ask(POSITION, position(time.time(), alarm=SOS))
        eventually(lambda: "state.db cannot store" in gateway.status()["store"].get("en", ""), "health is red")
        assert not gateway.status()["healthy"]
        holder.execute("ROLLBACK")
        eventually(lambda: gateway.status()["healthy"], "health is well again")
    eventually(lambda: len(gateway.events()) == 1, "the alarm is stored once")
    assert gateway.tracebacks() == 0
