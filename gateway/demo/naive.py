"""What a naive system would have raised from the same reports: each raw fix against each polygon, each device bit."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from gateway.engine import FLAG_KINDS, EngineState, WatchKind, decode_run, project, spread
from gateway.engine.passes import attribute, judge_clock
from protocols.report import Flag

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gateway.engine import Policy, Reports
    from gateway.journal.entries import EntryBatch

KINDS = {
    WatchKind.STAY_INSIDE: "inclusion_exit",
    WatchKind.KEEP_OUT: "exclusion_enter",
    WatchKind.BE_THERE: "curfew_late",
}
BITS = np.uint64(sum(FLAG_KINDS) | Flag.BATTERY_LOW)


class NaiveBaseline:
    """Point in polygon on the raw fix, an alarm at every crossing; every rising device bit an alarm."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._scratch = EngineState()
        self._breach = np.zeros(len(policy.watches.key), np.bool_)
        self._bits = np.zeros(len(policy.devices), np.uint64)
        self.raised: Counter[str] = Counter()
        self.by_person: Counter[str] = Counter()
        """Crossings by person."""
        self.reports: set[tuple[int, int]] = set()
        """Device and digest of every report seen: a repeated one counts once."""

    @property
    def total(self) -> int:
        """Alarms so far."""
        return self.raised.total()

    def hear(self, entries: EntryBatch) -> None:
        """Judge a batch of entries."""
        reports = decode_run(self._scratch, entries, self._policy)
        said = ~reports.bare
        self.reports.update(zip(reports.device[said].tolist(), reports.digest[said].tolist(), strict=True))
        judge_clock(self._scratch, reports)
        attribute(self._scratch, reports, self._policy)
        project(reports, self._policy)
        self._crossings(reports)
        self._rising(reports)

    def _crossings(self, reports: Reports) -> None:
        policy, watches = self._policy, self._policy.watches
        rows = np.flatnonzero(reports.located & (reports.wearing >= 0))
        people = policy.wearing_person[reports.wearing[rows]]
        rows, watch = spread(rows, watches.first[people], watches.count[people])
        if not len(rows):
            return
        reach = np.ones(len(rows))
        distance, _ = policy.zones.signed_distance(watches.zone[watch], reports.x[rows], reports.y[rows], reach)
        inside = distance >= 0
        kind = watches.kind[watch]
        breach = np.where(kind == WatchKind.KEEP_OUT, inside, ~inside)
        breach &= (kind != WatchKind.BE_THERE) | self._at_curfew(watch, reports.time[rows])
        for index in range(len(rows)):
            at = int(watch[index])
            if breach[index] and not self._breach[at]:
                self.raised[KINDS[WatchKind(int(kind[index]))]] += 1
                self.by_person[policy.people[int(watches.person[at])]] += 1
            self._breach[at] = breach[index]

    def _at_curfew(self, watch: NDArray[np.int64], time: NDArray[np.float64]) -> NDArray[np.bool_]:
        curfews = self._policy.curfews
        curfew = curfews.by_watch[watch]
        within = np.zeros(len(watch), np.bool_)
        for index in np.flatnonzero(curfew >= 0):
            schedule = curfews.schedules[int(curfews.schedule[curfew[index]])]
            within[index] = not np.isnan(schedule.window(time[index : index + 1])[0][0])
        return within

    def _rising(self, reports: Reports) -> None:
        for row in np.flatnonzero(~reports.bare & (reports.wearing >= 0)):
            device, bits = int(reports.device[row]), reports.flags[row] & BITS
            rising = int(bits & ~self._bits[device])
            self.raised["device_bit"] += rising.bit_count()
            self._bits[device] = bits
