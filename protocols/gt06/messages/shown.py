"""What a content shows of its layout where neither its size nor a single byte does: networks, dates, places.

Makers have given the same number to different contents. The wrong reading contradicts itself: a country that is none, a
latitude beyond the pole.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from protocols.gt06.clock import from_binary
from protocols.gt06.messages.blocks import FIRST_MCC, LAST_MCC, MNC_IS_WORD, PER_DEGREE

if TYPE_CHECKING:
    from collections.abc import Callable

    from protocols.gt06.messages.message import Form

_NO_MCC = (0, MNC_IS_WORD - 1)
_LATITUDE_AT, _LONGITUDE_AT, _SPEED_AT = 7, 11, 15
_MOST_LATITUDE, _MOST_LONGITUDE = 90 * PER_DEGREE, 180 * PER_DEGREE


def names_network(content: bytes, at: int) -> bool:
    """Whether an MCC that there is stands at ``at``; its bit 15 is left alone."""
    return FIRST_MCC <= int.from_bytes(content[at : at + 2], "big") & ~MNC_IS_WORD <= LAST_MCC


def network_or_none(at: int) -> Callable[[bytes], bool]:
    """Whether an MCC that there is stands at ``at``, or one that says that no network is heard."""

    def can_be(content: bytes) -> bool:
        mcc = (content[at] << 8 | content[at + 1]) & ~MNC_IS_WORD
        return FIRST_MCC <= mcc <= LAST_MCC or mcc in _NO_MCC

    return can_be


def with_network(form: Form, at: int) -> Form:
    """The form, for contents in which the MCC at ``at`` can be one: what stands behind any other is something else."""
    return replace(form, when=network_or_none(at))


def is_dated(content: bytes) -> bool:
    """Whether a content begins with a moment."""
    return not math.isnan(from_binary(content))


def is_on_globe(content: bytes) -> bool:
    """Whether latitude and longitude of a GPS block that begins the content can be."""
    latitude = int.from_bytes(content[_LATITUDE_AT:_LONGITUDE_AT], "big")
    return latitude <= _MOST_LATITUDE and int.from_bytes(content[_LONGITUDE_AT:_SPEED_AT], "big") <= _MOST_LONGITUDE
