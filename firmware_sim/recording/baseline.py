"""What two naive systems would have raised from the same reports: the baselines every figure stands beside.

``raw``: the fix as it came against each polygon, every crossing an alarm; every rising alarm bit an alarm; a gap of
more than 20 minutes an alarm. ``stated``: the same, but a fix counts as beyond a boundary only by more than the
accuracy that the receiver states. Both read the fixes in the order of receipt, as such systems do.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np

from firmware_sim.firmware.messages import Alarm
from firmware_sim.recording.measured import CASE_OPEN
from firmware_sim.recording.moments import inside

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from firmware_sim.people.stage import Stage
    from firmware_sim.recording.sent import Sent
    from firmware_sim.recording.wearing import Bounds, Worn

GAP = 1200.0
BIT_KINDS = {
    int(Alarm.REMOVAL): "strap_cut", int(Alarm.SOS): "sos", int(Alarm.BATTERY_LOW): "battery_low",
    CASE_OPEN: "case_open",
}  # fmt: skip
NAMES = ("raw", "stated")


@dataclass(frozen=True, slots=True)
class Raised:
    """An alarm of a baseline; ``until`` is infinite where it never ended."""

    kind: str
    zone: str
    person: str
    device: str
    onset: float
    until: float
    decided: float


def alarms(name: str, stage: Stage, bounds: Bounds, worn: Sequence[Worn], sent: Sent) -> list[Raised]:
    """All alarms of one baseline, by the moment they were raised."""
    by_device = np.argsort(sent.measured.device, kind="stable")
    edges = np.searchsorted(sent.measured.device[by_device], np.arange(len(worn) + 1))
    found: list[Raised] = []
    for number, each in enumerate(worn):
        part = sent.take(by_device[edges[number] : edges[number + 1]])
        if len(part.measured):
            found += _crossings(name, stage, bounds, each, part)
            found += _bits(each, part)
            found += _gaps(each, part)
    return sorted(found, key=lambda raised: (raised.decided, raised.device, raised.kind))


def _crossings(name: str, stage: Stage, bounds: Bounds, worn: Worn, sent: Sent) -> Iterator[Raised]:
    """One alarm a crossing into a breach, for each rule of the wearer."""
    fixes = sent.take(np.flatnonzero(sent.measured.located))
    x, y, slack = fixes.measured.x, fixes.measured.y, fixes.measured.stated if name == "stated" else 0.0
    for person, span, home in worn.life.wearers():
        mine = (fixes.device_time >= span.start) & (fixes.device_time < span.until)
        rules = [("inclusion_exit", "county", bounds.county(x, y), mine)]
        if worn.life.barred:
            rules.append(("exclusion_enter", "cafes", bounds.cafes(x, y), mine))
        if worn.life.curfew:
            depth = np.sqrt((x - home.x) ** 2 + (y - home.y) ** 2) - stage.home_radius
            rules.append(("curfew_late", f"home:{person}", depth, mine & _at_night(stage, fixes.device_time)))
        lawful = ~_excused(worn, fixes)
        for kind, zone, depth, counts in rules:
            breach = (depth - slack > 0.0) & counts & lawful
            yield from _runs(kind, zone, person, worn.life.device, breach, fixes)


def _at_night(stage: Stage, moments: NDArray[np.float64]) -> NDArray[np.bool_]:
    order = np.argsort(moments, kind="stable")
    at_night = np.zeros(len(moments), np.bool_)
    at_night[order] = inside(moments[order], stage.nights())
    return at_night


def _excused(worn: Worn, fixes: Sent) -> NDArray[np.bool_]:
    """Naive systems know of leave too."""
    excused = np.zeros(len(fixes.device_time), np.bool_)
    for span in worn.life.leave:
        excused |= (fixes.device_time >= span.start) & (fixes.device_time < span.until)
    return excused


def _runs(kind: str, zone: str, person: str, device: str, breach: NDArray[np.bool_], sent: Sent) -> Iterator[Raised]:
    """Alarms of a condition over reports in the order of receipt."""
    edges = np.diff(np.concatenate([[False], breach, [False]]).astype(np.int8))
    starts, ends = np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)
    for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
        until = float(sent.device_time[end]) if end < len(breach) else np.inf
        yield Raised(kind, zone, person, device, float(sent.device_time[start]), until, float(sent.received[start]))


def _bits(worn: Worn, sent: Sent) -> Iterator[Raised]:
    for bit, kind in BIT_KINDS.items():
        yield from _runs(kind, "", worn.life.person, worn.life.device, (sent.measured.bits & bit) != 0, sent)


def _gaps(worn: Worn, sent: Sent) -> Iterator[Raised]:
    """Silence of more than ``GAP`` seconds, told when it is over that long."""
    received = np.sort(sent.received)
    who = ("comms_lost", "", worn.life.person, worn.life.device)
    for before in np.flatnonzero(np.diff(received) > GAP).tolist():
        start, until = received[before : before + 2].tolist()
        yield Raised(*who, start, until, start + GAP)


def lines(raised: Sequence[Raised], until: float) -> Iterator[str]:
    """CloudEvents as the gateway writes them: raised, and cleared where it ended before ``until``, by time."""
    events: list[tuple[float, int, str]] = []
    for number, alarm in enumerate(raised):
        events.append((alarm.decided, number, _event(alarm, number, "raised", 1, None)))
        if alarm.until < until:
            moment = max(alarm.until, alarm.decided)
            events.append((moment, number, _event(alarm, number, "cleared", 2, alarm.until)))
    return (text for _, _, text in sorted(events))


def _event(alarm: Raised, number: int, change: str, revision: int, ended: float | None) -> str:
    identity = f"{number + 1:032x}"
    data = {
        "alarm": identity, "revision": revision, "kind": alarm.kind, "person": alarm.person, "device": alarm.device,
        "zone": alarm.zone or None, "onset": _iso(alarm.onset), "ended": _iso(ended), "decided": _iso(alarm.decided),
        "probability": None, "position": None, "retrospective": False,
    }  # fmt: skip
    moment = alarm.decided if ended is None else max(ended, alarm.decided)
    event = {"specversion": "1.0", "id": f"{identity}.{revision}", "source": "/baseline"}
    return json.dumps(
        {**event, "type": f"bracelet.alarm.{change}", "subject": identity, "time": _iso(moment), "data": data}
    )


def _iso(moment: float | None) -> str | None:
    if moment is None:
        return None
    return datetime.fromtimestamp(round(moment, 3), UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
