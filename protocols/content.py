"""What a report says, as one number: reports are told apart by all of their columns, cells and access points too."""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from protocols.report import ReportBatch

_MEASURES = ("time", "latitude", "longitude", "altitude_m", "speed_kmh", "course_deg", "accuracy_m")
_SETS = ("flags", "stated", "momentary")
_SMALL = ("satellites", "battery_percent", "source", "datum", "located")
_SHARED = np.dtype(
    [("satellites", "<i2"), ("battery_percent", "<i2"), *((name, "u1") for name in _SMALL[2:]), ("", "u1")]
)
"""Columns that share a word."""
_CELL_WORDS = ("mcc", "mnc", "lac", "cid", "signal_raw", "signal_unit", "ta")
_WIFI_WORDS = ("bssid", "rssi_dbm")
_NAN = np.float64(np.nan)
_ROUNDS = ((np.uint64(30), np.uint64(0xBF58476D1CE4E5B9)), (np.uint64(27), np.uint64(0x94D049BB133111EB)))
_HALF, _SHIFT, _LAST = np.uint64(32), np.uint64(29), np.uint64(31)
_AT_ONCE = 4096
"""Columns that the processor's cache holds."""


def _finished(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Each value onto another, all bits stirred."""
    for shift, factor in _ROUNDS:
        values = (values ^ values >> shift) * factor
    return values ^ values >> _LAST


_FACTORS = (_finished(np.arange(1, 17, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)) | np.uint64(1))[:, None]
"""Of each word its own, odd ones, so that none stands for another."""


def content_of(reports: ReportBatch, heard: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """A digest of each report, uint64 (n,), never 0: equal where all that a report says is equal.

    How it came is not what it says: neither ``frame`` nor ``stored`` is in it, since a report whose answer was lost
    comes again out of the device's memory. Absent is not zero; every NaN is one, and so are both zeros.

    Args:
        reports: the columns; their cells and access points are not looked at.
        heard: of those, uint64 (n,), as :func:`heard_in` has it.
    """
    words = np.zeros((len(_MEASURES) + len(_SETS) + 2, len(reports)), np.uint64)
    measures = words[: len(_MEASURES)].view(np.float64)
    for row, name in enumerate(_MEASURES):
        measures[row] = getattr(reports, name)
    measures += 0.0
    measures[np.isnan(measures)] = _NAN
    for row, name in enumerate(_SETS, start=len(_MEASURES)):
        words[row] = getattr(reports, name)
    shared = words[-2].view(_SHARED)
    for name in _SMALL:
        shared[name] = getattr(reports, name)
    words[-1] = heard
    content = mixed(words)
    return np.where(content == 0, np.uint64(1), content)


def heard_in(reports: ReportBatch) -> NDArray[np.uint64]:
    """Of each report a digest of its cells and access points in their order, uint64 (n,); 0 where it has none."""
    heard = np.zeros(len(reports), np.uint64)
    for kind, entries, names in ((1, reports.cells, _CELL_WORDS), (2, reports.wifi, _WIFI_WORDS)):
        if len(entries.report):
            words = np.empty((2 + len(names), len(entries.report)), np.uint64)
            words[0], words[1] = kind, _place_in_list(entries.report)
            for row, name in enumerate(names, start=2):
                words[row] = getattr(entries, name)
            np.add.at(heard, entries.report, mixed(words))
    return heard


def _place_in_list(report: NDArray[np.int64]) -> NDArray[np.int64]:
    """How many entries of the same report stand before each, int64 (m,)."""
    order = report.argsort(kind="stable")
    ordered, count = report[order], np.arange(len(report))
    begins = np.where(ordered[1:] != ordered[:-1], count[1:], 0)
    place = np.zeros(len(report), np.int64)
    place[order[1:]] = count[1:] - np.maximum.accumulate(begins)
    return place


def word_of(text: str) -> int:
    """64 bits of a text; 0 of none."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest()) if text else 0


def mixed(words: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Columns of words, uint64 (at most 16, n), into one, uint64 (n,): another word alone is always another result."""
    sums = np.empty(words.shape[1], np.uint64)
    for first in range(0, len(sums), _AT_ONCE):
        part = words[:, first : first + _AT_ONCE]
        part = (part ^ part >> _HALF) * _FACTORS[: len(words)]
        part ^= part >> _SHIFT
        np.add.reduce(part, axis=0, out=sums[first : first + _AT_ONCE])
    return _finished(sums)
