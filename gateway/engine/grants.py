"""Authorities as what follows one another without a gap: by person and kind, until when, and when they are worn under.

An extension that adjoins makes one of two; what comes after a gap is another.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from fencing.intervals import KeyedIntervals

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from gateway.settings.model import Authority, Configuration

REVIEW = 30 * 86400.0
"""Seconds after which it is asked again whether an authority is still needed, counted from its start."""


@dataclass(frozen=True, slots=True)
class Grants:
    """One row each, sorted by person, kind and end.

    Attributes:
        key: person, kind, end: names a row across configurations.
        start, until: float64 (g,), UTC epoch seconds; ``until`` never beyond the person's term.
        last: the newest authority of each.
        of: rows by person and kind.
        worn: by row, when its person wears a device of its kind; the value is the row of ``devices``.
        devices: names.
    """

    key: tuple[tuple[str, str, float], ...]
    start: NDArray[np.float64]
    until: NDArray[np.float64]
    last: tuple[Authority, ...]
    of: Mapping[tuple[str, str], list[int]]
    worn: KeyedIntervals
    devices: tuple[str, ...]

    @classmethod
    def build(cls, configuration: Configuration) -> Grants:
        """From a checked configuration."""
        rows = list(_joined(configuration))
        of: dict[tuple[str, str], list[int]] = {}
        for at, (_, _, one) in enumerate(rows):
            of.setdefault((one.person, one.kind.value), []).append(at)
        devices = tuple(sorted(configuration.devices))
        seats = {device: at for at, device in enumerate(devices)}
        return cls(
            key=tuple((one.person, one.kind.value, until) for _, until, one in rows),
            start=np.array([start for start, _, _ in rows], np.float64),
            until=np.array([until for _, until, _ in rows], np.float64),
            last=tuple(one for _, _, one in rows),
            of=of,
            worn=KeyedIntervals.build(
                (row, start, until, seats[device])
                for key, spells in _spells(configuration).items()
                for start, until, device in spells
                for row in of.get(key, ())
            ),
            devices=devices,
        )

    def wears(self, row: int, time: float) -> str:
        """The device that the person of a row wears at a time; empty: none."""
        at = int(self.worn.lookup(np.array([row]), np.array([time]))[0])
        return self.devices[at] if at >= 0 else ""

    def worn_from(self, row: int, time: float) -> float:
        """First moment at or after ``time`` at which the person of a row wears one, UTC epoch seconds; inf: never."""
        mine = np.flatnonzero((self.worn.key == row) & (self.worn.until[:-1] > time))
        return max(time, float(self.worn.start[mine].min())) if len(mine) else np.inf

    def covers(self, row: int, time: float) -> bool:
        """Whether any authority of the same person and kind covers a time."""
        same = self.of[self.key[row][:2]]
        return bool(((self.start[same] <= time) & (time < self.until[same])).any())

    def review(self, row: int, time: float) -> float | None:
        """The last moment up to ``time`` by which the newest authority was to be looked at again; None: none yet."""
        count = int((time - self.last[row].start) // REVIEW)
        return self.last[row].start + count * REVIEW if count > 0 else None


def _joined(configuration: Configuration) -> Iterator[tuple[float, float, Authority]]:
    """Start and end of what follows one another, with the newest authority; none beyond the term."""
    of: dict[tuple[str, str], list[Authority]] = {}
    for authority in configuration.authorities:
        of.setdefault((authority.person, authority.kind.value), []).append(authority)
    for (person, _), mine in sorted(of.items()):
        term = configuration.people[person].term_until
        start, until, last = -np.inf, -np.inf, mine[0]
        for one in sorted(mine, key=lambda each: (each.start, each.until)):
            if one.start > until > start:
                yield start, until, last
            start = one.start if one.start > until else start
            last = one if one.until >= until else last
            until = max(until, min(one.until, term))
        if until > start:
            yield start, until, last


def _spells(configuration: Configuration) -> dict[tuple[str, str], list[tuple[float, float, str]]]:
    """By person and kind, (start, until, device) of wearing, disjoint: where two overlap the earlier one counts."""
    spells: dict[tuple[str, str], list[tuple[float, float, str]]] = {}
    for each in sorted(configuration.assignments, key=lambda one: (one.start, one.until, one.device)):
        mine = spells.setdefault((each.person, configuration.devices[each.device].basis.value), [])
        begin = max(each.start, mine[-1][1]) if mine else each.start
        if begin < each.until:
            mine.append((begin, each.until, each.device))
    return spells
