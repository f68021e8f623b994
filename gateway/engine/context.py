"""What the steps of one run share: state, policy, the run's entries and columns, and the ledger."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypedDict

import numpy as np

from gateway.engine.fuse import sigma_of
from gateway.engine.ledger import At

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gateway.engine.ledger import Ledger
    from gateway.engine.policy import Policy
    from gateway.engine.reports import Reports
    from gateway.engine.state import EngineState
    from gateway.entries import EntryBatch

RADIUS95 = 2.4477
"""Radius in sigmas that holds 95 % of a circular normal distribution: sqrt(-2 ln 0.05)."""


class Whereabouts(TypedDict):
    """A fused position: WGS-84 degrees and its 95 % radius in metres; all None where there is no track."""

    latitude: float | None
    longitude: float | None
    radius_m: float | None


@dataclass(slots=True)
class Context:
    """One run of entries between two barriers. ``first`` is the log offset of the run's first entry."""

    state: EngineState
    policy: Policy
    entries: EntryBatch
    first: int
    reports: Reports
    ledger: Ledger

    def offset(self, row: int) -> int:
        """Log offset of a row's entry."""
        return self.first + int(self.reports.entry[row])

    def at(self, row: int) -> At:
        """Where in the log a row stands."""
        return At(self.offset(row), 1, float(self.reports.received[row]), self.device_key(row))

    def device_key(self, row: int) -> str:
        """Key of a row's device."""
        return self.policy.devices[int(self.reports.device[row])]

    def person(self, row: int) -> str:
        """Who wore it at device time; empty: nobody."""
        wearing = int(self.reports.wearing[row])
        return self.policy.wearings[wearing][1] if wearing >= 0 else ""

    def frame(self, row: int) -> bytes:
        """The opening entry's bytes, for the identity."""
        return self.entries.bytes_of(int(self.reports.entry[row]))

    def place(self, row: int) -> Whereabouts:
        """The wearer's fused position in WGS-84 with its 95 % radius; nothing where there is no track."""
        wearing = int(self.reports.wearing[row])
        if wearing < 0 or np.isnan(self.state.track["x"][wearing]):
            return {"latitude": None, "longitude": None, "radius_m": None}
        track = self.state.track
        latitude, longitude = self.policy.plane.inverse(track["x"][wearing], track["y"][wearing])
        radius = RADIUS95 * float(sigma_of(self.state, np.array([wearing]))[0])
        return {
            "latitude": round(float(latitude), 7), "longitude": round(float(longitude), 7),
            "radius_m": round(radius, 1),
        }  # fmt: skip

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
