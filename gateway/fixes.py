"""The fixes CSV, a table of positions made elsewhere.

Columns: ``device,time,received_at,source,latitude,longitude,accuracy_m,speed_kmh,course_deg,cells,wifi``. Positions
are WGS-84; ``time`` and ``received_at`` epoch seconds or ISO 8601; ``source`` gnss|wifi|cell|beacon|phone.
"""

from __future__ import annotations

import csv
import math
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np

from gateway.engine.reports import Reports, assemble
from gateway.entries import EntryBatch, EntryKind, Origin
from gateway.errors import UserFault
from protocols.report import Source, blank

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from gateway.engine.policy import Policy

REQUIRED = ("device", "time", "source", "latitude", "longitude")
LATEST = 4_102_444_800.0
"""2100-01-01: beyond it stand milliseconds, not seconds."""
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
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as fault:
        raise UserFault(f"{path}: cannot be read: {fault}") from fault
    lines = text.splitlines()
    reader = csv.DictReader(lines, restval="")
    missing = [name for name in REQUIRED if name not in (reader.fieldnames or ())]
    if missing:
        raise UserFault(f"{path}:1: missing columns: {', '.join(missing)}")
    rows = [_row(path, reader.line_num, row, policy) for row in reader]
    if not rows:
        raise UserFault(f"{path}: no fixes in it")
    rows.sort(key=lambda row: row.received)
    return _table(rows)


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
    line: bytes


def _row(path: Path, number: int, row: dict[str, str], policy: Policy) -> _Row:
    try:
        _refuse_further_columns(row)
        time = _time(row["time"])
        received = row.get("received_at") or ""
        return _Row(
            device=_choice(row, "device", policy.device_index),
            time=time,
            received=_time(received) if received else time,
            source=_choice(row, "source", SOURCES),
            latitude=_number(row, "latitude", 90.0),
            longitude=_number(row, "longitude", 180.0),
            accuracy_m=_positive(row, "accuracy_m"),
            speed_kmh=_positive(row, "speed_kmh"),
            line=",".join(str(value) for value in row.values()).encode(),
        )
    except ValueError as fault:
        raise UserFault(f"{path}:{number}: {fault}") from fault


def _refuse_further_columns(row: dict[str, str]) -> None:
    """A decimal comma makes two columns of one: the reader keeps what is too much under None."""
    if None in row:
        raise ValueError("more columns than the first line names")


def _choice(row: dict[str, str], name: str, known: Mapping[str, int]) -> int:
    if row[name] not in known:
        raise ValueError(f"{name} {row[name]!r} is not known: one of {', '.join(list(known)[:10])}")
    return int(known[row[name]])


def _time(text: str) -> float:
    try:
        time = float(text)
    except ValueError:
        moment = _iso(text)
        time = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    if not 0.0 <= time < LATEST:
        raise ValueError(f"time {text} is not within 1970 to 2099: epoch seconds or ISO 8601")
    return time


def _iso(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError as fault:
        raise ValueError(f"time {text!r}: write epoch seconds or ISO 8601, for example 2026-11-02T14:00:00Z") from fault


def _number(row: dict[str, str], name: str, limit: float = math.inf) -> float:
    text = row.get(name) or ""
    if not text:
        return math.nan
    value = float(text)
    if not math.isfinite(value) or abs(value) > limit:
        raise ValueError(f"{name} {text} is no number up to {limit:g}")
    return value


def _positive(row: dict[str, str], name: str) -> float:
    value = _number(row, name)
    if value < 0.0:
        raise ValueError(f"{name} {row[name]} is below 0")
    return value


def _table(rows: list[_Row]) -> FixTable:
    batch = blank(len(rows))
    batch.frame[:] = np.arange(len(rows))
    for name in ("time", "latitude", "longitude", "accuracy_m", "speed_kmh", "source"):
        getattr(batch, name)[:] = [getattr(row, name) for row in rows]
    batch.located[:] = ~np.isnan(batch.latitude) & ~np.isnan(batch.longitude)
    received = np.array([row.received for row in rows], np.float64)
    device = np.array([row.device for row in rows], np.int64)
    return FixTable(assemble(np.arange(len(rows)), received, device, batch), tuple(row.line for row in rows))
