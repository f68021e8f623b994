"""Sessions at rest, as :mod:`protocols.gt06.turns` reads them."""

from __future__ import annotations

from struct import Struct
from typing import TYPE_CHECKING

import numpy as np

from protocols.gt06.messages.message import STATING
from protocols.gt06.plain import LAYOUTS, words_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from protocols.gt06.zone import Zone

SEAT = np.dtype([
    ("urgent", "<u8", (4 * len(STATING),)), ("local", "<u8", (4,)), ("layouts", "<u8"), ("ahead", "<f8"),
    ("watch", "<i8"),
])  # fmt: skip
"""Of its profile: the urgent values of status, alarm and event byte, a bit each; the numbers of messages whose clock is
not UTC; the layouts it asks for. Of its device: how far that clock is ahead, and what of it is not settled
(:class:`protocols.gt06.zone.Watch`)."""
_PROFILE, _DEVICE = Struct(f"<{4 * len(STATING)}Q4QQ"), Struct("<dq")


def profile_record(urgent: Mapping[str, frozenset[int]], local: Iterable[int], layouts: Iterable[str]) -> bytes:
    """What of a record of ``SEAT`` is its profile's."""
    wanted = set(layouts)
    asked = sum(1 << place for place, name in enumerate(LAYOUTS) if name in wanted)
    flags = [word for name in STATING for word in words_of(urgent[name])]
    return _PROFILE.pack(*flags, *words_of(local), asked)


def seat_record(profile: bytes, zone: Zone) -> bytes:
    """A record of ``SEAT``."""
    return profile + _DEVICE.pack(zone.ahead, zone.watch.value)
