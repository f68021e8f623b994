"""The same reports, delivered in one order and another: what stands in the end, and what was said on the way."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
from timeline import (
    ABROAD,
    AWAY,
    CAFE,
    DAY,
    FOREVER,
    HOME,
    HOUR,
    MINUTE,
    PHONES,
    QUIET,
    RULES,
    SQUARE,
    Timeline,
    at,
    authority,
    clock,
    county,
    degrees,
    leave,
    nights,
    zones,
)  # fmt: skip

from firmware_sim.firmware.messages import Alarm
from gateway.engine.families import FAMILIES
from gateway.settings.model import Assignment, Authority, AuthorityKind, Circle, Device, ZoneDefinition

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from gateway.settings.model import Rule

BEGIN, DAYS = at(0, 12), 1
EVERY, CLOSE = 5 * MINUTE, 3 * MINUTE
OUTSIDE, BEFORE_HOME, BEFORE_THE_CAFE = (SQUARE + 150.0, 0.0), (190.0, 0.0), (3150.0, 0.0)
SPOTS = (
    (HOME, HOME), (HOME, HOME), (AWAY, AWAY), (None, None), (CAFE, CAFE), (ABROAD, ABROAD),
    (CAFE, BEFORE_THE_CAFE), (CAFE, BEFORE_THE_CAFE), (OUTSIDE, (SQUARE - 150.0, 0.0)),
    (OUTSIDE, (SQUARE - 150.0, 0.0)), (HOME, BEFORE_HOME),
)  # fmt: skip
"""Where somebody is: at one place, or now at one and now at the other side of a door."""
FLIPS = 0.5
"""How often, from one report to the next, the side changes."""
STAYS = (900.0, 1800.0, 5400.0, 7200.0)
UPLOAD = 600.0
QUIET_FOR = 900.0
"""Seconds after the last delivery within which all that is late has been decided."""
PHONE = "F0001"
TAKEN_AWAY = ("", "", "cafes", "nights", "", "stay", "cafes", "", "")
"""By seed, which rule the later configuration has no more."""
BROKEN_AT = {"stay": ABROAD, "cafes": CAFE, "nights": AWAY}
AFTER = 3 * HOUR + 30.0
"""Seconds from a hand-over to the later configuration."""
ENDED = 3
"""Of seeds modulo 4, those whose rules end two hours after the later configuration."""
UPLOADS = 10
"""Of what a device has held back."""


@dataclass(frozen=True, order=True)
class Report:
    """One report of a device, or a carrier's answer."""

    time: float
    device: str
    place: tuple[float, float] | None = field(compare=False)
    battery: int = field(compare=False, default=80)
    alarm: Alarm = field(compare=False, default=QUIET)


@dataclass(frozen=True)
class Life:
    """What the wearers did, what the county did, and when which configuration came."""

    reports: tuple[Report, ...]
    changes: dict[str, object]
    reconfigured: float | None = None
    later: dict[str, object] = field(default_factory=dict)


def life(seed: int, days: float = DAYS) -> Life:
    """Some days of two wearers: homes, cafes and their doors, ways abroad, straps, batteries, a phone.

    A bracelet is handed on (of odd seeds to the other wearer), one has leave, other zones and rules come into force.
    """
    draw = np.random.default_rng(seed)
    end = BEGIN + days * DAY
    handed = BEGIN + float(draw.integers(6, int(24 * days) - 6)) * HOUR
    reports = [one for device in PHONES for one in _reports(draw, device, end)]
    reports = [one for one in reports if one.device == "B0001" or not handed - 2 * HOUR <= one.time < handed - HOUR]
    reports = [_broken(one, seed, handed + AFTER) for one in reports]
    reports += [Report(time, PHONE, HOME) for time in np.arange(BEGIN + 10 * MINUTE, end, 2.5 * HOUR).tolist()]
    return Life(
        tuple(sorted(reports)), {**_county(seed, handed), "digest": "first"},
        reconfigured=handed + AFTER, later={**_later(seed), **_lifted(seed, handed), "digest": "later"},
    )  # fmt: skip


