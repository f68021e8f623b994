"""What all bracelets of a scenario measure: reports as columns, one receiver bank for all of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from firmware_sim.clock import DAY, LOCAL_OFFSET
from firmware_sim.firmware.messages import Alarm
from firmware_sim.reception import cells
from firmware_sim.reception.gnss import Bank, nothing_observed
from firmware_sim.recording.moments import inside
from firmware_sim.recording.wearing import switched_off
from firmware_sim.schedule import Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from firmware_sim.county.towers import TowerMap
    from firmware_sim.reception.gnss import Observed
    from firmware_sim.reception.wifi import Air
    from firmware_sim.recording.wearing import Worn
    from firmware_sim.scenario.model import Scenario

BITS = {"removed": Alarm.REMOVAL, "sos": Alarm.SOS}
"""Alarm bit of a stretch; of GT06 the same numbers stand for its alarm codes."""
SHAKEN = 1 << 16
"""Bit of a G10LS: it is shaken."""
AWAKE, TOLD = (7.0, 23.0), 0.5
"""Hours of the day in which people move; share of the reports that tell of it."""
CASE_OPEN = 1 << 31
"""No bit of a G10LS: only GT06 says it."""
JAMMING = 1 << 32
"""As that."""
GOING_OFF = 1 << 33
"""As that: it is being switched off."""
OTHER_CARD = 1 << 34
"""As that: another SIM card is in it."""
OF_GT06 = {"case_open": CASE_OPEN, "jammed": JAMMING, "other_card": OTHER_CARD}
AT_HOME_SIGMA = 8.0
"""Metres of scatter of a spoofed position around the home it is to show."""
SHIFT = (1000.0, 1500.0)
"""Metres by which a shifted position is off; the direction is drawn with it."""
WRAPPING = 90.0
"""Seconds that it takes to be wrapped in foil, or to drive below the ground: what is far is lost first."""
COVERED = ("shielded", "buried")
COMPASS = (
    (1.0, 0.0),
    (0.707, 0.707),
    (0.0, 1.0),
    (-0.707, 0.707),
    (-1.0, 0.0),
    (-0.707, -0.707),
    (0.0, -1.0),
    (0.707, -0.707),
)
"""Eight directions, east and north; rounded, so that no library's last bit matters."""


@dataclass(frozen=True, slots=True)
class Measured:
    """Reports of all bracelets, by bracelet and time. Arrays (n,) unless said.

    Attributes:
        device: int64, number of the life.
        moment: float64, true UTC seconds.
        x, y: float64, metres, as measured; NaN without a fix.
        stated: float64, metres of accuracy the receiver believes.
        speed_kmh: float64. course: int64, degrees. satellites: int64.
        battery: int64, percent. bits: int64, ``Alarm`` bits.
        cell, level: (n, REPORTED), number of the cell (-1 none), dBm; the serving one first.
        advance: int64, timing advance of the serving cell in the bracelet's steps (-1 none).
        wifi, wifi_level: (n, 3), number of the access point (-1 none), dBm; the strongest first.
    """

    device: NDArray[np.int64]
    moment: NDArray[np.float64]
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    stated: NDArray[np.float64]
    speed_kmh: NDArray[np.float64]
    course: NDArray[np.int64]
    satellites: NDArray[np.int64]
    battery: NDArray[np.int64]
    bits: NDArray[np.int64]
    cell: NDArray[np.int32]
    level: NDArray[np.int16]
    advance: NDArray[np.int64]
    wifi: NDArray[np.int32]
    wifi_level: NDArray[np.int16]

    def __len__(self) -> int:
        return len(self.device)

    @property
    def located(self) -> NDArray[np.bool_]:
        """Which have a fix."""
        return ~np.isnan(self.x)

    def take(self, rows: NDArray[np.int64]) -> Measured:
        """Some reports."""
        return Measured(*(getattr(self, name)[rows] for name in Measured.__slots__))


