"""Durations as officers write them, each within what its key can mean."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Annotated

from pydantic import AfterValidator, BeforeValidator

from gateway.settings.values import refusal, schema

if TYPE_CHECKING:
    from collections.abc import Mapping

_UNITS: Mapping[str, float] = {"s": 1.0, "min": 60.0, "h": 3600.0, "d": 86400.0}
_WRITTEN = re.compile(r"(\d+(?:\.\d+)?)\s*(s|min|h|d)", re.ASCII)


def seconds_of(text: str) -> float | None:
    """Seconds of ``90s``, ``15min``, ``2h``, ``1d``; None where it is no duration."""
    found = _WRITTEN.fullmatch(text.strip())
    return None if found is None else float(found[1]) * _UNITS[found[2]]


def written(seconds: float) -> str:
    """A duration as it may be written, in the largest unit that leaves a whole number."""
    whole = (unit for unit, length in reversed(list(_UNITS.items())) if seconds >= length and seconds % length == 0)
    unit = next(whole, "s")
    return f"{seconds / _UNITS[unit]:g}{unit}"


def within(least: str, most: str) -> AfterValidator:
    """Of a duration: both bounds, as officers would write them."""
    return AfterValidator(partial(_within, least=least, most=most))


def _duration(value: object) -> float:
    seconds = seconds_of(value) if isinstance(value, str) else None
    if seconds is None:
        raise refusal("empty" if value is None else "duration", value)
    return seconds


def _within(seconds: float, *, least: str, most: str) -> float:
    if seconds < (seconds_of(least) or 0.0):
        raise refusal("duration_short", None, bound=least)
    if seconds > (seconds_of(most) or 0.0):
        raise refusal("duration_long", None, bound=most)
    return seconds


Duration = Annotated[float, BeforeValidator(_duration), schema(r"^\d+(\.\d+)?\s*(s|min|h|d)$", "15min")]
"""Seconds, written ``90s``, ``15min``, ``2h`` or ``1d``."""
