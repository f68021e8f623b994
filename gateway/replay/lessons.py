"""What the journal's reports teach of cells and access points: those with a good fix, as the law of then allows."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, TypeVar

import numpy as np

from fencing.datum import Datum, to_wgs84
from gateway.clock_bounds import CLOCK_AHEAD, CLOCK_BEHIND
from gateway.engine import EngineState
from gateway.engine.fuse import FASTEST
from gateway.engine.reports import decoded
from gateway.fusion.scan.constants import PLACE, SLOTS
from gateway.fusion.scan.heard import scans_of
from gateway.fusion.scan.lessons import Lessons, thinned
from gateway.fusion.scan.points import points_of
from gateway.fusion.scan.shapes import Scans
from gateway.fusion.sigma import variance
from gateway.fusion.towers import Towers, empty
from gateway.journal.entries import EntryKind
from gateway.replay.reading import configured, cross_gap, digest_at, merged
from protocols.report import CellColumns, Flag, Source, SourceDatum, WifiColumns

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from fencing.plane import LocalPlane
    from gateway.engine import Policies, Policy
    from gateway.journal.contract import Journal
    from gateway.journal.entries import EntryBatch
    from protocols.report import ReportBatch

    Rows = NDArray[np.int64]

Columns = TypeVar("Columns", CellColumns, WifiColumns)

SIGMA: Final = 20.0
"""Metres per axis of a fix that teaches: that of five satellites and more."""
SIGMAS: Final = 5.0
"""By which a fix may lie farther from its neighbours than anybody goes."""
HOUR: Final = 3600.0
"""Seconds of which one report from a place is enough."""
ENOUGH: Final = 200_000
"""Reports held before they are thinned: memory goes by places and wearers, not by the journal's length."""
STRETCH: Final = 65_536
FALSE_RADIO: Final = np.uint64(Flag.PSEUDO_BASE_STATION | Flag.JAMMING)
"""What the device says of the cells that it hears itself: they are none."""
_NOWHERE: Final = Towers(empty(), empty())


@dataclass(slots=True)
class Learning:
    """What has been read.

    Attributes:
        plane: the county's, as it is now.
        reports: how many there were, good or not.
        since, until: receive times of the first and the last; 0: there was none.
        devices, wearers: numbers by key, in the order in which they were met.
    """

    plane: LocalPlane
    reports: int = 0
    since: float = 0.0
    until: float = 0.0
    devices: dict[str, int] = field(default_factory=dict)
    wearers: dict[str, int] = field(default_factory=dict)
    _parts: list[Lessons] = field(default_factory=list)

    def add(self, part: Lessons) -> None:
        """More lessons."""
        self._parts.append(part)
        if sum(len(each.x) for each in self._parts) > ENOUGH:
            self._parts = [thinned(self.lessons().ordered())]

    def lessons(self) -> Lessons:
        """All of them."""
        parts = self._parts or [_nothing()]
        columns = [np.concatenate(column) for column in list(zip(*parts, strict=True))[:6]]
        cells, points = _stacked([each.cells for each in parts]), _stacked([each.points for each in parts])
        return Lessons(*columns, cells, points)  # type: ignore[call-arg,arg-type]


def read_lessons(
    journal: Journal, policies: Policies, plane: LocalPlane, since: float, progress: Callable[[int], None]
) -> Learning:
    """The lessons of a journal from a receive time on.

    Args:
        journal: opened read-only.
        policies: the configurations that it names.
        plane: the county's.
        since: UTC epoch seconds.
        progress: told of the offset that was reached.

    Raises:
        GatewayFault: the journal, or a configuration of it, cannot be read.
    """
    found, first = Learning(plane), journal.first_since(since)
    state, skipped = EngineState(offset=first), np.array(sorted(journal.skipped()), np.int64)
    for offset, batch in merged(journal, first, journal.next_offset, STRETCH):
        cross_gap(state, offset)
        state.digest = state.digest or digest_at(journal, offset)
        passed_over = np.isin(offset + np.arange(len(batch)), skipped)
        entries = replace(batch, kind=np.where(passed_over, np.uint8(EntryKind.ERASED), batch.kind))
        for part, digest in _by_configuration(entries, state.digest):
            state.digest = digest
            if len(part) and digest:
                _take(found, state, part, policies(digest))
        state.offset += len(batch)
        progress(state.offset)
    return found


def _by_configuration(batch: EntryBatch, digest: str) -> Iterator[tuple[EntryBatch, str]]:
    """Entries between two configurations, and the one in force."""
    begin = 0
    for at in np.flatnonzero(batch.kind == EntryKind.CONFIGURATION).tolist():
        yield batch.slice(begin, at), digest
        (digest,), begin = configured(batch.slice(at, at + 1)), at
    yield batch.slice(begin, len(batch)), digest


