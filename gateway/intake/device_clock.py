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
from typing import TYPE_CHECKING

import numpy as np

from formulas.formula import Loop, Record, formula
from gateway.clock_bounds import CLOCK_AHEAD

if TYPE_CHECKING:
    from numpy.typing import NDArray

AGREE = 90.0
"""Seconds within which two readings of an offset are the same."""
HALF_HOUR = 1800.0
FARTHEST = 14 * 3600.0
"""Seconds: no zone is farther from another that matters."""
ENOUGH = 5
"""Live reports that show an offset."""
STANDS = 300.0
"""Seconds of our time during which the device's clock has not moved, in three reports or more: it stands."""
LEAST_STANDING = 3
MOST_READINGS = 32
APART = 1.0
"""Seconds of our time between readings: of reports that come at once, as stored ones do, the last is one."""
CLOCK = np.dtype([
    ("base", "<f8"), ("known", "<f8"), ("found", "<f8"), ("frozen", "?"), ("last", "<f8"), ("since", "<f8"),
    ("times", "<i8"), ("count", "<i8"), ("least", "<f8"), ("most", "<f8"), ("read", "<f8"), ("place", "<i8"),
])  # fmt: skip
"""One device's clock in one session.

``base``: seconds by which the configuration says that it is ahead of what its wire prescribes; ``known``: seconds that
the device's last session has shown, ``base`` among them, NaN: nothing; ``found``: seconds beyond ``base``; ``frozen``:
it stands; ``last``: what it showed last, ``since`` when (receive time), how many ``times``; ``count``: of its
readings, ``least`` and ``most``: bounds of what they show, which may be wider than they are; ``read``: when the last of
them began to be one; ``place``: where they are (``READINGS``), ``NOWHERE`` while there are none."""
READINGS = np.dtype([("shown", "<f8", (MOST_READINGS,)), ("received", "<f8", (MOST_READINGS,))])
"""The last live reports of one clock that agree with each other: few clocks have any."""
NOWHERE = 0
"""The place of nobody's readings; what the first one is written to before there is another."""
_NEW = np.zeros((), CLOCK)
_NEW["last"] = _NEW["since"] = math.nan
_NEW["least"], _NEW["most"], _NEW["read"] = math.inf, -math.inf, -math.inf


class Clocks:
    """Devices' clocks, a row each: a whole turn's are read at once.

    Attributes:
        rows: ``CLOCK`` (n,); those that nobody has are of no use.
        readings: ``READINGS`` (m,), the same.
    """

    def __init__(self) -> None:
        self.rows = np.zeros(0, CLOCK)
        self.readings = np.zeros(1, READINGS)
        self._free: list[int] = []
        self._free_places: list[int] = []

    def take(self, base: float, known: float | None) -> int:
        """A row for a clock."""
        if not self._free:
            self.rows, self._free = _longer(self.rows)
        row = self._free.pop()
        self.rows[row] = _NEW
        self.rows["base"][row] = base
        self.rows["known"][row] = math.nan if known is None else known
        return row

    def drop(self, row: int) -> None:
        """Nobody has it any more."""
        self._leave(row)
        self._free.append(row)

    def hear(self, row: int, shown: float, now: float) -> None:
        """As :meth:`DeviceClock.heard`."""
        _hear_one(self.rows, self.readings, row, shown, now)
        if (self.rows["count"][row] > 0) != (self.rows["place"][row] != NOWHERE):
            self._settle(row)

    def _settle(self, row: int) -> None:
        """A clock's first reading needs a place; who has none any more gives it back."""
        if not self.rows["count"][row]:
            self._leave(row)
            return
        if not self._free_places:
            self.readings, self._free_places = _longer(self.readings)
        self.rows["place"][row] = place = self._free_places.pop()
        self.readings[place] = self.readings[NOWHERE]

    def _leave(self, row: int) -> None:
        if (place := int(self.rows["place"][row])) != NOWHERE:
            self._free_places.append(place)
            self.rows["place"][row] = NOWHERE

    def keep(
        self, clocks: NDArray[np.int64], begin: NDArray[np.int64], end: NDArray[np.int64], shown: NDArray[np.float64],
        now: float,
    ) -> NDArray[np.bool_]:  # fmt: skip
        """Hear live reports of several clocks where they change nothing of what each is ahead by.

        Args:
            clocks: int64 (c,), their rows.
            begin: int64 (c,), where each one's reports begin.
            end: int64 (c,), where they end.
            shown: float64 (n,), as :meth:`DeviceClock.heard`.
            now: UTC epoch seconds.

        Returns:
            bool (c,), whether a clock's were heard; else none of them was, as where one would be its first reading.
        """
        kept = np.empty(len(clocks), np.bool_)
        copies = np.empty(1, CLOCK), np.empty(1, READINGS)
        _keep_all(self.rows, self.readings, clocks, begin, end, shown, now, *copies, kept)
        return kept


