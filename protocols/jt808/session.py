"""A JT/T 808 wire session: bytes in; frames, logins and refusals out. No socket, no clock."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from protocols.errors import OrderFault, PeerFault
from protocols.framing import RUBBISH, FlagDeframer, kind_of
from protocols.jt808.answers import ANSWERS, general_answer, has_serial, media_answer, numbered, register_answer
from protocols.jt808.arrivals import Arrival, Arrivals
from protocols.jt808.dialogue import Dialogue, ask_again, most_indices
from protocols.jt808.editions import Speaker, speaker_of
from protocols.jt808.header import EDITION_2019, ENCRYPTED, ONE_BYTE_SERIAL, Header, read_header
from protocols.jt808.identity import identity_of
from protocols.jt808.introduction import introduction_in
from protocols.jt808.manners import USUAL, Manners, nobody
from protocols.jt808.messages import MESSAGES, Due, Edition, message_of
from protocols.jt808.messages.general import FAILED, MALFORMED, OK
from protocols.jt808.messages.login import REGISTERED, UNKNOWN_TERMINAL, credential_in
from protocols.jt808.messages.media import MEDIUM_SIZE, MOST_MISSING
from protocols.jt808.replies import ANSWERING
from protocols.jt808.reports import LAYOUTS, device_times, is_stored
from protocols.jt808.seats import seat_record
from protocols.jt808.serials import Serials
from protocols.jt808.status import status_times
from protocols.jt808.wire import FLAG, FLAG_BYTE, MAX_WIRE, unescape, xor
from protocols.session import Decision, Frame, Login, Refused, Send, Step
from protocols.turns import Seat

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from protocols.jt808.arrivals import Arriving
    from protocols.jt808.reports import Layout
    from protocols.order import Order, Reply, Sending
    from protocols.session import Event

BAD_FRAGMENT, GIVEN_UP, RESEND_UNKNOWN = "bad_fragment", "fragment_given_up", "resend_unknown"
MOST_SPEAKERS = 64
"""Terminals on one session whose way of speaking is remembered."""
_REGISTER, _MEDIUM = 0x0100, 0x0801
_RESEND = frozenset({0x0005, 0x8003})
"""A terminal asks for fragments of ours: 0005 since 2019; 8003 sent up is taken for the same wish."""
_STEPS = {Due.REGISTER: Step.REGISTER, Due.AUTHENTICATE: Step.AUTHENTICATE}


class _Plan(NamedTuple):
    """What to do with a message: how its reports lie, which step of a login it is, how it is answered."""

    layout: Layout | None
    step: Step | None
    answer: Callable[[Header, bytes, Edition, float], bytes] | None
    is_answering: bool
    is_asking: bool


def _plan_of(number: int) -> _Plan:
    due = message_of(number).due
    return _Plan(LAYOUTS.get(number), _STEPS.get(due), ANSWERS.get(due), number in ANSWERING, number in _RESEND)


_PLANS = {number: _plan_of(number) for number in MESSAGES}
_FRAGMENT_ANSWERS = {Due.UNSUPPORTED: ANSWERS[Due.UNSUPPORTED]}
"""By what is due for the whole message; a fragment of every other is taken: 8001."""


class Session:
    """One connection, or one datagram peer.

    Implements :class:`protocols.session.WireSession` and :class:`protocols.session.Numbering`.

    Args:
        strict_checksum: refuse a wrong checksum. Otherwise such a frame is taken, marked, if its length is right.
        manners: how terminals are spoken to of which nothing else is known.
        know: from an identity to its own manners; None: there is no such terminal.
    """

    __slots__ = (
        "_address", "_arrivals", "_asides", "_deframer", "_dialogue", "_identity", "_know", "_manners", "_refused",
        "_serials", "_speakers", "_strict", "_version",
    )  # fmt: skip

    def __init__(
        self,
        *,
        strict_checksum: bool = True,
        manners: Manners = USUAL,
        know: Callable[[str], Manners | None] = nobody,
    ) -> None:
        self._strict = strict_checksum
        self._serials = Serials()
        self._deframer = FlagDeframer(FLAG, MAX_WIRE)
        self._refused: dict[str, int] = {}
        self._address = b""
        self._version = -1
        self._identity = ""
        self._manners = manners
        self._know = know
        self._speakers: dict[str, Speaker] = {}
        """The one longest silent stands first."""
        # Most sessions bring no fragment and hear no order.
        self._arrivals: Arrivals | None = None
        self._dialogue: Dialogue | None = None
        self._asides: list[Event] = []

    protocol = "jt808"

    def order(self, identity: str, order: Order) -> Sending:
        """An order's first message as frames, in the edition and with the address bytes of the device's latest frame.

        Raises:
            OrderFault: see :meth:`protocols.session.WireSession.order`.
        """
        speaker = self._speakers.get(identity)
        if speaker is None:
            raise OrderFault(f"{identity} has not spoken on this connection: its edition is not known yet")
        return self._orders().give(identity, speaker, order)

    def _orders(self) -> Dialogue:
        if self._dialogue is None:
            self._dialogue = Dialogue(self._serials.claim)
        return self._dialogue

    @property
    def is_waiting(self) -> bool:
        """Whether fragments are missing, or something was found that has not been told."""
        return bool(self._asides) or (self._arrivals is not None and self._arrivals.is_open)

    def tick(self, now: float) -> list[Event]:
        """Ask for fragments that should have come; say which messages are given up."""
        if self._arrivals is not None:
            self._look_after(self._arrivals, now)
        events, self._asides = self._asides, []
        return events

    @property
    def discarded(self) -> Mapping[str, int]:
        """Bytes thrown away so far, by reason: rubbish between frames and refused frames."""
        return Counter(self._deframer.discarded) + Counter(self._refused)

    def feed(self, data: bytes, now: float) -> list[Event]:
        """Take bytes in any split at ``now`` (UTC epoch seconds, used only in answers that carry the time)."""
        events = [self._event(found, now) if isinstance(found, bytes) else found for found in self._deframer.feed(data)]
        if self._asides:
            events += self._asides
            self._asides = []
        return events

    def end_datagram(self, now: float) -> list[Event]:
        """What is unfinished is refused."""
        del now
        return list(self._deframer.cut())

    def decide(self, login: Login, decision: Decision, credential: str) -> bytes:
        """8100 for a registration (0 and the code, or 4), 8001 for an authentication (0 or 1)."""
        to = read_header(unescape(login.frame.raw[1:-1]))
        accepted = decision is Decision.ACCEPTED
        if login.step is Step.REGISTER:
            result = REGISTERED if accepted else UNKNOWN_TERMINAL
            return register_answer(to, result, credential)
        return general_answer(to, OK if accepted else FAILED)

    def number(self, frame: bytes) -> bytes:
        """A frame with our next serial: 0, 1, 2 ..., wrapping at 65535."""
        return numbered(frame, self._serials.claim()) if has_serial(frame) else frame

    def claim(self, count: int) -> int:
        """The first of our next ``count`` serials; they are taken."""
        return self._serials.claim(count)

    def seat(self) -> Seat | None:
        """How the next frame is read, while the last one was whole and its terminal is known here."""
        speaker = self._speakers.get(self._identity) if self._deframer.is_at_rest else None
        if speaker is None or speaker.header.address != self._address:
            return None
        record = seat_record(self._address, self._version, speaker.manners)
        is_single = speaker.manners.habits.answers == "single"
        return None if record is None else Seat(self._identity, speaker.facts, record, is_single)

    def _event(self, escaped: bytes, now: float) -> Event:
        raw = FLAG_BYTE + escaped + FLAG_BYTE
        try:
            return self._read(raw, unescape(escaped), now)
        except PeerFault as fault:
            kind = kind_of(escaped)
            reason = fault.reason if kind == RUBBISH else kind
            return self._refuse(reason, raw)

    def _refuse(self, reason: str, raw: bytes, answer: bytes = b"") -> Refused:
        self._refused[reason] = self._refused.get(reason, 0) + len(raw)
        return Refused(reason, raw, answer)

    def _read(self, raw: bytes, content: bytes, now: float) -> Event:
        header = read_header(content)
        sound = xor(content) == 0
        if not sound and (self._strict or header.length != len(content) - header.size - 1):
            raise PeerFault("bad_checksum", "XOR over header, body and checksum is not 0")
        if header.attributes & ENCRYPTED and header.message not in ONE_BYTE_SERIAL:
            raise PeerFault("encrypted", "the body is encrypted and no key is agreed")
        body = content[header.size : -1]
        identity = self._who(header, body)
        if header.is_fragment:
            return self._fragment(raw, header, body, now, sound=sound)
        plan = _PLANS.get(header.message) or _plan_of(header.message)
        whole = header.length == len(body) or header.message in ONE_BYTE_SERIAL
        speaker = self._speakers[identity]
        try:
            times = _times(plan.layout, header.message, body, speaker.manners)
        except PeerFault as fault:
            return self._refuse(fault.reason, raw, self._malformed(plan, header) if sound and whole else b"")
        answer = self._answer(plan, header, body, now)
        replies = self._replies(identity, header, body) if plan.is_answering else ()
        if plan.is_asking:
            self._say_again(identity, header, body)
        is_2019 = header.attributes & EDITION_2019 > 0
        urgent = speaker.manners.urgency.of(header.message, plan.layout, body, is_2019)
        frame = Frame(
            raw, identity, header.message, times, answer, sound, whole,
            replies=replies, facts=speaker.facts, urgent=urgent,
            live=plan.layout is None or not is_stored(plan.layout, body),
        )  # fmt: skip
        if plan.step is None:
            return frame
        introduction = introduction_in(plan.step, body, speaker.edition)
        return Login(plan.step, _credential(plan.step, body, header), frame, introduction)

    def _answer(self, plan: _Plan, header: Header, body: bytes, now: float) -> bytes:
        speaker = self._speakers[self._identity]
        if plan.answer is None:
            return b""
        answer = plan.answer if _is_named(header, speaker.manners) else ANSWERS[Due.GENERAL]
        return answer(header, body, speaker.edition, now)

    def _fragment(self, raw: bytes, header: Header, body: bytes, now: float, *, sound: bool) -> Event:
        """A part of a longer message: answered by itself; what it may complete is read for answers to orders."""
        if not 1 <= header.fragment <= header.fragments:
            raise PeerFault(BAD_FRAGMENT, "the index of the fragment is not one of as many as there are")
        if self._arrivals is None:
            self._arrivals = Arrivals(ANSWERING.__contains__)
        arrival, arriving = self._arrivals.add(self._identity, header, body, now)
        self._look_after(self._arrivals, now)
        replies: tuple[Reply, ...] = ()
        if arrival is Arrival.COMPLETING and header.message in ANSWERING:
            joined = b"".join(arriving.parts[index] for index in range(1, header.fragments + 1))
            replies = self._replies(self._identity, header, joined)
        answer = self._fragment_answer(header, arrival, arriving)
        return Frame(
            raw, self._identity, header.message, (), answer, sound, header.length == len(body),
            is_fragment=True, replies=replies, facts=self._speakers[self._identity].facts,
        )  # fmt: skip

    def _fragment_answer(self, header: Header, arrival: Arrival, arriving: Arriving) -> bytes:
        """8001 for each, or once for all; 8800 for a medium that is complete. Answers of the terminal need none."""
        speaker = self._speakers[self._identity]
        is_medium = header.message == _MEDIUM and _is_named(header, speaker.manners)
        if is_medium and arrival is Arrival.COMPLETING and len(arriving.head) == MEDIUM_SIZE:
            return self._medium_answer(arriving, ())
        due = message_of(header.message).due
        if due is Due.NOTHING or (speaker.manners.habits.fragment_answers == "once" and arrival is Arrival.PART):
            return b""
        answer = _FRAGMENT_ANSWERS.get(due, ANSWERS[Due.GENERAL])
        return answer(header, b"", speaker.edition, 0.0)

    def _medium_answer(self, arriving: Arriving, missing: tuple[int, ...]) -> bytes:
        speaker = self._speakers.get(arriving.identity)
        in_2011 = speaker is not None and speaker.edition is Edition.E2011
        return media_answer(arriving.header, arriving.head, missing, in_2011=in_2011)

    def _manners_of(self, identity: str) -> Manners:
        speaker = self._speakers.get(identity)
        return self._manners if speaker is None else speaker.manners

    def _look_after(self, arrivals: Arrivals, now: float) -> None:
        """Ask once for what a message lacks, by 8800 for a medium; count what was given up."""
        for arriving in arrivals.due(now):
            self._asides.append(Send((self._asking(arriving),), is_new=True))
        self._asides += [self._refuse(GIVEN_UP, b"")] * arrivals.given_up
        arrivals.given_up = 0

    def _asking(self, arriving: Arriving) -> bytes:
        to = arriving.header
        is_medium = to.message == _MEDIUM and _is_named(to, self._manners_of(arriving.identity))
        if is_medium and len(arriving.head) == MEDIUM_SIZE:
            return self._medium_answer(arriving, arriving.missing(MOST_MISSING))
        first = (to.serial - to.fragment + 1) & 0xFFFF
        return ask_again(to, first, arriving.missing(most_indices(to)))

    def _replies(self, identity: str, header: Header, body: bytes) -> tuple[Reply, ...]:
        return self._orders().heard(identity, header.message, body, self._speakers[identity])

    def _say_again(self, identity: str, header: Header, body: bytes) -> None:
        """A terminal misses fragments of ours."""
        segments = self._orders().again(identity, body, wide=bool(header.attributes & EDITION_2019))
        self._asides.append(Send(segments) if segments else self._refuse(RESEND_UNKNOWN, b""))

    def _malformed(self, plan: _Plan, header: Header) -> bytes:
        """8001 result 2: such a report can never be used, and a device unanswered would resend it for ever."""
        return b"" if plan.answer is None else general_answer(header, MALFORMED)

    def _who(self, header: Header, body: bytes) -> str:
        # A connection mostly carries one device, which speaks one edition; a registration may tell more.
        if header.address != self._address or header.version != self._version or header.message == _REGISTER:
            self._address, self._version = header.address, header.version
            self._identity, manners = self._recognised(header.address)
            before = self._speakers.pop(self._identity, None)
            self._speakers[self._identity] = speaker_of(header, body, before, manners)
            if len(self._speakers) > MOST_SPEAKERS:
                del self._speakers[next(iter(self._speakers))]
        return self._identity

    def _recognised(self, address: bytes) -> tuple[str, Manners]:
        """Who speaks, and how to answer: a terminal that is known and writes its address as its own model does."""
        usual = self._manners.hexadecimal_imei
        for hexadecimal_imei in (usual, not usual):
            identity = identity_of(address, hexadecimal_imei=hexadecimal_imei)
            manners = self._know(identity)
            if manners is not None and manners.hexadecimal_imei is hexadecimal_imei:
                return identity, manners
        return identity_of(address, hexadecimal_imei=usual), self._manners


def _times(layout: Layout | None, message: int, body: bytes, manners: Manners) -> tuple[float, ...]:
    """Device time of each report.

    Raises:
        PeerFault: ``malformed``, see :func:`protocols.jt808.reports.device_times`.
    """
    return status_times(manners.bodies, message, body) if layout is None else device_times(layout, body)


def _is_named(header: Header, manners: Manners) -> bool:
    """Whether what is complete is answered by its own message: all but media of models that want 8001."""
    return header.message != _MEDIUM or manners.habits.media_answer == "8800"


def _credential(step: Step, body: bytes, header: Header) -> str:
    if step is Step.REGISTER:
        return ""
    return credential_in(body, Edition.E2019 if header.attributes & EDITION_2019 else Edition.E2013)
