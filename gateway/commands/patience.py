"""How long to wait for a device's answer, and how often to say an order again."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from operator import mul


@dataclass(frozen=True, slots=True)
class Patience:
    """Waits of JT/T 808 (2013, section 5.2; 2019, section 4.5): T(n+1) = T(n) * (n+1), so T, 2T, 6T, 24T.

    Attributes:
        answer: T(1), seconds from the first sending to the first repeat.
        repeats: how often an unanswered order is said again; after the last one its own wait still runs.
        completion: seconds from "taken" to the answer that ends it (a position may need a cold start of the receiver).
        settle: seconds a session has for its login before it hears orders; none once it has authenticated.
        sessions: sessions one order is sent on; a device that breaks off at each is not asked for ever.
    """

    answer: float = 10.0
    repeats: int = 3
    completion: float = 120.0
    settle: float = 1.0
    sessions: int = 5

    @property
    def waits(self) -> tuple[float, ...]:
        """The wait after each sending: the first, then one a repeat."""
        return tuple(accumulate(range(2, self.repeats + 2), mul, initial=self.answer))

    def stretched(self, factor: float) -> Patience:
        """The same real time on a clock that runs ``factor`` times as fast."""
        return Patience(
            self.answer * factor, self.repeats, self.completion * factor, self.settle * factor, self.sessions
        )
