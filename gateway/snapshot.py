"""Snapshots of the engine's state: arrays with a schema, and JSON for what is not an array. Never pickle."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from gateway.engine.episode import Episode
from gateway.engine.fragments import FragmentState, OpenSet
from gateway.engine.orders import CommandRecord
from gateway.engine.state import BANKS, Bank, EngineState, Night

if TYPE_CHECKING:
    from numpy.typing import NDArray

FORMAT = 1


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
    orders: dict[str, CommandRecord] = {}
    unanswered: dict[str, str] = {}
    fragments: dict[str, OpenSet] = {}
    joined: dict[str, list[int]] = {}


def take(state: EngineState) -> Snapshot:
    """Copy the state."""
    parts = [
        SnapshotPart(f"{bank_name}/{name}", column.dtype.str, column.shape, column.tobytes())
        for bank_name, bank in state.banks.items()
        for name, column in bank.columns.items()
    ]
    rest = _Rest(
        FORMAT, _finite(state.now), state.listening, _finite(state.listening_since), state.digest,
        {name: list(bank.keys) for name, bank in state.banks.items()}, list(state.episodes.values()),
        [(*slot, identity) for slot, identity in state.open.items()], state.nights, state.acts, state.counts,
        state.orders, state.unanswered, state.fragments.open, state.fragments.joined,
    )  # fmt: skip
    parts.append(SnapshotPart("rest", "json", (), msgspec.json.encode(rest)))
    return Snapshot(state.offset, tuple(parts))


def restore(snapshot: Snapshot) -> EngineState | None:
    """The state of a snapshot; None when its schema is not this version's (the journal then rebuilds everything)."""
    by_name = {part.name: part for part in snapshot.parts}
    if "rest" not in by_name:
        return None
    rest = msgspec.json.decode(by_name["rest"].data, type=_Rest)
    if rest.format != FORMAT:
        return None
    banks = {}
    for bank_name, spec in BANKS.items():
        if any(f"{bank_name}/{column}" not in by_name for column in spec):
            return None
        columns = {column: _array(by_name[f"{bank_name}/{column}"]) for column in spec}
        banks[bank_name] = Bank(spec, tuple(rest.keys[bank_name]), columns)
    return EngineState(
        offset=snapshot.offset, now=-np.inf if rest.now is None else rest.now, listening=rest.listening,
        listening_since=-np.inf if rest.listening_since is None else rest.listening_since, digest=rest.digest,
        banks=banks, episodes={episode.id: episode for episode in rest.episodes},
        open={(a, b, c, d): identity for a, b, c, d, identity in rest.open}, nights=rest.nights, acts=rest.acts,
        counts=rest.counts, orders=rest.orders, unanswered=rest.unanswered,
        fragments=FragmentState.of(rest.fragments, rest.joined),
    )  # fmt: skip


def _array(part: SnapshotPart) -> NDArray:  # type: ignore[type-arg]
    return np.frombuffer(part.data, part.dtype).reshape(part.shape).copy()


def _finite(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
