"""Which entries of the journal belong to an alarm: the wearer's own, what was done about it, what was in force."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import msgspec
import numpy as np

from gateway.decoded import from_json
from gateway.journal import row2
from gateway.journal.controls import Act, TowersNamed
from gateway.journal.entries import EntryKind
from gateway.journal.segment import select
from gateway.towers.named import named
from gateway.towers.versions import TowerVersions

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import Self

    from numpy.typing import NDArray

    from gateway.engine import Episode, Policy
    from gateway.journal import FileJournal
    from gateway.journal.entries import EntryBatch

OF_SESSIONS: Final = (EntryKind.FRAGMENT, EntryKind.OPENED, EntryKind.CLOSED)
"""Kinds whose origin names the device."""
OF_DEVICES: Final = (EntryKind.COMMAND, EntryKind.TEST)
"""Kinds whose payload does."""
NOBODYS: Final = frozenset({
    EntryKind.START, EntryKind.STOP, EntryKind.TICK, EntryKind.CONFIGURATION, EntryKind.CLOCK, EntryKind.TOWERS,
    EntryKind.ERASED,
})  # fmt: skip
"""Kinds that tell nothing of anybody."""
VERSIONS: Final = frozenset({EntryKind.START, EntryKind.CONFIGURATION})
_BACK: Final = "SELECT first, body FROM batch WHERE first < ? ORDER BY first DESC"


class _OfDevice(msgspec.Struct):
    """What a payload that is about a device says of it, and its own id."""

    device: str
    id: str = ""


class _OfCommand(msgspec.Struct):
    """What a RESULT says of whose it is."""

    command: str


@dataclass(frozen=True, slots=True)
class Wearer:
    """A person, and the devices that he has worn, in order; ``shares``: somebody else has worn one of them, too."""

    policy: Policy
    person: str
    devices: tuple[str, ...]
    shares: bool

    @classmethod
    def of(cls, policy: Policy, person: str) -> Self:
        """By the wearings of a configuration."""
        mine = tuple(sorted({device for device, who in policy.wearings if who == person}))
        return cls(policy, person, mine, any(device in mine and who != person for device, who in policy.wearings))

    def wears(self, device: NDArray[np.int32], time: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Whether he wore a device (by its place among ``devices``) at a time, under an authority; bool (n,)."""
        seats = np.array([self.policy.device_index[each] for each in self.devices], np.int64)[device]
        wearing = self.policy.wearing_at(seats, time)
        who = np.append(self.policy.wearing_person, -1)[wearing]
        mine: NDArray[np.bool_] = (who == self.policy.people.index(self.person)) & self.policy.lawful(wearing, time)
        return mine

    def has(self, device: str, time: float) -> bool:
        """The same of one device by its key."""
        if device not in self.devices:
            return False
        return bool(self.wears(np.array([self.devices.index(device)]), np.array([time]))[0])


def around(journal: FileJournal, wearer: Wearer, episode: Episode, within: tuple[float, float]) -> set[int]:
    """Offsets of entries beside the frames: sessions, parts of frames and orders of a time, acts, what it stands on."""
    return {
        *_of_time(journal, wearer, *within), *_acts(journal, episode),
        *_ends(journal, wearer, (episode.first_offset, episode.last_offset)),
    }  # fmt: skip


def _of_time(journal: FileJournal, wearer: Wearer, since: float, until: float) -> Iterator[int]:
    commands: set[str] = set()
    for offset, batch in _entries(journal, since, until, (*OF_SESSIONS, *OF_DEVICES, EntryKind.RESULT)):
        kind, received = int(batch.kind[0]), float(batch.received[0])
        if kind in OF_SESSIONS and wearer.has(batch.origin_of(0).device, received):
            yield offset
        elif kind in OF_DEVICES:
            of = from_json(batch.bytes_of(0), _OfDevice)
            if wearer.has(of.device, received):
                commands.add(of.id)
                yield offset
        elif kind == EntryKind.RESULT and _command_of(batch) in commands:
            yield offset


def _command_of(batch: EntryBatch) -> str:
    return from_json(batch.bytes_of(0), _OfCommand).command


def _acts(journal: FileJournal, episode: Episode) -> Iterator[int]:
    for at in sorted({*(act.at for act in episode.acts), *(note.at for note in episode.notes)}):
        for offset, batch in _entries(journal, at, at, (EntryKind.ACT,)):
            if from_json(batch.bytes_of(0), Act).alarm == episode.id:
                yield offset


def _ends(journal: FileJournal, wearer: Wearer, offsets: tuple[int, int]) -> Iterator[int]:
    """The first and the last entry that an alarm rests on, where they are not somebody else's."""
    for offset in offsets:
        if journal.begins <= offset < journal.next_offset:
            _, batch = next(journal.read(offset))
            if batch.kind[0] in NOBODYS or wearer.has(batch.origin_of(0).device, float(batch.received[0])):
                yield offset


def _entries(
    journal: FileJournal, since: float, until: float, kinds: tuple[EntryKind, ...]
) -> Iterator[tuple[int, EntryBatch]]:
    """Entries of kinds received in a time, both ends in, each by itself."""
    for offset, batch in journal.read(journal.first_since(since)):
        if batch.received[0] > until:
            return
        near = (batch.received >= since) & (batch.received <= until)
        for at in np.flatnonzero(np.isin(batch.kind, kinds) & near).tolist():
            yield offset + at, batch.slice(at, at + 1)


def in_force(journal: FileJournal, storage: Path, episode: Episode) -> list[int]:
    """Offsets of the entries by which engine, rules and towers were in force when an alarm was decided."""
    return sorted({*_newest(journal, episode.last_offset), *_towers(journal, storage, episode.decided)})


def _newest(journal: FileJournal, offset: int) -> Iterator[int]:
    """Of each kind of VERSIONS the newest entry before an offset."""
    wanted = set(VERSIONS)
    for path in reversed([each for each in journal.segments() if journal.is_filled(each)]):
        for first, body in select(path, _BACK, (offset,)):
            if body[:4] != row2.MAGIC or not wanted:
                return
            kinds = row2.unpack(body).kind[: max(0, offset - first)]
            for kind in [each for each in wanted if (kinds == each).any()]:
                yield first + int(np.flatnonzero(kinds == kind)[-1])
                wanted.discard(kind)


def _towers(journal: FileJournal, storage: Path, decided: float) -> Iterator[int]:
    for one in [each for each in named(TowerVersions(storage).directory) if each.since <= decided][-1:]:
        for offset, batch in _entries(journal, one.since, decided, (EntryKind.TOWERS,)):
            if from_json(batch.bytes_of(0), TowersNamed).digest == one.digest:
                yield offset
                return
