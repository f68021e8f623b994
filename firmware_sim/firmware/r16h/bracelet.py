"""An R16H bracelet's link to the platform, sans-I/O: time and bytes in, sentences out.

Nothing is ever answered: what is written to the link counts as delivered and is forgotten. Without a link each report
is tried three times; then it is in the memory, and comes as a stored one once the link is back. A report of cells alone
is not kept by a bracelet whose clock is not set. Source: protocol notes, section 7.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from firmware_sim.firmware.device import USUAL_CAPACITY, Firmware, Identity, Link, Timing
from firmware_sim.firmware.quirks import PLAIN, Quirks
from firmware_sim.firmware.r16h.sentences import OrderReader, has_place, link, record, reply, sentence
from firmware_sim.firmware.source import ReportSource, Steerable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from firmware_sim.firmware.measurement import Measurement

TRIES = 3
"""Failed tries after which a report is in the memory; they are ``Timing.answer_timeout`` apart."""
_FAILED, _DONE = "FAIL", "OK"


class R16hBracelet(Firmware):
    """One bracelet that speaks the R16H's sentences; ``identity.phone`` is its IMEI."""

    def __init__(
        self,
        identity: Identity,
        source: ReportSource,
        timing: Timing,
        capacity: int = USUAL_CAPACITY,
        quirks: Quirks = PLAIN,
    ) -> None:
        super().__init__(identity, source, capacity, quirks)
        self._orders_for = source
        self._patience = TRIES * timing.answer_timeout
        self._waiting_since: dict[int, float] = {}
        self._logged_in = -math.inf
        self._counted = 0
        self._reader = OrderReader()

    def connected(self, now: float) -> list[bytes]:
        """The connection stands: say who speaks, then all there is."""
        self._reader = OrderReader()
        self._turned_away = False
        self._logged_in = now
        self._waiting_since = {number: at for number, at in self._waiting_since.items() if number in self.store}
        self._go_online()
        return [link(self.identity.phone), *self._write()]

    def receive(self, data: bytes, now: float) -> list[bytes]:
        """Orders; each gets its reply."""
        if self.link is Link.OFFLINE:
            return []
        sentences: list[bytes] = []
        for order in self._reader.feed(data):
            done = _ORDERS.get(order.name, R16hBracelet._decline)(self, order.fields[1:], now)
            sentences.append(reply(self.identity.phone, order.name, done))
        return sentences + self._write()

    def _records(self, measurement: Measurement) -> Sequence[bytes]:
        return (record(measurement),)

    def _due_on_link(self) -> float:
        return math.inf

    def _on_time(self, now: float) -> list[bytes]:
        """Write what is new; without a link, note since when it is tried."""
        if self.link is Link.OFFLINE:
            self._waiting_since |= dict.fromkeys(range(self._counted + 1, self.store.made + 1), now)
        self._counted = self.store.made
        return self._write()

    def _write(self) -> list[bytes]:
        """All that may go, in order. What had been tried in vain at the login is a stored one, if it may be kept."""
        sentences: list[bytes] = []
        while len(self._queue) and self.link is Link.ONLINE:
            for number in self._queue.pop():
                sentences += self._deliver(number)
        return sentences

    def _deliver(self, number: int) -> list[bytes]:
        kept = self.store[number]
        is_stored = self._logged_in - self._waiting_since.pop(number, math.inf) > self._patience
        self.store.forget((number,))
        if is_stored and not self.clock.is_set and not has_place(kept):
            self.store.lost += 1
            return []
        self._frames_with_reports += 1
        copies = self._copies()
        self.acknowledged += 1
        self.sent += copies
        return [sentence(kept, self.identity.phone, stored=is_stored)] * copies

    def _locate(self, _arguments: list[str], now: float) -> str:
        """ROLL: a position now."""
        if not isinstance(self._orders_for, Steerable):
            return _FAILED
        self._keep(self._orders_for.measure(now))
        return _DONE

    def _set_interval(self, arguments: list[str], now: float) -> str:
        """STIN: seconds between reports."""
        if not isinstance(self._orders_for, Steerable) or not arguments or not arguments[0].isdecimal():
            return _FAILED
        self._orders_for.set_interval(max(float(arguments[0]), 1.0), now)
        return _DONE

    def _decline(self, _arguments: list[str], _now: float) -> str:
        return _FAILED


_ORDERS: dict[str, Callable[[R16hBracelet, list[str], float], str]] = {
    "ROLL": R16hBracelet._locate,  # noqa: SLF001  the table of its own handlers, here and below
    "STIN": R16hBracelet._set_interval,  # noqa: SLF001
}
