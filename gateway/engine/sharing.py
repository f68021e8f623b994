"""Which bracelets are decided together: those that share a wearer, as far as reports of the wearing may still count."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from gateway.engine.late import LATEST

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gateway.settings.model import Assignment, Configuration


def counts_since(configuration: Configuration) -> float:
    """Wearings that ended up to then (UTC epoch seconds) are over for good: no report of them is decided any more.

    It lies ``LATEST`` before a time that has come at any rate, and is told by the configuration alone: somebody has
    been informed of an authority, and a wearing has begun. A part of a county says what the whole one does.
    """
    if configuration.counts_since is not None:
        return configuration.counts_since
    informed = max((each.wearer_informed for each in configuration.authorities), default=-math.inf)
    begun = max((each.start for each in configuration.assignments), default=-math.inf)
    return min(informed, begun) - LATEST


def counting(configuration: Configuration) -> tuple[Assignment, ...]:
    """Wearings of which reports may still count; each device's newest is always one."""
    since = counts_since(configuration)
    newest = {each.device: each for each in sorted(configuration.assignments, key=lambda one: one.start)}
    return tuple(
        each for each in configuration.assignments if each.until > since or newest[each.device] is each
    )  # fmt: skip


def grouped(devices: tuple[str, ...], wearings: tuple[tuple[str, str], ...]) -> NDArray[np.int64]:
    """Connected components of devices over shared wearers, int64 (devices,), numbered by their first device."""
    parent = {name: name for name in devices}

    def root(name: str) -> str:
        while parent[name] != name:
            name = parent[name]
        return name

    first_of_person: dict[str, str] = {}
    for device, person in wearings:
        ends = sorted((root(device), root(first_of_person.setdefault(person, device))))
        parent[ends[1]] = ends[0]
    index = {name: position for position, name in enumerate(devices)}
    return np.array([index[root(name)] for name in devices], np.int64)
