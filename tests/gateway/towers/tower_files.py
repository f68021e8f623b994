"""Tables of cells as they are published, made up: plainly invented cells in a made-up county."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import numpy as np

from gateway.towers.importing import Watch, import_files
from gateway.towers.versions import TowerVersions

if TYPE_CHECKING:
    from pathlib import Path

HEADER = "radio,mcc,net,area,cell,unit,lon,lat,range,samples,changeable,created,updated,averageSignal"
NOW = 1_793_500_000.0


USUAL = {
    "radio": "LTE", "mcc": 460, "net": 0, "area": 6334, "cell": 1, "unit": "", "lon": "109.41", "lat": "24.33",
    "range": 1000, "samples": 7, "changeable": 1, "created": 1_400_000_000,
    "updated": 1_500_000_000, "averageSignal": "",
}  # fmt: skip
"""A row that is good."""


def row(cell=1, **said):
    """A line of such a table."""
    return ",".join(str(value) for value in {**USUAL, "cell": cell, **said}.values())


def written(path: Path, *lines: str, header: str = HEADER, end: str = "\n") -> Path:
    """A table; packed where its name ends so."""
    text = end.join([*([header] if header else []), *lines, ""]).encode()
    path.write_bytes(gzip.compress(text) if path.suffix == ".gz" else text)
    return path


class Told:
    """What an import tells: broken rows as ``line: text``, and counts by file name."""

    def __init__(self) -> None:
        self.broken: list[str] = []
        self.counts: dict[str, object] = {}
        self.known: set[str] = set()
        self.read: list[int] = []

    def watch(self) -> Watch:
        return Watch(lambda *_: None, self.read.append, self._broken, self._ends)

    def _broken(self, _, line, said):
        self.broken.append(f"{line}: {said.en}")

    def _ends(self, path, counts, known):
        self.counts[path.name] = counts
        if known:
            self.known.add(path.name)


def imported(storage: Path, *paths: Path, mccs=(), keep=()) -> Told:
    """Files in, and what was told."""
    told = Told()
    import_files(storage, paths, mccs, told.watch(), NOW, keep)
    return told


def places(storage: Path, *cells: int, mcc=460, net=0, area=6334) -> list[tuple[float, float] | None]:
    """Where cells stand by the version in use; None: unknown."""
    versions = TowerVersions(storage)
    towers = versions.open(versions.current()).towers
    count = len(cells)
    index = towers.look_up(np.full(count, mcc), np.full(count, net), np.full(count, area), np.array(cells))
    found = towers.at(index)
    assert np.isnan(found.latitude).tolist() == (index < 0).tolist()
    return [
        None if np.isnan(latitude) else (latitude, longitude)
        for latitude, longitude in zip(found.latitude.tolist(), found.longitude.tolist(), strict=True)
    ]
