"""What the best rule could say of approaches to somebody protected, if reports told places and ways without any error.

    python -m tools.approach_limit SEED... [--days 30] [--devices 12]

At each report of either of a pair it reckons both ahead, as they truly go then, for one interval and the time that a
report takes, and warns if they would be within what the county's rule bars and its buffer. It prints how many true
approaches were warned of before the buffer was reached, and how many warnings were of nobody who reached it.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from firmware_sim.configuration import BARRED_M, BUFFER_M
from firmware_sim.recording.run import tell
from firmware_sim.scenario.reading import find, read
from firmware_sim.story import EPOCH

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from firmware_sim.people.track import Track
    from firmware_sim.recording.wearing import Worn

TAKES = 1.5
"""Seconds that a report takes."""
NEAR = BARRED_M + BUFFER_M
STANDS, OF = 300.0, 600.0
"""Seconds for which a warning stands; and between one and an approach that it is still of."""


@dataclass(slots=True)
class Limit:
    """Counts over pairs."""

    approaches: int = 0
    warned: int = 0
    false: int = 0
    pairs: int = 0

    def add(self, one: Worn, other: Worn, interval: float) -> None:
        """A pair more."""
        said, stays = _said(one, other, interval), _stays(one.person, other.person, one.moments)
        barred = [(start, until) for start, until, least in stays if least < BARRED_M and start > one.moments[0]]
        self.approaches += len(barred)
        self.warned += sum(bool(((said >= start - STANDS) & (said < start)).any()) for start, _ in barred)
        alone = np.array([
            all(moment < start - OF or moment > until + OF for start, until, _ in stays) for moment in said
        ], np.bool_)  # fmt: skip
        self.false += int((np.diff(said[alone], prepend=-np.inf) > OF).sum())
        self.pairs += 1


def _said(one: Worn, other: Worn, interval: float) -> NDArray[np.float64]:
    """When the rule warns, UTC seconds."""
    moments = np.union1d(one.moments, other.moments)
    (x, y, vx, vy), (px, py, pvx, pvy) = (_known(each, moments, interval) for each in (one, other))
    x, y, vx, vy = x - px, y - py, vx - pvx, vy - pvy
    square = vx * vx + vy * vy
    nearest = np.divide(-(x * vx + y * vy), square, out=np.zeros_like(square), where=square > 0.0)
    ahead = np.clip(nearest, 0.0, interval + TAKES)
    said: NDArray[np.float64] = moments[np.hypot(x + vx * ahead, y + vy * ahead) < NEAR] + TAKES
    return said


def _known(worn: Worn, moments: NDArray[np.float64], interval: float) -> tuple[NDArray[np.float64], ...]:
    """Place and speed by axis at moments, going on for an interval at most as at the last report."""
    last = worn.moments[np.maximum(np.searchsorted(worn.moments, moments, side="right") - 1, 0)]
    (x, y), track, leg = worn.person.at(last), worn.person, worn.person.leg(last)
    vx, vy = (np.append(np.diff(axis) / np.diff(track.time), 0.0)[leg] for axis in (track.x, track.y))
    since = np.minimum(moments - last, interval)
    return x + vx * since, y + vy * since, vx, vy


def _stays(one: Track, other: Track, moments: NDArray[np.float64]) -> list[tuple[float, float, float]]:
    """First and last second of each time within the buffer, and how near it was."""
    seconds = np.arange(moments[0], moments[-1])
    (x, y), (px, py) = one.at(seconds), other.at(seconds)
    apart = np.hypot(x - px, y - py)
    edges = np.flatnonzero(np.diff(np.concatenate([[0], apart < NEAR, [0]]).astype(np.int8))).reshape(-1, 2)
    return [(float(seconds[a]), float(seconds[b - 1]), float(apart[a:b].min())) for a, b in edges.tolist()]


def main(arguments: list[str]) -> None:
    """The table of some seeds, added up."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("seeds", nargs="+", type=int)
    options.add_argument("--days", type=int, default=30)
    options.add_argument("--devices", type=int, default=12)
    asked = options.parse_args(arguments)
    limit, path = Limit(), find("protected")
    for seed in asked.seeds:
        scenario = read(path, seed=seed, days=asked.days, devices=asked.devices)
        *wearers, other = tell("protected", scenario, path.parent, EPOCH, lambda _: None).worn
        for one in wearers:
            limit.add(one, other, float(scenario.firmware.moving_s))
    months = limit.pairs * asked.days / 30.0
    print(
        f"warned before the buffer: {limit.warned} of {limit.approaches}; false: {limit.false} in {months:.1f} pair-months"
    )


if __name__ == "__main__":
    main(sys.argv[1:])
