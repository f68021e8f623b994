"""What a worker has of a partition on its own disk: snapshots, and nothing that cannot be made anew of the stream."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gateway.engine import restore
from gateway.store.snapshot_file import FORMAT, About, read, write

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gateway.engine import Episode, Image, Snapshot
    from gateway.store.snapshots import Snapshots

SHIPPED = "shipped.snapshot"
"""The file that goes to the other workers, and that comes from them."""


@dataclass(slots=True)
class Kept:
    """Stands for the recovery where a daemon has state.db.

    Attributes:
        floor: entries before it are answered for: what they say is in the alarm stream, whoever put it there.
    """

    snapshots: Snapshots
    floor: int = 0

    def applied_offset(self) -> int:
        """Entries before it have had their outcomes told."""
        return self.floor

    def load_snapshots(self) -> Iterator[Snapshot]:
        """All that can be gone on from, the newest first."""
        return self.snapshots.load(self.floor)

    def wants_whole(self, image: Image) -> bool:
        """Whether an image is to be saved whole the next time."""
        return self.snapshots.wants_whole_of(image)

    def note_applied(self, offset: int) -> None:
        """Nothing: what is answered for stands with the stream's consumer, and a snapshot never goes beyond it."""

    def save_image(self, image: Image) -> None:
        """Write what has changed since the image was saved last, or all of it.

        Raises:
            TransientFault: it cannot be written now.
        """
        self.snapshots.save_image(image)

    def episodes(self, *, unresolved: bool) -> list[Episode]:
        """Alarms as the newest snapshot has them: an older engine, which wrote it, has said them."""
        newest = next(self.load_snapshots(), None)
        found = [] if newest is None else list(restore(newest).episodes.values())
        return [one for one in found if not (unresolved and one.resolved)]

    def packed(self) -> tuple[int, bytes] | None:
        """The newest snapshot as one file's bytes, and its offset; None: there is none.

        Raises:
            TransientFault: it cannot be written or read now.
        """
        newest = next(self.load_snapshots(), None)
        if newest is None:
            return None
        path = self.snapshots.directory / SHIPPED
        write(path, About(FORMAT, SHIPPED, "", newest.until), [newest, *newest.changes])
        packed = path.read_bytes()
        path.unlink()
        return newest.until, packed

    def unpack(self, packed: bytes) -> None:
        """Take over what another worker has packed.

        Raises:
            OurFault: it is damaged, or of a newer version.
            TransientFault: it cannot be written now.
        """
        path = self.snapshots.directory / SHIPPED
        path.parent.mkdir(0o700, parents=True, exist_ok=True)
        path.write_bytes(packed)
        said, found = read(path)
        path.unlink()
        self.snapshots.save(found, said.offset)
