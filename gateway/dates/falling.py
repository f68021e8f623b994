"""When something falls due: steps before an end, the review every 30 days, what comes again and again."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from gateway.dates.ends import DAY, STEPS, End, ends
from gateway.settings.law import REVIEW_DAYS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gateway.settings.model import Authority, Configuration


class Reached(NamedTuple):
    """A step before an end: how many days before, and when that is, UTC epoch seconds."""

    end: End
    days: int
    at: float


def steps(configuration: Configuration, now: float, since: float, until: float) -> list[Reached]:
    """Steps that fall into since < t <= until, of what holds ``now``; what begins after its step has none there."""
    found = (Reached(end, days, end.until - days * DAY) for end in ends(configuration, now) for days in STEPS)
    return sorted(
        (one for one in found if since < one.at <= until and one.end.start < one.at), key=lambda one: one.at
    )  # fmt: skip


def reviews(configuration: Configuration, since: float, until: float) -> list[tuple[Authority, float]]:
    """Authorities and when somebody is to ask whether each is still necessary, for since < t <= until."""
    return [
        (one, at)
        for one in configuration.authorities
        for at in every(one.start, REVIEW_DAYS * DAY, since, min(until, math.nextafter(one.until, -math.inf)))
    ]


def every(start: float, seconds: float, since: float, until: float) -> Iterator[float]:
    """Times that are whole multiples of ``seconds`` after ``start``, one at least, for since < t <= until."""
    first = max(1, math.floor((since - start) / seconds) + 1)
    last = math.floor((until - start) / seconds)
    return (start + count * seconds for count in range(first, last + 1))
