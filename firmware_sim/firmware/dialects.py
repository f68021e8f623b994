"""The editions of JT/T 808 as a bracelet speaks them: one row each, read in the texts of 2011, 2013 and 2019.

The header says only whether it is of 2019; what is of 2011 shows in the bodies: strings end with a zero, lists say
twice how long they are, registrations are shorter, and there is no 0704.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from firmware_sim.firmware.messages import Message, authenticate_body, register_body
from firmware_sim.firmware.store import BATCH
from firmware_sim.firmware.wire import Edition
from protocols.jt808.messages import areas, login, parameters, text

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True)
class Dialect:
    """One edition.

    Attributes:
        header: which header it has.
        always_beats: it sends heartbeats beside other messages.
        batch: reports in one 0704; 1: there is none.
        ask_time: how it asks for the time (0109 is a maker's, answered by 8109).
        parameters: schema of 8103.
        text: schema of 8300.
        fences: schema of each message that sets some.
        register: body of 0100 for a terminal's name.
        authenticate: body of 0102 for a code and a phone.
        counts: the counts before the parameters of 0104, for their number.
    """

    header: Edition
    always_beats: bool
    batch: int
    ask_time: Message
    parameters: Any
    text: Any
    fences: dict[int, Any]
    register: Callable[[str], bytes]
    authenticate: Callable[[bytes, str], bytes]
    counts: Callable[[int], bytes]


def _register_2011(terminal: str) -> bytes:
    """0100: model BYTE[8] filled with blanks, plate an empty string: one zero."""
    name = terminal.encode("ascii")[-7:].ljust(7, b"\0")
    fields = {"province": 45, "city": 200, "maker": b"GOOME", "model": b"G10LS   ", "terminal": name}
    body: bytes = login.REGISTER_2011.build(fields | {"plate_colour": 0, "plate": b"\0"})
    return body


def _authenticate_2011(code: bytes, _phone: str) -> bytes:
    """0102: the code, a string that ends with a zero."""
    return code.removesuffix(b"\0") + b"\0"


def _one_count(number: int) -> bytes:
    return struct.pack(">B", number)


def _two_counts(number: int) -> bytes:
    """2011: in all, and in this message."""
    return struct.pack(">BB", number, number)


def _fences(circles: Any, rectangles: Any, polygon: Any) -> dict[int, Any]:  # noqa: ANN401  # construct ships no types
    return {Message.SET_CIRCLES: circles, Message.SET_RECTANGLES: rectangles, Message.SET_POLYGON: polygon}


JT808_2011 = Dialect(
    Edition.Y2013, always_beats=True, batch=1, ask_time=Message.MAKER_ASK_TIME,
    parameters=parameters.PARAMETERS_2011, text=text.TEXT,
    fences=_fences(areas.CIRCLES_2011, areas.RECTANGLES_2011, areas.POLYGON_2011),
    register=_register_2011, authenticate=_authenticate_2011, counts=_two_counts,
)  # fmt: skip
JT808_2013 = Dialect(
    Edition.Y2013, always_beats=False, batch=BATCH, ask_time=Message.MAKER_ASK_TIME,
    parameters=parameters.PARAMETERS, text=text.TEXT,
    fences=_fences(areas.CIRCLES, areas.RECTANGLES, areas.POLYGON),
    register=lambda terminal: register_body(terminal, Edition.Y2013),
    authenticate=lambda code, phone: authenticate_body(code, phone, Edition.Y2013), counts=_one_count,
)  # fmt: skip
JT808_2019 = Dialect(
    Edition.Y2019, always_beats=True, batch=BATCH, ask_time=Message.ASK_TIME,
    parameters=parameters.PARAMETERS, text=text.TEXT_2019,
    fences=_fences(areas.CIRCLES_2019, areas.RECTANGLES_2019, areas.POLYGON_2019),
    register=lambda terminal: register_body(terminal, Edition.Y2019),
    authenticate=lambda code, phone: authenticate_body(code, phone, Edition.Y2019), counts=_one_count,
)  # fmt: skip
OF_HEADER = {Edition.Y2013: JT808_2013, Edition.Y2019: JT808_2019}
"""What a bracelet speaks unless it is built otherwise."""
