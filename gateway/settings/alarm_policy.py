"""Part of the model: how alarms are treated, and who is on duty."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AlarmPolicy:
    """How one kind of alarm is treated. ``after_seconds`` applies to kinds with a delay."""

    severity: str
    notify: tuple[str, ...] = ()
    escalate_after_seconds: float | None = None
    escalate_to: tuple[str, ...] = ()
    after_seconds: float | None = None
    by_level: tuple[float, float, float] | None = None
    """By the wearer's level, in the order of :data:`gateway.kinds.LEVELS`, of kinds whose delay differs by it."""


@dataclass(frozen=True, slots=True)
class Duty:
    """Staff on duty; minutes of the local day, both None: always."""

    name: str
    staff: tuple[str, ...]
    start_minute: int | None = None
    until_minute: int | None = None
