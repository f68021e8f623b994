"""All reports of a batch of frames as columns: no Python loop per report."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from protocols.columns import Columns, walk
from protocols.jt808.batch import Records, bodies_of, records_of
from protocols.jt808.heard import merge_cells, merge_wifi
from protocols.jt808.items import LOCATION_ITEMS
from protocols.jt808.messages.position import (
    FULL_CIRCLE,
    LOCATION,
    LOCATION_SIZE,
    NO_SPEED,
    STATUS_LOCATED,
    STATUS_PLUGIN,
    STATUS_SOUTH,
    STATUS_WEST,
)
from protocols.jt808.readers import Collected, read_items
from protocols.jt808.status import status_reports, together
from protocols.report import Source, SourceDatum, blank_but

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from protocols.jt808.profiles import Profile
    from protocols.report import ReportBatch
    from protocols.session import FrameBatch

LOCATION_COLUMNS = Columns(LOCATION)
_MAX_LATITUDE, _MAX_LONGITUDE = 90.0, 180.0
_LOCATED, _SOUTH, _WEST, _PLUGIN = (
    np.uint32(1 << bit) for bit in (STATUS_LOCATED, STATUS_SOUTH, STATUS_WEST, STATUS_PLUGIN)
)
_GCJ02, _GNSS = np.uint8(SourceDatum.GCJ02), np.uint8(Source.GNSS)
"""Their opposites, WGS-84 and no source, are 0."""
_BYTES = np.arange(4)
_SHIFTS = (8 * _BYTES).astype(np.uint32)
_BYTE = np.uint32(0xFF)


def decode(frames: FrameBatch, profiles: Mapping[str, Profile]) -> ReportBatch:
    """Decode whole frames.

    Args:
        frames: as journaled, still escaped, flags kept.
        profiles: by name; a name in ``frames.profile`` that is not there is read as the first.

    Returns:
        The reports in order of frame; fragments and messages without reports give none.
    """
    bodies = bodies_of(frames)
    used = [profiles.get(name) or next(iter(profiles.values())) for name in frames.profile]
    places = _places(records_of(bodies), frames.profile_index, used)
    status = status_reports(bodies, used, frames.profile_index[bodies.frame])
    return places if status is None else together(places, status)


def _places(records: Records, profile_of: NDArray[np.int64], used: Sequence[Profile]) -> ReportBatch:
    """The reports of messages that carry positions; ``profile_of`` int64, the profile of each frame of the batch."""
    fixed = LOCATION_COLUMNS.read(records.buffer, records.start)
    reports = _fixed_part(records, fixed)
    which = profile_of[records.frame]
    _flags(reports, fixed, records.edition_2019, used, which)
    items, _ = walk(records.buffer, records.start + LOCATION_SIZE, records.end, LOCATION_ITEMS)
    collected = Collected(reports)
    present = np.bincount(which).nonzero()[0].tolist()
    for index in present:
        own = items if len(present) == 1 else items.where(which[items.owner] == index)
        read_items(used[index].readers, own, collected)
    return _with_ragged(reports, collected)


def _with_ragged(reports: ReportBatch, collected: Collected) -> ReportBatch:
    if not collected.cells and not collected.wifi:
        return reports
    return replace(reports, cells=merge_cells(collected.cells), wifi=merge_wifi(collected.wifi))


def _fixed_part(records: Records, fixed: dict[str, NDArray[Any]]) -> ReportBatch:
    """Columns from the fixed part. No fix, 0/0, or a place off the globe is not located; no circle, no course."""
    status, latitude, longitude = fixed["status"], fixed["latitude"], fixed["longitude"]
    located = (status & _LOCATED != 0) & ((latitude != 0) | (longitude != 0))
    speed, course = fixed["speed_kmh"], fixed["course_deg"]
    located &= (latitude <= _MAX_LATITUDE) & (longitude <= _MAX_LONGITUDE)

    def of_fix(values: NDArray[Any]) -> NDArray[np.float64]:
        return np.where(located, values, np.nan)

    return blank_but(
        len(records),
        frame=records.frame,
        time=fixed["time"],
        located=located,
        latitude=of_fix(np.where(status & _SOUTH, -latitude, latitude)),
        longitude=of_fix(np.where(status & _WEST, -longitude, longitude)),
        datum=(status & _PLUGIN != 0) * _GCJ02,
        altitude_m=of_fix(fixed["altitude_m"]),
        speed_kmh=of_fix(np.where(speed < NO_SPEED, speed, np.nan)),
        course_deg=of_fix(np.where(course <= FULL_CIRCLE, course % FULL_CIRCLE, np.nan)),
        source=located * _GNSS,
        stored=records.stored,
    )


def _flags(
    reports: ReportBatch,
    fixed: dict[str, NDArray[Any]],
    edition_2019: NDArray[np.bool_],
    profiles: Sequence[Profile],
    which: NDArray[np.int64],
) -> None:
    """Alarm and status bits onto flags, in place, through the profiles' tables of their bytes."""
    for table, word, column in (
        ("alarm", fixed["alarm"], reports.flags),
        ("momentary", fixed["alarm"], reports.momentary),
        ("status", fixed["status"], reports.flags),
    ):
        rows = word.nonzero()[0]
        if not len(rows):
            continue
        bits = word[rows]
        tables = [getattr(profile, table) for profile in profiles]
        stacked = np.stack(tables) if len(tables) > 1 else tables[0][None]
        profile, edition = which[rows, None], edition_2019[rows, None].astype(np.int64)
        stated = stacked[profile, edition, _BYTES, bits[:, None] >> _SHIFTS & _BYTE]
        column[rows] |= np.bitwise_or.reduce(stated, axis=1)
