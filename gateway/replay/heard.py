"""``cells`` and ``wifi`` of a fixes table: ``mcc-mnc-lac-cid@signal/ta`` and ``bssid@rssi``, several joined by ``;``.

What follows ``@`` or ``/`` may be absent. A signal below 0 is dBm; any other is as the device states it, in a unit that
nobody knows. 0 stands for a number that the device does not know.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import numpy as np

from protocols.report import CellColumns, SignalUnit, WifiColumns

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MOST: Final = (999, 999, 0xFF_FFFF, (1 << 36) - 1)
"""Of MCC, MNC, LAC (or TAC, of 5G 24 bits) and cell id (of 5G 36 bits)."""
CELL: Final = re.compile(
    r"([0-9]{1,3})-([0-9]{1,3})-([0-9]{1,8})-([0-9]{1,11})"
    r"(?:@(?=.)([+-]?[0-9]{1,4}(?:\.[0-9]+)?)?(?:/([0-9]{1,4}))?)?"
)
POINT: Final = re.compile(r"([0-9A-Fa-f]{2}([:-]?)[0-9A-Fa-f]{2}(?:\2[0-9A-Fa-f]{2}){4})(?:@([+-]?[0-9]{1,3}))?")
_ABSENT: Final = -1


def check_cells(text: str) -> None:
    """Look at a list of cells; an empty text is none.

    Raises:
        ValueError: it is not of the form, and what is wanted.
    """
    for one in text.split(";") if text else ():
        found = CELL.fullmatch(one)
        if found is None or any(int(number) > most for number, most in zip(found.groups(), MOST, strict=False)):
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


def cells_of_texts(texts: Sequence[str]) -> CellColumns:
    """The cells of each row's text; all of the form."""
    rows = [(row, *_cell(*found.groups(""))) for row, found in _each(CELL, texts)]
    report, mcc, mnc, lac, cid, signal, unit, steps = np.array(rows, np.int64).reshape(-1, 8).T
    return CellColumns(
        report, mcc, mnc, lac, cid, signal.astype(np.int32), unit.astype(np.uint8), steps.astype(np.int32)
    )


def wifi_of_texts(texts: Sequence[str]) -> WifiColumns:
    """The access points of each row's text; all of the form."""
    rows = [
        (row, int(re.sub("[:-]", "", found[1]), 16), int(found[3] or 0)) for row, found in _each(POINT, texts)
    ]  # fmt: skip
    report, bssid, level = np.array(rows, np.int64).reshape(-1, 3).T
    return WifiColumns(report, bssid.astype(np.uint64), level.astype(np.int16))


def _each(form: re.Pattern[str], texts: Sequence[str]) -> Iterator[tuple[int, re.Match[str]]]:
    for row, text in enumerate(texts):
        for one in text.split(";") if text else ():
            found = form.fullmatch(one)
            if found is not None:
                yield row, found


def _cell(mcc: str, mnc: str, lac: str, cid: str, signal: str, steps: str) -> tuple[int, ...]:
    level = round(float(signal)) if signal else _ABSENT
    unit = SignalUnit.NONE if not signal else SignalUnit.DBM if level < 0 else SignalUnit.RAW
    return int(mcc), int(mnc), int(lac), int(cid), level, int(unit), int(steps or _ABSENT)
