"""A source that measures once a minute, and what it made."""

import math

from firmware_sim.firmware.measurement import Alarm, Measurement
from firmware_sim.radio import Cell

START = 1793548800.0
CELL = Cell(460, 0, 0x25E4, 0x142303, 60)


class Minutes:
    """One fix a minute, ``count`` of them."""

    def __init__(self, count):
        self.made, self._count = 0, count

    def due(self):
        return START + 60.0 * self.made if self.made < self._count else math.inf

    def make(self):
        self.made += 1
        moment = START + 60.0 * (self.made - 1)
        return Measurement(
            moment, Alarm(0), located=True, latitude=24.0 + self.made / 1000, longitude=109.0, speed_kmh=0.0,
            course=0.0, satellites=9, signal=24, battery_percent=80, mileage_km=0.0, cells=(CELL,),
        )  # fmt: skip
