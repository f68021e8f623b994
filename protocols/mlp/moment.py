"""Times in answers: ``YYYYMMDDhhmmss`` of a local clock that is ``utc_off`` ahead of UTC (MLP 3.2, 5.3.102)."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, NamedTuple

from protocols.text import moment

if TYPE_CHECKING:
    from protocols.mlp.tree import Node

_OFFSET = re.compile(r"([+-]?)([0-9]{2}):?([0-9]{2})")
_WIDEST = 14 * 3600.0
CHINA = 8 * 3600.0
"""Seconds ahead of UTC: what a carrier's clock shows where it says nothing else."""


class Moment(NamedTuple):
    """UTC epoch seconds (NaN: no such moment), and whether the offset was said and is the county's."""

    time: float
    usual: bool


def read_moment(node: Node | None) -> Moment:
    """The time in a ``time`` element; an offset that cannot be one counts as not said."""
    if node is None:
        return Moment(math.nan, usual=True)
    offset = _offset(node.attributes.get("utc_off", ""))
    usual = offset == CHINA
    return Moment(moment(node.text.strip(), CHINA if math.isnan(offset) else offset), usual)


def _offset(written: str) -> float:
    found = _OFFSET.fullmatch(written.strip())
    if found is None:
        return math.nan
    seconds = int(found[2]) * 3600.0 + int(found[3]) * 60.0
    return math.nan if seconds > _WIDEST else -seconds if found[1] == "-" else seconds
