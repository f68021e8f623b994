"""What the steps of one run share: state, policy, the run's entries and columns, and the ledger."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from gateway.engine.ledger import At
from gateway.engine.whereabouts import last_known, place_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from gateway.engine.episode import Fact
    from gateway.engine.fuse import Fused
    from gateway.engine.ledger import Ledger
    from gateway.engine.policy import Policy
    from gateway.engine.reports import Reports
    from gateway.engine.shelf import Observer, Policies
    from gateway.engine.signs import Sign
    from gateway.engine.state import EngineState
    from gateway.engine.whereabouts import Whereabouts
    from gateway.journal.entries import EntryBatch


@dataclass(slots=True)
class Context:
    """One run of entries between two barriers. ``first`` is the log offset of the run's first entry.

    ``fused``: what the stretch of reports that is being decided did to the tracks.
    ``pairs``: what its fixes said of watches (``weigh.PAIR``), with the evidence after each.
    ``leaning``: rows and watches whose evidence leans and is not decided; None: nobody wants to know.
    ``signs``: who fell silent, is missed, was heard again; ``told_late``: alarms held back that this run has raised, by
    device (``outage``).
    ``seen``: places of people who are in pairs (``between.SEEN``); None: nobody is, or a past is decided anew.
    ``policies``: other configurations, where the past of before the present rules is to be decided.
    """

    state: EngineState
    policy: Policy
    entries: EntryBatch
    first: int
    reports: Reports
    ledger: Ledger
    observer: Observer | None = None
    policies: Policies | None = None
    fused: Fused | None = None
    pairs: NDArray[np.void] | None = None
    leaning: list[tuple[int, int]] | None = None
    signs: list[Sign] = field(default_factory=list)
    told_late: dict[str, str] = field(default_factory=dict)
    seen: list[NDArray[np.void]] | None = None

    def offset(self, row: int) -> int:
        """Log offset of a row's entry."""
        return int(self.reports.offset[row])

    def at(self, row: int) -> At:
        """Where in the log a row stands, and in its group's order."""
        order = float(self.reports.order[row])
        return At(self.offset(row), 1, float(self.reports.received[row]), self.device_key(row), order)

    def due_at(self, due: float, device: str, order: float | None = None) -> At:
        """Where in the log a timer fires: before the first entry at or after its due time."""
        offset = self.first + int(np.searchsorted(self.entries.received, due, side="left"))
        return At(offset, 0, due, device, order)

    def past(self, group: int, since: float, until: float, before: int) -> NDArray[np.void]:
        """What the history holds of a group (``history.PAST``), with the devices' indices of this policy."""
        seats = self.policy.groups.seats["levels"].rows(group)
        held = self.state.history.between([self.policy.devices[seat] for seat in seats], since, until, before)
        held["device"] = seats[held["device"]]
        return held

    def device_key(self, row: int) -> str:
        """Key of a row's device."""
        return self.policy.devices[int(self.reports.device[row])]

    def person(self, row: int) -> str:
        """Who wore it at device time; empty: nobody."""
        wearing = int(self.reports.wearing[row])
        return self.policy.wearings[wearing][1] if wearing >= 0 else ""

    def opening(self, row: int) -> bytes:
        """What the opening report says, as a digest, for the identity."""
        return int(self.reports.digest[row]).to_bytes(8, "big")

    @contextmanager
    def then(self, row: int) -> Iterator[None]:
        """Within it the track of a row's wearer is what it was just after the row: tracks run ahead of verdicts."""
        wearing = int(self.reports.wearing[row])
        was = self.fused.at(row, self.reports.wearing) if self.fused is not None and wearing >= 0 else None
        if was is None:
            yield
            return
        bank = self.state.track.records
        now, bank[wearing] = bank[wearing].copy(), was
        try:
            yield
        finally:
            bank[wearing] = now

    def place(self, row: int) -> Whereabouts:
        """The wearer's fused position in WGS-84 with its 95 % radius; nothing where there is no track."""
        with self.then(row):
            return place_of(self.state, self.policy, int(self.reports.wearing[row]))

    def last_known(self, row: int) -> dict[str, Fact]:
        """What else is known of that position: its time, its source, home and zones."""
        with self.then(row):
            return last_known(self.state, self.policy, int(self.reports.wearing[row]))

    def people_of(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """Index of the wearer of rows that have one."""
        return self.policy.wearing_person[self.reports.wearing[rows]]


def spread(
    rows: NDArray[np.int64], first: NDArray[np.int64], count: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Ragged expansion: every row paired with each of its ``count`` items from ``first`` on."""
    total = int(count.sum())
    of_row = np.repeat(np.arange(len(rows)), count)
    within = np.arange(total) - np.repeat(np.cumsum(count) - count, count)
    return rows[of_row], first[of_row] + within
