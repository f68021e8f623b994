"""Snapshots of the engine's state: arrays with a schema, and JSON for what is not an array. Never pickle."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec
import numpy as np

from gateway.decoded import from_json
from gateway.engine.families import FAMILIES
from gateway.engine.groups import PLACED, Lifted
from gateway.engine.marks import Mark
from gateway.engine.records import FragmentState
from gateway.engine.snapshot_text import (
    FORMAT,
    HEAD,
    KEYED,
    LISTED,
    Change,
    MarkRecord,
    Rest,
    Version,
    apart,
    head_of,
    mark_of,
    or_never,
)
from gateway.engine.state import BANKS, Bank, EngineState, Spec, fresh
from gateway.errors import OurFault

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

FORMER = {"levels": "device"}
"""Banks by the name of the one whose columns they were in an older version."""
MARKS = "marks/"
"""Of the arrays that hold the marks' records, before the names of bank and column."""
UNPACKED = 1024
"""Marks whose records are in memory at once, some 4 KB each, while they are laid down by columns."""
AT = "at/"
"""Of the arrays that say which rows of a bank have changed, before its name."""

Text = TypeVar("Text", Rest, Change)


class SnapshotUnusable(OurFault):
    """A snapshot that this version cannot take for the state."""


@dataclass(frozen=True, slots=True)
class SnapshotPart:
    """One array (``bank/column``) or one JSON text (dtype ``json``)."""

    name: str
    dtype: str
    shape: tuple[int, ...]
    data: bytes


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The state after all entries before ``offset``; or, with a part ``change``, what has changed of it since then.

    ``changes``: what came after a whole one, oldest first.
    """

    offset: int
    parts: tuple[SnapshotPart, ...]
    changes: tuple[Snapshot, ...] = ()

    @property
    def until(self) -> int:
        """Entries before it are in it and its changes."""
        return self.changes[-1].offset if self.changes else self.offset


def snapshot_of(state: EngineState) -> Snapshot:
    """Copy the state, all at once."""
    parts = [part for name, bank in state.banks.items() for part in columns(f"{name}/", bank.records, bank.spec)]
    lists: dict[tuple[str, ...], int] = {}
    marks = [(group, mark) for group, held in state.marks.items() for mark in held]
    parts += mark_columns([mark for _, mark in marks])
    rest = head_of(state)
    rest.keys = {name: list(bank.keys) for name, bank in state.banks.items()}
    rest.episodes, rest.settled = list(state.episodes.values()), list(state.settled.values())
    rest.apart = list(apart(state).values())
    rest.nights, rest.acts, rest.commands, rest.unanswered = state.nights, state.acts, state.commands, state.unanswered
    rest.fragments, rest.joined = state.fragments.open, state.fragments.joined
    rest.closes, rest.waiting, rest.leave, rest.paces = state.closes, state.waiting, state.leave, state.paces
    rest.faint, rest.held, rest.after, rest.usual = state.faint, state.held, state.after, state.usual
    rest.ladders, rest.notices, rest.reminded = state.ladders, state.notices, state.reminded
    rest.bound, rest.entered = state.bound, state.entered
    rest.marks, rest.key_lists = [mark_of(*each, lists) for each in marks], [list(keys) for keys in lists]
    return Snapshot(state.offset, (*parts, text("rest", rest)))


def columns(prefix: str, records: NDArray[np.void], spec: Iterable[str]) -> list[SnapshotPart]:
    """Records column by column, each copied."""
    held = ((name, records[name]) for name in spec)
    return [SnapshotPart(prefix + name, each.dtype.str, each.shape, each.tobytes()) for name, each in held]


def mark_columns(marks: Sequence[Mark]) -> list[SnapshotPart]:
    """The records of marks, bank by bank, one after another; a few are unpacked at a time, for there may be many."""
    pieces: dict[str, list[SnapshotPart]] = {}
    for first in range(0, max(1, len(marks)), UNPACKED):
        for part in _columns_of([mark.rows for mark in marks[first : first + UNPACKED]]):
            pieces.setdefault(part.name, []).append(part)
    return [_one_of(pieces.pop(name)) for name in list(pieces)]


def _columns_of(marks: Sequence[dict[str, tuple[tuple[str, ...], NDArray[np.void]]]]) -> Iterator[SnapshotPart]:
    for bank in PLACED:
        none = fresh(BANKS[bank], 0)
        records = np.concatenate([plain(none), *(plain(rows[bank][1]) for rows in marks)])
        yield from columns(f"{MARKS}{bank}/", records.view(none.dtype)[:, 0], BANKS[bank])


def _one_of(pieces: Sequence[SnapshotPart]) -> SnapshotPart:
    """Pieces of a column, one after another."""
    first, count = pieces[0], sum(each.shape[0] for each in pieces)
    return replace(first, shape=(count, *first.shape[1:]), data=b"".join(each.data for each in pieces))


def plain(records: NDArray[np.void]) -> NDArray[np.uint8]:
    """Records as bytes, (n, size): numpy moves records column by column, which takes eight times as long."""
    return np.ascontiguousarray(records).view(np.uint8).reshape(len(records), records.dtype.itemsize)


def text(name: str, said: object) -> SnapshotPart:
    """A part that is JSON."""
    return SnapshotPart(name, "json", (), msgspec.json.encode(said))


def restore(snapshot: Snapshot) -> EngineState:
    """The state of a snapshot and its changes. What an older version did not know yet gets its initial value.

    Raises:
        SnapshotUnusable: made by a newer version, or damaged; the text says which part.
    """
    by_name = {part.name: part for part in snapshot.parts}
    rest = _text(by_name, "rest", Rest)
    keys = {name: rest.keys.get(name, rest.keys.get(FORMER.get(name, name), [])) for name in BANKS}
    banks = {name: _bank(name, spec, tuple(keys[name]), by_name) for name, spec in BANKS.items()}
    held = _Held(rest, banks)
    for mark in _marks(rest.marks, rest.key_lists, by_name):
        held.marks.setdefault(mark[0], []).append(mark[1])
    for change in snapshot.changes:
        held.change({part.name: part for part in change.parts})
    return held.state(snapshot.until)


@dataclass(slots=True)
class _Held:
    """A state that is being read."""

    rest: Rest
    banks: dict[str, Bank]
    marks: dict[str, list[Mark]] = field(default_factory=dict)
    keyed: dict[str, dict[str, Any]] = field(init=False)

    def __post_init__(self) -> None:
        listed = {name: {one.id: one for one in getattr(self.rest, name)} for name in LISTED}
        self.keyed = {name: listed[name] if name in listed else getattr(self.rest, name) for name in KEYED}

    def change(self, by_name: Mapping[str, SnapshotPart]) -> None:
        """Go on by a change."""
        change = _text(by_name, "change", Change)
        for name, bank in self.banks.items():
            if f"{AT}{name}" in by_name:
                self._take_rows(bank, name, by_name)
        if change.head is not None:
            for name in HEAD:
                setattr(self.rest, name, getattr(change.head, name))
        for name in KEYED:
            self._take_keyed(name, change)
        self._take_marks(change, by_name)

    def _take_rows(self, bank: Bank, name: str, by_name: Mapping[str, SnapshotPart]) -> None:
        part = by_name[f"{AT}{name}"]
        rows = _array(part, np.dtype("i4"), (len(part.data) // 4,))
        if len(rows) and not 0 <= rows.min() <= rows.max() < len(bank.keys):
            raise SnapshotUnusable(f"{part.name} names rows that are not there")
        bank.records[rows] = _bank(name, bank.spec, ("",) * len(rows), by_name).records

    def _take_keyed(self, name: str, change: Change) -> None:
        held = self.keyed[name]
        for key in change.gone.get(name, ()):
            held.pop(key, None)
        held |= getattr(change.put, name)
        if name in change.order:
            self.keyed[name] = {key: held[key] for key in change.order[name] if key in held}

    def _take_marks(self, change: Change, by_name: Mapping[str, SnapshotPart]) -> None:
        new = iter(_marks(change.marks, change.key_lists, by_name))
        try:
            for group, kept in change.groups.items():
                was = self.marks.get(group, [])
                self.marks[group] = [was[at] if at >= 0 else next(new)[1] for at in kept]
                if not kept:
                    del self.marks[group]
        except (IndexError, StopIteration) as fault:
            raise SnapshotUnusable("a change speaks of marks that are not there") from fault
        if "marks" in change.order:
            self.marks = {group: self.marks[group] for group in change.order["marks"] if group in self.marks}

    def state(self, offset: int) -> EngineState:
        """All of it as a state."""
        rest, keyed = self.rest, self.keyed
        state = EngineState(
            offset=offset, now=or_never(rest.now, -math.inf), listening=rest.listening,
            listening_since=or_never(rest.listening_since, -math.inf), digest=rest.digest, banks=self.banks,
            open={(a, b, c, d): identity for a, b, c, d, identity in rest.open}, counts=rest.counts,
            fragments=FragmentState.of(keyed["fragments"], keyed["joined"]),
            # An older version counted silence from its last start.
            first_start=or_never(rest.first_start, or_never(rest.listening_since, math.inf)),
            engine=rest.engine, fence=or_never(rest.fence, -math.inf), epochs=rest.epochs,
            looked=or_never(rest.looked, -math.inf), marks=self.marks, towers=rest.towers,
            episodes=keyed["episodes"], settled=keyed["settled"], nights=keyed["nights"], acts=keyed["acts"],
            commands=keyed["commands"], unanswered=keyed["unanswered"], closes=keyed["closes"],
            faint=keyed["faint"], held=keyed["held"], after=keyed["after"], usual=keyed["usual"], outage=rest.outage,
            waiting=keyed["waiting"], leave=keyed["leave"], paces=keyed["paces"], bound=keyed["bound"],
            ladders=keyed["ladders"], notices=keyed["notices"], reminded=keyed["reminded"],
            entered=keyed["entered"], erasures=rest.erasures,
        )  # fmt: skip
        self._stand(state)
        return state

    def _stand(self, state: EngineState) -> None:
        """What stands; an older version knew of it what it had said and nobody had closed."""
        known = state.episodes | state.settled | self.keyed["apart"]
        said = [one.id for one in state.episodes.values() if one.kind in FAMILIES and one.is_ongoing]
        for identity in said if self.rest.found is None else self.rest.found:
            if identity not in known:
                raise SnapshotUnusable(f"what stands is not there: {identity}")
            state.stand(known[identity])


def _marks(
    records: Sequence[MarkRecord], lists: Sequence[Sequence[str]], by_name: Mapping[str, SnapshotPart]
) -> list[tuple[str, Mark]]:
    """The group of each, and the mark."""
    if not records:
        return []
    # An older version knew fewer banks, the first ones.
    keys = [[tuple(lists[index]) for index in mark.keys] for mark in records]
    keys = [[*held, *[()] * (len(PLACED) - len(held))] for held in keys]
    counts = [[len(each) for each in held] for held in keys]
    edges = np.cumsum(np.array([[0] * len(PLACED), *counts], np.int64), axis=0)
    banks = [
        _bank(name, BANKS[name], ("",) * int(edges[-1, place]), by_name, MARKS).records
        for place, name in enumerate(PLACED)
    ]
    marks = []
    for index, mark in enumerate(records):
        rows = {
            name: (keys[index][place], banks[place][slice(*edges[index : index + 2, place])])
            for place, name in enumerate(PLACED)
        }
        marks.append((mark.group, Mark(or_never(mark.time, -math.inf), Lifted(rows, tuple(mark.found), mark.nights))))
    return marks


def _text(by_name: Mapping[str, SnapshotPart], name: str, kind: type[Text]) -> Text:
    if name not in by_name:
        raise SnapshotUnusable("its text part is missing")
    try:
        version = from_json(by_name[name].data, Version).format
        if version > FORMAT:
            raise SnapshotUnusable(f"format {version} is of a newer version, this one knows {FORMAT}")
        return from_json(by_name[name].data, kind)
    except (msgspec.MsgspecError, RecursionError, UnicodeError) as fault:
        raise SnapshotUnusable(f"its text part cannot be read: {fault}") from fault


def _bank(
    bank: str, spec: Spec, keys: tuple[str, ...], by_name: Mapping[str, SnapshotPart], prefix: str = ""
) -> Bank:  # fmt: skip
    """Columns by the names of this version: those that are there, checked, and the others fresh."""
    made = Bank(spec, keys)
    for column, (dtype, _, shape) in spec.items():
        part = by_name.get(f"{prefix}{bank}/{column}") or by_name.get(f"{prefix}{FORMER.get(bank, bank)}/{column}")
        if part is not None:
            made[column][:] = _array(part, np.dtype(dtype), (len(keys), *shape))
    return made


def _array(part: SnapshotPart, dtype: np.dtype, shape: tuple[int, ...]) -> NDArray:  # type: ignore[type-arg]
    if (part.dtype, part.shape) != (dtype.str, shape):
        raise SnapshotUnusable(f"{part.name} is {part.dtype} {part.shape} and not {dtype.str} {shape}")
    if len(part.data) != dtype.itemsize * math.prod(shape):
        raise SnapshotUnusable(f"{part.name} has {len(part.data)} bytes")
    return np.frombuffer(part.data, dtype).reshape(shape).copy()
