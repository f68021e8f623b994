"""The serial line of a modem: a session on a cable that may be pulled and put back. The shell of ``session``."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final, cast

import serial_asyncio_fast

from gateway.backoff import Backoff
from gateway.sms.answer import Answer, Given
from gateway.sms.events import Came, Fell, NotTaken, Ready, Reported, Taken
from gateway.sms.faults import PduFault
from gateway.sms.results import LOST, Blame, blame_of, words_of
from gateway.sms.session import Session
from gateway.sms.submit import submits

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from gateway.sms.events import Told
    from gateway.sms.incoming import Incoming, Report
    from gateway.sms.submit import Pdu

LONGEST_WAIT: Final = 5.0
"""Real seconds until a line that was put back is noticed."""
NOT_READY: Final = "modem not ready"
UNDIALLED: Final = "no such number"


class ModemLine:
    """A modem: open for as long as :meth:`run` runs.

    Args:
        path, baud: of the serial device.
        on_text: told of each text that came; the modem forgets it once that has returned.
        on_report: told of each delivery report.

    Attributes:
        trouble: why nothing can be sent now; empty: it can. ``is_line``: until then nothing need be tried.
    """

    def __init__(
        self, path: str, baud: int, on_text: Callable[[Incoming], Awaitable[None]], on_report: Callable[[Report], None]
    ) -> None:  # fmt: skip
        self._path, self._baud = path, baud
        self._on_text, self._on_report = on_text, on_report
        self._line: _Line | None = None
        self._sending = asyncio.Lock()
        self._reference = 0
        self.trouble, self.is_line = NOT_READY, True

    async def run(self) -> None:
        """Keep the line open, for ever."""
        backoff = Backoff(longest=LONGEST_WAIT)
        async with asyncio.TaskGroup() as reading:
            while True:
                line = await self._open(reading)
                if line is not None:
                    backoff.reset()
                    self.trouble = await line.lost or "closed"
                    self._line = None
                await asyncio.sleep(backoff.next_wait())

    async def send(self, number: str, text: str) -> Answer:
        """Give a text to the network, all its parts."""
        async with self._sending:
            self._reference += 1
            try:
                pdus = submits(number, text, self._reference)
            except PduFault:
                return Answer(Given.REFUSED, UNDIALLED)
            references = []
            for pdu in pdus:
                if self._line is None or not self._line.session.is_free:
                    return Answer(Given.LATER, NOT_READY)
                outcome = await self._line.give(pdu)
                if isinstance(outcome, NotTaken):
                    passes = blame_of(outcome.code) is not Blame.MESSAGE
                    return Answer(Given.LATER if passes else Given.REFUSED, words_of(outcome.code))
                references.append(outcome.reference)
            return Answer(Given.TAKEN, references=tuple(references))

    @property
    def odd(self) -> int:
        """Lines that mean nothing to us, since the line was opened."""
        return 0 if self._line is None else self._line.session.odd.total()

    async def _open(self, reading: asyncio.TaskGroup) -> _Line | None:
        """The open line, or None with the reason noted."""
        line = _Line(self._heard(reading))
        try:
            await serial_asyncio_fast.create_serial_connection(
                asyncio.get_running_loop(), lambda: line, self._path, baudrate=self._baud, exclusive=True
            )
        except (OSError, ValueError) as fault:
            self.trouble = str(fault)
            return None
        self._line = line
        return line

    def _heard(self, reading: asyncio.TaskGroup) -> Callable[[Told], None]:
        def heard(told: Told) -> None:
            if isinstance(told, Ready):
                self.trouble = ""
            elif isinstance(told, Fell):
                self.trouble = told.why
            elif isinstance(told, Reported):
                self._on_report(told.report)
            elif isinstance(told, Came):
                reading.create_task(self._take(told))

        return heard

    async def _take(self, came: Came) -> None:
        await self._on_text(came.text)
        if came.index is not None and self._line is not None:
            self._line.forget(came.index)


class _Line(asyncio.Protocol):
    """What the event loop speaks to."""

    def __init__(self, heard: Callable[[Told], None]) -> None:
        self.session = Session()
        self._heard = heard
        self._loop = asyncio.get_running_loop()
        self.lost: asyncio.Future[str] = self._loop.create_future()
        """Becomes why it was lost."""
        self._transport: asyncio.Transport | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._given: asyncio.Future[Taken | NotTaken] | None = None

    def give(self, pdu: Pdu) -> asyncio.Future[Taken | NotTaken]:
        """A PDU for the network; what came of it."""
        self._given = given = self._loop.create_future()
        self.session.give(pdu, self._loop.time())
        self._go_on()
        return given

    def forget(self, index: int) -> None:
        """A text that came is kept elsewhere."""
        self.session.forget(index, self._loop.time())
        self._go_on()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The line is open: set the modem up."""
        self._transport = cast("asyncio.Transport", transport)
        self._tick()

    def data_received(self, data: bytes) -> None:
        """Bytes."""
        self._tell(self.session.feed(data, self._loop.time()))

    def connection_lost(self, exc: Exception | None) -> None:
        """The line was pulled."""
        self._transport = None
        if self._timer is not None:
            self._timer.cancel()
        self._outcome(NotTaken(LOST))
        if not self.lost.done():
            self.lost.set_result(str(exc or ""))

    def _tick(self) -> None:
        self._tell(self.session.tick(self._loop.time()))

    def _tell(self, told: list[Told]) -> None:
        for each in told:
            if isinstance(each, Taken | NotTaken):
                self._outcome(each)
            else:
                self._heard(each)
        self._go_on()

    def _outcome(self, outcome: Taken | NotTaken) -> None:
        given, self._given = self._given, None
        if given is not None and not given.done():
            given.set_result(outcome)

    def _go_on(self) -> None:
        """Write what is to be written, and wait for what is due."""
        if self._transport is None:
            return
        if out := self.session.outgoing():
            self._transport.write(out)
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self._loop.call_at(self.session.due(), self._tick)
