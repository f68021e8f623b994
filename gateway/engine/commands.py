"""Orders to devices as the log tells them: given by a COMMAND entry, ended once by a RESULT entry.

The engine sends nothing. It keeps the orders that have not ended, says how each stands (for state.db), and makes an
alarm of a locating that nobody answered; the next located report of the device clears it. Of a roll call's locatings
none: its list of who gave no answer is what is looked through and signed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import numpy as np

from gateway.engine.closer import note_ended, note_given
from gateway.engine.ledger import Finding
from gateway.engine.records import LOCATE, ROLL_CALL, UNANSWERED, Command, CommandRecord, Ended
from gateway.engine.whereabouts import last_known, place_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gateway.engine.context import Context
    from gateway.engine.ledger import At, Ledger


def give(ledger: Ledger, command: Command, at: At) -> CommandRecord:
    """A COMMAND entry: the command stands until its result comes."""
    record = CommandRecord(command, at.time, at.offset)
    ledger.state.commands[command.id] = record
    note_given(ledger.state, ledger.policy, command, at)
    return record


def end(ledger: Ledger, ended: Ended, at: At) -> list[CommandRecord]:
    """A RESULT entry: the command is over. A second result for the same command changes nothing."""
    record = ledger.state.commands.pop(ended.command, None)
    if record is None:
        ledger.state.count("result_without_command")
        return []
    note_ended(ledger.state, record.command, ended)
    if record.command.kind == LOCATE and ended.end in UNANSWERED:
        if record.command.reason.startswith(ROLL_CALL):
            ledger.state.count("roll_call_unanswered")
        else:
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
