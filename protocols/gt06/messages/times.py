"""Where a content's device time stands: functions for :attr:`protocols.gt06.messages.message.Form.time`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocols.gt06.clock import WIDTH, from_bcd, from_binary, from_either

if TYPE_CHECKING:
    from collections.abc import Callable


class BinaryAt:
    """Six plain bytes from ``offset`` on."""

    __slots__ = ("offset",)

    def __init__(self, offset: int) -> None:
        self.offset = offset

    def __call__(self, content: bytes) -> float:
        """The moment in a content."""
        return from_binary(content[self.offset : self.offset + WIDTH])


binary_at = BinaryAt


def bcd_at(offset: int) -> Callable[[bytes], float]:
    """Six BCD bytes from ``offset`` on."""
    return lambda content: from_bcd(content[offset : offset + WIDTH])


def either_at(offset: int) -> Callable[[bytes], float]:
    """Six bytes from ``offset`` on, plain or BCD."""
    return lambda content: from_either(content[offset : offset + WIDTH])


def epoch_at(offset: int) -> Callable[[bytes], float]:
    """Four bytes of epoch seconds."""
    return lambda content: float(int.from_bytes(content[offset : offset + 4], "big"))
