"""Bracelets under load: they keep what was not acknowledged, come back, send it again, and raise alarms all the time.

Device times are a second apart, so that (device, device time) names a report, and what a report is worth is written
down beforehand: the battery goes low and well again every ten reports, SOS and strap once.
"""

from __future__ import annotations

import asyncio
import struct
from collections import Counter, deque
from contextlib import suppress
from dataclasses import dataclass, field

from plain_terminal import (
    AUTHENTICATE,
    BATCH,
    BATTERY_LOW,
    FLAG,
    GENERAL_ANSWER,
    POSITION,
    REGISTER,
    SOS,
    STRAP_CUT,
    position,
    registration,
    stored,
    unwrap,
    wrap,
)
from pressed_county import device, phone

PACE = 0.05
"""Seconds between reports of one bracelet."""
IN_FLIGHT = 4
IN_A_BATCH = 5
CYCLE = 10


def alarm_bits(number: int, report: int) -> int:
    """The alarm bits of a bracelet's n-th report."""
    low = BATTERY_LOW if (report // CYCLE) % 2 else 0
    pressed = SOS if report == 15 + 7 * number else 0
    cut = STRAP_CUT if report >= 25 + 9 * number else 0
    return low | pressed | cut


def power(number: int, report: int) -> bytes:
    """Item 56 of g10ls, step and percent: the bit is taken back once it is answered, so that only this ends it."""
    low = alarm_bits(number, report) & BATTERY_LOW
    return bytes((0x56, 2, *((1, 10) if low else (8, 80))))


@dataclass
class Bracelet:
    """One bracelet; ``made`` reports so far, of which ``waiting`` are not acknowledged."""

    number: int
    port: int
    start: float
    made: int = 0
    serial: int = 0
    acknowledged: set[int] = field(default_factory=set)
    waiting: deque[int] = field(default_factory=deque)
    under_way: dict[int, list[int]] = field(default_factory=dict)

    def time(self, report: int) -> int:
        return int(self.start) + report

    def expected(self) -> Counter[tuple[str, str, int]]:
        """(kind, change, onset) of every event that the reports made so far are worth."""
        worth: Counter[tuple[str, str, int]] = Counter()
        bits = [0, *(alarm_bits(self.number, report) for report in range(self.made))]
        onset = 0
        for report in range(self.made):
            before, now = bits[report], bits[report + 1]
            for bit, kind in ((SOS, "sos"), (STRAP_CUT, "strap_cut"), (BATTERY_LOW, "battery_low")):
                if now & bit and not before & bit:
                    worth[kind, "raised", self.time(report)] += 1
                    onset = self.time(report) if kind == "battery_low" else onset
            if before & BATTERY_LOW and not now & BATTERY_LOW:
                worth["battery_low", "cleared", onset] += 1
        return worth

    async def live(self, stop: asyncio.Event) -> None:
        """Make reports at the pace until told to stop, then until everything is acknowledged."""
        making = asyncio.create_task(self._make(stop))
        while not (stop.is_set() and making.done() and not self.waiting):
            with suppress(OSError, asyncio.IncompleteReadError):
                await self._visit(stop)
            await asyncio.sleep(PACE)

    async def _make(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            self.waiting.append(self.made)
            self.made += 1
            await asyncio.sleep(PACE)

    async def _visit(self, stop: asyncio.Event) -> None:
        """One connection, from registration to whatever ends it."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        self.under_way.clear()
        try:
            self._send(writer, REGISTER, registration(2013))
            await reader.readexactly(1)
            answer = await _answer(reader)
            self._send(writer, AUTHENTICATE, answer[15:])
            while not stop.is_set() or self.waiting:
                if await _begins(reader):
                    self._acknowledge(await _answer(reader))
                self._send_waiting(writer)
        finally:
            writer.close()

    def _send_waiting(self, writer: asyncio.StreamWriter) -> None:
        """Fresh reports one by one; what has piled up, in batches."""
        sent = {report for reports in self.under_way.values() for report in reports}
        fresh = [report for report in self.waiting if report not in sent]
        while fresh and len(self.under_way) < IN_FLIGHT:
            size = IN_A_BATCH if len(fresh) > IN_A_BATCH else 1
            now, fresh = fresh[:size], fresh[size:]
            bodies = [self._report(report) for report in now]
            self.under_way[self.serial] = now
            self._send(writer, BATCH if size > 1 else POSITION, stored(bodies) if size > 1 else bodies[0])

    def _report(self, report: int) -> bytes:
        return position(self.time(report), alarm=alarm_bits(self.number, report)) + power(self.number, report)

    def _send(self, writer: asyncio.StreamWriter, message: int, body: bytes) -> None:
        head = struct.pack(">HH6sH", message, len(body), bytes.fromhex(phone(self.number)), self.serial)
        writer.write(wrap(head + body))
        self.serial = (self.serial + 1) & 0xFFFF

    def _acknowledge(self, answer: bytes) -> None:
        message, serial, result = struct.unpack_from(">H", answer)[0], *struct.unpack_from(">HxxB", answer, 12)
        if message == GENERAL_ANSWER and result == 0 and serial in self.under_way:
            for report in self.under_way.pop(serial):
                self.waiting.remove(report)
                self.acknowledged.add(report)


async def _begins(reader: asyncio.StreamReader) -> bool:
    """Whether an answer begins within the pace."""
    with suppress(TimeoutError):
        async with asyncio.timeout(PACE):
            return await reader.readexactly(1) == FLAG
    return False


async def _answer(reader: asyncio.StreamReader) -> bytes:
    """Header and body of an answer whose first flag has been read."""
    return unwrap(FLAG + await reader.readuntil(FLAG))


def acknowledged(bracelets: list[Bracelet]) -> set[tuple[str, int]]:
    """(device, device time) of every acknowledged report."""
    return {(device(one.number), one.time(report)) for one in bracelets for report in one.acknowledged}
