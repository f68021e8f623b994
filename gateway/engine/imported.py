"""Imported fixes: what another system knew of a device's past. They lie in the history, and nothing is decided by them.

A past that somebody hands over calls nobody out tonight: no report of it comes to a track, a timer or an alarm. In the
history they stand under a name of their own beside the device's, so that the past that is decided anew, where late
reports have it so, has none of them either; whoever looks back asks for both (:func:`with_imported`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from gateway.decoded import from_json
from gateway.engine.fuse import project
from gateway.engine.history import COLUMNS, PAST, TIMELESS
from gateway.engine.reports import assemble
from gateway.journal.controls import Imported
from gateway.journal.entries import EntryKind
from protocols.content import mixed, word_of
from protocols.report import SourceDatum, blank

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from gateway.engine.policy import Policy
    from gateway.engine.reports import Reports
    from gateway.engine.state import EngineState
    from gateway.journal.entries import EntryBatch

PREFIX: Final = "imported/"
_MEASURES: Final = ("latitude", "longitude", "accuracy_m", "speed_kmh")


def imported_name(device: str) -> str:
    """What a device's imported past is called in the history; no device of a configuration has such a name."""
    return f"{PREFIX}{device}"


def with_imported(devices: Sequence[str]) -> list[str]:
    """Names of devices, and behind them those of their imported pasts: index modulo their number is the device's."""
    return [*devices, *map(imported_name, devices)]


def imported_reports(policy: Policy, device: NDArray[np.int64], fixes: Sequence[Imported]) -> Reports:
    """Imported fixes as columns, their receive time as the file has it; tied as a device's own are.

    Args:
        policy: of which ``device`` (int64, n) are indices.
        device: whose each is.
        fixes: n of them.
    """
    count, batch = len(fixes), blank(len(fixes))
    for name in ("time", "source", "satellites"):
        getattr(batch, name)[:] = [getattr(one, name) for one in fixes]
    for name in _MEASURES:
        getattr(batch, name)[:] = [np.nan if (value := getattr(one, name)) is None else value for one in fixes]
    batch.located[:] = ~np.isnan(batch.latitude)
    beside = [[word_of(text) for text in (one.course_deg, one.cells, one.wifi)] for one in fixes]
    heard = mixed(np.array(beside, np.uint64).reshape(-1, 3).T)
    received = np.array([one.received for one in fixes], np.float64)
    reports = assemble(np.arange(count), received, device, batch, heard)
    reports.order = reports.time.copy()
    own = np.where(policy.phone[device], policy.ties[device], reports.digest ^ policy.ties[device])
    reports.tie = own & ~TIMELESS
    return reports


def has_imported(entries: EntryBatch) -> bool:
    """Whether anything of a run was imported."""
    return bool((entries.kind == np.uint8(EntryKind.IMPORTED)).any())


def imported_rows(state: EngineState, entries: EntryBatch, policy: Policy, first: int) -> NDArray[np.void]:
    """The imported fixes of a run as rows of a history (PAST); of devices that are not known, none.

    ``device`` is an index of the policy, ``offset`` counted from ``first``, that of the run's first entry.
    """
    at = np.flatnonzero(entries.kind == np.uint8(EntryKind.IMPORTED))
    seats = [policy.device_index.get(entries.origin_of(index).device, -1) for index in at.tolist()]
    at, device = at[np.array(seats) >= 0], np.array([seat for seat in seats if seat >= 0], np.int64)
    fixes = [from_json(entries.bytes_of(index), Imported) for index in at.tolist()]
    reports = imported_reports(policy, device, fixes)
    project(reports, policy)
    state.count("report_imported", len(at))
    return _rows(reports, first + at)


def _rows(reports: Reports, offset: NDArray[np.int64]) -> NDArray[np.void]:
    rows = np.zeros(len(reports), PAST)
    for name in (*COLUMNS, "order", "tie", "device"):
        rows[name] = getattr(reports, name)
    rows["offset"], rows["datum"] = offset, SourceDatum.WGS84
    return rows
