"""The night shift, told to a real daemon: frames over TCP, each at its device time, on a clock moved by hand."""

from __future__ import annotations

import dataclasses
import itertools
import json
import shutil
import struct
import uuid
from dataclasses import dataclass, field
from fcntl import LOCK_EX, flock
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Self

from gateway_process import Gateway
from plain_terminal import GENERAL_ANSWER, POSITION, STRAP_CUT, Answer, Terminal, position
from pressed_county import County
from story_county import PEOPLE, write_story
from story_lives import BEGIN, local, reports

from fencing.datum import Datum, to_wgs84
from gateway.clock import FollowedClock
from gateway.control.client import ask, granted
from gateway.control.messages import Request
from gateway.demo.broker import free_port
from gateway.journal.controls import Act, PaperAct

if TYPE_CHECKING:
    from collections.abc import Iterator

    from story_lives import Told

SPEED = 600.0
"""The daemon looks at its timers so many times as often as it would: the clock moves by hand."""
LOCATE, LOCATED = 0x8201, 0x0201
LAST = "11-27 21:50"
HANDED_OVER = "11-27 21:45"
"""When the shift before signs."""
MORNINGS = ("11-25 09:00", "11-27 09:00")
"""When what the nights before have raised is closed."""


class Bracelet(Terminal):
    """One that also obeys: what is ordered while it is answered is kept."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.orders: list[Answer] = []

    def hear(self, serial: int, message: int) -> None:
        """Wait for the answer to a message; orders that come first are kept."""
        while True:
            answer = self.receive()
            assert answer is not None, "the gateway closed the line"
            if answer.message == GENERAL_ANSWER and answer.answered == (serial, message, 0):
                return
            self.orders.append(answer)

    def obey(self, report: bytes) -> None:
        """Wait for a locate order and answer it with a place."""
        while not self.orders:
            answer = self.receive()
            assert answer is not None, "the gateway closed the line"
            self.orders.append(answer)
        order = self.orders.pop(0)
        assert order.message == LOCATE
        self.send(self.frame(LOCATED, struct.pack(">H", order.serial) + report))


def body_of(told: Told) -> bytes:
    """A position with its satellites and charge."""
    longitude, latitude = told.place
    north, east = to_wgs84([latitude], [longitude], Datum.GCJ02)
    alarm = STRAP_CUT if told.strap_open else 0
    fixed = position(told.at, alarm=alarm, latitude=float(north[0]), longitude=float(east[0]))
    return fixed + bytes((0x31, 1, told.satellites, 0x56, 2, round(told.battery / 10), told.battery))


@dataclass
class Night:
    """The daemon, its bracelets, and how far the night has been told."""

    gateway: Gateway
    clock: FollowedClock
    told: list[Told] = field(default_factory=reports)
    next: int = 0
    bracelets: dict[str, Bracelet] = field(default_factory=dict)

    @classmethod
    def begun(cls, directory: Path, more: str = "") -> Self:
        """A daemon of the county, started on 23 November. ``more``: further lines of its main file."""
        county = write_story(directory / "county", free_port(), more)
        clock = FollowedClock.begin(directory / "clock", BEGIN, SPEED)
        gateway = Gateway(county, clock=clock.name)
        gateway.start()
        return cls(gateway, clock)

    @classmethod
    def at_the_last(cls, directory: Path, kept: Path) -> Self:
        """At 21:50 of the last night; the nights before are told once, and lie in ``kept`` for whoever comes later."""
        kept.mkdir(exist_ok=True)
        with (kept / "lock").open("w") as lock:
            flock(lock, LOCK_EX)
            if not (kept / "county").exists():
                _tell_once(cls, kept)
        port = free_port()
        shutil.copytree(kept / "county", directory / "county", ignore=shutil.ignore_patterns("*.sock"))
        main = directory / "county" / "gateway.yaml"
        main.write_text(
            main.read_text("utf-8").replace(f"127.0.0.1:{(kept / 'port').read_text()}", f"127.0.0.1:{port}")
        )
        clock = FollowedClock.begin(directory / "clock", local(LAST), SPEED)
        gateway = Gateway(County(directory / "county", port, len(PEOPLE)), clock=clock.name)
        gateway.start()
        night = cls(gateway, clock)
        night.next = len(list(night._up_to(local(LAST))))
        night.connect()
        return night

    @property
    def county(self) -> County:
        """Where its files are."""
        return self.gateway.county

    def end(self) -> None:
        """Everything stops."""
        for one in self.bracelets.values():
            one.line.close()
        self.gateway.finish()

    def connect(self) -> None:
        """Every bracelet logs in."""
        for one in PEOPLE:
            self.bracelets[one.person] = Bracelet(self.county.port, one.phone)
            self.bracelets[one.person].log_in()

    def restart(self) -> None:
        """The daemon is stopped and started, so that its history is told to the last report; bracelets come back."""
        for one in self.bracelets.values():
            one.line.close()
        assert self.gateway.stop() == 0
        self.gateway.start()
        self.connect()

    def until(self, text: str) -> None:
        """Tell all that happens up to a time of the county (``"11-27 22:15"``), and stand there, all stored."""
        if not self.bracelets:
            self.connect()
        for at, reports_then in itertools.groupby(self._up_to(local(text)), key=lambda told: told.at):
            self.move(at)
            self._report(list(reports_then))
        self.move(local(text))
        self.gateway.tick()

    def move(self, at: float) -> None:
        """The clock goes on to a time."""
        self.clock._shown[0] = max(at, self.clock.now())

    def _up_to(self, end: float) -> Iterator[Told]:
        while self.next < len(self.told) and self.told[self.next].at <= end:
            self.next += 1
            yield self.told[self.next - 1]

    def _report(self, group: list[Told]) -> None:
        sent = []
        for told in group:
            bracelet = self.bracelets[told.who.person]
            sent.append((bracelet, bracelet.serial))
            bracelet.send(bracelet.frame(POSITION, body_of(told)))
        for bracelet, serial in sent:
            bracelet.hear(serial, POSITION)

    def to_the_last(self) -> None:
        """The nights before: told, and what they have raised closed in the morning. It is 21:50 of the last one."""
        for morning in MORNINGS:
            self.until(morning)
            for alarm in self.unresolved():
                self.act(alarm["alarm"], "close", "D02", outcome="unverifiable", note="无人接听，事后无法查明")
        self.until(HANDED_OVER)
        self.hand_over("D02")
        self.until(LAST)

    def hand_over(self, by: str) -> None:
        """Somebody has a hand-over made, elsewhere than at the desk, and signs it."""
        made = self._told("paper_act", by, paper=PaperAct("", "begin", 1, by, form="hand_over"))
        sign = PaperAct(made["paper"]["id"], "sign", 2, by, digest=made["digest"])
        self._told("paper_act", by, paper=sign)

    def sheet(self, identity: str) -> dict[str, Any]:
        """A sheet of the office as it is stored, as scripts get it."""
        done = self.gateway.command("sheets", "show", identity, "--json", "--by", "A01")
        assert done.returncode == 0, done.stderr
        found: dict[str, Any] = json.loads(done.stdout)["paper"]
        return found

    def _told(self, do: str, by: str, **asked: Any) -> dict[str, Any]:
        return granted(ask(self.county.storage, Request(do, by=by, **asked)))

    def act(self, alarm: str, do: str, by: str, **fields: Any) -> None:
        """What an officer does about an alarm, elsewhere than at the desk."""
        granted(ask(self.county.storage, Request("act", act=Act(uuid.uuid4().hex, do, alarm, by, **fields), by=by)))

    def located(self, person: str) -> None:
        """Somebody's bracelet is asked where it is, and answers from where they are."""
        last = next(told for told in reversed(self.told[: self.next]) if told.who.person == person)
        self.bracelets[person].obey(body_of(dataclasses.replace(last, at=self.clock.now() // 1.0)))

    def unresolved(self) -> list[dict[str, Any]]:
        """Alarms that are open, as scripts get them."""
        return self.alarms("--unresolved")

    def alarms(self, *options: str) -> list[dict[str, Any]]:
        """Alarms as they stand, as scripts get them."""
        done = self.gateway.command("alarms", "list", "--json", *options)
        assert done.returncode == 0, done.stderr
        return [json.loads(line) for line in done.stdout.splitlines()]


def _tell_once(kind: type[Night], kept: Path) -> None:
    """The nights before, up to a daemon that has stopped."""
    with TemporaryDirectory(dir=kept) as folder:
        night = kind.begun(Path(folder))
        try:
            night.to_the_last()
        finally:
            night.end()
        (kept / "port").write_text(str(night.county.port))
        (Path(folder) / "county").rename(kept / "county")
