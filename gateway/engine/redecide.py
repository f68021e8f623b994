"""Step: the past of a group decided anew, once late reports have settled. The same passes, from a mark on.

The reports since the mark run through the passes in their order, on a state of their own (the bench); what they find is
held against what was said (``differ``), the difference is said, and the group's part of the bench takes the place of
the old one. Up to there nobody sees a half.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise, zip_longest
from typing import TYPE_CHECKING, Final

import numpy as np

from gateway.engine.blend import blended
from gateway.engine.context import Context
from gateway.engine.differ import match
from gateway.engine.families import FAMILIES
from gateway.engine.fuse import project
from gateway.engine.given import entered_at
from gateway.engine.groups import Lifted, lift, put, standing
from gateway.engine.hand_over import end_wearings
from gateway.engine.history import COLUMNS, joined, picked
from gateway.engine.ledger import Ledger
from gateway.engine.marks import HOUR, Mark, before, next_mark, passed
from gateway.engine.passes import attribute, place_round, place_stretch
from gateway.engine.presence_again import Retold
from gateway.engine.reports import Reports
from gateway.engine.revise import say
from gateway.engine.state import EngineState
from gateway.engine.stretches import stretches, turns_of_past
from gateway.engine.taken_away import end_watches, lost_of_group, watch_of
from gateway.engine.weigh import look_ahead

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from gateway.engine.episode import Change, Episode
    from gateway.engine.ledger import At
    from gateway.engine.policy import Policy
    from gateway.engine.presence import Interval
    from gateway.journal.entries import EntryBatch


AT_ONCE: Final = 4096
"""Reports whose columns are made at once."""
SAMPLED: Final = 64
"""Of a group's reports, one in so many tells how they lie in time."""
MARKED_AT_ONCE: Final = 64
"""Groups of which marks are made at once."""
PIECE: Final = 1024
"""Reports, some milliseconds, that go at once: who waits for an answer is served in between."""


@dataclass(slots=True)
class Recorder(Ledger):
    """A ledger that says nothing and forgets nothing: what the passes find."""

    def forget_resolved(self, episode: Episode) -> None:
        """It is still to be held against what was said."""

    def _say(self, change: Change, episode: Episode, at: At) -> None:
        del change, episode, at


@dataclass(frozen=True, slots=True)
class Epoch:
    """Since when, until when (device times) the zones and rules of which configuration are in force."""

    since: float
    ends: float
    digest: str


@dataclass(slots=True)
class Past:
    """One group that is decided anew.

    Attributes:
        group: by its first device.
        at: where in the log.
        mark: where from.
        rows: what came since then, in order (``history.PAST``).
        part: where its part of the state has got to, on ``bench``.
        marks: up to there; ``due``: from which order on the next one is.
        found: what the passes have found, by identity.
        watched: keys of the watches that any of the rules of then had.
        retold: what is found of presence.
    """

    group: int
    at: At
    mark: Mark
    rows: NDArray[np.void]
    bench: EngineState
    part: Lifted
    marks: list[Mark]
    due: float
    found: dict[str, Episode] = field(default_factory=dict)
    watched: set[tuple[str, str, str]] = field(default_factory=set)
    retold: Retold = field(default_factory=Retold)


def redecide(context: Context, due: Mapping[int, float], until: Mapping[int, int]) -> Iterator[None]:
    """Decide groups anew, all at once, and say the difference. Gives way between rounds.

    Args:
        context: of the run in which they are due.
        due: receive time, by group.
        until: by group, the log offset of the first entry that had not come then.
    """
    pasts: list[Past] = []
    for group in sorted(due):
        if past := _begin(context, group, due[group], until[group]):
            pasts.append(past)
        yield
    if not pasts:
        return
    epochs = _epochs(context.state)
    for epoch, following in zip_longest(epochs, epochs[1:]):
        # A mark of the very time of a configuration was made before it.
        mine = [past for past in pasts if past.mark.time <= epoch.ends]
        if mine:
            yield from _run(context, mine, epoch, following)
    said = _said(context.state)
    for past in pasts:
        _finish(context, past, said)
        yield
    expect_ends(context.state, context.policy, [past.group for past in pasts])


