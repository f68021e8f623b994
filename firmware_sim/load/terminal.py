r"""A terminal under load, sans-I/O: bytes in, frames out; it logs in, reports when told to, and times the answers.

CONNECTING --connected--> REGISTERING --8100 ok--> AUTHENTICATING --8001 ok--> ONLINE
\______ refused ______/--> REFUSED          any --disconnected--> GONE
"""

from __future__ import annotations

import struct
from enum import Enum
from typing import TYPE_CHECKING

from firmware_sim.firmware.dialects import OF_HEADER
from firmware_sim.firmware.messages import DONE, NOT_SUPPORTED, Message, answer_body, read_register_answer
from firmware_sim.firmware.wire import FrameFault, FrameReader, build_frame

if TYPE_CHECKING:
    from collections.abc import Callable

    from firmware_sim.firmware.wire import Edition, Received
    from firmware_sim.load.frames import ReportTemplate, Stamp
    from firmware_sim.load.tally import Tally

_ANSWER = struct.Struct(">HHB")
"""Body of 8001. The schema takes some 10 us, which is too long once a report of thousands of terminals."""


class Phase(Enum):
    """How far a terminal has come."""

    CONNECTING = "connecting"
    REGISTERING = "registering"
    AUTHENTICATING = "authenticating"
    ONLINE = "online"
    REFUSED = "refused"
    GONE = "gone"


class Terminal:
    """One terminal and its reports that wait for an answer.

    Attributes:
        phone: its digits. ``edition``: what it speaks. ``phase``: how far it has come.
    """

    __slots__ = ("_reader", "_serial", "_tally", "_template", "_waiting", "edition", "phase", "phone")

    def __init__(self, phone: str, edition: Edition, template: ReportTemplate, tally: Tally) -> None:
        self.phone = phone
        self.edition = edition
        self.phase = Phase.CONNECTING
        self._template = template
        self._tally = tally
        self._reader = FrameReader()
        self._serial = 0
        self._waiting: dict[int, float] = {}

    def connected(self) -> bytes:
        """The connection stands: register."""
        self.phase = Phase.REGISTERING
        return self._frame(Message.REGISTER, OF_HEADER[self.edition].register(self.phone[-7:]))

    def disconnected(self) -> None:
        """The connection is gone, and does not come back; what waits stays unanswered."""
        self.phase = Phase.GONE

    def receive(self, data: bytes, now: float) -> bytes:
        """Take what the platform sent, in any split; returns what to send in turn.

        ``now``: moment of its arrival, on the clock of the planned moments.
        """
        return b"".join(
            _HANDLERS.get(received.message, Terminal._decline)(self, received, now)
            for received in self._reader.feed(data)
        )

    def report(self, planned: float, stamp: Stamp) -> bytes:
        """The next report's frame; its answer is timed from ``planned``.

        With 65,536 reports unanswered its serial is that of the oldest, which then counts as lost.
        """
        serial = self._next_serial()
        self._waiting[serial] = planned
        return self._template.frame(serial, stamp)

    def _next_serial(self) -> int:
        self._serial = (self._serial + 1) & 0xFFFF
        return self._serial

    def _frame(self, message: int, body: bytes) -> bytes:
        return build_frame(message, self.phone, self._next_serial(), body, self.edition)

    def _on_answer(self, received: Received, now: float) -> bytes:
        if len(received.body) == _ANSWER.size:
            serial, message, result = _ANSWER.unpack(received.body)
            _ANSWERED.get(message, Terminal._ignore)(self, serial, result, now)
        return b""

    def _on_report_answer(self, serial: int, result: int, now: float) -> None:
        planned = self._waiting.pop(serial, None)
        if planned is None:
            self._tally.unexpected += 1
        else:
            self._tally.note_answer(planned, now, accepted=result == DONE)

    def _on_login_answer(self, _serial: int, result: int, _now: float) -> None:
        self.phase = Phase.ONLINE if result == DONE else Phase.REFUSED

    def _ignore(self, _serial: int, _result: int, _now: float) -> None:
        """An answer to what needs none."""

    def _on_register_answer(self, received: Received, _now: float) -> bytes:
        try:
            _, result, code = read_register_answer(received.body)
        except FrameFault:
            result, code = NOT_SUPPORTED, b""
        if result != DONE:
            self.phase = Phase.REFUSED
            return b""
        self.phase = Phase.AUTHENTICATING
        return self._frame(Message.AUTHENTICATE, OF_HEADER[self.edition].authenticate(code, self.phone))

    def _decline(self, received: Received, _now: float) -> bytes:
        """An order: it is not supported."""
        return self._frame(Message.TERMINAL_ANSWER, answer_body(received.serial, received.message, NOT_SUPPORTED))


_HANDLERS: dict[int, Callable[[Terminal, Received, float], bytes]] = {
    Message.PLATFORM_ANSWER: Terminal._on_answer,  # noqa: SLF001  the tables of its own handlers, here and below
    Message.REGISTER_ANSWER: Terminal._on_register_answer,  # noqa: SLF001
}
_ANSWERED: dict[int, Callable[[Terminal, int, int, float], None]] = {
    Message.LOCATION: Terminal._on_report_answer,  # noqa: SLF001
    Message.AUTHENTICATE: Terminal._on_login_answer,  # noqa: SLF001
}
