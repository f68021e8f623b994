"""Alarms with a cell and no position: 19, A5; and A7, a cell and a phone number.

Cell, status, voltage step, signal, alarm, language. 19 of some makers is a date and the cells heard.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from protocols.gt06.messages.blocks import CELLS_2G, CELLS_4G, STATE, TIME
from protocols.gt06.messages.message import fixed
from protocols.gt06.messages.position import mcc_tests
from protocols.gt06.messages.shown import names_network, network_or_none, with_network
from protocols.gt06.messages.times import binary_at

if TYPE_CHECKING:
    from protocols.gt06.messages.message import Form


def _cell_alarms(cells: tuple[tuple[bool, tuple[Any, ...]], ...]) -> tuple[Form, ...]:
    """A cell, then the state; the cell alone where its network cannot be."""
    stated = tuple(with_network(fixed(*cell, *STATE, tests=mcc_tests(0, wide=wide)), 0) for wide, cell in cells)
    return (*stated, *(fixed(*cell, tests=mcc_tests(0, wide=wide)) for wide, cell in cells))


_DATE_SIZE = 6
_begins_with_cell = network_or_none(0)


def _is_date_first(content: bytes) -> bool:
    """Whether a network stands behind six bytes that are no cell: a date, or the zeros of a clock that has none."""
    is_cell = _begins_with_cell(content) and any(content[:_DATE_SIZE])
    return not is_cell and names_network(content, _DATE_SIZE)


DATED_19 = tuple(
    replace(fixed(TIME, *cell, time=binary_at(0), tests=mcc_tests(_DATE_SIZE, wide=wide)), when=_is_date_first)
    for wide, cell in CELLS_2G
)
"""19 of some makers is no alarm: a date, and the cells heard, of which the first is read."""
ALARM_19 = (*DATED_19, *_cell_alarms(CELLS_2G))
ALARM_A5 = _cell_alarms(CELLS_4G)
ADDRESS_A7 = tuple(fixed(*cell, tests=mcc_tests(0, wide=wide)) for wide, cell in CELLS_4G)