def _begin(context: Context, group: int, due: float, until: int) -> Past | None:
    state, key = context.state, context.policy.devices[group]
    waiting, marks = state.waiting.pop(key), state.marks.get(key, [])
    mark = before(marks, waiting.since) or (marks[0] if marks else None)
    if mark is None:
        state.count("report_too_late", waiting.rows)
        return None
    rows = context.past(group, max(mark.time, state.fence), np.inf, until)
    if waiting.since < mark.time:
        beyond = context.past(group, waiting.since, float(np.nextafter(mark.time, -np.inf)), until)
        state.count("report_too_late", int((beyond["received"] >= waiting.came).sum()))
    state.count("report_decided_again", len(rows))
    first = float(rows["order"][0]) if len(rows) else waiting.since
    return Past(
        group, context.due_at(due, key), mark, rows, state, mark.lifted,
        [each for each in marks if each.time <= mark.time], next_mark(max(mark.time, np.floor(first / HOUR) * HOUR)),
    )  # fmt: skip


def _epochs(state: EngineState) -> list[Epoch]:
    begins = [-np.inf, *(since for since, _ in state.epochs[1:]), np.inf]
    digests = [digest for _, digest in state.epochs] or [state.digest]
    return [Epoch(*within, digest) for within, digest in zip(pairwise(begins), digests, strict=True)]


def _policy(context: Context, epoch: Epoch) -> Policy:
    """The rules of then, the wearers and authorities of now."""
    if np.isinf(epoch.ends) or context.policies is None:
        return context.policy
    return blended(context.policies(epoch.digest), context.policy)


def _run(context: Context, pasts: Sequence[Past], epoch: Epoch, following: Epoch | None) -> Iterator[None]:
    """One stretch under one set of rules, on a bench of its own."""
    policy = _policy(context, epoch)
    epochs = [(-np.inf, ""), (epoch.since, epoch.digest)]
    bench = EngineState(
        closes=context.state.closes, fence=context.state.fence, epochs=epochs, paces=context.state.paces,
        leave=context.state.leave, bound=context.state.bound, entered=context.state.entered,
    )  # fmt: skip
    bench.seat(policy, policy.configuration.digest)
    ledger = Recorder(bench, policy)
    for past in pasts:
        bench.device["mark"][past.group] = past.due
        bench.marks[policy.devices[past.group]] = past.marks
        put(bench, policy, past.group, past.part, past.bench)
        _watch(bench, policy, past)
        past.retold.begin(ledger, past.group, past.part.rows["presence"][1], epoch.since, past.at)
        yield
    expect_ends(bench, policy, [past.group for past in pasts])
    bench.episodes = {episode.id: episode for held in bench.found.values() for episode in held.values()}
    rows = [_between(past.rows, epoch.since, epoch.ends) for past in pasts]
    again = out_of_history(ledger, rows[0][:0], context.entries, context.first)
    for portion in portions(rows):
        again = out_of_history(ledger, portion, context.entries, context.first)
        yield
        yield from _go_through(context, again)
    if following is None:
        watches = [policy.groups.seats["watch"].rows(past.group) for past in pasts]
        times = np.repeat([past.at.time for past in pasts], [len(watch) for watch in watches])
        end_wearings(again, times, np.concatenate(watches), -np.inf)
    else:
        after = _policy(context, following)
        lost = [lost_of_group(policy, after, past.group) for past in pasts]
        end_watches(again, np.concatenate(lost), epoch.ends, following.digest)
    _take_up(pasts, ledger)


def _between(rows: NDArray[np.void], since: float, until: float) -> NDArray[np.void]:
    """Of rows in their order those with since <= order < until."""
    return rows[slice(*rows["order"].searchsorted((since, until)))]


