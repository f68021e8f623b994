"""Control of the terminal itself (8105). 2019 keeps connect, reset and factory_reset alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocols.errors import OrderFault
from protocols.jt808.messages import Edition
from protocols.jt808.orders.row import Row, Words, choice
from protocols.jt808.parameters import gbk
from protocols.order import OrderForm

if TYPE_CHECKING:
    from protocols.order import Order

_COMMANDS = {
    "upgrade": 1, "connect": 2, "power_off": 3, "reset": 4, "factory_reset": 5, "stop_data": 6, "stop_radio": 7,
}  # fmt: skip
_KEPT_IN_2019 = frozenset({2, 4, 5})
_WITH_ARGUMENTS = frozenset({1, 2})
_LONGEST = 900


def _control(order: Order, edition: Edition) -> tuple[Words, ...]:
    command = choice(order, "command", _COMMANDS)
    if edition is Edition.E2019 and command not in _KEPT_IN_2019:
        kept = ", ".join(name for name, number in _COMMANDS.items() if number in _KEPT_IN_2019)
        raise OrderFault(f"control: a device of 2019 knows {kept}")
    arguments = order.values.get("arguments", "")
    if bool(arguments) != (command in _WITH_ARGUMENTS):
        raise OrderFault("control: upgrade and connect need arguments, separated by ';'; the others take none")
    text = gbk(arguments)
    if len(text) > _LONGEST:
        raise OrderFault(f"control: the arguments have {len(text)} bytes, at most {_LONGEST}")
    end = bytes(bool(text) and edition is Edition.E2011)
    return (Words(0x8105, bytes([command]) + text + end),)


ROWS = {
    "control": Row(
        OrderForm(
            f"Control the device: command is one of {', '.join(_COMMANDS)} (2019: connect, reset, factory_reset);"
            " upgrade and connect take arguments separated by ';' as the standard lists them.",
            ("command",),
            ("arguments",),
        ),
        _control,
    ),
}
