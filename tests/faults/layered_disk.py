"""What a disk holds of what a process did to the files of a directory, and what is left of it after an end.

Writes, cuts and names wait until their file, or the directory they stand in, is synced. POSIX promises no more: a new
file that was synced has no name yet, and one that was renamed may have no content.
"""

from __future__ import annotations

import os
import struct
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum, auto
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from random import Random

SECTOR = 512
HEAD = struct.Struct("<iiqQ")
PASSING = "-shm"
"""Of files that say nothing after an end: whoever is first makes them anew."""


class What(IntEnum):
    """As `file_layer.c` has it."""

    OPEN, CLOSE, WRITE, TRUNCATE, SYNC, RENAME, UNLINK, MAKE, REMOVE, NOTE = range(10)


class End(StrEnum):
    """The process ends; in the middle of a write; the power goes and takes all that was not synced, or some of it."""

    EXIT = auto()
    HALF = auto()
    LOST = auto()
    TORN = auto()


class Deed(NamedTuple):
    """One record: what was done, with which descriptor, at which place, and to what or with what."""

    what: What
    handle: int
    at: int
    data: bytes

    @property
    def name(self) -> str:
        return self.data.decode()

    @property
    def is_point(self) -> bool:
        """Whether an end before it leaves something else than one behind it."""
        if self.what is What.OPEN:
            return bool(self.at & os.O_CREAT)
        return self.what not in {What.CLOSE, What.NOTE}


def deeds(records: bytes) -> Iterator[Deed]:
    """What `file_layer.c` has written down, but of files that say nothing after an end."""
    at, passing = 0, set[int]()
    while at < len(records):
        what, handle, place, size = HEAD.unpack_from(records, at)
        at += HEAD.size
        deed = Deed(What(what), handle, place, records[at : at + size])
        at += size
        if deed.what is What.OPEN:
            (passing.add if deed.name.endswith(PASSING) else passing.discard)(handle)
        is_named = deed.what is What.UNLINK and deed.name.endswith(PASSING)
        if not (is_named or handle in passing):
            yield deed


@dataclass
class File:
    """``seen`` by whoever reads; ``kept`` as it was synced last; ``loose``: (place, bytes), (size, None) of a cut."""

    seen: bytearray = field(default_factory=bytearray)
    kept: bytes = b""
    loose: list[tuple[int, bytes | None]] = field(default_factory=list)

    def change(self, at: int, data: bytes | None) -> None:
        self.loose.append((at, data))
        _change(self.seen, at, data)

    def sync(self) -> None:
        self.kept, self.loose = bytes(self.seen), []

    def torn(self, chance: Random) -> File:
        """Of what is loose each sector, and each cut, has come to the disk or not."""
        share, left = chance.random(), bytearray(self.kept)
        for at, data in self.loose:
            if data is None:
                if chance.random() < share:
                    _change(left, at, None)
                continue
            for place, sector in _sectors(at, data):
                if chance.random() < share:
                    _change(left, place, sector)
        return settled(bytes(left))


def settled(content: bytes) -> File:
    """A file as it lies on a disk."""
    return File(bytearray(content), content)


def _sectors(at: int, data: bytes) -> Iterator[tuple[int, bytes]]:
    begin = 0
    while begin < len(data):
        until = min(len(data), begin + SECTOR - (at + begin) % SECTOR)
        yield at + begin, data[begin:until]
        begin = until


def _change(content: bytearray, at: int, data: bytes | None) -> None:
    if len(content) < at:
        content.extend(bytes(at - len(content)))
    if data is None:
        del content[at:]
    else:
        content[at : at + len(data)] = data


Names = dict[str, "File | None"]
"""Paths; None: a directory."""
Renamed = dict[str, "File | bool | None"]
"""What names stand for from now on; False: nothing."""


