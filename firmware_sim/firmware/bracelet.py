r"""The bracelet's link to the platform, sans-I/O: time and bytes in, frames out.

    OFFLINE --connected--> REGISTERING --8100 ok--> AUTHENTICATING --8001 ok--> ONLINE
                 \__________ (has a code) ____________/     |  8001 refused: the code is forgotten, next time 0100

A report leaves the store only when the 8001 with result 0 that answers it has arrived. What was not answered is sent
again byte for byte after T, 2T and 6T (the standard's chapter on repeats), then the connection is given up. After a
reconnection what is stored goes first, oldest first, as 0704 of up to 15, one at a time; live reports follow.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Protocol

from firmware_sim.firmware.messages import (
    DONE,
    NOT_SUPPORTED,
    Message,
    answer_body,
    authenticate_body,
    batch_body,
    read_answer,
    read_register_answer,
    register_body,
)
from firmware_sim.firmware.repeats import UnderWay
from firmware_sim.firmware.store import ReportStore, SendQueue
from firmware_sim.firmware.wire import Edition, FrameFault, FrameReader, Received, build_frame

if TYPE_CHECKING:
    from collections.abc import Callable

    from firmware_sim.firmware.repeats import Sent

WINDOW = 32
"""Live reports under way at once."""


class ReportSource(Protocol):
    """What makes the reports: a 0200 body at each of its moments."""

    def due(self) -> float:
        """Moment of the next report, ``inf`` when there will be none."""
        ...

    def make(self) -> bytes:
        """The report of that moment; goes on to the next."""
        ...


class Link(Enum):
    """State of the connection."""

    OFFLINE = "offline"
    REGISTERING = "registering"
    AUTHENTICATING = "authenticating"
    ONLINE = "online"


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the bracelet is on the wire. ``phone`` is digits without leading zeros."""

    phone: str
    terminal: str
    edition: Edition


@dataclass(frozen=True, slots=True)
class Timing:
    """Simulated seconds: T of the repeats, and the pause between heartbeats."""

    answer_timeout: float = 30.0
    heartbeat: float = 600.0


