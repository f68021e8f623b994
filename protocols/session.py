"""What a wire session is: bytes and the time in; frames, logins and refusals out; answers to give back later.

A session never writes by itself. Each :class:`Frame` carries the answer it is due, which the shell writes only after
the commit that holds the frame; a :class:`Login` is decided by intake and turned into an answer by ``decide``.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Protocol, runtime_checkable

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray
    from pydantic import BaseModel

    from protocols.allowance import Verdict
    from protocols.order import Order, OrderForm, Reply, Sending
    from protocols.report import ReportBatch


class Delivery(Enum):
    """What a wire can promise: only what a class can promise is promised."""

    END_TO_END = "end-to-end"
    BROKER = "broker"
    NONE = "none"
    REQUEST_ANSWER = "request-answer"
    """We ask: what is lost is asked for again."""


class Step(Enum):
    """The steps of a login; IDENTIFY: a wire on which a device says who it is and has nothing to prove it with."""

    REGISTER = "register"
    AUTHENTICATE = "authenticate"
    IDENTIFY = "identify"


class Decision(Enum):
    """Intake's word on a login or on a frame."""

    ACCEPTED = "accepted"
    UNKNOWN_DEVICE = "unknown_device"
    WRONG_CREDENTIAL = "wrong_credential"


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame whose framing and checksum are right (or tolerated), exactly as received.

    Attributes:
        raw: the bytes as on the wire, still escaped, with their flags.
        identity: the wire identity, normalised (digits without leading zeros).
        message: the wire's own message number.
        device_times: device time (UTC epoch seconds, NaN where invalid) of each report in the frame, in order; empty
            when the frame holds no report.
        answer: what the device is owed once the frame is durable; empty when nothing is due.
        checksum_ok: False only under ``checksum: warn``.
        length_ok: the declared length is the real one; a frame that lies about it is read by its flags.
        is_fragment: a part of a longer message: journaled singly, put together by the engine.
        replies: what the frame answers of the orders that went down.
        facts: what decoding needs to know of the session and the frame does not say, in the family's own words;
            journaled with the frame. Mostly empty, and the same from frame to frame.
        urgent: it carries SOS, or tamper of strap or case (:data:`protocols.report.URGENT`), in one of its reports: the
            flags that the family's ``decode`` finds. A fragment never is: what it is a part of shows when it is whole.
        live: its latest device time is of now by the device's own clock; False where the frame says that its reports
            come out of the device's memory, or somebody else tells them.
    """

    raw: bytes
    identity: str
    message: int
    device_times: tuple[float, ...]
    answer: bytes
    checksum_ok: bool = True
    length_ok: bool = True
    is_fragment: bool = False
    replies: tuple[Reply, ...] = ()
    facts: str = ""
    urgent: bool = False
    live: bool = True


Words = tuple[tuple[str, str], ...]
"""What a device says of itself: names and values."""


@dataclass(frozen=True, slots=True)
class Login:
    """A device says who it is. ``frame`` is the frame that carries it (its ``answer`` is empty: see ``decide``).

    Attributes:
        introduction: what it says of itself beside: ``maker``, ``model``, ``terminal``, as far as its wire has them.
    """

    step: Step
    credential: str
    frame: Frame
    introduction: Words = ()


@dataclass(frozen=True, slots=True)
class Refused:
    """Bytes that were not taken: counted under ``reason``; ``raw`` is kept, bounded, for a look.

    Attributes:
        reason: a short stable word, the name of the counter.
        raw: the bytes.
        answer: sent at once, nothing is stored: tells the device that what it sent can never be used. Mostly empty.
    """

    reason: str
    raw: bytes
    answer: bytes = b""


@dataclass(frozen=True, slots=True)
class Send:
    """Segments to write at once, one write each: a wish of the session itself (a fragment asked for, a modem's query).

    Nothing durable hangs on them. ``is_new``: they are numbered as they leave, where the session is :class:`Numbering`.
    """

    segments: tuple[bytes, ...]
    is_new: bool = False


Event = Frame | Login | Refused | Send


class WireSession(Protocol):
    """One connection's (or one datagram peer's) state machine."""

    @property
    def protocol(self) -> str:
        """Name of the family it speaks; empty while a shared port has not heard enough to tell."""
        ...

    def feed(self, data: bytes, now: float) -> list[Event]:
        """Take bytes in any split; return what became complete. Never raises, never keeps more than its cap."""
        ...

    def end_datagram(self, now: float) -> list[Event]:
        """What was fed so far was a whole datagram or message: what comes next does not continue it.

        An unfinished frame is refused as ``cut_datagram``. Everything else the session knows stays.
        """
        ...

    def decide(self, login: Login, decision: Decision, credential: str) -> bytes:
        """The answer to a login. ``credential`` is what a registered device shall present from now on."""
        ...

    def order(self, identity: str, order: Order) -> Sending:
        """An order's first message in this wire's words, numbered as the next of this session.

        Raises:
            OrderFault: the wire has no such order, an argument is wrong, or nothing is known of the identity here.
        """
        ...

    def tick(self, now: float) -> list[Event]:
        """What is due by time alone (a missing fragment to ask for, a modem's next query). Called every few seconds."""
        ...

    @property
    def is_waiting(self) -> bool:
        """Whether ``tick`` may have something to say before more is fed or ordered; else it need not be asked."""
        ...

    @property
    def discarded(self) -> Mapping[str, int]:
        """Bytes thrown away so far, by reason."""
        ...


@runtime_checkable
class Numbering(Protocol):
    """A session whose wire numbers what goes down.

    Answers carry the number 0 until they leave, so that numbers follow the order of writing. Orders are made when they
    may leave, with their numbers: answers to them name these.
    """

    def number(self, frame: bytes) -> bytes:
        """An answer or a new wish as it leaves: the next message of this session."""
        ...


@dataclass(frozen=True, slots=True)
class FrameBatch:
    """Frames as they come out of the journal: one flat uint8 array and where each frame stands in it.

    Attributes:
        payload: uint8 (bytes,), the frames, still escaped; other bytes may stand between them.
        start, length: int64 (n,).
        profile: names of the profiles in use; ``profile_index`` int64 (n,) points into it.
        facts: session facts beside each of ``profile`` (:attr:`Frame.facts`); empty: none anywhere.
    """

    payload: NDArray[np.uint8]
    start: NDArray[np.int64]
    length: NDArray[np.int64]
    profile: tuple[str, ...]
    profile_index: NDArray[np.int64]
    facts: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.start)

    @classmethod
    def of(cls, frames: Sequence[bytes], profile: str, facts: str = "") -> FrameBatch:
        """A batch of whole frames that share one profile and the facts of one session."""
        length = np.array([len(frame) for frame in frames], np.int64)
        start = np.cumsum(length) - length
        payload = np.frombuffer(b"".join(frames), np.uint8)
        return cls(payload, start, length, (profile,), np.zeros(len(frames), np.int64), (facts,))


