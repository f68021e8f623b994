"""The demo's count: what was expected, what the platform received, what is missing, false or doubled."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

EARLY = 1800.0
LATE = 7200.0
"""Seconds by which a stated onset may precede or follow the true one: a report interval and a stretch without fixes."""
BECOMES = {"curfew_late": "curfew_absent"}
"""A late return whose night is not over yet stands for the whole absence it will become."""


@dataclass(frozen=True, slots=True)
class Expected:
    """An alarm that the written schedule is worth."""

    device: str
    kind: str
    zone: str
    onset: float
    until: float


@dataclass(slots=True)
class Received:
    """An alarm as the platform knows it: the latest of its revisions."""

    id: str
    device: str
    kind: str
    zone: str
    onset: float
    revision: int
    event: dict[str, Any]


@dataclass(slots=True)
class Count:
    """The end's figures."""

    expected: int
    received: int
    found: list[tuple[Expected, Received]] = field(default_factory=list)
    missing: list[Expected] = field(default_factory=list)
    false: list[Received] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)

    @property
    def kinds(self) -> set[str]:
        """Kinds that were found."""
        return {expected.kind for expected, _ in self.found}


class Platform:
    """What the city platform has received: events by id, alarms by identity."""

    def __init__(self) -> None:
        self.alarms: dict[str, Received] = {}
        self.events: Counter[str] = Counter()
        self.order: list[dict[str, Any]] = []

    def receive(self, body: bytes) -> dict[str, Any]:
        """Take one CloudEvents message."""
        event: dict[str, Any] = json.loads(body)
        self.events[event["id"]] += 1
        self.order.append(event)
        data = event["data"]
        known = self.alarms.get(data["alarm"])
        if known is None or known.revision < data["revision"]:
            onset = datetime.fromisoformat(data["onset"]).timestamp()
            self.alarms[data["alarm"]] = Received(
                data["alarm"], data["device"], data["kind"], data["zone"] or "", onset, data["revision"], event
            )
        return event


def read_expected(path: Path) -> list[Expected]:
    """The alarms of a truth file."""
    found = []
    for line in path.read_text("utf-8").splitlines():
        record = json.loads(line)
        if record["record"] == "alarm":
            until = float("inf") if record["until"] is None else record["until"]
            found.append(Expected(record["device"], record["kind"], record["zone"], record["onset"], until))
    return found


def count(expected: list[Expected], platform: Platform) -> Count:
    """Match each expected alarm with one received; what is left over is false, what came twice is doubled."""
    left = sorted(platform.alarms.values(), key=lambda alarm: alarm.onset)
    result = Count(len(expected), len(left))
    result.doubled = [identity for identity, times in platform.events.items() if times > 1]
    for wanted in sorted(expected, key=lambda alarm: alarm.onset):
        match = next((alarm for alarm in left if _fits(wanted, alarm)), None)
        if match is None:
            result.missing.append(wanted)
        else:
            left.remove(match)
            result.found.append((wanted, match))
    for extra in left:
        twice = any(_fits(wanted, extra) for wanted, _ in result.found)
        if twice:
            result.doubled.append(extra.id)
        else:
            result.false.append(extra)
    return result


def _fits(wanted: Expected, alarm: Received) -> bool:
    kind = alarm.kind if alarm.kind == wanted.kind else BECOMES.get(alarm.kind, alarm.kind)
    same = wanted.device == alarm.device and wanted.kind == kind
    zone = alarm.zone.split(":", 1)[0] if alarm.kind != "repeated_place" else ""
    if alarm.kind == "repeated_place":
        return same
    return (
        same and zone == wanted.zone and wanted.onset - EARLY <= alarm.onset <= min(wanted.until, wanted.onset + LATE)
    )
