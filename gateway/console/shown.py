"""Whose places a session has been shown in the queue: a look stands in the audit log once, not at each new turn."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gateway.console.accounts.audit import Audit
    from gateway.console.visitor import Visitor

MOST: Final = 256
"""Sessions that are remembered: one that was forgotten is written down once more."""


@dataclass(slots=True)
class Shown:
    """Writes into ``audit`` what a session is about to be shown for the first time."""

    audit: Audit
    _sessions: dict[str, set[str]] = field(default_factory=dict)

    async def tell(self, visitor: Visitor, looks: Sequence[tuple[str, str]]) -> None:
        """Persons whose last place is about to be shown, each with the alarm that it is shown for.

        Raises:
            TransientFault: it cannot be written down: then nothing may be shown.
        """
        known = self._sessions.setdefault(visitor.session, set())
        fresh = [(person, alarm) for person, alarm in looks if alarm not in known]
        if fresh:
            await self.audit.looks_for(visitor, fresh, "place")
            known.update(alarm for _, alarm in fresh)
        while len(self._sessions) > MOST:
            del self._sessions[next(iter(self._sessions))]
