"""How many fall silent together as a rule, by group of bracelets and hour of the day; and how many are too many.

Learnt as it goes. In each window of an hour's slot the number that fell silent is taken as one draw of a Poisson
distribution whose rate has a gamma distribution, so that what the next window may bring is negative binomial (Gelman et
al., Bayesian Data Analysis, section 2.6). Until an hour has been seen, the rate is taken as large.
"""

from __future__ import annotations

import math
from typing import Final

import msgspec

WINDOW: Final = 600.0
"""Seconds within which bracelets of one cause fall silent: their usual interval."""
HOURS: Final = 24
MEMORY: Final = 180.0
"""Windows of an hour after which one counts a third of a new one: 30 days, of six each."""
LONGEST: Final = 1008
"""Windows without anybody that are learnt at once: a week; who is away for longer is not known better by that."""
LEAST: Final = 5
"""Fewer are no mass."""
TIMES: Final = 2.0
"""So many times the most of the last weeks: what comes in bursts is no Poisson process."""
UNLIKELY: Final = 1e-9
"""Probability of so many by chance. A county of 10,000 asks some million times a day: by chance once in three years."""
AT_FIRST: Final = (2.0, 0.02)
"""Of an hour that has not been seen, silences a window: so many, and this share of the county."""


class Hour(msgspec.Struct, array_like=True):
    """Windows of one hour of the day: how many, who fell silent in them, the most in one; older ones count less."""

    windows: float = 0.0
    silent: float = 0.0
    most: float = 0.0

    def learn(self, count: int) -> None:
        """One window more."""
        keep = 1.0 - 1.0 / MEMORY
        self.windows = self.windows * keep + 1.0
        self.silent = self.silent * keep + count
        self.most = max(self.most * keep, float(count))


class Usual(msgspec.Struct):
    """What is usual of one group. ``slot``: number of the window that runs; ``count``: who fell silent in it."""

    slot: int
    count: int = 0
    hours: list[Hour] = msgspec.field(default_factory=lambda: [Hour() for _ in range(HOURS)])

    def reach(self, time: float) -> None:
        """Windows that are over by a time (UTC epoch seconds) are learnt; a clock that went back learns nothing."""
        now = int(time // WINDOW)
        for slot in range(max(self.slot, now - LONGEST), now):
            self.hours[_hour(slot)].learn(self.count if slot == self.slot else 0)
        if now != self.slot:
            self.slot, self.count = now, 0

    def of_a_part(self, time: float) -> Usual:
        """The same of a part of these bracelets of which nobody has ever fallen silent."""
        self.reach(time)
        return Usual(self.slot, 0, [Hour(hour.windows) for hour in self.hours])

    def skip(self, time: float) -> None:
        """Nobody can tell what the window that runs would have brought: begin anew at a time."""
        self.slot, self.count = int(time // WINDOW), 0

    def most(self, time: float) -> int:
        """The most that have fallen silent in a window of that hour lately."""
        return round(self.hours[_hour(int(time // WINDOW))].most)

    def is_unusual(self, count: int, time: float, devices: int) -> bool:
        """Whether so many in a window are too many for chance, in a county of so many devices."""
        hour = self.hours[_hour(int(time // WINDOW))]
        if count < LEAST or count <= TIMES * hour.most:
            return False
        some, share = AT_FIRST
        return tail(count, 1.0 + hour.silent, 1.0 / (some + share * devices) + hour.windows) < UNLIKELY


def tail(count: int, shape: float, rate: float) -> float:
    """P(X >= count), of X negative binomial: a Poisson draw whose rate is Gamma(``shape``, ``rate``)."""
    step = -math.log1p(rate)
    log = shape * (math.log(rate) + step)
    below = 0.0
    for each in range(count):
        below += math.exp(log)
        log += math.log((shape + each) / (each + 1.0)) + step
    return max(0.0, 1.0 - below)


def _hour(slot: int) -> int:
    return int(slot * WINDOW // 3600.0) % HOURS
