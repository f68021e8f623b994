"""The gateway's fused track (CSV), read in chunks of columns."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

from firmware_sim.score.json_lines import ScoreFault, epoch_seconds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

COLUMNS = ("device", "time", "latitude", "longitude", "radius67_m", "radius95_m", "state")
"""What has to be in the head; other columns are not looked at."""
CHUNK = 65_536
"""Rows that are held as texts at one time."""


@dataclass(frozen=True, slots=True)
class TrackRows:
    """A chunk: equally long columns.

    Attributes:
        time: UTC epoch seconds. ``latitude``, ``longitude``: WGS-84 degrees. The radii: metres.
        unknown: the state is ``unknown``.
    """

    device: Sequence[str]
    time: NDArray[np.float64]
    latitude: NDArray[np.float64]
    longitude: NDArray[np.float64]
    radius67: NDArray[np.float64]
    radius95: NDArray[np.float64]
    unknown: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class _Part:
    """Columns as texts; the first row stands on line ``first``."""

    path: Path
    first: int
    texts: dict[str, tuple[str, ...]]

    def numbers(self, name: str, fast: Callable[[tuple[str, ...]], NDArray[np.float64]]) -> NDArray[np.float64]:
        """A column as finite numbers: all at once if that goes, else one by one."""
        try:
            values = fast(self.texts[name])
        except ValueError:
            values = np.full(1, np.nan)
        return values if np.isfinite(values).all() else self._one_by_one(name)

    def _one_by_one(self, name: str) -> NDArray[np.float64]:
        read = _moment if name == "time" else float
        values = np.empty(len(self.texts[name]))
        for row, text in enumerate(self.texts[name]):
            try:
                values[row] = read(text)
            except ValueError:
                values[row] = np.nan
            if not np.isfinite(values[row]):
                raise ScoreFault(self.path, self.first + row, f"{name} is {text!r}; it has to be a {_WANTED[name]}")
        return values


_WANTED = dict.fromkeys(COLUMNS, "number") | {"time": "time, as epoch seconds or 2026-11-02T14:16:35Z"}


def read_track(path: Path) -> Iterator[TrackRows]:
    """The track's rows in the order of the file.

    Raises:
        ScoreFault: it cannot be read, lacks a column, or a row does not fit.
    """
    try:
        with path.open(encoding="utf-8", newline="") as file:
            for part in _parts(path, csv.reader(file)):
                yield _rows(part)
    except OSError as fault:
        raise ScoreFault(path, 0, f"cannot be read: {fault.strerror}") from fault
    except (csv.Error, UnicodeDecodeError) as fault:
        raise ScoreFault(path, 0, f"no CSV in UTF-8: {fault}") from fault


def _parts(path: Path, rows: Iterator[list[str]]) -> Iterator[_Part]:
    head = next(rows, [])
    missing = [name for name in COLUMNS if name not in head]
    if missing:
        raise ScoreFault(path, 1, f"no column {', '.join(missing)}; write the track with replay --track")
    first = 2
    while part := list(islice(rows, CHUNK)):
        for row, fields in enumerate(part, first):
            if len(fields) != len(head):
                raise ScoreFault(path, row, f"{len(fields)} fields, the head has {len(head)}; cut short?")
        columns = dict(zip(head, zip(*part, strict=True), strict=True))
        yield _Part(path, first, columns)
        first += len(part)


def _rows(part: _Part) -> TrackRows:
    return TrackRows(
        device=part.texts["device"],
        time=part.numbers("time", _moments),
        latitude=part.numbers("latitude", _floats),
        longitude=part.numbers("longitude", _floats),
        radius67=part.numbers("radius67_m", _floats),
        radius95=part.numbers("radius95_m", _floats),
        unknown=np.array([text.startswith("unknown") for text in part.texts["state"]], dtype=np.bool_),
    )


def _floats(texts: tuple[str, ...]) -> NDArray[np.float64]:
    return np.array(texts, dtype=np.float64)


def _moments(texts: tuple[str, ...]) -> NDArray[np.float64]:
    """Times that all end in Z, as the gateway writes them."""
    if not all(text.endswith("Z") for text in texts):
        raise ValueError("times of another form")
    moments = np.array([text[:-1] for text in texts], dtype="datetime64[ms]")
    return np.where(np.isnat(moments), np.nan, moments.astype(np.int64) / 1000.0)


def _moment(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return epoch_seconds(text)
