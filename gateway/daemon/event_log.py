"""One line of the log an event, for operators: connections, refusals, orders, acts, alarms. Never a place or a name.

A source that makes a noise is heard a few times, then counted, and the count is told.
"""

from __future__ import annotations

import ipaddress
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import structlog

from gateway.journal.entries import EntryKind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from signal import Signals

    from gateway.intake.refusals import Refusal
    from gateway.journal.entries import EntryBatch
    from gateway.ports import Tell, Trace

log = structlog.get_logger()

WINDOW = 60.0
"""Seconds for which lines are counted."""
PER_SOURCE = 5
"""Lines of one event and source in a window; those above are counted and told as one line when it is over."""
PER_EVENT = 100
"""Lines of one event in a window, whatever their sources."""
MOST_SOURCES = 1024
"""Sources counted apart in a window; what others say is counted together."""


@dataclass(slots=True)
class EventLog:
    """Implements :class:`Tell`.

    Attributes:
        write: one line: its event, and facts by keyword.
        now: seconds of a clock that is never set.
    """

    write: Callable[..., object]
    now: Callable[[], float]
    _since: float = 0.0
    _lines: Counter[tuple[str, str]] = field(default_factory=Counter)
    _told: Counter[str] = field(default_factory=Counter)

    def __call__(self, event: str, source: str, /, **facts: object) -> None:
        """Write a line, or count it."""
        if self.now() - self._since >= WINDOW:
            self.flush()
            self._since = self.now()
        key = (event, source)
        if key not in self._lines and len(self._lines) >= MOST_SOURCES:
            key = (event, "others")
        self._lines[key] += 1
        if self._lines[key] > PER_SOURCE or self._told[event] >= PER_EVENT:
            return
        self._told[event] += 1
        self.write(event, **facts)

    def flush_old(self) -> None:
        """Tell what was counted, once its window is over; call now and then, so that the last count is told too."""
        if self.now() - self._since >= WINDOW:
            self.flush()

    def flush(self) -> None:
        """Tell what was counted and begin anew."""
        more: Counter[str] = Counter()
        for (event, source), lines in self._lines.items():
            if lines > PER_SOURCE:
                self.write(event, source=source, more=lines - PER_SOURCE)
            more[event] += min(lines, PER_SOURCE)
        for event, lines in more.items():
            if lines > self._told[event]:
                self.write(event, source="others", more=lines - self._told[event])
        self._lines.clear()
        self._told.clear()


def tell_refusal(tell: Tell, refusal: Refusal) -> None:
    """One refusal; of a terminal by its number, of others by their address without the port."""
    source = refusal.identity or address_of(refusal.peer) or refusal.listener
    tell(
        "refused", f"{refusal.reason} {source}", reason=refusal.reason, listener=refusal.listener,
        **{name: value for name, value in _facts(refusal) if value},
    )  # fmt: skip


def _facts(refusal: Refusal) -> tuple[tuple[str, str], ...]:
    return ("peer", refusal.peer), ("terminal", refusal.identity), ("frame", refusal.frame)


def trace_durable(trace: Trace, first: int, batch: EntryBatch, frames: Mapping[int, str]) -> None:
    """A line an entry that is durable from here on, by its offset, with the name that its frame had until then."""
    for row, kind in enumerate(batch.kind.tolist()):
        device = batch.origin_of(row).device
        trace("entry durable", entry=first + row, kind=EntryKind(kind).name, frame=frames.get(row, ""), device=device)


def trace_stepped(trace: Trace, first: int, entries: int) -> None:
    """A line an entry that the engine has taken, what it said being committed."""
    for entry in range(first, first + entries):
        trace("entry stepped", entry=entry)


def address_of(peer: str) -> str:
    """The address of ``host:port``, which is what many connections of one machine share; else what stands there."""
    host, _, port = peer.rpartition(":")
    host = host.strip("[]")
    try:
        return str(ipaddress.ip_address(host)) if port.isdecimal() else peer
    except ValueError:
        return peer


def tell_signal(name: Signals) -> None:
    """One came that is no wish to stop."""
    log.warning("signal ignored: it has no meaning here", signal=name.name)
