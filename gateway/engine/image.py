"""The image: the state as it was saved last, and what has changed since, so that a snapshot copies and says that alone.

What has changed is found by looking, not by being told: records are held against the image's byte by byte, texts as
they are written, marks by whether they are the same object, for one is never changed once it is made.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

import msgspec
import numpy as np

from gateway.engine.snapshot import AT, Snapshot, SnapshotPart, columns, mark_columns, plain, text
from gateway.engine.snapshot_text import FORMAT, KEYED, Rest, head_of, keyed_of, mark_of
from gateway.engine.state import BANKS, Bank

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from gateway.engine.marks import Mark
    from gateway.engine.state import EngineState

ROWS: Final = 2048
ITEMS: Final = 512
"""Records, or texts and groups, that are looked at before others have their turn."""
SAID: Final = 4096
"""Texts, or groups, that one text of a snapshot has at most: whoever makes it holds everybody up."""

Rows = dict[str, tuple["NDArray[np.int32]", "NDArray[np.void]"]]


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
        is_other: there is no telling what has changed, for it is another county's, or the first: save it whole.
        saved_as: what the store calls it.
    """

    offset: int = 0
    is_other: bool = True
    saved_as: str = ""
    difference: Difference = field(default_factory=lambda: Difference(b""))
    _banks: dict[str, Bank] = field(default_factory=lambda: {name: Bank(spec) for name, spec in BANKS.items()})
    _texts: dict[str, dict[str, bytes]] = field(default_factory=lambda: {name: {} for name in KEYED})
    _marks: dict[str, list[Mark]] = field(default_factory=dict)
    _is_fresh: bool = True

    def follow(self, state: EngineState) -> Iterator[None]:
        """Become the state, giving way in between; nobody may change it until it is over."""
        self.offset, self.difference = state.offset, Difference(msgspec.json.encode(head_of(state)))
        self.is_other = self._is_fresh or any(state.banks[name].keys != bank.keys for name, bank in self._banks.items())
        for name, bank in state.banks.items():
            yield from self._take_bank(name, bank)
        for name, held in keyed_of(state).items():
            yield from self._take_texts(name, held)
        yield from self._take_marks(state.marks)
        self._is_fresh = False

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
        """All of it: a snapshot of what is in arrays, then the rest as changes of it, each of moderate size."""
        rest = msgspec.json.decode(self.difference.head, type=Rest)
        rest.keys = {name: list(bank.keys) for name, bank in self._banks.items()}
        parts = [part for name, bank in self._banks.items() for part in columns(f"{name}/", bank.records, bank.spec)]
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
            mine = self._banks[name] = Bank(bank.spec, bank.keys, np.empty_like(bank.records))
            for part in _parts(len(bank.keys)):
                plain(mine.records)[part] = plain(bank.records)[part]
                yield
            return
        mine, found = self._banks[name], []
        for part in _parts(len(bank.keys)):
            found.append(part.start + _differing(plain(bank.records[part]), plain(mine.records[part])))
            yield
        at = np.concatenate([np.empty(0, np.int64), *found]).astype(np.int32)
        if len(at):
            records = plain(bank.records)[at]
            plain(mine.records)[at] = records
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


def _differing(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Which rows are not the same to the byte."""
    return np.flatnonzero((one != other).any(axis=1))


def _some(held: dict[str, Any]) -> Iterator[dict[str, Any]]:
    items = iter(held.items())
    while some := dict(islice(items, SAID)):
        yield some


def _raw(put: Mapping[str, Mapping[str, bytes]]) -> dict[str, dict[str, msgspec.Raw]]:
    """Texts as they were written."""
    return {name: {key: msgspec.Raw(said) for key, said in texts.items()} for name, texts in put.items()}
