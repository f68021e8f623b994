"""The engine of one partition: stepped silently behind its owner, or by its owner, entry after entry of the stream."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

import structlog

from gateway.daemon.recovery import Recovery
from gateway.engine import Image, with_imported
from gateway.engine.step import Stepped, step
from gateway.errors import GatewayFault
from gateway.history.file import HistoryDamaged
from gateway.journal.entries import merge
from gateway.partition.across import shared_of
from gateway.replay.reading import merged
from gateway.stream.holes import lagging
from gateway.upstream.cloudevents import event_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from gateway.engine import EngineState, Outcome
    from gateway.history.days import DayHistory
    from gateway.journal.contract import Journal
    from gateway.journal.controls import Skipped
    from gateway.journal.entries import EntryBatch
    from gateway.partition.across import Handed
    from gateway.replay.reading import PolicyShelf
    from gateway.store.state_db import Event
    from gateway.worker.kept import Kept
    from gateway.worker.share import Share

TO_ALL: Final = "entry_to_all"
STRETCH: Final = 16_384
"""Entries that are stepped at once behind an owner."""

log = structlog.get_logger()


class Taken(NamedTuple):
    """What comes of entries: events in order, and what is handed on to the second step (None: there is none)."""

    events: list[Event]
    handed: Handed | None


@dataclass(slots=True)
class PartitionEngine:
    """One partition's; used by one thread at a time.

    Attributes:
        journal: the partition's stream.
        kept: what of it is on our own disk.
        history: the reports of the past.
        policies: configurations, each the part that the partition goes by.
        share: which part of the county it is.
        name: told of an entry that cannot be stepped, so that every worker passes over it.
        skipped: those that are known.
    """

    journal: Journal
    kept: Kept
    history: DayHistory
    policies: PolicyShelf
    share: Share
    name: Callable[[Skipped], None]
    skipped: dict[int, str]
    state: EngineState = field(init=False)
    _image: Image = field(default_factory=Image)

    @property
    def offset(self) -> int:
        """The next entry that it takes."""
        return self.state.offset

    def begin(self, floor: int) -> None:
        """The state before an entry, from the newest snapshot on; of what comes before the floor nothing is said.

        Raises:
            TransientFault: stream or disk cannot be read now.
            OurFault, UserFault: as a daemon's recovery.
        """
        self.kept.floor = floor
        self._recover(floor)

    def follow(self, floor: int) -> None:
        """Step what has been answered for since, and say nothing; raises as :meth:`begin`."""
        if floor <= self.state.offset:
            return
        self.kept.floor = floor
        for first, batch in self._read(self.state.offset, floor):
            self._step(first, batch)

    def take(self, first: int, batch: EntryBatch) -> Taken:
        """Step entries of which nobody has answered for all, and say what comes of them.

        Raises:
            TransientFault: as :meth:`begin`; or we have not heard all that comes before them.
            OurFault, UserFault: as :meth:`begin`.

        Args:
            first: offset of the first of them; what of them has been stepped already is not stepped again.
            batch: in the order of the stream.
        """
        behind = self.state.offset - first
        if behind < 0:
            raise lagging(f"{self.share.county}/{self.share.partition}/{self.state.offset}")
        if behind >= len(batch):
            return Taken([], None)
        mine = batch.slice(behind, len(batch))
        stepped, since = self._step(first + behind, mine)
        return Taken(self._events(stepped), self._handed(stepped, since, mine))

    def save(self) -> None:
        """Put down the history and what has changed of the state; all of it is answered for.

        Raises:
            TransientFault: it cannot be written now.
        """
        image, self._image = self._image, Image()
        self.history.flush(self.state.offset, self.state.epochs)
        for _ in image.follow(self.state, whole=self.kept.wants_whole(image)):
            pass
        self.kept.save_image(image)
        self._image = image

    def save_anew(self) -> None:
        """As :meth:`save`, all of it; what was saved before is let go of.

        Raises:
            TransientFault: it cannot be written now.
        """
        self._image = Image()
        self.save()
        self.kept.snapshots.forget_older()

    def files_of(self, devices: Sequence[str]) -> list[str]:
        """Names of the history's files that may have reports of devices; raises as ``DayHistory.files_of``."""
        return self.history.files_of(with_imported(devices))

    def erase_in(self, name: str, devices: Sequence[str], offsets: NDArray[np.int64]) -> None:
        """Take the reports of entries of devices out of a file of the history; raises as ``DayHistory.erase_in``."""
        self.history.erase_in(name, with_imported(devices), offsets)

    def _step(self, first: int, batch: EntryBatch) -> tuple[Stepped, int]:
        """Entries through the engine, and the offset from which on what is said holds.

        Where one cannot be stepped, all begins again without it, and what is said is of all from the floor on.
        """
        until = first + len(batch)
        try:
            stepped = step(
                self.state, batch, self.policies, first=first, skipped=self.skipped, towers=self.policies.towers
            )
            self._events(stepped)
            self._heed(self.state, batch)
        except HistoryDamaged as damage:
            log.warning("history is made anew", why=str(damage))
        except (GatewayFault, OSError, sqlite3.Error):
            raise
        except Exception:
            log.exception("an entry cannot be stepped; the state is made anew without it", first=first)
        else:
            return stepped, first
        return self._recover(until), self.kept.floor

    def _recover(self, end: int) -> Stepped:
        """The state before an entry anew, and what is said from the floor on."""
        self._image = Image()
        recovery = Recovery(
            self.kept, self.journal, self.policies, self._attempt, skipped=self.skipped, history=self.history,
            end=end, name=self.name, role=self.share.role, heed=self._heed,
        )  # fmt: skip
        self.state, tail = recovery.run()
        if self.state.offset < end:
            raise lagging(f"{self.share.county}/{self.share.partition}/{self.state.offset}")
        return tail

    def _read(self, first: int, until: int) -> Iterator[tuple[int, EntryBatch]]:
        """All entries first <= offset < until, which are known to be there: whom we ask may not have heard of them yet.

        Raises:
            TransientFault: not all of them can be read now.
        """
        for offset, batch in merged(self.journal, first, until, STRETCH):
            yield offset, batch
            first = offset + len(batch)
        if first < until:
            raise lagging(f"{self.share.county}/{self.share.partition}/{first}")

    def _heed(self, state: EngineState, batch: EntryBatch) -> None:
        """Entries that all partitions have are counted in the state, so that a snapshot knows how many there were."""
        state.count(TO_ALL, len(shared_of(batch)))

    def _handed(self, stepped: Stepped, since: int, batch: EntryBatch) -> Handed | None:
        """What the second step needs to know of the entries from an offset on up to the state's.

        ``batch``: the last of them; all of them where no more were stepped once more.
        """
        if self.share.partitions == 1:
            return None
        if since < self.state.offset - len(batch):
            batch = merge([part for _, part in self._read(since, self.state.offset)])
        begin = self.state.counts.get(TO_ALL, 0) - len(shared_of(batch))
        return self.share.handed(batch, since, begin, stepped.signs, self.state.digest)

    def _attempt(self, outcome: Outcome) -> object:
        """Whether a message can be made of it; of which hour it speaks does not matter."""
        return event_of(outcome, self.share.county, "UTC")

    def _events(self, stepped: Stepped) -> list[Event]:
        """The messages for what is ours to tell, in the county's time."""
        if not stepped.outcomes:
            return []
        county = self.policies(self.state.digest).configuration.county
        ours = self.share.owned(stepped.outcomes, self.state.digest)
        return [event_of(outcome, county.code, county.timezone, county.maps) for outcome in ours]
