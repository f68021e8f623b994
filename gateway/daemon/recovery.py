"""After a crash, and for replay: the state rebuilt from snapshot and journal, the same ``step`` as live."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

import msgspec
import structlog

from gateway.decoded import from_json
from gateway.engine import ENGINE, Image, MemoryHistory, Role, adopt, restore, snapshot_of
from gateway.engine.step import Stepped, step
from gateway.errors import GatewayFault, OurFault, TransientFault, UserFault
from gateway.history.file import HistoryDamaged
from gateway.journal.controls import Skipped, Start
from gateway.journal.entries import NO_ORIGIN, EntryBatch, EntryKind, Gathering
from gateway.replay.derive import derive
from gateway.replay.reading import PolicyShelf, begin_at, cross_gap, merged
from gateway.sqlite_faults import in_our_words
from gateway.words.phrases import phrase

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from gateway.engine import EngineState, Episode, Outcome, PastStore, Snapshot
    from gateway.journal.contract import Journal

STRETCH = 16_384
"""Entries stepped at once in a recovery, between two words to whoever waits for it."""
MOST_SKIPPED = 100
"""Entries that one recovery passes over: more is no matter of entries."""
SAVE_EVERY = 20_000
"""Entries between snapshots in a long recovery, so that one that is broken off goes on from there."""

log = structlog.get_logger()


class Said(Protocol):
    """Where it stands how far the entries have been answered for, and where snapshots of the state lie."""

    def applied_offset(self) -> int:
        """Entries before it have had their outcomes told."""
        ...

    def load_snapshots(self) -> Iterator[Snapshot]:
        """All that can be gone on from, the newest first; none beyond what is applied."""
        ...

    def wants_whole(self, image: Image) -> bool:
        """Whether an image is to be saved whole the next time."""
        ...

    def note_applied(self, offset: int) -> None:
        """Outcomes up to an offset are told: a snapshot may say so."""
        ...

    def save_image(self, image: Image) -> None:
        """Write what has changed since the image was saved last, or all of it."""
        ...

    def episodes(self, *, unresolved: bool) -> Sequence[Episode]:
        """Alarms as they were told last: all, or those that nobody has closed."""
        ...


@dataclass(slots=True)
class Recovery:
    """Brings the state to the end of the journal.

    Attributes:
        store: where it stands what was said.
        attempt: whatever of an outcome may fail after the step; a failure counts as one of the entry.
        progress: told after each stretch: entries applied, entries in all.
        skipped: entries that are passed over, with the class of their exception.
        history: the reports of the past; what it lacks of those before the snapshot is derived from the journal.
        from_what_is_left: without a usable snapshot begin with the journal's first entry, whichever that is.
        end: the entry before which it stops; None: the journal's end.
        role: of the engine.
        heed: told of what has been stepped, with the state behind it.
        name: told of an entry that is passed over, where the journal is somebody else's to write; None: a SKIPPED entry
            is appended.
    """

    store: Said
    journal: Journal
    policies: PolicyShelf
    attempt: Callable[[Outcome], object] = lambda _: None
    progress: Callable[[int, int], None] = lambda _, __: None
    skipped: dict[int, str] = field(default_factory=dict)
    history: PastStore = field(default_factory=MemoryHistory)
    from_what_is_left: bool = False
    end: int | None = None
    name: Callable[[Skipped], None] | None = None
    role: Role = Role.WHOLE
    heed: Callable[[EngineState, EntryBatch], None] = lambda _, __: None

    def run(self) -> tuple[EngineState, Stepped]:
        """State after the whole journal; entries before the applied offset say nothing, the tail what is still owed.

        An entry that the engine cannot stand is named by a SKIPPED entry, and all begins again without it.

        Raises:
            UserFault: a newer engine has decided here.
            TransientFault: journal or history cannot be read now.
            OurFault: the journal is shorter than what was applied, has a hole, no longer reaches back to the snapshot,
                or too many entries cannot be stepped.
        """
        self.skipped.update(self.journal.skipped())
        with in_our_words("use", "journal"):
            return self._run_past()

    def _run_past(self) -> tuple[EngineState, Stepped]:
        """Past all that cannot be stepped."""
        for _ in range(MOST_SKIPPED):
            try:
                return self._run()
            except _Unsteppable as unsteppable:
                self._skip(unsteppable)
            except HistoryDamaged as damage:
                log.warning("history is made anew", why=str(damage))
        raise OurFault(f"{MOST_SKIPPED} entries cannot be stepped: this version does not fit the journal; see the log")

    def _run(self) -> tuple[EngineState, Stepped]:
        state, applied, end = self._begin(), self.store.applied_offset(), self._end()
        if applied > end:
            raise OurFault(
                f"state.db has applied {applied} entries but the journal holds {end}: it has been lost or replaced."
                " Restore it from the backup; where there is none, run bracelet-gateway rebuild"
            )
        _refuse_newer(state.engine)
        saved, image = state.offset, Image()
        self.progress(state.offset, end)
        for first, batch in merged(self.journal, state.offset, min(applied, end), STRETCH):
            self._step(state, first, batch)
            if state.offset - saved >= SAVE_EVERY:
                self._save(state, image)
                saved = state.offset
        self._take_over(state)
        tail = Stepped()
        for first, batch in merged(self.journal, state.offset, end, STRETCH):
            tail.add(self._step(state, first, batch))
        cross_gap(state, end)
        return state, tail

    def _end(self) -> int:
        return self.journal.next_offset if self.end is None else self.end

    def _save(self, state: EngineState, image: Image) -> None:
        self.history.flush(state.offset, state.epochs)
        for _ in image.follow(state, whole=self.store.wants_whole(image)):
            pass
        self.store.note_applied(image.offset)
        self.store.save_image(image)

    def _begin(self) -> EngineState:
        """Where to go on from, with the reports that came before."""
        state = self._restored()
        if self.history.until < state.offset:
            derive(self.history, self.journal, self.policies, state, self.policies.towers)
        self._remember(state)
        return state

    def _remember(self, state: EngineState) -> EngineState:
        """The state, with the history of what came before it and nothing else."""
        self.history.cut(state.offset)
        state.history, state.role = self.history, self.role
        return state

    def _restored(self) -> EngineState:
        """The snapshot's state, seated for the rules it was under; without one, from the journal's first entry."""
        why = "" if not self.journal.begins else "there is none"
        for snapshot in self.store.load_snapshots():
            try:
                return self._seated(restore(snapshot))
            except OurFault as fault:
                why = str(fault)
                log.warning("a snapshot cannot be used", offset=snapshot.until, why=why)
        if why:
            self._refuse_unless_whole(why)
        return begin_at(self.journal)

    def _seated(self, state: EngineState) -> EngineState:
        if state.digest:
            state.seat(self.policies(state.digest), state.digest)
        return state

    def _refuse_unless_whole(self, why: str) -> None:
        if self.journal.begins and not self.from_what_is_left:
            raise OurFault(
                f"the snapshot in state.db cannot be used ({why}), and the journal begins only at entry"
                f" {self.journal.begins}: restore state.db from the backup, or install the version that wrote it;"
                " where neither is there, run bracelet-gateway rebuild"
            )
        log.warning("snapshot not usable; everything is rebuilt from the journal", why=why)

    def _take_over(self, state: EngineState) -> None:
        """What another engine said holds, whatever this one would have said of the same entries."""
        if state.engine == ENGINE or not state.digest:
            return
        differing = adopt(state, self.policies(state.digest), self.store.episodes(unresolved=True))
        log.info("engine taken over", older=state.engine, engine=ENGINE, differing=differing)

    def _step(self, state: EngineState, first: int, batch: EntryBatch) -> Stepped:
        cross_gap(state, first)
        _refuse_newer(max(engines_of(batch), default=0))
        try:
            stepped = self._attempted(state, batch, first)
        except (GatewayFault, OSError, sqlite3.Error):
            raise
        except Exception as fault:
            raise _Unsteppable(first, batch) from fault
        self.progress(state.offset, self._end())
        return stepped

    def _attempted(self, state: EngineState, batch: EntryBatch, first: int) -> Stepped:
        stepped = step(state, batch, self.policies, first=first, skipped=self.skipped, towers=self.policies.towers)
        for outcome in stepped.outcomes:
            self.attempt(outcome)
        self.heed(state, batch)
        return stepped

    def _skip(self, unsteppable: _Unsteppable) -> None:
        """Find the first entry that fails, name it in the journal, and pass over it from now on."""
        first, batch = unsteppable.first, unsteppable.batch
        before = snapshot_of(self._silently(first))
        fine, failing, cause = 0, len(batch), unsteppable.__cause__
        while failing - fine > 1:
            middle = (fine + failing) // 2
            try:
                self._attempted(self._remember(self._seated(restore(before))), batch.slice(0, middle), first)
                fine = middle
            except (TransientFault, OSError, sqlite3.Error):
                raise  # no entry is to blame for the disk
            except Exception as fault:  # noqa: BLE001  any is what we look for
                failing, cause = middle, fault
        self._name(Skipped(first + fine, type(cause).__name__, batch.origin_of(fine).device), batch, cause)

    def _silently(self, until: int) -> EngineState:
        """The state before an entry, once more."""
        state = self._begin()
        for first, batch in merged(self.journal, state.offset, until):
            cross_gap(state, first)
            self._attempted(state, batch, first)
        return state

    def _name(self, skipped: Skipped, batch: EntryBatch, cause: BaseException | None) -> None:
        if self.name is None:
            self._append(skipped, float(batch.received[-1]))
        else:
            self.name(skipped)
        self.skipped[skipped.offset] = skipped.fault
        log.error(
            "an entry cannot be processed; it is kept and passed over, please report it",
            offset=skipped.offset, device=skipped.device, exc_info=cause,
        )  # fmt: skip

    def _append(self, skipped: Skipped, received: float) -> None:
        """Behind the journal's last entry, and received with it."""
        gathering = Gathering()
        for _, last in self.journal.read(self.journal.next_offset - 1):
            received = float(last.received[-1])
        gathering.add(EntryKind.SKIPPED, received, NO_ORIGIN, msgspec.json.encode(skipped))
        self.journal.append(gathering.batch())


def engines_of(batch: EntryBatch) -> list[int]:
    """Numbers of the engines that the START entries of a batch name."""
    starts = (batch.kind == EntryKind.START).nonzero()[0].tolist()
    return [from_json(batch.bytes_of(index), Start).engine for index in starts]


def _refuse_newer(engine: int) -> None:
    """A downgrade would decide with less than what has been decided with.

    Raises:
        UserFault: entries were stepped by an engine that this version does not know.
    """
    if engine > ENGINE:
        raise UserFault(phrase("engine_newer", found=engine, known=ENGINE))


class _Unsteppable(Exception):
    """Stepping a stretch that begins at ``first`` raised the cause."""

    def __init__(self, first: int, batch: EntryBatch) -> None:
        super().__init__(first)
        self.first, self.batch = first, batch
