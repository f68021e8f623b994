"""The fixes CSV, a table of positions made elsewhere.

Columns: ``device,time,received_at,source,latitude,longitude,accuracy_m,speed_kmh,course_deg,cells,wifi``. Positions
are WGS-84; ``time`` and ``received_at`` epoch seconds or ISO 8601 with its offset from UTC; ``source``
gnss|wifi|cell|beacon|phone. A row without a position, or with 0,0 as devices write it then, is a report without a fix.
UTF-8 or GB18030.

An ISO 8601 time without an offset is refused: the tables of a configuration are in local time, many systems export UTC,
and eight hours of silent error would turn days into nights.
"""

from __future__ import annotations

import csv
import math
from dataclasses import dataclass, fields
from datetime import datetime
from hashlib import blake2b
from typing import TYPE_CHECKING

import numpy as np

from gateway.engine import Reports, assemble
from gateway.errors import UserFault
from gateway.journal.entries import EntryBatch, EntryKind, Origin
from gateway.settings.files import decoded
from protocols.report import Source, blank

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from gateway.engine import Policy

REQUIRED = ("device", "time", "source", "latitude", "longitude")
LATEST = 4_102_444_800.0
"""2100-01-01: beyond it stand milliseconds, not seconds."""
EXAMPLE = "2026-11-02T13:00:00+08:00"
FULL_WIDTH_COMMA = "，"
BESIDE = ("course_deg", "cells", "wifi")
SOURCES = {source.name.lower(): source for source in Source if source is not Source.NONE}


@dataclass(frozen=True, slots=True)
class FixTable:
    """Fixes in order of receipt, as the engine's columns; ``lines`` are the file's, the alarms' opening entries."""

    reports: Reports
    lines: tuple[bytes, ...]

    def until(self, time: float) -> FixTable:
        """Those received at or before a time."""
        wanted = int((self.reports.received <= time).sum())
        return FixTable(_rows(self.reports, slice(0, wanted)), self.lines[:wanted])

    def part(self, part: slice) -> Reports:
        """Some rows, numbered from 0, writable."""
        reports = _rows(self.reports, part)
        reports.entry = np.arange(len(reports.entry))
        return reports

    def entries(self, part: slice) -> EntryBatch:
        """As many entries, for offsets, times and identities."""
        lines = self.lines[part]
        length = np.array([len(line) for line in lines], np.int64)
        return EntryBatch(
            np.full(len(lines), EntryKind.FRAME, np.uint8), self.reports.received[part], np.zeros(len(lines), np.int32),
            np.cumsum(length) - length, length, np.frombuffer(b"".join(lines), np.uint8), (Origin(),),
        )  # fmt: skip


def _rows(reports: Reports, part: slice) -> Reports:
    return Reports(**{field.name: getattr(reports, field.name)[part].copy() for field in fields(Reports)})


def read_fixes(path: Path, policy: Policy) -> FixTable:
    """Read the table; rows are ordered by receipt (stable).

    Raises:
        UserFault: the first row that cannot be used, as ``file:line: what is wrong``.
    """
    lines = _lines(path)
    names = next(lines)[1]
    missing = [name for name in REQUIRED if name not in names]
    if missing:
        raise UserFault(f"{path}:1: missing columns: {', '.join(missing)}")
    rows = [_row(path, number, names, cells, policy) for number, cells in lines]
    if not rows:
        raise UserFault(f"{path}: no fixes in it")
    rows.sort(key=lambda row: row.received)
    return _table(rows)


