"""What the platform orders a GT06 bracelet to do, in words: ``WHERE#``, ``TIMER,seconds#``, ``STATUS#``.

The words are the maker's; the texts of the answers are this bracelet's own. Source: protocol notes, section 4.5, 80.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple, Protocol

from firmware_sim.firmware.gt06.contents import Message
from firmware_sim.firmware.source import Steerable

if TYPE_CHECKING:
    from collections.abc import Callable

    from firmware_sim.firmware.measurement import Measurement
    from firmware_sim.firmware.source import ReportSource

FLAG_SIZE = 4
_LONGEST_INTERVAL = 64_800
_REFUSED = "Error: not supported"


class Ordered(Protocol):
    """What an order may look at and change."""

    source: ReportSource
    latest: Measurement | None


class Order(NamedTuple):
    """An order understood: what to do (a function of bracelet, argument and moment), and the answer's message."""

    act: Callable[[Ordered, str, float], str]
    argument: str
    answered_by: Message


def order_of(text: str) -> Order:
    """The order in a text such as ``TIMER,30#``."""
    word, _, argument = text.strip().removesuffix("#").partition(",")
    act, answered_by = _ORDERS.get(word.upper(), (_refuse, Message.ORDER_ANSWER))
    return Order(act, argument, answered_by)


def _where(bracelet: Ordered, _argument: str, now: float) -> str:
    """A fresh position."""
    if not isinstance(bracelet.source, Steerable):
        return _REFUSED
    found = bracelet.source.measure(now)
    bracelet.latest = found
    if not found.located:
        return "No position"
    when = datetime.fromtimestamp(found.moment, UTC).strftime("%Y-%m-%d %H:%M:%S")
    return f"Lat:{found.latitude:.6f},Lon:{found.longitude:.6f},Speed:{found.speed_kmh:.0f},DateTime:{when}"


def _timer(bracelet: Ordered, argument: str, now: float) -> str:
    """Seconds between positions from now on."""
    if not isinstance(bracelet.source, Steerable):
        return _REFUSED
    if not argument.isdecimal() or not 0 < int(argument) <= _LONGEST_INTERVAL:
        return "Error: invalid interval"
    bracelet.source.set_interval(float(argument), now)
    return "OK"


def _status(bracelet: Ordered, _argument: str, _now: float) -> str:
    latest = bracelet.latest
    if latest is None:
        return "Battery:unknown;GPS:off"
    return f"Battery:{latest.battery_percent}%;GSM:{latest.signal};GPS:{'fixed' if latest.located else 'searching'}"


def _refuse(_bracelet: Ordered, _argument: str, _now: float) -> str:
    return _REFUSED


_ORDERS: dict[str, tuple[Callable[[Ordered, str, float], str], Message]] = {
    "WHERE": (_where, Message.LONG_ORDER_ANSWER),
    "TIMER": (_timer, Message.ORDER_ANSWER),
    "STATUS": (_status, Message.LONG_ORDER_ANSWER),
}
