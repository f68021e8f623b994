"""The engine: ``step(state, entries) -> outcomes``, one ordered list of pure steps on columns.

Frames between two barriers (controls that change the rules of the game) form a run. A run is decoded at once and goes
in rounds: the k-th report of every group of devices in round k, so that what comes out does not depend on how the log
was cut.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Protocol

import msgspec
import numpy as np

from gateway.clock_bounds import CLOCK_AHEAD, CLOCK_BEHIND
from gateway.engine.commands import end, give, watch_answers
from gateway.engine.conditions import watch_conditions
from gateway.engine.context import Context
from gateway.engine.controls import apply_act, configure, rebase, start, stop
from gateway.engine.curfew import watch_curfews
from gateway.engine.fuse import fuse, project
from gateway.engine.hand_over import end_wearings, watch_wearings
from gateway.engine.lasting import add_silence, expire, watch_lasting
from gateway.engine.ledger import At, Ledger
from gateway.engine.phones import is_phone, watch_phones
from gateway.engine.records import Command, Ended
from gateway.engine.reports import Reports, decode_run, tells_alone
from gateway.engine.silence import fire, hear
from gateway.engine.skips import tell_skipped
from gateway.engine.state import RECENT
from gateway.engine.weigh import weigh
from gateway.errors import OurFault
from gateway.journal.controls import Act, ClockStep, Configured, Skipped, Start
from gateway.journal.entries import EntryKind
from protocols.report import Source

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from numpy.typing import NDArray

    from gateway.engine.ledger import Outcome
    from gateway.engine.policy import Policy
    from gateway.engine.records import CommandRecord
    from gateway.engine.state import EngineState
    from gateway.journal.entries import EntryBatch

BARRIER = np.zeros(256, np.bool_)
"""By entry kind: whether it changes the rules of the game."""
BARRIER[
    [
        EntryKind.START, EntryKind.STOP, EntryKind.CONFIGURATION, EntryKind.ACT, EntryKind.COMMAND, EntryKind.RESULT,
        EntryKind.SKIPPED, EntryKind.CLOCK,
    ]
] = True  # fmt: skip
HAND_OVER = 86400.0
"""Seconds after a hand-over within which a stored report with a faulty clock belongs to nobody."""


class Policies(Protocol):
    """Gives the compiled configuration for a digest."""

    def __call__(self, digest: str) -> Policy:
        """The policy; compiled outside ``step``."""
        ...


class Observer(Protocol):
    """Told of every round's fused rows (track output, figures); must not change anything."""

    def __call__(self, context: Context, rows: NDArray[np.int64]) -> None:
        """Look."""
        ...


@dataclass(slots=True)
class Stepped:
    """What a step says: outcomes in log order, the result of each act by its identity, how commands stand now."""

    outcomes: list[Outcome] = field(default_factory=list)
    acts: dict[str, str] = field(default_factory=dict)
    commands: list[CommandRecord] = field(default_factory=list)

    def add(self, later: Stepped) -> None:
        """What a later step said, behind it."""
        self.outcomes += later.outcomes
        self.acts.update(later.acts)
        self.commands += later.commands


def step(
    state: EngineState,
    entries: EntryBatch,
    policies: Policies,
    observer: Observer | None = None,
    *,
    first: int,
    skipped: Collection[int] = (),
) -> Stepped:
    """Apply entries. Changes ``state`` in place; after an exception it is of no use any more.

    Args:
        state: what the entries before ``first`` left.
        entries: in log order.
        policies: the compiled configurations.
        observer: told of every round.
        first: log offset of the first entry.
        skipped: offsets of entries that SKIPPED entries name: passed over.

    Raises:
        OurFault: the entries do not follow what was applied.
    """
    if first != state.offset:
        raise OurFault(f"entries from {first} on do not follow the {state.offset} that were applied")
    stepped = Stepped()
    for begin, until, barrier in _runs(entries, first, skipped):
        if until > begin:
            run = entries.slice(begin, until)
            state.count("entry_erased", int((run.kind == EntryKind.ERASED).sum()))
            if state.digest:
                _run(state, run, policies(state.digest), stepped, observer)
            else:
                state.count("entry_before_configuration", len(run))
            state.offset += len(run)
            state.now = max(state.now, float(run.received[-1]))
        if barrier:
            _barrier(state, entries, until, policies, stepped, is_skipped=first + until in skipped)
    stepped.outcomes.sort(key=lambda outcome: outcome.order)
    return stepped


