"""Hours in which somebody is to be somewhere once, as the engine looks at them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from gateway.settings.model import Configuration


class Hours(NamedTuple):
    """One appointment: start <= t < until, UTC epoch seconds, and so many seconds of grace; its document."""

    person: str
    zone: str
    start: float
    until: float
    document: str
    grace_s: float


def hours_of(configuration: Configuration) -> tuple[Hours, ...]:
    """All appointments, in the order of the configuration."""
    return tuple(
        Hours(each.person, each.zone, each.start, each.until, each.document, each.grace_s)
        for each in configuration.appointments
    )
