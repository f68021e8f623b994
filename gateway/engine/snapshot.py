"""Snapshots of the engine's state: arrays with a schema, and JSON for what is not an array. Never pickle."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from gateway.engine.episode import Episode
from gateway.engine.families import FAMILIES
from gateway.engine.groups import PLACED, Lifted
from gateway.engine.late import Waiting
from gateway.engine.marks import Mark
from gateway.engine.records import CommandRecord, FragmentState, OpenSet, Pace
from gateway.engine.state import BANKS, Bank, EngineState, Night, Spec, fresh
from gateway.errors import OurFault

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

FORMER = {"levels": "device"}
"""Banks by the name of the one whose columns they were in an older version."""
MARKS = "marks/"
"""Of the arrays that hold the marks' records, before the names of bank and column."""
FORMAT = 1
"""Raised when a part changes its meaning; what is only added needs no new number."""


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
    """The state after all entries before ``offset``."""

    offset: int
    parts: tuple[SnapshotPart, ...]


class _Version(msgspec.Struct):
    """Read before the rest: a newer one may hold anything."""

    format: int


class _Rest(msgspec.Struct):
    """What is not an array."""

    format: int
    now: float | None
    listening: bool
    listening_since: float | None
    digest: str
    keys: dict[str, list[str]]
    episodes: list[Episode]
    open: list[tuple[str, str, str, str, str]]
    nights: dict[str, list[Night]]
    acts: dict[str, str]
    counts: dict[str, int]
    commands: dict[str, CommandRecord] = msgspec.field(default_factory=dict, name="orders")
    unanswered: dict[str, str] = {}
    fragments: dict[str, OpenSet] = {}
    joined: dict[str, list[int]] = {}
    first_start: float | None = None
    engine: int = 0
    fence: float | None = None
    found: list[str] | None = None
    apart: list[Episode] = []
    settled: list[Episode] = []
    closes: dict[str, list[float]] = {}
    waiting: dict[str, Waiting] = {}
    epochs: list[tuple[float, str]] = []
    leave: dict[str, list[tuple[float, float]]] = {}
    looked: float | None = None
    marks: list[_Mark] = []
    key_lists: list[list[str]] = []
    towers: list[tuple[float, str]] = []
    paces: dict[str, Pace] = {}


class _Mark(msgspec.Struct):
    """A mark of a group, by its first device; its records lie in arrays of all marks, one after another.

    ``keys``: by bank, which of ``key_lists`` its rows have. ``time``: None: before all.
    """

    group: str
    time: float | None
    keys: list[int]
    found: list[Episode]
    nights: dict[str, int]


def snapshot_of(state: EngineState) -> Snapshot:
    """Copy the state."""
    parts = [
        SnapshotPart(f"{bank_name}/{name}", column.dtype.str, column.shape, column.tobytes())
        for bank_name, bank in state.banks.items()
        for name, column in ((name, bank[name]) for name in bank.spec)
    ]
    lists: dict[tuple[str, ...], int] = {}
    marks = [(group, mark) for group, held in state.marks.items() for mark in held]
    for bank_name in PLACED:
        records = np.concatenate([fresh(BANKS[bank_name], 0), *(mark.lifted.rows[bank_name][1] for _, mark in marks)])
        for name in BANKS[bank_name]:
            column = records[name]
            parts.append(SnapshotPart(f"{MARKS}{bank_name}/{name}", column.dtype.str, column.shape, column.tobytes()))
    standing = [episode for held in state.found.values() for episode in held.values()]
    known = state.episodes | state.settled
    rest = _Rest(
        FORMAT, _finite(state.now), state.listening, _finite(state.listening_since), state.digest,
        {name: list(bank.keys) for name, bank in state.banks.items()}, list(state.episodes.values()),
        [(*slot, identity) for slot, identity in state.open.items()], state.nights, state.acts, state.counts,
        state.commands, state.unanswered, state.fragments.open, state.fragments.joined,
        _finite(state.first_start), state.engine, _finite(state.fence), [episode.id for episode in standing],
        [episode for episode in standing if known.get(episode.id) is not episode], list(state.settled.values()),
        state.closes, state.waiting, state.epochs, state.leave, _finite(state.looked),
        [_mark_of(group, mark, lists) for group, mark in marks], [list(keys) for keys in lists],
        state.towers, state.paces,
    )  # fmt: skip
    parts.append(SnapshotPart("rest", "json", (), msgspec.json.encode(rest)))
    return Snapshot(state.offset, tuple(parts))


