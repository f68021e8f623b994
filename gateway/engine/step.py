"""The engine: ``step(state, entries) -> outcomes``, one ordered list of pure steps on columns.

Frames between two barriers (controls that change the rules of the game) form a run. A run is decoded at once and goes
in rounds: the k-th report of every group of devices in round k, so that what comes out does not depend on how the log
was cut.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from gateway.decoded import from_json
from gateway.engine.acts import apply_act
from gateway.engine.alarm_timers import keep, keep_all, keep_passed_over
from gateway.engine.arrival import arrange
from gateway.engine.attendance import watch_appointments
from gateway.engine.between import end_lost_pairs, watch_pairs
from gateway.engine.charge_duty import end_lost_chargings, watch_charging
from gateway.engine.closer import closer_wishes, keep_pace, standing
from gateway.engine.commands import end, give, watch_answers
from gateway.engine.conditions import hear_late
from gateway.engine.context import Context
from gateway.engine.controls import configure, rebase, start, stop
from gateway.engine.erased import hear_erasure
from gateway.engine.expiry import tell_changed, tell_due
from gateway.engine.faint import fade
from gateway.engine.fuse import project
from gateway.engine.given import look
from gateway.engine.hand_over import end_due, end_wearings
from gateway.engine.heard import no_towers, take_towers
from gateway.engine.ladder import climb
from gateway.engine.ladder import hear as hear_notice
from gateway.engine.lasting import add_silence, expire, follow_stretch, watch_lasting
from gateway.engine.late import due_groups, everyone, put_aside
from gateway.engine.ledger import At, Ledger
from gateway.engine.lifted import tell_late_leave
from gateway.engine.marks import passed
from gateway.engine.nights_out import watch_nights_out
from gateway.engine.outage import gather, hand_out
from gateway.engine.passes import attribute, judge_clock, place_round, place_stretch
from gateway.engine.phones import is_phone, watch_phones
from gateway.engine.presence_again import configured
from gateway.engine.records import Command, Ended
from gateway.engine.redecide import redecide
from gateway.engine.regroup import redrawn
from gateway.engine.reminders import remind
from gateway.engine.removal import tell_moved
from gateway.engine.reports import Reports, decode_run
from gateway.engine.role import Role
from gateway.engine.settled import forget
from gateway.engine.silence import fire, hear
from gateway.engine.skips import tell_skipped
from gateway.engine.still import end_lost_stills, watch_still
from gateway.engine.stretches import stretches, turns_of_run
from gateway.engine.taken_away import end_orphans, end_watches, lost_watches
from gateway.engine.timers import TIMERS
from gateway.engine.trial import raise_test
from gateway.errors import OurFault
from gateway.journal.controls import (
    Act,
    ClockStep,
    Configured,
    Erasing,
    NoticeTold,
    PaperAct,
    Reminder,
    Skipped,
    Start,
    TestAlarm,
    TowersNamed,
)
from gateway.journal.entries import EntryKind

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from numpy.typing import NDArray

    from gateway.engine.arrival import Arrival
    from gateway.engine.ledger import Outcome
    from gateway.engine.notice import NoticeRecord
    from gateway.engine.policy import Policy
    from gateway.engine.presence import Interval
    from gateway.engine.records import CommandRecord, Wished
    from gateway.engine.shelf import Observer, Policies, TowersByDigest
    from gateway.engine.signs import Sign
    from gateway.engine.state import EngineState
    from gateway.journal.entries import EntryBatch

BARRIER = np.zeros(256, np.bool_)
"""By entry kind: whether it changes the rules of the game."""
BARRIER[
    [
        EntryKind.START, EntryKind.STOP, EntryKind.CONFIGURATION, EntryKind.ACT, EntryKind.COMMAND, EntryKind.RESULT,
        EntryKind.SKIPPED, EntryKind.CLOCK, EntryKind.TOWERS, EntryKind.TEST,
        EntryKind.NOTICE, EntryKind.REMINDER, EntryKind.ERASURE, EntryKind.AUDIT,
        EntryKind.PAPER,
    ]
] = True  # fmt: skip

_PASSED = frozenset({EntryKind.AUDIT, EntryKind.PAPER})
"""Entries that say nothing of anybody's whereabouts."""


