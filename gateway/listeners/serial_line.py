"""A serial port: one session on a cable that may be pulled and put back.

A line that is not there, now or at the start, is waited for; status says so.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Final, cast

import serial
import serial_asyncio_fast

from gateway.backoff import Backoff
from gateway.listeners.conversation import Conversation
from gateway.listeners.listening import Listening

if TYPE_CHECKING:
    from collections.abc import Callable

    from gateway.intake.intake import Intake
    from gateway.settings.model import Listener

LONGEST_WAIT = 5.0
"""Seconds until a line that was put back is noticed."""
_PARITY: Final = {"none": serial.PARITY_NONE, "even": serial.PARITY_EVEN, "odd": serial.PARITY_ODD}


class SerialListener(Listening):
    """One serial port."""

    def __init__(self, listener: Listener, intake: Intake, wake: Callable[[], None]) -> None:
        super().__init__(listener, intake, wake)
        self._line: Line | None = None

    async def start(self) -> None:
        """Open the line as soon as it is there."""
        self.keep(self._keep_open)
        self.keep(self.sweep)

    def close(self) -> None:
        """Close the line."""
        if self._line is not None:
            self._line.hang_up()

    def apply_reading(self) -> None:
        """Stop or go on reading."""
        if self._line is not None:
            self._line.apply_reading()

    async def _keep_open(self) -> None:
        """Open the line, wait until it is lost, again."""
        backoff = Backoff(longest=LONGEST_WAIT)
        while True:
            line = await self._open()
            if line is not None:
                backoff.reset()
                fault = await line.lost
                self.note_trouble(fault or "closed")
            await asyncio.sleep(backoff.next_wait())

    async def _open(self) -> Line | None:
        """The open line, or None with the reason noted."""
        wire, loop = self.listener.line, asyncio.get_running_loop()
        line = Line(self)
        try:
            await serial_asyncio_fast.create_serial_connection(
                loop, lambda: line, wire.path, baudrate=wire.baud, bytesize=wire.data_bits,
                parity=_PARITY[wire.parity], stopbits=wire.stop_bits, xonxoff=wire.flow == "software",
                rtscts=wire.flow == "hardware", exclusive=True,
            )  # fmt: skip
        except (
            OSError,
            ValueError,
        ) as fault:  # pyserial's own fault is an OSError; a setting the port cannot do is not
            self.note_trouble(str(fault))
            return None
        self._line = line
        self.note_trouble("")
        return line

    def ended(self) -> None:
        """The line is lost."""
        self._line = None


class Line(asyncio.Protocol):
    """What the event loop speaks to: the cable, and the session on it."""

    def __init__(self, owner: SerialListener) -> None:
        self._owner = owner
        self._transport: asyncio.Transport | None = None
        self._session: Cable | None = None
        self._is_reading = True
        self._is_taking = True
        self._is_slow_enough = True
        self.lost: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        """Becomes why it was lost."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The line is open."""
        self._transport = cast("asyncio.Transport", transport)
        self.renew()
        self.apply_reading()

    def data_received(self, data: bytes) -> None:
        """Bytes; above the rate the rest has to wait."""
        if self._session is None:
            return
        wait = self._session.feed(data)
        if wait > 0.0 and self._is_slow_enough:
            self._owner.intake.counts["rate_exceeded"] += 1
            self._is_slow_enough = False
            self.apply_reading()
            asyncio.get_running_loop().call_later(wait, self._go_on)

    def pause_writing(self) -> None:
        """The other end does not take its answers: read no more of it until it does."""
        self._owner.intake.counts["answers_not_taken"] += 1
        self._is_taking = False
        self.apply_reading()

    def resume_writing(self) -> None:
        """It does again."""
        self._is_taking = True
        self.apply_reading()

    def connection_lost(self, exc: Exception | None) -> None:
        """The line was pulled, or closed by us."""
        session, self._session, self._transport = self._session, None, None
        if session is not None:
            session.end()
        self._owner.ended()
        if not self.lost.done():
            self.lost.set_result(str(exc or ""))

    def renew(self) -> None:
        """A fresh session on the same line."""
        self._session = Cable(self._owner, self)
        self._owner.join(self._session)

    def write(self, data: bytes) -> None:
        """Bytes out; a line that fails at it is lost."""
        if self._transport is not None and data:
            self._transport.write(data)

    def hang_up(self) -> None:
        """Close it at once: a line that takes nothing would hold up the end for ever."""
        if self._transport is not None:
            self._transport.abort()

    def apply_reading(self) -> None:
        """Stop or go on reading."""
        wanted = self._owner.is_reading and self._is_taking and self._is_slow_enough
        if self._transport is None or wanted == self._is_reading:
            return
        self._is_reading = wanted
        with suppress(OSError, ValueError):  # a line that was just pulled
            if wanted:
                self._transport.resume_reading()
            else:
                self._transport.pause_reading()

    def _go_on(self) -> None:
        self._is_slow_enough = True
        self.apply_reading()


class Cable(Conversation):
    """The session on the line. It can end (silence, a newer session of its device) while the line stays."""

    def __init__(self, owner: SerialListener, line: Line) -> None:
        super().__init__(owner, owner.listener.line.path, owner.listener.line.path)
        self._line = line

    def write(self, data: bytes) -> None:
        """Down the line."""
        self._line.write(data)

    def close(self) -> None:
        """End the session and begin another."""
        self.end()
        self._line.renew()
