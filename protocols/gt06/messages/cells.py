"""Cells heard, and access points: 18 28 2E 2C A1 A2 24 33 34 A9, and the two WiFi messages without serial and CRC.

18, 28, 2E: date, MCC, MNC, 7 * {LAC W, id 3, level B}, timing advance (FF none), language W. 2C: the same, then
access points. A1: the same with {LAC D, id Q, level B}. A2: A1's, then access points. 24: date, timing advance, MCC,
MNC, count, {LAC W, id 3, level B}. 33 and A9: {LAC W, id D, level B}, six or seven of them (33 long: see ``alarm``), in
33 with access points behind them if they fill the rest, in A9 with an alarm byte behind the timing advance.

17, 69: BCD date, access points (their count is the frame's length byte), cells B, MCC W, MNC B, {LAC W, id W, level B}.
F3: BCD date, count B, {W, BSSID}.

The first cell is the serving one. Levels: the maker's document and other decoders contradict each other, so a cell's is
kept raw; in 17 and 69 it is a dBm without its sign.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from construct import (
    Array,
    Bytes,
    Computed,
    GreedyBytes,
    GreedyRange,
    Int8ub,
    Int16ub,
    Struct,
    this,
)

from protocols.gt06.clock import BcdTime
from protocols.gt06.messages.blocks import (
    ALARM,
    AREA,
    AREA_LONG,
    CID_24,
    CID_32,
    CID_64,
    MCC,
    MCC_WIDE,
    MNC,
    MNC_WORD,
    TIME,
)
from protocols.gt06.messages.message import MAX_CONTENT, Form
from protocols.gt06.messages.position import mcc_tests
from protocols.gt06.messages.times import bcd_at, binary_at

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_LEVEL = "level" / Int8ub
_TA = "ta" / Int8ub
ACCESS_POINT = Struct("bssid" / Bytes(6), _LEVEL)
WIFI_LIST = Struct("wifi_count" / Int8ub, "wifi" / GreedyRange(ACCESS_POINT), "rest" / GreedyBytes)
_LANGUAGE_SIZE = 2
_SHORT_CELL = Struct(AREA, CID_24, _LEVEL)
_MIDDLE_CELL = Struct(AREA, CID_32, _LEVEL)
_LONG_CELL = Struct(AREA_LONG, CID_64, _LEVEL)
_NETWORKS = ((False, (MCC, MNC)), (True, (MCC_WIDE, MNC_WORD)))
_MCC_AT = 6
_TA_BEFORE = 1


def _counted(parsed: Any) -> Mapping[str, Any]:  # noqa: ANN401  # construct ships no types
    """No more access points than the frame says it has: what stands behind them may look like one."""
    return dict(parsed) | {"wifi": parsed.wifi[: parsed.wifi_count]}


def _with_wifi(parsed: Any) -> Mapping[str, Any]:  # noqa: ANN401  # construct ships no types
    """Access points behind the cells; some put a language WORD before them, which the length gives away."""
    lists = _wifi_lists(parsed.behind)
    found = next((each for each in lists if _is_exact(each)), lists[0] if lists else None)
    return dict(parsed) | {"wifi": [] if found is None else found.wifi[: found.wifi_count]}


def _wifi_lists(behind: bytes) -> list[Any]:
    """What stands behind the cells read as access points, with and without a language before them."""
    return [WIFI_LIST.parse(behind[skip:]) for skip in (0, _LANGUAGE_SIZE) if len(behind) > skip]


def _is_exact(found: Any) -> bool:  # noqa: ANN401  # construct ships no types
    return found.wifi_count > 0 and len(found.wifi) == found.wifi_count and not found.rest


def _listed(
    cell: Any,  # noqa: ANN401  # construct ships no types
    count: int,
    *behind: Any,  # noqa: ANN401  # construct ships no types
    most: int = MAX_CONTENT,
    read: Callable[[Any], Mapping[str, Any]] = lambda parsed: parsed,
) -> tuple[Form, ...]:
    """Date, network, ``count`` cells, timing advance and what stands ``behind``."""
    forms = []
    for wide, network in _NETWORKS:
        schema = Struct(TIME, *network, "cells" / Array(count, cell), _TA, *behind)
        alarm = sum(part.sizeof() for part in behind if part is ALARM)
        least = _MCC_AT + 3 + wide + count * cell.sizeof() + 1 + alarm
        forms.append(Form(schema, least, most, tests=mcc_tests(_MCC_AT, wide=wide), time=binary_at(0), read=read))
    return tuple(forms)


_BEHIND = "behind" / GreedyBytes
_SIX_AT_MOST = 58
"""Content bytes up to which a list holds six cells with ids of four bytes; the seventh would need more."""
CELLS = _listed(_SHORT_CELL, 7)
CELLS_WIFI = _listed(_SHORT_CELL, 7, _BEHIND, read=_with_wifi)
CELLS_A1 = _listed(_LONG_CELL, 7)
CELLS_WIFI_A2 = _listed(_LONG_CELL, 7, _BEHIND, read=_with_wifi)


def _six_or_seven(parsed: Any) -> Mapping[str, Any]:  # noqa: ANN401  # construct ships no types
    """Six cells if access points fill the rest to the byte; else as many of seven as fit, and no access points."""
    body, size = parsed.body, _MIDDLE_CELL.sizeof()
    for count in (6, 7):
        found = next(filter(_is_exact, _wifi_lists(body[count * size + 1 :])), None)
        if found is not None:
            break
    else:
        count = 7 if len(body) > 7 * size else 6
    fields = dict(parsed) | {"cells": Array(count, _MIDDLE_CELL).parse(body), "ta": body[count * size]}
    return fields if found is None else fields | {"wifi": found.wifi}


CELLS_33 = tuple(
    Form(
        Struct(TIME, *network, "body" / GreedyBytes),
        _MCC_AT + 3 + wide + 6 * _MIDDLE_CELL.sizeof() + 1,
        tests=mcc_tests(_MCC_AT, wide=wide),
        time=binary_at(0),
        read=_six_or_seven,
    )
    for wide, network in _NETWORKS
)
CELLS_A9 = (*_listed(_MIDDLE_CELL, 6, ALARM, most=_SIX_AT_MOST), *_listed(_MIDDLE_CELL, 7, ALARM))
CELLS_24 = tuple(
    Form(
        Struct(TIME, _TA, *network, "count" / Int8ub, "cells" / GreedyRange(_SHORT_CELL)),
        _MCC_AT + _TA_BEFORE + 4 + wide,
        tests=mcc_tests(_MCC_AT + _TA_BEFORE, wide=wide),
        time=binary_at(0),
        read=lambda parsed: dict(parsed) | {"cells": parsed.cells[: parsed.count]},
    )
    for wide, network in _NETWORKS
)

_SMALL_CELL = Struct("lac" / Int16ub, "cid" / Int16ub, _LEVEL)
_CELLS_HEAD = 4


def _wifi_then_cells(parsed: Any) -> Mapping[str, Any]:  # noqa: ANN401  # construct ships no types
    """The content does not say how many access points it has (the frame's length byte does): the cells' count tells."""
    body, size = parsed.body, ACCESS_POINT.sizeof()
    for at in range(0, len(body) - _CELLS_HEAD + 1, size):
        if len(body) == at + _CELLS_HEAD + _SMALL_CELL.sizeof() * body[at]:
            found = _NETWORK_CELLS.parse(body[at:])
            wifi = Array(at // size, ACCESS_POINT).parse(body)
            return {"time": parsed.time, "wifi": wifi, "levels_dbm": True, **dict(found)}
    return {"time": parsed.time}


_NETWORK_CELLS = Struct("count" / Int8ub, MCC, MNC, "cells" / Array(this.count, _SMALL_CELL))
WIFI_FIRST = (Form(Struct("time" / BcdTime(), "body" / GreedyBytes), 10, time=bcd_at(0), read=_wifi_then_cells),)
_ADDRESS = Struct("unused" / Bytes(2), "bssid" / Bytes(6), "level" / Computed(0))
WIFI_F3 = (
    Form(
        Struct("time" / BcdTime(), "wifi_count" / Int8ub, "wifi" / GreedyRange(_ADDRESS)),
        7,
        time=bcd_at(0),
        read=_counted,
    ),
)
