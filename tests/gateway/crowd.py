"""Many bracelets, each worn by one person, in a timeline: who reports every five minutes, and when they fall silent."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from timeline import FOREVER, HOME, MINUTE, Timeline, alarm_policies, at, authority, person, record

from firmware_sim.firmware.wire import Edition, build_frame
from gateway.journal.entries import EntryKind, Origin
from gateway.settings.model import Assignment, Device

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

LIMIT = 20 * MINUTE
EVERY = 5 * MINUTE


def device(number: int) -> str:
    return f"B{number:04d}"


def wearer(number: int) -> str:
    return f"P{number:04d}"


def crowded(count: int, offices: int = 1) -> dict[str, object]:
    """Changes of the county: so many bracelets from 1 on, wearers dealt out to offices S0, S1 ...; no rules."""
    numbers = range(1, count + 1)
    return {
        "devices": {device(n): Device(device(n), "jt808", str(13_900_000_000 + n), "g10ls") for n in numbers},
        "people": {wearer(n): replace(person(wearer(n), HOME), office=f"S{n % offices}") for n in numbers},
        "assignments": tuple(Assignment(device(n), wearer(n), at(-30, 0), FOREVER) for n in numbers),
        "authorities": tuple(authority(wearer(n)) for n in numbers), "rules": (), "alarms": alarm_policies(LIMIT),
    }  # fmt: skip


@dataclass
class Crowd:
    """So many bracelets from day 0, noon, on; each reports from home each five minutes, at its own second."""

    count: int
    told: Timeline

    @classmethod
    def of(cls, count: int, offices: int = 1, **changes: object) -> Crowd:
        return cls(count, Timeline.of(at(0, 12), **(crowded(count, offices) | changes)))

    def hear(
        self, start: float, until: float, dark: Mapping[int, tuple[float, float]] | None = None,
        records: Mapping[int, bytes] | None = None,
    ) -> None:  # fmt: skip
        """Reports of all, start <= t < until; ``dark``: none of these from - to; ``records``: of these other 0200s."""
        rows = sorted(
            (time, n)
            for n in range(1, self.count + 1)
            for time in np.arange(start + 300.0 * n / (self.count + 1), until, EVERY).tolist()
            if not (dark and n in dark and dark[n][0] <= time < dark[n][1])
        )
        for time, n in rows:
            self.say(time, n, (records or {}).get(n, b"") or record(time, HOME))

    def say(self, received: float, number: int, body: bytes) -> None:
        """One 0200."""
        told = self.told
        told.serial = (told.serial + 1) % 65536
        raw = build_frame(0x0200, f"0{13_900_000_000 + number}", told.serial, body, Edition.Y2013)
        told.waiting.add(EntryKind.FRAME, received, Origin(device(number), "bracelets", "peer", "jt808", "g10ls"), raw)

    def go(self) -> list[dict]:
        """Step what waits."""
        return self.told.run()


def dark(numbers: Iterable[int], start: float, until: float) -> dict[int, tuple[float, float]]:
    """All of them silent from - to."""
    return dict.fromkeys(numbers, (start, until))