def portions(rows: Sequence[NDArray[np.void]]) -> Iterator[NDArray[np.void]]:
    """Rows (``history.PAST``) of several groups, each in its order, together and by order: some AT_ONCE at a time."""
    # Each from another one on: many report at the same times.
    sample = np.sort(np.concatenate([each["order"][at % SAMPLED :: SAMPLED] for at, each in enumerate(rows)]))
    edges = [-np.inf, *np.unique(sample[AT_ONCE // SAMPLED :: AT_ONCE // SAMPLED]).tolist(), np.inf]
    for since, until in pairwise(edges):
        portion = joined([_between(each, since, until) for each in rows])
        if len(portion):
            yield picked(portion, np.argsort(portion["order"], kind="stable"))


def _go_through(context: Context, again: Context) -> Iterator[None]:
    """Reports through the passes, in their order; who looks on is told of them all, for each may lie elsewhere now."""
    group = again.policy.group[again.reports.device]
    turns = turns_of_past(again.policy, again.reports) | (context.observer is not None)
    for all_turns, plain in stretches(group, turns):
        for turn in np.split(all_turns, range(MARKED_AT_ONCE, len(all_turns), MARKED_AT_ONCE)):
            taken = place_round(again, turn)
            if context.observer is not None:
                context.observer(again, taken)
            yield
        for piece in np.split(plain, range(PIECE, len(plain), PIECE)):
            place_stretch(again, piece)
            passed(again, piece)
            yield


def _watch(bench: EngineState, policy: Policy, past: Past) -> None:
    """Of what no rule of then watches, as by the wearers of now, nothing is found, and nothing taken back."""
    watched = {policy.watches.key[row] for row in policy.groups.seats["watch"].rows(past.group).tolist()}
    for episode in standing(bench, policy, past.group):
        if not _is_within(watched, episode):
            bench.fall(episode)
    past.watched |= watched


def _is_within(watched: Container[tuple[str, str, str]], episode: Episode) -> bool:
    key = watch_of(episode)
    return key is None or key in watched


def expect_ends(state: EngineState, policy: Policy, groups: Sequence[int]) -> None:
    """By these wearings, when what is seated of groups ends."""
    state.device["ends"][groups] = np.inf
    watch = np.concatenate([policy.groups.seats["watch"].rows(group) for group in groups])
    seen = state.watch["seen"][watch]
    look_ahead(state, policy, watch[~np.isnan(seen)], seen[~np.isnan(seen)])


def out_of_history(ledger: Recorder, rows: NDArray[np.void], entries: EntryBatch, first: int) -> Context:
    """Reports out of the history (``history.PAST``, devices by index of the ledger's policy), as if they came now.

    ``entries``, ``first``: of the run in which they are looked at.
    """
    bench, policy = ledger.state, ledger.policy
    count, columns = len(rows), {name: rows[name].copy() for name in COLUMNS}
    reports = Reports(
        entry=np.arange(count), served=np.zeros(count, np.int64),
        device=rows["device"].astype(np.int64), wearing=np.full(count, -1, np.int64),
        x=np.full(count, np.nan), y=np.full(count, np.nan), heard_x=np.full(count, np.nan),
        heard_y=np.full(count, np.nan), blend=np.full(count, np.nan),
        offset=rows["offset"].copy(), order=rows["order"].copy(),
        tie=rows["tie"].copy(), **columns,
    )  # fmt: skip
    attribute(bench, reports, policy)
    row = policy.fitted.lookup(reports.device, reports.time)
    reports.wearing[reports.received < entered_at(bench, policy, row)] = -1
    project(reports, policy)
    return Context(bench, policy, entries, first, reports, ledger)


def _take_up(pasts: Sequence[Past], ledger: Recorder) -> None:
    """Where groups have got to on a bench, and what was found there."""
    bench, policy = ledger.state, ledger.policy
    found: dict[int, dict[str, Episode]] = {}
    for one in bench.episodes.values():
        group = policy.groups.group_of(one, policy.device_index, policy.group)
        found.setdefault(group, {})[one.id] = one
    presence: dict[int, list[Interval]] = {}
    for each in ledger.presence:
        presence.setdefault(policy.groups.of_person[each.person], []).append(each)
    parts = lift(bench, policy, np.array([past.group for past in pasts]))
    for past, part in zip(pasts, parts, strict=True):
        past.found |= found.get(past.group, {})
        past.part, past.bench = part, bench
        past.marks = bench.marks[policy.devices[past.group]]
        past.due = float(bench.device["mark"][past.group])
        past.retold.found += presence.get(past.group, ())


def _said(state: EngineState) -> dict[str, list[Episode]]:
    """What was said of places and devices, by person or device."""
    said: dict[str, list[Episode]] = {}
    for one in (*state.settled.values(), *state.episodes.values()):
        if one.kind in FAMILIES:
            said.setdefault(one.person or one.device, []).append(one)
    return said


def _finish(context: Context, past: Past, known: Mapping[str, list[Episode]]) -> None:
    """Say the difference, and put the new state in the place of the old."""
    state, policy, key = context.state, context.policy, context.policy.devices[past.group]
    said = [
        one for name in policy.groups.names[past.group] for one in known.get(name, ())
        if _is_open_to(one, past.mark.time) and _is_within(past.watched, one)
    ]  # fmt: skip
    said.sort(key=lambda one: (one.decided, one.id))
    matched = match(said, past.found.values(), past.at.time)
    before = state.presence.records[policy.groups.seats["presence"].rows(past.group)]
    put(state, policy, past.group, past.part, past.bench)
    past.retold.say(context.ledger, past.group, before, past.mark, past.at)
    say(context.ledger, matched, past.at)
    state.marks[key] = past.marks
    state.device["mark"][past.group] = past.due
    state.device["closed"][past.group] = max(
        state.device["closed"][past.group], past.bench.device["closed"][past.group]
    )


def _is_open_to(one: Episode, since: float) -> bool:
    """Whether what was said of it may change by what is decided from ``since`` on."""
    return one.evidence is not None and (one.over is None or one.over >= since)
