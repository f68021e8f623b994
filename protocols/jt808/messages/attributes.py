"""What a terminal is, and upgrades of its firmware (section 8; 2019 widens two fields).

0107: kind WORD (bits: 0 passenger, 1 dangerous goods, 2 freight, 3 taxi, 6 disk, 7 in two parts, 2019: 8 trailer),
maker BYTE[5] (2019: 5 or, as in a registration, 11), model BYTE[20] (2019: 30), terminal BYTE[7] (2019: 30), ICCID
BCD[10], hardware version with length BYTE, firmware version with length BYTE, GNSS BYTE, modem BYTE.

8108: type BYTE (0 terminal, 12 card reader, 52 GNSS), maker BYTE[5], version with length BYTE, data with length DWORD.
0108: type BYTE, result BYTE (0 ok, 1 failed, 2 cancelled).
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from construct import Bytes, ConstructError, GreedyBytes, Int8ub, Int16ub, Int32ub, Prefixed, Struct

from protocols.jt808.messages.message import Edition
from protocols.jt808.messages.padded import is_padded_text


def _attributes(model: int, terminal: int, maker: int = 5) -> Any:  # noqa: ANN401  # construct ships no types
    return Struct(
        "kind" / Int16ub,
        "maker" / Bytes(maker),
        "model" / Bytes(model),
        "terminal" / Bytes(terminal),
        "iccid" / Bytes(10),
        "hardware" / Prefixed(Int8ub, GreedyBytes),
        "firmware" / Prefixed(Int8ub, GreedyBytes),
        "gnss" / Int8ub,
        "modem" / Int8ub,
        "rest" / GreedyBytes,
    )


ATTRIBUTES = _attributes(20, 7)
ATTRIBUTES_2019 = _attributes(30, 30)
_FORMS = {
    Edition.E2013: (ATTRIBUTES, ATTRIBUTES_2019, _attributes(30, 30, 11), _attributes(20, 7, 11)),
    Edition.E2019: (ATTRIBUTES_2019, _attributes(30, 30, 11), ATTRIBUTES, _attributes(20, 7, 11)),
}
"""By what the header says, likeliest first: terminals write bodies of the one edition under headers of the other."""

UPGRADE = Struct(
    "type" / Int8ub,
    "maker" / Bytes(5),
    "version" / Prefixed(Int8ub, GreedyBytes),
    "data" / Prefixed(Int32ub, GreedyBytes),
)
UPGRADE_RESULT = Struct("type" / Int8ub, "result" / Int8ub)


def read_attributes(body: bytes, edition: Edition) -> Any:  # noqa: ANN401  # construct ships no types
    """A 0107 body in the form that its own bytes prove best: texts where texts stand, digits, an end at its end.

    Raises:
        ConstructError: it is none of them.
    """
    readings = []
    for form in _FORMS.get(edition, _FORMS[Edition.E2013]):
        with suppress(ConstructError):
            readings.append(form.parse(body))
    if not readings:
        raise ConstructError("no form of a terminal's attributes fits")
    return max(readings, key=_proofs)


def _proofs(read: Any) -> int:  # noqa: ANN401  # as above
    texts = (read.maker, read.model, read.terminal, read.hardware, read.firmware)
    digits = read.iccid.hex().rstrip("f")
    return 2 * int(not read.rest) + 2 * int(digits.isdecimal()) + sum(map(is_padded_text, texts))