@dataclass(slots=True)
class Stepped:
    """What a step says: outcomes in log order, the result of each act by its identity, how commands stand now.

    ``presence``: in log order, what stands of whose duty from when on (``presence.Interval``).
    ``notices``: in order, how those to people stand that are new or stand otherwise now.
    ``wishes``: orders that would be given by itself, now; of an old stretch they mean nothing.
    ``papers``: in log order, what was done about sheets of the office, and when that was received.
    ``signs``: of an engine of a part, in log order, what it does not gather itself.
    """

    outcomes: list[Outcome] = field(default_factory=list)
    acts: dict[str, str] = field(default_factory=dict)
    commands: list[CommandRecord] = field(default_factory=list)
    presence: list[Interval] = field(default_factory=list)
    notices: list[NoticeRecord] = field(default_factory=list)
    wishes: list[Wished] = field(default_factory=list)
    papers: list[tuple[float, PaperAct]] = field(default_factory=list)
    signs: list[Sign] = field(default_factory=list)
    followed: int = 0
    """How many of the outcomes the ladders have followed."""

    def add(self, later: Stepped) -> None:
        """What a later step said, behind it."""
        self.outcomes += later.outcomes
        self.acts.update(later.acts)
        self.commands += later.commands
        self.presence += later.presence
        self.notices += later.notices
        self.wishes = later.wishes
        self.papers += later.papers
        self.signs += later.signs


def step(  # noqa: PLR0913  state, entries, and what they are judged by
    state: EngineState,
    entries: EntryBatch,
    policies: Policies,
    observer: Observer | None = None,
    *,
    first: int,
    skipped: Collection[int] = (),
    towers: TowersByDigest = no_towers,
) -> Stepped:
    """Apply entries. Changes ``state`` in place; after an exception it is of no use any more.

    Args:
        state: what the entries before ``first`` left; its history holds the reports of the entries before them.
        entries: in log order.
        policies: the compiled configurations.
        observer: told of every round.
        first: log offset of the first entry.
        skipped: offsets of entries that SKIPPED entries name: passed over.
        towers: what is known of cells, by version.

    Raises:
        OurFault: the entries do not follow what was applied.
    """
    stepped = Stepped()
    for _ in steps(state, entries, policies, stepped, observer, first=first, skipped=skipped, towers=towers):
        pass
    return stepped


def steps(  # noqa: PLR0913  as step, and where to say it
    state: EngineState,
    entries: EntryBatch,
    policies: Policies,
    stepped: Stepped,
    observer: Observer | None = None,
    *,
    first: int,
    skipped: Collection[int] = (),
    towers: TowersByDigest = no_towers,
) -> Iterator[None]:
    """As :func:`step`, into ``stepped``, giving way where a past is decided anew: that may take a second."""
    if first != state.offset:
        raise OurFault(f"entries from {first} on do not follow the {state.offset} that were applied")
    stepped.followed = len(stepped.outcomes)
    for begin, until, barrier in _runs(entries, first, skipped):
        if until > begin:
            run = entries.slice(begin, until)
            state.count("entry_erased", int((run.kind == EntryKind.ERASED).sum()))
            if state.digest:
                yield from _run(state, run, policies, stepped, observer, towers)
            else:
                state.count("entry_before_configuration", len(run))
            state.offset += len(run)
            state.now = max(state.now, float(run.received[-1]))
            _tell(state, policies, stepped, state.now)
        if barrier:
            yield from _barrier(state, entries, until, policies, stepped, is_skipped=first + until in skipped)
            _tell(state, policies, stepped, state.now)
    forget(state)
    if state.digest:
        stepped.wishes = standing(state, policies(state.digest), stepped.wishes)
    stepped.outcomes.sort(key=_in_log)
    stepped.presence.sort(key=lambda one: (one.order, one.watch))