def measure(scenario: Scenario, worn: Sequence[Worn], towers: TowerMap, air: Air) -> Measured:
    """Reports of all bracelets of a scenario among its cell towers and access points."""
    count = np.array([len(each.moments) for each in worn])
    device = np.repeat(np.arange(len(worn)), count)
    moment = np.concatenate([each.moments for each in worn])
    places = [each.track.at(each.moments) for each in worn]
    true_x, true_y = (np.concatenate(axis) for axis in zip(*places, strict=True))
    leg = [each.track.leg(each.moments) for each in worn]
    scene = np.concatenate([each.track.scene[at] for each, at in zip(worn, leg, strict=True)])
    speed = np.concatenate([each.track.speed()[at] for each, at in zip(worn, leg, strict=True)])
    seen = _received(scenario, count, moment, scene, speed > 0.0)
    draw = np.random.default_rng([scenario.seed, 160])
    x, y = true_x + seen.east, true_y + seen.north
    _spoof(draw, worn, count, x, y, seen.located)
    _shift(np.random.default_rng([scenario.seed, 162]), worn, count, x, y)
    fading = np.concatenate([inside(each.moments, _wrapping(each)) for each in worn])
    dark = np.concatenate([inside(each.moments, each.dark) for each in worn]) | fading | ~seen.located
    x[dark], y[dark] = np.nan, np.nan
    steps = np.array([each.life.advance_step for each in worn])[device]
    cell, level, advance = _cells(scenario, draw, towers, count, moment, (true_x, true_y, steps))
    wifi, wifi_level = air.heard(draw, scene, true_x, true_y)
    deaf = np.concatenate([inside(each.moments, _covered(each)) for each in worn])
    cell[deaf], advance[deaf], wifi[deaf] = -1, -1, -1
    cell[fading, 1:], wifi[fading] = -1, -1
    jitter = np.abs(draw.standard_normal(len(moment)))
    return Measured(
        device, moment, x, y, seen.stated,
        np.where(speed > 0.0, np.minimum(speed * 3.6 * (1.0 + 0.05 * jitter), 250.0), 0.5 * jitter),
        draw.integers(0, 360, len(moment)), np.where(np.isnan(x), 0, seen.satellites),
        np.concatenate([each.battery_at(each.moments) for each in worn]),
        np.concatenate([_bits(each) for each in worn]) | _shaken(scenario, worn), cell, level, advance,
        wifi, wifi_level,
    )  # fmt: skip


def _received(
    scenario: Scenario, count: NDArray[np.int64], moment: NDArray[np.float64], scene: NDArray[np.uint8],
    under_way: NDArray[np.bool_],
) -> Observed:  # fmt: skip
    """All receivers step by step: the k-th report of every bracelet at once."""
    bank = Bank(np.random.default_rng([scenario.seed, 150]), len(count), scenario.radio.error, scenario.radio.outage)
    first = np.cumsum(count) - count
    elapsed = np.diff(moment, prepend=moment[:1])
    found = nothing_observed(len(moment))
    for step in range(int(count.max())):
        here = np.flatnonzero(step < count)
        rows = first + np.minimum(step, count - 1)
        gone = np.maximum(elapsed[rows], 0.0) if step else np.zeros(len(count))
        seen = bank.observe(gone, scene[rows], under_way[rows])
        found.put(rows[here], seen, here)
    return found


def _spoof(
    draw: np.random.Generator, worn: Sequence[Worn], count: NDArray[np.int64], x: NDArray[np.float64],
    y: NDArray[np.float64], located: NDArray[np.bool_],
) -> None:  # fmt: skip
    """Where a receiver is made to believe that it is at home."""
    first = np.cumsum(count) - count
    for number, each in enumerate(worn):
        spans = each.life.stretches.get("spoofed", ())
        if spans:
            rows = first[number] + np.flatnonzero(inside(each.moments, spans))
            scatter = AT_HOME_SIGMA * draw.standard_normal((2, len(rows)))
            x[rows], y[rows], located[rows] = each.life.home.x + scatter[0], each.life.home.y + scatter[1], True