def _take(found: Learning, state: EngineState, entries: EntryBatch, policy: Policy) -> None:
    entry, device, batch = decoded(state, entries, policy)
    found.reports += len(batch)
    found.since = found.since or float(entries.received[0])
    found.until = float(entries.received[-1])
    wearing = policy.wearing_at(device, batch.time)
    whole = np.array([origin.checksum_ok for origin in entries.origins], np.bool_)[entries.origin[entry]]
    good = whole & _good(batch, device, wearing, entries.received[entry], policy)
    rows = np.flatnonzero(good)
    x, y = _metres(batch, rows, found.plane)
    sigma = _sigma(batch)[rows]
    steady = _steady(device[rows], batch.time[rows], x, y, sigma)
    rows, x, y, sigma = rows[steady], x[steady], y[steady], sigma[steady]
    cells, points = _heard(batch, rows, found.plane)
    part = Lessons(
        x, y, sigma, batch.time[rows], _numbers(found.devices, policy.devices, device[rows]),
        _numbers(found.wearers, policy.people, policy.wearing_person[wearing[rows]]), cells, points,
    )  # fmt: skip
    hears = np.flatnonzero((cells.cell >= 0).any(axis=1) | (points.cell >= 0).any(axis=1))
    found.add(_once_an_hour(part.rows(hears).ordered()))


def _good(
    batch: ReportBatch, device: Rows, wearing: Rows, received: NDArray[np.float64], policy: Policy
) -> NDArray[np.bool_]:
    """Which are of a lawful wearer's bracelet with a fix that is good by itself, and a time that can be."""
    timely = (batch.time >= received - CLOCK_BEHIND) & (batch.time <= received + CLOCK_AHEAD)
    fixed = batch.located & (batch.source == Source.GNSS) & (batch.flags & FALSE_RADIO == 0)
    mine = policy.lawful(wearing, batch.time) & ~policy.phone[device]
    good: NDArray[np.bool_] = timely & fixed & mine & (_sigma(batch) <= SIGMA)
    return good


def _sigma(batch: ReportBatch) -> NDArray[np.float64]:
    return np.sqrt(variance(batch.source, batch.accuracy_m, batch.satellites))


def _metres(batch: ReportBatch, rows: Rows, plane: LocalPlane) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    latitude, longitude = batch.latitude[rows], batch.longitude[rows]
    shifted = batch.datum[rows] == SourceDatum.GCJ02
    latitude[shifted], longitude[shifted] = to_wgs84(latitude[shifted], longitude[shifted], Datum.GCJ02)
    return plane.forward(latitude, longitude)


def _steady(
    device: Rows, time: NDArray[np.float64], x: NDArray[np.float64], y: NDArray[np.float64], sigma: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """Fixes that somebody could have gone to from the one before and from which he could go on; each moment once."""
    order = np.lexsort((time, device))
    same = np.diff(device[order]) == 0
    elapsed, east, north = (np.diff(column[order]) for column in (time, x, y))
    reach = FASTEST * elapsed + SIGMAS * np.hypot(sigma[order][1:], sigma[order][:-1])
    leaps, again = same & (np.hypot(east, north) > reach), same & (elapsed == 0.0)
    steady = np.ones(len(order), np.bool_)
    steady[order[1:]] = ~(leaps | again)
    steady[order[:-1]] &= ~leaps
    return steady


def _heard(batch: ReportBatch, rows: Rows, plane: LocalPlane) -> tuple[Scans, Scans]:
    """What some reports heard; timing advances as the devices state them."""
    number = np.full(len(batch), -1)
    number[rows] = np.arange(len(rows))
    cells, wifi = _only(batch.cells, number), _only(batch.wifi, number)
    return scans_of(cells, len(rows), np.ones(len(rows)), _NOWHERE, plane)[0], points_of(wifi, len(rows))


def _only(heard: Columns, number: Rows) -> Columns:
    """What reports with a number heard, by it."""
    of = number[heard.report]
    columns = {name: getattr(heard, name)[of >= 0] for name in type(heard).__slots__}
    return type(heard)(**{**columns, "report": of[of >= 0]})


def _numbers(known: dict[str, int], keys: tuple[str, ...], index: Rows) -> Rows:
    """Numbers of keys by their index in a configuration, the same under each."""
    used, of = np.unique(index, return_inverse=True)
    numbers = np.array([known.setdefault(keys[each], len(known)) for each in used.tolist()], np.int64)
    return numbers[of.ravel()] if len(used) else used


def _once_an_hour(part: Lessons) -> Lessons:
    """The first report of a device from each place in each hour."""
    groups = [part.device, np.floor(part.x / PLACE), np.floor(part.y / PLACE), np.floor(part.time / HOUR)]
    _, first = np.unique(np.column_stack(groups), axis=0, return_index=True)
    return part.rows(np.sort(first))


def _stacked(scans: list[Scans]) -> Scans:
    return Scans(*(np.concatenate(column) for column in zip(*scans, strict=True)))


def _nothing() -> Lessons:
    none, names = np.empty(0), np.empty(0, np.int64)
    scans = Scans(np.empty((0, SLOTS), np.int64), np.empty((0, SLOTS)), np.empty((0, SLOTS)))
    return Lessons(none, none, none, none, names, names, scans, scans)
