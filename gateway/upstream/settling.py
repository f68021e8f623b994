"""What went out on one connection, or on those before it, and is not settled yet: pure, time as an argument.

A row is settled when it comes back to us, byte for byte: that the broker has it is then certain. Until then

* a row from an earlier connection that was not acknowledged is *in doubt*. A fence is published after connecting; once
  it, or anything else of this connection, has come back, the broker returns things and is repeating what it owes us.
  Some (NATS) repeat only after half a minute, so the row waits until no repetition has come for the repeat wait. Then
  it had never arrived, and is released to be sent again. Without a fence back nothing is concluded;
* a row that was acknowledged, and does not come back within the same wait, is *unconfirmed*.

The broker returns things in order: while earlier rows still come back, the wait for later ones has not begun.
"""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from gateway.mqtt.connection import REFUSED
from gateway.store.outbox import POISON, UNCONFIRMED, Marks

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from gateway.settings.model import Delivery
    from gateway.store.outbox import Owed

NEVER = math.inf
QUOTA_EXCEEDED = 0x97
"""The broker's trouble, not the message's: no try is counted."""
ENDS: Final = 3
"""Connections that end with one row as the first that is missed, before it is set aside; from the second on it is
alone."""
REST = 2.0
LONGEST_REST = 60.0
"""Seconds before a refused row is tried again: doubled with each try."""


@dataclass(slots=True)
class _Group:
    """Rows that wait together, by digest; ``since``: the last sign that they may yet come back."""

    rows: dict[bytes, Owed]
    since: float = NEVER


@dataclass(slots=True)
class Overdue:
    """What time has told: what to write down of rows, and whether the broker is to be left."""

    marks: Marks = field(default_factory=Marks)
    is_silent: bool = False
    """The fence did not come back."""
    is_stalled: bool = False
    """A publish was not acknowledged in time."""
    is_rested: bool = False
    """Refused rows may be tried again."""


