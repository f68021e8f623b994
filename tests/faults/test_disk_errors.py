"""A disk that fails under a running gateway, in each way: nobody is answered for what is not on it, and all goes on."""

from __future__ import annotations

import subprocess
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from failing import Failing
from failing_library import library
from gateway_process import Gateway, eventually
from plain_terminal import POSITION, SOS, Terminal, position
from pressed_county import phone, write_county

from gateway.demo.broker import free_port
from gateway.journal import FileJournal, verify

if TYPE_CHECKING:
    from pathlib import Path

SENT = 3


@dataclass
class Preloaded(Gateway):
    """A daemon whose files may fail: really started, for a copy has loaded its libraries before."""

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(self.command_line, stdout=log, stderr=log, env=self.environment)
        eventually(self._serves, "gateway serves")


@pytest.mark.torture
@pytest.mark.parametrize(
    ("kind", "said"),
    [("full", "the disk is full ("), ("quota", "the disk fails to read or write ("),
     ("read-only", "the disk fails to read or write ("), ("i/o", "the disk fails to read or write (")],
)  # fmt: skip
def test_what_the_disk_refuses_is_not_answered_and_then_it_is_once(tmp_path: Path, kind: str, said: str) -> None:
    failing, county = Failing(tmp_path / "page"), write_county(tmp_path / "county", free_port(), 3)
    gateway = Preloaded(county, environment=failing.environment(library(tmp_path)))
    gateway.start()
    moment = int(time.time()) - 60
    try:
        with Terminal(county.port, phone(0)) as terminal:
            terminal.log_in()
            terminal.ask(POSITION, position(moment))
            failing.begin(kind, county.storage / "journal")
            first = terminal.serial
            for second in range(1, SENT + 1):
                terminal.send(terminal.frame(POSITION, position(moment + second, alarm=SOS)))
            eventually(lambda: gateway.status()["not_ready"] == ["store journal"], "it says that it is not ready")
            assert said in gateway.status()["store"]["en"]
            with pytest.raises(TimeoutError):
                terminal.receive(1.0)
            assert failing.end() > 0
            for second in range(SENT):
                terminal.expect(POSITION, first + second)
        eventually(lambda: gateway.status()["healthy"] and gateway.owed() == 0, "all is well again")
        assert gateway.tracebacks() == 0
        assert gateway.stop() == 0
        reports = [each for each in gateway.journaled() if each[0] == "B0000"]
        assert reports == [("B0000", moment + second) for second in range(SENT + 1)]
        assert {event["data"]["kind"] for event in gateway.events()} == {"sos"}
        assert verify(FileJournal(county.storage / "journal", read_only=True)).gaps == 0
    finally:
        gateway.finish()
