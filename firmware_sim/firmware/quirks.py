"""Habits of real bracelets that a gateway has to live with, and the clock that some of them have."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime

from firmware_sim.firmware.uploads import Upload

YEAR_2000 = datetime(2000, 1, 1, tzinfo=UTC).timestamp()
"""What a clock shows that nobody has set since the power came."""
_LAST_OF_FEBRUARY = 28


@dataclass(frozen=True, slots=True)
class Quirks:
    """What a bracelet does otherwise than its maker's document says. The default is: nothing.

    Attributes:
        registers_always: JT/T 808: it registers on every connection, though it has a code.
        wrong_length_every: each so many-th frame with reports declares a body that is one byte longer; 0: none does.
        drift_ppm: seconds its clock gains in a million, since its start or the last time answer.
        is_clock_unset: its clock begins in the year 2000 when the power comes, until a time answer.
        stuck_year: every date is in this year; 0: the true one. 29 February becomes the 28th.
        capacity: reports it can keep, the oldest are lost; 0: as many as it is built with.
        reboots: moments (UTC epoch seconds) at which it starts anew: its connection, its serial number and what waits
            in RAM are gone; what came over from an earlier connection, or was made without one, is in flash.
        upload: in which order what is stored goes out, and whether live reports wait for it.
        seed: of what its firmware draws.
        duplicate_every: each so many-th frame with reports is written twice; 0: none is.
        trusts_writing: GT06: positions and cells count as delivered once they are written.
    """

    registers_always: bool = False
    wrong_length_every: int = 0
    drift_ppm: float = 0.0
    is_clock_unset: bool = False
    stuck_year: int = 0
    capacity: int = 0
    reboots: tuple[float, ...] = ()
    upload: Upload = Upload.BACKLOG_FIRST
    seed: int = 0
    duplicate_every: int = 0
    trusts_writing: bool = False


PLAIN = Quirks()
"""None of them."""


class DeviceClock:
    """What the bracelet takes the time to be. Moments are UTC epoch seconds.

    Attributes:
        is_set: it has been, or came set from the factory.
        is_true: it shows the true time, as a receiver with a fix keeps it.
    """

    def __init__(self, quirks: Quirks) -> None:
        self.is_set = not quirks.is_clock_unset
        self.is_true = not (quirks.drift_ppm or quirks.is_clock_unset or quirks.stuck_year)
        self._quirks = quirks
        self._reference: tuple[float, float] | None = None
        """A true moment, and what the clock showed then."""

    def shows(self, moment: float) -> float:
        """The time shown at a true moment; whole seconds unless the clock is true."""
        if self.is_true:
            return moment
        if self._reference is None:
            self._reference = (moment, moment if self.is_set else YEAR_2000)
        true, shown = self._reference
        gained = (moment - true) * (1.0 + self._quirks.drift_ppm * 1e-6)
        return self._in_stuck_year(math.floor(shown + gained))

    def hear(self, told: float, now: float) -> None:
        """The platform's time has come."""
        self.is_set = True
        self._reference = (now, told)

    def restart(self, now: float) -> None:
        """The power came back: a clock without a battery has forgotten."""
        if self._quirks.is_clock_unset:
            self.is_set = False
            self._reference = (now, YEAR_2000)

    def _in_stuck_year(self, shown: float) -> float:
        year = self._quirks.stuck_year
        if not year:
            return shown
        date = datetime.fromtimestamp(shown, UTC)
        if (date.month, date.day) == (2, _LAST_OF_FEBRUARY + 1):
            date = date.replace(day=_LAST_OF_FEBRUARY)
        return date.replace(year=year).timestamp()
