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

_SIZE_2013 = 37
_MODEL = slice(9, 29)
_PRINTABLE = range(0x20, 0x7F)


def edition_of_register(body: bytes, header: Edition) -> Edition:
    """Tell a 2011 registration from one of 2013: their headers are alike.

    The 2013 form is at least 37 bytes long and its model of 20 bytes is printable, then filled with 00.
    """
    if header is Edition.E2019:
        return header
    model = body[_MODEL].rstrip(b"\0")
    printable = all(byte in _PRINTABLE for byte in model)
    return Edition.E2013 if len(body) >= _SIZE_2013 and printable else Edition.E2011


def credential_in(body: bytes, header: Edition) -> str:
    """The authentication code of a 0102 body (GB18030).

    A zero behind it is a 2011 terminal's end of string. A 2019 body that is cut short gives what is there; one that
    begins with a character where the length should stand is the code alone, as before 2019.
    """
    code = body
    if header is Edition.E2019 and body and (body[0] < len(body) or body[0] not in _PRINTABLE):
        code = body[1 : 1 + body[0]]
    return code.removesuffix(b"\0").decode("gb18030", "replace")