@dataclass
class Disk:
    """One directory: its names as they are seen, and as they are kept; what waits, by the directory it stands in."""

    seen: Names = field(default_factory=lambda: {"": None})
    kept: Names = field(default_factory=lambda: {"": None})
    loose: dict[str, list[Renamed]] = field(default_factory=dict)
    _open: dict[int, str | File] = field(default_factory=dict)

    def do(self, deed: Deed) -> None:
        """Follow one record."""
        _DO.get(deed.what, _nothing)(self, deed)

    def do_half(self, deed: Deed) -> None:
        """Follow the first half of a write; nothing of what is none."""
        if deed.what is What.WRITE:
            self.do(deed._replace(data=deed.data[: len(deed.data) // 2]))

    def left(self, end: End, chance: Random) -> Disk:
        """What a start finds. After an end without a power cut what is loose stays so."""
        if end in {End.EXIT, End.HALF}:
            return Disk(self.seen, self.kept, self.loose)
        names = dict(self.kept)
        if end is End.TORN:
            for changes in self.loose.values():
                for change in changes[: chance.randint(0, len(changes))]:
                    _rename(names, change)
        found = {name: one for name, one in names.items() if _stands(names, name)}
        files = {id(one): one for one in found.values() if one is not None}
        left = {key: one.torn(chance) if end is End.TORN else settled(one.kept) for key, one in files.items()}
        names = {name: None if one is None else left[id(one)] for name, one in found.items()}
        return Disk(names, dict(names))

    def lay(self, directory: Path) -> None:
        """Make the directory what is seen."""
        for name in sorted(self.seen):
            one, path = self.seen[name], directory / name
            if one is None:
                path.mkdir(mode=0o700, exist_ok=True)
            else:
                path.write_bytes(one.seen)
                path.chmod(0o600)

    def rename(self, change: Renamed) -> None:
        """Names change together; all of them are in one directory."""
        _rename(self.seen, change)
        self.loose.setdefault(os.path.dirname(next(iter(change))), []).append(change)  # noqa: PTH120  of names

    def open(self, deed: Deed) -> None:
        name, one = deed.name, self.seen.get(deed.name)
        if name in self.seen and one is None:
            self._open[deed.handle] = name
            return
        if one is None:
            one = File()
            self.rename({name: one})
        if deed.at & os.O_TRUNC:
            one.change(0, None)
        self._open[deed.handle] = one

    def sync(self, deed: Deed) -> None:
        one = self._open[deed.handle]
        if isinstance(one, File):
            one.sync()
            return
        for change in self.loose.pop(one, []):
            _rename(self.kept, change)

    def change(self, deed: Deed) -> None:
        one = self._open[deed.handle]
        if isinstance(one, File):
            one.change(deed.at, deed.data if deed.what is What.WRITE else None)

    def move(self, deed: Deed) -> None:
        old, new = deed.data.decode().split("\0")
        self.rename({old: False, new: self.seen[old]})

    def unlink(self, deed: Deed) -> None:
        if deed.name in self.seen:  # a socket is none of ours
            self.rename({deed.name: False})


def _rename(names: Names, change: Renamed) -> None:
    for name, one in change.items():
        if isinstance(one, bool):
            names.pop(name, None)
        else:
            names[name] = one


def _stands(names: Names, name: str) -> bool:
    """Whether a name's directory is there."""
    above = os.path.dirname(name)  # noqa: PTH120  of names
    return not name or (above in names and _stands(names, above))


def _nothing(_disk: Disk, _deed: Deed) -> None:
    """What changes nothing on a disk."""


_DO = {
    What.OPEN: Disk.open,
    What.WRITE: Disk.change,
    What.TRUNCATE: Disk.change,
    What.SYNC: Disk.sync,
    What.RENAME: Disk.move,
    What.UNLINK: Disk.unlink,
    What.REMOVE: Disk.unlink,
    What.MAKE: lambda disk, deed: disk.rename({deed.name: None}),
}