class Settling:
    """One connection's view.

    Args:
        earlier: rows from connections before it, in the order in which they went out.
        losses: for each connection that its broker ended, the sequences that were in flight, in that order.
    """

    def __init__(self, waits: Delivery, earlier: Iterable[Owed] = (), losses: Iterable[Sequence[int]] = ()) -> None:
        self.waits = waits
        self.hears = True
        """Whether the broker lets us hear our own alarms."""
        self.proved = False
        """Whether anything of this connection has come back."""
        self._earlier = _Group({digest(row.alarm, row.body): row for row in earlier})
        self._losses = losses
        self._groups: list[_Group] = []
        self._flying: dict[bytes, Owed] = {}
        self._flown: set[bytes] = set()
        """Of the window under way: all of it, and what came back of it."""
        self._resting: dict[str, float] = {}
        """Until when a refused row's alarm is let alone."""
        self._sent_at = self._fenced_at = NEVER

    def blocked(self, now: float) -> frozenset[str]:
        """Alarms of which an earlier row is in doubt or resting: a later one may not overtake it."""
        self._resting = {alarm: until for alarm, until in self._resting.items() if until > now}
        return frozenset(self._resting).union(row.alarm for row in self._earlier.rows.values() if not row.acked)

    @property
    def doubtful(self) -> int:
        """How many rows are in doubt."""
        return sum(not row.acked for row in self._earlier.rows.values())

    def fence(self, now: float) -> None:
        """The fence goes out."""
        self._sent_at = now

    def fenced(self, now: float) -> None:
        """The broker has acknowledged the fence."""
        self._sent_at, self._fenced_at = NEVER, now

    def heard(self, now: float) -> None:
        """The fence, or anything else of this connection, came back."""
        if not self.proved:
            self.proved, self._earlier.since = True, now

    def send(self, rows: Iterable[Owed], now: float) -> None:
        """A window goes out; one at a time."""
        self._flying = {digest(row.alarm, row.body): row for row in rows}
        self._flown = set()
        self._sent_at = now

    def came_back(self, mark: bytes, now: float, *, repeated: bool) -> Owed | None:
        """An alarm came back; the row it settles, if it is one of ours that waits."""
        if repeated and self.proved:
            self._earlier.since = now
        if (row := self._earlier.rows.pop(mark, None)) is not None:
            self._earlier.since = now if self.proved else NEVER
            return row
        row = self._flying.get(mark)
        if row is not None:
            self._flown.add(mark)
        else:
            row = self._landed(mark, now)
        if row is not None:
            self.heard(now)
        return row

    def _landed(self, mark: bytes, now: float) -> Owed | None:
        for group in self._groups:
            if (row := group.rows.pop(mark, None)) is not None:
                group.since = now
                return row
        return None

    def land(self, reasons: Mapping[int, int], now: float) -> Marks:
        """The window is acknowledged, with the broker's reason by sequence. Returns what to write down."""
        marks, waiting = Marks(), {}
        for mark, row in self._flying.items():
            if mark not in self._flown and reasons[row.seq] >= REFUSED:
                self._refused(row, reasons[row.seq], marks, now)
            elif mark in self._flown or not self.hears:
                marks.delivered.append(row.seq)
            else:
                marks.acked.append(row.seq)
                waiting[mark] = row
        self._groups.append(_Group(waiting, now))
        self._drop_empty()
        self._flying, self._flown, self._sent_at = {}, set(), NEVER
        return marks

    def _refused(self, row: Owed, reason: int, marks: Marks, now: float) -> None:
        self._resting[row.alarm] = now + min(REST * 2.0**row.tries, LONGEST_REST)
        if reason == QUOTA_EXCEEDED:
            marks.released.append(row.seq)
        elif row.tries + 1 >= self.waits.tries:
            marks.set_aside[row.seq] = POISON
        else:
            marks.tried.append(row.seq)

    def in_flight(self) -> list[int]:
        """Sequences of the window under way that have not come back, in the order in which they went out."""
        return [row.seq for mark, row in self._flying.items() if mark not in self._flown]

    def settle_blindly(self) -> Marks:
        """Nothing will come back: what is in doubt is released.

        What was acknowledged is delivered where we may not listen, and unconfirmed where we may and hear nothing.
        """
        rows = list(self._earlier.rows.values())
        self._earlier.rows.clear()
        marks = self._over(rows)
        if not self.hears:
            marks.delivered = [row.seq for row in rows if row.acked]
            marks.set_aside = {seq: why for seq, why in marks.set_aside.items() if why != UNCONFIRMED}
        return marks

    def due(self) -> float:
        """When to look next; infinity: not before something is sent."""
        stalled = self._sent_at + self.waits.publish_wait
        return min([stalled, self._fence_due(), *self._ends(), *self._resting.values()])

    def look(self, now: float) -> Overdue:
        """What the time that has passed settles; each thing is told once, but for what ends the connection."""
        stalled = now >= self._sent_at + self.waits.publish_wait
        rested = any(until <= now for until in self._resting.values())
        overdue = Overdue(is_silent=now >= self._fence_due(), is_stalled=stalled, is_rested=rested)
        for group, end in zip((self._earlier, *self._groups), self._ends(), strict=True):
            if now < end:
                continue
            if group is self._earlier:
                overdue.marks = self._over(list(group.rows.values()))
            else:
                overdue.marks.set_aside |= {row.seq: UNCONFIRMED for row in group.rows.values()}
            group.rows.clear()
        self._drop_empty()
        self.blocked(now)
        return overdue

    def _over(self, rows: list[Owed]) -> Marks:
        """Earlier rows that will not come back. The first that is missed of a lost window may be what ended it."""
        marks = Marks(set_aside={row.seq: UNCONFIRMED for row in rows if row.acked})
        doubtful = [row for row in rows if not row.acked]
        missed = {row.seq for row in doubtful}
        heads = {next((seq for seq in loss if seq in missed), None) for loss in self._losses}
        for row in doubtful:
            if row.seq not in heads:
                marks.released.append(row.seq)
            elif row.tries + 1 >= ENDS:
                marks.set_aside[row.seq] = POISON
            else:
                marks.tried.append(row.seq)
        return marks

    def _fence_due(self) -> float:
        """When the fence is missed; only where something hangs on it."""
        return NEVER if self.proved or not self._earlier.rows else self._fenced_at + self.waits.fence_wait

    def _ends(self) -> list[float]:
        """When each group's wait is over, the earlier one first. Until a group's turn comes its wait has not begun."""
        ends = [self._earlier.since if self._earlier.rows else NEVER]
        latest = -NEVER
        for group in self._groups:
            latest = max(latest, group.since)
            ends.append(latest)
        return [end + self.waits.repeat_wait for end in ends]

    def _drop_empty(self) -> None:
        latest = -NEVER
        for group in self._groups:
            latest = group.since = max(latest, group.since)
        self._groups = [group for group in self._groups if group.rows]


def digest(alarm: str, payload: bytes) -> bytes:
    """What tells one of our own messages: its topic's last part and all of its bytes."""
    return hashlib.sha256(alarm.encode() + b"\x00" + payload).digest()
