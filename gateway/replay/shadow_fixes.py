"""Another system's positions beside ours: how far apart, and which alarms would have stood by theirs.

Theirs go through the engine's own passes in a state of its own, as a table of fixes does; nothing that runs sees them.
What comes out has no place in it.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import numpy as np

from gateway.engine import RADIUS95, imported_reports
from gateway.fusion.sigma import variance
from gateway.kinds import TRIALS
from gateway.replay.evidence import kind_of
from gateway.replay.fixes import FixTable
from gateway.replay.past import past_of
from gateway.replay.run import stepped_fixes
from gateway.words.fix_shadows import Apart
from gateway.words.shadows import Theirs

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from zoneinfo import ZoneInfo

    from numpy.typing import NDArray

    from gateway.engine import Episode, Fix, Policies, Policy
    from gateway.journal.controls import Imported
    from gateway.replay.past import Reports
    from gateway.replay.their_fixes import TheirFix

NEAR: Final = 150.0
"""Seconds between their position and ours beyond which a distance says how somebody went, not how systems differ."""
PIECE: Final = 7 * 86_400.0
"""Seconds of our past that are worked out at once."""
STRETCH: Final = 16_384
"""Fixes stepped at once."""


def is_by_place(one: Episode) -> bool:
    """Whether an alarm is of a kind that places decide, and stands."""
    return kind_of(one.kind) is not None and not one.retracted and one.kind not in TRIALS


def would_have(fixes: Sequence[TheirFix], policy: Policy) -> list[Theirs]:
    """The alarms of such kinds that these positions alone make, by the rules of a policy; oldest first."""
    known = [one for one in fixes if one.device in policy.device_index]
    if not known:
        return []
    in_order = sorted(known, key=lambda one: (one.fix.received, one.fix.time))
    device = np.array([policy.device_index[one.device] for one in in_order], np.int64)
    table = FixTable(imported_reports(policy, device, [one.fix for one in in_order]), (b"",) * len(in_order))
    found = {
        outcome.episode.id: outcome.episode
        for _, stepped in stepped_fixes(table, policy, STRETCH) for outcome in stepped.outcomes
    }  # fmt: skip
    stood = sorted(filter(is_by_place, found.values()), key=lambda one: (one.onset, one.id))
    return [Theirs(0, one.person, one.device, one.kind, (one.kind,), one.onset, one.ended) for one in stood]


@dataclass(frozen=True, slots=True)
class Beside:
    """Where our own past is looked up.

    Attributes:
        history, policies: what came, and the configurations.
        policy: the one in force.
        zone: of the days, the county's.
    """

    history: Reports
    policies: Policies
    policy: Policy
    zone: ZoneInfo

    def apart(self, fixes: Iterable[TheirFix], since: float, until: float) -> tuple[list[Apart], list[Apart]]:
        """How far apart each day, and each day of each person: in their order.

        Raises:
            TransientFault, OurFault: history or configurations cannot be read.
        """
        of_person: defaultdict[str, list[TheirFix]] = defaultdict(list)
        for one in fixes:
            if one.fix.latitude is not None:
                of_person[one.person].append(one)
        found: dict[tuple[str, str], NDArray[np.float64]] = {}
        for person, theirs in sorted(of_person.items()):
            metres = self._metres(person, theirs, since, until)
            days = np.array([self._day(one.fix.time) for one in theirs])
            found |= {(person, day): metres[days == day] for day in np.unique(days).tolist()}
        days_of = sorted({day for _, day in found})
        whole = {day: np.concatenate([rows for key, rows in found.items() if key[1] == day]) for day in days_of}
        return [_told("", day, rows) for day, rows in whole.items()], [_told(*key, rows) for key, rows in found.items()]

    def _metres(self, person: str, theirs: Sequence[TheirFix], since: float, until: float) -> NDArray[np.float64]:
        """Float64 (n, 2): distance of each to ours of the same time, NaN: there is none; and both radii together."""
        ours = list(self._ours(person, since, until))
        metres = np.full((len(theirs), 2), np.nan)
        if not ours:
            return metres
        times, at = np.array([one.time for one in ours]), np.array([one.fix.time for one in theirs])
        right = np.minimum(times.searchsorted(at), len(times) - 1)
        left = np.maximum(right - 1, 0)
        nearest = np.where(np.abs(times[left] - at) <= np.abs(times[right] - at), left, right)
        beside = [ours[each] for each in nearest.tolist()]
        here = self._plane([one.fix.latitude for one in theirs], [one.fix.longitude for one in theirs])
        there = self._plane([one.latitude for one in beside], [one.longitude for one in beside])
        metres[:, 0] = np.hypot(*(here - there))
        metres[:, 1] = _radii([one.fix for one in theirs]) + np.array([one.radius_m for one in beside])
        metres[np.abs(times[nearest] - at) > NEAR] = np.nan
        return metres

    def _plane(self, latitude: Sequence[float | None], longitude: Sequence[float | None]) -> NDArray[np.float64]:
        """Metres east and north, float64 (2, n)."""
        return np.array(self.policy.plane.forward(np.array(latitude, np.float64), np.array(longitude, np.float64)))

    def _ours(self, person: str, since: float, until: float) -> Iterator[Fix]:
        digest = self.policy.configuration.digest
        while since < until:
            end = min(since + PIECE, until)
            yield from past_of(self.history, self.policies, person, since, end, digest).fixes
            since = end

    def _day(self, time: float) -> str:
        return f"{datetime.fromtimestamp(time, UTC).astimezone(self.zone):%Y-%m-%d}"


def _radii(fixes: Sequence[Imported]) -> NDArray[np.float64]:
    """Metres that hold 95 % of each, by its source and what it states."""
    source = np.array([one.source for one in fixes], np.uint8)
    accuracy = np.array([np.nan if one.accuracy_m is None else one.accuracy_m for one in fixes])
    return RADIUS95 * np.sqrt(variance(source, accuracy, np.array([one.satellites for one in fixes], np.int16)))


def _told(person: str, day: str, rows: NDArray[np.float64]) -> Apart:
    met = rows[~np.isnan(rows[:, 0])]
    if not len(met):
        return Apart(person, day, len(rows), 0, None, None, 0)
    median, most = (round(float(each), 1) for each in np.quantile(met[:, 0], (0.5, 0.95)))
    return Apart(person, day, len(rows), len(met), median, most, int((met[:, 0] > met[:, 1]).sum()))
