"""Parameters set and asked for (8103, 8104, 8106), and what the device is (8107)."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from protocols.errors import OrderFault
from protocols.jt808.messages import MESSAGES, Edition
from protocols.jt808.orders.row import SINCE_2013, Row, Words
from protocols.jt808.parameters import encode, parameter_of
from protocols.order import OrderForm

if TYPE_CHECKING:
    from collections.abc import Mapping

    from protocols.order import Order

_MOST = 255
"""Parameters in one message: the count is a byte."""


def setting(values: Mapping[int, bytes], edition: Edition) -> Words:
    """8103 with parameters by id; 2011 says twice how many there are."""
    listed = [{"id": number, "value": value} for number, value in values.items()]
    schema = MESSAGES[0x8103].schema_of(edition)
    body = schema.build({"total": len(listed), "count": len(listed), "parameters": listed, "rest": b""})
    return Words(0x8103, body)


def _set(order: Order, edition: Edition) -> tuple[Words, ...]:
    values: dict[int, bytes] = {}
    for part in filter(None, (one.strip() for one in order.values["values"].split(","))):
        name, equals, text = part.partition("=")
        if not equals:
            raise OrderFault(f"set_parameters: {part!r}: write ID=VALUE, for example values=0029=30,0013=203.0.113.9")
        parameter = parameter_of(name)
        if parameter.number in values:
            raise OrderFault(f"set_parameters: {name} is given twice")
        values[parameter.number] = encode(parameter, text)
    if not 1 <= len(values) <= _MOST:
        raise OrderFault(f"set_parameters: {len(values)} parameters; 1 to {_MOST} can be set at a time")
    return (setting(values, edition),)


def _query(order: Order, edition: Edition) -> tuple[Words, ...]:
    """All (8104), or since 2013 those named (8106)."""
    named = [parameter_of(one).number for one in order.values.get("ids", "").split(",") if one.strip()]
    if not named:
        return (Words(0x8104, ends=0x0104),)
    if edition is Edition.E2011:
        raise OrderFault("parameters: a device of 2011 tells all of them or none: leave ids out")
    if len(named) > _MOST:
        raise OrderFault(f"parameters: at most {_MOST} ids")
    return (Words(0x8106, struct.pack(f">B{len(named)}I", len(named), *named), ends=0x0104),)


def _attributes(_order: Order, _edition: Edition) -> tuple[Words, ...]:
    return (Words(0x8107, ends=0x0107),)


ROWS = {
    "parameters": Row(
        OrderForm("Ask for the parameters; ids are names or hexadecimal ids joined by commas.", (), ("ids",)), _query
    ),
    "set_parameters": Row(
        OrderForm(
            "Set parameters: ID=VALUE joined by commas; ID is a name or a hexadecimal id, VALUE a number, a text or"
            " hex:BYTES.",
            ("values",),
        ),
        _set,
    ),
    "attributes": Row(OrderForm("Ask for the device's model and versions."), _attributes, SINCE_2013),
}
