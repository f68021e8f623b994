"""Whether the counties' own answers are touched: how long their bracelets waited for them, over all that happened."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(slots=True)
class Answers:
    """Of all gateways, through all their lives.

    Attributes:
        up_to: how many bracelets waited so long at most, by seconds of their county's time as ``status`` writes them.
    """

    up_to: Counter[str] = field(default_factory=Counter)
    _before: dict[str, Mapping[str, int]] = field(default_factory=dict)

    def look(self, county: str, up_to: Mapping[str, int]) -> None:
        """Take what a gateway counts since its start; what it counted in the moment in which it was killed is lost."""
        before = self._before.get(county, {})
        is_new_life = any(up_to[bound] < count for bound, count in before.items())
        for bound, count in up_to.items():
            self.up_to[bound] += count - (0 if is_new_life else before.get(bound, 0))
        self._before[county] = up_to

    @property
    def total(self) -> int:
        """Answers in all."""
        return self.up_to["+Inf"]

    def within(self, share: float) -> float:
        """The least bound within which such a share of them came; ``inf``: within none, or there are none."""
        enough = (float(bound) for bound, count in self.up_to.items() if count >= share * self.total > 0)
        return min(enough, default=float("inf"))
