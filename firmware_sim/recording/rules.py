"""A scenario's county as the gateway's configuration."""

from __future__ import annotations

from typing import TYPE_CHECKING

from firmware_sim.configuration import Ruled, write_ruled
from firmware_sim.schedule import Leave, Span, Wearing

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    import shapely

    from firmware_sim.people.life import Life
    from firmware_sim.recording.run import Told
    from firmware_sim.world import Place

PROFILES = {"jt808": "g10ls", "gt06": "standard"}
PORT = 7611
"""Of the listener for JT/T 808; GT06 has the next."""
BEFORE = 2 * 86400.0
"""Seconds before the beginning from which the bracelets are worn."""


def write(told: Told, directory: Path) -> None:
    """Write the county's configuration into a folder."""
    write_ruled(ruled(told, str(directory.parent / "state")), directory)


def ruled(told: Told, storage: str, port: int = PORT) -> Ruled:
    """The county as its officer knows it."""
    listeners = (
        f'{{name: 腕带, protocol: jt808, profile: g10ls, tcp: "127.0.0.1:{port}"}}',
        f'{{name: 手环, protocol: gt06, tcp: "127.0.0.1:{port + 1}"}}',
    )
    calendar, lives = told.stage.calendar, [each.life for each in told.worn]
    return Ruled(
        calendar.epoch, calendar.until, [row for life in lives for row in _homes(life)], told.stage.home_radius,
        [(life.device, life.family, life.identity, PROFILES[life.family]) for life in lives],
        [(life.device, wearing) for life in lives for wearing in _wearings(life, calendar.epoch - BEFORE)],
        _ring(told.stage.plan.border),
        [(cafe.place.name, _ring(cafe.outline())) for cafe in told.stage.stock.cafes],
        _people(life for life in lives if life.curfew), _people(life for life in lives if life.barred), _people(lives),
        [Leave(life.person, span) for life in lives for span in life.leave], "", listeners, (), storage,
    )  # fmt: skip


def _homes(life: Life) -> list[tuple[str, Place]]:
    return [(person, home) for person, _, home in life.wearers()]


def _wearings(life: Life, start: float) -> list[Wearing]:
    return [Wearing(person, Span(max(span.start, start), span.until)) for person, span, _ in life.wearers()]


def _people(lives: Iterable[Life]) -> list[str]:
    return [person for life in lives for person, _, _ in life.wearers()]


def _ring(polygon: shapely.Polygon) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in polygon.exterior.coords]
