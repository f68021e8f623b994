"""Versions of what is known of cells: files in ``towers/`` beside state.db, read without SQLite.

A version is a base and an overlay of tables, and what own reports have taught; its digest is of theirs, and names a
small file that says which they are. The one in use is named by ``current``, which changes in one step: until a new one
is whole the old one holds.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Final

import msgspec

from gateway.decoded import from_json
from gateway.errors import OurFault
from gateway.fusion.scan.known import Known
from gateway.fusion.towers import Towers
from gateway.private import handed_over
from gateway.towers.files import NEW, SUFFIX, load, path_of, save, write_whole
from gateway.towers.named import named
from gateway.towers.taught import EARS, LEARNT, SUFFIXES, ears_of, keep_ears, keep_learnt, learnt_of
from gateway.words.phrases import phrase

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

    from gateway.fusion.scan.known import Ear
    from gateway.fusion.scan.shapes import Learnt
    from gateway.fusion.towers import TowerTable

DIRECTORY: Final = "towers"
CURRENT: Final = "current"
VERSION: Final = ".version"


class Counted(msgspec.Struct, frozen=True):
    """How many cells there are of a radio in a country, or of access points (WIFI, 1023) in all."""

    radio: str
    mcc: int
    cells: int


class Lessons(msgspec.Struct, frozen=True):
    """Of what a version was learnt.

    Attributes:
        reports, taught: reports that the journal had, and those that taught.
        since, until: receive times of the first and the last, UTC epoch seconds; 0: there was none.
        cells, points: how many cells and access points are known by them.
        devices: of how many devices it is known how they hear.
        centre: latitude and longitude of the county's plane.
    """

    reports: int
    taught: int
    since: float
    until: float
    cells: int
    points: int
    devices: int
    centre: tuple[float, float]


class Version(msgspec.Struct, frozen=True):
    """What stands in a version's file.

    Attributes:
        base, overlay: digests of tables.
        cells: how many there are, access points not among them.
        counted: by radio and country, and access points.
        made: UTC epoch seconds.
        newest: the latest ``updated`` of its cells, UTC epoch seconds; 0: none states one.
        learnt, points, ears: digests of what was learnt of cells, of access points, and of how devices hear; empty:
            nothing was.
        lessons: of what; None: nobody has asked for it.
    """

    base: str
    overlay: str
    cells: int
    counted: tuple[Counted, ...]
    made: float
    newest: int
    learnt: str = ""
    points: str = ""
    ears: str = ""
    lessons: Lessons | None = None

    @property
    def digest(self) -> str:
        """Its name: SHA-256 of the digests of what it is made of, in hexadecimal digits."""
        made_of = [self.base, self.overlay]
        if self.lessons is not None:
            made_of += [self.learnt, self.points, self.ears, repr(self.lessons.centre)]
        return sha256(" ".join(made_of).encode()).hexdigest()

    @property
    def files(self) -> set[str]:
        """Names of the files that it is made of."""
        tables = {f"{self.base}{SUFFIX}", f"{self.overlay}{SUFFIX}"}
        taught = (self.learnt, LEARNT), (self.points, LEARNT), (self.ears, EARS)
        return tables | {f"{digest}{suffix}" for digest, suffix in taught if digest}


class TowerVersions:
    """Those of one storage directory; any number may read, one at a time makes them."""

    def __init__(self, storage: Path) -> None:
        self.directory = storage / DIRECTORY

    def current(self) -> str:
        """The digest of the version in use; empty: none was made."""
        try:
            return (self.directory / CURRENT).read_text("ascii").strip()
        except FileNotFoundError:
            return ""

    def about(self, digest: str) -> Version:
        """What a version is made of.

        Raises:
            OurFault: it is not there, or damaged.
        """
        path = self.path_of(digest)
        try:
            version = from_json(path.read_bytes(), Version)
        except (OSError, msgspec.MsgspecError) as fault:
            raise OurFault(phrase("towers_version_damaged", path=path, cause=fault)) from fault
        if version.digest != digest:
            raise OurFault(phrase("towers_version_damaged", path=path, cause="SHA-256"))
        return version

    def open(self, digest: str) -> Known:
        """A version's arrays.

        Raises:
            OurFault: a file of it is not there, or not what had been written.
        """
        version = self.about(digest)
        return Known(
            Towers(load(self.directory, version.base), load(self.directory, version.overlay)),
            learnt_of(self.directory, version.learnt), learnt_of(self.directory, version.points),
            ears_of(self.directory, version.ears), version.lessons.centre if version.lessons is not None else None,
        )  # fmt: skip

    def has(self, table: str) -> bool:
        """Whether a table of that digest is there."""
        return path_of(self.directory, table).exists()

    def keep_table(self, table: TowerTable) -> str:
        """Write a table; returns its digest.

        Raises:
            OSError: it cannot be written.
        """
        self._make()
        return save(self.directory, table)

    def keep_taught(self, learnt: Learnt, points: Learnt, ears: Mapping[str, Ear]) -> tuple[str, str, str]:
        """Write what was learnt of cells and access points, and how devices hear; returns their digests.

        Raises:
            OSError: it cannot be written.
        """
        self._make()
        return keep_learnt(self.directory, learnt), keep_learnt(self.directory, points), keep_ears(self.directory, ears)

    def _make(self) -> None:
        if not self.directory.exists():
            self.directory.mkdir(mode=0o700)
            handed_over(self.directory)

    def use(self, version: Version) -> str:
        """From now on a version is the one in use; its tables are there. Returns its digest.

        One that was made before keeps what was said of it then.
        """
        path = self.path_of(version.digest)
        if not path.exists():
            write_whole(path, lambda file: file.write(msgspec.json.encode(version)))
        write_whole(self.directory / CURRENT, lambda file: file.write(version.digest.encode("ascii")))
        return version.digest

    def retire(self, keep: Collection[str]) -> list[str]:
        """Remove all versions but the one in use, those the journal may name and those of ``keep``; and their files.

        Returns:
            The digests of the removed versions.
        """
        kept = {*keep, self.current(), *(one.digest for one in named(self.directory))}
        there = [path.stem for path in sorted(self.directory.glob(f"*{VERSION}"))]
        gone = [digest for digest in there if digest not in kept]
        for digest in gone:
            self.path_of(digest).unlink()
        needed = {name for each in there if each in kept for name in self.about(each).files}
        for path in self.directory.iterdir() if self.directory.exists() else ():
            if path.suffix == NEW or (path.suffix in {SUFFIX, *SUFFIXES} and path.name not in needed):
                path.unlink()
        return gone

    def files(self, digest: str) -> list[Path]:
        """What a version consists of.

        Raises:
            OurFault: it is not there, or damaged.
        """
        return [*(self.directory / name for name in sorted(self.about(digest).files)), self.path_of(digest)]

    def is_there(self, digest: str) -> bool:
        """Whether all that a version consists of lies here.

        Raises:
            OurFault: what it consists of cannot be read.
        """
        return self.path_of(digest).exists() and all(path.exists() for path in self.files(digest))

    def path_of(self, digest: str) -> Path:
        """Where the file of a version lies, that says what it is made of."""
        return self.directory / f"{digest}{VERSION}"
