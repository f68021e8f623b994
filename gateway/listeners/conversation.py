"""One session and its limits, whatever carries it: the part that TCP, UDP, MQTT and serial have in common."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

from gateway.intake.seats import NOBODY
from gateway.intake.visit import Visit
from gateway.listeners.pacing import Pacer
from gateway.listeners.rate import Rate
from gateway.settings.model import AUTO
from protocols.detect import Detecting
from protocols.session import Frame, Login, Refused

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from gateway.listeners.listening import Listening
    from gateway.settings.model import Listener
    from protocols.session import Event, Family, WireSession


def open_session(listener: Listener, families: Mapping[str, Family], identity: str) -> WireSession:
    """A fresh session of what the listener's wire speaks; ``identity``: whose, where the transport knows."""
    strict = listener.checksum == "strict"
    if listener.protocol == AUTO:
        return Detecting(families, strict_checksum=strict)
    family = families[listener.protocol]
    return family.session(listener.profile, strict_checksum=strict, identity=identity)


class Conversation(ABC):
    """Implements :class:`gateway.intake.intake.Channel`; a transport adds how to write and how to end.

    Args:
        owner: the listener it belongs to.
        source: who is counted together (an address).
        peer: for the journal and the refusals.
        identity: who speaks, where the transport knows before any frame; else the listener may know.
    """

    def __init__(self, owner: Listening, source: str, peer: str, identity: str = "") -> None:
        loop = asyncio.get_running_loop()
        listener = owner.listener
        self.owner = owner
        self.source = source
        self.session = open_session(listener, owner.intake.families, identity or listener.identity)
        self.began = loop.time()
        self.seats = owner.intake.turns.seats
        self.visit = Visit(
            self, self.session, listener, peer,
            row=self.seats.take(self.began), connection=owner.intake.next_connection(),
        )  # fmt: skip
        self.is_stranger = True
        self._clock = loop.time
        self.rate = Rate.of(listener.limits)
        self._max_frame = listener.limits.max_frame
        self._pacer: Pacer | None = None
        self.is_paced = False
        """Whether orders are on their way, from which answers are kept apart."""

    @abstractmethod
    def write(self, data: bytes) -> None:
        """One write; one that is gone swallows it."""

    @abstractmethod
    def close(self) -> None:
        """End it; more than once does no harm."""

    def feed(self, data: bytes, *, whole: bool = False) -> float:
        """Bytes into the session, its events into intake.

        Args:
            data: what was read.
            whole: it is a datagram or message by itself.

        Returns:
            Seconds for which no more is to be read: above the rate.
        """
        owner = self.owner
        now = self.seats.heard[self.visit.row] = self._clock()
        try:
            events = self.session.feed(data, owner.intake.now())
            if whole:
                events += self.session.end_datagram(owner.intake.now())
            frames = self._judge(events)
            owner.intake.hear(self.visit, events)
        except Exception as fault:  # noqa: BLE001  whatever it is, it is a bug of ours and ends this conversation alone
            self._broken(data, fault)
            return 0.0
        if self.is_stranger and self.visit.origins:
            self.is_stranger = False
            owner.strangers.pop(self, None)
        self.note_waiting()
        owner.after_read()
        if not frames:
            self.without_frame()
        row = self.visit.row
        self.seats.paid[row] = paid = self.rate.charge(float(self.seats.paid[row]), frames, len(data), now)
        return float(self.rate.wait(paid, now))

    def note_waiting(self) -> None:
        """Whether something may be due by time alone; else the sweep passes by."""
        self.seats.is_waiting[self.visit.row] = self.is_stranger or self.session.is_waiting

    def _judge(self, events: list[Event]) -> int:
        """Replace events that are not let through by refusals; returns the number of frames."""
        frames = 0
        for index, event in enumerate(events):
            frame = event if isinstance(event, Frame) else event.frame if isinstance(event, Login) else None
            if frame is not None:
                frames += 1
                if len(frame.raw) > self._max_frame:
                    events[index] = Refused("frame_too_long", frame.raw)
                elif (unfit := self.objection(frame)) is not None:
                    events[index] = unfit
        return frames

    def objection(self, frame: Frame) -> Refused | None:
        """What speaks against a frame here; a transport may know more than the frame says."""
        del frame
        return None

    def without_frame(self) -> None:  # noqa: B027  a cable has no budget
        """A read brought no frame."""

    def tick(self, now: float) -> None:
        """What is due by time alone: in the session, and the end of a silence that is too long."""
        if now - self.seats.heard[self.visit.row] > self.owner.listener.idle_seconds:
            self.owner.intake.counts["connection_idle"] += 1
            self.close()
            return
        try:
            events = self.session.tick(self.owner.intake.now())
            if events:
                self._judge(events)
                self.owner.intake.hear(self.visit, events)
                self.owner.wake()
            self.note_waiting()
        except Exception as fault:  # noqa: BLE001  as in take
            self._broken(b"", fault)

    def answer(self, data: bytes) -> None:
        """One answer, one write: some terminals read one frame a segment."""
        if self._pacer is None:
            self._write_answer(data)
        else:
            self._pacer.answer(data)
            if self._pacer.is_idle:
                self._pacer, self.is_paced = None, False

    def send(self, segments: Iterable[bytes]) -> None:
        """Frames of our own accord: one write each, apart from each other and from answers, asked for at its time."""
        if self._pacer is None:
            loop = asyncio.get_running_loop()
            self._pacer, self.is_paced = Pacer(self.write, self._write_answer, loop.time, loop.call_later), True
        if not self._pacer.send(segments):
            self.owner.intake.counts["segment_dropped"] += 1

    def stop_pacing(self) -> None:
        """Orders on their way are given up; answers that were held back for them go out."""
        pacer, self._pacer, self.is_paced = self._pacer, None, False
        for answer in pacer.close() if pacer is not None else ():
            self._write_answer(answer)

    def _write_answer(self, data: bytes) -> None:
        self.write(self.visit.number(data))

    def supersede(self) -> None:
        """The same device has come anew."""
        self.close()

    def end(self) -> None:
        """It is over: nothing more is written, the session's devices are gone. Once."""
        self.stop_pacing()
        if self.owner.leave(self):
            self.owner.intake.leave(self.visit)
            self.owner.wake()
            row, self.visit.row = self.visit.row, NOBODY
            self.seats.drop(row)

    def _broken(self, data: bytes, fault: Exception) -> None:
        self.owner.session_failed(self.visit, data, fault)
        self.close()
