"""Orders, as a message 80 carries them: a text in the device's words, and a flag that comes back with the answer."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from protocols.errors import OrderFault
from protocols.gt06.allowed import is_forbidden
from protocols.gt06.wire import seal
from protocols.order import OrderForm, Reply, Result, Sending

if TYPE_CHECKING:
    from collections.abc import Mapping

    from protocols.gt06.messages.text import Said
    from protocols.order import Order

ORDER = 0x80
MOST_TEXT = 200
"""Characters of an order: the frame's one length byte leaves room for little more."""
MOST_TEMPLATE = 40
"""Characters a profile may write around the arguments."""
_FORMS: Mapping[str, OrderForm] = {
    "locate": OrderForm("Ask where the device is now."),
    "interval": OrderForm("Set the seconds between reports.", ("seconds",)),
    "text": OrderForm("Send an order in the device's own words, such as PARAM#.", ("text",)),
    "status": OrderForm("Ask for the device's state."),
    "reset": OrderForm("Restart the device."),
}
_ARGUMENTS = {
    "seconds": re.compile(r"[1-9][0-9]{0,5}"),
    "text": re.compile(rf"[\x20-\x7e]{{1,{MOST_TEXT}}}"),
}
_REFUSAL = re.compile(r"\b(?:err\w*|fail\w*|invalid|illegal|not supported)\b", re.IGNORECASE)


def order_text(kind: str, values: Mapping[str, str], orders: Mapping[str, str]) -> str:
    """The words of an order.

    Raises:
        OrderFault: no such order here, or an argument is missing, too much or wrong.
    """
    form, text = FORMS.get(kind), orders.get(kind)
    if form is None or not text:
        raise OrderFault(f"gt06 has no order {kind!r}; it has {', '.join(orders)}")
    if set(values) != set(form.required):
        raise OrderFault(f"order {kind} takes {', '.join(form.required) or 'no argument'}")
    _check_values(kind, values)
    said = text.format_map(values)
    if is_forbidden(said):
        raise OrderFault(f"{said!r} could make the device hear, see or record: it is sent to nobody")
    return said


def _check_values(kind: str, values: Mapping[str, str]) -> None:
    for name, value in values.items():
        if not _ARGUMENTS[name].fullmatch(value):
            raise OrderFault(f"order {kind}: {name} must match {_ARGUMENTS[name].pattern}")


FORMS: Mapping[str, OrderForm] = {
    kind: replace(form, trial=lambda order: _check_values(order.kind, order.values)) for kind, form in _FORMS.items()
}


def order_frame(text: str, flag: int, language: int, serial: int) -> bytes:
    """80: length B (flag and text), flag D, ASCII, [language W]."""
    said = flag.to_bytes(4, "big") + text.encode("ascii")
    return seal(ORDER, bytes((len(said),)) + said + (language.to_bytes(2, "big") if language else b""), serial)


def sending(order: Order, orders: Mapping[str, str], flag: int, language: int, serial: int) -> Sending:
    """An order on the wire, answered by the 15 or 21 that brings its flag back.

    Raises:
        OrderFault: see :func:`order_text`; a fence is no order here.
    """
    if order.shapes:
        raise OrderFault("gt06 cannot be given fences")
    text = order_text(order.kind, order.values, orders)
    return Sending((order_frame(text, flag, language, serial),), key_of(flag), key_of(flag))


def key_of(flag: int) -> str:
    """By what an answer is known."""
    return f"{flag:08x}"


def reply_of(said: Said) -> Reply:
    """A device's words as a reply; words of refusal mean that the order failed."""
    return Reply(key_of(said.flag), Result.FAILED if _REFUSAL.search(said.text) else Result.DONE, said.text)