def _mark_of(group: str, mark: Mark, lists: dict[tuple[str, ...], int]) -> _Mark:
    keys = [lists.setdefault(mark.lifted.rows[bank][0], len(lists)) for bank in PLACED]
    return _Mark(group, _finite(mark.time), keys, list(mark.lifted.found), mark.lifted.nights)


def restore(snapshot: Snapshot) -> EngineState:
    """The state of a snapshot. What an older version did not know yet gets its initial value.

    Raises:
        SnapshotUnusable: made by a newer version, or damaged; the text says which part.
    """
    by_name = {part.name: part for part in snapshot.parts}
    rest = _rest(by_name)
    keys = {name: rest.keys.get(name, rest.keys.get(FORMER.get(name, name), [])) for name in BANKS}
    banks = {name: _bank(name, spec, tuple(keys[name]), by_name) for name, spec in BANKS.items()}
    state = EngineState(
        offset=snapshot.offset, now=_or_never(rest.now, -math.inf), listening=rest.listening,
        listening_since=_or_never(rest.listening_since, -math.inf), digest=rest.digest,
        banks=banks, episodes={episode.id: episode for episode in rest.episodes},
        open={(a, b, c, d): identity for a, b, c, d, identity in rest.open}, nights=rest.nights, acts=rest.acts,
        counts=rest.counts, commands=rest.commands, unanswered=rest.unanswered,
        fragments=FragmentState.of(rest.fragments, rest.joined),
        # An older version counted silence from its last start.
        first_start=_or_never(rest.first_start, _or_never(rest.listening_since, math.inf)),
        engine=rest.engine, fence=_or_never(rest.fence, -math.inf),
        settled={episode.id: episode for episode in rest.settled}, closes=rest.closes, waiting=rest.waiting,
        epochs=rest.epochs, leave=rest.leave, looked=_or_never(rest.looked, -math.inf), marks=_marks(rest, by_name),
        towers=rest.towers, paces=rest.paces,
    )  # fmt: skip
    _stand(state, rest)
    return state


def _stand(state: EngineState, rest: _Rest) -> None:
    """What stands; an older version knew of it what it had said and nobody had closed."""
    known = state.episodes | state.settled | {episode.id: episode for episode in rest.apart}
    said = [one.id for one in state.episodes.values() if one.kind in FAMILIES and one.is_ongoing]
    for identity in said if rest.found is None else rest.found:
        state.stand(known[identity])


def _marks(rest: _Rest, by_name: Mapping[str, SnapshotPart]) -> dict[str, list[Mark]]:
    marks: dict[str, list[Mark]] = {}
    # An older version knew fewer banks, the first ones.
    keys = [[tuple(rest.key_lists[index]) for index in mark.keys] for mark in rest.marks]
    keys = [[*held, *[()] * (len(PLACED) - len(held))] for held in keys]
    counts = [[len(each) for each in held] for held in keys]
    edges = np.cumsum(np.array([[0] * len(PLACED), *counts], np.int64), axis=0)
    records = [
        _bank(name, BANKS[name], ("",) * int(edges[-1, place]), by_name, MARKS).records
        for place, name in enumerate(PLACED)
    ]
    for index, mark in enumerate(rest.marks):
        rows = {
            name: (keys[index][place], records[place][slice(*edges[index : index + 2, place])])
            for place, name in enumerate(PLACED)
        }
        lifted = Lifted(rows, tuple(mark.found), mark.nights)
        marks.setdefault(mark.group, []).append(Mark(_or_never(mark.time, -math.inf), lifted))
    return marks


def _rest(by_name: Mapping[str, SnapshotPart]) -> _Rest:
    if "rest" not in by_name:
        raise SnapshotUnusable("its text part is missing")
    try:
        version = msgspec.json.decode(by_name["rest"].data, type=_Version).format
        if version > FORMAT:
            raise SnapshotUnusable(f"format {version} is of a newer version, this one knows {FORMAT}")
        return msgspec.json.decode(by_name["rest"].data, type=_Rest)
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


def _or_never(value: float | None, never: float) -> float:
    return never if value is None else value


def _finite(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
