"""Sessions at rest, as :mod:`protocols.jt808.turns` reads them."""

from __future__ import annotations

from struct import Struct
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from protocols.jt808.manners import Manners

LOCATION, HEARTBEAT = 0x0200, 0x0002
ADDRESS = 10
"""Bytes of the longer address."""
SEAT = np.dtype([
    ("address", "u1", (ADDRESS,)), ("version", "<i8"), ("urgent", "<u8"), ("items", "<u8", (4,)), ("looks", "?"),
    ("heartbeat", "?"),
])  # fmt: skip
"""Address bytes of its terminal, padded with 0; its protocol version, -1 before 2019; the urgent bits of alarm and
status word as one number; the ids of items that may be urgent, a bit each, and whether there are any; whether its
heartbeats are plain, that is tell nothing."""
_SEAT = Struct(f"<{ADDRESS}sqQ4Q??")


def seat_record(address: bytes, version: int, manners: Manners) -> bytes | None:
    """A record of ``SEAT``; None where positions of such terminals are not read in turns: their body may be urgent."""
    urgency = manners.urgency
    if LOCATION in urgency.bodies:
        return None
    is_2019, ids = version >= 0, _bits(urgency.items)
    is_plain = all(reader.id != HEARTBEAT for reader in manners.bodies) and HEARTBEAT not in urgency.bodies
    return _SEAT.pack(address, version, urgency.words[is_2019], *ids, bool(urgency.items), is_plain)


def _bits(ids: Iterable[int]) -> tuple[int, ...]:
    bits = sum(1 << one for one in ids)
    return tuple(bits >> shift & 0xFFFF_FFFF_FFFF_FFFF for shift in range(0, 256, 64))
