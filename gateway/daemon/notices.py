"""How many notices people got within a day: whoever gets too many reads none, and one taken back was one too many."""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from gateway.engine import Episode

RAISED: Final = "raised"
NOTICES: Final = (RAISED, "retracted")
CLOSED: Final = "closed"
DAY: Final = 86_400.0
MOST: Final = 100_000
"""Of which the times are remembered; more in a day are too many to read, whatever their number."""


class Notice(NamedTuple):
    """When, what, and of which kind and rule (empty: of none)."""

    at: float
    change: str
    kind: str
    rule: str


@dataclass(slots=True)
class Notices:
    """Those since the start: what became of alarms, counted; of the last day also when."""

    _said: deque[Notice] = field(default_factory=lambda: deque(maxlen=MOST))
    _changes: Counter[tuple[str, str]] = field(default_factory=Counter)
    _outcomes: Counter[tuple[str, str]] = field(default_factory=Counter)

    def note(self, change: str, at: float, episode: Episode) -> None:
        """An alarm changed at a time (UTC epoch seconds); to be raised and to be taken back are notices."""
        self._changes[episode.kind, change] += 1
        if change == CLOSED:
            self._outcomes[episode.kind, episode.outcome] += 1
        if change in NOTICES:
            self._said.append(Notice(at, change, episode.kind, episode.rule))

    def totals(self) -> dict[str, Any]:
        """Changes of alarms since the start, by kind and change; and closes, by kind and what persons found."""
        return {"alarm_changes": _by_kind(self._changes), "alarm_outcomes": _by_kind(self._outcomes)}

    def figures(self, now: float) -> dict[str, int]:
        """How many of each within a day before ``now``."""
        changes = [one.change for one in self._lately(now)]
        return {change: changes.count(change) for change in NOTICES}

    def budget(self, now: float, operators: int, each: int) -> dict[str, Any]:
        """Alarms raised within a day before ``now``, by kind and by rule, the most first, beside what is ``allowed``.

        ``operators``: how many are at the desk at a time; ``each``: alarms a day that one of them can look into.
        """
        raised = [one for one in self._lately(now) if one.change == RAISED]
        rules = Counter(one.rule for one in raised if one.rule)
        return {
            "allowed": operators * each, "raised": len(raised),
            "by_kind": dict(Counter(one.kind for one in raised).most_common()), "by_rule": dict(rules.most_common()),
        }  # fmt: skip

    def _lately(self, now: float) -> deque[Notice]:
        self._said = deque((one for one in self._said if one.at > now - DAY), maxlen=MOST)
        return self._said


def _by_kind(counts: Counter[tuple[str, str]]) -> dict[str, dict[str, int]]:
    """Counts as they nest: kind, then what it came to."""
    nested: dict[str, dict[str, int]] = {}
    for (kind, name), count in sorted(counts.items()):
        nested.setdefault(kind, {})[name] = count
    return nested
