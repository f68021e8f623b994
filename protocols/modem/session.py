"""A modem's line: what is asked and when, and where a scan ends. No port, no clock."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from protocols.errors import OrderFault
from protocols.framing import RUBBISH, LineDeframer
from protocols.modem.privacy import without_numbers, without_subscriber
from protocols.modem.scan import MOST_BYTES, MOST_LINES, is_final, read_scan
from protocols.session import Frame, Refused, Send

if TYPE_CHECKING:
    from collections.abc import Mapping

    from protocols.modem.profiles import Profile
    from protocols.order import Order, Sending
    from protocols.session import Decision, Event, Login

MAX_LINE = 1024
SCAN = 1
"""The only kind of message there is."""


class Session:
    """One modem; implements :class:`protocols.session.WireSession`. A frame is one scan: all answers of a round.

    A round's commands go out one after the other, each when the one before was answered. A scan that nobody here asked
    for ends with its OK or ERROR, or with quiet.
    """

    protocol = "modem"

    def __init__(self, profile: Profile, identity: str) -> None:
        self._profile = profile
        self._identity = identity
        self._deframer = LineDeframer(MAX_LINE)
        self._refused: Counter[str] = Counter()
        self._lines: list[bytes] = []
        self._size = 0
        self._heard = 0.0
        self._due = -math.inf
        self._next: tuple[str, ...] = ()

    @property
    def discarded(self) -> Mapping[str, int]:
        """Bytes thrown away so far, by reason."""
        return Counter(self._deframer.discarded) + self._refused

    def feed(self, data: bytes, now: float) -> list[Event]:
        """Take bytes in any split; a scan that became complete is a frame."""
        out: list[Event] = []
        for found in self._deframer.feed(data):
            if isinstance(found, Refused):
                out.append(replace(found, raw=without_numbers(found.raw)))
            else:
                out += self._line(without_subscriber(found), now)
        return out

    @property
    def is_waiting(self) -> bool:
        """A round begins at its time, whatever comes."""
        return True

    def tick(self, now: float) -> list[Event]:
        """End a scan that has gone quiet; begin a round when it is due."""
        out: list[Event] = []
        is_due = bool(self._profile.commands) and now >= min(self._due, now + self._profile.interval_seconds)
        if self._lines and (is_due or abs(now - self._heard) >= self._profile.quiet_seconds):
            out += self._end()
        if is_due:
            self._due = now + self._profile.interval_seconds
            self._next = self._profile.commands
            out += self._ask()
        self._due = min(self._due, now + self._profile.interval_seconds)
        return out

    def end_datagram(self, now: float) -> list[Event]:
        """What is unfinished is refused."""
        del now
        return [replace(cut, raw=without_numbers(cut.raw)) for cut in self._deframer.cut()]

    def decide(self, login: Login, decision: Decision, credential: str) -> bytes:
        """Nothing: a modem does not log in."""
        del login, decision, credential
        return b""

    def order(self, identity: str, order: Order) -> Sending:
        """A modem takes no orders.

        Raises:
            OrderFault: always.
        """
        raise OrderFault(f"{identity}: a modem is only asked for its cells; it has no order {order.kind!r}")

    def _line(self, line: bytes, now: float) -> list[Event]:
        self._heard = now
        self._lines.append(line)
        self._size += len(line) + 2
        if is_final(line):
            return self._ask() if self._next else self._end()
        full = len(self._lines) >= MOST_LINES or self._size >= MOST_BYTES
        return self._end() if full else []

    def _ask(self) -> list[Event]:
        command, *rest = self._next
        self._next = tuple(rest)
        return [Send((command.encode("ascii") + b"\r",))]

    def _end(self) -> list[Event]:
        """What was gathered becomes a frame, or a refusal where no line of it was an answer."""
        lines, raw = self._lines, b"".join(line + b"\r\n" for line in self._lines)
        self._lines, self._size, self._next = [], 0, ()
        scan = read_scan(lines, self._profile)
        if not scan.known:
            self._refused[RUBBISH] += len(raw)
            return [Refused(RUBBISH, raw)]
        return [Frame(raw, self._identity, SCAN, (math.nan,) if scan.cells else (), b"")]
