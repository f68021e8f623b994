"""Messages that tell of the device alone (a heartbeat with its battery): the whole body is read like one item."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from protocols.columns import Items
from protocols.jt808.heard import merge_cells, merge_wifi
from protocols.jt808.readers import Collected, read_items
from protocols.report import ReportBatch, blank, column_names

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from protocols.jt808.batch import Bodies
    from protocols.jt808.items import Item
    from protocols.jt808.profiles import Profile


def status_reports(bodies: Bodies, profiles: Sequence[Profile], which: NDArray[np.int64]) -> ReportBatch | None:
    """A report without a place for every body that a reader of its profile takes.

    Args:
        bodies: messages of a batch.
        profiles: in use.
        which: int64 (n,), the profile of each body.

    Returns:
        Reports that state (``stated``) no more flags than they carry; those without a time of their own have NaN. None
        where no profile has such a message among these.
    """
    numbers = frozenset[int]().union(*(profile.status_messages for profile in profiles))
    rows = (bodies.message[:, None] == np.array([*numbers], np.int64)).any(axis=1).nonzero()[0]
    if not len(rows):
        return None
    reports = blank(len(rows))
    reports.frame[:], reports.stated[:] = bodies.frame[rows], 0
    taken = np.zeros(len(rows), np.bool_)
    start, end = bodies.start[rows], bodies.end[rows]
    items = Items(bodies.buffer, np.arange(len(rows)), bodies.message[rows], start, end - start)
    collected = Collected(reports)
    for index, profile in enumerate(profiles):
        mine = which[rows] == index
        taken[mine] = read_items(profile.bodies, items.where(mine), collected)
    reports.stated[:] = reports.flags
    kept = np.flatnonzero(taken)
    columns = {name: getattr(reports, name)[kept] for name in column_names()}
    return replace(reports, **columns)


def status_times(readers: Sequence[Item], message: int, body: bytes) -> tuple[float, ...]:
    """Device time of the report that :func:`status_reports` finds in one body; empty where no reader takes it."""
    if all(reader.id != message for reader in readers):
        return ()
    row, reports = np.zeros(1, np.int64), blank(1)
    # A byte behind it: some readers look at the first of a body that has none.
    items = Items(np.frombuffer(body + b"\0", np.uint8), row, row + message, row, row + len(body))
    return tuple(reports.time.tolist()) if read_items(readers, items, Collected(reports))[0] else ()


def together(places: ReportBatch, status: ReportBatch) -> ReportBatch:
    """Both kinds of reports in the order of their frames."""
    order = np.argsort(np.concatenate([places.frame, status.frame]), kind="stable")
    columns = {name: np.concatenate([getattr(places, name), getattr(status, name)])[order] for name in column_names()}
    # The place of an old row in the new order.
    moved = np.empty(len(order), np.int64)
    moved[order] = np.arange(len(order))
    return ReportBatch(
        **columns,
        cells=merge_cells([replace(places.cells, report=moved[places.cells.report])]),
        wifi=merge_wifi([replace(places.wifi, report=moved[places.wifi.report])]),
    )
