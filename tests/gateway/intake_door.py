"""A door into intake: sessions that say what a test has them say, and what intake makes of it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from timeline import PHONES, at, county

from firmware_sim.firmware.messages import Message, read_answer
from firmware_sim.firmware.wire import Edition, FrameReader, build_frame
from gateway.intake.directory import Directory
from gateway.intake.intake import Intake
from gateway.intake.refusals import Refusals
from gateway.intake.visit import Visit
from gateway.journal.entries import EntryKind

NOW = at(0, 13)


@dataclass
class Stopped:
    """A clock that stands, and may be set."""

    time: float = NOW
    set_by: float = 0.0

    def now(self) -> float:
        return self.time

    def monotonic(self) -> float:
        return self.time - self.set_by

    def set(self, seconds: float) -> None:
        self.time += seconds
        self.set_by += seconds

    def real_seconds(self, seconds: float) -> float:
        return seconds


@dataclass
class Line:
    """What a device hears."""

    heard: list[bytes] = field(default_factory=list)
    superseded: bool = False

    def answer(self, data: bytes) -> None:
        self.heard.append(data)

    def supersede(self) -> None:
        self.superseded = True


class Door:
    """An intake of the small county, and devices that come to it."""

    def __init__(self, authentication: str = "optional", **changes: object) -> None:
        configuration = county(**changes)
        self.listener = replace(configuration.listeners[0], authentication=authentication)
        self.directory = Directory(configuration, b"secret")
        self.clock = Stopped()
        self.refusals = Refusals()
        self.intake = Intake(self.directory, self.clock, self.refusals)
        self.serial = 0

    def visit(self) -> Visit:
        session = self.intake.families["jt808"].session("g10ls")
        return Visit(Line(), session, self.listener, "203.0.113.9:4000")

    def send(self, visit: Visit, message: int, body: bytes, device: str = "B0001", phone: str = "") -> bytes:
        self.serial += 1
        raw = build_frame(message, phone or PHONES[device], self.serial, body, Edition.Y2013)
        self.intake.hear(visit, visit.session.feed(raw, self.clock.now()))
        return raw

    def code(self) -> bytes:
        """The code by which B0001 authenticates."""
        return self.directory.credential(self.directory.find("jt808", PHONES["B0001"].lstrip("0"))).encode()

    def kept(self) -> list[tuple[EntryKind, bytes]]:
        """Entries for the writer; the answers they were waiting for are released."""
        entries = []
        while len(self.intake):
            waiting = self.intake.next_batch()
            batch = waiting.entries.batch()
            entries += [(EntryKind(int(kind)), batch.bytes_of(index)) for index, kind in enumerate(batch.kind)]
            waiting.release()
        return entries


def results(visit: Visit) -> list[tuple[int, int]]:
    """(answered message, result) of the general answers heard."""
    answers = FrameReader().feed(b"".join(visit.channel.heard))
    return [read_answer(answer.body)[1:] for answer in answers if answer.message == Message.PLATFORM_ANSWER]
