"""Orders to devices as the log tells them: given by a COMMAND entry, ended once by a RESULT entry.

The engine sends nothing. It keeps the orders that have not ended, says how each stands (for state.db), and makes an
alarm of a locating that nobody answered; the next located report of the device clears it.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from gateway.engine.ledger import Finding
from gateway.engine.whereabouts import last_known, place_of
from protocols.order import Order, Shape

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gateway.engine.context import Context
    from gateway.engine.ledger import At, Ledger

LOCATE = "locate"


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
UNANSWERED = frozenset({End.NO_ANSWER, End.EXPIRED})


class Command(msgspec.Struct, frozen=True):
    """Payload of a COMMAND entry: an order for one device.

    Attributes:
        id: 12 hexadecimal digits, minted by the daemon.
        device: key of the device.
        kind, values, shapes: the order, see :class:`protocols.order.Order`.
        by: who gave it: a staff number, where there is a table of staff.
        account: the account on this server that gave it; of root's or the daemon's own ``by`` is its word.
        reason, confirmed_by, confirmer: of maintenance: why, the second person, and that one's account.
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


def give(ledger: Ledger, command: Command, at: At) -> CommandRecord:
    """A COMMAND entry: the command stands until its result comes."""
    record = CommandRecord(command, at.time, at.offset)
    ledger.state.orders[command.id] = record
    return record


def end(ledger: Ledger, ended: Ended, at: At) -> list[CommandRecord]:
    """A RESULT entry: the command is over. A second result for the same command changes nothing."""
    record = ledger.state.orders.pop(ended.command, None)
    if record is None:
        ledger.state.count("result_without_command")
        return []
    if record.command.kind == LOCATE and ended.end in UNANSWERED:
        _raise(ledger, record, ended, at)
    return [msgspec.structs.replace(record, end=ended.end, text=ended.text, ended=at.time, ended_by=ended.by)]


def _raise(ledger: Ledger, record: CommandRecord, ended: Ended, at: At) -> None:
    """Nobody answered a locating: an alarm, where somebody wears the device under an authority."""
    policy, device = ledger.policy, record.command.device
    seat = policy.device_index.get(device, -1)
    if seat < 0:
        return
    moment = np.array([at.time])
    wearing = policy.wearing_at(np.array([seat]), moment)
    if not policy.lawful(wearing, moment)[0]:
        return
    person = policy.wearings[int(wearing[0])][1]
    if ledger.ongoing("locate_timeout", person, device) is not None:
        return
    ledger.state.unanswered[device] = ledger.raise_(
        Finding(
            kind="locate_timeout", device=device, person=person, onset=record.issued, evidence_time=at.time,
            opening=record.command.id.encode(), first_offset=record.offset,
            facts={"end": ended.end.value, **last_known(ledger.state, policy, int(wearing[0]))},
            **place_of(ledger.state, policy, int(wearing[0])),
        ),
        at,
    )  # fmt: skip


def watch_answers(context: Context, rows: NDArray[np.int64]) -> None:
    """Located reports of one round (at most one a device) clear the alarms of unanswered locatings."""
    waiting = context.state.unanswered
    if not waiting:
        return
    reports = context.reports
    for row in rows[reports.located[rows]].tolist():
        identity = waiting.get(context.device_key(row))
        episode = context.state.episodes.get(identity) if identity else None
        if episode is not None and reports.time[row] < episode.onset:
            continue
        waiting.pop(context.device_key(row), None)
        if episode is not None:
            context.ledger.clear(episode, float(reports.time[row]), context.at(row))