def _tell(state: EngineState, policies: Policies, stepped: Stepped, now: float) -> None:
    """Ladders follow what the step has said since, in log order, and the time up to ``now`` (receive time)."""
    new = sorted(stepped.outcomes[stepped.followed :], key=_in_log)
    stepped.followed = len(stepped.outcomes)
    if state.digest:
        stepped.notices += climb(state, policies(state.digest), new, now)


def _in_log(outcome: Outcome) -> tuple[int, int, float, str, str]:
    return outcome.order


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
) -> Iterator[None]:
    received = float(entries.received[index])
    if entries.kind[index] in _PASSED:
        # Not even their time: one may come while nobody listens.
        if entries.kind[index] == EntryKind.PAPER and not is_skipped:
            stepped.papers.append((received, from_json(entries.bytes_of(index), PaperAct)))
        state.offset += 1
        return
    if is_skipped:
        _pass_over(state, entries, index, stepped)
    else:
        yield from _control(state, entries, index, policies, stepped)
    state.offset += 1
    is_set = entries.kind[index] == EntryKind.CLOCK and not is_skipped
    state.now = received if is_set else max(state.now, received)


def _pass_over(state: EngineState, entries: EntryBatch, index: int, stepped: Stepped) -> None:
    """An entry that the engine cannot stand: counted, and whoever waits for an act is told."""
    state.count("entry_skipped")
    if entries.kind[index] == EntryKind.ACT:
        with suppress(msgspec.MsgspecError):
            stepped.acts[from_json(entries.bytes_of(index), Act).id] = "not_processed"


def _control(
    state: EngineState, entries: EntryBatch, index: int, policies: Policies, stepped: Stepped
) -> Iterator[None]:  # fmt: skip
    kind, received = int(entries.kind[index]), float(entries.received[index])
    if kind == EntryKind.CLOCK:
        yield from _set_clock(state, entries.slice(index, index + 1), policies, stepped)
    elif state.digest and kind != EntryKind.START:
        yield from _run(state, entries.slice(index, index + 1), policies, stepped, None)
    if kind == EntryKind.START:
        start(state, received, from_json(entries.bytes_of(index), Start).engine)
    elif kind == EntryKind.STOP:
        stop(state)
    elif kind == EntryKind.CONFIGURATION:
        digest = from_json(entries.bytes_of(index), Configured).digest
        yield from _configure(state, entries.slice(index, index + 1), policies, digest, stepped)
    elif kind == EntryKind.TOWERS:
        take_towers(state, from_json(entries.bytes_of(index), TowersNamed).digest, received)
    elif state.digest and kind != EntryKind.CLOCK:
        ledger = Ledger(state, policies(state.digest))
        _on_ledger(ledger, kind, entries.bytes_of(index), At(state.offset, 1, received, ""), stepped)
        stepped.outcomes += ledger.outcomes


def _configure(
    state: EngineState, entry: EntryBatch, policies: Policies, digest: str, stepped: Stepped
) -> Iterator[None]:
    """A CONFIGURATION entry: what stands of the rules that it takes away ends, then the others come into force."""
    received, policy = float(entry.received[0]), policies(digest)
    before = policies(state.digest) if state.digest else None
    if before is not None:
        context = Context(
            state, before, entry, state.offset, decode_run(state, entry, before), Ledger(state, before),
            policies=policies,
        )  # fmt: skip
        yield from _decide_redrawn(context, policy, received)
        end_watches(context, lost_watches(before, policy), received, digest)
        end_orphans(context, policy, received, digest)
        stepped.outcomes += context.ledger.outcomes
    records, ledger = state.presence.records, Ledger(state, policy)
    configure(state, policy, digest, received, before)
    at = At(state.offset, 1, received, "")
    configured(ledger, before, records, at)
    tell_late_leave(ledger, at)
    keep_passed_over(ledger, received, state.offset)
    tell_moved(ledger, at)
    tell_changed(ledger, at)
    end_lost_pairs(ledger, at, digest)
    end_lost_stills(ledger, at, digest)
    end_lost_chargings(ledger, at, digest)
    stepped.outcomes += ledger.outcomes
    stepped.presence += ledger.presence


