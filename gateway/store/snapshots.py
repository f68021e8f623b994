"""The engine's state as it last was between two commits: a whole one, and what has changed since, a file each.

``DIRECTORY/BASE-NUMBER.snapshot``: of a chain the offset of its whole one, which has number 0, and a number. A file
says which one it follows, so that a torn or missing one costs what comes behind it and nothing before. Of chains the
newest and the one before are kept.
"""

from __future__ import annotations

import json
import re
import secrets
import zlib
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import structlog

from gateway.engine import Snapshot, SnapshotPart
from gateway.store.snapshot_file import FORMAT, UNFINISHED, About, SnapshotDamaged, about, read, write

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from gateway.engine import Image

FOLDER: Final = "snapshots"
CHAINS: Final = 2
"""Chains that are kept."""
MOST_CHANGES: Final = 240
"""Of one chain: four hours' where one is saved each minute."""
LITTLE: Final = 1 << 20
"""Bytes of changes that are no reason for a whole one, however small it is."""
COMPRESSED: Final = ";zlib"
"""Behind the dtype of a part whose bytes are compressed, in the table of older versions."""
_NAME: Final = re.compile(r"(\d{19})-(\d{6})\.snapshot")

log = structlog.get_logger()


@dataclass(slots=True)
class Snapshots:
    """The snapshots of a storage directory; one thread saves, at a time.

    Attributes:
        offset: entries before it are in the newest snapshot; 0 without one.
        floor: entries before it are in each that may still be needed.
        last: of the file that this object has written last; empty: none yet.
    """

    directory: Path
    offset: int = field(init=False, default=0)
    floor: int = field(init=False, default=0)
    last: str = ""
    _base: int = -1
    _number: int = 0
    _size: int = 0
    _changes: int = 0

    def __post_init__(self) -> None:
        with suppress(OSError):
            self._note()

    @property
    def wants_whole(self) -> bool:
        """Whether the next one is to be whole: there is none of ours yet, or the changes outweigh it."""
        return not self.last or self._number >= MOST_CHANGES or self._changes > max(self._size, LITTLE)

    def save(self, snapshots: Iterable[Snapshot], offset: int) -> None:
        """Begin a chain with a whole one, and let go of all but the newest two. The first of ``snapshots`` is whole.

        Raises:
            TransientFault: it cannot be written now; what was there is as it was.
        """
        said = About(FORMAT, secrets.token_hex(8), "", offset)
        self._size = write(self._path(offset, 0), said, snapshots)
        self._base, self.last, self._number, self._changes = offset, said.id, 0, 0
        self._let_go()
        self._note()

    def add(self, change: Snapshot) -> None:
        """Add what has changed since the one that was saved last, by this object.

        Raises:
            TransientFault: it cannot be written now; what was there is as it was.
        """
        said = About(FORMAT, secrets.token_hex(8), self.last, change.offset)
        self._changes += write(self._path(self._base, self._number + 1), said, [change])
        self.last, self._number, self.offset = said.id, self._number + 1, change.offset

    def wants_whole_of(self, image: Image) -> bool:
        """Whether an image is to be saved whole the next time, though it could tell what has changed."""
        return image.saved_as != self.last or self.wants_whole

    def save_image(self, image: Image) -> None:
        """Save what has changed since the image was saved last, or all of it, as :meth:`wants_whole_of` says.

        Raises:
            TransientFault: it cannot be written now; what was there is as it was.
        """
        if image.is_whole:
            self.save(image.whole(), image.offset)
        else:
            self.add(image.changed())
        image.note_saved(self.last)

    def forget_older(self) -> None:
        """Let go of all chains but the newest: an older engine's must not be gone on from."""
        for base, number in self._named():
            if base < self._bases()[-1]:
                self._path(base, number).unlink(missing_ok=True)
        self._note()

    def load(self, applied: int) -> Iterator[Snapshot]:
        """Chains as they can be read, the newest first: each a whole one with its changes up to the first that is torn.

        Nothing of an offset beyond ``applied``.

        Raises:
            TransientFault: a file cannot be read now.
        """
        for base in reversed(self._bases()):
            try:
                said, found = read(self._path(base, 0))
            except SnapshotDamaged as fault:
                log.warning("a snapshot cannot be read; an earlier one is taken", why=str(fault))
                continue
            if not said.after and found and said.offset <= applied:
                yield Snapshot(found[0].offset, found[0].parts, (*found[1:], *self._behind(base, said, applied)))

    def _behind(self, base: int, before: About, applied: int) -> Iterator[Snapshot]:
        """The changes of a chain, as far as each follows the one before."""
        for number in sorted(number for first, number in self._named() if first == base and number):
            try:
                said, found = read(self._path(base, number))
            except SnapshotDamaged as fault:
                log.warning("a change of the state cannot be read; the journal makes up for it", why=str(fault))
                return
            if said.after != before.id or said.offset > applied:
                return
            before = said
            yield from found

    def _note(self) -> None:
        """What is there by its names and first words."""
        bases = self._bases()
        self.floor = bases[0] if bases else 0
        self.offset = 0
        for base in reversed(bases):
            with suppress(SnapshotDamaged):
                before = about(self._path(base, 0))
                self.offset = before.offset
                for number in sorted(number for first, number in self._named() if first == base and number):
                    said = about(self._path(base, number))
                    if said.after != before.id:
                        break
                    before, self.offset = said, said.offset
            if self.offset:
                return

    def _let_go(self) -> None:
        """Remove all but the newest chains, what follows nothing, and what was not finished."""
        kept = [base for base in self._bases() if base <= self._base][-CHAINS:]
        with suppress(OSError):  # what stays is let go of the next time
            for base, number in self._named():
                if base not in kept or (base == self._base and number):
                    self._path(base, number).unlink(missing_ok=True)
            for path in self.directory.glob(f"*{UNFINISHED}"):
                path.unlink(missing_ok=True)

    def _path(self, base: int, number: int) -> Path:
        return self.directory / f"{base:019d}-{number:06d}.snapshot"

    def _named(self) -> list[tuple[int, int]]:
        found = (_NAME.fullmatch(path.name) for path in self.directory.glob("*.snapshot"))
        return sorted((int(each[1]), int(each[2])) for each in found if each)

    def _bases(self) -> list[int]:
        """Offsets of the whole ones, oldest first."""
        return [base for base, number in self._named() if not number]


def parts_of(rows: Iterable[Sequence[Any]]) -> tuple[SnapshotPart, ...]:
    """The arrays of rows of the table of older versions: name, dtype, shape, data.

    Raises:
        ValueError, TypeError: a row is none.
    """
    return tuple(
        SnapshotPart(name, dtype.removesuffix(COMPRESSED), tuple(json.loads(shape)), _plain(dtype, bytes(data)))
        for name, dtype, shape, data in rows
    )


def _plain(dtype: str, data: bytes) -> bytes:
    """What was compressed; older versions did not. What cannot be undone stays, and is then of a wrong length."""
    try:
        return zlib.decompress(data) if dtype.endswith(COMPRESSED) else data
    except zlib.error:
        return data
