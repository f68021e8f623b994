"""The image: the state as it was saved last, and what has changed since, so that a snapshot copies and says that alone.

What has changed is found by looking, not by being told: records by digests of 128 bits, so that no second copy of all
of them stands beside them; texts as they are written; marks by whether they are the same object, for one is never
changed once it is made. Where all is to be saved, all records are copied until they are.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

import msgspec
import numpy as np

from formulas.formula import Loop
from gateway.decoded import from_json
from gateway.engine.snapshot import AT, Snapshot, SnapshotPart, columns, mark_columns, plain, text
from gateway.engine.snapshot_text import FORMAT, KEYED, Rest, head_of, keyed_of, mark_of
from gateway.engine.state import BANKS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from gateway.engine.marks import Mark
    from gateway.engine.state import Bank, EngineState

ROWS: Final = 2048
ITEMS: Final = 512
"""Records, or texts and groups, that are looked at before others have their turn."""
SAID: Final = 4096
"""Texts, or groups, that one text of a snapshot has at most: whoever makes it holds everybody up."""

WORD: Final = 8
"""Bytes that are digested together."""
MIXING: Final = np.array(
    [0x9E3779B97F4A7C15, 30, 0xBF58476D1CE4E5B9, 27, 0x94D049BB133111EB, 31, 0x3C6EF372FE94F82A], np.uint64
)  # fmt: skip
"""The first word's weight; shifts and factors of SplitMix64; and twice the first, by which the next word's is more."""

Rows = dict[str, tuple["NDArray[np.int32]", "NDArray[np.void]"]]


def prepare() -> None:
    """Compile the loop."""
    digests_of(np.empty((0, 0), np.uint8))


@dataclass(slots=True)
class Difference:
    """What has changed of a state since it was looked at before; see ``snapshot_text.Change``."""

    head: bytes
    rows: Rows = field(default_factory=dict)
    put: dict[str, dict[str, bytes]] = field(default_factory=dict)
    gone: dict[str, list[str]] = field(default_factory=dict)
    order: dict[str, list[str]] = field(default_factory=dict)
    marks: dict[str, tuple[list[int], list[Mark]]] = field(default_factory=dict)


@dataclass(slots=True)
class Image:
    """A state as it was at ``offset``, and what had changed of it then.

    Attributes:
        is_other: there is no telling what has changed, for it is another county's, or the first.
        is_whole: it is to be saved whole: it is another one, or was asked for so.
        saved_as: what the store calls it.
    """

    offset: int = 0
    is_other: bool = True
    is_whole: bool = True
    saved_as: str = ""
    difference: Difference = field(default_factory=lambda: Difference(b""))
    _keys: dict[str, tuple[str, ...]] = field(default_factory=dict)
    _digests: dict[str, NDArray[np.uint64]] = field(default_factory=dict)
    """By bank, uint64 (n, 2): of each record as it was saved last."""
    _copies: dict[str, NDArray[np.void]] = field(default_factory=dict)
    """By bank, all of its records, from where they are to be saved to where they have been."""
    _texts: dict[str, dict[str, bytes]] = field(default_factory=lambda: {name: {} for name in KEYED})
    _marks: dict[str, list[Mark]] = field(default_factory=dict)
    _is_fresh: bool = True

    def follow(self, state: EngineState, *, whole: bool = False) -> Iterator[None]:
        """Become the state, giving way in between; nobody may change it until it is over.

        ``whole``: all of it is to be saved, whatever has changed.
        """
        self.offset, self.difference = state.offset, Difference(msgspec.json.encode(head_of(state)))
        self.is_other = self._is_fresh or any(bank.keys != self._keys[name] for name, bank in state.banks.items())
        self.is_whole, self._copies = whole or self.is_other, {}
        for name, bank in state.banks.items():
            yield from self._take_bank(name, bank)
        for name, held in keyed_of(state).items():
            yield from self._take_texts(name, held)
        yield from self._take_marks(state.marks)
        self._is_fresh = False

    def note_saved(self, name: str) -> None:
        """It is written, and the store calls it so: what was copied to be written is let go of."""
        self.saved_as, self._copies, self.difference = name, {}, Difference(b"")

    def changed(self) -> Snapshot:
        """What has changed, as a snapshot's change."""
        found = self.difference
        parts: list[SnapshotPart] = []
        for name, (at, records) in found.rows.items():
            parts += [SnapshotPart(f"{AT}{name}", at.dtype.str, at.shape, at.tobytes())]
            parts += columns(f"{name}/", records, BANKS[name])
        new = [(group, mark) for group, (_, marks) in found.marks.items() for mark in marks]
        lists: dict[tuple[str, ...], int] = {}
        said = {
            "format": FORMAT, "head": msgspec.Raw(found.head),
            "put": _raw(found.put), "gone": found.gone, "order": found.order,
            "groups": {group: kept for group, (kept, _) in found.marks.items()},
            "marks": [mark_of(*each, lists) for each in new], "key_lists": list(lists),
        }  # fmt: skip
        if new:
            parts += mark_columns([mark for _, mark in new])
        return Snapshot(self.offset, (*parts, text("change", said)))

    def whole(self) -> Iterator[Snapshot]:
        """All of it: a snapshot of what is in arrays, then the rest as changes of it, each of moderate size.

        Where it is to be saved whole and has not been, else nothing can be said of the records.
        """
        rest = from_json(self.difference.head, Rest)
        rest.keys = {name: list(keys) for name, keys in self._keys.items()}
        parts = [part for name, records in self._copies.items() for part in columns(f"{name}/", records, BANKS[name])]
        yield Snapshot(self.offset, (*parts, text("rest", rest)))
        del parts
        for name, texts in self._texts.items():
            for some in _some(texts):
                yield Snapshot(self.offset, (text("change", {"format": FORMAT, "put": _raw({name: some})}),))
        for marks in _some(self._marks):
            yield self._of_marks(marks)

    def _of_marks(self, held: Mapping[str, list[Mark]]) -> Snapshot:
        lists: dict[tuple[str, ...], int] = {}
        said = {
            "format": FORMAT, "groups": {group: [-1] * len(marks) for group, marks in held.items()},
            "marks": [mark_of(group, mark, lists) for group, marks in held.items() for mark in marks],
            "key_lists": list(lists),
        }  # fmt: skip
        parts = mark_columns([mark for marks in held.values() for mark in marks])
        return Snapshot(self.offset, (*parts, text("change", said)))

    def _take_bank(self, name: str, bank: Bank) -> Iterator[None]:
        if self.is_other:
            self._keys[name], self._digests[name] = bank.keys, np.zeros((len(bank.keys), 2), np.uint64)
        if self.is_whole:
            self._copies[name] = np.empty_like(bank.records)
        found = [np.empty(0, np.int64)]
        for part in _parts(len(bank.keys)):
            records, before = plain(bank.records[part]), self._digests[name][part]
            now = digests_of(records)
            found.append(part.start + np.flatnonzero((now != before).any(axis=1)))
            before[:] = now
            if self.is_whole:
                plain(self._copies[name])[part] = records
            yield
        at = np.concatenate(found).astype(np.int32)
        if len(at) and not self.is_other:
            records = plain(bank.records)[at]
            self.difference.rows[name] = at, records.view(bank.records.dtype)[:, 0]

    def _take_texts(self, name: str, now: Mapping[str, object]) -> Iterator[None]:
        held, encode = self._texts[name], msgspec.json.encode
        put: dict[str, bytes] = {}
        items = iter(now.items())
        while some := list(islice(items, ITEMS)):
            put |= {key: said for key, value in some if held.get(key) != (said := encode(value))}
            yield
        gone = [key for key in held if key not in now] if len(held.keys() | put.keys()) != len(now) else []
        for key in gone:
            del held[key]
        held |= put
        if gone:
            self.difference.gone[name] = gone
        if put:
            self.difference.put[name] = put
        if list(held) != list(now):
            self.difference.order[name] = list(now)
            self._texts[name] = {key: held[key] for key in now}
        yield

    def _take_marks(self, now: Mapping[str, list[Mark]]) -> Iterator[None]:
        held, items = self._marks, iter(() if self.is_other else now.items())
        while some := list(islice(items, SAID)):
            for group, marks in some:
                was = held.get(group)
                if was is not marks:
                    self.difference.marks[group] = _kept(was or [], marks)
            yield
        if not self.is_other:
            order = [
                *(group for group in held if group in now),
                *(group for group in self.difference.marks if group not in held),
            ]
            self.difference.marks |= {group: ([], []) for group in held if group not in now}
            if order != list(now):
                self.difference.order["marks"] = list(now)
        self._marks = dict(now)
        yield


