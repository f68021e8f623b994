"""All reports of a batch of frames as columns: no Python loop per report."""

from __future__ import annotations

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
from protocols.report import EVERY_FLAG, ReportBatch, Source, SourceDatum, no_cells, no_wifi

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from protocols.jt808.profiles import Profile
    from protocols.session import FrameBatch

LOCATION_COLUMNS = Columns(LOCATION)
_MAX_LATITUDE, _MAX_LONGITUDE = 90.0, 180.0


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
    return together(places, status) if len(status) else places


def _places(records: Records, profile_of: NDArray[np.int64], used: Sequence[Profile]) -> ReportBatch:
    """The reports of messages that carry positions; ``profile_of`` int64, the profile of each frame of the batch."""
    fixed = LOCATION_COLUMNS.read(records.buffer, records.start)
    reports = _fixed_part(records, fixed)
    which = profile_of[records.frame]
    _flags(reports, fixed, records.edition_2019, used, which)
    items, _ = walk(records.buffer, records.start + LOCATION_SIZE, records.end, LOCATION_ITEMS)
    collected = Collected(reports)
    present = np.flatnonzero(np.bincount(which, minlength=len(used)))
    for index in present.tolist():
        own = items if len(present) == 1 else items.where(which[items.owner] == index)
        read_items(used[index].readers, own, collected)
    return _with_ragged(reports, collected)


def _with_ragged(reports: ReportBatch, collected: Collected) -> ReportBatch:
    if not collected.cells and not collected.wifi:
        return reports
    columns = {name: getattr(reports, name) for name in ReportBatch.__dataclass_fields__}
    columns |= {"cells": merge_cells(collected.cells), "wifi": merge_wifi(collected.wifi)}
    return ReportBatch(**columns)


def _bit(word: NDArray[np.uint32], number: int) -> NDArray[np.bool_]:
    stated: NDArray[np.bool_] = word & np.uint32(1 << number) != 0
    return stated


def _fixed_part(records: Records, fixed: dict[str, NDArray[Any]]) -> ReportBatch:
    """Columns from the fixed part. No fix, 0/0, or a place off the globe is not located; no circle, no course."""
    status, latitude, longitude = fixed["status"], fixed["latitude"], fixed["longitude"]
    located = _bit(status, STATUS_LOCATED) & ((latitude != 0) | (longitude != 0))
    speed, course = fixed["speed_kmh"], fixed["course_deg"]
    located &= (latitude <= _MAX_LATITUDE) & (longitude <= _MAX_LONGITUDE)
    count = len(records)

    def of_fix(values: NDArray[Any]) -> NDArray[np.float64]:
        return np.where(located, values, np.nan)

    return ReportBatch(
        frame=records.frame,
        time=fixed["time"],
        located=located,
        latitude=of_fix(np.where(_bit(status, STATUS_SOUTH), -latitude, latitude)),
        longitude=of_fix(np.where(_bit(status, STATUS_WEST), -longitude, longitude)),
        datum=np.where(_bit(status, STATUS_PLUGIN), SourceDatum.GCJ02, SourceDatum.WGS84).astype(np.uint8),
        altitude_m=of_fix(fixed["altitude_m"]),
        speed_kmh=of_fix(np.where(speed < NO_SPEED, speed, np.nan)),
        course_deg=of_fix(np.where(course <= FULL_CIRCLE, course % FULL_CIRCLE, np.nan)),
        accuracy_m=np.full(count, np.nan),
        satellites=np.full(count, -1, np.int16),
        battery_percent=np.full(count, -1, np.int16),
        source=np.where(located, Source.GNSS, Source.NONE).astype(np.uint8),
        stored=records.stored,
        flags=np.zeros(count, np.uint64),
        stated=np.full(count, EVERY_FLAG),
        momentary=np.zeros(count, np.uint64),
        cells=no_cells(),
        wifi=no_wifi(),
    )


def _flags(
    reports: ReportBatch,
    fixed: dict[str, NDArray[Any]],
    edition_2019: NDArray[np.bool_],
    profiles: Sequence[Profile],
    which: NDArray[np.int64],
) -> None:
    """Alarm and status bits onto flags, in place, byte by byte through the profiles' tables."""
    for table, word, column in (
        ("alarm", fixed["alarm"], reports.flags),
        ("momentary", fixed["alarm"], reports.momentary),
        ("status", fixed["status"], reports.flags),
    ):
        rows = np.flatnonzero(word)
        if not len(rows):
            continue
        bits = word[rows]
        tables = np.stack([getattr(profile, table) for profile in profiles])
        profile, edition = which[rows], edition_2019[rows].astype(np.int64)
        for byte in range(4):
            column[rows] |= tables[profile, edition, byte, bits >> np.uint32(8 * byte) & np.uint32(0xFF)]
