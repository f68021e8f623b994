"""Cells heard, and access points: 18 28 2E 2C A1 A2 24 33 34 A9, and the two WiFi messages without serial and CRC.

18, 28, 2E: date, MCC, MNC, 7 * {LAC W, id 3, level B}, timing advance (FF none), language W. 2C: the same, then
access points. A1: the same with {LAC D, id Q, level B}. A2: A1's, then access points. 24: date, timing advance, MCC,
MNC, count, {LAC W, id 3, level B}. 33 and A9: {LAC W, id D, level B}, six or seven of them (33 long: see ``alarm``), in
33 with access points behind them if they fill the rest, in A9 with an alarm byte behind the timing advance.

17, 69: count of access points B, message B, BCD date, access points, cells B, MCC W, MNC B, {LAC W, id W, level B}; in
a frame with a CRC (its length byte is a length), or with a false count, from the date on.
F3: date (plain, in some hands BCD), count B, {W, BSSID}.

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

from protocols.gt06.clock import BcdTime, EitherTime
from protocols.gt06.messages.blocks import (
    ALARM,
    AREA,
    AREA_LONG,
    CID_24,
    CID_32,
    CID_64,
    FIRST_MCC,
    LAST_MCC,
    MCC,
    MCC_WIDE,
    MNC,
    MNC_WORD,
    TIME,
)
from protocols.gt06.messages.message import MAX_CONTENT, Form, Test
from protocols.gt06.messages.position import mcc_tests
from protocols.gt06.messages.times import bcd_at, binary_at, either_at
from protocols.gt06.wire import WIFI_MESSAGES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

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
    return dict(parsed) | {"wifi": _points_in(parsed.behind, 0)}


def _with_language_and_wifi(parsed: Any) -> Mapping[str, Any]:  # noqa: ANN401  # construct ships no types
    """The same behind a language, which some leave out: it begins with 00, and no count of access points does."""
    return dict(parsed) | {"wifi": _points_in(parsed.behind, 0 if parsed.behind[:1] > b"\0" else _LANGUAGE_SIZE)}


def _points_in(behind: bytes, usual: int) -> Sequence[Any]:
    """Access points of the list that fills the bytes; of a cut or overlong one, what is whole from ``usual`` on."""
    lists = _wifi_lists(behind)
    found = next(filter(_is_exact, lists.values()), lists.get(usual))
    return [] if found is None else found.wifi[: found.wifi_count]


def _wifi_lists(behind: bytes) -> Mapping[int, Any]:
    """What stands behind the cells read as access points, by the size of a language before them: none, or a WORD."""
    return {skip: WIFI_LIST.parse(behind[skip:]) for skip in (0, _LANGUAGE_SIZE) if len(behind) > skip}


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
        least = _MCC_AT + 3 + wide + count * cell.sizeof() + 1
        flags_at = (("alarm", least),) if ALARM in behind else ()
        forms.append(
            Form(
                schema, least + len(flags_at), most, tests=mcc_tests(_MCC_AT, wide=wide), time=binary_at(0), read=read,
                flags_at=flags_at,
            )
        )  # fmt: skip
    return tuple(forms)


_BEHIND = "behind" / GreedyBytes
_SIX_AT_MOST = 58
"""Content bytes up to which a list holds six cells with ids of four bytes; the seventh would need more."""
CELLS = _listed(_SHORT_CELL, 7)
CELLS_WIFI = _listed(_SHORT_CELL, 7, _BEHIND, read=_with_language_and_wifi)
CELLS_A1 = _listed(_LONG_CELL, 7)
CELLS_WIFI_A2 = _listed(_LONG_CELL, 7, _BEHIND, read=_with_wifi)


def _six_or_seven(parsed: Any) -> Mapping[str, Any]:  # noqa: ANN401  # construct ships no types
    """Six cells if access points fill the rest to the byte; else as many of seven as fit, and no access points."""
    body, size = parsed.body, _MIDDLE_CELL.sizeof()
    for count in (6, 7):
        found = next(filter(_is_exact, _wifi_lists(body[count * size + 1 :]).values()), None)
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
    """Access points, as many as the frame states if it does and truly, and the cells behind them."""
    body, points = parsed.body, _points_before_cells(parsed.body, parsed.get("wifi_count", -1))
    if points < 0:
        return {"time": parsed.time}
    found = _NETWORK_CELLS.parse(body[points * ACCESS_POINT.sizeof() :])
    wifi = Array(points, ACCESS_POINT).parse(body)
    return {"time": parsed.time, "wifi": wifi, "levels_dbm": True, **dict(found)}


def _points_before_cells(body: bytes, stated: int) -> int:
    """How many access points stand before the cells: as stated, or where a network that there is follows; -1: none fit.

    Of other counts of access points the count of the cells must tell, and it may do so by accident.
    """
    size = ACCESS_POINT.sizeof()
    behind = {points: body[points * size :] for points in range((len(body) - _CELLS_HEAD) // size + 1)}
    fitting = {
        points: rest for points, rest in behind.items() if len(rest) == _CELLS_HEAD + _SMALL_CELL.sizeof() * rest[0]
    }
    if stated in fitting:
        return stated
    return next((points for points, rest in fitting.items() if _begins_with_network(rest[1:])), next(iter(fitting), -1))


def _begins_with_network(data: bytes) -> bool:
    return FIRST_MCC <= int.from_bytes(data[:2], "big") <= LAST_MCC


_NETWORK_CELLS = Struct("count" / Int8ub, MCC, MNC, "cells" / Array(this.count, _SMALL_CELL))
_DATED = ("time" / BcdTime(), "body" / GreedyBytes)
_STATED = ("wifi_count" / Int8ub, "message" / Int8ub)
WIFI_FIRST = (
    *(
        Form(Struct(*_STATED, *_DATED), 12, tests=(Test(1, 0xFF, message),), time=bcd_at(2), read=_wifi_then_cells)
        for message in WIFI_MESSAGES
    ),
    Form(Struct(*_DATED), 10, time=bcd_at(0), read=_wifi_then_cells),
)
"""Where the count stands before the message, the message is no month."""
_ADDRESS = Struct("unused" / Bytes(2), "bssid" / Bytes(6), "level" / Computed(0))
WIFI_F3 = (
    Form(
        Struct("time" / EitherTime(), "wifi_count" / Int8ub, "wifi" / GreedyRange(_ADDRESS)),
        7,
        time=either_at(0),
        read=_counted,
    ),
)