def _runs(entries: EntryBatch, offset: int, skipped: Collection[int]) -> Iterator[tuple[int, int, bool]]:
    """(first, until, whether a barrier, or an entry that is passed over, stands at until)."""
    barrier = BARRIER[entries.kind]
    here = [each - offset for each in skipped if 0 <= each - offset < len(entries)]
    if here:
        barrier = barrier.copy()
        barrier[here] = True
    first = 0
    for at in np.flatnonzero(barrier):
        yield first, int(at), True
        first = int(at) + 1
    if first < len(entries):
        yield first, len(entries), False


def _barrier(
    state: EngineState, entries: EntryBatch, index: int, policies: Policies, stepped: Stepped, *, is_skipped: bool
) -> None:
    received = float(entries.received[index])
    if is_skipped:
        _pass_over(state, entries, index, stepped)
    else:
        _control(state, entries, index, policies, stepped)
    state.offset += 1
    is_set = entries.kind[index] == EntryKind.CLOCK and not is_skipped
    state.now = received if is_set else max(state.now, received)


def _pass_over(state: EngineState, entries: EntryBatch, index: int, stepped: Stepped) -> None:
    """An entry that the engine cannot stand: counted, and whoever waits for an act is told."""
    state.count("entry_skipped")
    if entries.kind[index] == EntryKind.ACT:
        with suppress(msgspec.MsgspecError):
            stepped.acts[msgspec.json.decode(entries.bytes_of(index), type=Act).id] = "the gateway could not process it"


def _control(state: EngineState, entries: EntryBatch, index: int, policies: Policies, stepped: Stepped) -> None:
    kind, received = int(entries.kind[index]), float(entries.received[index])
    if kind == EntryKind.CLOCK:
        _set_clock(state, entries.slice(index, index + 1), policies, stepped)
    elif state.digest and kind != EntryKind.START:
        _run(state, entries.slice(index, index + 1), policies(state.digest), stepped, None)
    if kind == EntryKind.START:
        start(state, received, msgspec.json.decode(entries.bytes_of(index), type=Start).engine)
    elif kind == EntryKind.STOP:
        stop(state)
    elif kind == EntryKind.CONFIGURATION:
        digest = msgspec.json.decode(entries.bytes_of(index), type=Configured).digest
        configure(state, policies(digest), digest, received)
    elif state.digest and kind != EntryKind.CLOCK:
        ledger = Ledger(state, policies(state.digest))
        _on_ledger(ledger, kind, entries.bytes_of(index), At(state.offset, 1, received, ""), stepped)
        stepped.outcomes += ledger.outcomes


def _set_clock(state: EngineState, entry: EntryBatch, policies: Policies, stepped: Stepped) -> None:
    """A CLOCK entry: timers that were due by the old time fire, then all go on by the new one, be it earlier."""
    clock = msgspec.json.decode(entry.bytes_of(0), type=ClockStep)
    policy = policies(state.digest) if state.digest else None
    if policy is not None:
        _run(state, replace(entry, received=np.array([clock.old])), policy, stepped, None)
    rebase(state, policy, clock)


def _on_ledger(ledger: Ledger, kind: int, payload: bytes, at: At, stepped: Stepped) -> None:
    """What officers do: an act on an alarm, an order to a device, how an order ended; and an entry passed over."""
    if kind == EntryKind.SKIPPED:
        tell_skipped(ledger, msgspec.json.decode(payload, type=Skipped), at)
    elif kind == EntryKind.ACT:
        act = msgspec.json.decode(payload, type=Act)
        stepped.acts[act.id] = apply_act(ledger, act, at)
    elif kind == EntryKind.COMMAND:
        stepped.commands.append(give(ledger, msgspec.json.decode(payload, type=Command), at))
    else:
        stepped.commands += end(ledger, msgspec.json.decode(payload, type=Ended), at)


def _run(state: EngineState, run: EntryBatch, policy: Policy, stepped: Stepped, observer: Observer | None) -> None:
    """One run of frames, sessions and ticks."""
    reports = decode_run(state, run, policy)
    run_reports(state, run, reports, policy, stepped, observer)


def run_reports(
    state: EngineState,
    run: EntryBatch,
    reports: Reports,
    policy: Policy,
    stepped: Stepped,
    observer: Observer | None = None,
) -> None:
    """The ordered steps of a run, from decoded columns on (fixes from a table join here)."""
    context = Context(state, policy, run, state.offset, reports, Ledger(state, policy))
    judge_clock(state, reports)
    attribute(state, reports, policy)
    project(reports, policy)
    for rows in rounds(policy.group[reports.device]):
        _round(context, rows, observer)
    everyone = np.arange(len(policy.devices))
    expire(context, np.full(len(everyone), run.received[-1]), everyone)
    fire(context, np.full(len(everyone), run.received[-1]), everyone)
    every = np.arange(len(policy.watches.key))
    end_wearings(context, np.full(len(every), run.received[-1]), every)
    stepped.outcomes += context.ledger.outcomes


