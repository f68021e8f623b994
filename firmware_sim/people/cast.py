"""The cast of a scenario: who wears what, who does what when, drawn from the seed."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from firmware_sim.clock import DAY
from firmware_sim.firmware.wire import Edition
from firmware_sim.people.days import ordinary
from firmware_sim.people.life import Life, detour
from firmware_sim.people.tricks import BARRED, NIGHTLY, NUISANCES, OF_GT06, TRICKS
from firmware_sim.reception.cells import ADVANCE_STEPS
from firmware_sim.schedule import Span
from firmware_sim.world import Place, Scene

if TYPE_CHECKING:
    from collections.abc import Mapping

    from firmware_sim.people.stage import Stage
    from firmware_sim.scenario.model import Scenario, Trick

Name = TypeVar("Name", bound=str)
MONTH = 30.0
BORDER_DEPTH = 40.0
CAFE_GAP = 60.0
"""Metres: homes at the border are so far inside it; those beside a cafe so far outside its zone."""
FAMILIES: dict[str, tuple[str, Edition | None]] = {
    "jt808-2011": ("jt808-2011", Edition.Y2013),
    "jt808-2013": ("jt808", Edition.Y2013),
    "jt808-2019": ("jt808", Edition.Y2019),
    "gt06": ("gt06", None),
}
FIRST_PHONE, FIRST_IMEI = 14_000_000_001, 86_000_000_000_000


def cast(scenario: Scenario, stage: Stage) -> list[Life]:
    """Lives of all wearers, with everything that happens written in."""
    draw, of_uploads, of_steps = (np.random.default_rng([scenario.seed, number]) for number in (120, 121, 122))
    lives: list[Life] = []
    for number in range(scenario.devices):
        chosen = _drawn(draw, scenario.firmware.formats)
        curfew, barred = draw.uniform(size=2) < (scenario.people.curfew, scenario.people.barred)
        protected = scenario.people.protected and number == scenario.devices - 1
        asked = {"curfew": bool(curfew) and not protected, "barred": bool(barred) and not protected}
        lives.append(_life(scenario, stage, number, chosen, **asked))
        lives[-1].protected = protected
        lives[-1].kept_away = scenario.people.protected and not protected
        lives[-1].link = _drawn(draw, scenario.firmware.links)
        lives[-1].upload = _drawn(of_uploads, scenario.firmware.uploads)
        lives[-1].advance_step = float(of_steps.choice(ADVANCE_STEPS))
    _play(scenario, stage, lives)
    _keep(scenario, stage, lives)
    _befall(scenario, stage, lives)
    _hand_over(scenario, stage, lives)
    return lives


def _drawn(draw: np.random.Generator, shares: Mapping[Name, float]) -> Name:
    """One of the names, by their shares."""
    total = np.cumsum(list(shares.values()))
    return list(shares)[int(np.searchsorted(total, draw.uniform(0.0, total[-1]), side="right"))]


def _life(scenario: Scenario, stage: Stage, number: int, wire: str, *, curfew: bool, barred: bool) -> Life:
    family, edition = FAMILIES[wire]
    identity = _imei(FIRST_IMEI + number) if family == "gt06" else str(FIRST_PHONE + number)
    home = _home(scenario, stage, number)
    visits = ordinary(scenario.seed, number, home, stage.plan, stage.stock, stage.calendar)
    names = (f"P{number + 1:04d}", f"B{number + 1:04d}")
    return Life(number, *names, identity, family, edition, home, curfew, barred, visits)


def _imei(first: int) -> str:
    """Fourteen digits and their Luhn digit."""
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(f"{first:014d}")]
    return f"{first:014d}{-sum(value // 10 + value % 10 for value in doubled) % 10}"


def _home(scenario: Scenario, stage: Stage, number: int) -> Place:
    """The stock's home, or for the first ones a home at the border or beside a cafe."""
    at_border = round(scenario.people.live_at_border * scenario.devices)
    beside = round(scenario.people.live_beside_cafe * scenario.devices)
    if number < at_border:
        line = stage.plan.border.buffer(-BORDER_DEPTH).exterior
        point = line.interpolate((number + 0.5) / at_border, normalized=True)
        return Place(f"home-{number + 1}", round(point.x, 1), round(point.y, 1), Scene.INDOOR)
    if number < at_border + beside:
        cafe = stage.stock.cafes[number % len(stage.stock.cafes)]
        away = cafe.half_x + stage.cafe_buffer + CAFE_GAP
        return Place(f"home-{number + 1}", cafe.place.x - away, cafe.place.y, Scene.INDOOR)
    return stage.stock.homes[number]


def _play(scenario: Scenario, stage: Stage, lives: list[Life]) -> None:
    """Tricks, at most one a person and day."""
    taken: dict[int, set[int]] = defaultdict(set)
    for number, trick in enumerate(scenario.tricks):
        draw = np.random.default_rng([scenario.seed, 130, number])
        able = [life for life in lives if _may(trick.kind, life)]
        chosen = able if trick.per_month else able[: trick.people]
        for life in chosen:
            for day in _days(draw, trick, stage, taken[life.number]):
                taken[life.number] |= {day - 1, day, day + 1}
                TRICKS[trick.kind](stage, life, day, draw)


def _may(kind: str, life: Life) -> bool:
    bound = (life.curfew or kind not in NIGHTLY) and (life.barred or kind not in BARRED)
    return bound and not life.protected and (life.family == "gt06" or kind not in OF_GT06)


def _days(draw: np.random.Generator, trick: Trick, stage: Stage, taken: set[int]) -> list[int]:
    """Days on which a person does a trick: planned ones in a row, others drawn; none two days running with another."""
    free = [day for day in range(trick.from_day, stage.calendar.days) if day not in taken]
    if trick.people:
        return free[: trick.times]
    number = int(draw.poisson(trick.per_month * stage.calendar.days / MONTH))
    order = draw.permutation(len(free)).tolist()
    chosen: list[int] = []
    for day in (free[place] for place in order):
        if len(chosen) < number and all(abs(day - other) > 1 for other in chosen):
            chosen.append(day)
    return sorted(chosen)


def _keep(scenario: Scenario, stage: Stage, lives: list[Life]) -> None:
    """Appointments that are kept: there within their hours."""
    for life in lives if scenario.people.appointments else ():
        for number, meeting in enumerate(stage.meetings):
            if 2 * number + 1 not in life.unkept and not life.protected:
                detour(stage.plan, life, stage.office, Span(meeting.start - 1500.0, meeting.until + 1200.0))


def _befall(scenario: Scenario, stage: Stage, lives: list[Life]) -> None:
    """Nuisances, at their rates a device-month."""
    for number, (name, per_month) in enumerate(scenario.nuisances.items()):
        draw = np.random.default_rng([scenario.seed, 140, number])
        for life in lives:
            for _ in range(int(draw.poisson(per_month * stage.calendar.days / MONTH))):
                NUISANCES[name](stage, life, int(draw.integers(stage.calendar.days)), draw)


def _hand_over(scenario: Scenario, stage: Stage, lives: list[Life]) -> None:
    """The last bracelets pass to new wearers at noon; what was recorded just before is sent only afterwards."""
    if scenario.hand_over is None:
        return
    moment = stage.calendar.at(scenario.hand_over.day, 12.0)
    for life in lives[-scenario.hand_over.bracelets :]:
        life.handed_over, life.successor = moment, f"{life.person}N"
        life.successor_home = life.home
        if scenario.hand_over.stored_hours:
            stored = scenario.hand_over.stored_hours * DAY / 24.0
            life.suffer("silent", Span(moment - stored, moment + 600.0))
