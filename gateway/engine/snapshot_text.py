"""The JSON of a snapshot: what is not an array, and what has changed of it since the snapshot before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec
import numpy as np

from gateway.engine.episode import Episode
from gateway.engine.late import Waiting
from gateway.engine.notice import Ladder, NoticeRecord
from gateway.engine.records import CommandRecord, Erased, OpenSet, Pace
from gateway.engine.state import Night
from gateway.engine.together import Faint, HeldBack, Outage
from gateway.engine.usual import Usual

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gateway.engine.marks import Mark
    from gateway.engine.state import EngineState

FORMAT: Final = 1
"""Raised when a part changes its meaning; what is only added needs no new number."""


class Version(msgspec.Struct):
    """Read before the rest: a newer one may hold anything."""

    format: int


class MarkRecord(msgspec.Struct):
    """A mark of a group, by its first device; its records lie in arrays of all marks, one after another.

    ``keys``: by bank, which of ``key_lists`` its rows have. ``time``: None: before all.
    """

    group: str
    time: float | None
    keys: list[int]
    found: list[Episode]
    nights: dict[str, int]


class Rest(msgspec.Struct):
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
    marks: list[MarkRecord] = []
    key_lists: list[list[str]] = []
    towers: list[tuple[float, str]] = []
    paces: dict[str, Pace] = {}
    faint: dict[str, Faint] = {}
    held: dict[str, HeldBack] = {}
    after: dict[str, float] = {}
    usual: dict[str, Usual] = {}
    outage: Outage | None = None
    ladders: dict[str, Ladder] = {}
    notices: dict[str, NoticeRecord] = {}
    reminded: dict[str, float] = {}
    bound: dict[str, float] = {}
    entered: dict[str, tuple[float, float]] = {}
    erasures: dict[str, Erased] = {}


class Keyed(msgspec.Struct):
    """What grows with the county, each by a key: of a change the values that are new or others now."""

    episodes: dict[str, Episode] = {}
    settled: dict[str, Episode] = {}
    apart: dict[str, Episode] = {}
    nights: dict[str, list[Night]] = {}
    acts: dict[str, str] = {}
    commands: dict[str, CommandRecord] = {}
    unanswered: dict[str, str] = {}
    fragments: dict[str, OpenSet] = {}
    joined: dict[str, list[int]] = {}
    closes: dict[str, list[float]] = {}
    waiting: dict[str, Waiting] = {}
    leave: dict[str, list[tuple[float, float]]] = {}
    paces: dict[str, Pace] = {}
    faint: dict[str, Faint] = {}
    held: dict[str, HeldBack] = {}
    after: dict[str, float] = {}
    usual: dict[str, Usual] = {}
    ladders: dict[str, Ladder] = {}
    notices: dict[str, NoticeRecord] = {}
    reminded: dict[str, float] = {}
    bound: dict[str, float] = {}
    entered: dict[str, tuple[float, float]] = {}


KEYED: Final = Keyed.__struct_fields__
LISTED: Final = ("episodes", "settled", "apart")
"""Of them those that a whole snapshot has as a list; each has its key in itself."""
HEAD: Final = tuple(name for name in Rest.__struct_fields__ if name not in {*KEYED, "keys", "marks", "key_lists"})
"""Of :class:`Rest` what is small: said with each change."""


class Change(msgspec.Struct):
    """What has changed since the snapshot before.

    Attributes:
        head: of all that is small (HEAD) what it is now; None: it is as it was.
        put, gone, order: by name of a field of :class:`Keyed` what is new, what is gone; and the keys in their order,
            where that is not the old one with what is new behind it; of the marks, too.
        groups: by first device of a group its marks now: the index of one that it had, or -1: the next of ``marks``.
        marks, key_lists: as of :class:`Rest`.
    """

    format: int
    head: Rest | None = None
    put: Keyed = msgspec.field(default_factory=Keyed)
    gone: dict[str, list[str]] = {}
    order: dict[str, list[str]] = {}
    groups: dict[str, list[int]] = {}
    marks: list[MarkRecord] = []
    key_lists: list[list[str]] = []


def keyed_of(state: EngineState) -> dict[str, Mapping[str, object]]:
    """What :class:`Keyed` names, of a state; to be looked at only."""
    held: dict[str, Mapping[str, object]] = {
        "apart": apart(state), "commands": state.commands, "fragments": state.fragments.open,
        "joined": state.fragments.joined,
    }  # fmt: skip
    return {name: held[name] if name in held else getattr(state, name) for name in KEYED}


def apart(state: EngineState) -> dict[str, Episode]:
    """What stands and is no episode that was said, or none that is known any more."""
    known = state.episodes | state.settled
    standing = (episode for held in state.found.values() for episode in held.values())
    return {episode.id: episode for episode in standing if known.get(episode.id) is not episode}


def head_of(state: EngineState) -> Rest:
    """All that is small, and nothing else."""
    return Rest(
        FORMAT, finite(state.now), state.listening, finite(state.listening_since), state.digest, {}, [],
        [(*slot, identity) for slot, identity in state.open.items()], {}, {}, state.counts,
        first_start=finite(state.first_start), engine=state.engine, fence=finite(state.fence),
        found=[episode.id for held in state.found.values() for episode in held.values()],
        epochs=state.epochs, looked=finite(state.looked), towers=state.towers, outage=state.outage,
        erasures=state.erasures,
    )  # fmt: skip


def mark_of(group: str, mark: Mark, lists: dict[tuple[str, ...], int]) -> MarkRecord:
    """A mark without its records; ``lists`` gets what keys its rows have."""
    keys = [lists.setdefault(each, len(lists)) for each in mark.keys]
    return MarkRecord(group, finite(mark.time), keys, list(mark.found), dict(mark.nights))


def finite(value: float) -> float | None:
    """A time, or None for never."""
    return float(value) if np.isfinite(value) else None


def or_never(value: float | None, never: float) -> float:
    """The time of :func:`finite`."""
    return never if value is None else value
