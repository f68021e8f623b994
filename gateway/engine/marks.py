"""Step: marks, earlier states of a group from which its past can be decided anew.

A mark of time M holds the group's part of the state before its first report at or after M, M on a fixed grid of device
time: hourly for the last hours, then each twelve hours, then daily. One mark more, the base, reaches back behind all of
the past that may still be decided. Before a silence of a day another is kept, so that a past of after it never needs
what came before: that may be forgotten.

A configuration is a point of the grid like any other for those of whom it takes nothing away: what they hold is the
same before it and after, and only the rules of what follows differ (``redecide``). Of whom it takes something away it
is passed like a report (``remember_ends``), so that no mark of a time before it holds what was left after it.
"""

from __future__ import annotations

import math
import zlib
from typing import TYPE_CHECKING, Final

import numpy as np

from formulas.formula import Loop
from gateway.engine.groups import PLACED, Lifted, lift
from gateway.engine.late import LATEST
from gateway.engine.state import BANKS, DEVICE, fresh

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from gateway.engine.context import Context

HOUR: Final = 3600.0
DAY: Final = 24 * HOUR
GRID: Final = ((3 * HOUR, HOUR), (48 * HOUR, 12 * HOUR), (LATEST, DAY))
"""Age up to which marks are kept, and how far apart: seconds of device time."""


_DTYPES: Final = {bank: fresh(BANKS[bank], 0).dtype for bank in PLACED}
_LEVEL: Final = 1
"""Of zlib: a mark has 0.5 KB instead of 2.1, in 25 us of a processor; higher ones take longer for little."""
_NO_NIGHTS: Final[Mapping[str, int]] = {}


class Mark:
    """A group's part of the state before its first report of order ``time`` or later; -inf: before any.

    It is packed when it is made, or, out of a snapshot, when the group's next one is: a wearer has some thirteen.

    Attributes:
        keys: of the rows that it has, by bank as in ``PLACED``; marks of a group share them.
        found: as of :class:`Lifted`, and ``nights``.
    """

    __slots__ = ("_records", "found", "keys", "nights", "time")

    def __init__(self, time: float, lifted: Lifted) -> None:
        self.time, self.found, self.nights = time, lifted.found, lifted.nights or _NO_NIGHTS
        self.keys = tuple(lifted.rows[bank][0] if bank in lifted.rows else () for bank in PLACED)
        self._records: bytes | list[NDArray[np.void]] = [each for _, each in lifted.rows.values()]

    def pack(self, like: Mark | None = None) -> None:
        """Take less memory; ``like``: another mark of the group."""
        if isinstance(self._records, bytes):
            return
        self._records = zlib.compress(b"".join(each.tobytes() for each in self._records), _LEVEL)
        if like is not None and like.keys == self.keys:
            self.keys = like.keys

    @property
    def rows(self) -> dict[str, tuple[tuple[str, ...], NDArray[np.void]]]:
        """Keys and records by bank, the latter of one's own where they were packed."""
        records = self._records  # read once: a snapshot is made in a thread of its own
        held = self._unpacked(records) if isinstance(records, bytes) else records
        return {bank: (keys, each) for bank, keys, each in zip(PLACED, self.keys, held, strict=False)}

    @property
    def lifted(self) -> Lifted:
        """The part itself."""
        return Lifted(self.rows, self.found, dict(self.nights))

    def _unpacked(self, records: bytes) -> list[NDArray[np.void]]:
        data, first, found = bytearray(zlib.decompress(records)), 0, []
        for bank, keys in zip(PLACED, self.keys, strict=True):
            found.append(np.frombuffer(data, _DTYPES[bank], len(keys), first) if keys else fresh(BANKS[bank], 0))
            first += found[-1].nbytes
        return found


def remember(context: Context, rows: NDArray[np.int64]) -> None:
    """Before the reports of one round (at most one a group) are taken: make the marks that they pass."""
    _remember(context, context.policy.group[context.reports.device[rows]], context.reports.order[rows])


