"""The last nights of a person: how long at home, not at home, and undetermined, of the time he had to be there."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gateway.console.stretch import Stretch as Night
    from gateway.store.presence import Stretch

STATES: Final = ("not_home", "unknown", "home")
"""From the worst on."""
TALL: Final = 100.0


@dataclass(frozen=True, slots=True)
class NightOf:
    """One night, and its seconds by state; ``top``: where each begins in a column of TALL, from above."""

    night: Night
    home: float
    not_home: float
    unknown: float

    @property
    def judged(self) -> float:
        """Seconds of duty."""
        return self.home + self.not_home + self.unknown

    @property
    def word(self) -> str:
        """What the night is: away at all, else undetermined at all, else at home; or no duty."""
        return next((state for state in STATES if getattr(self, state) >= 1.0), "none")

    def bars(self) -> list[tuple[str, float, float]]:
        """State, top and height of each part, from above: not at home, undetermined, at home."""
        bars, top = [], 0.0
        for state in STATES:
            tall = TALL * getattr(self, state) / self.judged if self.judged else 0.0
            if tall:
                bars.append((state, round(top, 1), round(tall, 1)))
            top += tall
        return bars


def strip(nights: Sequence[Night], presence: Sequence[Stretch]) -> list[NightOf]:
    """What is known of each night's curfews."""
    duties = [one for one in presence if one.duty == "curfew"]
    return [_of(night, duties) for night in nights]


def _of(night: Night, duties: Sequence[Stretch]) -> NightOf:
    """Of several duties at one time the worst counts, and once."""
    held = [one for one in duties if one.until > night.since and one.since < night.until]
    ends = sorted({min(max(at, night.since), night.until) for one in held for at in (one.since, one.until)})
    lasted = dict.fromkeys(STATES, 0.0)
    for since, until in pairwise(ends):
        states = {one.state for one in held if one.since <= since and one.until >= until}
        worst = next((state for state in STATES if state in states), None)
        if worst:
            lasted[worst] += until - since
    return NightOf(night, **lasted)
