"""Events, information menus, phone book and calls (section 8; 2019 keeps the ids).

8301: kind BYTE (0 delete all, nothing follows; 1 replace, 2 add, 3 change, 4 delete these), count BYTE (2011: in all,
then count in this packet BYTE), {id BYTE, text with length BYTE}*. 0301: event id BYTE.
8303: kind BYTE, count BYTE, {type BYTE, name with length WORD}*. 0303: type BYTE, 0 cancel / 1 subscribe BYTE.
8304: type BYTE, text with length WORD. 8400: 0 call / 1 listen BYTE, phone STRING.
8401: kind BYTE, count BYTE, {flag BYTE (1 in, 2 out, 3 both), phone with length BYTE, name with length BYTE}*.
"""

from __future__ import annotations

from typing import Any

from construct import GreedyBytes, If, Int8ub, Int16ub, Prefixed, PrefixedArray, Struct, this

_SHORT_TEXT, _LONG_TEXT = Prefixed(Int8ub, GreedyBytes), Prefixed(Int16ub, GreedyBytes)


def _menu(entry: Any, *, in_all: bool = False) -> Any:  # noqa: ANN401  # construct ships no types
    total = ("total" / If(this.kind != 0, Int8ub),) if in_all else ()
    return Struct("kind" / Int8ub, *total, "entries" / If(this.kind != 0, PrefixedArray(Int8ub, entry)))


_EVENT = Struct("id" / Int8ub, "text" / _SHORT_TEXT)
EVENTS = _menu(_EVENT)
EVENTS_2011 = _menu(_EVENT, in_all=True)
EVENT = Struct("event" / Int8ub)

INFORMATION_MENU = _menu(Struct("type" / Int8ub, "name" / _LONG_TEXT))
SUBSCRIPTION = Struct("type" / Int8ub, "wanted" / Int8ub)
INFORMATION = Struct("type" / Int8ub, "text" / _LONG_TEXT)

CALL_BACK = Struct("listen" / Int8ub, "phone" / GreedyBytes)
PHONE_BOOK = _menu(Struct("flag" / Int8ub, "phone" / _SHORT_TEXT, "name" / _SHORT_TEXT))
