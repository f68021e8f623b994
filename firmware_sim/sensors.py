"""What the bracelet measures and when: the source of its reports, the same for the same seed whatever the link does."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from firmware_sim.clock import hour_of_day
from firmware_sim.firmware.measurement import Alarm, Measurement
from firmware_sim.firmware.pace import Pace
from firmware_sim.firmware.wire import Edition
from firmware_sim.radio import GnssReceiver, cells_at
from firmware_sim.world import to_degrees

if TYPE_CHECKING:
    from firmware_sim.movement import Where
    from firmware_sim.radio import Fix
    from firmware_sim.schedule import Schedule, Story

HOME_RADIUS = 100.0
"""Metres around a home that count as home, in the bracelet's orders as in the county's configuration."""
CURFEW_FROM, CURFEW_UNTIL = 22.0, 8.0
"""Hours of the local day."""


class Sensors:
    """Measurements of one bracelet: every interval, and at once when an alarm bit changes. Moments are whole seconds.

    Implements :class:`firmware_sim.firmware.source.Steerable`.
    """

    def __init__(self, story: Story, index: int) -> None:
        schedule = story.schedules[index]
        draw = np.random.default_rng([story.seed, 1, index])
        self._schedule = schedule
        self._world = story.world
        self._until = story.until
        self._receiver = GnssReceiver(draw)
        self._bits = {
            Alarm.SOS: schedule.sos,
            Alarm.REMOVAL: schedule.removed,
            Alarm.BATTERY_LOW: schedule.battery.low(),
        }
        self._changes = _changes(schedule, story.epoch, story.until)
        self._next = story.epoch + float(draw.integers(0, int(schedule.intervals.usual)))
        self._last_fix: Fix | None = None
        self._last_made = self._next
        self._mileage = 0.0
        self._pace = Pace(schedule.intervals.usual, schedule.intervals.close)

    def due(self) -> float:
        """Moment of the next report; ``inf`` after the story's end."""
        return self._next if self._next < self._until else math.inf

    def make(self) -> Measurement:
        """The measurement that is due; goes on to the next moment."""
        now = self._next
        where = self._schedule.itinerary.at(now)
        measurement = self._measure(now, where)
        self._pace.is_unusual = self._out_of_ordinary(now, where)
        self._changes = [change for change in self._changes if change > now]
        self._last_made = now
        self._plan(now)
        return measurement

    def measure(self, now: float) -> Measurement:
        """A measurement beside the plan: of ``now``, or of the next planned moment if that has come already."""
        moment = max(min(float(math.floor(now)), self._next), self._last_made)
        return self._measure(moment, self._schedule.itinerary.at(moment))

    def set_interval(self, seconds: float, now: float) -> None:
        """The usual interval from now on."""
        self._pace.usual = seconds
        self._plan(now)

    def set_close_interval(self, seconds: float, now: float) -> None:
        """The interval when something is out of the ordinary, from now on."""
        self._pace.close = seconds
        self._plan(now)

    def track(self, seconds: float, until: float, now: float) -> None:
        """Every so many seconds until a moment; one gone by ends it."""
        self._pace.tracking, self._pace.tracked_until = seconds, until
        self._plan(now)

    def hurry(self, *, urgent: bool) -> None:
        """The firmware finds the last place out of the ordinary, or no longer."""
        self._pace.is_urgent = urgent
        self._plan(self._last_made)

    def _plan(self, now: float) -> None:
        """The next moment: a pause after the last one, sooner when an alarm bit changes, and not before ``now``."""
        at = self._pace.after(self._last_made, now)
        self._next = min([max(at, float(math.ceil(now))), *self._changes[:1]])

    def _measure(self, now: float, where: Where) -> Measurement:
        fix = self._receiver.observe(now, where)
        if any(now in span for span in self._schedule.dark):
            fix = None
        self._mileage += where.speed * (now - self._last_made) / 1000.0
        latitude, longitude = self._coordinates(fix)
        return Measurement(
            moment=now,
            alarm=self._alarm(now),
            located=fix is not None,
            latitude=latitude,
            longitude=longitude,
            speed_kmh=fix.speed_kmh if fix else 0.0,
            course=fix.course if fix else 0.0,
            satellites=fix.satellites if fix else 0,
            signal=24,
            battery_percent=math.ceil(self._schedule.battery.percent(now)),
            mileage_km=self._mileage,
            cells=cells_at(where),
        )

    def _coordinates(self, fix: Fix | None) -> tuple[float, float]:
        """Without a fix the older model sends zeros, the newer one its last position: neither is a place."""
        if fix is None and self._schedule.identity.edition is Edition.Y2019:
            fix = self._last_fix
        if fix is None:
            return 0.0, 0.0
        self._last_fix = fix
        return to_degrees(fix.x, fix.y)

    def _alarm(self, now: float) -> Alarm:
        """Levels, not events: each bit is set as long as its condition holds."""
        alarm = Alarm(0)
        for bit, spans in self._bits.items():
            if any(now in span for span in spans):
                alarm |= bit
        return alarm

    def _out_of_ordinary(self, now: float, where: Where) -> bool:
        schedule = self._schedule
        night = not CURFEW_UNTIL <= hour_of_day(now) < CURFEW_FROM
        away = math.hypot(where.x - schedule.home.x, where.y - schedule.home.y) > HOME_RADIUS
        if night and away and schedule.curfew:
            return True
        if schedule.keep_out and any(cafe.covers(where.x, where.y) for cafe in self._world.cafes):
            return True
        return not self._world.inside(where.x, where.y)


def _changes(schedule: Schedule, start: float, until: float) -> list[float]:
    """Moments at which an alarm bit changes, sorted."""
    spans = (*schedule.sos, *schedule.removed, *schedule.battery.low())
    return sorted({moment for span in spans for moment in (span.start, span.until) if start < moment < until})
