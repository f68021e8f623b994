"""Many rows of a fixes table at once, column by column; what needs a look of its own is left to the rows.

The rows (:mod:`gateway.replay.fix_rows`) are the truth. What is read here is read to the same values, by the same
parsers; all else is refused without a word, for they have the words.
"""

from __future__ import annotations

import csv
import math
from dataclasses import dataclass, fields
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np

from gateway.replay.fix_rows import (
    BESIDE,
    FULL_WIDTH_COMMA,
    LATEST,
    LIMITS,
    SOURCES,
    FixRow,
    moment_of,
    satellites_of,
)
from gateway.replay.heard import CHECKS
from protocols.content import word_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

DTYPES: dict[str, type[np.generic]] = {
    "device": np.int64, "time": np.float64, "received": np.float64, "source": np.uint8, "latitude": np.float64,
    "longitude": np.float64, "accuracy_m": np.float64, "speed_kmh": np.float64, "satellites": np.int16,
}  # fmt: skip


TEXTS = ("cells", "wifi", "lines")
"""Columns that are no arrays."""
MOST = csv.field_size_limit()
"""Characters of a cell that the parser takes."""


@dataclass(frozen=True, slots=True)
class FixColumns:
    """Rows of a table, n of them: index of the device, UTC epoch seconds, degrees of WGS-84 (NaN without a position).

    ``satellites`` is -1 where they are not told, ``beside`` uint64 (n, 3), a digest of what stands in each of
    ``BESIDE``; ``lines`` the rows as the file has them, each with as many cells as the first line names. ``cells``,
    ``wifi``: what was heard, as it is written.
    """

    device: NDArray[np.int64]
    time: NDArray[np.float64]
    received: NDArray[np.float64]
    source: NDArray[np.uint8]
    latitude: NDArray[np.float64]
    longitude: NDArray[np.float64]
    accuracy_m: NDArray[np.float64]
    speed_kmh: NDArray[np.float64]
    satellites: NDArray[np.int16]
    beside: NDArray[np.uint64]
    cells: tuple[str, ...]
    wifi: tuple[str, ...]
    lines: tuple[bytes, ...]

    def __len__(self) -> int:
        return len(self.lines)


def gathered(rows: Sequence[FixRow]) -> FixColumns:
    """Rows that were read one by one."""
    columns = {name: np.array([getattr(row, name) for row in rows], dtype) for name, dtype in DTYPES.items()}
    beside = np.array([row.beside for row in rows], np.uint64).reshape(-1, len(BESIDE))
    return FixColumns(
        **columns, beside=beside, cells=tuple(row.cells for row in rows), wifi=tuple(row.wifi for row in rows),
        lines=tuple(row.line for row in rows),
    )  # fmt: skip


def joined(parts: Sequence[FixColumns]) -> FixColumns:
    """Stretches of one table, in order; at least one."""
    names = [field.name for field in fields(FixColumns) if field.name not in TEXTS]
    columns = {name: np.concatenate([getattr(part, name) for part in parts]) for name in names}
    cells, wifi = (tuple(chain.from_iterable(getattr(part, name) for part in parts)) for name in ("cells", "wifi"))
    return FixColumns(**columns, cells=cells, wifi=wifi, lines=tuple(line for part in parts for line in part.lines))


def columns_of(lines: Sequence[str], names: Sequence[str], devices: Mapping[str, int]) -> FixColumns | None:
    """Read lines, none of them empty.

    Returns:
        None where a line cannot be read so: it has a fault, or a way of writing that this does not know.
    """
    try:
        cells, said = _cells(lines, names)
        return _read(cells, said, names, devices)
    except (csv.Error, ValueError, KeyError):
        return None


