"""Everybody whom a configuration knows, as columns; made once a configuration, so that a look needs no loop."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gateway.kinds import LEVELS
from gateway.rollcall.reasons import CODE, Reason

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    from gateway.engine import Policy


@dataclass(frozen=True, slots=True)
class Spans:
    """Stretches of time of people: ``person`` int64 (n,), ``start`` and ``until`` float64 (n,), ``code`` int64 (n,)."""

    person: NDArray[np.int64]
    start: NDArray[np.float64]
    until: NDArray[np.float64]
    code: NDArray[np.int64]

    @classmethod
    def of(cls, rows: Iterable[tuple[int, float, float, int]]) -> Spans:
        """Of (person, start, until, code), in any order."""
        table = np.array(sorted(rows), np.float64).reshape(-1, 4)
        return cls(table[:, 0].astype(np.int64), table[:, 1], table[:, 2], table[:, 3].astype(np.int64))

    def at(self, now: float) -> NDArray[np.bool_]:
        """Which of them hold at a time, bool (n,)."""
        found: NDArray[np.bool_] = (self.start <= now) & (now < self.until)
        return found


@dataclass(frozen=True, slots=True)
class Roster:
    """A row a person, in the order of ``Policy.people``.

    Attributes:
        policy: of which configuration.
        row: the row of each person.
        office: int64 (p,), a value of ``offices``; level: int64 (p,), a place in :data:`gateway.kinds.LEVELS`.
        minor, shown: bool (p,); ``shown``: not somebody who is protected.
        term_until: float64 (p,), UTC epoch seconds.
        away: bool by device (d,): put away. ``carrier``: int64 (d,), a place in ``carriers``; -1: no phone.
        covered: when an authority of any kind covers whom, within the term.
        leave, removal: leave, and removal of the bracelet; ``code`` says why (:data:`CODE`).
    """

    policy: Policy
    people: tuple[str, ...]
    row: Mapping[str, int]
    offices: Mapping[str, int]
    office: NDArray[np.int64]
    level: NDArray[np.int64]
    minor: NDArray[np.bool_]
    shown: NDArray[np.bool_]
    term_until: NDArray[np.float64]
    away: NDArray[np.bool_]
    carriers: tuple[str, ...]
    carrier: NDArray[np.int64]
    covered: Spans
    leave: Spans
    removal: Spans

    @classmethod
    def of(cls, policy: Policy) -> Roster:
        """Of a configuration that was compiled."""
        known = policy.configuration
        people = [known.people[one] for one in policy.people]
        row = {person: index for index, person in enumerate(policy.people)}
        offices = {office: index for index, office in enumerate(sorted({one.office for one in people}))}
        covered = [
            (row[one.person], one.start, min(one.until, known.people[one.person].term_until), -1)
            for one in known.authorities
            if one.start < known.people[one.person].term_until
        ]
        carriers = tuple(one.name for one in known.carriers)
        carrier = {name: index for index, name in enumerate(carriers)}
        leave = [(row[one.person], one.start, one.ends, CODE[Reason.LEAVE]) for one in known.leave]
        removal = [(row[one.person], one.start, one.until, CODE[Reason(one.reason.value)]) for one in known.removals]
        return cls(
            policy, policy.people, row, offices,
            np.array([offices[one.office] for one in people], np.int64),
            np.array([LEVELS.index(one.level) for one in people], np.int64),
            np.array([one.minor for one in people], np.bool_),
            np.array([not one.protected for one in people], np.bool_),
            np.array([one.term_until for one in people], np.float64),
            np.array([known.devices[one].put_away for one in policy.devices], np.bool_),
            carriers, np.array([carrier.get(known.devices[one].carrier, -1) for one in policy.devices], np.int64),
            Spans.of(covered), Spans.of(leave), Spans.of(removal),
        )  # fmt: skip
