"""The fixed part of positions as columns of reports: one compiled loop over a batch."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from formulas.formula import Loop, formula
from protocols.jt808.batch import BEGIN, FRAME, IS_2019, STORED
from protocols.jt808.clock import bcd_at
from protocols.jt808.messages.position import (
    FULL_CIRCLE,
    LOCATION_COURSE,
    LOCATION_TIME,
    NO_SPEED,
    STATUS_LOCATED,
    STATUS_PLUGIN,
    STATUS_SOUTH,
    STATUS_WEST,
)
from protocols.lists import number_at
from protocols.report import EVERY_FLAG, ReportBatch, Source, SourceDatum, no_cells, no_wifi

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Bytes = NDArray[np.uint8]
    Rows = NDArray[np.int64]
    Measures = NDArray[np.float64]
    Sets = NDArray[np.uint64]

_STATUS, _LATITUDE, _LONGITUDE, _ALTITUDE, _SPEED = 4, 8, 12, 16, 18
"""Where they stand; the alarm word comes first."""
_MICRODEGREE = 1e6
_MAX_LATITUDE, _MAX_LONGITUDE = 90.0, 180.0
_SIGNED_FROM = 0x8000
_GCJ02, _GNSS = int(SourceDatum.GCJ02), int(Source.GNSS)
_EVERY_FLAG = int(EVERY_FLAG)
_TIME, _LAT, _LON, _HEIGHT, _PACE, _COURSE, _ACCURACY = range(7)
_FLAGS, _STATED, _MOMENTARY = range(3)
_IS_LOCATED, _IS_STORED, _DATUM, _SOURCE = range(4)


def fixed_part(buffer: Bytes, records: Rows, profile_of: Rows, words: Sets) -> ReportBatch:
    """Reports with what their fixed parts say. No fix, 0/0, or a place off the globe is not located.

    Args:
        buffer: uint8 (bytes,).
        records: as :class:`protocols.jt808.batch.Records` has them.
        profile_of: int64, of each frame of the batch the profile.
        words: uint64 (profiles, 3, 2, 32), :attr:`protocols.jt808.profiles.Profile.words` of each.
    """
    count = len(records)
    frame, measures = np.empty(count, np.int64), np.empty((7, count))
    sets, small = np.empty((3, count), np.uint64), np.empty((4, count), np.uint8)
    _fill(buffer, records, (profile_of, words), frame, (measures, sets, small))
    numbers = np.full((2, count), -1, np.int16)
    return ReportBatch(
        frame=frame, time=measures[_TIME], located=small[_IS_LOCATED].view(np.bool_),
        latitude=measures[_LAT], longitude=measures[_LON], datum=small[_DATUM], altitude_m=measures[_HEIGHT],
        speed_kmh=measures[_PACE], course_deg=measures[_COURSE], accuracy_m=measures[_ACCURACY],
        satellites=numbers[0], battery_percent=numbers[1], source=small[_SOURCE],
        stored=small[_IS_STORED].view(np.bool_), flags=sets[_FLAGS], stated=sets[_STATED], momentary=sets[_MOMENTARY],
        cells=no_cells(), wifi=no_wifi(),
    )  # fmt: skip


@formula
def stated_by(word: int, flags: Sets) -> int:
    """The flags, of uint64 (32,), that the bits set in a word state."""
    found, bit = np.uint64(0), 0
    while word:
        if word & 1:
            found |= flags[bit]
        word, bit = word >> 1, bit + 1
    return found  # type: ignore[return-value]  # a number of 64 bits


@formula
def _place(buffer: Bytes, at: int, status: int, row: int, measures: Measures) -> bool:
    """Write where it is and how it moves; False, and NaN: there is no fix."""
    latitude = number_at(buffer, at + _LATITUDE, 4) / _MICRODEGREE
    longitude = number_at(buffer, at + _LONGITUDE, 4) / _MICRODEGREE
    located = status >> STATUS_LOCATED & 1 and (latitude != 0.0 or longitude != 0.0)
    if not located or latitude > _MAX_LATITUDE or longitude > _MAX_LONGITUDE:
        for column in range(_LAT, _COURSE + 1):
            measures[column, row] = np.nan
        return False
    altitude, speed = number_at(buffer, at + _ALTITUDE, 2), number_at(buffer, at + _SPEED, 2) / 10.0
    course = number_at(buffer, at + LOCATION_COURSE, 2)
    measures[_LAT, row] = -latitude if status >> STATUS_SOUTH & 1 else latitude
    measures[_LON, row] = -longitude if status >> STATUS_WEST & 1 else longitude
    measures[_HEIGHT, row] = altitude if altitude < _SIGNED_FROM else altitude - 2 * _SIGNED_FROM
    measures[_PACE, row] = speed if speed < NO_SPEED else np.nan
    measures[_COURSE, row] = course % FULL_CIRCLE if course <= FULL_CIRCLE else np.nan
    return True


@Loop
def _fill(
    buffer: Bytes, records: Rows, known: tuple[Rows, Sets], frame: Rows, into: tuple[Measures, Sets, Bytes]
) -> None:
    """Every column, row by row."""
    (profile_of, words), (measures, sets, small) = known, into
    for row in range(len(records)):
        record = records[row]
        at, frame[row] = record[BEGIN], record[FRAME]
        alarm, status = number_at(buffer, at, 4), number_at(buffer, at + _STATUS, 4)
        own = words[profile_of[record[FRAME]]]
        sets[_FLAGS, row] = stated_by(alarm, own[0, record[IS_2019]]) | stated_by(status, own[2, record[IS_2019]])
        sets[_MOMENTARY, row], sets[_STATED, row] = stated_by(alarm, own[1, record[IS_2019]]), _EVERY_FLAG
        located = _place(buffer, at, status, row, measures)
        measures[_TIME, row], measures[_ACCURACY, row] = bcd_at(buffer, at + LOCATION_TIME), np.nan
        small[_IS_LOCATED, row], small[_IS_STORED, row] = located, record[STORED]
        small[_DATUM, row] = _GCJ02 if status >> STATUS_PLUGIN & 1 else 0
        small[_SOURCE, row] = _GNSS if located else 0
