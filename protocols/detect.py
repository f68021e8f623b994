"""Telling the wire format on a shared port by the first bytes, after which the family's own session does the rest.

A family is chosen by its signature and taken for sure once it has brought a good frame. One that brings rubbish alone
is given up again, so that a line that was joined in the middle of a frame is understood in the end. What is well known
and none of ours (HTTP, TLS, SSH) is refused by its kind and never looked at again.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from protocols.errors import OrderFault
from protocols.framing import CUT_DATAGRAM, LOOK_BYTES, RUBBISH, kind_of
from protocols.session import Frame, Login, Numbering, Refused
from protocols.turns import Seated

if TYPE_CHECKING:
    from collections.abc import Mapping

    from protocols.order import Order, Sending
    from protocols.session import Decision, Event, Family, WireSession
    from protocols.turns import Seat

DOUBT = 2048
"""Bytes of rubbish without one good frame, after which a choice is given up: more than the longest usual frame."""
NOISE = b"\r\n\0"
"""What may stand before the first frame: modems end their lines with it."""
FOREIGN = frozenset({"http_request", "tls_hello", "ssh_banner"})


class Detecting:
    """A session of a family yet to be told; implements :class:`protocols.session.WireSession`.

    Args:
        families: by name; those without a signature are never chosen.
        strict_checksum: see :meth:`protocols.session.Family.session`.
    """

    def __init__(self, families: Mapping[str, Family], *, strict_checksum: bool = True) -> None:
        rows = [(signature, family) for family in families.values() for signature in family.signature]
        self._signatures = sorted(rows, key=lambda row: len(row[0]), reverse=True)
        self._strict = strict_checksum
        self._session: WireSession | None = None
        self._numbering: Numbering | None = None
        self._seated: Seated | None = None
        self._sure = False
        self._pending = b""
        self._foreign = ""
        self._discarded: Counter[str] = Counter()

    @property
    def protocol(self) -> str:
        """The family's name; empty while it is not told."""
        return "" if self._session is None else self._session.protocol

    @property
    def discarded(self) -> Mapping[str, int]:
        """Bytes thrown away so far, by reason."""
        own = self._session.discarded if self._session is not None else {}
        return self._discarded + Counter(own)

    def feed(self, data: bytes, now: float) -> list[Event]:
        """Take bytes in any split; return what became complete. At most ``LOOK_BYTES`` wait for the choice."""
        session = self._session
        out: list[Event] = []
        if session is None:
            self._pending += data
            session = self._look(out)
            if session is None:
                return out
            data, self._pending = self._pending, b""
        out += session.feed(data, now)
        return out if self._sure else self._tried(session, out, now)

    def end_datagram(self, now: float) -> list[Event]:
        """What is unfinished is refused; a choice that has brought no good frame is dropped."""
        out: list[Event] = []
        if self._session is not None:
            out = self._session.end_datagram(now)
            if not self._tried_well(out):
                self._give_up()
        elif self._pending:
            self._refuse(CUT_DATAGRAM, len(self._pending), out)
        self._foreign = ""
        return out

    def decide(self, login: Login, decision: Decision, credential: str) -> bytes:
        """The answer to a login, in the words of the family that brought it."""
        return b"" if self._session is None else self._session.decide(login, decision, credential)

    def number(self, frame: bytes) -> bytes:
        """The frame as the family's session lets it go."""
        return frame if self._numbering is None else self._numbering.number(frame)

    def seat(self) -> Seat | None:
        """How the family's session reads the next frame; None while it is not sure."""
        return self._seated.seat() if self._sure and self._seated is not None else None

    def claim(self, count: int) -> int:
        """The first of its next serials."""
        return 0 if self._seated is None else self._seated.claim(count)

    def order(self, identity: str, order: Order) -> Sending:
        """An order in the words of the family.

        Raises:
            OrderFault: also while no family is told.
        """
        if self._session is None:
            raise OrderFault(f"{identity}: nothing has been heard yet that tells its wire format")
        return self._session.order(identity, order)

    @property
    def is_waiting(self) -> bool:
        """Whether the family's session is."""
        return self._session is not None and self._session.is_waiting

    def tick(self, now: float) -> list[Event]:
        """What is due in the family's session."""
        return [] if self._session is None else self._session.tick(now)

    def _look(self, out: list[Event]) -> WireSession | None:
        """The session of the family that the first bytes name; what begins none is refused."""
        self._skip_noise()
        while self._pending and not self._foreign:
            family = self._beginning_with(self._pending)
            if family is not None:
                self._choose(family.session(family.profiles[0], strict_checksum=self._strict))
                return self._session
            if not self._refuse_beginning(out):
                return None
        if self._pending:
            self._discarded[self._foreign] += len(self._pending)
            self._pending = b""
        return None

    def _choose(self, session: WireSession | None) -> None:
        """From here on; what it can do is asked once, for that is dear."""
        self._session = session
        self._numbering = session if isinstance(session, Numbering) else None
        self._seated = session if isinstance(session, Seated) else None

    def _refuse_beginning(self, out: list[Event]) -> bool:
        """Refuse what no family begins with; False while more bytes are needed to tell."""
        pending = self._pending
        if any(signature.startswith(pending) for signature, _ in self._signatures):
            return False
        kind, at = kind_of(pending), self._next_signature()
        if kind in FOREIGN:
            self._foreign = kind
            out.append(Refused(kind, pending[:LOOK_BYTES]))
            return True
        if at < 0 and kind == RUBBISH and len(pending) < LOOK_BYTES:
            return False
        self._refuse(kind, at if at >= 0 else len(pending) - self._half(), out)
        return True

    def _skip_noise(self) -> None:
        stripped = self._pending.lstrip(NOISE)
        if len(stripped) < len(self._pending):
            self._discarded[RUBBISH] += len(self._pending) - len(stripped)
            self._pending = stripped

    def _beginning_with(self, data: bytes) -> Family | None:
        return next((family for signature, family in self._signatures if data.startswith(signature)), None)

    def _next_signature(self) -> int:
        """Where the first signature stands, -1 for nowhere."""
        found = [at for at in (self._pending.find(signature) for signature, _ in self._signatures) if at >= 0]
        return min(found, default=-1)

    def _half(self) -> int:
        """How many of the last bytes may be the beginning of a signature."""
        longest = max((len(signature) for signature, _ in self._signatures), default=1) - 1
        sizes = range(min(longest, len(self._pending) - 1), 0, -1)
        tails = ((size, self._pending[-size:]) for size in sizes)
        return next((size for size, tail in tails if any(one.startswith(tail) for one, _ in self._signatures)), 0)

    def _refuse(self, kind: str, count: int, out: list[Event]) -> None:
        stretch, self._pending = self._pending[:count], self._pending[count:]
        self._discarded[kind] += count
        out.append(Refused(kind, stretch[:LOOK_BYTES]))

    def _tried(self, session: WireSession, events: list[Event], now: float) -> list[Event]:
        """Events of a family that is not sure yet."""
        if self._tried_well(events) or sum(session.discarded.values()) < DOUBT:
            return events
        events += session.end_datagram(now)
        self._give_up()
        return events

    def _tried_well(self, events: list[Event]) -> bool:
        self._sure = self._sure or any(isinstance(event, (Frame, Login)) for event in events)
        return self._sure

    def _give_up(self) -> None:
        if self._session is not None:
            self._discarded += Counter(self._session.discarded)
            self._choose(None)
