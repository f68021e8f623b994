"""What devices' sessions have found out of them, and how far their clocks are off: kept over sessions and starts."""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING

from gateway.intake.device_clock import Clocks, DeviceClock
from gateway.journal.entries import EntryKind
from gateway.journal.facts import parted
from protocols.session import Acquaintance, Acquainted, Identifying

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable

    from gateway.intake.directory import Directory
    from gateway.intake.visit import Visit
    from gateway.journal.contract import Journal
    from gateway.journal.entries import Origin
    from protocols.session import Family, Frame

LOOK_BACK = 1 << 18
"""Entries looked at for what devices' last sessions knew: a tenth of a second, and some fifty reports of 5,000 each."""


class Memory:
    """By device: the facts of its last session, and by how many seconds its clock was ahead last.

    Attributes:
        clocks: devices' clocks in the sessions that there are.
        on_clock: told by how many seconds a device's clock is ahead of what its wire and its configuration say, and
            what to write in its line (empty: it is no zone).
    """

    def __init__(self, directory: Directory, counts: Counter[str]) -> None:
        self.directory = directory
        self.counts = counts
        self.facts: dict[str, str] = {}
        self.clocks = Clocks()
        self._clocks: dict[str, float] = {}
        self.on_clock: Callable[[str, float, str], None] = lambda _device, _ahead, _line: None

    def remember(self, journal: Journal) -> None:
        """Learn from the end of the journal what sessions had found out of their devices."""
        for _, batch in journal.read(max(journal.begins, journal.next_offset - LOOK_BACK)):
            for index in batch.origin[batch.kind == EntryKind.FRAME].tolist():
                origin = batch.origins[index]
                self.facts[origin.device], ahead = parted(origin.facts)
                if not math.isnan(ahead):
                    self._clocks[origin.device] = ahead

    def recall(self, protocol: str, identity: str) -> str:
        """What the last session of a device had found out of it; empty: nothing."""
        device = self.directory.find(protocol, identity)
        return "" if device is None else self.facts.get(device.device, "")

    def know(self, protocol: str, identity: str) -> Acquaintance | None:
        """What is known of a device before it speaks; None where there is none."""
        device = self.directory.find(protocol, identity)
        return None if device is None else Acquaintance(device.profile, self.facts.get(device.device, ""))

    def remembering(self, family: Family) -> Family:
        """The family, its sessions with this memory."""
        if isinstance(family, Acquainted):
            return family.with_acquaintances(partial(self.know, family.name))
        return family.with_memory(partial(self.recall, family.name)) if isinstance(family, Identifying) else family

    def hold(self, device: str, facts: str, ahead: float | None) -> None:
        """A device's frames were as its session has known it: its own facts, and how far its clock is ahead.

        Without a report that showed it (None), what is remembered of the clock stays: it may be of an earlier session.
        """
        self.facts[device] = facts
        if ahead is not None:
            self._clocks[device] = ahead

    def read_clock(self, visit: Visit, origin: Origin, frame: Frame, now: float) -> None:
        """What a live report shows of its device's clock; told once an offset."""
        clock, known = visit.clocks.get(frame.identity), self._clocks.get(origin.device)
        if clock is None:
            base = self.directory.clock_ahead(origin.device, origin.profile)
            clock = visit.clocks[frame.identity] = DeviceClock(base, known, self.clocks)
        if not frame.live or not frame.device_times:
            return
        before = clock.ahead
        clock.heard(max(frame.device_times), now)
        if math.isnan(clock.ahead):
            self.counts["device_clock_stands"] += not math.isnan(before)
            return
        self._clocks[origin.device] = clock.ahead
        if clock.ahead not in (before, known if known is not None else clock.base):
            self.counts["device_clock_corrected"] += 1
            self.on_clock(origin.device, clock.ahead - clock.base, self.directory.zone_line(origin.device, clock.ahead))
