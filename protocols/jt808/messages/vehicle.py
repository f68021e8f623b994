"""Vehicle control and driver identity (section 8).

8500: flags BYTE (bit 0: 0 unlock, 1 lock); 2019: count WORD, {type WORD, parameter}: 0001 door, BYTE 0 lock, 1 open.
0702: state BYTE (1 card in, 2 out), time BCD[6]; only for 1: result BYTE; only for its 0: name with length BYTE,
certificate BYTE[20], issuer with length BYTE, valid until BCD[4], 2019: id number BYTE[20]. 2011: name with length
BYTE, id number BYTE[20], certificate BYTE[40], issuer with length BYTE.
"""

from __future__ import annotations

from typing import Any

from construct import Bytes, GreedyBytes, If, Int8ub, Int16ub, Prefixed, Struct, this

CARD_IN = 1

CONTROL_VEHICLE = Struct("flags" / Int8ub)
CONTROL_VEHICLE_2019 = Struct("count" / Int16ub, "controls" / GreedyBytes)
"""Only the door's parameter is known to be a byte, so a list with others cannot be cut."""

_TEXT = Prefixed(Int8ub, GreedyBytes)


def _driver(*more: Any) -> Any:  # noqa: ANN401  # construct ships no types
    card = Struct("name" / _TEXT, "certificate" / Bytes(20), "issuer" / _TEXT, "valid_until" / Bytes(4), *more)
    read = Struct("result" / Int8ub, "card" / If(this.result == 0, card))
    return Struct("state" / Int8ub, "time" / Bytes(6), "read" / If(this.state == CARD_IN, read))


DRIVER = _driver()
DRIVER_2019 = _driver("identity" / Bytes(20))
DRIVER_2011 = Struct("name" / _TEXT, "identity" / Bytes(20), "certificate" / Bytes(40), "issuer" / _TEXT)