def _decide_redrawn(context: Context, policy: Policy, received: float) -> Iterator[None]:
    """Late reports of groups that a configuration draws otherwise wait no longer: they are decided before it."""
    waiting, devices = context.state.waiting, context.policy.devices
    due = {group: received for group in redrawn(context.policy, policy) if devices[group] in waiting}
    if due:
        keep(context, due)
        yield from redecide(context, due, dict.fromkeys(due, context.first))


def _set_clock(state: EngineState, entry: EntryBatch, policies: Policies, stepped: Stepped) -> Iterator[None]:
    """A CLOCK entry: timers that were due by the old time fire, then all go on by the new one, be it earlier."""
    clock = from_json(entry.bytes_of(0), ClockStep)
    if state.digest:
        yield from _run(state, replace(entry, received=np.array([clock.old])), policies, stepped, None)
        _tell(state, policies, stepped, clock.old)
    policy = policies(state.digest) if state.digest else None
    rebase(state, policy, clock)
    if policy is not None:
        ledger = Ledger(state, policy)
        keep_passed_over(ledger, clock.new, state.offset)
        stepped.outcomes += ledger.outcomes


def _on_ledger(ledger: Ledger, kind: int, payload: bytes, at: At, stepped: Stepped) -> None:
    """What officers do: an act on an alarm, an order to a device, how an order ended; and an entry passed over."""
    if kind == EntryKind.SKIPPED:
        tell_skipped(ledger, from_json(payload, Skipped), at)
    elif kind == EntryKind.ACT:
        act = from_json(payload, Act)
        stepped.acts[act.id] = apply_act(ledger, act, at)
    elif kind == EntryKind.NOTICE:
        stepped.notices += hear_notice(ledger, from_json(payload, NoticeTold), at)
    elif kind == EntryKind.REMINDER:
        stepped.notices += remind(ledger, from_json(payload, Reminder), at)
    elif kind == EntryKind.ERASURE:
        hear_erasure(ledger, from_json(payload, Erasing), at)
    elif kind == EntryKind.TEST:
        raise_test(ledger, from_json(payload, TestAlarm), at)
    elif kind == EntryKind.COMMAND:
        stepped.commands.append(give(ledger, from_json(payload, Command), at))
    else:
        stepped.commands += end(ledger, from_json(payload, Ended), at)


def run_reports(  # noqa: PLR0913, PLR0917  what a step has
    state: EngineState,
    run: EntryBatch,
    reports: Reports,
    policy: Policy,
    stepped: Stepped,
    observer: Observer | None = None,
    policies: Policies | None = None,
) -> None:
    """The ordered steps of a run, from decoded columns on (fixes from a table join here)."""
    for _ in _steps(
        Context(state, policy, run, state.offset, reports, Ledger(state, policy), observer, policies), stepped
    ):
        pass


def _run(
    state: EngineState, run: EntryBatch, policies: Policies, stepped: Stepped, observer: Observer | None,
    towers: TowersByDigest = no_towers,
) -> Iterator[None]:  # fmt: skip
    """One run of frames, sessions and ticks."""
    policy = policies(state.digest)
    reports = decode_run(state, run, policy, towers)
    ledger = Ledger(state, policy)
    yield from _steps(Context(state, policy, run, state.offset, reports, ledger, observer, policies), stepped)