@dataclass(frozen=True, slots=True)
class Part:
    """Which part of which message a fragment is: ``index`` runs from 1 to ``total``, ``key`` is the message's."""

    key: str
    index: int
    total: int


class Fragments(Protocol):
    """How a family's fragments become whole frames. Pure; never raises on journaled fragments."""

    def part(self, raw: bytes) -> Part:
        """Which part a journaled fragment is."""
        ...

    def join(self, parts: Sequence[bytes]) -> bytes:
        """One whole frame of all fragments in the order of their index."""
        ...

    def device_times(self, raw: bytes) -> tuple[float, ...]:
        """Device times of the reports in a joined frame, as in :class:`Frame`."""
        ...


class Family(Protocol):
    """A wire format: one folder, one line in ``protocols/registry.py``."""

    name: str
    delivery: Delivery
    signature: tuple[bytes, ...]
    """First bytes by which a port shared with other families knows this one; empty: only on a port of its own."""
    orders: Mapping[str, OrderForm]
    """The orders that can be given to devices on this wire."""
    fragments: Fragments | None
    """None: a message is never cut into several frames."""

    def allowance(self, order: Order) -> Verdict:
        """How grave an order is, whoever gives it; of a kind the wire does not have: maintenance. Never raises."""
        ...

    @property
    def profiles(self) -> Sequence[str]:
        """Names of the model profiles this family knows; the first is the default."""
        ...

    def session(self, profile: str, *, strict_checksum: bool = True, identity: str = "") -> WireSession:
        """A fresh session for one connection. ``identity``: who speaks, on wires whose frames do not say so."""
        ...

    def decode(self, frames: FrameBatch) -> ReportBatch:
        """All reports of a batch, as columns. Frames without reports give no rows. Never raises on journaled frames."""
        ...

    def keep(self, raw: bytes, kept: Sequence[bool]) -> bytes:
        """The frame with only the reports for which ``kept`` is true (the law allows no other to be stored)."""
        ...

    def describer(self, profile: str) -> Callable[[bytes, float], dict[str, object]]:
        """The same for one frame at a time as they come in: a function of (frame, now) with a session behind it."""
        ...

    def describe(self, lines: Sequence[bytes], profile: str) -> list[dict[str, object]]:
        """Human- and machine-readable account of whole frames run in order through one session (``decode``)."""
        ...


