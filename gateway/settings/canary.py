"""The bracelet whose test alarms prove, again and again, that alarms arrive."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gateway.settings.entries import Entry
    from gateway.settings.faults import Findings
    from gateway.settings.known import Known
    from gateway.settings.model import Assignment
    from gateway.settings.raw_canary import CanaryEntry


@dataclass(frozen=True, slots=True)
class Canary:
    """A device that nobody wears.

    Attributes:
        device: its id.
        every: seconds between two test alarms of it.
    """

    device: str
    every: float = 300.0


def canary(
    entry: Entry[CanaryEntry] | None, worn: Iterable[Assignment], known: Known, findings: Findings
) -> Canary | None:
    """The section; None: the county has none. A device that is unknown, or that somebody wears, is a fault."""
    if entry is None:
        return None
    value, place = entry.value, entry.place("device")
    known.check("unknown_device", value.device, place, findings)
    if any(one.device == value.device and one.until == math.inf for one in worn):
        findings.add(place, "canary_worn", value=value.device)
    return Canary(value.device, value.every)
