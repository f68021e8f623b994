"""Part of the model: leave from duties, and removal of a bracelet with leave. Times in UTC epoch seconds."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

TRAVEL: Final = 6 * 3600.0
"""Seconds on the way where nothing is said."""


@dataclass(frozen=True, slots=True)
class Leave:
    """Approved leave: start <= t < ``ends``; ``zone`` may be empty.

    ``until``: as it was approved. ``returned``: when the person reported back, before that or after it; None: not yet.
    ``excuses``: ids of the rules that it lifts; empty: all. No leave opens a barred zone. ``travel_seconds``: for so
    long after its begin and before its end the person is on the way, and need not be in ``zone``.
    """

    person: str
    zone: str
    start: float
    until: float
    approved_by: str
    returned: float | None = None
    excuses: tuple[str, ...] = ()
    travel_seconds: float = TRAVEL

    @property
    def ends(self) -> float:
        """When it is over, UTC epoch seconds."""
        return self.until if self.returned is None else self.returned


class RemovalReason(StrEnum):
    """Why a bracelet may be off."""

    HOSPITAL = "hospital"
    EXAMINATION = "examination"
    REPAIR = "repair"


@dataclass(frozen=True, slots=True)
class Removal:
    """Taken off with leave: start <= t < until. Strap, case and silence are recorded meanwhile and are no alarm."""

    person: str
    reason: RemovalReason
    start: float
    until: float
    approved_by: str
