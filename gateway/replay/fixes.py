"""The fixes CSV, a table of positions made elsewhere.

Columns: ``device,time,received_at,source,latitude,longitude,accuracy_m,speed_kmh,course_deg,cells,wifi``, and where
they are known ``satellites``. Positions are WGS-84; ``time`` and ``received_at`` epoch seconds or ISO 8601 with its
offset from UTC; ``source`` gnss|wifi|cell|beacon|phone. A row without a position, or with 0,0 as devices write it then,
is a report without a fix. Lines before the first that begin with ``#`` are passed over.
UTF-8 or GB18030.

An ISO 8601 time without an offset is refused: the tables of a configuration are in local time, many systems export UTC,
and eight hours of silent error would turn days into nights.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

import numpy as np

from gateway.decoded import from_json
from gateway.engine import EngineState, Reports, assemble, hear_places, imported_reports
from gateway.errors import UserFault
from gateway.journal.controls import Imported
from gateway.journal.entries import EntryBatch, EntryKind, Origin
from gateway.replay.fix_columns import FixColumns, columns_of, gathered, joined
from gateway.replay.fix_rows import cells_of, row_of
from gateway.replay.heard import cells_of_texts, wifi_of_texts
from gateway.settings.files import decoded
from gateway.words.phrases import phrase
from protocols.content import mixed
from protocols.report import blank

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from gateway.engine import Policy, TowersByDigest
    from gateway.journal.contract import Journal

REQUIRED = ("device", "time", "source", "latitude", "longitude")
AT_ONCE = 16_384
"""Lines read in columns, or row by row where one of them is odd."""


@dataclass(frozen=True, slots=True)
class FixTable:
    """Fixes in order of receipt, as the engine's columns; ``lines`` are the file's, the alarms' opening entries."""

    reports: Reports
    lines: tuple[bytes, ...]

    def until(self, time: float) -> FixTable:
        """Those received at or before a time."""
        wanted = int((self.reports.received <= time).sum())
        if wanted == len(self.lines):
            return self
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


def read_fixes(path: Path, policy: Policy, towers: TowersByDigest | None = None) -> FixTable:
    """Read the table; rows are ordered by receipt (stable).

    With ``towers``, whatever digest they are asked for, rows without a position get that of what they heard.

    Raises:
        UserFault: the first row that cannot be used, as ``file:line: what is wrong``.
    """
    lines = _text(path).split("\n")
    head = next((at for at, line in enumerate(lines) if not line.startswith("#")), 0)
    names = cells_of(path, head + 1, lines[head])
    missing = [name for name in REQUIRED if name not in names]
    if missing:
        raise UserFault(f"{path}:{head + 1}: missing columns: {', '.join(missing)}")
    devices = policy.device_index
    parts = [
        _stretch(path, first, lines[first : first + AT_ONCE], names, devices)
        for first in range(head + 1, len(lines), AT_ONCE)
    ]
    if not any(map(len, parts)):
        raise UserFault(f"{path}: no fixes in it")
    return _table(joined(parts), policy, towers)


def imported_in(journal: Journal, policy: Policy) -> FixTable:
    """The fixes that were imported into a journal, ordered by the receipt that their files name, then by device time.

    Of devices that the policy does not know there is nothing.

    Raises:
        UserFault: nothing was imported.
    """
    found: list[tuple[Imported, int, bytes]] = []
    for _, batch in journal.read(journal.begins):
        for index in np.flatnonzero(batch.kind == np.uint8(EntryKind.IMPORTED)).tolist():
            seat = policy.device_index.get(batch.origin_of(index).device)
            if seat is not None:
                line = batch.bytes_of(index)
                found.append((from_json(line, Imported), seat, line))
    if not found:
        raise UserFault(phrase("imported_none"))
    found.sort(key=lambda one: (one[0].received, one[0].time))
    fixes, seats, lines = zip(*found, strict=True)
    return FixTable(imported_reports(policy, np.array(seats, np.int64), fixes), lines)


def _text(path: Path) -> str:
    try:
        return decoded(path.read_bytes())
    except UnicodeDecodeError:
        raise UserFault(f"{path}: cannot be read: neither UTF-8 nor GB18030; save it as UTF-8") from None
    except OSError as fault:
        raise UserFault(f"{path}: cannot be read: {fault.strerror}") from fault


def _stretch(path: Path, first: int, lines: list[str], names: list[str], devices: Mapping[str, int]) -> FixColumns:
    """Some lines, the first of them the file's line ``first`` + 1: in columns, or row by row where that is refused."""
    found = columns_of([line for line in lines if line], names, devices)
    if found is not None:
        return found
    numbered = enumerate(lines, start=first + 1)
    return gathered([row_of(path, number, line, names, devices) for number, line in numbered if line])


def _table(columns: FixColumns, policy: Policy, towers: TowersByDigest | None) -> FixTable:
    count, order = len(columns), np.argsort(columns.received, kind="stable")
    batch = blank(count)
    batch.frame[:] = np.arange(count)
    for name in ("time", "latitude", "longitude", "accuracy_m", "speed_kmh", "source", "satellites"):
        getattr(batch, name)[:] = getattr(columns, name)[order]
    batch.located[:] = ~np.isnan(batch.latitude)
    beside = mixed(columns.beside[order].T)
    received, device, places = columns.received[order], columns.device[order], None
    if towers is not None:
        texts = [(columns.cells[row], columns.wifi[row]) for row in order.tolist()]
        cells, wifi = ([text[side] for text in texts] for side in (0, 1))
        heard = replace(batch, cells=cells_of_texts(cells), wifi=wifi_of_texts(wifi))
        places = hear_places(EngineState(towers=[(-np.inf, "")]), policy, towers, device, received, heard)
    reports = assemble(np.arange(count), received, device, batch, beside, places)
    return FixTable(reports, tuple(map(columns.lines.__getitem__, order.tolist())))