def _cells(lines: Sequence[str], names: Sequence[str]) -> tuple[list[list[str]], Iterable[str]]:
    """The cells of each column; and the rows, without quotation marks and none of them cut short.

    Raises:
        csv.Error, ValueError: they cannot be told apart.
    """
    text, width = ",".join(lines), len(names)
    if FULL_WIDTH_COMMA in text or len(set(names)) < width:
        raise ValueError
    if '"' in text or {line.count(",") for line in lines} != {width - 1} or max(map(len, lines)) > MOST:
        return _parsed(lines, width)
    cells = text.split(",")
    return [cells[column::width] for column in range(width)], lines


def _parsed(lines: Sequence[str], width: int) -> tuple[list[list[str]], Iterable[str]]:
    """The same by a parser, where there are quotation marks, or rows that are cut short."""
    rows = list(csv.reader(lines, strict=True))
    if len(rows) != len(lines) or max(map(len, rows)) > width:
        raise ValueError
    whole = [row if len(row) == width else row + [""] * (width - len(row)) for row in rows]
    return [list(column) for column in zip(*whole, strict=True)], map(",".join, whole)


def _read(cells: list[list[str]], lines: Iterable[str], names: Sequence[str], devices: Mapping[str, int]) -> FixColumns:
    """Raises ValueError or KeyError, saying nothing."""
    count, column = len(cells[0]), dict(zip(names, cells, strict=True))
    absent = [""] * count
    latitude, longitude = _places(*(_numbers(column[name], limit) for name, limit in LIMITS.items()))
    received = column.get("received_at", absent)
    _positive(column.get("course_deg", absent), 360.0)
    for name, check in CHECKS.items():
        for text in set(column.get(name, absent)):
            check(text)
    return FixColumns(
        device=np.fromiter(map(devices.__getitem__, column["device"]), np.int64, count),
        time=_times(column["time"]),
        received=_times([own or usual for own, usual in zip(received, column["time"], strict=True)]),
        source=np.fromiter(map(SOURCES.__getitem__, column["source"]), np.uint8, count),
        latitude=latitude,
        longitude=longitude,
        accuracy_m=_positive(column.get("accuracy_m", absent)),
        speed_kmh=_positive(column.get("speed_kmh", absent)),
        satellites=np.fromiter(map(satellites_of, column.get("satellites", absent)), np.int16, count),
        beside=np.stack([_digests(column.get(name, absent)) for name in BESIDE], axis=1),
        cells=tuple(column.get("cells", absent)),
        wifi=tuple(column.get("wifi", absent)),
        lines=tuple(map(str.encode, lines)),
    )


def _times(texts: Sequence[str]) -> NDArray[np.float64]:
    """All of them epoch seconds, or all ISO 8601."""
    try:
        times = np.fromiter(map(float, texts), np.float64, len(texts))
    except ValueError:
        times = np.fromiter((moment_of(text, "") for text in texts), np.float64, len(texts))
    if not ((times >= 0.0) & (times < LATEST)).all():
        raise ValueError
    return times


def _numbers(texts: Sequence[str], limit: float = math.inf) -> NDArray[np.float64]:
    """NaN where nothing is written, and nowhere else."""
    written = len(texts) - texts.count("")
    if not written:
        return np.full(len(texts), np.nan)
    values = np.fromiter(map(float, [text or "nan" for text in texts]), np.float64, len(texts))
    if np.count_nonzero(np.isfinite(values) & (np.abs(values) <= limit)) != written:
        raise ValueError
    return values


def _places(
    latitude: NDArray[np.float64], longitude: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    if (np.isnan(latitude) != np.isnan(longitude)).any():
        raise ValueError
    none = (latitude == 0.0) & (longitude == 0.0)
    return np.where(none, np.nan, latitude), np.where(none, np.nan, longitude)


def _positive(texts: Sequence[str], limit: float = math.inf) -> NDArray[np.float64]:
    values = _numbers(texts, limit)
    if (values < 0.0).any():
        raise ValueError
    return values


def _digests(texts: Sequence[str]) -> NDArray[np.uint64]:
    """Of each text; each different one is worked out once."""
    known = {text: word_of(text) for text in set(texts)}
    return np.fromiter(map(known.__getitem__, texts), np.uint64, len(texts))