class DeviceClock:
    """One device's clock in one session; its row goes back with it.

    Args:
        base, known: as in ``CLOCK``.
        clocks: where its row is; None: it stands alone.
    """

    __slots__ = ("_clocks", "row")

    def __init__(self, base: float = 0.0, known: float | None = None, clocks: Clocks | None = None) -> None:
        self._clocks = Clocks() if clocks is None else clocks
        self.row = self._clocks.take(base, known)

    def __del__(self) -> None:
        self._clocks.drop(self.row)

    @property
    def base(self) -> float:
        """Seconds by which the configuration says that it is ahead."""
        return float(self._clocks.rows["base"][self.row])

    @property
    def is_frozen(self) -> bool:
        """Whether it stands."""
        return bool(self._clocks.rows["frozen"][self.row])

    @property
    def ahead(self) -> float:
        """Seconds to take off what the clock shows; NaN where it stands."""
        return math.nan if self.is_frozen else self.base + float(self._clocks.rows["found"][self.row])

    def heard(self, shown: float, now: float) -> None:
        """A live report showed ``shown`` (as its wire reads it) at ``now``; UTC epoch seconds. NaN shows nothing."""
        self._clocks.hear(self.row, shown, now)

    def time(self, shown: float) -> float:
        """What a report's time is; NaN where the clock says nothing."""
        return shown - self.ahead

    def state(self) -> list[object]:
        """All that is known of it, for comparisons."""
        row = self._clocks.rows[self.row]
        count = int(row["count"])
        kept = [row[name].item() for name in CLOCK.names or () if name != "place"]
        readings = self._clocks.readings[row["place"]]
        return [*map(repr, kept), readings["shown"][:count].tolist(), readings["received"][:count].tolist()]


