"""An order as it is asked for, before it is checked."""

from __future__ import annotations

import msgspec


class Wish(msgspec.Struct, frozen=True):
    """What the command line asks for: an order, for whom, by whom, for how many seconds it may wait, and why.

    ``reason`` is needed of maintenance alone.
    """

    device: str
    kind: str
    by: str
    values: dict[str, str] = {}
    expires: float = 900.0
    reason: str = ""
