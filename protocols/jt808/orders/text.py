"""Words to the wearer, and bytes to what is connected to the device (8300, 8302, 8900)."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from protocols.errors import OrderFault
from protocols.jt808.messages import Edition
from protocols.jt808.messages.text import QUESTION
from protocols.jt808.orders.row import Row, Words, bits, choice
from protocols.jt808.parameters import gbk
from protocols.order import OrderForm

if TYPE_CHECKING:
    from protocols.order import Order

LONGEST_TEXT = 1024
"""Bytes of a text in GBK."""
_LONGEST_QUESTION, _LONGEST_ANSWER = 255, 1000
_MOST_ANSWERS = 255
_LONGEST_DATA = 16_384
_SHOWN = {"urgent": 1 << 0, "display": 1 << 2, "speak": 1 << 3, "billboard": 1 << 4}
_SHOWN_2019 = {"service": 1, "urgent": 2, "notice": 3, "display": 1 << 2, "speak": 1 << 3}
_TYPES_2019 = {"notice": 1, "service": 2}
_ASKED = {"urgent": 1 << 0, "speak": 1 << 3, "billboard": 1 << 4}
_WAITS = {"no": 0x0001, "yes": 0x6006}
_WAITS_DATA = {"no": 0x0001, "yes": 0x0900}
_CLASS_2019 = ("service", "urgent", "notice")


def _text(order: Order, edition: Edition) -> tuple[Words, ...]:
    """Flags, 2019 a type, the text; 2011 ends a text with a zero."""
    text = gbk(order.values["text"])
    if not 1 <= len(text) <= LONGEST_TEXT:
        raise OrderFault(f"text has {len(text)} bytes in GBK; 1 to {LONGEST_TEXT} can be shown")
    ends = choice(order, "answer", _WAITS, "no")
    if edition is Edition.E2019:
        return (Words(0x8300, bytes([_flags_2019(order), choice(order, "type", _TYPES_2019, "notice")]) + text, ends),)
    if "type" in order.values:
        raise OrderFault("text: type is of 2019; this device speaks an earlier edition")
    flags = bits(order, "flags", _SHOWN, "display,speak")
    return (Words(0x8300, bytes([flags]) + text + bytes(edition is Edition.E2011), ends),)


def _flags_2019(order: Order) -> int:
    """Bits 0-1 say what kind of text it is, so only one of three can be meant."""
    words = {one.strip() for one in order.values.get("flags", "notice,display,speak").split(",")}
    if len(words & set(_CLASS_2019)) > 1:
        raise OrderFault(f"text: flags name one of {', '.join(_CLASS_2019)}, not several")
    flags = bits(order, "flags", _SHOWN_2019, "notice,display,speak")
    return flags if flags & _SHOWN_2019["notice"] else flags | _SHOWN_2019["notice"]


def _question(order: Order, edition: Edition) -> tuple[Words, ...]:
    """Answers are numbered from 1 as they are given."""
    question, end = gbk(order.values["question"]), bytes(edition is Edition.E2011)
    answers = [gbk(one.strip()) + end for one in order.values["answers"].split("|") if one.strip()]
    if not 1 <= len(question) + len(end) <= _LONGEST_QUESTION:
        raise OrderFault(f"question has {len(question)} bytes in GBK; 1 to {_LONGEST_QUESTION} can be asked")
    if not 1 <= len(answers) <= _MOST_ANSWERS or max(map(len, answers)) > _LONGEST_ANSWER:
        raise OrderFault("question: write answers=YES|NO, each of them short")
    listed = [{"id": number, "text": text} for number, text in enumerate(answers, 1)]
    flags = bits(order, "flags", _ASKED, "speak")
    body = QUESTION.build({"flags": flags, "question": question + end, "answers": listed, "rest": b""})
    return (Words(0x8302, body, ends=0x0302),)


def _pass_through(order: Order, edition: Edition) -> tuple[Words, ...]:
    kind, data = _bytes(order, "type"), _bytes(order, "data")
    if len(kind) != 1 or len(data) > _LONGEST_DATA:
        raise OrderFault(f"pass_through: type is one byte (41), data at most {_LONGEST_DATA}")
    head = struct.pack(">IH", len(data), len(data)) if edition is Edition.E2011 else b""
    return (Words(0x8900, kind + head + data, choice(order, "answer", _WAITS_DATA, "no")),)


def _bytes(order: Order, name: str) -> bytes:
    try:
        return bytes.fromhex(order.values[name])
    except ValueError:
        raise OrderFault(f"{order.kind}: {name} is written in hexadecimal digits") from None


ROWS = {
    "text": Row(
        OrderForm(
            "Show a text; flags are urgent, display, speak, billboard (2019: service, urgent or notice, display, speak)"
            " joined by commas; type (2019) is notice or service; answer=yes waits for a maker's text answer.",
            ("text",),
            ("flags", "type", "answer"),
        ),
        _text,
    ),
    "question": Row(
        OrderForm("Ask a question with answers to choose from, written A|B|C.", ("question", "answers"), ("flags",)),
        _question,
    ),
    "pass_through": Row(
        OrderForm(
            "Hand bytes to what is connected to the device: type 41 and 42 are serial ports; type and data in"
            " hexadecimal digits; answer=yes waits for bytes that come back.",
            ("type", "data"),
            ("answer",),
        ),
        _pass_through,
    ),
}
