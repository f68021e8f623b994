"""17 and 69 with a CRC in the hands of makers who mean no access points by them.

GPS block, cell, and the number of a card; or a cell and a phone number. A frame without CRC never is one of these: its
content begins with a count and 17 or 69.
"""

from __future__ import annotations

import math
from dataclasses import replace

from protocols.gt06.clock import WIDTH, from_bcd
from protocols.gt06.messages.blocks import CELLS_2G, GPS, GPS_SIZE
from protocols.gt06.messages.message import fixed
from protocols.gt06.messages.position import mcc_tests
from protocols.gt06.messages.shown import is_dated, is_on_globe, names_network, network_or_none
from protocols.gt06.messages.times import binary_at
from protocols.gt06.wire import WIFI_MESSAGES

_has_network = network_or_none(GPS_SIZE)


def _is_position(content: bytes) -> bool:
    return is_dated(content) and is_on_globe(content) and _has_network(content)


def _is_cell(content: bytes) -> bool:
    is_bare = content[1] in WIFI_MESSAGES
    return not is_bare and names_network(content, 0) and math.isnan(from_bcd(content[:WIDTH]))


GPS_CARD = tuple(
    replace(fixed(*GPS, *cell, time=binary_at(0), tests=mcc_tests(GPS_SIZE, wide=wide)), when=_is_position)
    for wide, cell in CELLS_2G
)
CELL_PHONE = tuple(replace(fixed(*cell, tests=mcc_tests(0, wide=wide)), when=_is_cell) for wide, cell in CELLS_2G)
CARD_OR_PHONE = (*GPS_CARD, *CELL_PHONE)