def _county(seed: int, handed: float) -> dict[str, object]:
    phone = Device(PHONE, "mlp", "13800000001", "", carrier="mobile")
    asked = Authority("P0001", AuthorityKind.PHONE_CHECK, None, "notice 7", "head A", at(-31, 0), at(-30, 0), at(55, 0))
    return {
        "devices": {**county().devices, PHONE: phone},
        "assignments": (
            Assignment("B0001", "P0001", at(-30, 0), FOREVER), Assignment(PHONE, "P0001", at(-30, 0), FOREVER),
            Assignment("B0002", "P0002", at(-30, 0), handed - 2 * HOUR),
            Assignment("B0002", f"P000{1 if seed % 2 else 2}", handed - HOUR, FOREVER),
        ),
        "leave": (leave(handed - 10 * HOUR, handed - 4 * HOUR),),
        "authorities": (authority("P0001"), authority("P0002"), asked),
    }  # fmt: skip


def _later(seed: int) -> dict[str, object]:
    """Other zones and rules: a wider cafe, another curfew, and one rule more; of some seeds one is taken away."""
    wide = ZoneDefinition("cafes", "cafes", (Circle("cafe 3", *degrees(CAFE), 90.0),))
    earlier = replace(RULES["nights"], curfew=nights(20 * 60))
    both = replace(RULES["cafes"], people=("P0001", "P0002"))
    rules = {"stay": RULES["stay"], "cafes": both, "nights": earlier}
    rules.pop(TAKEN_AWAY[seed % len(TAKEN_AWAY)], None)
    return {"zones": {**zones(), "cafes": wide}, "rules": tuple(rules.values())}


def _lifted(seed: int, handed: float) -> dict[str, object]:
    """Leave that is entered afterwards, and a rule that ends, of some seeds; the leave of before may be made longer."""
    was, later = leave(handed - 10 * HOUR, handed - 4 * HOUR), handed + AFTER
    late = {
        1: (was, leave(later - 2 * HOUR, later + 2 * HOUR)), 2: (replace(was, returned=later + HOUR),),
        4: (was, leave(later - 3 * HOUR, later - HOUR)),
    }.get(seed % 5)  # fmt: skip
    rules: tuple[Rule, ...] = _later(seed)["rules"]  # type: ignore[assignment]
    ended = tuple(replace(rule, until=later + 2 * HOUR) for rule in rules)
    return ({} if late is None else {"leave": late}) | ({"rules": ended} if seed % 4 == ENDED else {})


def _broken(one: Report, seed: int, later: float) -> Report:
    """A rule that is about to be taken away is broken then."""
    place = BROKEN_AT.get(TAKEN_AWAY[seed % len(TAKEN_AWAY)])
    near = one.device == "B0001" and later - 50 * MINUTE < one.time < later + 20 * MINUTE
    return replace(one, place=place) if near and place is not None else one


def _reports(draw: np.random.Generator, device: str, end: float) -> Iterable[Report]:
    time, until, battery, strap = BEGIN, BEGIN, 40.0, False
    sides, side = SPOTS[0], 0
    while time < end:
        if time >= until:
            sides, until = SPOTS[int(draw.integers(len(SPOTS)))], time + float(draw.choice(STAYS))
        side ^= int(draw.random() < FLIPS)
        strap = bool(draw.random() < (0.5 if strap else 0.004))
        alarm = Alarm.REMOVAL if strap else Alarm.SOS if draw.random() < 0.003 else QUIET
        battery = battery - 0.5 if battery > 8 else 95.0
        # Two reports of one time, now and then: the order of what they say decides.
        for _ in range(1 + int(draw.random() < 0.03)):
            place = sides[side]
            spot = place and (place[0] + float(draw.normal(0, 8)), place[1] + float(draw.normal(0, 8)))
            yield Report(time, device, spot, int(battery), alarm)
        every = EVERY if sides[0] == sides[1] else CLOSE
        time += every if draw.random() > 0.03 else every * float(draw.integers(2, 9))


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
    """Each some time late; a bracelet sends what it has each ten minutes, in no order."""
    draw = np.random.default_rng(seed)

    def uploaded(report: Report) -> float:
        late = report.time + float(draw.uniform(0, within))
        return late + UPLOAD - late % UPLOAD + float(draw.uniform(0, 5))

    return _delivered(one, uploaded)


