"""How far a device's clock is from ours, decided once, at intake, and journaled with its frames as part of their facts.

Law and engine read the same correction, so that a report is judged and placed by one time. What is told from what:

* Nothing comes from the future: a live report whose clock is ahead by half hours shows another zone, at once.
* Any other constant (weeks that rolled over, a zone behind, hours lost) is shown by five live reports that agree and
  whose clock has gone as far as ours meanwhile: what a device had stored and sends at once does not.
* A clock that is right again, or that shows what the device's last session has shown, is believed at once.
* A clock that stands still shows nothing.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gateway.clock_bounds import CLOCK_AHEAD

if TYPE_CHECKING:
    from collections.abc import Sequence

AGREE = 90.0
"""Seconds within which two readings of an offset are the same."""
HALF_HOUR = 1800.0
FARTHEST = 14 * 3600.0
"""Seconds: no zone is farther from another that matters."""
WEEK = 7 * 86400.0
ENOUGH = 5
"""Live reports that show an offset."""
STANDS = 300.0
"""Seconds of our time during which the device's clock has not moved, in three reports or more: it stands."""
LEAST_STANDING = 3
MOST_READINGS = 32
APART = 1.0
"""Seconds of our time between readings: of reports that come at once, as stored ones do, the last is one."""


@dataclass(slots=True)
class DeviceClock:
    """One device's clock in one session.

    Args:
        base: seconds by which the configuration says that it is ahead of what its wire prescribes.
        known: seconds that the device's last session has shown, ``base`` among them; None: nothing.
    """

    base: float = 0.0
    known: float | None = None
    is_frozen: bool = False
    _found: float = 0.0
    _readings: list[tuple[float, float]] = field(default_factory=list)
    """(shown, received) of the last live reports that agree with each other."""
    _least: float = math.inf
    _most: float = -math.inf
    """Bounds of what they show, which may be wider than they are: all that is beyond makes looking at each needless."""
    _read: float = -math.inf
    """When the last of them began to be one."""
    _last: float = math.nan
    """What it showed last, since when (receive time), and how often."""
    _since: float = math.nan
    _times: int = 0

    @property
    def ahead(self) -> float:
        """Seconds to take off what the clock shows; NaN where it stands."""
        return math.nan if self.is_frozen else self.base + self._found

    def heard(self, shown: float, now: float) -> None:
        """A live report showed ``shown`` (as its wire reads it) at ``now``; UTC epoch seconds. NaN shows nothing."""
        if math.isnan(shown):
            return
        self._watch_standing(shown, now)
        ahead = shown - self.base - now
        if self.is_frozen or abs(ahead - self._found) <= AGREE:
            self._forget()
        elif (found := self._at_once(ahead)) is not None:
            self._found = found
            self._forget()
        else:
            self._gather(shown - self.base, now)

    def keeps(self, shown: Sequence[float], now: float) -> bool:
        """Whether live reports change nothing of what it is ahead by: then they are heard, else none of them is."""
        before = self._state()
        for one in shown:
            if not -1.0 <= one - self._last <= 1.0 and -AGREE <= one - self.base - now - self._found <= AGREE:
                # The most usual of what ``heard`` does.
                self._last, self._since, self._times = one, now, 1
                if self._readings:
                    self._forget()
                continue
            self.heard(one, now)
            if self.is_frozen or self._found != before[0]:
                self._found, self._last, self._since, self._times = before[:4]
                self._readings, self._least, self._most, self._read = before[4:]
                self.is_frozen = False
                return False
        return True

    def time(self, shown: float) -> float:
        """What a report's time is; NaN where the clock says nothing."""
        return shown - self.ahead

    def _state(self) -> tuple[float, float, float, int, list[tuple[float, float]], float, float, float]:
        return (
            self._found, self._last, self._since, self._times, self._readings, self._least, self._most, self._read,
        )  # fmt: skip

    def _forget(self) -> None:
        """What was gathered shows nothing any more."""
        self._readings, self._least, self._most = [], math.inf, -math.inf

    def _at_once(self, ahead: float) -> float | None:
        """An offset that one report shows; None where it takes more."""
        if -CLOCK_AHEAD <= ahead <= CLOCK_AHEAD:
            return 0.0
        if self.known is not None and abs(ahead - (self.known - self.base)) <= AGREE:
            return self.known - self.base
        if not 0.0 < ahead <= FARTHEST + AGREE:
            return None
        found = _rounded(ahead)
        return found if found % HALF_HOUR == 0.0 else None

    def _gather(self, shown: float, now: float) -> None:
        """Take a reading; enough that agree make an offset."""
        ahead, is_one_more = shown - now, not (self._readings and 0.0 <= now - self._read < APART)
        readings = self._agreeing(ahead)[1 - MOST_READINGS :] if is_one_more else self._readings[:-1]
        self._least, self._most = min(self._least, ahead), max(self._most, ahead)
        self._readings = readings = [*readings, (shown, now)]
        if not is_one_more:
            return
        self._read = now
        if len(readings) < ENOUGH:
            return
        first = readings[0]
        gone, passed = shown - first[0], now - first[1]
        if 0.0 <= 2.0 * abs(gone - passed) < passed:
            # The report that came quickest shows the offset best.
            self._found = _rounded(max(was - at for was, at in readings))
            self._forget()

    def _agreeing(self, ahead: float) -> list[tuple[float, float]]:
        """What was read and shows the same."""
        readings = self._readings
        if self._least < ahead - AGREE or self._most > ahead + AGREE:
            readings = [(was, at) for was, at in readings if abs((was - at) - ahead) <= AGREE]
            offsets = [was - at for was, at in readings]
            self._least, self._most = min(offsets, default=ahead), max(offsets, default=ahead)
        return readings

    def _watch_standing(self, shown: float, now: float) -> None:
        if abs(shown - self._last) <= 1.0:
            self._times += 1
        else:
            self._last, self._since, self._times = shown, now, 1
        self.is_frozen = self._times >= LEAST_STANDING and now - self._since >= STANDS


def _rounded(ahead: float) -> float:
    """The half hours next to an offset, where they are; else its whole seconds."""
    halves = round(ahead / HALF_HOUR) * HALF_HOUR
    return halves if abs(ahead - halves) <= AGREE else float(math.floor(ahead))
