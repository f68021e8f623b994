"""What the platform orders a JT/T 808 bracelet to do, and what it answers: one row of a table an order.

Layouts: JT/T 808-2013, chapters 8.8 to 8.12, 8.19 to 8.22, 8.24 and 8.37 to 8.42, through the wire schemas.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, NamedTuple

import construct

from firmware_sim.firmware.confirmed import Load
from firmware_sim.firmware.fences import Fences
from firmware_sim.firmware.messages import DONE, NOT_SUPPORTED, Message, answer_body
from firmware_sim.firmware.source import Steerable
from protocols.jt808.messages.general import MALFORMED
from protocols.jt808.messages.parameters import PARAMETER_QUERY
from protocols.jt808.messages.position import TRACKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from firmware_sim.firmware.dialects import Dialect
    from firmware_sim.firmware.measurement import Measurement
    from firmware_sim.firmware.source import ReportSource
    from firmware_sim.firmware.wire import Received

HEARTBEAT, INTERVAL_EMERGENCY, INTERVAL = 0x0001, 0x0028, 0x0029
"""Parameters that change something, in seconds."""
_USUAL_INTERVAL, _CLOSE_INTERVAL = 300, 60


class Order(NamedTuple):
    """One order as it came, when, and the source it may steer."""

    received: Received
    now: float
    source: Steerable


class Orders:
    """What orders have made of the bracelet. One whose source cannot be steered takes none: it declines them all.

    Attributes:
        parameters: values by number, as on the wire.
        fences: what it watches.
        texts: what it has shown, the last ones.
    """

    def __init__(
        self, dialect: Dialect, source: ReportSource, heartbeat: float, write: Callable[[Measurement], bytes]
    ) -> None:
        self.fences = Fences()
        self.texts: list[str] = []
        seconds = {HEARTBEAT: int(heartbeat), INTERVAL_EMERGENCY: _CLOSE_INTERVAL, INTERVAL: _USUAL_INTERVAL}
        self.parameters = {number: struct.pack(">I", value) for number, value in seconds.items()}
        self._dialect = dialect
        self._source = source if isinstance(source, Steerable) else None
        self._write = write

    @property
    def heartbeat(self) -> float:
        """Seconds between heartbeats."""
        return float(int.from_bytes(self.parameters[HEARTBEAT]))

    def obey(self, received: Received, now: float) -> Load:
        """Do what is ordered; returns the answer. What cannot be read gets result 2, an unknown order 3."""
        handler = _HANDLERS.get(received.message)
        if handler is None or self._source is None:
            return _general(received, NOT_SUPPORTED)
        try:
            return handler(self, Order(received, now, self._source))
        except construct.ConstructError:
            return _general(received, MALFORMED)

    def judge(self, measurement: Measurement) -> None:
        """Look at the fences after a measurement: out of bounds the source reports at its close interval."""
        if self._source is not None and len(self.fences) and measurement.located:
            self._source.hurry(urgent=self.fences.are_broken((measurement.latitude, measurement.longitude)))

    def _locate(self, order: Order) -> Load:
        """8201: 0201 with a fresh position."""
        body = self._write(order.source.measure(order.now))
        return Load(Message.LOCATION_ANSWER, struct.pack(">H", order.received.serial) + body)

    def _track(self, order: Order) -> Load:
        """8202: every so many seconds for a while; 0 ends it."""
        told = TRACKING.parse(order.received.body)
        until = order.now + told.validity_s if told.interval_s else order.now
        order.source.track(float(told.interval_s), until, order.now)
        return _general(order.received, DONE)

    def _set_parameters(self, order: Order) -> Load:
        """8103: keep the values; intervals take effect at once."""
        told = self._dialect.parameters.parse(order.received.body)
        if len(told.parameters) != told.count or told.rest:
            return _general(order.received, MALFORMED)
        for parameter in told.parameters:
            self.parameters[parameter.id] = parameter.value
            seconds = float(int.from_bytes(parameter.value))
            if parameter.id in _EFFECTS and seconds > 0:
                _EFFECTS[parameter.id](order.source, seconds, order.now)
        return _general(order.received, DONE)

    def _all_parameters(self, order: Order) -> Load:
        return self._told_parameters(order, self.parameters)

    def _some_parameters(self, order: Order) -> Load:
        wanted = PARAMETER_QUERY.parse(order.received.body).ids
        return self._told_parameters(order, [number for number in wanted if number in self.parameters])

    def _told_parameters(self, order: Order, numbers: Iterable[int]) -> Load:
        """0104: answered serial W, count B (2011: twice), {id D, length B, value}*."""
        values = [(number, self.parameters[number]) for number in numbers]
        items = [struct.pack(">IB", number, len(value)) + value for number, value in values]
        head = struct.pack(">H", order.received.serial) + self._dialect.counts(len(items))
        return Load(Message.PARAMETERS, head + b"".join(items))

    def _show(self, order: Order) -> Load:
        """8300: the text is shown and kept."""
        text: bytes = self._dialect.text.parse(order.received.body).text
        self.texts = [*self.texts[-_TEXTS_KEPT:], text.removesuffix(b"\0").decode("gb18030", "replace")]
        return _general(order.received, DONE)

    def _accept(self, order: Order) -> Load:
        return _general(order.received, DONE)

    def _fence(self, order: Order) -> Load:
        message = order.received.message
        self.fences.put(message, self._dialect.fences[message].parse(order.received.body))
        return _general(order.received, DONE)

    def _delete_fences(self, order: Order) -> Load:
        self.fences.delete(order.received.message, order.received.body)
        return _general(order.received, DONE)


_TEXTS_KEPT = 9
_EFFECTS: dict[int, Callable[[Steerable, float, float], None]] = {
    INTERVAL: lambda source, seconds, now: source.set_interval(seconds, now),
    INTERVAL_EMERGENCY: lambda source, seconds, now: source.set_close_interval(seconds, now),
}
_HANDLERS: dict[int, Callable[[Orders, Order], Load]] = {
    Message.SET_PARAMETERS: Orders._set_parameters,  # noqa: SLF001  the table of its own handlers, here and below
    Message.ASK_ALL_PARAMETERS: Orders._all_parameters,  # noqa: SLF001
    Message.ASK_PARAMETERS: Orders._some_parameters,  # noqa: SLF001
    Message.ASK_LOCATION: Orders._locate,  # noqa: SLF001
    Message.TRACK: Orders._track,  # noqa: SLF001
    Message.TEST_LINK: Orders._accept,  # noqa: SLF001
    Message.TEXT: Orders._show,  # noqa: SLF001
    Message.SET_CIRCLES: Orders._fence,  # noqa: SLF001
    Message.SET_RECTANGLES: Orders._fence,  # noqa: SLF001
    Message.SET_POLYGON: Orders._fence,  # noqa: SLF001
    Message.DELETE_CIRCLES: Orders._delete_fences,  # noqa: SLF001
    Message.DELETE_RECTANGLES: Orders._delete_fences,  # noqa: SLF001
    Message.DELETE_POLYGONS: Orders._delete_fences,  # noqa: SLF001
}


def _general(received: Received, result: int) -> Load:
    """0001: answered serial, answered message, result."""
    return Load(Message.TERMINAL_ANSWER, answer_body(received.serial, received.message, result))