class Bracelet:
    """One bracelet. All moments are simulated UTC epoch seconds and never decrease.

    Attributes:
        store: what the platform has not acknowledged.
        sent: reports written to the link, repeats included.
        acknowledged: reports that the platform took.
        connects: logins that succeeded.
        refused: logins that were refused, and answers other than 0 to reports.
    """

    def __init__(self, identity: Identity, source: ReportSource, timing: Timing, capacity: int = 5000) -> None:
        self.identity = identity
        self.store = ReportStore(capacity)
        self.sent = self.acknowledged = self.connects = self.refused = 0
        self.link = Link.OFFLINE
        self._source: ReportSource | None = source
        self._timing = timing
        self._code = b""
        self._serial = 0
        self._reader = FrameReader()
        self._under_way = UnderWay(timing.answer_timeout)
        self._queue = SendQueue(self.store)
        self._turned_away = False
        self._heartbeat_at = math.inf

    @property
    def wants_close(self) -> bool:
        """The link is to be closed: the login was refused, or silence outlasted the repeats."""
        return self._turned_away or self._under_way.exhausted

    def due(self) -> float:
        """Moment at which ``tick`` has something to do."""
        report = math.inf if self._source is None else self._source.due()
        return min(report, self._under_way.due(), self._heartbeat_at)

    def tick(self, now: float) -> list[bytes]:
        """Make the reports that are due; returns the frames to send now."""
        while self._source is not None and self._source.due() <= now:
            number = self.store.add(self._source.make())
            if self.link is Link.ONLINE:
                self._queue.append(number)
        return self._repeats(now) + self._pump(now) + self._heartbeats(now)

    def retire(self) -> None:
        """Make no more reports; what is stored is still delivered."""
        self._source = None

    def connected(self, now: float) -> list[bytes]:
        """The connection stands: log in."""
        self._reader = FrameReader()
        self._turned_away = False
        if self._code:
            self.link = Link.AUTHENTICATING
            return [self._authenticate(now)]
        self.link = Link.REGISTERING
        body = register_body(self.identity.terminal, self.identity.edition)
        return [self._send(Message.REGISTER, body, now)]

    def disconnected(self) -> None:
        """The connection is gone; everything not acknowledged is to be sent again."""
        self.link = Link.OFFLINE
        self._under_way.clear()
        self._queue.clear()
        self._heartbeat_at = math.inf

    def receive(self, data: bytes, now: float) -> list[bytes]:
        """Take what the platform sent, in any split; returns the frames to send in turn."""
        frames: list[bytes] = []
        for received in self._reader.feed(data):
            handler = _HANDLERS.get(received.message, Bracelet._decline)
            try:
                frames += handler(self, received, now)
            except FrameFault:
                self.refused += 1
        return frames + self._pump(now)

    def log_out(self, now: float) -> list[bytes]:
        """The last frame of an orderly end."""
        return [self._send(Message.LOG_OUT, b"", now)] if self.link is Link.ONLINE else []

    def _send(self, message: Message, body: bytes, now: float, reports: tuple[int, ...] = ()) -> bytes:
        frame = build_frame(message, self.identity.phone, self._serial, body, self.identity.edition)
        if message is not Message.TERMINAL_ANSWER:
            self._under_way.add(self._serial, frame, message, now, reports)
        self._serial = (self._serial + 1) & 0xFFFF
        self.sent += len(reports)
        if self.identity.edition is Edition.Y2013 and self.link is Link.ONLINE:
            self._heartbeat_at = now + self._timing.heartbeat
        return frame

    def _authenticate(self, now: float) -> bytes:
        body = authenticate_body(self._code, self.identity.phone, self.identity.edition)
        return self._send(Message.AUTHENTICATE, body, now)

    def _heartbeats(self, now: float) -> list[bytes]:
        """2019: one each pause; 2013: only when nothing else was sent for a pause."""
        if self._heartbeat_at > now:
            return []
        self._heartbeat_at = now + self._timing.heartbeat
        return [self._send(Message.HEARTBEAT, b"", now)]

    def _pump(self, now: float) -> list[bytes]:
        """Send what waits: the stored backlog batch by batch, then live reports as far as the window goes."""
        frames: list[bytes] = []
        while len(self._queue) and self.link is Link.ONLINE and self._under_way.admits(WINDOW):
            numbers = self._queue.take()
            if not numbers:
                continue
            stored = self._queue.is_stored(numbers[0])
            body = batch_body([self.store[n] for n in numbers]) if stored else self.store[numbers[0]]
            message = Message.LOCATION_BATCH if stored else Message.LOCATION
            frames.append(self._send(message, body, now, numbers))
        return frames

    def _repeats(self, now: float) -> list[bytes]:
        again = self._under_way.overdue(now)
        self.sent += sum(len(sent.reports) for sent in again)
        return [sent.frame for sent in again]

    def _on_answer(self, received: Received, now: float) -> list[bytes]:
        serial, message, result = read_answer(received.body)
        sent = self._under_way.find(serial, message)
        if sent is None:
            return []
        if result != DONE:
            self._on_refusal(sent)
            return []
        self._under_way.settle(serial)
        self.acknowledged += self.store.forget(sent.reports)
        if message == Message.AUTHENTICATE:
            self._go_online(now)
        return []

    def _on_refusal(self, sent: Sent) -> None:
        """A refused login ends the connection and the code's life; a refused report waits for its repeats."""
        self.refused += 1
        if sent.message is Message.AUTHENTICATE:
            self._code = b""
            self._turned_away = True

    def _on_register_answer(self, received: Received, now: float) -> list[bytes]:
        serial, result, code = read_register_answer(received.body)
        if self._under_way.find(serial, Message.REGISTER) is None:
            return []
        self._under_way.settle(serial)
        if result != DONE or not code:
            self.refused += 1
            self._turned_away = True
            return []
        self._code = code
        self.link = Link.AUTHENTICATING
        return [self._authenticate(now)]

    def _go_online(self, now: float) -> None:
        self.link = Link.ONLINE
        self.connects += 1
        self._queue.restart()
        self._heartbeat_at = now + self._timing.heartbeat

    def _decline(self, received: Received, now: float) -> list[bytes]:
        """A command this bracelet does not know; the answer itself wants none."""
        body = answer_body(received.serial, received.message, NOT_SUPPORTED)
        return [self._send(Message.TERMINAL_ANSWER, body, now)]


_HANDLERS: dict[int, Callable[[Bracelet, Received, float], list[bytes]]] = {
    Message.PLATFORM_ANSWER: Bracelet._on_answer,  # noqa: SLF001  the table of its own handlers
    Message.REGISTER_ANSWER: Bracelet._on_register_answer,  # noqa: SLF001  as above
}