def remember_ends(context: Context, groups: NDArray[np.int64], time: float) -> None:
    """Before a timer, or a configuration, ends something of groups at a device time: later marks know of that end.

    Without it a mark of before the end, made by the next report, would hold what had ended since.
    """
    _remember(context, groups, np.full(len(groups), time))


def _remember(context: Context, group: NDArray[np.int64], order: NDArray[np.float64]) -> None:
    state, policy = context.state, context.policy
    passed = order >= state.device["mark"][group]
    if not passed.any():
        return
    group, order = group[passed], order[passed]
    since = state.device["mark"][group]
    label = _coarsest(since, order)
    state.device["mark"][group] = np.floor(order / HOUR) * HOUR + HOUR
    for at, begin, time, lifted in zip(group, since, label, lift(state, policy, group), strict=True):
        key = policy.devices[int(at)]
        is_silence = np.isfinite(begin) and time - begin >= DAY
        times = sorted({max(float(each), state.fence) for each in (begin if is_silence else time, time)})
        held = state.marks.get(key, [])
        new = [Mark(each, lifted) for each in times]
        for mark in (*held, *new):
            mark.pack(held[-1] if held else None)
        state.marks[key] = thinned([*held, *new])


def _coarsest(since: NDArray[np.float64], until: NDArray[np.float64]) -> NDArray[np.float64]:
    """Of the points of the grid between two orders, the one that is kept longest; no report lies between.

    -inf where nothing has come before.
    """
    label = until
    for _, apart in GRID:
        coarse = np.floor(until / apart) * apart
        label = np.where(coarse >= since, coarse, label)
    return np.where(np.isinf(since), since, label)


def thinned(marks: Sequence[Mark]) -> list[Mark]:
    """Marks, oldest first, without those that are no longer needed beside the newest."""
    now, later = marks[-1].time, [*(mark.time for mark in marks[1:]), -math.inf]
    kept = [
        mark
        for mark, following in zip(marks, later, strict=True)
        if _is_kept(mark.time, now - mark.time) or following - mark.time >= DAY
    ]
    behind = [mark for mark in marks if now - mark.time >= LATEST]
    base = behind[-1] if behind else marks[0]
    return [base, *(mark for mark in kept if mark.time > base.time)]


def _is_kept(time: float, age: float) -> bool:
    return next((math.fmod(time, apart) == 0.0 for most, apart in GRID if age < most), False)


def apart_at(age: NDArray[np.float64]) -> NDArray[np.float64]:
    """How far apart marks of an age are kept: seconds, float64 (n,) both; the widest beyond all that is kept."""
    apart = np.full(len(age), GRID[-1][1])
    for most, step in reversed(GRID):
        apart = np.where(age < most, step, apart)
    return apart


def passed(context: Context, rows: NDArray[np.int64]) -> None:
    """Reports of a stretch were taken, marks or none: the next is due behind the newest of each group."""
    reports, policy = context.reports, context.policy
    _pass(rows, reports.device, reports.order, policy.group, context.state.device.records)


def prepare() -> None:
    """Compile what is noted of a stretch."""
    whole = np.empty(0, np.int64)
    _pass(whole, whole, np.empty(0), whole, fresh(DEVICE, 0))


@Loop
def _pass(
    rows: NDArray[np.int64], device: NDArray[np.int64], order: NDArray[np.float64], group: NDArray[np.int64],
    devices: NDArray[np.void],
) -> None:  # fmt: skip
    for row in rows:
        of = devices[group[device[row]]]
        of.mark = max(of.mark, np.floor(order[row] / HOUR) * HOUR + HOUR)


def before(marks: Sequence[Mark], order: float) -> Mark | None:
    """The latest mark that precedes a report of this order; None: none reaches back so far."""
    return next((mark for mark in reversed(marks) if mark.time <= order), None)


def next_mark(time: float) -> float:
    """From which order on the next mark is due, behind one of ``time``."""
    return time if math.isinf(time) else math.floor(time / HOUR) * HOUR + HOUR
