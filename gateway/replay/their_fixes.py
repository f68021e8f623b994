"""Another system's positions, out of the CSV that it exports: each line read by itself, with what is wrong with it.

Columns by their first line, as the fixes CSV (:mod:`gateway.replay.fixes`) or in Chinese (:data:`NAMES`), or as a
mapping has them; ``person`` (our id) beside ``device`` or in its place, and ``datum`` (WGS-84, GCJ-02, BD-09). Lines
that begin with ``#`` are passed over, so that a track as ``export`` writes it can be read. A time is epoch seconds or
as :mod:`gateway.replay.their_tables` has it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Final, TypeVar

from fencing.datum import Datum, to_wgs84
from gateway.errors import UserFault
from gateway.journal.controls import Imported
from gateway.replay.fix_rows import LATEST, LIMITS, SOURCES, satellites_of
from gateway.replay.heard import CHECKS
from gateway.replay.their_tables import Unusable, Wearers, moment_in, rows_of, text_of
from gateway.words.import_words import FIX_FAULTS, IMPORTS
from gateway.words.shadow_words import FAULTS
from gateway.words.shadows import Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import tzinfo
    from pathlib import Path

    from gateway.settings.fix_mapping import FixMapping
    from gateway.settings.model import Configuration

NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "device": ("device", "设备", "设备编号", "设备号"),
    "person": ("person", "人员", "人员编号"),
    "time": ("time", "时间", "定位时间"),
    "received_at": ("received_at", "接收时间"),
    "source": ("source", "来源", "定位方式"),
    "latitude": ("latitude", "纬度"),
    "longitude": ("longitude", "经度"),
    "datum": ("datum", "坐标系"),
    "accuracy_m": ("accuracy_m", "精度"),
    "speed_kmh": ("speed_kmh", "速度"),
    "course_deg": ("course_deg", "方向"),
    "satellites": ("satellites", "卫星数"),
    "cells": ("cells",),
    "wifi": ("wifi",),
}
"""What a column may be called where no mapping says otherwise."""
NEEDED: Final = ("time", "latitude", "longitude")
MORE: Final[Mapping[str, float]] = {"accuracy_m": 1e6, "speed_kmh": 2e3, "course_deg": 360.0}
"""Most that a number may be which is not below 0."""
Found = TypeVar("Found")
MILLI: Final = 1000.0
_EPOCH: Final[Mapping[str, float]] = {"epoch": 1.0, "epoch_ms": MILLI}


@dataclass(frozen=True, slots=True)
class TheirFix:
    """A line of theirs: whose, by our keys, and what it says. ``line``: of the file."""

    line: int
    person: str
    device: str
    fix: Imported


@dataclass(frozen=True, slots=True)
class FixFile:
    """What a file says, in its order, and the lines that cannot be used."""

    fixes: list[TheirFix] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)


def read_their_fixes(path: Path, configuration: Configuration, mapping: FixMapping, zone: tzinfo | None) -> FixFile:
    """Read an export.

    Args:
        path: the CSV, UTF-8 or GB18030.
        configuration: whose people and devices are known, and who wore what when.
        mapping: what it calls things.
        zone: of times that say none; None: those are faults.

    Raises:
        UserFault: it cannot be read, or its first line lacks a column.
    """
    numbered = (
        (number, cells) for number, cells in rows_of(text_of(path)) if cells is None or not cells[0].startswith("#")
    )
    first, names = next(numbered, (1, []))
    lines, found = _Lines(configuration, mapping, zone, _columns(path, first, names or [], mapping)), FixFile()
    for number, cells in numbered:
        try:
            found.fixes.append(lines.read(number, cells, len(names or [])))
        except Unusable as fault:
            text = {**FIX_FAULTS, **FAULTS}[fault.reason].filled(**fault.values)
            found.refused.append(Refused(number, fault.reason, text))
    return found


def _columns(path: Path, line: int, names: list[str], mapping: FixMapping) -> dict[str, int]:
    """Where each column stands that the file has.

    Raises:
        UserFault: one that is needed, or that the mapping names, does not.
    """
    lower = [name.lower() for name in names]
    found = {key: lower.index(name) for key, each in NAMES.items() for name in reversed(each) if name in lower}
    mapped = mapping.columns.named()
    found |= {key: names.index(name) for key, name in mapped.items() if name in names}
    missing = [name for name in mapped.values() if name not in names]
    missing += [key for key in NEEDED if key not in found]
    missing += [] if {"device", "person"} & found.keys() else ["device"]
    if missing:
        raise UserFault(IMPORTS["import_header"].filled(path=path, line=line, missing=", ".join(missing)))
    return found


class _Lines:
    """Reads lines of one file."""

    def __init__(
        self, configuration: Configuration, mapping: FixMapping, zone: tzinfo | None, columns: Mapping[str, int]
    ) -> None:
        self.mapping, self.zone, self.columns = mapping, zone, columns
        self.wearers = Wearers(configuration)
        self.sources = {**SOURCES, **{word: SOURCES[ours] for word, ours in mapping.sources.items()}}

    def read(self, number: int, cells: list[str] | None, most: int) -> TheirFix:
        """One line.

        Raises:
            Unusable: it cannot be used.
        """
        if cells is None:
            raise Unusable("quote")
        if len(cells) > most:
            raise Unusable("columns", count=len(cells), most=most)
        row = {name: cells[at] if at < len(cells) else "" for name, at in self.columns.items()}
        time = self._time(row["time"])
        person, device = self.wearers.whose(row.get("person", ""), row.get("device", ""), time)
        if not (person and device):
            raise Unusable("unworn", device=device or "-", person=person or "-")
        return TheirFix(number, person, device, self._fix(row, time))

    def _fix(self, row: Mapping[str, str], time: float) -> Imported:
        latitude, longitude = self._place(row)
        more = {name: _number(row, name, 0.0, most) for name, most in MORE.items()}
        for name, check in CHECKS.items():
            _checked(name, row.get(name, ""), check)
        course = more["course_deg"]
        return Imported(
            time=time, received=self._time(row["received_at"]) if row.get("received_at") else time,
            source=self._source(row.get("source", "")), latitude=latitude, longitude=longitude,
            accuracy_m=more["accuracy_m"], speed_kmh=more["speed_kmh"],
            satellites=_checked("satellites", row.get("satellites", ""), satellites_of),
            course_deg="" if course is None else repr(course), cells=row.get("cells", ""), wifi=row.get("wifi", ""),
        )  # fmt: skip

    def _time(self, text: str) -> float:
        written = self.mapping.time_format
        if written is None or written in _EPOCH:
            time = self._seconds(text, _EPOCH.get(written or "epoch", 1.0), is_meant=written is not None)
        else:
            time = self._formatted(text, written)
        if not 0.0 <= time < LATEST:
            raise Unusable("time", value=text)
        return time

    def _seconds(self, text: str, unit: float, *, is_meant: bool) -> float:
        try:
            return float(text) / unit
        except ValueError:
            if is_meant:
                raise Unusable("time", value=text) from None
            return moment_in(text, self.zone)

    def _formatted(self, text: str, written: str) -> float:
        try:
            moment = datetime.strptime(text, written)  # noqa: DTZ007  its zone is looked at below
        except ValueError:
            raise Unusable("time_format", value=text, written=written) from None
        if moment.tzinfo is None and self.zone is None:
            raise Unusable("zone", value=text)
        return (moment if moment.tzinfo is not None else moment.replace(tzinfo=self.zone)).timestamp()

    def _source(self, text: str) -> int:
        word = text or self.mapping.source
        found = self.sources.get(word, self.sources.get(word.lower()))
        if found is None:
            raise Unusable("source", value=text, allowed=", ".join(SOURCES))
        return int(found)

    def _place(self, row: Mapping[str, str]) -> tuple[float | None, float | None]:
        """WGS-84 degrees; None where there is no position: none written, or the 0,0 of a device without a fix."""
        latitude, longitude = (_number(row, name, -limit, limit) for name, limit in LIMITS.items())
        if (latitude is None) != (longitude is None):
            raise Unusable("half")
        if latitude is None or longitude is None or latitude == longitude == 0.0:
            return None, None
        word = (row.get("datum") or self.mapping.datum).replace("-", "").lower()
        if word not in {each.value for each in Datum}:
            raise Unusable("datum", value=row.get("datum", ""))
        if word == Datum.WGS84:
            return latitude, longitude
        north, east = to_wgs84(latitude, longitude, Datum(word))
        return float(north), float(east)


def _number(row: Mapping[str, str], name: str, least: float, most: float) -> float | None:
    text = row.get(name, "")
    if not text:
        return None
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not least <= value <= most:
        raise Unusable("number", name=name, value=text, least=f"{least:g}", most=f"{most:g}")
    return value


def _checked(name: str, text: str, check: Callable[[str], Found]) -> Found:
    try:
        return check(text)
    except ValueError:
        raise Unusable("form", name=name, value=text) from None
