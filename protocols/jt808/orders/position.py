"""Where it is: now, for a while, how often (8201, 8202, 8103); its alarms confirmed (8203); whether it hears (8204)."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from protocols.errors import OrderFault
from protocols.jt808.orders.parameters import setting
from protocols.jt808.orders.row import ONLY_2019, SINCE_2013, Row, Words, bits, choice
from protocols.jt808.parameters import number_in
from protocols.order import OrderForm

if TYPE_CHECKING:
    from protocols.jt808.messages import Edition
    from protocols.order import Order

_STATES = {"default": 0x0029, "asleep": 0x0027, "emergency": 0x0028}
_ALARMS = {
    "sos": 1 << 0, "danger_warning": 1 << 3, "area": 1 << 20, "route": 1 << 21, "section_time": 1 << 22,
    "ignition": 1 << 27, "displacement": 1 << 28,
}  # fmt: skip
_WORD, _DWORD = 0xFFFF, 0xFFFFFFFF


def _locate(_order: Order, _edition: Edition) -> tuple[Words, ...]:
    return (Words(0x8201, ends=0x0201),)


def _track(order: Order, _edition: Edition) -> tuple[Words, ...]:
    """Interval 0 ends the tracking; nothing follows it then."""
    interval = number_in("seconds", order.values["seconds"], 0, _WORD)
    if not interval:
        return (Words(0x8202, bytes(2)),)
    if "validity" not in order.values:
        raise OrderFault("track needs validity, the seconds after which it ends by itself; seconds=0 ends it now")
    validity = number_in("validity", order.values["validity"], 1, _DWORD)
    return (Words(0x8202, struct.pack(">HI", interval, validity)),)


def _interval(order: Order, edition: Edition) -> tuple[Words, ...]:
    number = choice(order, "state", _STATES, "default")
    seconds = number_in("seconds", order.values["seconds"], 1, _DWORD)
    return (setting({number: struct.pack(">I", seconds)}, edition),)


def _confirm_alarm(order: Order, _edition: Edition) -> tuple[Words, ...]:
    alarms = bits(order, "alarms", _ALARMS)
    if not alarms:
        raise OrderFault(f"confirm_alarm: alarms are some of {', '.join(_ALARMS)}")
    serial = number_in("number", order.values.get("number", "0"), 0, _WORD)
    return (Words(0x8203, struct.pack(">HI", serial, alarms)),)


def _link_test(_order: Order, _edition: Edition) -> tuple[Words, ...]:
    return (Words(0x8204),)


ROWS = {
    "locate": Row(OrderForm("Report the position now."), _locate),
    "track": Row(
        OrderForm(
            "Report every so many seconds for a while (validity, seconds); seconds=0 ends it.",
            ("seconds",),
            ("validity",),
        ),
        _track,
    ),
    "interval": Row(
        OrderForm("Set the seconds between reports; state is default, asleep or emergency.", ("seconds",), ("state",)),
        _interval,
    ),
    "confirm_alarm": Row(
        OrderForm(
            f"Tell the device that alarms are taken care of: {', '.join(_ALARMS)}, joined by commas; number is that of"
            " one alarm event (item 04), 0 all.",
            ("alarms",),
            ("number",),
        ),
        _confirm_alarm,
        SINCE_2013,
    ),
    "link_test": Row(OrderForm("See whether the device answers."), _link_test, ONLY_2019),
}
