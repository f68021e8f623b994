"""A scenario's county as the gateway's configuration."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from firmware_sim import ladder
from firmware_sim.configuration import Ruled, write_ruled
from firmware_sim.firmware.families import FAMILIES
from firmware_sim.people.tricks import COMPANY
from firmware_sim.recording import asked, phones
from firmware_sim.schedule import Leave, Span, Wearing

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    import shapely

    from firmware_sim.people.life import Life
    from firmware_sim.recording.run import Told
    from firmware_sim.scenario.model import Scenario
    from firmware_sim.world import Place

PORT = 7611
"""Of the listeners for JT/T 808; GT06 has the next."""
NAMES, LINKS = {"jt808": "腕带", "gt06": "手环"}, ("tcp", "udp")
BEFORE = 2 * 86400.0
"""Seconds before the beginning from which the bracelets are worn."""


def write(told: Told, directory: Path) -> None:
    """Write the county's configuration into a folder."""
    write_ruled(replace(ruled(told, str(directory.parent / "state")), ladder=ladder.LINES), directory)


def ruled(told: Told, storage: str, port: int = PORT) -> Ruled:
    """The county as its officer knows it."""
    listeners = [
        f'{{name: {name} {link}, protocol: {protocol}, {link}: "127.0.0.1:{port + number}"}}'
        for number, (protocol, name) in enumerate(NAMES.items())
        for link in LINKS
    ]
    calendar, lives = told.stage.calendar, [each.life for each in told.worn]
    wearers = [life for life in lives if not life.protected]
    return Ruled(
        calendar.epoch, calendar.until, [row for life in wearers for row in _homes(life)], told.stage.home_radius,
        [_device(life) for life in lives],
        [(life.device, wearing) for life in wearers for wearing in _wearings(life, calendar.epoch - BEFORE)],
        _ring(told.stage.plan.border),
        [(cafe.place.name, _ring(cafe.outline())) for cafe in told.stage.stock.cafes],
        _people(life for life in lives if life.curfew), _people(life for life in lives if life.barred),
        _people(wearers),
        [Leave(life.person, span) for life in lives for span in life.leave], "", listeners, (), storage,
        _closer(told.scenario),
        [(phones.device_of(each), each.life.person, phones.number_of(each)) for each in phones.with_phones(told)],
        [life.person for life in lives if any(each.kind == COMPANY for each in life.happenings)],
        [(life.person, life.device) for life in lives if life.protected],
        _people(life for life in lives if life.kept_away),
        _people(wearers) if told.scenario.people.charging else (), asked.agreed(told),
    )  # fmt: skip


def _closer(scenario: Scenario) -> tuple[int, int]:
    every = scenario.county.closer_s
    return (every, scenario.firmware.resting_s) if every else (0, 0)


def _device(life: Life) -> tuple[str, str, str, str]:
    family = FAMILIES[life.family]
    return life.device, family.protocol, life.identity, family.profile


def _homes(life: Life) -> list[tuple[str, Place]]:
    return [(person, home) for person, _, home in life.wearers()]


def _wearings(life: Life, start: float) -> list[Wearing]:
    return [Wearing(person, Span(max(span.start, start), span.until)) for person, span, _ in life.wearers()]


def _people(lives: Iterable[Life]) -> list[str]:
    return [person for life in lives for person, _, _ in life.wearers()]


def _ring(polygon: shapely.Polygon) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in polygon.exterior.coords]
