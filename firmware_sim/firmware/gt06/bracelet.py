"""A GT06 bracelet's link to the platform, sans-I/O: time and bytes in, frames out.

The login goes first and nothing before its answer; then a time request if the clock is not set. A login, a heartbeat,
an alarm that is not answered for T goes again, twice; then the connection is given up, as a device that restarts would.
Positions and cells wait for their answers too, unless the bracelet trusts its writing (the maker's document). What was
stored goes one frame a report, in the order of the upload policy: usually first, oldest first. Source: protocol notes,
section 4.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, ClassVar

from firmware_sim.firmware.confirmed import ConfirmedFirmware, Load
from firmware_sim.firmware.device import USUAL_CAPACITY, Identity, Link, Timing
from firmware_sim.firmware.gt06 import contents
from firmware_sim.firmware.gt06.contents import EVENTS, Message
from firmware_sim.firmware.gt06.orders import FLAG_SIZE, order_of
from firmware_sim.firmware.gt06.wire import FrameReader, Received, build_frame
from firmware_sim.firmware.measurement import Alarm
from firmware_sim.firmware.quirks import PLAIN, Quirks

if TYPE_CHECKING:
    from collections.abc import Sequence

    from firmware_sim.firmware.measurement import Measurement
    from firmware_sim.firmware.source import ReportSource

_ANSWERS = frozenset({Message.ORDER_ANSWER, Message.LONG_ORDER_ANSWER})
_NEEDS_NO_ANSWER = frozenset({Message.POSITION, Message.CELLS, Message.CELLS_WIFI})
"""By the maker's document."""
_CLOCK_SIZE = 6


class Gt06Bracelet(ConfirmedFirmware):
    """One bracelet that speaks GT06; ``identity.phone`` is its IMEI.

    Attributes:
        latest: the latest measurement, for heartbeats and answers.
    """

    waits: ClassVar[tuple[float, ...]] = (1.0, 1.0, 1.0)
    window: ClassVar[int] = 8
    unanswered: ClassVar[frozenset[int]] = _ANSWERS

    def __init__(
        self,
        identity: Identity,
        source: ReportSource,
        timing: Timing,
        capacity: int = USUAL_CAPACITY,
        quirks: Quirks = PLAIN,
    ) -> None:
        super().__init__(identity, source, timing, capacity, quirks)
        self.source = source
        self.latest: Measurement | None = None
        self._queue.batch = 1
        self._told = Alarm(0)
        self._reader = FrameReader()

    def connected(self, now: float) -> list[bytes]:
        """The connection stands: log in."""
        self._reader = FrameReader()
        self._turned_away = False
        self.link = Link.AUTHENTICATING
        return self._send(Load(Message.LOGIN, contents.login(self.identity.phone)), now)

    def receive(self, data: bytes, now: float) -> list[bytes]:
        """Take what the platform sent, in any split; returns the frames to send in turn."""
        if self.link is Link.OFFLINE:
            return []
        frames: list[bytes] = []
        for received in self._reader.feed(data):
            frames += self._obey(received, now) if received.message == Message.ORDER else self._hear(received, now)
        return frames + self._pump(now)

    def _records(self, measurement: Measurement) -> Sequence[bytes]:
        """An alarm is told when it begins; while it lasts the status byte of the heartbeats says so."""
        self.latest = measurement
        risen = [alarm for alarm in EVENTS if measurement.alarm & alarm & ~self._told]
        self._told = measurement.alarm
        return contents.records(measurement, risen)

    def _frame(self, load: Load, serial: int, *, is_length_wrong: bool) -> bytes:
        is_long = load.message == Message.LONG_ORDER_ANSWER
        return build_frame(load.message, load.body, serial, is_long=is_long, excess=int(is_length_wrong))

    def _next_load(self, numbers: tuple[int, ...]) -> Load:
        record = self.store[numbers[0]]
        return Load(*contents.opened(record, stored=not self.store.is_live(numbers[0])), numbers)

    def _beat(self) -> Load:
        return Load(Message.HEARTBEAT, contents.heartbeat(self.latest))

    def _is_awaited(self, load: Load) -> bool:
        return super()._is_awaited(load) and not self._is_trusted(load)

    def _is_trusted(self, load: Load) -> bool:
        return self.quirks.trusts_writing and load.message in _NEEDS_NO_ANSWER

    def _send(self, load: Load, now: float) -> list[bytes]:
        """As all do; what is trusted counts as delivered at once."""
        frames = super()._send(load, now)
        if self._is_trusted(load):
            self.acknowledged += self.store.forget(load.reports)
        return frames

    def _hear(self, received: Received, now: float) -> list[bytes]:
        """An answer: the same number and serial. That to the login opens the way, that with a time sets the clock."""
        if self._settle(received.serial, received.message) is None:
            return []
        if received.message == Message.ASK_TIME:
            self._set_clock(received.content, now)
        return self._log_in(now) if received.message == Message.LOGIN else []

    def _log_in(self, now: float) -> list[bytes]:
        self._go_online()
        self._start_beating(now)
        return [] if self.clock.is_set else self._send(Load(Message.ASK_TIME, b""), now)

    def _set_clock(self, content: bytes, now: float) -> None:
        """8A: year - 2000, month, day, hour, minute, second, UTC."""
        year, month, day, hour, minute, second = content[:_CLOCK_SIZE].ljust(_CLOCK_SIZE, b"\0")
        try:
            told = datetime(2000 + year, month, day, hour, minute, second, tzinfo=UTC)
        except ValueError:
            self.refused += 1
            return
        self.clock.hear(told.timestamp(), now)

    def _obey(self, received: Received, now: float) -> list[bytes]:
        """80: length B, flag D, ASCII, language W; what is too short is left alone."""
        size = received.content[0] if received.content else 0
        told = received.content[1 : 1 + size]
        if len(told) < FLAG_SIZE:
            self.refused += 1
            return []
        order = order_of(told[FLAG_SIZE:].decode("ascii", "replace"))
        text = order.act(self, order.argument, now)
        answer = contents.order_answer(order.answered_by, told[:FLAG_SIZE], text)
        return self._send(Load(order.answered_by, answer), now)