@dataclass(frozen=True, slots=True)
class Acquaintance:
    """What is known of a device that has said nothing yet.

    Attributes:
        profile: the model profile that its configuration names; empty: none of its own.
        facts: what an earlier session has found out (:attr:`Frame.facts`); empty: nothing.
    """

    profile: str = ""
    facts: str = ""


@runtime_checkable
class Acquainted(Family, Protocol):
    """A family whose sessions treat each device as what is known of it says, once its frame has said who it is."""

    def with_acquaintances(self, know: Callable[[str], Acquaintance | None]) -> Family:
        """The same family.

        Args:
            know: from a wire identity to what is known of it; None: there is no such device.
        """
        ...

    def must_authenticate(self, profile: str) -> bool:
        """Whether a device of a profile is not heard before it has authenticated, whatever its listener asks for."""
        ...


@runtime_checkable
class Identifying(Family, Protocol):
    """A family whose devices say once who they are, and prove it with nothing.

    A transport that knows who speaks is as good as such a login: sessions are given its ``identity`` and take frames.
    """

    def with_memory(self, recall: Callable[[str], str]) -> Family:
        """The same family, whose sessions begin with what an earlier one has found out of their device.

        Args:
            recall: from a wire identity to the last facts (:attr:`Frame.facts`); empty where there are none.
        """
        ...


@runtime_checkable
class Zoned(Family, Protocol):
    """A family whose wire prescribes the zone of its times; a model may show another."""

    zone_seconds: int
    """Seconds ahead of UTC that the wire prescribes, and ``decode`` reads."""

    def clock_zone(self, profile: str) -> float | None:
        """Seconds ahead of UTC that a model's clock shows; None: it is found out."""
        ...


@runtime_checkable
class Prepared(Protocol):
    """A family that is slow the first time: it compiles loops, or loads what was compiled."""

    def prepare(self) -> None:
        """Do it now."""
        ...


@runtime_checkable
class Profiled(Family, Protocol):
    """A family whose models are data, so that a customer can describe one in a file of his own."""

    profile_schema: type[BaseModel]
    """What such a file may say; it has a ``name``."""

    def with_profiles(self, added: Sequence[BaseModel]) -> Family:
        """The same family with a customer's profiles, checked against ``profile_schema``, beside its own.

        Raises:
            ProfileFault: one of them cannot stand beside the others.
        """
        ...