def _steps(context: Context, stepped: Stepped) -> Iterator[None]:
    state, reports, policy = context.state, context.reports, context.policy
    context.leaning = None if policy.configuration.commands.closer is None else []
    context.seen = [] if policy.pairs.key else None
    reports.offset = context.first + reports.entry
    judge_clock(state, reports)
    attribute(state, reports, policy)
    project(reports, policy)
    arrival = arrange(context)
    for turns, plain in stretches(policy.group[reports.device], turns_of_run(context, arrival)):
        if len(turns):
            yield from _decide_due(context, reports.received[turns], policy.group[reports.device[turns]], turns)
            _turn(context, turns, arrival)
        if len(plain):
            _stretch(context, plain, arrival)
    watch_pairs(context)
    watch_appointments(context)
    watch_nights_out(context)
    watch_still(context)
    watch_charging(context)
    now = float(context.entries.received[-1])
    waiting = everyone(context)
    yield from _decide_due(context, np.full(len(waiting), now), waiting)
    if now >= state.rings:
        _look_at_all(context, now)
    if state.role is Role.PART:
        stepped.signs += hand_out(context)
    else:
        gather(context)
    # What began in this run cannot be due before that.
    state.rings = min(state.rings, float(context.entries.received[0]) + policy.soonest)
    stepped.outcomes += context.ledger.outcomes
    stepped.presence += context.ledger.presence
    stepped.wishes += closer_wishes(context)


def _look_at_all(context: Context, now: float) -> None:
    """Timers of everybody that are due, and when there can be one again."""
    state, policy = context.state, context.policy
    devices, watches = np.arange(len(policy.devices)), np.arange(len(policy.watches.key))
    keep_all(context, now)
    _watch_devices(context, np.full(len(devices), now), devices)
    keep_all(context, now)  # what has only now been raised
    end_wearings(context, np.full(len(watches), now), watches)
    tell_due(context, now)
    state.rings = min(due(state, policy) for due in TIMERS)


def _watch_devices(context: Context, until: NDArray[np.float64], devices: NDArray[np.int64]) -> None:
    """Timers of devices that are due at or before ``until`` (float64, one a device)."""
    look(context, until, devices, expire, fade, fire)
    for timer in (expire, fade, fire):
        timer(context, until, devices)


def _decide_due(
    context: Context, until: NDArray[np.float64], groups: NDArray[np.int64], rows: NDArray[np.int64] | None = None
) -> Iterator[None]:
    """Decide anew what is due, before ``rows`` (one a group) are taken, or at the run's end."""
    due = due_groups(context, until, groups)
    if due:
        keep(context, due)
        end = context.first + len(context.entries)
        offsets = [end] * len(groups) if rows is None else context.reports.offset[rows].tolist()
        yield from redecide(context, due, dict(zip(groups.tolist(), offsets, strict=True)))


def _stretch(context: Context, rows: NDArray[np.int64], arrival: Arrival) -> None:
    """Reports of bracelets that come in order and before which nothing can fall due: several a group."""
    hear(context, rows)
    timely = rows[arrival.timely[rows]]
    keep_pace(context, timely)
    place_stretch(context, timely)
    passed(context, timely)
    follow_stretch(context, timely)


def _turn(context: Context, rows: NDArray[np.int64], arrival: Arrival) -> None:
    """At most one report a group: timers, and what comes of it at once; the rest of what is late waits."""
    reports = context.reports
    # What the timers of a device quote is moved by the other devices of its group.
    groups = context.policy.group[reports.device[rows]]
    until = dict(zip(groups.tolist(), reports.received[rows].tolist(), strict=True))
    keep(context, until)
    devices, of = context.policy.groups.devices(groups)
    _watch_devices(context, reports.received[rows][of], devices)
    keep(context, until)  # what has only now been raised
    end_due(context, rows)
    phone = is_phone(context, rows)
    add_silence(context, rows[~phone])
    hear(context, rows[~phone])
    watch_phones(context, rows[phone])
    rows = rows[~arrival.repeated[rows]]
    timely, late = put_aside(context, rows, arrival)
    keep_pace(context, timely)
    taken = place_round(context, timely)
    hear_late(context, late)
    placed = rows[~reports.bare[rows] & (~is_phone(context, rows) | reports.located[rows])]
    watch_lasting(context, placed)
    watch_answers(context, placed)
    if context.observer is not None:
        context.observer(context, taken)