def held_back(one: Life, seed: int, share: float = 1 / 3) -> Order:
    """A third comes one to 48 hours late, in a few uploads of each device."""
    draw = np.random.default_rng(seed)
    first, last = one.reports[0].time, one.reports[-1].time
    uploads = {device: np.sort(draw.uniform(first, last + 48 * HOUR, UPLOADS)) for device in PHONES}

    def uploaded(report: Report) -> float:
        mine = uploads[report.device]
        mine = mine[(mine >= report.time + HOUR) & (mine <= report.time + 48 * HOUR)]
        is_held = draw.random() < share and len(mine)
        return float(draw.choice(mine)) + float(draw.uniform(0, 5)) if is_held else report.time + 2.0

    return _delivered(one, uploaded)


def live_first(one: Life, seed: int, dead: float = 0.25) -> Order:
    """Dead patches of half an hour to eight hours: then what is live, and behind it what was stored."""
    draw = np.random.default_rng(seed)
    at_, patches = BEGIN, []
    while at_ < one.reports[-1].time:
        length = float(draw.uniform(1800.0, 8 * HOUR))
        if draw.random() < dead:
            patches.append((at_, at_ + length))
        at_ += length

    def sent(report: Report) -> float:
        patch = next((each for each in patches if each[0] <= report.time < each[1]), None)
        return patch[1] + 700.0 + (report.time - patch[0]) / 100 if patch else report.time + 2.0

    return _delivered(one, sent)


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


def _delivered(one: Life, when: Callable[[Report], float]) -> Order:
    """Received as is said of bracelets; carriers answer at once."""
    return _sorted((report.time + 2.0 if report.device == PHONE else when(report), report) for report in one.reports)


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
        _tell(told, report, received)
        if act is not None and index % 50 == 0:
            told.run()
            act(told, received)
        if slice_ and len(told.waiting) >= slice_:
            told.run()
    last = max(order[-1][0], one.reports[-1].time)
    told.tick(last + QUIET_FOR)
    told.run()
    return Told(told, standing(told.events), told.events)


def _tell(told: Timeline, report: Report, received: float) -> None:
    if report.device == PHONE:
        told.located(report.time, report.place or HOME, received)
    else:
        told.report(
            report.time, report.place, battery=report.battery, alarm=report.alarm, received=received,
            device=report.device,
        )  # fmt: skip


def standing(events: Iterable[dict]) -> list[tuple]:
    """What a consumer holds that applies events in their order: kind, person, zone, onset, end; sorted."""
    return sorted(held(events).values(), key=str)


def held(events: Iterable[dict]) -> dict[str, tuple]:
    """The same by alarm: of kinds that are decided on place and device time, what was not taken back."""
    kept: dict[str, tuple] = {}
    revisions: dict[str, int] = {}
    for event in events:
        data, change = event["data"], event["type"].removeprefix("bracelet.alarm.")
        assert data["revision"] == revisions.get(data["alarm"], 0) + 1, "revisions have no gap"
        revisions[data["alarm"]] = data["revision"]
        if change == "retracted":
            del kept[data["alarm"]]
        elif data["kind"] in FAMILIES and (data["alarm"] in kept or change == "raised"):
            ended = None if data["ended"] is None else clock(data["ended"])
            kept[data["alarm"]] = (data["kind"], data["person"], data["zone"], clock(data["onset"]), ended)
    return kept