def _kept(was: list[Mark], now: list[Mark]) -> tuple[list[int], list[Mark]]:
    """Of the marks of a group which index each had, or -1; and those that are new."""
    seat = {id(mark): at for at, mark in enumerate(was)}
    kept = [seat.get(id(mark), -1) for mark in now]
    return kept, [mark for mark, at in zip(now, kept, strict=True) if at < 0]


def _parts(count: int) -> list[slice]:
    return [slice(first, min(first + ROWS, count)) for first in range(0, count, ROWS)]


def digests_of(records: NDArray[np.uint8]) -> NDArray[np.uint64]:
    """Of each row of bytes, (n, size), its digest, uint64 (n, 2).

    Each word of eight bytes is mixed with its place by the finalizer of SplitMix64 (Steele, Lea and Flood 2014), which
    is one to one; the digest is two sums of what comes out, the second weighted. So one word that has changed always
    changes it, and of several the chance that they do not is some 2 ** -128. No defence against whoever means it.
    """
    count, size = records.shape
    words = np.zeros((count, -(-size // WORD) * WORD), np.uint8)
    words[:, :size] = records
    found = np.zeros((count, 2), np.uint64)
    _digest(words.view(np.uint64), found)
    return found


@Loop
def _digest(words: NDArray[np.uint64], found: NDArray[np.uint64]) -> None:
    for row in range(len(words)):
        weight = MIXING[0]
        for at in range(words.shape[1]):
            mixed = words[row, at] ^ weight
            mixed = (mixed ^ (mixed >> MIXING[1])) * MIXING[2]
            mixed = (mixed ^ (mixed >> MIXING[3])) * MIXING[4]
            mixed ^= mixed >> MIXING[5]
            found[row, 0] += mixed
            found[row, 1] += mixed * weight
            weight += MIXING[6]


def _some(held: dict[str, Any]) -> Iterator[dict[str, Any]]:
    items = iter(held.items())
    while some := dict(islice(items, SAID)):
        yield some


def _raw(put: Mapping[str, Mapping[str, bytes]]) -> dict[str, dict[str, msgspec.Raw]]:
    """Texts as they were written."""
    return {name: {key: msgspec.Raw(said) for key, said in texts.items()} for name, texts in put.items()}
