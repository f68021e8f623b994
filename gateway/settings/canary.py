"""The bracelet whose test alarms prove, again and again, that alarms arrive."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gateway.kinds import KINDS, TRIALS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gateway.settings.entries import Entry
    from gateway.settings.faults import Findings
    from gateway.settings.known import Known
    from gateway.settings.model import Assignment
    from gateway.settings.raw_canary import CanaryEntry, DrillEntry


@dataclass(frozen=True, slots=True)
class Drill:
    """A test alarm that rings.

    Attributes:
        day, minute: of the month and of the local day when it begins by itself; 0: only when a leader begins one.
        like: the kind of alarm whose ladder it goes by.
        wait: seconds for which answers are waited for.
    """

    day: int = 0
    minute: int = 0
    like: str = "sos"
    wait: float = 1800.0


@dataclass(frozen=True, slots=True)
class Canary:
    """A device that nobody wears.

    Attributes:
        device: its id.
        every: seconds between two test alarms of it.
        drill: of those that ring.
    """

    device: str
    every: float = 300.0
    drill: Drill = Drill()


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
    return Canary(value.device, value.every, Drill() if value.drill is None else _drill(entry, value.drill, findings))


def _drill(entry: Entry[CanaryEntry], value: DrillEntry, findings: Findings) -> Drill:
    if value.like not in KINDS or value.like in TRIALS:
        findings.add(entry.place("drill", "like"), "drill_like", value=value.like)
    return Drill(value.day, value.at, value.like, value.wait)
