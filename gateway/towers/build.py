"""From towers.db to a version: a base of all cells, or an overlay of what has changed since the last base."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from msgspec.structs import replace

from gateway.fusion.tower_sigma import sigma_of, sigma_of_points
from gateway.fusion.towers import Places, area_of, empty, table_of
from gateway.towers.contradictions import FAR, metres_between
from gateway.towers.rows import Radio
from gateway.towers.versions import Counted, Version

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from gateway.fusion.towers import TowerTable
    from gateway.towers.store import TowerStore
    from gateway.towers.versions import TowerVersions

FOLD_SHARE: Final = 10
FOLD_ROWS: Final = 10_000
"""An overlay of more than a tenth of all cells, and of more than this, becomes a base: it is searched besides."""
_COLUMNS: Final = "SELECT mcc, net, area, cell, radio, latitude, longitude, range_m, samples, disputed FROM cell"
_ORDER: Final = " ORDER BY mcc, net, area, cell, radio"
_CHANGED: Final = " WHERE (mcc, net, area, cell) IN (SELECT mcc, net, area, cell FROM cell WHERE merge > ?)"
_ROW: Final = np.dtype([
    ("mcc", np.int16), ("net", np.int16), ("area", np.int32), ("cell", np.int64), ("radio", np.uint8),
    ("latitude", np.float64), ("longitude", np.float64), ("range_m", np.float64), ("samples", np.int32),
    ("disputed", np.bool_),
])  # fmt: skip
_NAME: Final = ("mcc", "net", "area", "cell")
_CELL: Final = np.dtype([
    ("area", np.uint64), ("cell", np.int64), ("latitude", np.float64), ("longitude", np.float64),
    ("sigma_m", np.float32), ("samples", np.int32),
])  # fmt: skip
AT_ONCE: Final = 65_536
"""Rows taken from SQLite at a time."""


def build(store: TowerStore, versions: TowerVersions, now: float) -> str:
    """Make the version of what the store holds, and use it; returns its digest.

    Args:
        store: what was imported.
        versions: where it goes.
        now: UTC epoch seconds.

    Raises:
        OSError: it cannot be written; the version of before holds.
    """
    current = versions.current()
    before = versions.about(current) if current else None
    base = before.base if before else ""
    overlay = _overlay(store, versions, base)
    if overlay is None:
        base, overlay = versions.keep_table(_table(store.rows(_COLUMNS + _ORDER), gone=False)), empty()
        store.note_base(base)
    version = _about(store, base, versions.keep_table(overlay), now)
    if before is not None:
        version = replace(version, learnt=before.learnt, points=before.points, ears=before.ears, lessons=before.lessons)
    return versions.use(version)


def _overlay(store: TowerStore, versions: TowerVersions, base: str) -> TowerTable | None:
    """What has changed since the base; None where there is to be a new one."""
    since = store.base(base)
    if since is None or not versions.has(base):
        return None
    (count,) = store.rows("SELECT count(*) FROM cell").fetchone()
    (changed,) = store.rows("SELECT count(*) FROM cell WHERE merge > ?", since).fetchone()
    if changed > max(FOLD_ROWS, count // FOLD_SHARE):
        return None
    return _table(store.rows(_COLUMNS + _CHANGED + _ORDER, since), gone=True)


def _table(cursor: sqlite3.Cursor, *, gone: bool) -> TowerTable:
    """Rows in order of their cells; ``gone``: cells without a place stay in it, to take back those of a base."""
    cells = np.concatenate([np.empty(0, _CELL), *_cells(cursor, gone=gone)])
    places = Places(*(cells[name] for name in Places.__slots__))
    return table_of(cells["area"], cells["cell"], places)


def _cells(cursor: sqlite3.Cursor, *, gone: bool) -> Iterator[NDArray[np.void]]:
    for rows in _slices(cursor):
        one = _one_each(rows)
        yield one if gone else one[~np.isnan(one["latitude"])]


def _slices(cursor: sqlite3.Cursor) -> Iterator[NDArray[np.void]]:
    """Stretches of rows, none of which parts a cell from itself."""
    held = np.empty(0, _ROW)
    while rows := cursor.fetchmany(AT_ONCE):
        held = np.concatenate((held, np.array(rows, _ROW)))
        last = np.logical_and.reduce([held[name] == held[name][-1] for name in _NAME])
        whole = len(held) - int(last.sum())
        yield held[:whole]
        held = held[whole:]
    yield held


def _one_each(rows: NDArray[np.void]) -> NDArray[np.void]:
    """Each name once: where several radios have it, the place with most samples, as uncertain as they lie apart.

    There is none where they lie far apart, or where a file has disputed one of them.
    """
    cells = _each(rows)
    begins, ends = _groups(cells)
    chosen = begins.copy()
    for each in np.flatnonzero(ends - begins > 1).tolist():
        group = slice(int(begins[each]), int(ends[each]))
        chosen[each] = best = group.start + int(cells["samples"][group].argmax())
        apart = max(_metres(rows, best, row) for row in range(group.start, group.stop))
        if apart > FAR or rows["disputed"][group].any():
            cells["latitude"][best] = cells["longitude"][best] = np.nan
        cells["sigma_m"][best] = np.hypot(cells["sigma_m"][best], apart)
    return cells[chosen]


def _each(rows: NDArray[np.void]) -> NDArray[np.void]:
    """Rows as cells, those without a place that are disputed."""
    cells = np.empty(len(rows), _CELL)
    cells["area"] = area_of(*(rows[name].astype(np.int64) for name in ("mcc", "net", "area")))
    cells["cell"], cells["samples"] = rows["cell"], rows["samples"]
    for name in ("latitude", "longitude"):
        cells[name] = np.where(rows["disputed"], np.nan, rows[name])
    is_point = rows["radio"] == Radio.WIFI
    cells["sigma_m"] = np.where(is_point, sigma_of_points(rows["range_m"]), sigma_of(rows["range_m"], rows["samples"]))
    return cells


def _groups(cells: NDArray[np.void]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Where the rows of each name begin and end."""
    area, cell = cells["area"], cells["cell"]
    edges = np.flatnonzero((area[1:] != area[:-1]) | (cell[1:] != cell[:-1])) + 1
    begins = np.concatenate((np.zeros(min(1, len(cell)), np.int64), edges))
    return begins, np.append(begins[1:], len(cell))[: len(begins)]


def _metres(rows: NDArray[np.void], one: int, other: int) -> float:
    (south, west), (north, east) = (
        (float(rows["latitude"][row]), float(rows["longitude"][row])) for row in (one, other)
    )
    return metres_between((south, west), (north, east))


def _about(store: TowerStore, base: str, overlay: str, now: float) -> Version:
    counted: sqlite3.Cursor = store.rows(
        "SELECT radio, mcc, count(*), max(updated) FROM cell WHERE NOT disputed GROUP BY radio, mcc ORDER BY radio, mcc"
    )
    rows = counted.fetchall()
    return Version(
        base=base, overlay=overlay, cells=sum(count for radio, _, count, _ in rows if radio != Radio.WIFI),
        counted=tuple(Counted(Radio(radio).name, mcc, count) for radio, mcc, count, _ in rows),
        made=now, newest=max((newest for *_, newest in rows), default=0),
    )  # fmt: skip
