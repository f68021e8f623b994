"""Which entries of a journal tell where a person was: by device and time, as the law judged them when they came."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from gateway.clock_bounds import CLOCK_AHEAD, CLOCK_BEHIND
from gateway.decoded import from_json, plain_json
from gateway.engine.fragments import TIMEOUT
from gateway.engine.records import Command, Ended
from gateway.engine.reports import decoded
from gateway.engine.speakers import Speakers
from gateway.engine.state import EngineState
from gateway.journal.controls import Act, Imported, Reminder
from gateway.journal.entries import EntryKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from gateway.engine.policy import Policy
    from gateway.journal.entries import EntryBatch

OF_DEVICES: Final = (EntryKind.FRAME, EntryKind.FRAGMENT, EntryKind.OPENED, EntryKind.CLOSED)
"""What has a device as its origin."""
_SPOKEN: Final = (EntryKind.REMINDER, EntryKind.ACT, EntryKind.COMMAND, EntryKind.RESULT)
"""What may name a person, or a device, in its content."""


@dataclass(slots=True)
class Whose:
    """One person's entries; rows are looked at in log order.

    Attributes:
        policy: knows the devices' wire formats.
        person: whose.
        spans: by device, from when until when it was worn: UTC epoch seconds.
        shared: entries that are meant though other reports in them are of other times: they go as a whole.
    """

    policy: Policy
    person: str
    spans: Mapping[str, Sequence[tuple[float, float]]]
    shared: int = 0
    _own: Policy = field(init=False)
    _state: EngineState = field(default_factory=EngineState)
    _parts: dict[str, list[tuple[float, int]]] = field(default_factory=lambda: defaultdict(list))
    """By device, when the fragments since a message was complete were received, and their offsets."""
    _orders: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        # Of origins each reader keeps his own: the engine meets others at the same time.
        self._own = replace(self.policy, speakers=Speakers(self.policy.device_index))

    def look(self, first: int, batch: EntryBatch) -> list[int]:
        """Offsets of the person's entries of a row; with the last fragment of a message come those before it."""
        found = [first + index for index in (*self._spoken(batch), *self._imported(batch))]
        mine = np.array([origin.device in self.spans for origin in batch.origins], np.bool_)[batch.origin]
        at = np.flatnonzero(mine & np.isin(batch.kind, OF_DEVICES))
        if len(at):
            part = replace(
                batch, kind=batch.kind[at], received=batch.received[at], origin=batch.origin[at],
                start=batch.start[at], length=batch.length[at],
            )  # fmt: skip
            found += self._with_parts(part, first + at, *self._judge(part))
        return found

    def _imported(self, batch: EntryBatch) -> Iterator[int]:
        """Imported fixes of the person's times: of those of the devices that she wore then."""
        for index in np.flatnonzero(batch.kind == np.uint8(EntryKind.IMPORTED)).tolist():
            spans = self.spans.get(batch.origin_of(index).device, ())
            time = from_json(batch.bytes_of(index), Imported).time if spans else 0.0
            if any(since <= time < until for since, until in spans):
                yield index

    def _judge(self, part: EntryBatch) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Whether entries have reports, and are the person's: by these, or where there are none by when they came."""
        rows, _, reports = decoded(self._state, part, self._own)
        received, told = part.received[rows], ~np.isnan(reports.time)
        is_possible = (reports.time >= received - CLOCK_BEHIND) & (reports.time <= received + CLOCK_AHEAD)
        time = np.where(is_possible, reports.time, received)
        hits = self._within([part.origin_of(row).device for row in rows.tolist()], time)
        has, mine, others = (np.zeros(len(part), np.bool_) for _ in range(3))
        has[rows[told]], mine[rows[told & hits]], others[rows[told & ~hits]] = True, True, True
        self.shared += int((mine & others).sum())
        came = self._within([part.origin_of(row).device for row in range(len(part))], part.received)
        return has, np.where(has, mine, came)

    def _within(self, devices: Sequence[str], times: NDArray[np.float64]) -> NDArray[np.bool_]:
        found = zip(devices, times.tolist(), strict=True)
        return np.array([any(a <= time < b for a, b in self.spans[device]) for device, time in found], np.bool_)

    def _with_parts(
        self, part: EntryBatch, offsets: NDArray[np.int64], has: NDArray[np.bool_], is_mine: NDArray[np.bool_]
    ) -> Iterator[int]:
        for index, offset in enumerate(offsets.tolist()):
            before = [] if part.kind[index] != EntryKind.FRAGMENT else self._before(part, index, offset)
            if is_mine[index]:
                yield from before or [offset]
            if before and (has[index] or is_mine[index]):
                del self._parts[part.origin_of(index).device]

    def _before(self, part: EntryBatch, index: int, offset: int) -> list[int]:
        """Offsets of the fragments that one may complete a message with, and of itself."""
        device, received = part.origin_of(index).device, float(part.received[index])
        held = [(at, each) for at, each in self._parts[device] if received - at <= TIMEOUT]
        self._parts[device] = [*held, (received, offset)]
        return [each for _, each in self._parts[device]]

    def _spoken(self, batch: EntryBatch) -> Iterator[int]:
        """Reminders of the person, alarms in objections, and what devices answered to orders of then."""
        for index in np.flatnonzero(np.isin(batch.kind, _SPOKEN)).tolist():
            if self._says(EntryKind(int(batch.kind[index])), batch.bytes_of(index), float(batch.received[index])):
                yield index

    def _says(self, kind: EntryKind, payload: bytes, received: float) -> bool:
        if kind is EntryKind.REMINDER:
            return from_json(payload, Reminder).person == self.person
        if kind is EntryKind.ACT:
            told = from_json(payload, Act).episode
            return bool(told) and plain_json(told)["person"] == self.person
        if kind is EntryKind.COMMAND:
            order = from_json(payload, Command)
            if order.device in self.spans and self._within([order.device], np.array([received]))[0]:
                self._orders.add(order.id)
            return False
        ended = from_json(payload, Ended)
        return bool(ended.text) and ended.command in self._orders
