"""What all firmwares are, whatever they speak: time and bytes in, frames out; reports made, kept and counted."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections import deque
from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING

from firmware_sim.firmware.quirks import PLAIN, DeviceClock, Quirks
from firmware_sim.firmware.store import ReportStore, SendQueue
from firmware_sim.firmware.wire import Edition

if TYPE_CHECKING:
    from collections.abc import Sequence

    from firmware_sim.firmware.measurement import Measurement
    from firmware_sim.firmware.source import ReportSource

USUAL_CAPACITY = 5000
"""Reports in a bracelet's memory."""


class Link(Enum):
    """State of the connection."""

    OFFLINE = "offline"
    REGISTERING = "registering"
    AUTHENTICATING = "authenticating"
    ONLINE = "online"


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the bracelet is on the wire. ``phone`` is digits without leading zeros: a phone number, or an IMEI."""

    phone: str
    terminal: str
    edition: Edition = Edition.Y2013


@dataclass(frozen=True, slots=True)
class Timing:
    """Simulated seconds: T of the repeats, and the pause between heartbeats."""

    answer_timeout: float = 30.0
    heartbeat: float = 600.0


class Firmware(ABC):
    """One bracelet. All moments are simulated UTC epoch seconds and never decrease.

    Attributes:
        store: what the platform does not have.
        clock: what the bracelet takes the time to be.
        sent: reports written to the link, repeats and doubles included.
        acknowledged: reports that count as delivered.
        connects: logins that succeeded.
        refused: logins that were refused, and answers other than yes to reports.
    """

    def __init__(
        self, identity: Identity, source: ReportSource, capacity: int = USUAL_CAPACITY, quirks: Quirks = PLAIN
    ) -> None:
        self.identity = identity
        self.quirks = quirks
        self.store = ReportStore(quirks.capacity or capacity)
        self.clock = DeviceClock(quirks)
        self.sent = self.acknowledged = self.connects = self.refused = 0
        self.link = Link.OFFLINE
        self._source: ReportSource | None = source
        self._queue = SendQueue(self.store, upload=quirks.upload, seed=(quirks.seed, int(identity.phone)))
        self._reboots = deque(sorted(quirks.reboots))
        self._turned_away = False
        self._frames_with_reports = 0

    @property
    def wants_close(self) -> bool:
        """The link is to be closed: the login was refused, or the bracelet restarted."""
        return self._turned_away

    def due(self) -> float:
        """Moment at which ``tick`` has something to do."""
        report = math.inf if self._source is None else self._source.due()
        return min(report, self._reboots[0] if self._reboots else math.inf, self._due_on_link())

    def tick(self, now: float) -> list[bytes]:
        """Make the reports that are due; returns the frames to send now."""
        while self._reboots and self._reboots[0] <= now:
            self._make_until(self._reboots[0])
            self._reboot(self._reboots.popleft())
        self._make_until(now)
        self._release_if_over()
        return self._on_time(now)

    def unanswered_since(self) -> float:
        """When the oldest frame was sent that the platform owes an answer; ``inf`` where it owes none."""
        return math.inf

    def retire(self) -> None:
        """Make no more reports; what is stored is still delivered."""
        self._source = None

    @abstractmethod
    def connected(self, now: float) -> list[bytes]:
        """The connection stands: returns the frames that log in."""

    def disconnected(self) -> None:
        """The connection is gone; everything not acknowledged is to be sent again."""
        self.link = Link.OFFLINE
        self._queue.clear()
        self.store.store_live()

    @abstractmethod
    def receive(self, data: bytes, now: float) -> list[bytes]:
        """Take what the platform sent, in any split; returns the frames to send in turn."""

    def log_out(self, now: float) -> list[bytes]:
        """The last frames of an orderly end."""
        del now
        return []

    @abstractmethod
    def _records(self, measurement: Measurement) -> Sequence[bytes]:
        """A measurement written down: what the store keeps of it."""

    @abstractmethod
    def _due_on_link(self) -> float:
        """Moment at which ``_on_time`` has something to do."""

    @abstractmethod
    def _on_time(self, now: float) -> list[bytes]:
        """The frames that are to be sent now."""

    def _go_online(self) -> None:
        """The login succeeded: everything stored is to be sent."""
        self.link = Link.ONLINE
        self.connects += 1
        self._queue.restart()
        self._release_if_over()

    def _release_if_over(self) -> None:
        """Where no report will be made any more, the backlog waits for none."""
        if self._source is None or self._source.due() == math.inf:
            self._queue.release()

    def _make_until(self, now: float) -> None:
        while self._source is not None and self._source.due() <= now:
            self._keep(self._source.make())

    def _keep(self, made: Measurement | bytes) -> None:
        """Store what was made; on a live link it waits for its turn as well."""
        records: Sequence[bytes] = (made,) if isinstance(made, bytes) else self._records(self._dated(made))
        for record in records:
            is_live = self.link is Link.ONLINE
            number = self.store.add(record, live=is_live)
            if is_live:
                self._queue.append(number)

    def _dated(self, measurement: Measurement) -> Measurement:
        """As the bracelet's own clock dates it."""
        if self.clock.is_true:
            return measurement
        return replace(measurement, moment=self.clock.shows(measurement.moment))

    def _reboot(self, now: float) -> None:
        """Start anew: the connection, and what waited in RAM, are gone."""
        if self.link is Link.ONLINE:
            self.store.lose(self.store.live())
        if self.link is not Link.OFFLINE:
            self.disconnected()
            self._turned_away = True
        self.clock.restart(now)

    def _copies(self) -> int:
        """How often the next frame with reports is written."""
        return 2 if _is_nth(self._frames_with_reports, self.quirks.duplicate_every) else 1

    def _is_length_wrong(self) -> bool:
        """Whether the next frame with reports declares a wrong length."""
        return _is_nth(self._frames_with_reports, self.quirks.wrong_length_every)


def _is_nth(count: int, every: int) -> bool:
    return every > 0 and count % every == 0
