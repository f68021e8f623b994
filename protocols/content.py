"""What a report says, as one number: reports are told apart by all of their columns, cells and access points too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from protocols.report import CellColumns, ReportBatch, WifiColumns

_MIX = np.uint64(0x9E3779B97F4A7C15)
_SHIFT = np.uint64(29)
_FINAL = ((np.uint64(30), np.uint64(0xBF58476D1CE4E5B9)), (np.uint64(27), np.uint64(0x94D049BB133111EB)))
_LAST = np.uint64(31)
_OF_CELLS, _OF_WIFI = np.uint64(1 << 32), np.uint64(2 << 32)
"""What the two lists begin with, so that one cannot stand for the other; below it, the place in the list."""
_ABSENT = np.float64(np.nan).view(np.uint64)
_MEASURES = ("time", "latitude", "longitude", "altitude_m", "speed_kmh", "course_deg", "accuracy_m")
_SETS = ("flags", "stated", "momentary")
_SMALL = (("located", 0), ("datum", 8), ("source", 16), ("satellites", 32), ("battery_percent", 48))
"""Columns of 16 bits at most, and where each stands in one word."""


def content_of(reports: ReportBatch, heard: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """A digest of each report, uint64 (n,), never 0: equal where all that a report says is equal.

    How it came is not what it says: neither ``frame`` nor ``stored`` is in it, since a report whose answer was lost
    comes again out of the device's memory. Absent is not zero; every NaN is one, and so are both zeros.

    Args:
        reports: the columns; their cells and access points are not looked at.
        heard: of those, uint64 (n,), as :func:`heard_in` has it.
    """
    small = np.zeros(len(reports), np.uint64)
    for name, place in _SMALL:
        small |= (getattr(reports, name).astype(np.uint64) & np.uint64(0xFFFF)) << np.uint64(place)
    measures = (_bits(getattr(reports, name)) for name in _MEASURES)
    mixed = _chained(heard, (*measures, *(getattr(reports, name) for name in _SETS), small))
    return np.where(mixed == 0, np.uint64(1), mixed)


def heard_in(reports: ReportBatch) -> NDArray[np.uint64]:
    """Of each report a digest of its cells and access points in their order, uint64 (n,); 0 where it has none."""
    heard = np.zeros(len(reports), np.uint64)
    cells, wifi = reports.cells, reports.wifi
    if len(cells.report):
        signal = cells.signal_raw.astype(np.int64) << 32 | cells.ta.astype(np.int64) & 0xFFFFFFFF
        _add(heard, cells, _OF_CELLS, (cells.mcc, cells.mnc, cells.lac, cells.cid, signal, cells.signal_unit))
    if len(wifi.report):
        _add(heard, wifi, _OF_WIFI, (wifi.bssid, wifi.rssi_dbm))
    return heard


def _add(
    heard: NDArray[np.uint64], entries: CellColumns | WifiColumns, first: np.uint64, words: tuple[NDArray[Any], ...]
) -> None:
    """Add each entry's digest to its report's: a sum of well mixed ones, each with its place in the list in it."""
    report = entries.report
    order = np.argsort(report, kind="stable")
    place = np.empty(len(report), np.int64)
    place[order] = np.arange(len(report)) - np.searchsorted(report, report[order], sorter=order)
    mixed = _chained(place.astype(np.uint64) + first, (word.astype(np.uint64) for word in words))
    for shift, factor in _FINAL:
        mixed = (mixed ^ mixed >> shift) * factor
    np.add.at(heard, report, mixed ^ mixed >> _LAST)


def _chained(begin: NDArray[np.uint64], words: Iterable[NDArray[np.uint64]]) -> NDArray[np.uint64]:
    """Columns into one (multiply-xorshift): another word, all else equal, is always another result."""
    mixed = begin
    for word in words:
        mixed = (mixed ^ word) * _MIX
        mixed ^= mixed >> _SHIFT
    return mixed


def _bits(values: NDArray[np.float64]) -> NDArray[np.uint64]:
    bits: NDArray[np.uint64] = (values + 0.0).view(np.uint64)
    return np.where(np.isnan(values), _ABSENT, bits)
