"""The host's end of an Annex A line: packets in, frames out; keep-alive, orders and their repeats."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from protocols.annex_a.commands import (
    EDITION_2011,
    KEEP_ALIVE,
    answer_of,
    ask_of,
    is_own,
    keep_alive_data,
    key_of,
    reply_of,
    seconds_of,
)
from protocols.annex_a.packet import MAX_WIRE, Packet, read_packet, seal
from protocols.annex_a.payload import kept_data, report_of
from protocols.errors import OrderFault, PeerFault
from protocols.framing import RUBBISH, FlagDeframer, kind_of
from protocols.jt808.wire import FLAG, FLAG_BYTE
from protocols.order import Sending
from protocols.report import URGENT
from protocols.session import Frame, Refused, Send

if TYPE_CHECKING:
    from collections.abc import Mapping

    from protocols.annex_a.profiles import Profile
    from protocols.order import Order
    from protocols.session import Decision, Event, Login

_SILENT_AFTER = 3
"""Keep-alives without a word after which a device counts as gone: one lost packet is no unplugging."""
_REPEAT_SECONDS = 1.0


@dataclass(slots=True)
class _Pending:
    """An order without an answer: when it goes out again (NaN: from the next tick on), and how often yet."""

    segment: bytes
    due: float
    left: int


class Session:
    """One serial line; implements :class:`protocols.session.WireSession`.

    Args:
        profile: what device is on it.
        strict_checksum: refuse a wrong sum; otherwise such a packet is taken, marked.
        identity: whose device it is, for packets do not say so.
    """

    protocol = "annex_a"

    def __init__(self, profile: Profile, *, strict_checksum: bool, identity: str) -> None:
        self._profile = profile
        self._strict = strict_checksum
        self._identity = identity
        self._deframer = FlagDeframer(FLAG, MAX_WIRE)
        self._refused: Counter[str] = Counter()
        self._slave: Packet | None = None
        self._heard = 0.0
        self._keep_alive = profile.keep_alive_seconds
        self._probe_due = -math.inf
        self._pending: dict[int, _Pending] = {}

    @property
    def discarded(self) -> Mapping[str, int]:
        """Bytes thrown away so far, by reason."""
        return Counter(self._deframer.discarded) + self._refused

    def feed(self, data: bytes, now: float) -> list[Event]:
        """Take bytes in any split; every whole packet is a frame."""
        return [self._event(found, now) if isinstance(found, bytes) else found for found in self._deframer.feed(data)]

    @property
    def is_waiting(self) -> bool:
        """A sign of life is asked for at its time, whatever comes."""
        return True

    def tick(self, now: float) -> list[Event]:
        """Repeat what was not answered, ask for a sign of life (2011), give up a device that has gone silent."""
        out: list[Event] = []
        if self._slave is not None and abs(now - self._heard) > _SILENT_AFTER * self._keep_alive:
            self._slave = None
            self._pending.clear()
            out.append(Refused("slave_silent", b""))
        for command, pending in list(self._pending.items()):
            out += self._repeat(command, pending, now)
        return out + self._probe(now)

    def end_datagram(self, now: float) -> list[Event]:
        """What is unfinished is refused."""
        del now
        return list(self._deframer.cut())

    def decide(self, login: Login, decision: Decision, credential: str) -> bytes:
        """Nothing: the line has no login."""
        del login, decision, credential
        return b""

    def order(self, identity: str, order: Order) -> Sending:
        """An order as a packet to the device heard last; see :meth:`protocols.session.WireSession.order`."""
        ask, data = ask_of(order)
        if self._slave is None:
            raise OrderFault(f"{identity}: no device has spoken on this line within its keep-alive")
        segment = seal(replace(self._slave, command=ask.command, data=data))
        if ask.repeats:
            self._pending[ask.command] = _Pending(segment, math.nan, ask.repeats)
        return Sending((segment,), key_of(ask.command), key_of(ask.command))

    def _event(self, escaped: bytes, now: float) -> Event:
        raw = FLAG_BYTE + escaped + FLAG_BYTE
        try:
            packet, sound = self._read(escaped)
        except PeerFault as fault:
            kind = kind_of(escaped)
            reason = fault.reason if kind == RUBBISH else kind
            self._refused[reason] += len(raw)
            return Refused(reason, b"" if self._profile.payload == "modem" else raw)
        return self._frame(raw, packet, now, sound=sound)

    def _read(self, escaped: bytes) -> tuple[Packet, bool]:
        packet, sound = read_packet(escaped)
        if self._strict and not sound:
            raise PeerFault("bad_checksum", "the sum of maker to data is not the first byte")
        return packet, sound

    def _frame(self, raw: bytes, packet: Packet, now: float, *, sound: bool) -> Frame:
        self._slave, self._heard = packet, now
        self._pending.pop(packet.command, None)
        if packet.command == KEEP_ALIVE:
            self._keep_alive = seconds_of(packet.data, self._profile)
        report = None
        if is_own(packet.command, self._profile):
            kept = kept_data(packet.data, self._profile)
            raw = raw if kept == packet.data else seal(replace(packet, data=kept))
            report = report_of(kept, 0, self._profile)
        due = answer_of(packet.command, packet.data, self._profile)
        answer = b"" if due is None else seal(replace(packet, data=due))
        times = () if report is None else (math.nan,)
        replies = reply_of(packet.command, packet.data, self._profile)
        urgent = report is not None and bool(report.flags & URGENT)
        return Frame(raw, self._identity, packet.command, times, answer, sound, replies=replies, urgent=urgent)

    def _repeat(self, command: int, pending: _Pending, now: float) -> list[Event]:
        if math.isnan(pending.due):
            pending.due = now + _REPEAT_SECONDS
        if now < pending.due:
            return []
        if not pending.left:
            del self._pending[command]
            return []
        pending.left -= 1
        pending.due = now + _REPEAT_SECONDS
        return [Send((pending.segment,))]

    def _probe(self, now: float) -> list[Event]:
        """2011: the host asks; a device that has not spoken yet has no address to be asked by."""
        self._probe_due = min(self._probe_due, now + self._keep_alive)
        if self._profile.edition != EDITION_2011 or self._slave is None or now < self._probe_due:
            return []
        self._probe_due = now + self._keep_alive
        data = keep_alive_data(self._keep_alive)
        return [Send((seal(replace(self._slave, command=KEEP_ALIVE, data=data)),))]
