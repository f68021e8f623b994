"""A GT06 wire session: bytes in; frames, logins and refusals out. No socket, no clock."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from protocols.errors import OrderFault, PeerFault
from protocols.framing import TrailedDeframer, TrailedWire
from protocols.gt06.answers import ANSWERS
from protocols.gt06.messages import Due, message_of
from protocols.gt06.messages.login import IMEI_SIZE, imei_of, zone_of
from protocols.gt06.messages.text import SAID
from protocols.gt06.orders import reply_of, sending
from protocols.gt06.readings import is_urgent
from protocols.gt06.seats import seat_record
from protocols.gt06.wire import CAP, STARTS, TRAILER, is_sound, measure, open_frame
from protocols.gt06.zone import Age, Zone
from protocols.session import Decision, Frame, Login, Refused, Step
from protocols.turns import Seat

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from protocols.gt06.messages import Form, Message
    from protocols.gt06.profiles import Profile
    from protocols.gt06.wire import Envelope
    from protocols.order import Order, Reply, Sending
    from protocols.session import Event

WIRE = TrailedWire(STARTS, TRAILER, CAP, measure, is_sound)
PAUSE = 2.0
"""Seconds after which a sound frame inside one that is not complete is taken: sooner than the device repeats it."""
QUIET = 10.0
"""Seconds after which a frame whose stated end does not come is ended at its trailer."""
_AGES = {age.value: age for age in Age}


class Session:
    """One connection, or one datagram peer; implements :class:`protocols.session.WireSession`.

    Args:
        profile: whose forms, clock and orders.
        strict_checksum: refuse a wrong CRC. Otherwise such a frame is taken and marked.
        anonymous: take frames before a login too, for the account of single frames.
        identity: who speaks, where that is known before a login says so.
        recall: from an identity to the facts of the device's last session; empty: nothing is known.
    """

    protocol = "gt06"

    def __init__(
        self,
        profile: Profile,
        *,
        strict_checksum: bool = True,
        anonymous: bool = False,
        identity: str = "",
        recall: Callable[[str], str] = lambda _identity: "",
    ) -> None:
        self._profile = profile
        self._strict = strict_checksum
        self._anonymous = anonymous
        self._deframer = TrailedDeframer(WIRE)
        self._refused: Counter[str] = Counter()
        self._recall = recall
        self._presumed = identity
        self._identity = ""
        self._zone = self._zone_with(identity)
        self._began = self._heard = 0.0
        self._flag = 0
        self._serial = 0

    @property
    def discarded(self) -> Mapping[str, int]:
        """Bytes thrown away so far, by reason: rubbish between frames and refused frames."""
        return Counter(self._deframer.discarded) + self._refused

    def feed(self, data: bytes, now: float) -> list[Event]:
        """Take bytes in any split at ``now`` (UTC epoch seconds)."""
        self._heard = now
        self._began = self._began or now
        return self._events(self._deframer.feed(data), now)

    def end_datagram(self, now: float) -> list[Event]:
        """A frame that states more than the datagram holds ends with it."""
        return self._events(self._deframer.settle(), now)

    @property
    def is_waiting(self) -> bool:
        """Whether a frame is not complete."""
        return not self._deframer.is_at_rest

    def tick(self, now: float) -> list[Event]:
        """In a pause, a sound frame inside an unfinished one is taken; later, an unfinished one ends at its trailer."""
        quiet = abs(now - self._heard)
        if quiet >= QUIET:
            return self.end_datagram(now)
        return self._events(self._deframer.rescue(), now) if quiet >= PAUSE else []

    def decide(self, login: Login, decision: Decision, credential: str) -> bytes:
        """An acknowledgement for a known device; nothing for others: an answer would let them forget."""
        del credential
        if decision is not Decision.ACCEPTED:
            return b""
        return ANSWERS[Due.LOGIN](open_frame(login.frame.raw), b"", 0.0)

    def order(self, identity: str, order: Order) -> Sending:
        """An order as one frame; see :meth:`protocols.session.WireSession.order`."""
        if not identity or identity != (self._identity or self._presumed):
            raise OrderFault(f"{identity} has not logged in on this connection")
        # Flags begin with the session's time: an answer to an order of another session is not taken for one of this.
        flag = max(self._flag + 1, int(self._began)) & 0xFFFFFFFF
        made = sending(order, self._profile.orders, flag, self._profile.order_language, self._serial + 1 & 0xFFFF)
        self._flag, self._serial = flag, self._serial + 1 & 0xFFFF
        return made

    def claim(self, count: int) -> int:
        """No serial of ours is in an answer."""
        del count
        return 0

    def seat(self) -> Seat | None:
        """How the next frame is read, while the last one was whole and it is known who speaks."""
        identity = self._identity or self._presumed
        if not identity or not self._deframer.is_at_rest:
            return None
        return Seat(identity, self._zone.facts, seat_record(self._profile.seat, self._zone))

    def _events(self, found: list[bytes | Refused], now: float) -> list[Event]:
        return [self._event(frame, now) if isinstance(frame, bytes) else frame for frame in found]

    def _event(self, raw: bytes, now: float) -> Event:
        try:
            return self._read(raw, open_frame(raw), now)
        except PeerFault as fault:
            return self._refuse(fault.reason, raw)

    def _refuse(self, reason: str, raw: bytes, answer: bytes = b"") -> Refused:
        self._refused[reason] += len(raw)
        return Refused(reason, raw, answer)

    def _read(self, raw: bytes, envelope: Envelope, now: float) -> Event:
        if envelope.sound is False and self._strict:
            raise PeerFault("bad_checksum", "the CRC over length to serial is another")
        content, message = raw[envelope.start : envelope.end], message_of(envelope.message)
        if message.due is Due.LOGIN:
            return self._log_in(raw, envelope, content)
        form = self._profile.form_of(envelope.message, content)
        identity = self._identity or _named_inside(form, content) or self._presumed
        if not identity and not self._anonymous:
            raise PeerFault("before_login", "no login has said whose frame this is")
        answer = ANSWERS[message.due](envelope, content, now) if message.due in ANSWERS else b""
        if len(content) < message.least:
            # It can never be used, and a device unanswered would repeat it for ever.
            return self._refuse("malformed", raw, answer if envelope.sound else b"")
        times = () if form is None else (self._device_time(form, envelope.message, content, now),)
        return Frame(
            raw, identity, envelope.message & 0xFF, times, answer, envelope.sound is not False,
            envelope.length_ok is not False, replies=_replies(message, envelope.message, content),
            facts=self._zone.facts, urgent=form is not None and is_urgent(form, content, self._profile),
            live=form is not None and _age(form, content) is not Age.STORED,
        )  # fmt: skip

    def _device_time(self, form: Form, number: int, content: bytes, now: float) -> float:
        shown = form.time(content)
        if not self._profile.is_local(number):
            return shown
        if number & 0xFF not in SAID:
            # A time in words follows what positions have shown: a maker may write it in another zone.
            self._zone.heard(shown, now, _age(form, content))
        return shown - self._zone.ahead

    def _log_in(self, raw: bytes, envelope: Envelope, content: bytes) -> Login:
        identity = imei_of(content)
        if identity != (self._identity or self._presumed):
            self._zone = self._zone_with(identity)
        self._identity = identity
        self._zone.logged_in(zone_of(content) if envelope.length_ok else None)
        frame = Frame(
            raw, identity, envelope.message & 0xFF, (), b"", envelope.sound is not False,
            envelope.length_ok is not False, facts=self._zone.facts,
        )  # fmt: skip
        return Login(Step.IDENTIFY, "", frame)

    def _zone_with(self, identity: str) -> Zone:
        """The clock of a device as far as it is known."""
        return Zone(self._profile.time, self._profile.zone_seconds, self._recall(identity) if identity else "")


def _age(form: Form, content: bytes) -> Age:
    return Age.UNSAID if form.stored_at < 0 else _AGES.get(content[form.stored_at], Age.UNSAID)


def _named_inside(form: Form | None, content: bytes) -> str:
    """The IMEI that a few makers' positions carry; empty in all others."""
    at = -1 if form is None else form.imei_at
    return "" if at < 0 else imei_of(content[at : at + IMEI_SIZE])


def _replies(message: Message, number: int, content: bytes) -> tuple[Reply, ...]:
    read = SAID.get(number) or SAID.get(message.number)
    said = None if read is None else read(content)
    return () if said is None else (reply_of(said),)
