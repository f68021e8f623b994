"""Which rows may be posted now, and what becomes of those that were not taken: pure, time as an argument.

Rows of one alarm go one after the other, and others do not wait for them:

* a row that is *refused* rests, longer each time, and is set aside at the last of its tries;
* one that *fails* (no answer, a fault of the server) or meets nobody rests as well. That counts, and its rest grows,
  only where the platform has taken something since it failed last: whoever takes nothing has no quarrel with this row;
* where nobody is there, or several fail and nothing is taken in between, all of it waits, longer each time up to the
  cap, until then or until something is taken; then one row goes ahead.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from gateway.backoff import Backoff
from gateway.store.outbox import POISON, Marks
from gateway.upstream.fates import Fate

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gateway.store.outbox import Owed

AT_ONCE: Final = 8
"""Posts under way: one that hangs leaves seven."""
STREAK: Final = 3
"""Failures one after the other, nothing taken in between, after which all waits."""
LENIENCY: Final = 4
"""So many failures that count weigh as much as a refusal."""
REST: Final = 2.0
LONGEST_REST: Final = 60.0
LONGEST_WAIT: Final = 30.0
NEVER: Final = math.inf


@dataclass(slots=True)
class _Failing:
    """A row that was not taken: what of it counts, and how much the platform had taken by then."""

    times: int
    counted: int = 0
    taken: int = -1


@dataclass(slots=True)
class Attempts:
    """One platform's. ``tries``: refusals of a row before it is set aside."""

    tries: int
    taken: int = 0
    """Messages, rows or others, that the platform has taken."""
    _flying: dict[int, Owed] = field(default_factory=dict)
    _failing: dict[int, _Failing] = field(default_factory=dict)
    _resting: dict[str, float] = field(default_factory=dict)
    """Until when an alarm is let alone."""
    _until: float = -NEVER
    """Until when everything is."""
    _streak: int = 0
    _backoff: Backoff = field(default_factory=lambda: Backoff(longest=LONGEST_WAIT))

    @property
    def is_there(self) -> bool:
        """Whether the platform takes what it gets."""
        return self.taken > 0 and self._streak < STREAK

    @property
    def is_idle(self) -> bool:
        """Whether no row is under way."""
        return not self._flying

    def blocked(self, now: float) -> frozenset[str]:
        """Alarms of which a row is under way or rests."""
        self._resting = {alarm: until for alarm, until in self._resting.items() if until > now}
        return frozenset(self._resting).union(row.alarm for row in self._flying.values())

    def free(self, now: float) -> int:
        """How many rows may go out now."""
        if now < self._until:
            return 0
        return max(0, (AT_ONCE if self._streak < STREAK else 1) - len(self._flying))

    def due(self, now: float) -> float:
        """When something may go that may not now; infinity: nothing of itself."""
        return min((one for one in (self._until, *self._resting.values()) if one > now), default=NEVER)

    def send(self, rows: Iterable[Owed]) -> None:
        """Rows go out."""
        self._flying |= {row.seq: row for row in rows}

    def was_taken(self) -> None:
        """The platform has taken something."""
        self.taken += 1
        self._streak, self._until = 0, -NEVER
        self._backoff.reset()

    def land(self, row: Owed, fate: Fate, now: float, wait: float = 0.0) -> Marks:
        """What to write down of a row that went out. ``wait``: seconds that the platform asks for."""
        self._flying.pop(row.seq, None)
        if fate is Fate.TAKEN:
            self._failing.pop(row.seq, None)
            self.was_taken()
            return Marks(delivered=[row.seq])
        if fate is not Fate.REFUSED:
            self._pause(fate, now, wait)
        failing = self._failing.setdefault(row.seq, _Failing(row.tries))
        is_its_own = fate is Fate.REFUSED or self.taken > failing.taken >= 0
        self._resting[row.alarm] = now + min(REST * 2.0**failing.times, LONGEST_REST)
        failing.times, failing.taken = failing.times + is_its_own, self.taken
        return self._judged(row, failing, fate) if is_its_own else Marks(released=[row.seq])

    def _judged(self, row: Owed, failing: _Failing, fate: Fate) -> Marks:
        """Of a row that alone was not taken."""
        failing.counted += LENIENCY if fate is Fate.REFUSED else fate is not Fate.LATER
        if failing.counted < LENIENCY:
            return Marks(released=[row.seq])
        failing.counted = 0
        if row.tries + 1 < self.tries:
            return Marks(tried=[row.seq])
        del self._failing[row.seq], self._resting[row.alarm]
        return Marks(set_aside={row.seq: POISON})

    def _pause(self, fate: Fate, now: float, wait: float) -> None:
        """All waits, where it is not this row alone; what was under way with it does not lengthen that."""
        self._streak = self._streak + 1 if fate is Fate.FAILED else max(self._streak + 1, STREAK)
        if now >= self._until and self._streak >= STREAK:
            self._until = now + max(self._backoff.next_wait(), min(wait, LONGEST_REST))
