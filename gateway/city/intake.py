"""What counties tell, taken in: read, kept, and only then acknowledged by whoever brought it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import TYPE_CHECKING

import structlog

from gateway.city.told import taken
from gateway.errors import PeerFault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from gateway.city.store import CityStore
    from gateway.city.told import Alarm, Sign
    from gateway.clock import Clock

log = structlog.get_logger()


@dataclass(slots=True)
class Intake:
    """Takes messages of known counties.

    Attributes:
        store: where they are kept.
        clock: by which they are received.
        on_change: told when an alarm is otherwise than before.
        refused: messages that were refused, by county and reason; they count nowhere else.
    """

    store: CityStore
    clock: Clock
    on_change: Callable[[], None]
    refused: Counter[tuple[str, str]] = field(default_factory=Counter)

    async def take(self, county: str, bodies: Iterable[bytes], stored: Iterable[float] = ()) -> list[str]:
        """Take in messages that a county is known to have sent; what was wrong with each, empty: it is kept.

        ``stored``: of each, when a server of ours stored it; none: they came straight.

        Raises:
            TransientFault: nothing of them could be kept; they are to be brought again.
            OurFault: the store is damaged.
        """
        told: list[Alarm | Sign] = []
        reasons = [self._read(county, body, at, told) for body, at in zip_longest(bodies, stored)]
        if told and await self.store.keep(told):
            self.on_change()
        return reasons

    def refuse(self, county: str, reason: str, detail: str) -> None:
        """Count and log what came in a county's name and is not taken."""
        self.refused[county, reason] += 1
        if self.refused[county, reason] == 1:
            log.warning("message refused; others of this kind are counted", county=county, reason=reason, why=detail)

    def refused_of(self, county: str) -> dict[str, int]:
        """How many were refused of a county, by reason."""
        return {reason: count for (whose, reason), count in sorted(self.refused.items()) if whose == county}

    def _read(self, county: str, body: bytes, stored: float | None, told: list[Alarm | Sign]) -> str:
        try:
            one = taken(body, county, self.clock.now(), stored)
        except PeerFault as fault:
            self.refuse(county, fault.reason, fault.detail)
            return fault.reason
        if one is not None:
            told.append(one)
        return ""
