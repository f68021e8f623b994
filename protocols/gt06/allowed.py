"""What may be asked of a GT06 device, by order and, where it is told in its own words, by these."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from protocols.allowance import Allowance, Verdict, harmless_only
from protocols.device_words import of_device_text

if TYPE_CHECKING:
    from protocols.order import Order

_OTHERS = harmless_only(frozenset({"locate", "interval", "status"}))
QUERIES = frozenset({"CSQ", "DWXX", "GPRSSET", "HBT", "ICCID", "IMSI", "PARAM", "STATUS", "TIMER", "VERSION", "WHERE"})
"""Words that, by themselves, only ask."""
_REPORTS = re.compile(r"TIMER(?:\s*,\s*[1-9][0-9]{0,5}){1,2}", re.ASCII)


def allowance(order: Order) -> Verdict:
    """An order by its kind; ``text`` by its words."""
    return of_text(order.values.get("text", "")) if order.kind == "text" else _OTHERS(order)


def of_text(text: str) -> Verdict:
    """A text as it goes to the device, whatever order it stands for."""
    return of_device_text(text, _is_harmless)


def is_forbidden(text: str) -> bool:
    """Whether nobody may send it: also where a model's own words say it."""
    return of_text(text).allowance is Allowance.FORBIDDEN


def _is_harmless(part: str) -> bool:
    return part in QUERIES or _REPORTS.fullmatch(part) is not None
