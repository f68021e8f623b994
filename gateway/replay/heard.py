"""``cells`` and ``wifi`` of a fixes table: ``mcc-mnc-lac-cid@signal/ta`` and ``bssid@rssi``, several joined by ``;``.

What follows ``@`` or ``/`` may be absent. A signal is as the device states it, in whatever unit; 0 stands for a number
that the device does not know.
"""

from __future__ import annotations

import re
from typing import Final

MOST: Final = (999, 999, 0xFF_FFFF, (1 << 36) - 1)
"""Of MCC, MNC, LAC (or TAC, of 5G 24 bits) and cell id (of 5G 36 bits)."""
CELL: Final = re.compile(
    r"([0-9]{1,3})-([0-9]{1,3})-([0-9]{1,8})-([0-9]{1,11})(?:@(?=.)(?:[+-]?[0-9]{1,4}(?:\.[0-9]+)?)?(?:/[0-9]{1,4})?)?"
)
POINT: Final = re.compile(r"[0-9A-Fa-f]{2}([:-]?)[0-9A-Fa-f]{2}(?:\1[0-9A-Fa-f]{2}){4}(?:@[+-]?[0-9]{1,3})?")


def check_cells(text: str) -> None:
    """Look at a list of cells; an empty text is none.

    Raises:
        ValueError: it is not of the form, and what is wanted.
    """
    for one in text.split(";") if text else ():
        found = CELL.fullmatch(one)
        if found is None or any(int(number) > most for number, most in zip(found.groups(), MOST, strict=True)):
            raise ValueError(
                f"cells {one!r}: write mcc-mnc-lac-cid@signal/ta, several joined by ; for example 460-0-6334-1234@-83/2"
            )


def check_wifi(text: str) -> None:
    """Look at a list of access points; an empty text is none.

    Raises:
        ValueError: it is not of the form, and what is wanted.
    """
    for one in text.split(";") if text else ():
        if POINT.fullmatch(one) is None:
            raise ValueError(f"wifi {one!r}: write bssid@rssi, several joined by ; for example 0a:1b:2c:3d:4e:5f@-60")


CHECKS: Final = {"cells": check_cells, "wifi": check_wifi}
"""By column."""
