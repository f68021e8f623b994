"""Orders to an R16H and its replies. Only the names are documented: the arguments behind them are not confirmed."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from protocols.errors import OrderFault
from protocols.order import OrderForm, Reply, Result, Sending

if TYPE_CHECKING:
    from protocols.order import Order
    from protocols.r16h.sentences import Sentence

_IMEI_DIGITS = 15
_REFUSAL = re.compile(r"\b(?:fail\w*|err\w*|invalid|no)\b", re.IGNORECASE)


class Command(NamedTuple):
    """One row: the sentence's type, its arguments by name, and what each must look like."""

    name: str
    form: OrderForm
    pattern: dict[str, str]


COMMANDS = {
    "locate": Command("ROLL", OrderForm("Report the position now."), {}),
    "interval": Command(
        "STIN", OrderForm("Set the seconds between reports.", ("seconds",)), {"seconds": "[1-9][0-9]{0,5}"}
    ),
    "zone": Command(
        "STTZ",
        OrderForm("Set the clock's zone in hours ahead of UTC; the device's profile must then follow.", ("hours",)),
        {"hours": "[+-]?(?:[0-9]|1[0-4])"},
    ),
    "sos_numbers": Command(
        "STPH", OrderForm("Set the numbers the SOS key calls, joined by commas.", ("numbers",)),
        {"numbers": r"\+?[0-9]{3,18}(?:,\+?[0-9]{3,18}){0,4}"},
    ),
    "name": Command("STNA", OrderForm("Set the device's name.", ("name",)), {"name": r"[\w .-]{1,20}"}),
    "sms_alarms": Command(
        "STAL", OrderForm("Switch alarms by SMS on (1) or off (0).", ("on",)), {"on": "[01]"}
    ),
    "parameters": Command("CKPA", OrderForm("Ask for the parameters."), {}),
}  # fmt: skip
_NAMES = {command.name for command in COMMANDS.values()}


def sentence_of(identity: str, order: Order) -> Sending:
    """``@NAME,imei,arguments$``, answered by the RPLY that names it.

    Raises:
        OrderFault: no such order, or an argument is missing, too much or wrong.
    """
    command = COMMANDS.get(order.kind)
    if command is None:
        raise OrderFault(f"r16h has no order {order.kind!r}; it has {', '.join(COMMANDS)}")
    if order.shapes or set(order.values) != set(command.pattern):
        wanted = " and ".join(command.pattern) or "no argument"
        raise OrderFault(f"{order.kind} takes {wanted}")
    for name, pattern in command.pattern.items():
        if not re.fullmatch(pattern, order.values[name], re.ASCII):
            raise OrderFault(f"{order.kind}: {name} {order.values[name]!r} is not what the device takes")
    words = [command.name, identity.zfill(_IMEI_DIGITS), *order.values.values()]
    segment = f"@{','.join(words)}$".encode("ascii")
    return Sending((segment,), command.name, command.name)


ORDERS = {kind: replace(command.form, trial=lambda order: sentence_of("", order)) for kind, command in COMMANDS.items()}


def reply_of(sentence: Sentence, last: str) -> Reply:
    """What a RPLY says: of the order it names, or of the last one sent (``last``, the type) where it names none."""
    text = ",".join(sentence.fields)
    named = next((word for word in re.findall("[A-Z]{4}", text.upper()) if word in _NAMES), last)
    return Reply(named, Result.FAILED if _REFUSAL.search(text) else Result.DONE, text)
