"""How many notices people got within a day: whoever gets too many reads none, and one taken back was one too many."""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from gateway.engine import Episode

RAISED: Final = "raised"
NOTICES: Final = (RAISED, "retracted")
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
    """Those since the start, at most of the last day."""

    _said: deque[Notice] = field(default_factory=lambda: deque(maxlen=MOST))

    def note(self, change: str, at: float, episode: Episode) -> None:
        """An alarm was raised or taken back at a time (UTC epoch seconds); other changes are no notice of their own."""
        if change in NOTICES:
            self._said.append(Notice(at, change, episode.kind, episode.rule))

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
