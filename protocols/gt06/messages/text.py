"""Orders and their answers: 80 down; 15 (short) and 21 (long) up; and the address request 2A with its answer 97.

80: length B (4 + n), server flag D, ASCII n, language W. 15: the same. 21: server flag D, coding B (1 ASCII, 2 UTF-16,
big-endian), text. The flag comes back as it was sent.
"""

from __future__ import annotations

from typing import NamedTuple

from construct import Bytes, GreedyBytes, Int8ub, Int32ub, Struct, this

_FLAG_SIZE = 4
TEXT_15 = Struct("size" / Int8ub, "flag" / Int32ub, "text" / Bytes(this.size - _FLAG_SIZE), "rest" / GreedyBytes)
TEXT_21 = Struct("flag" / Int32ub, "coding" / Int8ub, "text" / GreedyBytes)
_UTF16 = 2
_HEAD = 5


class Said(NamedTuple):
    """What a device says to an order: the flag it was given with it, and the text."""

    flag: int
    text: str


def said_in_15(content: bytes) -> Said | None:
    """The answer in a 15; None where it is too short or its length is false."""
    if len(content) < _HEAD or not _FLAG_SIZE <= content[0] < len(content):
        return None
    found = TEXT_15.parse(content)
    return Said(found.flag, _ascii(found.text))


def said_in_21(content: bytes) -> Said | None:
    """The answer in a 21; None where it is too short."""
    if len(content) < _HEAD:
        return None
    found = TEXT_21.parse(content)
    text = found.text.decode("utf-16-be", "replace") if found.coding == _UTF16 else _ascii(found.text)
    return Said(found.flag, text)


def _ascii(text: bytes) -> str:
    return text.decode("ascii", "replace")


SAID = {0x15: said_in_15, 0x21: said_in_21, 0x121: said_in_21}
