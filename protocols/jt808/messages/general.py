"""General answers and messages without a body (2013, sections 8.1-8.4, 8.10).

0001 and 8001: answered serial WORD, answered id WORD, result BYTE (0 ok, 1 failed, 2 malformed, 3 not supported; 8001
also 4 alarm handled). 8004: server time BCD[6], **UTC**.
"""

from __future__ import annotations

from construct import Bytes, Int8ub, Int16ub, Pass, Struct

OK, FAILED, MALFORMED, UNSUPPORTED = 0, 1, 2, 3

GENERAL_ANSWER = Struct("answered_serial" / Int16ub, "answered_message" / Int16ub, "result" / Int8ub)
SERVER_TIME = Struct("time" / Bytes(6))
EMPTY = Pass

MAKER_TIME = Struct(
    "year" / Int16ub,
    "month" / Int8ub,
    "day" / Int8ub,
    "hour" / Int8ub,
    "minute" / Int8ub,
    "second" / Int8ub,
    "result" / Int8ub,
)
"""8109, a maker's answer to 0109; UTC."""

PADLOCK_ANSWER = Struct("answered_message" / Int16ub, "result" / Int8ub)
"""4401, seen in answers to 5501."""
