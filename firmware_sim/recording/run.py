"""A scenario from its file to a folder: the county's rules and cells, the capture, the truth, the baselines."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from firmware_sim.county import survey, wifi
from firmware_sim.county.border import read_border
from firmware_sim.county.buildings import build_stock
from firmware_sim.county.plan import build_plan
from firmware_sim.county.towers import build_towers
from firmware_sim.county.wifi import access_points
from firmware_sim.firmware.families import FAMILIES
from firmware_sim.firmware.wire import Edition
from firmware_sim.people.breach import border_strip
from firmware_sim.people.cast import cast
from firmware_sim.people.days import Calendar
from firmware_sim.people.stage import Stage
from firmware_sim.reception.wifi import Air
from firmware_sim.recording import baseline, capture, gt06, jt808, phones, rules, truth_writer
from firmware_sim.recording.jt808 import Radio
from firmware_sim.recording.measured import measure
from firmware_sim.recording.sent import send
from firmware_sim.recording.wearing import Bounds, wear
from firmware_sim.schedule import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from firmware_sim.county.wifi import AccessPoint
    from firmware_sim.people.life import Life
    from firmware_sim.recording.sent import Sent
    from firmware_sim.recording.wearing import Worn
    from firmware_sim.scenario.model import Scenario

STAGES = ("county", "lives", "measured", "frames", "truth")
"""What ``record`` tells of its progress."""


@dataclass(frozen=True, slots=True)
class Told:
    """A scenario worked out, before it is written."""

    name: str
    scenario: Scenario
    stage: Stage
    bounds: Bounds
    radio: Radio
    points: Sequence[AccessPoint]
    worn: Sequence[Worn]


def stage_of(scenario: Scenario, folder: Path, epoch: float) -> Stage:
    """The county and the days of a scenario; ``folder``: where its border file lies."""
    border = read_border(folder / scenario.county.border) if scenario.county.border else None
    plan = build_plan(scenario.seed, scenario.county.towns, border)
    stock = build_stock(scenario.seed, plan, scenario.devices)
    calendar = Calendar(epoch, scenario.days, frozenset(scenario.people.holidays))
    refuge = stock.homes[scenario.devices - 1] if scenario.people.protected else None
    strip = border_strip(plan.border) if scenario.people.strip else None
    return Stage(plan, stock, calendar, scenario.people.home_radius_m, refuge=refuge, strip=strip)


def tell(name: str, scenario: Scenario, folder: Path, epoch: float, progress: Callable[[str], None]) -> Told:
    """Work a scenario out: where everybody truly is, and when bracelets report."""
    progress("county")
    stage = stage_of(scenario, folder, epoch)
    bounds = Bounds.of(stage)
    points = access_points(scenario.seed, stage.stock)
    radio = Radio(build_towers(scenario.seed, stage.plan), Air.of(scenario.seed, points))
    progress("lives")
    lives = cast(scenario, stage)
    worn = [wear(stage, bounds, life, scenario.firmware, _outages(scenario, stage, life)) for life in lives]
    return Told(name, scenario, stage, bounds, radio, points, worn)


def _outages(scenario: Scenario, stage: Stage, life: Life) -> list[Span]:
    """The carriers' outages that concern a bracelet."""
    draw = np.random.default_rng([scenario.seed, 180, life.number])
    spans = []
    for outage in scenario.network.outages:
        start = stage.calendar.at(outage.day, outage.hour)
        if draw.uniform() < outage.share:
            spans.append(Span(start, start + 60.0 * outage.minutes))
    return spans


def record(told: Told, directory: Path, progress: Callable[[str], None]) -> int:
    """Write ``county/``, the tables, ``frames/``, the truth and the baselines; returns the number of frames."""
    progress("measured")
    sent = send(told.scenario, told.worn, measure(told.scenario, told.worn, told.radio.towers, told.radio.air))
    progress("frames")
    said, senders = (
        phones.answers(told),
        [(FAMILIES[each.life.family].protocol, each.life.identity) for each in told.worn],
    )
    senders += [("mlp", phones.number_of(each)) for each in phones.with_phones(told)]
    capture.write_senders(directory / "frames", senders)
    for day in capture.days_of(sent.received):
        part = sent.take(np.arange(day.start, day.stop))
        frames = capture.ordered(_encoded(told, part), len(part.measured))
        day_frames = phones.merged(part.received, part.measured.device, frames, said, len(told.worn))
        capture.write_day(directory / "frames", *day_frames)
    progress("truth")
    rules.write(told, directory / "county")
    seed, epoch = told.scenario.seed, told.stage.calendar.epoch
    _write_table(directory / "towers.csv", survey.rows(seed, told.radio.towers, epoch))
    _write_table(directory / "wifi.csv", wifi.rows(seed, told.points, epoch))
    for name in baseline.NAMES:
        raised = baseline.alarms(name, told.stage, told.bounds, told.worn, sent)
        text = "".join(f"{line}\n" for line in baseline.lines(raised, told.stage.calendar.until))
        (directory / f"baseline-{name}.jsonl").write_text(text, encoding="utf-8")
    with (directory / "truth.jsonl").open("w", encoding="utf-8") as out:
        out.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in truth_writer.records(told, sent))
    return len(sent.measured)


def _write_table(path: Path, rows: Iterable[tuple[object, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as table:
        csv.writer(table, lineterminator="\n").writerows(rows)


def _encoded(told: Told, sent: Sent) -> list[capture.Encoded]:
    """Frames by wire format, with the rows of ``sent`` they are of."""
    family = np.array([each.life.family == "gt06" for each in told.worn])[sent.measured.device]
    edition = np.array([each.life.edition is Edition.Y2019 for each in told.worn])[sent.measured.device]
    phones = [each.life.identity for each in told.worn]
    parts = []
    if family.any():
        rows = np.flatnonzero(family)
        octets, length, of = gt06.encode(sent.take(rows), told.radio)
        parts.append((octets, length, rows[of]))
    for wanted, chosen in ((Edition.Y2013, ~family & ~edition), (Edition.Y2019, ~family & edition)):
        rows = np.flatnonzero(chosen)
        if len(rows):
            octets, length, of = jt808.encode(sent.take(rows), phones, told.radio, wanted)
            parts.append((octets, length, rows[of]))
    return parts
