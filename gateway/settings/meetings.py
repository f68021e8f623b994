"""Part of the model: restrictions between people, and appointments. Distances in metres, times in seconds."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NotTogetherRule:
    """The rule's people are not to keep company: any two of them within ``within_m`` for ``lasting_s``."""

    within_m: float
    lasting_s: float


@dataclass(frozen=True, slots=True)
class KeepAwayRule:
    """Barred within ``within_m`` of a protected person; ``buffer_m`` beyond that it is said."""

    protected: str
    within_m: float
    buffer_m: float


@dataclass(frozen=True, slots=True)
class Appointment:
    """To be in a zone at any time in start <= t < until (UTC epoch seconds), with its document."""

    person: str
    zone: str
    start: float
    until: float
    document: str
    grace_s: float
