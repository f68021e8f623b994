"""Cells by one number: what versions and scans know them by."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from gateway.fusion.towers import AREA_BITS, CELL_BITS, NETWORK_BITS, NO_COUNTRY, area_of, spread

if TYPE_CHECKING:
    from gateway.fusion.scan.shapes import Flags, Integers

NO_CELL: Final = -1
UNKNOWN: Final = (0, 0xFFFF, 0xFFF_FFFF, 0x7FFF_FFFF)
"""Ids by which modems say that they do not know it: none, all ones of GSM, of LTE, of a phone's 31 bits."""
_SIGN: Final = np.uint64(1)


def keys_of(mcc: Integers, mnc: Integers, lac: Integers, cid: Integers) -> Integers:
    """Keys of cells, 0 and above; NO_CELL where that is no cell's name. Columns as ``CellColumns`` has them.

    A name has 80 bits, a key 63. Among a million cells two have one key with a chance of 5e-8; whoever would make one
    on purpose could as well state the other cell.
    """
    area = spread(area_of(mcc, mnc, lac))
    key = (spread(area + cid.astype(np.uint64)) >> _SIGN).astype(np.int64)
    keys: Integers = np.where(_is_name(mcc, mnc, lac, cid), key, NO_CELL)
    return keys


def _is_name(mcc: Integers, mnc: Integers, lac: Integers, cid: Integers) -> Flags:
    fits = (((mcc | mnc) >> NETWORK_BITS) | (lac >> AREA_BITS) | (cid >> CELL_BITS)) == 0
    is_name: Flags = fits & (mcc != NO_COUNTRY) & ~np.isin(cid, UNKNOWN)
    return is_name
