"""The same reports, delivered in one order and another: what stands in the end, and what was said on the way."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
from timeline import ABROAD, AWAY, CAFE, DAY, FOREVER, HOME, HOUR, MINUTE, PHONES, QUIET, Timeline, at, authority, leave

from firmware_sim.firmware.messages import Alarm
from gateway.engine.families import FAMILIES
from gateway.settings.model import Assignment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

BEGIN, DAYS = at(0, 12), 4
END = BEGIN + DAYS * DAY
EVERY = 5 * MINUTE
PLACES = (HOME, HOME, HOME, CAFE, AWAY, ABROAD, None)
QUIET_FOR = 900.0
"""Seconds after the last delivery within which all that is late has been decided."""


@dataclass(frozen=True, order=True)
class Report:
    """One report of a device."""

    time: float
    device: str
    place: tuple[float, float] | None = field(compare=False)
    battery: int = field(compare=False, default=80)
    alarm: Alarm = field(compare=False, default=QUIET)


@dataclass(frozen=True)
class Life:
    """What the wearers did, what the county did, and when a configuration came."""

    reports: tuple[Report, ...]
    changes: dict[str, object]
    reconfigured: float | None = None
    later: dict[str, object] = field(default_factory=dict)


def life(seed: int, days: int = DAYS) -> Life:
    """Some days of two wearers: homes, cafes, ways abroad, straps, batteries, a bracelet handed on, leave."""
    draw = np.random.default_rng(seed)
    reports: list[Report] = []
    end = BEGIN + days * DAY
    for device in PHONES:
        reports += _reports(draw, device, BEGIN + float(draw.integers(0, 60)), end)
    handed = BEGIN + float(draw.integers(1, days)) * DAY + float(draw.integers(0, 12)) * HOUR
    others = [report for report in reports if report.device == "B0001" or report.time < handed]
    return Life(
        tuple(sorted(others)),
        {
            "assignments": (
                Assignment("B0001", "P0001", at(-30, 0), FOREVER),
                Assignment("B0002", "P0002", at(-30, 0), handed - 2 * HOUR),
                Assignment("B0002", "P0001", handed - HOUR, FOREVER) if seed % 2 else
                Assignment("B0002", "P0002", handed - HOUR, FOREVER),
            ),
            "leave": (leave(handed + 20 * HOUR, handed + 30 * HOUR),),
            "authorities": (authority("P0001"), authority("P0002")),
        },
    )  # fmt: skip


def _reports(draw: np.random.Generator, device: str, begin: float, end: float) -> Iterable[Report]:
    time, battery = begin, 90.0
    place, until, strap = HOME, begin, 0
    while time < end:
        if time >= until:
            place = PLACES[int(draw.integers(len(PLACES)))]
            until = time + float(draw.choice([300.0, 900.0, 1800.0, 7200.0, 20000.0]))
        strap = int(draw.random() < 0.01) if not strap else int(draw.random() < 0.7)
        alarm = Alarm.SOS if draw.random() < 0.003 else QUIET
        battery = battery - 0.3 if battery > 8 else 95.0
        spot = place if place is None else (place[0] + float(draw.normal(0, 6)), place[1] + float(draw.normal(0, 6)))
        yield Report(time, device, spot, int(battery), alarm)
        time += EVERY if draw.random() > 0.05 else 0.0 + EVERY * float(draw.integers(2, 9))


@dataclass
class Told:
    """What came of one delivery."""

    timeline: Timeline
    standing: list[tuple]
    events: list[dict]


Order = list[tuple[float, Report]]
"""Receive time and report, in order of receipt."""


def in_order(one: Life) -> Order:
    """Each as it was made."""
    return [(report.time + 2.0, report) for report in one.reports]


def shuffled(one: Life, seed: int, within: float = 2 * HOUR) -> Order:
    """Each some time late."""
    draw = np.random.default_rng(seed)
    return _sorted((report.time + 2.0 + float(draw.uniform(0, within)), report) for report in one.reports)


def held_back(one: Life, seed: int, share: float = 1 / 3) -> Order:
    """A third comes one to 48 hours late."""
    draw = np.random.default_rng(seed)
    return _sorted(
        (report.time + 2.0 + (float(draw.uniform(HOUR, 48 * HOUR)) if draw.random() < share else 0.0), report)
        for report in one.reports
    )


def live_first(one: Life, seed: int, dead: float = 0.25) -> Order:
    """Dead patches of half an hour to eight hours: then what is live, and behind it what was stored."""
    draw = np.random.default_rng(seed)
    order, at_ = [], BEGIN
    patches = []
    while at_ < one.reports[-1].time:
        length = float(draw.uniform(1800.0, 8 * HOUR))
        if draw.random() < dead:
            patches.append((at_, at_ + length))
        at_ += length
    for report in one.reports:
        patch = next((each for each in patches if each[0] <= report.time < each[1]), None)
        late = patch[1] + 700.0 + (report.time - patch[0]) / 100 if patch else report.time + 2.0
        order.append((late, report))
    return _sorted(order)


def newest_first(one: Life, seed: int) -> Order:
    """As ``live_first``, and what was stored comes from its end."""
    newest = live_first(one, seed)
    return _sorted(
        (received + (received - report.time) / 50 if received - report.time > HOUR else received, report)
        for received, report in newest
    )


def repeated(order: Order, seed: int, share: float = 0.1, behind: int = 500) -> Order:
    """Some come again, many reports later."""
    draw = np.random.default_rng(seed)
    again = [
        (order[min(index + behind, len(order) - 1)][0] + 0.5, report)
        for index, (_, report) in enumerate(order)
        if draw.random() < share
    ]
    return _sorted([*order, *again])


def _sorted(order: Iterable[tuple[float, Report]]) -> Order:
    return sorted(order, key=lambda each: (each[0], each[1]))


def deliver(one: Life, order: Order, act: Callable[[Timeline, float], None] | None = None, slice_: int = 0) -> Told:
    """Tell a life in an order; ticks go on until all is decided. ``act``: what officers do meanwhile."""
    told = Timeline.of(BEGIN - HOUR, **one.changes)
    pending = one.reconfigured
    for index, (received, report) in enumerate(order):
        if pending is not None and received >= pending:
            told.reconfigure(pending, **{**one.changes, **one.later})
            pending = None
        told.report(
            report.time, report.place, battery=report.battery, alarm=report.alarm, received=received,
            device=report.device,
        )  # fmt: skip
        if act is not None and index % 50 == 0:
            told.run()
            act(told, received)
        if slice_ and len(told.waiting) >= slice_:
            told.run()
    last = max(order[-1][0], one.reports[-1].time)
    told.tick(last + QUIET_FOR)
    told.run()
    return Told(told, standing(told.events), told.events)


def standing(events: Iterable[dict]) -> list[tuple]:
    """What a consumer holds that applies events in their order: kind, person, zone, onset, end; sorted."""
    held: dict[str, tuple] = {}
    revisions: dict[str, int] = {}
    for event in events:
        data, change = event["data"], event["type"].removeprefix("bracelet.alarm.")
        assert data["revision"] == revisions.get(data["alarm"], 0) + 1, "revisions have no gap"
        revisions[data["alarm"]] = data["revision"]
        if data["kind"] not in FAMILIES:
            continue
        if change == "retracted":
            del held[data["alarm"]]
        elif data["alarm"] in held or change == "raised":
            held[data["alarm"]] = (data["kind"], data["person"], data["zone"], data["onset"], data["ended"])
    return sorted(held.values(), key=str)


def configured_anew(one: Life, when: float, **later: object) -> Life:
    """The same, and a configuration comes in between."""
    return replace(one, reconfigured=when, later=later)
