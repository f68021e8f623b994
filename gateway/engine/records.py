"""Records that the state keeps and the store writes down: orders to devices, and messages of which parts have come."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

import msgspec

from gateway.journal.controls import Erasing
from protocols.order import Order, Shape

LOCATE, INTERVAL = "locate", "interval"
GATEWAY = "gateway"
"""Who gives the orders that the gateway gives by itself."""


class End(StrEnum):
    """How an order ended. The first four are the device's own words (:class:`protocols.order.Result`).

    NO_ANSWER: it was sent, or taken by the device, and nothing more came. EXPIRED: the device could not be reached in
    time. SENT: written to a wire that never answers. REFUSED: the device's wire, or the law, does not allow it.
    """

    DONE = "done"
    FAILED = "failed"
    MALFORMED = "malformed"
    UNSUPPORTED = "unsupported"
    NO_ANSWER = "no_answer"
    EXPIRED = "expired"
    SENT = "sent"
    REFUSED = "refused"
    CANCELLED = "cancelled"


WELL = frozenset({End.DONE, End.SENT})

ROLL_CALL = "roll_call "
"""How the reason of a locating begins that a roll call gave; its id follows."""
UNANSWERED = frozenset({End.NO_ANSWER, End.EXPIRED})


class Command(msgspec.Struct, frozen=True):
    """Payload of a COMMAND entry: an order for one device.

    Attributes:
        id: 12 hexadecimal digits, minted by the daemon.
        device: key of the device.
        kind, values, shapes: the order, see :class:`protocols.order.Order`.
        by: who gave it: a staff number, where there is a table of staff.
        account: the account on this server that gave it; of root's or the daemon's own ``by`` is its word.
        reason, confirmed_by, confirmer: of maintenance: why, the second person, and that one's account. Of what the
            gateway orders by itself (``by`` is GATEWAY) the reason is a :class:`Closeness`; of a roll call's locatings
            ROLL_CALL and its id.
        expires: UTC epoch seconds; never sent at or after it.
        zone: the zone of the configuration that its places are of; empty: none was named.
    """

    id: str
    device: str
    kind: str
    by: str
    expires: float
    values: dict[str, str] = {}
    shapes: tuple[Shape, ...] = ()
    zone: str = ""
    account: str = ""
    reason: str = ""
    confirmed_by: str = ""
    confirmer: str = ""

    @property
    def order(self) -> Order:
        """The order in the words of the wire formats."""
        return Order(self.kind, self.values, self.shapes)


class Ended(msgspec.Struct, frozen=True):
    """Payload of a RESULT entry: how a command ended, what the device said, and who cancelled it (else empty)."""

    command: str
    end: End
    text: str = ""
    by: str = ""


class CommandRecord(msgspec.Struct, frozen=True):
    """A command as it stands: a row of state.db. ``end`` is None and ``ended`` None while it has not ended.

    ``issued`` and ``ended`` are receive times of the two entries, ``offset`` is the COMMAND entry's.
    """

    command: Command
    issued: float
    offset: int
    end: End | None = None
    text: str = ""
    ended: float | None = None
    ended_by: str = ""


class Erased(msgspec.Struct):
    """That a person's places are erased by order.

    Attributes:
        order: as it was confirmed.
        at: when it was, receive time: of device times before it nothing of the person is kept any more.
        offset: of the entry that confirmed it.
        done: when nothing was stored of them any more, receive time; None: that is not so yet.
        counts: how much of what was erased.
    """

    order: Erasing
    at: float
    offset: int
    done: float | None = None
    counts: dict[str, int] = {}


class Closeness(StrEnum):
    """Why the gateway sets an interval by itself; the reason that its order names.

    CLOSER: evidence leans. USUAL: that has lasted its time.
    """

    CLOSER = "closer"
    USUAL = "usual"


@dataclass(frozen=True, slots=True)
class Wished:
    """An interval that the engine would have a device given: seconds between reports.

    ``expires``: seconds after which it is not wanted any more; ``since``: receive time at which it was wished.
    """

    device: str
    seconds: int
    expires: float
    reason: Closeness
    since: float = field(default=0.0, compare=False)


class Pace(msgspec.Struct):
    """How often a device has been told to report. Times are receive times, UTC epoch seconds.

    Attributes:
        officers: seconds that an officer's order set last; 0: none did.
        asked: when closer reports were asked for, in the last day.
        order: the command that asks for them, until the usual interval is put back; empty: none is in force.
        until: for how long that holds.
        usual: seconds to put back.
        tries, tried: how often that was ordered, and when last; 0: not yet.
    """

    officers: int = 0
    asked: list[float] = []
    order: str = ""
    until: float = 0.0
    usual: int = 0
    tries: int = 0
    tried: float = 0.0


class OpenSet(msgspec.Struct):
    """A message of which not all fragments have come.

    Attributes:
        device: its key.
        touched: receive time of the latest new fragment.
        parts: journaled frames by index.
    """

    device: str
    touched: float
    parts: dict[int, bytes] = {}

    @property
    def size(self) -> int:
        """Bytes held."""
        return sum(map(len, self.parts.values()))


@dataclass(slots=True)
class FragmentState:
    """What the engine holds of fragments.

    Attributes:
        open: incomplete messages by ``device/protocol/key``, the one longest without a new fragment first.
        joined: checksums of the fragments of messages joined lately, by the same key, oldest first.
        held: bytes in ``open`` by device.
    """

    open: dict[str, OpenSet] = field(default_factory=dict)
    joined: dict[str, list[int]] = field(default_factory=dict)
    held: dict[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, opened: dict[str, OpenSet], joined: dict[str, list[int]]) -> FragmentState:
        """From a snapshot."""
        state = cls(opened, joined)
        for one in opened.values():
            state.held[one.device] = state.held.get(one.device, 0) + one.size
        return state