def _round(context: Context, rows: NDArray[np.int64], observer: Observer | None) -> None:
    """At most one report a device and a person: timers, repeats, track, zones, curfews, the device's own word."""
    reports, state = context.reports, context.state
    expire(context, reports.received[rows], reports.device[rows])
    fire(context, reports.received[rows], reports.device[rows])
    watch_wearings(context, rows)
    phone = is_phone(context, rows)
    add_silence(context, rows[~phone])
    hear(context, rows[~phone])
    watch_phones(context, rows[phone])
    alone = rows[tells_alone(reports, rows)]
    rows = drop_repeated(state, reports, rows[~phone | reports.located[rows]])
    timely = drop_late(context, rows)
    taken = fuse(state, reports, timely)
    weigh(context, taken)
    watch_curfews(context, timely[~is_phone(context, timely)], taken[~is_phone(context, taken)])
    watch_lasting(context, rows, taken)
    watch_conditions(context, np.concatenate([rows, alone]) if len(alone) else rows)
    watch_answers(context, rows)
    if observer is not None:
        observer(context, taken)


def rounds(group: NDArray[np.int64]) -> Iterator[NDArray[np.int64]]:
    """Row indices of round 0, 1, ...: the k-th row of every group in round k, rows ascending within a round."""
    count = len(group)
    if not count:
        return
    order = np.argsort(group, kind="stable")
    ordered = group[order]
    begins = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]]))
    length = np.diff(np.append(begins, count))
    rank = np.empty(count, np.int64)
    rank[order] = np.arange(count) - np.repeat(begins, length)
    by_rank = np.argsort(rank, kind="stable")
    edges = np.cumsum(np.bincount(rank))
    yield from np.split(by_rank, edges[:-1])


def judge_clock(state: EngineState, reports: Reports) -> None:
    """Device time, where it can be one; else the receive time, and the position is not used: nobody knows its age."""
    said = ~reports.bare & ~((reports.source == Source.PHONE) & ~reports.located)
    wrong = said & ~(
        (reports.time <= reports.received + CLOCK_AHEAD) & (reports.time >= reports.received - CLOCK_BEHIND)
    )
    reports.clock_fault |= wrong
    reports.impossible = wrong & ~np.isnan(reports.time)
    reports.time = np.where(wrong | ~said, reports.received, reports.time)
    reports.located &= ~wrong
    state.count("clock_fault", int(wrong.sum()))


def attribute(state: EngineState, reports: Reports, policy: Policy) -> None:
    """Whose report it is, at device time, and whether the law lets us look at it.

    Where the clock cannot be right it belongs to whoever wore the device when it came; but what the device had stored
    may be of another wearer shortly before, and then belongs to nobody.
    """
    wearing = policy.wearing_at(reports.device, reports.time)
    before = policy.wearing_at(reports.device, reports.time - HAND_OVER)
    unsure = reports.clock_fault & reports.stored & (before >= 0) & (wearing != before)
    lawful = policy.lawful(wearing, reports.time)
    state.count("report_unattributed", int((~reports.bare & ((wearing < 0) | unsure)).sum()))
    state.count("report_without_authority", int((~reports.bare & (wearing >= 0) & ~lawful).sum()))
    reports.wearing[:] = np.where(lawful & ~unsure, wearing, -1)


def drop_repeated(state: EngineState, reports: Reports, rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """Reports that were taken before (a lost answer makes the device send again); the others are remembered."""
    rows = rows[~reports.bare[rows]]
    bank, device, digest = state.device, reports.device[rows], reports.digest[rows]
    known = (bank["recent"][device] == digest[:, None]).any(axis=1)
    state.count("report_repeated", int(known.sum()))
    rows, device, digest = rows[~known], device[~known], digest[~known]
    bank["recent"][device, bank["recent_at"][device] % RECENT] = digest
    bank["recent_at"][device] += 1
    return rows


def drop_late(context: Context, rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """Reports older than what the wearer's track has seen are left out of it: counted, kept in the journal.

    A carrier's answer of the same time as the last is the same fix told again.
    """
    state, reports = context.state, context.reports
    rows = rows[reports.wearing[rows] >= 0]
    newest: NDArray[np.float64] = state.track["newest"]
    wearing = reports.wearing[rows]
    again = is_phone(context, rows) & (reports.time[rows] == newest[wearing])
    late: NDArray[np.bool_] = (reports.time[rows] < newest[wearing]) | again
    state.count("report_late", int(late.sum()))
    state.count("report_before_fence", int((late & (reports.time[rows] < state.fence)).sum()))
    newest[wearing[~late]] = reports.time[rows[~late]]
    return rows[~late]