def _longer(rows: NDArray[np.void]) -> tuple[NDArray[np.void], list[int]]:
    """An eighth more, and which of them nobody has."""
    before = len(rows)
    grown = np.concatenate([rows, np.zeros(max(16, before // 8), rows.dtype)])
    return grown, list(range(len(grown) - 1, before - 1, -1))


def prepare_clocks() -> None:
    """Compile both loops."""
    clocks = Clocks()
    DeviceClock(clocks=clocks).heard(0.0, 0.0)
    none = np.empty(0, np.int64)
    clocks.keep(none, none, none, np.empty(0), 0.0)


@Loop
def _hear_one(rows: NDArray[np.void], readings: NDArray[np.void], row: int, shown: float, now: float) -> None:
    hear(rows[row], readings[rows[row].place], shown, now)


@Loop
def _keep_all(  # noqa: PLR0913, PLR0917  columns in, columns out
    rows: NDArray[np.void],
    readings: NDArray[np.void],
    clocks: NDArray[np.int64],
    begin: NDArray[np.int64],
    end: NDArray[np.int64],
    shown: NDArray[np.float64],
    now: float,
    copy: NDArray[np.void],
    read: NDArray[np.void],
    kept: NDArray[np.bool_],
) -> None:
    for index in range(len(clocks)):
        copy[0] = rows[clocks[index]]
        before, kept[index], place = copy[0].found, True, copy[0].place
        if place != NOWHERE:
            read[0] = readings[place]
        for report in range(begin[index], end[index]):
            hear(copy[0], read[0], shown[report], now)
            if copy[0].frozen or copy[0].found != before or (place == NOWHERE and copy[0].count > 0):
                kept[index] = False
                break
        if kept[index]:
            rows[clocks[index]] = copy[0]
            if place != NOWHERE:
                readings[place] = read[0]


@formula
def hear(clock: Record, readings: Record, shown: float, now: float) -> None:
    """A live report of a clock (``CLOCK``) that has such readings (``READINGS``); as :meth:`DeviceClock.heard`."""
    if math.isnan(shown):
        return
    _watch_standing(clock, shown, now)
    ahead = shown - clock.base - now
    if clock.frozen or abs(ahead - clock.found) <= AGREE:
        _forget(clock)
        return
    found = _at_once(clock, ahead)
    if math.isnan(found):
        _gather(clock, readings, shown - clock.base, now)
    else:
        clock.found = found
        _forget(clock)


@formula
def _watch_standing(clock: Record, shown: float, now: float) -> None:
    if abs(shown - clock.last) <= 1.0:
        clock.times += 1
    else:
        clock.last, clock.since, clock.times = shown, now, 1
    clock.frozen = clock.times >= LEAST_STANDING and now - clock.since >= STANDS


@formula
def _forget(clock: Record) -> None:
    """What was gathered shows nothing any more."""
    clock.count, clock.least, clock.most = 0, math.inf, -math.inf


@formula
def _at_once(clock: Record, ahead: float) -> float:
    """An offset that one report shows; NaN where it takes more."""
    if -CLOCK_AHEAD <= ahead <= CLOCK_AHEAD:
        return 0.0
    last = float(clock.known - clock.base)
    if abs(ahead - last) <= AGREE:
        return last
    if not 0.0 < ahead <= FARTHEST + AGREE:
        return math.nan
    found = _rounded(ahead)
    return found if found % HALF_HOUR == 0.0 else math.nan


@formula
def _gather(clock: Record, readings: Record, shown: float, now: float) -> None:
    """Take a reading; enough that agree make an offset."""
    ahead, is_one_more = shown - now, not (clock.count > 0 and 0.0 <= now - clock.read < APART)
    if is_one_more:
        _keep_agreeing(clock, readings, ahead)
        _drop_first(clock, readings, clock.count - (MOST_READINGS - 1))
    else:
        clock.count -= 1
    clock.least, clock.most = min(clock.least, ahead), max(clock.most, ahead)
    readings.shown[clock.count], readings.received[clock.count] = shown, now
    clock.count += 1
    if not is_one_more:
        return
    clock.read = now
    gone, passed = shown - readings.shown[0], now - readings.received[0]
    if clock.count >= ENOUGH and 0.0 <= 2.0 * abs(gone - passed) < passed:
        # The report that came quickest shows the offset best.
        most = -math.inf
        for index in range(clock.count):
            most = max(most, readings.shown[index] - readings.received[index])
        clock.found = _rounded(most)
        _forget(clock)


@formula
def _keep_agreeing(clock: Record, readings: Record, ahead: float) -> None:
    """Of what was read, what shows the same."""
    if clock.least >= ahead - AGREE and clock.most <= ahead + AGREE:
        return
    count, least, most = 0, math.inf, -math.inf
    for index in range(clock.count):
        offset = readings.shown[index] - readings.received[index]
        if abs(offset - ahead) <= AGREE:
            readings.shown[count], readings.received[count] = readings.shown[index], readings.received[index]
            count, least, most = count + 1, min(least, offset), max(most, offset)
    clock.count = count
    clock.least, clock.most = (least, most) if count > 0 else (ahead, ahead)


@formula
def _drop_first(clock: Record, readings: Record, spare: int) -> None:
    if spare > 0:
        for index in range(clock.count - spare):
            readings.shown[index], readings.received[index] = (
                readings.shown[index + spare],
                readings.received[index + spare],
            )
        clock.count -= spare


@formula
def _rounded(ahead: float) -> float:
    """The half hours next to an offset, where they are; else its whole seconds."""
    halves = round(ahead / HALF_HOUR) * HALF_HOUR
    return halves if abs(ahead - halves) <= AGREE else float(math.floor(ahead))
