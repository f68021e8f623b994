"""The blocks of which GT06 messages are made: position, cell, state of the device.

GPS block, 18 bytes:

| offset | field | type | |
| --- | --- | --- | --- |
| 0 | year - 2000, month, day, hour, minute, second | BYTE each | whose zone, the session must know |
| 6 | low nibble: satellites, high nibble: length of the block | BYTE | |
| 7, 11 | latitude, longitude | DWORD, DWORD | 1/1,800,000 degree, without sign |
| 15 | speed | BYTE | km/h |
| 16 | bits 0-9 course, 10 north, 11 west, 12 located | WORD | |

Cell block: MCC WORD (bit 15: a two-byte MNC follows), MNC, LAC, cell id; the widths are the message's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import construct
import numpy as np
from construct import Bytes, Int8ub, Int16ub, Int32ub, Int64ub

from protocols.columns import Scaled
from protocols.gt06.clock import BinaryTime

if TYPE_CHECKING:
    from numpy.typing import NDArray

PER_DEGREE = 1_800_000
GPS_SIZE = 18
BLOCK_LENGTH = 0xC0
"""High nibble of the satellites byte: the GPS block counts its length."""
COURSE = 0x3FF
NORTH, WEST, LOCATED = 1 << 10, 1 << 11, 1 << 12
"""Bits of the flags behind the speed."""
MNC_IS_WORD = 0x8000
"""Bit of the MCC."""
FIRST_MCC, LAST_MCC = 200, 799


class Masked(construct.Adapter):  # type: ignore[misc]  # construct ships no types
    """An integer of which only the bits of ``mask`` are the value."""

    def __init__(self, subcon: Any, mask: int, also: int = 0) -> None:  # noqa: ANN401  # construct ships no types
        super().__init__(subcon)
        self.mask = mask
        self.also = also
        """Bits outside the mask that are set when built."""

    def _decode(self, obj: int, _context: object, _path: str) -> int:
        return obj & self.mask

    def _encode(self, obj: int, _context: object, _path: str) -> int:
        return obj & self.mask | self.also

    def column(self, raw: NDArray[Any]) -> NDArray[np.int64]:
        """The same for a whole column."""
        return raw.astype(np.int64) & self.mask


class Number24(construct.Adapter):  # type: ignore[misc]  # construct ships no types
    """Three bytes, big-endian, as a number."""

    def __init__(self) -> None:
        super().__init__(Bytes(3))

    def _decode(self, obj: bytes, _context: object, _path: str) -> int:
        return int.from_bytes(obj, "big")

    def _encode(self, obj: int, _context: object, _path: str) -> bytes:
        return obj.to_bytes(3, "big")

    def column(self, raw: NDArray[np.uint8]) -> NDArray[np.int64]:
        """uint8 (n, 3) to int64 (n,)."""
        high, middle, low = raw.T.astype(np.int64)
        number: NDArray[np.int64] = high << 16 | middle << 8 | low
        return number


class Wide(construct.Adapter):  # type: ignore[misc]  # construct ships no types
    """Eight bytes as a number; what does not fit 63 bits is no cell id, and becomes -1."""

    def __init__(self) -> None:
        super().__init__(Int64ub)

    def _decode(self, obj: int, _context: object, _path: str) -> int:
        return obj if obj < 1 << 63 else -1

    def _encode(self, obj: int, _context: object, _path: str) -> int:
        return obj & (1 << 64) - 1

    def column(self, raw: NDArray[np.uint64]) -> NDArray[np.int64]:
        """uint64 (n,) to int64 (n,)."""
        return np.where(raw < np.uint64(1 << 63), raw, np.uint64((1 << 64) - 1)).astype(np.uint64).view(np.int64)


def _coordinate() -> Any:  # noqa: ANN401  # construct ships no types
    return Scaled(Int32ub, PER_DEGREE)


PLACE = ("latitude" / _coordinate(), "longitude" / _coordinate())
SATELLITES = "satellites" / Masked(Int8ub, 0x0F, 0xC0)
TIME = "time" / BinaryTime()
GPS = (TIME, SATELLITES, *PLACE, "speed_kmh" / Int8ub, "fix" / Int16ub)
"""The GPS block's fields."""

MCC = "mcc" / Masked(Int16ub, 0x7FFF)
MCC_WIDE = "mcc" / Masked(Int16ub, 0x7FFF, MNC_IS_WORD)
MNC, MNC_WORD = "mnc" / Int8ub, "mnc" / Int16ub
AREA, AREA_LONG = "lac" / Int16ub, "lac" / Int32ub
CID_24, CID_32, CID_64 = "cid" / Number24(), "cid" / Int32ub, "cid" / Wide()

CELL = (MCC, MNC, AREA, CID_24)
CELL_WIDE = (MCC_WIDE, MNC_WORD, AREA, CID_24)
CELL_32 = (MCC, MNC, AREA, CID_32)
CELL_4G = (MCC, MNC, AREA_LONG, CID_64)
CELL_4G_WIDE = (MCC_WIDE, MNC_WORD, AREA_LONG, CID_64)
CELL_WORDS = (MCC, MNC_WORD, AREA, CID_32)
"""Every field a word or more, without the bit."""
CELLS_2G = ((False, CELL), (True, CELL_WIDE))
CELLS_4G = ((False, CELL_4G), (True, CELL_4G_WIDE))
"""By whether the MCC's bit 15 is set and the MNC has two bytes."""

STATUS, VOLTAGE, SIGNAL, ALARM = "status" / Int8ub, "voltage" / Int8ub, "signal" / Int8ub, "alarm" / Int8ub
STATE = (STATUS, VOLTAGE, SIGNAL, ALARM)
PERCENT = 100
"""Most that the voltage byte can say: a step, or a percentage."""
VOLTS = "volts" / Scaled(Int16ub, 100)
STORED = "stored" / Int8ub
