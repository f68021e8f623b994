"""An R16H wire session: sentences in, frames out; nothing is ever answered."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from protocols.errors import PeerFault
from protocols.framing import RUBBISH, SentenceDeframer, kind_of
from protocols.r16h.orders import reply_of, sentence_of
from protocols.r16h.sentences import BEGIN, END, MAX_SENTENCE, form_of, read_sentence, report_of
from protocols.report import URGENT
from protocols.session import Frame, Refused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from protocols.order import Order, Sending
    from protocols.r16h.profiles import Profile
    from protocols.session import Decision, Event, Login


class Session:
    """One connection; implements :class:`protocols.session.WireSession`."""

    protocol = "r16h"

    def __init__(self, profile: Profile) -> None:
        self._profile = profile
        self._deframer = SentenceDeframer(BEGIN, END, MAX_SENTENCE)
        self._refused: Counter[str] = Counter()
        self._ordered = ""

    @property
    def discarded(self) -> Mapping[str, int]:
        """Bytes thrown away so far, by reason."""
        return Counter(self._deframer.discarded) + self._refused

    def feed(self, data: bytes, now: float) -> list[Event]:
        """Take bytes in any split; every whole sentence is a frame."""
        del now
        return [self._event(found) if isinstance(found, bytes) else found for found in self._deframer.feed(data)]

    def _event(self, content: bytes) -> Event:
        raw = BEGIN + content + END
        try:
            sentence = read_sentence(content)
        except PeerFault as fault:
            kind = kind_of(content)
            reason = fault.reason if kind == RUBBISH else kind
            self._refused[reason] += len(raw)
            return Refused(reason, raw)
        report = report_of(sentence, 0, self._profile)
        replies = (reply_of(sentence, self._ordered),) if sentence.name == "RPLY" else ()
        times = () if report is None else (report.time,)
        urgent = report is not None and bool(report.flags & URGENT)
        number = form_of(sentence.name).number
        live = report is None or not report.stored
        return Frame(raw, sentence.identity, number, times, b"", replies=replies, urgent=urgent, live=live)

    def end_datagram(self, now: float) -> list[Event]:
        """What is unfinished is refused."""
        del now
        return list(self._deframer.cut())

    def decide(self, login: Login, decision: Decision, credential: str) -> bytes:
        """Nothing: the wire has no login and no answers."""
        del login, decision, credential
        return b""

    def order(self, identity: str, order: Order) -> Sending:
        """An order as a sentence; see :func:`protocols.r16h.orders.sentence_of`."""
        sending = sentence_of(identity, order)
        self._ordered = sending.answered_by
        return sending

    @property
    def is_waiting(self) -> bool:
        """Nothing is due by time alone."""
        return False

    def tick(self, now: float) -> list[Event]:
        """Nothing is due by time alone."""
        del now
        return []
