"""One exchange with a location server: the bytes of a whole answer in, a frame a position out."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from protocols.errors import OrderFault, PeerFault
from protocols.mlp.answer import read_answer
from protocols.mlp.encoding import text_of
from protocols.mlp.position import Position, read_position
from protocols.mlp.results import OK, Advice, result_of
from protocols.session import Frame, Refused

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from protocols.mlp.reading import Reading
    from protocols.mlp.tree import Node
    from protocols.order import Order, Sending
    from protocols.session import Decision, Event, Login

AHEAD = 300.0
"""Seconds a carrier's clock may run ahead of ours; a place of the future is refused."""
LOCATE = "locate"
NOT_ASKED = "mlp_not_asked"
_DECLARATION = re.compile(r"""\sxmlns:([\w.-]+)\s*=\s*("[^"<]*"|'[^'<]*')""")
_PREFIX = re.compile(r"[\w.-]+(?=:)")
_TAG_NAME = re.compile(r"<[^\s/>]+")
_OF_A_PHONE = frozenset({Advice.ABSENT, Advice.WEAKER, Advice.CONFIGURE})
_SAID = '<pos><msid>{}</msid><poserr><result resid="{}">said of the whole request</result></poserr></pos>'


class Session:
    """Implements :class:`protocols.session.WireSession` over whole answers: HTTP says where they end.

    Args:
        reading: how this carrier's answers are read.
        asked: the numbers that were asked for; empty: any is taken (``decode``).

    Attributes:
        results: by number, what the last answer said of it (a code of ``protocols.mlp.results``).
        whole: the code for the whole request, 0 where it has none.
        request: ``req_id`` of the last answer.
        positions: how many the last answer held, readable or not.
        odd_offsets: positions whose ``utc_off`` is not the country's.
    """

    protocol = "mlp"

    def __init__(self, reading: Reading, asked: Collection[str] = ()) -> None:
        self._reading = reading
        self._asked = frozenset(asked)
        self._discarded: Counter[str] = Counter()
        self.results: dict[str, int] = {}
        self.whole = OK
        self.request = ""
        self.positions = 0
        self.odd_offsets = 0

    @property
    def discarded(self) -> Mapping[str, int]:
        """Bytes refused so far, by reason."""
        return dict(self._discarded)

    def feed(self, data: bytes, now: float) -> list[Event]:
        """Take one whole answer, or one position by itself."""
        try:
            answer = read_answer(data)
        except PeerFault as fault:
            return [self._refuse(fault.reason, data)]
        self.whole, self.request, self.positions = answer.result, answer.request, len(answer.positions)
        if not answer.positions and len(self._asked) == 1 and result_of(answer.result).advice in _OF_A_PHONE:
            # Said of the whole request, meant of the only phone in it: kept as what it means.
            return self.feed(_SAID.format(*self._asked, answer.result).encode(), now)
        prefixes = _declared_before(answer.positions[0].source, text_of(data)) if answer.positions else {}
        return [self._event(node, _by_itself(node.source, prefixes).encode() or data, now) for node in answer.positions]

    def end_datagram(self, now: float) -> list[Event]:
        """Nothing is ever kept unfinished."""
        del now
        return []

    def decide(self, login: Login, decision: Decision, credential: str) -> bytes:
        """There is no login: it is us who ask."""
        del login, decision, credential
        return b""

    def order(self, identity: str, order: Order) -> Sending:
        """Nothing is written to a phone: whoever asks the carrier does its orders himself."""
        raise OrderFault(f"{identity}: a phone is located by asking its carrier; {order.kind!r} cannot be sent to it")

    @property
    def is_waiting(self) -> bool:
        """Nothing is due by time alone."""
        return False

    def tick(self, now: float) -> list[Event]:
        """Nothing is due by time alone."""
        del now
        return []

    def _event(self, node: Node, source: bytes, now: float) -> Event:
        try:
            position = read_position(node, self._reading)
            self._check(position, now)
            _reread(source, position, self._reading)
        except PeerFault as fault:
            # Of a number that was not asked for nothing is kept, not even a sample.
            return self._refuse(fault.reason, b"" if fault.reason == NOT_ASKED else source)
        self.results[position.identity] = position.result
        self.odd_offsets += not position.usual_offset
        times = (position.row.time,) if position.row.located else ()
        return Frame(source, position.identity, position.result, times, b"", live=False)

    def _check(self, position: Position, now: float) -> None:
        """A number that was asked for, and no time of the future.

        Raises:
            PeerFault: ``mlp_not_asked``, ``future_time``.
        """
        if self._asked and position.identity not in self._asked:
            raise PeerFault(NOT_ASKED, "a position of a number that was not asked for")
        if position.row.time > now + AHEAD:
            raise PeerFault("future_time", "a place of the future")

    def _refuse(self, reason: str, raw: bytes) -> Refused:
        self._discarded[reason] += len(raw)
        return Refused(reason, raw)


def _declared_before(position: str, document: str) -> Mapping[str, str]:
    """Prefixes declared before the first position, thus around them all; and for what, in its quotes."""
    return dict(_DECLARATION.findall(document[: document.find(position)]))


def _by_itself(source: str, prefixes: Mapping[str, str]) -> str:
    """A position as it was written, with those prefixes declared that it uses and does not declare at its beginning."""
    name = _TAG_NAME.match(source)
    if name is None:
        return source
    own = _DECLARATION.findall(source[: source.find(">")])
    needed = sorted(set(_PREFIX.findall(source)) & prefixes.keys() - {prefix for prefix, _ in own})
    declared = "".join(f" xmlns:{prefix}={prefixes[prefix]}" for prefix in needed)
    return f"{name[0]}{declared}{source[name.end() :]}"


def _reread(source: bytes, position: Position, reading: Reading) -> None:
    """What is journaled is the position alone: it must say the same without the document it stood in.

    Raises:
        PeerFault: it does not.
    """
    (alone,) = read_answer(source).positions
    if repr(read_position(alone, reading)) != repr(position):
        raise PeerFault("bad_xml", "the position cannot be read without the document around it")
