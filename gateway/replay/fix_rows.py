"""One row of a fixes table, read by itself: what it says, or the words for what is wrong with it."""

from __future__ import annotations

import csv
import math
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from gateway.errors import UserFault
from gateway.replay.heard import CHECKS
from protocols.content import word_of
from protocols.report import Source

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

LATEST = 4_102_444_800.0
"""2100-01-01: beyond it stand milliseconds, not seconds."""
EXAMPLE = "2026-11-02T13:00:00+08:00"
FULL_WIDTH_COMMA = "，"
SOURCES = {source.name.lower(): source.value for source in Source if source is not Source.NONE}
BESIDE = ("course_deg", "cells", "wifi")
"""Columns that move no track and yet tell one report from another."""
MOST_SATELLITES = 255
LIMITS = {"latitude": 90.0, "longitude": 180.0}


@dataclass(frozen=True, slots=True)
class FixRow:
    """One row; the fields as those of :class:`gateway.replay.fix_columns.FixColumns`."""

    device: int
    time: float
    received: float
    source: int
    latitude: float
    longitude: float
    accuracy_m: float
    speed_kmh: float
    satellites: int
    cells: str
    wifi: str
    beside: tuple[int, ...]
    line: bytes


def cells_of(path: Path, number: int, line: str) -> list[str]:
    """The cells of one line: no value of this table spans lines.

    Raises:
        UserFault: they cannot be told apart.
    """
    if FULL_WIDTH_COMMA in line:
        raise UserFault(f"{path}:{number}: a full-width comma {FULL_WIDTH_COMMA} : write , between the columns")
    try:
        return next(csv.reader([line], strict=True), [])
    except csv.Error:
        raise UserFault(f'{path}:{number}: a quotation mark " without its partner: leave both out') from None


def row_of(path: Path, number: int, line: str, names: Sequence[str], devices: Mapping[str, int]) -> FixRow:
    """Read one line.

    Args:
        path: the file, for the words of a fault.
        number: of the line in it, for the same.
        line: without its end.
        names: what the first line calls the columns.
        devices: known devices and their indices.

    Raises:
        UserFault: ``file:line: what is wrong``.
    """
    cells = cells_of(path, number, line)
    row = {**dict.fromkeys(names, ""), **dict(zip(names, cells, strict=False))}
    try:
        _refuse_further_columns(names, cells)
        time = _time(row, "time")
        latitude, longitude = _place(row)
        _positive(row, "course_deg", 360.0)
        for name, check in CHECKS.items():
            check(row.get(name) or "")
        return FixRow(
            device=_choice(row, "device", devices),
            time=time,
            received=_time(row, "received_at") if row.get("received_at") else time,
            source=_choice(row, "source", SOURCES),
            latitude=latitude,
            longitude=longitude,
            accuracy_m=_positive(row, "accuracy_m"),
            speed_kmh=_positive(row, "speed_kmh"),
            satellites=satellites_of(row.get("satellites") or ""),
            cells=row.get("cells") or "",
            wifi=row.get("wifi") or "",
            beside=tuple(word_of(row.get(name) or "") for name in BESIDE),
            line=",".join(row.values()).encode(),
        )
    except ValueError as fault:
        raise UserFault(f"{path}:{number}: {fault}") from fault


def _refuse_further_columns(names: Sequence[str], cells: list[str]) -> None:
    """A decimal comma makes two columns of one."""
    if len(cells) > len(names):
        raise ValueError(f"{len(cells)} columns, the first line names {len(names)}: write decimals with a point")


def _choice(row: dict[str, str], name: str, known: Mapping[str, int]) -> int:
    if row[name] not in known:
        raise ValueError(f"{name} {row[name]!r} is not known: one of {', '.join(list(known)[:10])}")
    return known[row[name]]


def _time(row: dict[str, str], name: str) -> float:
    text, said = row[name], "time" if name == "time" else f"{name}: time"
    try:
        time = float(text)
    except ValueError:
        time = moment_of(text, said)
    if not 0.0 <= time < LATEST:
        raise ValueError(f"{said} {text} is not within 1970 to 2099: epoch seconds or ISO 8601")
    return time


def moment_of(text: str, said: str) -> float:
    """UTC epoch seconds of a time in ISO 8601 with its offset; ``said`` is what a fault calls it.

    Raises:
        ValueError: it is none.
    """
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as fault:
        raise ValueError(f"{said} {text!r}: write epoch seconds or ISO 8601, for example {EXAMPLE}") from fault
    if moment.tzinfo is None:
        raise ValueError(f"{said} {text!r} does not say its time zone: write the offset, for example {EXAMPLE}")
    return moment.timestamp()


def _place(row: dict[str, str]) -> tuple[float, float]:
    """Latitude and longitude, NaN where there is no position: none written, or the 0,0 of a device without a fix."""
    latitude, longitude = (_number(row, name, limit) for name, limit in LIMITS.items())
    if math.isnan(latitude) != math.isnan(longitude):
        raise ValueError("latitude and longitude: write both, or neither for a report without a position")
    return (math.nan, math.nan) if latitude == longitude == 0.0 else (latitude, longitude)


def _number(row: dict[str, str], name: str, limit: float = math.inf) -> float:
    text = row.get(name) or ""
    if not text:
        return math.nan
    try:
        value = float(text)
    except ValueError as fault:
        raise ValueError(f"{name} {text!r} is no number: write digits and a point, for example 24.3301") from fault
    if not math.isfinite(value) or abs(value) > limit:
        raise ValueError(f"{name} {text} is no number" + (f" up to {limit:g}" if math.isfinite(limit) else ""))
    return value


def satellites_of(text: str) -> int:
    """How many were used; -1: not told.

    Raises:
        ValueError: it is no such number.
    """
    if not text:
        return -1
    if not (text.isascii() and text.isdigit()) or int(text) > MOST_SATELLITES:
        raise ValueError(f"satellites {text!r} is no whole number up to {MOST_SATELLITES}")
    return int(text)


def _positive(row: dict[str, str], name: str, limit: float = math.inf) -> float:
    value = _number(row, name, limit)
    if value < 0.0:
        raise ValueError(f"{name} {row[name]} is below 0")
    return value
