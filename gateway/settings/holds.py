"""Legal holds: what is neither removed nor erased while a document asks for it."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from gateway.settings.calendar import epoch

if TYPE_CHECKING:
    from collections.abc import Sequence
    from zoneinfo import ZoneInfo

    from gateway.settings.entries import Entry
    from gateway.settings.faults import Findings
    from gateway.settings.known import Known
    from gateway.settings.raw_holds import HoldEntry

_ALARM: Final = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Hold:
    """What is kept of a person, or of an alarm (the other is empty), start <= t < until (``inf`` when open)."""

    person: str
    alarm: str
    document: str
    start: float
    until: float

    @property
    def name(self) -> str:
        """The document, and of what."""
        return f"{self.document} {self.person or self.alarm}"


def holds(entries: Sequence[Entry[HoldEntry]], known: Known, zone: ZoneInfo, findings: Findings) -> tuple[Hold, ...]:
    """All holds, in their order."""
    for entry in entries:
        _check(entry, known, findings)
    return tuple(
        Hold(
            each.person or "", each.alarm or "", each.document, epoch(each.start, zone),
            math.inf if each.until is None else epoch(each.until, zone),
        )
        for each in (entry.value for entry in entries)
    )  # fmt: skip


def in_force(holds: Sequence[Hold], now: float) -> list[Hold]:
    """Those that hold at a time, UTC epoch seconds."""
    return [one for one in holds if one.start <= now < one.until]


def _check(entry: Entry[HoldEntry], known: Known, findings: Findings) -> None:
    value = entry.value
    if (value.person is None) == (value.alarm is None):
        findings.add(entry.place("document"), "hold_of")
    if value.person is not None:
        known.check("unknown_person", value.person, entry.place("person"), findings)
    if value.alarm is not None and not _ALARM.fullmatch(value.alarm):
        findings.add(entry.place("alarm"), "hold_alarm", value=value.alarm)
    if value.until is not None and value.until <= value.start:
        findings.add(entry.place("until"), "period_reversed")
