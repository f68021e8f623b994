"""Intake and dispatcher of the small county, a made-up wire, and commits made by hand."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import msgspec
from timeline import PHONES, authority, county
from wires import QUICK, WrittenLine

from gateway.commands.dispatch import Dispatcher
from gateway.engine.records import Command, CommandRecord, End, Ended
from gateway.in_force import InForce
from gateway.intake.directory import Directory
from gateway.intake.intake import Intake
from gateway.intake.refusals import Refusals
from gateway.intake.visit import Visit
from gateway.journal.entries import EntryKind
from protocols.session import Decision, Frame, Login, Step

if TYPE_CHECKING:
    from protocols.order import Order, Reply, Sending

NOON = authority("P0001").start + 86400.0


@dataclass
class Clock:
    time: float = NOON
    set_by: float = 0.0

    def now(self) -> float:
        return self.time + self.set_by

    def monotonic(self) -> float:
        return self.time

    def real_seconds(self, seconds: float) -> float:
        return seconds


@dataclass(eq=False)
class MadeUpSession:
    """Speaks a made-up wire; what it sends is seen in the order in which it leaves."""

    name: str
    wire: WrittenLine = field(init=False)
    protocol: str = "jt808"

    def __post_init__(self) -> None:
        self.wire = WrittenLine(self.name)

    def order(self, identity: str, order: Order) -> Sending:
        assert identity in {phone.lstrip("0") for phone in PHONES.values()}
        return self.wire.order(order)

    def decide(self, login: Login, decision: Decision, credential: str) -> bytes:
        del login, credential
        return f"login {decision.value}".encode()


@dataclass
class MadeUpChannel:
    heard: list[str] = field(default_factory=list)

    def answer(self, data: bytes) -> None:
        self.heard.append(data.decode())

    def send(self, segments: tuple[bytes, ...]) -> None:
        self.heard.extend(segment.decode() for segment in segments)

    def supersede(self) -> None:
        self.heard.append("closed")


class Room:
    """Intake and dispatcher of the small county."""

    def __init__(self, **changes: object) -> None:
        self.configuration = county(**changes)
        self.clock = Clock()
        self.intake = Intake(Directory(self.configuration, b"secret"), self.clock, Refusals())
        self.woken = 0
        self.dispatcher = Dispatcher(InForce(self.configuration), self.intake, QUICK, self._wake)
        self.intake.correspondent = self.dispatcher
        self.ends: list[Ended] = []
        self.kinds: list[EntryKind] = []

    def _wake(self) -> None:
        self.woken += 1

    def visit(self, name: str = "s", authentication: str = "optional") -> Visit:
        listener = replace(self.configuration.listeners[0], authentication=authentication)
        return Visit(MadeUpChannel(), MadeUpSession(name), listener, "203.0.113.9:4000")

    def frame(self, *replies: Reply, device: str = "B0001") -> Frame:
        return Frame(b"frame", PHONES[device].lstrip("0"), 2, (), b"answer", replies=replies)

    def say(self, visit: Visit, *replies: Reply, device: str = "B0001") -> None:
        self.intake.hear(visit, [self.frame(*replies, device=device)])

    def log_in(self, visit: Visit, step: Step, device: str = "B0001", credential: str = "") -> None:
        known = self.intake.directory.find("jt808", PHONES[device].lstrip("0"))
        credential = credential or self.intake.directory.credential(known)
        self.intake.hear(visit, [Login(step, credential, self.frame(device=device))])

    def commit(self) -> None:
        """The writer takes what waits; what hangs on it goes out."""
        while self.intake.is_waiting:
            waiting = self.intake.next_batch()
            batch = waiting.entries.batch()
            for index, kind in enumerate(batch.kind):
                self.kinds.append(EntryKind(int(kind)))
                if kind == EntryKind.RESULT:
                    self.ends.append(msgspec.json.decode(batch.bytes_of(index), type=Ended))
            waiting.release()

    def give(self, identity: str, kind: str = "text", device: str = "B0001") -> None:
        command = Command(identity, device, kind, "officer 7", self.clock.time + 900.0, {"n": identity})
        self.dispatcher.give([CommandRecord(command, self.clock.time, 0)])

    def wait(self, seconds: float) -> None:
        self.clock.time += seconds
        self.dispatcher.tick()

    @property
    def ended(self) -> list[tuple[str, End]]:
        return [(one.command, one.end) for one in self.ends]
