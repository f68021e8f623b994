r"""A JT/T 808 bracelet's link to the platform, sans-I/O: time and bytes in, frames out.

    OFFLINE --connected--> REGISTERING --8100 ok--> AUTHENTICATING --8001 ok--> ONLINE
                 \__________ (has a code) ____________/     |  8001 refused: the code is forgotten, next time 0100

A report leaves the store only when the 8001 with result 0 that answers it has arrived. What was not answered is sent
again byte for byte after T, 2T and 6T (the standard's chapter on repeats), then the connection is given up. After a
reconnection what is stored goes as 0704 of up to 15, one at a time, in the order of its upload policy: usually first,
oldest first, and live reports follow. A terminal of 2011 has no 0704: there it goes report by report.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from firmware_sim.firmware.confirmed import ConfirmedFirmware, Load
from firmware_sim.firmware.device import USUAL_CAPACITY, Identity, Link, Timing
from firmware_sim.firmware.dialects import OF_HEADER, Dialect
from firmware_sim.firmware.messages import (
    DONE,
    Message,
    batch_body,
    location_body,
    read_answer,
    read_register_answer,
    read_time,
)
from firmware_sim.firmware.orders import Orders
from firmware_sim.firmware.quirks import PLAIN, Quirks
from firmware_sim.firmware.source import ReportSource
from firmware_sim.firmware.wire import FrameFault, FrameReader, Received, build_frame

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from firmware_sim.firmware.measurement import Measurement
    from firmware_sim.firmware.repeats import Sent

__all__ = ["Bracelet", "Identity", "Link", "ReportSource", "Timing"]


class Bracelet(ConfirmedFirmware):
    """One bracelet that speaks JT/T 808; see :class:`Firmware` for what it counts.

    Attributes:
        orders: what the platform's orders have made of it.
    """

    batch: ClassVar[int] = Message.LOCATION_BATCH
    unanswered: ClassVar[frozenset[int]] = frozenset(
        {Message.TERMINAL_ANSWER, Message.LOCATION_ANSWER, Message.PARAMETERS, Message.ASK_TIME, Message.MAKER_ASK_TIME}
    )

    def __init__(
        self,
        identity: Identity,
        source: ReportSource,
        timing: Timing,
        capacity: int = USUAL_CAPACITY,
        quirks: Quirks = PLAIN,
        dialect: Dialect | None = None,
    ) -> None:
        super().__init__(identity, source, timing, capacity, quirks)
        self._dialect = dialect or OF_HEADER[identity.edition]
        self._queue.batch = self._dialect.batch
        self.orders = Orders(self._dialect, source, timing.heartbeat, lambda one: location_body(self._dated(one)))
        self._code = b""
        self._reader = FrameReader()

    def connected(self, now: float) -> list[bytes]:
        """The connection stands: log in."""
        self._reader = FrameReader()
        self._turned_away = False
        if self._code and not self.quirks.registers_always:
            return self._authenticate(now)
        self.link = Link.REGISTERING
        return self._send(Load(Message.REGISTER, self._dialect.register(self.identity.terminal)), now)

    def receive(self, data: bytes, now: float) -> list[bytes]:
        """Take what the platform sent, in any split; returns the frames to send in turn."""
        if self.link is Link.OFFLINE:
            return []
        frames: list[bytes] = []
        for received in self._reader.feed(data):
            handler = _HANDLERS.get(received.message, Bracelet._obey)
            try:
                frames += handler(self, received, now)
            except FrameFault:
                self.refused += 1
        return frames + self._pump(now)

    def log_out(self, now: float) -> list[bytes]:
        """The last frame of an orderly end."""
        return self._send(Load(Message.LOG_OUT, b""), now) if self.link is Link.ONLINE else []

    def _records(self, measurement: Measurement) -> Sequence[bytes]:
        self.orders.judge(measurement)
        return (location_body(measurement),)

    def _frame(self, load: Load, serial: int, *, is_length_wrong: bool) -> bytes:
        excess = int(is_length_wrong)
        return build_frame(load.message, self.identity.phone, serial, load.body, self._dialect.header, excess=excess)

    def _next_load(self, numbers: tuple[int, ...]) -> Load:
        if self._dialect.batch > 1 and not self.store.is_live(numbers[0]):
            return Load(Message.LOCATION_BATCH, batch_body([self.store[number] for number in numbers]), numbers)
        return Load(Message.LOCATION, self.store[numbers[0]], numbers)

    def _beat(self) -> Load:
        return Load(Message.HEARTBEAT, b"")

    def _send(self, load: Load, now: float) -> list[bytes]:
        """2013 beats only when nothing else was sent for a pause."""
        if not self._dialect.always_beats and self.link is Link.ONLINE:
            self._start_beating(now)
        return super()._send(load, now)

    def _authenticate(self, now: float) -> list[bytes]:
        self.link = Link.AUTHENTICATING
        return self._send(Load(Message.AUTHENTICATE, self._dialect.authenticate(self._code, self.identity.phone)), now)

    def _on_answer(self, received: Received, now: float) -> list[bytes]:
        serial, message, result = read_answer(received.body)
        if result != DONE:
            self._on_refusal(self._under_way.find(serial, message))
            return []
        sent = self._settle(serial, message)
        return self._log_in(now) if sent is not None and message == Message.AUTHENTICATE else []

    def _on_refusal(self, sent: Sent | None) -> None:
        """A refused login ends the connection and the code's life; a refused report waits for its repeats."""
        if sent is None:
            return
        self.refused += 1
        sent.is_refused = True
        if sent.message == Message.AUTHENTICATE:
            self._code = b""
            self._turned_away = True

    def _on_register_answer(self, received: Received, now: float) -> list[bytes]:
        serial, result, code = read_register_answer(received.body)
        if self._settle(serial, Message.REGISTER) is None:
            return []
        if result != DONE or not code:
            self.refused += 1
            self._turned_away = True
            return []
        self._code = code
        return self._authenticate(now)

    def _log_in(self, now: float) -> list[bytes]:
        """Authenticated: what is stored may go out; a clock that nobody has set asks for the time."""
        self._go_online()
        self._start_beating(now)
        return [] if self.clock.is_set else self._send(Load(self._dialect.ask_time, b""), now)

    def _on_time_answer(self, received: Received, now: float) -> list[bytes]:
        self.clock.hear(read_time(received.message, received.body), now)
        return []

    def _obey(self, received: Received, now: float) -> list[bytes]:
        """An order. That of a new heartbeat begins with the next one."""
        answer = self.orders.obey(received, now)
        self._heartbeat = self.orders.heartbeat or self._heartbeat
        return self._send(answer, now)


_HANDLERS: dict[int, Callable[[Bracelet, Received, float], list[bytes]]] = {
    Message.PLATFORM_ANSWER: Bracelet._on_answer,  # noqa: SLF001  the table of its own handlers, here and below
    Message.REGISTER_ANSWER: Bracelet._on_register_answer,  # noqa: SLF001
    Message.SERVER_TIME: Bracelet._on_time_answer,  # noqa: SLF001
    Message.MAKER_TIME: Bracelet._on_time_answer,  # noqa: SLF001
}