def _lines(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Number and cells of the first line, and of each further one that is not empty."""
    try:
        text = decoded(path.read_bytes())
    except UnicodeDecodeError:
        raise UserFault(f"{path}: cannot be read: neither UTF-8 nor GB18030; save it as UTF-8") from None
    except OSError as fault:
        raise UserFault(f"{path}: cannot be read: {fault.strerror}") from fault
    for number, line in enumerate(text.split("\n"), start=1):
        if line or number == 1:
            yield number, _cells(path, number, line)


def _cells(path: Path, number: int, line: str) -> list[str]:
    """The cells of one line: no value of this table spans lines."""
    if FULL_WIDTH_COMMA in line:
        raise UserFault(f"{path}:{number}: a full-width comma {FULL_WIDTH_COMMA} : write , between the columns")
    try:
        return next(csv.reader([line], strict=True), [])
    except csv.Error:
        raise UserFault(f'{path}:{number}: a quotation mark " without its partner: leave both out') from None


@dataclass(frozen=True, slots=True)
class _Row:
    """One line of the file."""

    device: int
    time: float
    received: float
    source: int
    latitude: float
    longitude: float
    accuracy_m: float
    speed_kmh: float
    heard: int
    line: bytes


def _row(path: Path, number: int, names: list[str], cells: list[str], policy: Policy) -> _Row:
    row = {**dict.fromkeys(names, ""), **dict(zip(names, cells, strict=False))}
    try:
        _refuse_further_columns(names, cells)
        time = _time(row, "time")
        latitude, longitude = _place(row)
        return _Row(
            device=_choice(row, "device", policy.device_index),
            time=time,
            received=_time(row, "received_at") if row.get("received_at") else time,
            source=_choice(row, "source", SOURCES),
            latitude=latitude,
            longitude=longitude,
            accuracy_m=_positive(row, "accuracy_m"),
            speed_kmh=_positive(row, "speed_kmh"),
            heard=_beside(row),
            line=",".join(row.values()).encode(),
        )
    except ValueError as fault:
        raise UserFault(f"{path}:{number}: {fault}") from fault


def _refuse_further_columns(names: list[str], cells: list[str]) -> None:
    """A decimal comma makes two columns of one."""
    if len(cells) > len(names):
        raise ValueError(f"{len(cells)} columns, the first line names {len(names)}: write decimals with a point")


def _choice(row: dict[str, str], name: str, known: Mapping[str, int]) -> int:
    if row[name] not in known:
        raise ValueError(f"{name} {row[name]!r} is not known: one of {', '.join(list(known)[:10])}")
    return int(known[row[name]])


def _time(row: dict[str, str], name: str) -> float:
    text, said = row[name], "time" if name == "time" else f"{name}: time"
    try:
        time = float(text)
    except ValueError:
        time = _iso(text, said)
    if not 0.0 <= time < LATEST:
        raise ValueError(f"{said} {text} is not within 1970 to 2099: epoch seconds or ISO 8601")
    return time


def _iso(text: str, said: str) -> float:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as fault:
        raise ValueError(f"{said} {text!r}: write epoch seconds or ISO 8601, for example {EXAMPLE}") from fault
    if moment.tzinfo is None:
        raise ValueError(f"{said} {text!r} does not say its time zone: write the offset, for example {EXAMPLE}")
    return moment.timestamp()


def _place(row: dict[str, str]) -> tuple[float, float]:
    """Latitude and longitude, NaN where there is no position: none written, or the 0,0 of a device without a fix."""
    latitude, longitude = _number(row, "latitude", 90.0), _number(row, "longitude", 180.0)
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


def _positive(row: dict[str, str], name: str) -> float:
    value = _number(row, name)
    if value < 0.0:
        raise ValueError(f"{name} {row[name]} is below 0")
    return value


def _beside(row: dict[str, str]) -> int:
    """A digest of what moves no track and yet tells one report from another; 0 of nothing."""
    said = [row.get(name) or "" for name in BESIDE]
    return int.from_bytes(blake2b("\n".join(said).encode(), digest_size=8).digest()) if any(said) else 0


def _table(rows: list[_Row]) -> FixTable:
    batch = blank(len(rows))
    batch.frame[:] = np.arange(len(rows))
    for name in ("time", "latitude", "longitude", "accuracy_m", "speed_kmh", "source"):
        getattr(batch, name)[:] = [getattr(row, name) for row in rows]
    batch.located[:] = ~np.isnan(batch.latitude) & ~np.isnan(batch.longitude)
    received = np.array([row.received for row in rows], np.float64)
    device = np.array([row.device for row in rows], np.int64)
    heard = np.array([row.heard for row in rows], np.uint64)
    reports = assemble(np.arange(len(rows)), received, device, batch, heard)
    return FixTable(reports, tuple(row.line for row in rows))
