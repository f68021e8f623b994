"""Messages that tell of the device alone (a heartbeat with its battery): the whole body is read like one item."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from protocols.jt808.batch import BEGIN, END, FRAME, MESSAGE
from protocols.jt808.readers import Collected, read_items
from protocols.lists import Items
from protocols.report import ReportBatch, blank, column_names

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Rows = NDArray[np.int64]

    from protocols.jt808.batch import Bodies
    from protocols.jt808.items import Item
    from protocols.jt808.profiles import Profile


def status_reports(bodies: Bodies, rows: Rows, profiles: Sequence[Profile], profile_of: Rows) -> ReportBatch | None:
    """A report without a place for every body that a reader of its profile takes.

    Args:
        bodies: messages of a batch.
        rows: int64 (n,), those of them that tell of the device alone, or may.
        profiles: in use.
        profile_of: int64, of each frame of the batch the profile.

    Returns:
        Reports that state (``stated``) no more flags than they carry; those without a time of their own have NaN. None
        where there are no such messages.
    """
    if not len(rows):
        return None
    reports = blank(len(rows))
    told = bodies.rows[rows]
    reports.frame[:], reports.stated[:] = told[:, FRAME], 0
    which, taken = profile_of[told[:, FRAME]], np.zeros(len(rows), np.bool_)
    begin = told[:, BEGIN]
    items = Items.of(bodies.buffer, np.arange(len(rows)), told[:, MESSAGE], begin, told[:, END] - begin)
    collected = Collected(reports)
    for index, profile in enumerate(profiles):
        mine = which == index
        if mine.any():
            taken[mine] = read_items(profile.bodies, items.at(mine), collected)
    reports.stated[:] = reports.flags
    kept = np.flatnonzero(taken)
    columns = {name: getattr(reports, name)[kept] for name in column_names()}
    return replace(reports, **columns)


def status_times(readers: Sequence[Item], message: int, body: bytes) -> tuple[float, ...]:
    """Device time of the report that :func:`status_reports` finds in one body; empty where no reader takes it."""
    if all(reader.id != message for reader in readers):
        return ()
    reports = blank(1)
    items = Items(np.frombuffer(body, np.uint8), np.array([[0, message, 0, len(body)]], np.int64))
    return tuple(reports.time.tolist()) if read_items(readers, items, Collected(reports))[0] else ()


def together(places: ReportBatch, status: ReportBatch) -> ReportBatch:
    """Both kinds of reports in the order of their frames."""
    order = np.argsort(np.concatenate([places.frame, status.frame]), kind="stable")
    columns = {name: np.concatenate([getattr(places, name), getattr(status, name)])[order] for name in column_names()}
    # The place of an old row in the new order.
    moved = np.empty(len(order), np.int64)
    moved[order] = np.arange(len(order))
    cells, wifi = (
        replace(places.cells, report=moved[places.cells.report]),
        replace(places.wifi, report=moved[places.wifi.report]),
    )
    return ReportBatch(**columns, cells=cells, wifi=wifi)
