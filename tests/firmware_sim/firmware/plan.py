"""A source whose measurements are written down, and what orders told it."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from firmware_sim.firmware.measurement import AccessPoint, Alarm, Measurement
from firmware_sim.radio import Cell

START = 1793548800.0  # 2026-11-01T16:00:00Z
CELL = Cell(460, 0, 0x25E4, 0x01142303, 60)


def measured(moment=START, **changes):
    """A quiet fix, some of its fields replaced."""
    usual = {
        "moment": moment, "alarm": Alarm(0), "located": True, "latitude": 24.33, "longitude": 109.42, "speed_kmh": 28.0,
        "course": 271.0, "satellites": 9, "signal": 24, "battery_percent": 87, "mileage_km": 12.3, "cells": (CELL,),
    }  # fmt: skip
    return Measurement(**usual | changes)


def blind(moment=START, **changes):
    """A measurement without a fix."""
    nowhere = {"latitude": 0.0, "longitude": 0.0, "speed_kmh": 0.0, "course": 0.0, "satellites": 0}
    return measured(moment, located=False, **nowhere | changes)


class Plan:
    """Implements ``Steerable``; ``told`` is what it was ordered."""

    def __init__(self, measurements):
        self.waiting = list(measurements)
        self.told = []
        self.last = self.waiting[0] if self.waiting else measured()

    def due(self):
        return self.waiting[0].moment if self.waiting else math.inf

    def make(self):
        self.last = self.waiting.pop(0)
        return self.last

    def measure(self, now):
        return replace(self.last, moment=float(math.floor(now)))

    def set_interval(self, seconds, now):
        self.told.append(("interval", seconds, now))

    def set_close_interval(self, seconds, now):
        self.told.append(("close", seconds, now))

    def track(self, seconds, until, now):
        self.told.append(("track", seconds, until, now))

    def hurry(self, *, urgent):
        self.told.append(("hurry", urgent))


def minutes(count):
    """A fix a minute."""
    return Plan(measured(START + 60.0 * number) for number in range(count))


def all_over_the_world(count, seed=1):
    """Measurements of all kinds in all hemispheres, an alarm beginning now and then."""
    draw = np.random.default_rng(seed)
    found = []
    for number in range(count):
        moment = START + 60.0 * number
        alarm = Alarm(0)
        for bit, share in ((Alarm.SOS, 0.2), (Alarm.REMOVAL, 0.2), (Alarm.BATTERY_LOW, 0.2)):
            alarm |= bit if draw.uniform() < share else Alarm(0)
        common = {"alarm": alarm, "battery_percent": int(draw.integers(1, 101)), "cells": _cells(draw)}
        if draw.uniform() < 0.3:
            wifi = (AccessPoint(bytes.fromhex("02a1b2c3d4e5"), -67),) if draw.uniform() < 0.5 else ()
            found.append(blind(moment, wifi=wifi, **common))
            continue
        place = {"latitude": round(draw.uniform(-89, 89), 6), "longitude": round(draw.uniform(-179, 179), 6)}
        course, speed = float(draw.integers(0, 360)), float(draw.integers(0, 200))
        found.append(measured(moment, course=course, speed_kmh=speed, **place, **common))
    return found


def _cells(draw):
    ids = draw.integers(1, 0xFFFFFF, 2).tolist()
    return tuple(Cell(460, 1, 0x1234, number, 40) for number in ids)
