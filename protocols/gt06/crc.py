"""CRC-16/X-25 (ITU-T X.25 frame check sequence): polynomial 1021 reflected, initial FFFF, inverted at the end.

The standard library computes the unreflected twin of the same polynomial (``crc_hqx``): with every byte's bits turned
round before, and the sum's bits after, the two are one.
"""

from __future__ import annotations

from binascii import crc_hqx
from typing import TYPE_CHECKING

import numpy as np

from formulas.formula import formula

if TYPE_CHECKING:
    from numpy.typing import NDArray

_INITIAL = 0xFFFF
_POLYNOMIAL = 0x8408
_TURNED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))


def crc16(data: bytes) -> int:
    """The check value of ``data``, 0-65535: 906E for ``123456789``."""
    turned = crc_hqx(data.translate(_TURNED), _INITIAL)
    return (_TURNED[turned & 0xFF] << 8 | _TURNED[turned >> 8]) ^ _INITIAL


def _step(byte: int) -> int:
    for _ in range(8):
        byte = byte >> 1 ^ (_POLYNOMIAL if byte & 1 else 0)
    return byte


_TABLE = np.array([_step(byte) for byte in range(256)], np.uint16)


@formula
def crc_at(buffer: NDArray[np.uint8], begin: int, end: int) -> int:
    """:func:`crc16` of the bytes from ``begin`` up to ``end``."""
    check = _INITIAL
    for place in range(begin, end):
        check = check >> 8 ^ int(_TABLE[(check ^ int(buffer[place])) & 0xFF])
    return check ^ _INITIAL


def crc16_column(buffer: NDArray[np.uint8], start: NDArray[np.int64], end: NDArray[np.int64]) -> NDArray[np.uint16]:
    """:func:`crc16` of many stretches at once, the k-th byte of every stretch in round k.

    Args:
        buffer: uint8 (bytes,).
        start: int64 (n,), where each stretch begins in ``buffer``.
        end: int64 (n,), where it ends.

    Returns:
        uint16 (n,).
    """
    order = np.argsort(start - end, kind="stable")
    begin, size = start[order], (end - start)[order]
    sums = np.full(len(start), _INITIAL, np.uint16)
    # Longest first: those that still have a byte in round k are the first ones.
    going = np.searchsorted(-size, -np.arange(int(size[0]) if len(size) else 0), side="left")
    for offset, count in enumerate(going.tolist()):
        head = sums[:count]
        sums[:count] = head >> 8 ^ _TABLE[(head ^ buffer[begin[:count] + offset]) & 0xFF]
    result = np.empty_like(sums)
    result[order] = sums ^ _INITIAL
    return result
