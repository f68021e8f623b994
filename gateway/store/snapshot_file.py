"""One file of snapshots: gzip of parts one after another, from a first that says what it is to a last.

    a frame: length of its text, length of its bytes (``<II``), the text (JSON of ``_Frame``), the bytes

It is made under another name, is whole before it has its own, and is never written to again; gzip's checksum is over
all of it.
"""

from __future__ import annotations

import gzip
import struct
import zlib
from typing import TYPE_CHECKING, Final

import msgspec

from gateway.decoded import from_json
from gateway.engine import Snapshot, SnapshotPart
from gateway.errors import OurFault, TransientFault
from gateway.on_disk import make
from gateway.private import replacing
from gateway.sqlite_faults import said_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

FORMAT: Final = 1
"""Of the frames; raised when an older version could no longer read them."""
LEVEL: Final = 1
"""Marks resemble each other: the quickest level makes them a tenth, and higher ones hardly less."""
UNFINISHED: Final = ".new"
_LENGTHS: Final = struct.Struct("<II")
_HEAD, _OFFSET, _END = "head", "offset", "end"


class About(msgspec.Struct, frozen=True):
    """What the first frame says.

    Attributes:
        format: of the frames.
        id: of this file, and of no other.
        after: the file whose state it changes; empty: it is whole by itself.
        offset: entries before it are in the state.
    """

    format: int
    id: str
    after: str
    offset: int


class SnapshotDamaged(OurFault):
    """A file of snapshots that is torn, or not what was written, or of a newer version."""


class _Frame(msgspec.Struct):
    name: str
    dtype: str = ""
    shape: tuple[int, ...] = ()


def write(path: Path, about: About, snapshots: Iterable[Snapshot]) -> int:
    """Write a file and bring it to the disk. How many bytes it has.

    Raises:
        TransientFault: it cannot be written now; nothing of that name is new.
    """
    try:
        make(path.parent, 0o700)
        with replacing(path) as out:
            with gzip.GzipFile("", "wb", LEVEL, out, mtime=0.0) as packed:
                _put(packed, _Frame(_HEAD), msgspec.json.encode(about))
                for snapshot in snapshots:
                    _put_snapshot(packed, snapshot)
                _put(packed, _Frame(_END), b"")
            size = out.tell()
    except OSError as fault:
        raise TransientFault(said_of("write", f"snapshot {path.name}", fault)) from fault
    return size


def _put_snapshot(out: gzip.GzipFile, snapshot: Snapshot) -> None:
    _put(out, _Frame(_OFFSET), str(snapshot.offset).encode())
    for part in snapshot.parts:
        _put(out, _Frame(part.name, part.dtype, part.shape), part.data)


def _put(out: gzip.GzipFile, frame: _Frame, data: bytes) -> None:
    said = msgspec.json.encode(frame)
    out.write(_LENGTHS.pack(len(said), len(data)) + said)
    out.write(data)


def about(path: Path) -> About:
    """What a file says of itself.

    Raises:
        SnapshotDamaged: it says nothing that can be read.
        TransientFault: it cannot be read now.
    """
    with _opened(path) as source:
        return _about(path, _frames(path, source))


def read(path: Path) -> tuple[About, list[Snapshot]]:
    """All of a file: what it says of itself, and its snapshots.

    Raises:
        SnapshotDamaged: it is torn, or not what was written, or of a newer version.
        TransientFault: it cannot be read now.
    """
    with _opened(path) as source:
        frames = _frames(path, source)
        said, found = _about(path, frames), list[tuple[int, list[SnapshotPart]]]()
        for frame, data in frames:
            if frame.name == _OFFSET and data.isdigit():
                found.append((int(data), []))
            elif found:
                found[-1][1].append(SnapshotPart(frame.name, frame.dtype, frame.shape, data))
    return said, [Snapshot(offset, tuple(parts)) for offset, parts in found]


def _about(path: Path, frames: Iterator[tuple[_Frame, bytes]]) -> About:
    frame, data = next(frames, (_Frame(""), b""))
    try:
        found = from_json(data, About)
    except (msgspec.MsgspecError, UnicodeError) as fault:
        raise SnapshotDamaged(f"snapshot {path.name} does not say what it is: {fault}") from fault
    if frame.name != _HEAD or found.format > FORMAT:
        raise SnapshotDamaged(f"snapshot {path.name} has format {found.format}, this version knows {FORMAT}")
    return found


def _opened(path: Path) -> gzip.GzipFile:
    try:
        return gzip.open(path, "rb")
    except FileNotFoundError as fault:
        raise SnapshotDamaged(f"snapshot {path.name} is missing") from fault
    except OSError as fault:
        raise TransientFault(said_of("read", f"snapshot {path.name}", fault)) from fault


def _frames(path: Path, source: gzip.GzipFile) -> Iterator[tuple[_Frame, bytes]]:
    """All up to the last, which is the end of the file."""
    try:
        while True:
            lengths = _LENGTHS.unpack(source.read(_LENGTHS.size))
            said, data = (source.read(length) for length in lengths)
            frame = from_json(said, _Frame)
            if frame.name == _END and not source.read(1):
                return
            yield frame, data
    except (struct.error, zlib.error, EOFError, gzip.BadGzipFile, ValueError, MemoryError) as fault:
        raise SnapshotDamaged(f"snapshot {path.name} is torn, or not what was written: {fault}") from fault
    except OSError as fault:
        raise TransientFault(said_of("read", f"snapshot {path.name}", fault)) from fault