def _shift(
    draw: np.random.Generator, worn: Sequence[Worn], count: NDArray[np.int64], x: NDArray[np.float64],
    y: NDArray[np.float64],
) -> None:  # fmt: skip
    """Where a receiver is made to believe that it is a way off."""
    first = np.cumsum(count) - count
    for number, each in enumerate(worn):
        for span in each.life.stretches.get("shifted", ()):
            rows = first[number] + np.flatnonzero(inside(each.moments, [span]))
            off, way = draw.uniform(*SHIFT), draw.integers(8)
            east, north = COMPASS[way]
            x[rows] += off * east
            y[rows] += off * north


def _covered(worn: Worn) -> list[Span]:
    """When neither satellites nor cells can be heard."""
    return [span for name in COVERED for span in worn.life.stretches.get(name, ())]


def _wrapping(worn: Worn) -> list[Span]:
    """When that begins: the satellites are gone, and of what is heard all but the cell that serves."""
    return [Span(span.start - WRAPPING, span.start) for span in _covered(worn)]


def _bits(worn: Worn) -> NDArray[np.int64]:
    stretches = worn.life.stretches
    bits = np.zeros(len(worn.moments), np.int64)
    said = {**BITS, **OF_GT06} if worn.life.family == "gt06" else BITS
    for name, bit in said.items():
        bits[inside(worn.moments, stretches.get(name, ()))] |= int(bit)
    bits[inside(worn.moments, worn.battery.low())] |= int(Alarm.BATTERY_LOW)
    bits[np.isin(worn.moments, [span.start for span in switched_off(worn.life)])] |= GOING_OFF
    return bits


def _shaken(scenario: Scenario, worn: Sequence[Worn]) -> NDArray[np.int64]:
    """The bit of a bracelet that senses that its wearer moves, in every other report of the day."""
    draw = np.random.default_rng([scenario.seed, 163])
    found = []
    for each in worn:
        hour = (each.moments + LOCAL_OFFSET) % DAY / 3600.0
        lies = inside(each.moments, [span for _, span in each.life.left])
        moves = (hour >= AWAKE[0]) & (hour < AWAKE[1]) & ~lies & (draw.uniform(size=len(hour)) < TOLD)
        says = scenario.firmware.senses_motion and each.life.family != "gt06"
        found.append(np.where(moves & says, SHAKEN, 0))
    return np.concatenate(found)


def _cells(
    scenario: Scenario, draw: np.random.Generator, towers: TowerMap, count: NDArray[np.int64],
    moment: NDArray[np.float64], of: tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]],
) -> tuple[NDArray[np.int32], NDArray[np.int16], NDArray[np.int64]]:  # fmt: skip
    """Serving cell and neighbours, some of these missing, few of them wrong; the timing advance.

    ``of``: true x, y, and the metres of each bracelet's step.
    """
    x, y, steps = of
    heard, strength = cells.hear(towers, draw, x, y)
    day = ((moment - moment.min()) // cells.DAY).astype(np.int64)
    load = cells.loads(np.random.default_rng([scenario.seed, 161]), int(day.max()) + 1, towers)
    serves = cells.serving(heard, strength + load[day[:, None], heard], count)
    cell, level = cells.listed(heard, strength, serves)
    wrong = draw.uniform(size=cell.shape) < scenario.radio.neighbours_wrong
    missing = draw.uniform(size=cell.shape) < scenario.radio.neighbours_missing
    wrong[:, 0] = missing[:, 0] = False
    wrong &= cell != cells.NONE
    cell = np.where(wrong, draw.integers(0, 3 * len(towers.x), cell.shape), cell).astype(np.int32)
    cell[missing] = cells.NONE
    return cell, level, cells.timing_advance(towers, cell[:, 0], x, y, steps)
