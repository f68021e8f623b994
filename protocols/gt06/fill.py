"""From the fields a form reads to the columns of reports."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from protocols.gt06.heard import cells_of, wifi_of
from protocols.gt06.messages.blocks import COURSE, LOCATED, NORTH, PERCENT, WEST
from protocols.report import Flag, ReportBatch, Source, blank

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from protocols.gt06.profiles import Profile
    from protocols.gt06.readings import Readings

_FULL_CIRCLE = 360
_GNSS, _CHARGING = np.uint8(Source.GNSS), np.uint64(Flag.CHARGING)
_MAX_LATITUDE, _MAX_LONGITUDE = 90.0, 180.0
_STEPS = 6
"""The voltage step of a full battery; above it the byte is a percentage."""


def batch_of(frame: NDArray[np.int64], readings: Readings, profile: Profile, zone: int) -> ReportBatch:
    """Reports of rows read by one form.

    Args:
        frame: int64 (n,), index of each row's frame.
        readings: their fields.
        profile: what the model means by its bytes.
        zone: seconds by which the rows' clock is ahead of UTC.
    """
    count, columns = len(frame), readings.columns
    reports = blank(count)
    reports.frame[:] = frame
    for name in ("time", "epoch"):
        if name in columns:
            reports.time[:] = columns[name] - np.float64(zone)
    if "latitude" in columns:
        _place(reports, columns)
    if "satellites" in columns:
        reports.satellites[:] = columns["satellites"]
    if "stored" in columns:
        reports.stored[:] = columns["stored"] == 1
    _flags(reports, readings, profile)
    _battery(reports, columns)
    return with_heard(reports, readings, count)


def with_heard(reports: ReportBatch, readings: Readings, count: int) -> ReportBatch:
    """The reports with the cells and access points heard."""
    if "cid" not in readings.columns and not readings.cells and not readings.wifi:
        return reports
    columns = {name: getattr(reports, name) for name in ReportBatch.__dataclass_fields__}
    return ReportBatch(**columns | {"cells": cells_of(readings, count), "wifi": wifi_of(readings)})


def _place(reports: ReportBatch, columns: Any) -> None:  # noqa: ANN401  # a mapping of columns
    """Position, speed and course. No fix, 0/0, or a place off the globe is not located."""
    latitude, longitude, fix = columns["latitude"], columns["longitude"], columns["fix"]
    located = (fix >= 0) & (fix & LOCATED != 0) & ((latitude != 0) | (longitude != 0))
    located &= (latitude <= _MAX_LATITUDE) & (longitude <= _MAX_LONGITUDE)
    course = fix & COURSE
    reports.located[:] = located
    reports.latitude[located] = np.where(fix & NORTH, latitude, -latitude)[located]
    reports.longitude[located] = np.where(fix & WEST, -longitude, longitude)[located]
    reports.course_deg[located] = np.where(course <= _FULL_CIRCLE, course % _FULL_CIRCLE, np.nan)[located]
    for name in ("speed_kmh", "altitude_m", "course_deg"):
        if name in columns:
            getattr(reports, name)[located] = columns[name][located]
    reports.source[:] = located * _GNSS


def _battery(reports: ReportBatch, columns: Any) -> None:  # noqa: ANN401  # a mapping of columns
    """Percent as stated, or of the voltage step. An empty battery that is being charged is a battery not measured."""
    if "battery_percent" not in columns and "voltage" not in columns:
        return
    percent = columns.get("battery_percent", np.int64(-1))
    if "voltage" in columns:
        step = columns["voltage"]
        percent = np.where(percent < 0, np.where(step <= _STEPS, step * PERCENT // _STEPS, step), percent)
    known = (percent >= 0) & (percent <= PERCENT)
    charging = reports.flags & _CHARGING != 0
    reports.battery_percent[:] = np.where(known & ~(charging & (percent == 0)), percent, -1)


def _flags(reports: ReportBatch, readings: Readings, profile: Profile) -> None:
    """What the device says of itself, and of which flags a message of this form speaks at all.

    The same event often stands in the status bits and in the alarm byte: it is one flag. All of them are taken back
    once the device has been answered, so their absence later is no end.
    """
    columns, said = readings.columns, np.uint64(0)
    reports.stated[:] = 0
    for name, table in (("status", profile.status), ("alarm", profile.alarm), ("event", profile.event)):
        if name in columns:
            value = columns[name]
            reports.flags[:] |= np.where(value >= 0, table[value & 0xFF], np.uint64(0))
            said |= np.bitwise_or.reduce(table)
    for row, event in readings.module_events:
        reports.flags[row] |= profile.module_event[event & 0xFF]
        reports.stated[row] |= np.bitwise_or.reduce(profile.module_event)
    if "flags" in columns:
        reports.flags[:] |= np.maximum(columns["flags"], 0).astype(np.uint64)
        reports.stated[:] |= np.maximum(columns["stated"], 0).astype(np.uint64)
    reports.stated[:] |= said
    reports.momentary[:] = reports.stated & ~profile.lasting
