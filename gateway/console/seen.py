"""What of the queue each member of staff has seen: what is newer is new to him."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(slots=True)
class Seen:
    """Revisions of alarms by staff number: an alarm is seen once its page was opened, or it was marked in the queue."""

    _marks: dict[str, dict[str, int]] = field(default_factory=dict)

    async def of(self, number: str) -> Mapping[str, int]:
        """What somebody has seen: revisions by alarm."""
        return self._marks.get(number, {})

    async def mark(self, number: str, revisions: Mapping[str, int]) -> None:
        """Somebody has seen alarms as they were at these revisions; what he saw later stays seen."""
        mine = self._marks.setdefault(number, {})
        for alarm, revision in revisions.items():
            mine[alarm] = max(revision, mine.get(alarm, -1))
