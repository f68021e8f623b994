"""All compiled loops of a step, made ready at once."""

from __future__ import annotations

from fencing.intervals import KeyedIntervals
from fencing.zones import ZoneTable
from gateway.engine import (
    arrival,
    conditions,
    crossing,
    fuse,
    image,
    integrity,
    judge,
    marks,
    night,
    pairing,
    passes,
    silence,
    stretches,
)
from gateway.engine.state import TRACK, fresh
from gateway.fusion.radius import radii

WITH_LOOPS = (
    arrival,
    conditions,
    crossing,
    fuse,
    image,
    integrity,
    judge,
    marks,
    night,
    pairing,
    passes,
    silence,
    stretches,
)


def prepare() -> None:
    """Compile them, or load what was compiled: whoever listens afterwards need not wait for it."""
    KeyedIntervals.build(()).prepare()
    radii(fresh(TRACK, 0))
    ZoneTable.build(()).prepare()
    for each in WITH_LOOPS:
        each.prepare()
