"""Registration and authentication (2013, sections 8.5-8.8).

0100:

| field | 2011 | 2013 | 2019 |
| --- | --- | --- | --- |
| province, city | WORD, WORD | WORD, WORD | WORD, WORD |
| maker | BYTE[5] | BYTE[5] | BYTE[11] |
| model | BYTE[8] | BYTE[20] | BYTE[30] |
| terminal | BYTE[7] | BYTE[7] | BYTE[30] |
| plate colour, plate | BYTE, STRING | BYTE, STRING | BYTE, STRING |

8100: answered serial WORD, result BYTE, authentication code STRING only when the result is 0.
0102: the code is the whole body; 2019: length BYTE, code, IMEI BYTE[15], software version BYTE[20].
"""

from __future__ import annotations

from typing import Any

from construct import Bytes, GreedyBytes, If, Int8ub, Int16ub, Optional, Prefixed, Struct, this

from protocols.jt808.messages.message import Edition
from protocols.jt808.messages.padded import is_padded_text

REGISTERED, ALREADY_VEHICLE, UNKNOWN_VEHICLE, ALREADY_TERMINAL, UNKNOWN_TERMINAL = range(5)


def _register(maker: int, model: int, terminal: int) -> Any:  # noqa: ANN401  # construct ships no types
    return Struct(
        "province" / Int16ub,
        "city" / Int16ub,
        "maker" / Bytes(maker),
        "model" / Bytes(model),
        "terminal" / Bytes(terminal),
        "plate_colour" / Int8ub,
        "plate" / GreedyBytes,
    )


REGISTER_2011 = _register(5, 8, 7)
REGISTER = _register(5, 20, 7)
REGISTER_2019 = _register(11, 30, 30)

REGISTER_ANSWER = Struct("answered_serial" / Int16ub, "result" / Int8ub, "code" / If(this.result == 0, GreedyBytes))

AUTHENTICATE = Struct("code" / GreedyBytes)
AUTHENTICATE_2019 = Struct(
    "code" / Prefixed(Int8ub, GreedyBytes),
    "imei" / Optional(Bytes(15)),
    "software" / GreedyBytes,
)

_FIXED_2011, _FIXED_2013 = 25, 37
"""Bytes before the plate."""
_MODEL_2013 = slice(9, 29)
_PRINTABLE = range(0x20, 0x7F)
_COLOURS = (*range(0x20), *range(91, 95))
"""Of plates: 0 none, 1-9, and since 2020 91-94; a letter is none."""
_TAIL_2019 = 35
"""Bytes behind the code of an authentication: IMEI and software version."""


def edition_of_register(body: bytes, header: Edition) -> Edition:
    """Tell a 2011 registration from one of 2013: their headers are alike.

    Shorter than 2013's fixed part it is of 2011; else the form whose texts and plate colour can be such is meant. Read
    in the wrong form, padding and colours come to stand inside the plate. 2013 where both can be, or neither.
    """
    if header is Edition.E2019:
        return header
    in_2013 = len(body) >= _FIXED_2013 and is_padded_text(body[_MODEL_2013]) and _has_plate(body, _FIXED_2013)
    is_2011 = len(body) < _FIXED_2013 or (not in_2013 and _has_plate(body, _FIXED_2011))
    return Edition.E2011 if is_2011 else Edition.E2013


def _has_plate(body: bytes, fixed: int) -> bool:
    """Whether a plate can stand behind a fixed part of that size, which ends in its colour."""
    return body[fixed - 1] in _COLOURS and is_padded_text(body[fixed:])


def credential_in(body: bytes, header: Edition) -> str:
    """The authentication code of a 0102 body (GB18030).

    A zero behind it is a 2011 terminal's end of string. A 2019 body that is cut short gives what is there; one that
    begins with a character where the length should stand is the code alone, as before 2019. A body of 2019 under an
    older header is known by a length that no code begins with, or that leads to its end.
    """
    if header is Edition.E2019:
        has_length = bool(body) and (body[0] < len(body) or body[0] not in _PRINTABLE)
    else:
        has_length = bool(body) and _leads_to_end(body)
    code = body[1 : 1 + body[0]] if has_length else body
    return code.removesuffix(b"\0").decode("gb18030", "replace")


def _leads_to_end(body: bytes) -> bool:
    after = len(body) - 1 - body[0]
    return after == _TAIL_2019 or (body[0] not in _PRINTABLE and after >= 0)
