"""The sets of measurements, and the rows that each gives."""

from __future__ import annotations

import csv
import math
from typing import TYPE_CHECKING

import numpy as np

from fencing.datum import Datum, from_wgs84, to_wgs84
from tools.accuracy import cell_baselines, cells, gnss
from tools.accuracy.cells import How
from tools.accuracy.figures import Row, row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

EVERY = (1, 2, 5, 10, 20, 30, 60)
"""Seconds between fixes."""
METRES_PER_DEGREE = 111_320.0
OTTAWA = {"ours, one scan": How(alone=True), "ours": How(), "ours, of what 3 share": How(shared=True)}
DOHA = {
    "ours, database alone": How(learns=False, alone=True),
    "ours": How(),
    **{f"ours, the loudest {count}": How(loudest=count) for count in (8, 4, 1)},
}
"""Ways of ours that are tried on each set."""
SCANS = 24
"""Scans of a drive that are drawn together: two minutes."""


def rows_of(folder: Path) -> Iterator[Row]:
    """All that a set of measurements gives."""
    yield from next(rows for prefix, rows in READERS.items() if folder.name.startswith(prefix))(folder)


def _ottawa(folder: Path) -> Iterator[Row]:
    drives, plane, nothing = cells.ottawa(folder), cells.PLANES[folder.name], cells.towers()
    others: dict[str, list[cells.Answers]] = {}
    for drive, rest, step in cells.each_left_out(drives):
        scans = [cells.heard_on(each, step, nothing, plane)[0] for each in (drive, *rest)]
        for way, found in cell_baselines.by_serving(drive, scans[0], rest, scans[1:]).items():
            others.setdefault(way, []).append(found)
    for way, found in others.items():
        yield _of_drives(folder.name, way, drives, found)
    for way, how in OTTAWA.items():
        yield _of_drives(folder.name, way, drives, cells.left_out(drives, nothing, plane, how))


def _doha(folder: Path) -> Iterator[Row]:
    drives, plane, known = cells.doha(folder), cells.PLANES[folder.name], cells.towers(folder / "cells.csv")
    others: dict[str, list[cells.Answers]] = {}
    for drive in drives:
        for way, found in cell_baselines.by_sites(drive, known, plane).items():
            others.setdefault(way, []).append(found)
    for way, found in others.items():
        yield _of_drives(folder.name, way, drives, found)
    for way, how in DOHA.items():
        yield _of_drives(folder.name, way, drives, cells.left_out(drives, known, plane, how))


def _of_drives(name: str, way: str, drives: list[cells.Drive], answers: list[cells.Answers]) -> Row:
    block = np.concatenate([each.scan // SCANS + 10_000 * number for number, each in enumerate(answers)])
    error, r67, r95 = (
        np.concatenate([getattr(each, column) for each in answers]) for column in ("error", "r67", "r95")
    )
    return row(name, way, error, block, (r67, r95), sum(len(drive.time) for drive in drives) - len(error))


def _gnss(folder: Path) -> Iterator[Row]:
    for path in sorted(folder.glob("*.csv")):
        track = gnss.load(path)
        for every in EVERY:
            thinned = [track.rows(rows) for rows in gnss.phases(track.time, every)]
            ways: dict[str, list[gnss.Placed]] = {
                "last fix": [gnss.last_fix(each) for each in thinned],
                "Kalman, believes sigma": [gnss.believing(each) for each in thinned],
                "ours": gnss.ours(thinned),
            }
            for way, placed in ways.items():
                yield _of_tracks(f"{folder.name} {every} s", way, thinned, placed)


def _of_tracks(name: str, way: str, tracks: list[gnss.Track], placed: list[gnss.Placed]) -> Row:
    pairs = list(zip(tracks, placed, strict=True))
    block = np.concatenate([track.time[each.row] // gnss.TOGETHER for track, each in pairs])
    error, r67, r95 = (np.concatenate([getattr(each, column) for each in placed]) for column in ("error", "r67", "r95"))
    return row(name, way, error, block, (r67, r95), sum(len(track.time) for track in tracks) - len(error))


READERS: dict[str, Callable[[Path], Iterator[Row]]] = {"cells_ottawa": _ottawa, "cells_doha": _doha, "gnss_": _gnss}
SETS = ("cells_ottawa", "cells_doha", "gnss_smartloc")
"""Those that are looked for; further ``gnss_*`` folders are taken as they are there."""


def folders(data: Path) -> tuple[list[Path], list[str]]:
    """Sets that are there, and names of those that are not."""
    further = sorted(path.name for path in data.glob("gnss_*") if path.is_dir() and path.name not in SETS)
    names = [*SETS, *further]
    there = [data / name for name in names if (data / name).is_dir()]
    return there, [name for name in (*SETS, "datum") if not (data / name).is_dir()]


def datum(folder: Path) -> str:
    """How many pairs of places come out within their tolerance, and how far off the others are."""
    pairs = [pair for path in sorted(folder.glob("*.csv")) for pair in _table(path)]
    missed = [_off_m(pair) for pair in pairs if _off(pair) > float(pair["tol_deg"])]
    others = f"; the others are off by {', '.join(f'{metres:.2f} m' for metres in missed)}" if missed else ""
    return f"datum: {len(pairs) - len(missed)} of {len(pairs)} pairs of WGS-84, GCJ-02 and BD-09 within their tolerance{others}"


def _table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _missed(pair: dict[str, str]) -> tuple[float, float]:
    """Degrees north and east by which ours is off."""
    wgs84 = to_wgs84(float(pair["lat"]), float(pair["lon"]), Datum(pair["from"]))
    found = from_wgs84(*wgs84, Datum(pair["to"].removesuffix("_rough")))
    return float(found[0]) - float(pair["expect_lat"]), float(found[1]) - float(pair["expect_lon"])


def _off(pair: dict[str, str]) -> float:
    return max(map(abs, _missed(pair)))


def _off_m(pair: dict[str, str]) -> float:
    north, east = _missed(pair)
    return METRES_PER_DEGREE * math.hypot(north, east * math.cos(math.radians(float(pair["lat"]))))
