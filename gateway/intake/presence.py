"""Which session speaks for a device: of two, the one that came later."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING

from gateway.intake.hosts import host_of
from gateway.intake.visit import without_name

if TYPE_CHECKING:
    from gateway.intake.refusals import Refusals
    from gateway.intake.visit import Visit

MOST_UNPROVEN = 50
"""Devices that the status names."""
TAKEN_OVER_AGAIN = 3600.0
"""Seconds after which a device that goes from host to host is shown again: a mobile network moves it often."""


@dataclass(frozen=True, slots=True)
class Coming:
    """What it changes that a session speaks for a device.

    Attributes:
        is_new: it has not done so before, or its login has gone a step on.
        is_opened: it is now the one that does.
        older: the session that has to give way.
    """

    is_new: bool = False
    is_opened: bool = False
    older: Visit | None = None


@dataclass(slots=True)
class Presence:
    """Sessions by the devices they speak for.

    Attributes:
        newest: by device, the session that speaks for it.
    """

    refusals: Refusals
    newest: dict[str, Visit] = field(default_factory=dict)
    _looked_at: dict[str, float] = field(default_factory=dict)
    """By device, when it was last shown that another host had taken it over."""

    def come_forward(self, visit: Visit, device: str, identity: str, now: float) -> Coming:
        """A session speaks for a device, under an identity."""
        current = self.newest.get(device)
        if current is visit and identity not in visit.registering:
            return Coming()
        visit.registering = without_name(visit.registering, identity)
        if current is None or current is visit:
            self.newest[device] = visit
            return Coming(is_new=True, is_opened=current is None)
        is_later = visit.came > current.came
        older, newer = (current, visit) if is_later else (visit, current)
        if is_later:
            self.newest[device] = visit
            visit.strand.follow(current.strand)
        self._superseded(device, older, newer, now)
        return Coming(is_later, is_later, older)

    def leave(self, visit: Visit, device: str) -> bool:
        """A session ended; whether it was the one that spoke for the device."""
        if self.newest.get(device) is not visit:
            return False
        del self.newest[device]
        return True

    def unproven(self) -> dict[str, str]:
        """Peers of the devices on line that have registered and never authenticated, by device; some of them."""
        found = (
            (device, visit.peer) for device, visit in self.newest.items()
            for identity, origin in visit.origins.items() if origin.device == device and visit.is_unproven(identity)
        )  # fmt: skip
        return dict(sorted(islice(found, MOST_UNPROVEN)))

    def _superseded(self, device: str, older: Visit, newer: Visit, now: float) -> None:
        """Two sessions of one device: counted; from two hosts it may be two terminals, so both are kept for a look."""
        hosts = {host_of(visit.peer) for visit in (older, newer)}
        if len(hosts) == 1 or now < self._looked_at.get(device, -math.inf) + TAKEN_OVER_AGAIN:
            self.refusals.counts["session_superseded"] += 1
            return
        self._looked_at[device] = now
        peers = f"{device}: {older.peer} -> {newer.peer}"
        self.refusals.add("session_superseded", now, newer.listener.name, peers)
