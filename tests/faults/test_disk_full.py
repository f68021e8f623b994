"""On a disk that is really full, or read-only: nobody is answered for what is not on it, and all goes on by itself."""

from __future__ import annotations

import shutil
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from gateway_process import Gateway, eventually
from plain_terminal import POSITION, SOS, Terminal, position
from pressed_county import County, phone, write_county
from programs import begun, ran
from small_disk import SmallDisk, small_disk

from gateway.demo.broker import free_port
from gateway.journal import FileJournal, verify

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MOST = 400
"""Reports until the log has used up what room it had."""
FULL = "the disk is full ("
ROOM = "Make room (old backups, other programs' files) or take a larger disk; it goes on by itself"


class CountyElsewhere(County):
    """One whose storage lies on a disk that only those inside see."""

    disk: SmallDisk

    @property
    def storage(self) -> Path:
        return self.disk.path


@dataclass
class Inside(Gateway):
    """A daemon that lives on a small disk."""

    disk: SmallDisk | None = None

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = begun(self.command_line, log, log, inside=self.disk.inside)
        eventually(self._serves, "gateway serves")

    def refused_to_start(self) -> str:
        done = ran(self.command_line, inside=self.disk.inside)
        assert (done.returncode, done.stderr.count("Traceback")) == (1, 0), done.stderr
        return done.stderr.splitlines()[-1]

    def taken_out(self, where: Path) -> Path:
        """A copy of the storage directory, where others can read it."""
        return shutil.copytree(self.disk.path, where, ignore=shutil.ignore_patterns("*.sock", "ballast"))


@pytest.fixture
def gateway(tmp_path: Path) -> Iterator[Inside]:
    plain = write_county(tmp_path / "county", free_port(), 3)
    county = CountyElsewhere(plain.directory, plain.port, plain.devices)
    disk = small_disk(plain.storage, "6m")
    object.__setattr__(county, "disk", disk)
    one = Inside(county, disk=disk)
    one.start()
    yield one
    one.finish()
    disk.end()


def unanswered(terminal: Terminal, moment: int) -> int:
    """Report until one is not answered; how many were, and what was answered is on the disk."""
    for second in range(MOST):
        number = terminal.serial
        terminal.send(terminal.frame(POSITION, position(moment + second)))
        try:
            answer = terminal.receive(1.0)
        except TimeoutError:
            return second
        assert answer.answered == (number, POSITION, 0)
    raise AssertionError("the disk does not fill")


def test_nobody_is_answered_until_there_is_room_and_a_start_says_why_there_is_none(
    gateway: Inside, tmp_path: Path
) -> None:
    moment = int(time.time()) - MOST
    with Terminal(gateway.county.port, phone(0)) as terminal:
        terminal.log_in()
        terminal.ask(POSITION, position(moment - 1, alarm=SOS))
        eventually(lambda: gateway.status()["owed"] == {"city": 0} and gateway.status()["outcomes"], "the alarm is out")
        gateway.disk.fill()
        answered = unanswered(terminal, moment)
        eventually(lambda: not gateway.status()["healthy"], "health is red")
        status = gateway.status()
        assert FULL in status["store"]["en"]
        assert ROOM in status["troubles"]["journal"]["en"]
        assert gateway.tracebacks() == 0
        assert "磁盘已满" in status["store"]["zh"]
        assert status["not_ready"] == ["store journal"]
        gateway.disk.make_room()
        terminal.expect(POSITION, terminal.serial - 1)
        terminal.ask(POSITION, position(moment + MOST))
    eventually(lambda: gateway.status()["healthy"], "health is well again")
    assert gateway.stop() == 0
    wanted = [("B0000", moment + second) for second in [*range(-1, answered + 1), MOST]]
    gateway.disk.fill()
    assert FULL in gateway.refused_to_start()
    gateway.disk.mount("ro")
    assert "the file system is read-only (" in gateway.refused_to_start()
    gateway.disk.mount("rw")
    gateway.disk.make_room()
    gateway.start()
    assert gateway.stop() == 0
    copy = gateway.taken_out(tmp_path / "copy")
    assert verify(FileJournal(copy / "journal", read_only=True)).gaps == 0
    object.__setattr__(gateway, "county", County(tmp_path, 0, 3))
    copy.rename(gateway.county.storage)
    assert [each for each in gateway.journaled() if each[0] == "B0000"] == wanted
    assert {event["data"]["kind"] for event in gateway.events()} == {"sos"}
